//! Reads DICOM files (PS3.5, PS3.10): what the header says, and the frames of the image as pixels.
//!
//! Files come from anywhere, so nothing they say about sizes is believed before it was compared with what is there.
//! [`Dicom::read`] goes over the data set once, without recursion; a frame is decoded when it is asked for. In the page
//! all of it runs in a worker, where no key is: a decoder that stumbles over a file takes only the worker with it.

mod file;
mod frame;
mod header;
mod image;
mod refused;
mod told;
mod window;

pub use file::Dicom;
pub use refused::Refused;
pub use told::{About, Grey, Header, Preset, Shape, Told};
pub use window::Window;
