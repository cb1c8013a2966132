//! The pages: each a view over plain data, with callbacks for what is asked.

pub mod add_record;
pub mod ask_access;
pub mod asked;
pub mod chart;
pub mod deliver;
pub mod delivered;
pub mod home;
pub mod hospitals;
pub mod members;
pub mod patients;
pub mod people;
pub mod pick_person;
pub mod prescribe;
pub mod record;
pub mod records;
pub mod recover;
pub mod register;
pub mod requests;
pub mod settings;
pub mod share;
pub mod timeline;
pub mod today;
pub mod unlock;
pub mod verify;
pub mod welcome;
pub mod write_note;
