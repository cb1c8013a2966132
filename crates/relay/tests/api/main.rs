//! The relay as others see it: the real service on a port of its own, a real chain, real transactions.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what fails here fails the test")]

mod access;
mod acts;
mod around_the_rule;
mod blocks;
mod crash;
mod helpers;
mod index;
mod moves;
mod notebook;
mod offers;
mod page;
mod reorganisation;
mod sign_in;
