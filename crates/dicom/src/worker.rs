//! What JavaScript calls in the worker.

use medkey_dicom::{Dicom, Refused, Told, Window};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};

/// The file that is looked at.
#[wasm_bindgen]
pub struct DicomFile {
    file: Option<Dicom>,
    refused: Option<Refused>,
}

#[wasm_bindgen]
impl DicomFile {
    /// Reads it. A file that cannot be read says so when it is asked about itself.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>) -> Self {
        match Dicom::read(bytes) {
            Ok(file) => Self { file: Some(file), refused: None },
            Err(refused) => Self { file: None, refused: Some(refused) },
        }
    }

    /// What there is to know about it, as JSON.
    pub fn told(&self) -> Result<String, JsError> {
        let told = match (&self.file, &self.refused) {
            (Some(file), _) => file.told(),
            (None, refused) => Told { refused: refused.as_ref().map(ToString::to_string), ..Told::default() },
        };
        Ok(serde_json::to_string(&told)?)
    }

    /// A frame through a window, as red, green, blue and opacity.
    pub fn picture(&mut self, frame: u32, centre: f64, width: f64, inverted: bool) -> Result<Vec<u8>, JsError> {
        let file = self.file.as_mut().ok_or(Refused::NotDicom)?;
        Ok(file.picture(frame, Window { centre, width, inverted })?)
    }
}
