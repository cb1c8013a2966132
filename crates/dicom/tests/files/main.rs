//! Files as they come: good ones of every kind that is shown, and hostile ones.

#![allow(missing_docs, reason = "a test needs none")]

mod hostile;
mod make;
mod pictures;
mod vectors;
