//! The whole journey against a local chain and the real relay, without a browser.
//!
//! - `people`: who takes part, and how they come in; `meddling`: what stands between them and the relay or the wallet;
//!   `authenticator`: a device with passkeys
//! - `story`: from registration to revocation; `sharing`: several at once; `files`: what is filed comes back; `vault`: in, out and in again;
//!   `passkeys`: the same with a passkey; `comparing`: words read aloud
//! - `devices`: two devices of one patient; `lies`: a relay that does; `mishaps`: wallets and connections that fail
//! - `offers`: a QR code that grants; `moves`: a chart goes on under another account
//! - `paying`: members sign, and the relay pays
//! - `treatment`: a patient asks, doctors answer; `writing`: several entries at once, and what they say
//! - `hospitals`: doctors who join and leave after something was shared with all of them
//! - `registrar`: the registrar's desk
//! - `notebook`: what a member notes for itself, on every device
//! - `reencrypting`: past records under new keys
//! - `listing`: long lists, opened once and read on
//! - `refiling`: records renamed, moved, replaced and removed; `folders`: a patient's own
//! - `about`: who one is, what one measures, and what is taken over from other documents
//! - `confirming`: checked by somebody else; `amending`: corrected by whoever wrote it
//! - `delivering`: many reports of a laboratory, none twice
//! - `endings`: grants that end by themselves; `heads`: every event folds to its chart's head; `live`: it is told at once

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]
#![allow(unreachable_pub, reason = "one binary of several files")]

mod about;
mod amending;
mod authenticator;
mod comparing;
mod confirming;
mod delivering;
mod devices;
mod endings;
mod files;
mod folders;
mod heads;
mod hospitals;
mod lies;
mod listing;
mod live;
mod meddling;
mod mishaps;
mod moves;
mod notebook;
mod offers;
mod passkeys;
mod paying;
mod people;
mod reencrypting;
mod refiling;
mod registrar;
mod sharing;
mod story;
mod treatment;
mod vault;
mod writing;
