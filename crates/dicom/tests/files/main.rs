//! Files as they come: good ones of every kind that is shown, and hostile ones.

#![allow(missing_docs, reason = "a test needs none")]
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod hostile;
mod make;
mod pictures;
mod vectors;
