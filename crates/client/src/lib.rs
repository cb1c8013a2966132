//! The journey of a record.
pub mod ports;
pub mod refusal;
