//! The parts every page is made of.

pub mod avatar;
pub mod blank;
pub mod button;
pub mod chip;
pub mod choice;
pub mod code_fields;
pub mod dialog;
pub mod entry_frame;
pub mod field;
pub mod icon;
pub mod key_words;
pub mod long_list;
pub mod nav;
pub mod page_head;
pub mod person_row;
pub mod qr;
pub mod record_row;
pub mod seal;
pub mod sheet;
pub mod shell;
pub mod skeleton;
pub mod spark;
pub mod stepper;
pub mod table;
pub mod toast;
