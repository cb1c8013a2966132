//! The journey of a record.
pub mod ports;
