//! What the worker tells the page about a file.

use serde::{Deserialize, Serialize};

/// All there is to know before a frame is drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Whose and of what.
    pub about: About,
    /// The header, in the order of the file.
    pub header: Vec<Header>,
    /// The image, if it can be shown.
    pub image: Option<Shape>,
    /// Why it cannot.
    pub refused: Option<String>,
}

/// Facts about the patient and the study, as texts; whatever is missing is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// `Amara Osei`.
    pub patient: Option<String>,
    /// `1971-05-04`.
    pub born: Option<String>,
    /// `2025-11-18`.
    pub studied: Option<String>,
    /// `CT`.
    pub modality: Option<String>,
    /// What the study is called.
    pub study: Option<String>,
    /// The part of the body.
    pub part: Option<String>,
    /// Where it was made.
    pub institution: Option<String>,
}

/// One element of the header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// How many sequences it lies in.
    pub depth: usize,
    /// `(0010,0010)`.
    pub tag: String,
    /// `Patient Name`.
    pub name: String,
    /// As text; of what is no text, its length.
    pub value: String,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Pixels from left to right.
    pub columns: u32,
    /// Pixels from top to bottom.
    pub rows: u32,
    /// How many images there are.
    pub frames: u32,
    /// Height of a pixel by its width.
    pub aspect: f64,
    /// How grey values are windowed; colours are not.
    pub grey: Option<Grey>,
}

/// What the window of a grey image can be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grey {
    /// The smallest value.
    pub low: f64,
    /// The largest value.
    pub high: f64,
    /// Windows by name; the first is the one to begin with.
    pub presets: Vec<Preset>,
}

/// A window by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// `Bone`.
    pub name: String,
    /// The value that becomes middle grey.
    pub centre: f64,
    /// How many values lie between black and white.
    pub width: f64,
}
