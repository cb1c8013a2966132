//! What draws PDF and DICOM: files of the app's own origin, fetched when the first such file is opened.

use js_sys::{Object, Uint8Array, Uint8ClampedArray};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, ImageData};

use crate::helper::{Helper, HelperError, set};

/// `crates/app/js`.
const PDF: &str = "/pdf.js";
const DICOM: &str = "/dicom.js";

/// Nothing can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ViewerError {
    /// The viewer could not be fetched.
    #[error("The viewer could not be loaded.")]
    Away,
    /// A password is needed.
    #[error("This PDF is locked with a password.")]
    Locked,
    /// The file is broken, or does something to its reader.
    #[error("The file is damaged.")]
    Damaged,
}

impl ViewerError {
    /// What `pdf.js` throws.
    fn thrown(thrown: &JsValue) -> Self {
        match thrown.as_string().as_deref() {
            Some("locked") => Self::Locked,
            Some("away") => Self::Away,
            _ => Self::Damaged,
        }
    }
}

impl From<HelperError> for ViewerError {
    fn from(error: HelperError) -> Self {
        match error {
            HelperError::Away => Self::Away,
            HelperError::Damaged => Self::Damaged,
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = import, catch)]
    async fn fetch_module(address: &str) -> Result<JsValue, JsValue>;

    type PdfModule;

    #[wasm_bindgen(method, catch, js_name = open)]
    async fn open_file(this: &PdfModule, bytes: Uint8Array) -> Result<JsValue, JsValue>;

    #[derive(Debug)]
    type PdfDocument;

    #[wasm_bindgen(method, getter)]
    fn pages(this: &PdfDocument) -> u32;

    #[wasm_bindgen(method, getter)]
    fn ratio(this: &PdfDocument) -> f64;

    #[wasm_bindgen(method, catch)]
    async fn draw(
        this: &PdfDocument,
        number: u32,
        holder: &HtmlElement,
        text: &HtmlElement,
        width: f64,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method)]
    fn close(this: &PdfDocument);
}

/// A PDF that is looked at. It closes on drop.
#[derive(Debug)]
pub struct Pdf(PdfDocument);

impl Pdf {
    /// Fetches the viewer, if it is not here yet, and opens a file.
    pub async fn open(bytes: &[u8]) -> Result<Self, ViewerError> {
        let module: PdfModule = fetch_module(PDF).await.map_err(|_| ViewerError::Away)?.unchecked_into();
        let opened = module.open_file(Uint8Array::from(bytes)).await;
        opened.map(|document| Self(document.unchecked_into())).map_err(|thrown| ViewerError::thrown(&thrown))
    }

    /// How many pages there are.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.0.pages()
    }

    /// Height of the first page by its width.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.0.ratio()
    }

    /// Draws a page, counted from 1, so wide. Says whether it is there: a newer drawing ends an older one.
    pub async fn draw(
        &self,
        number: u32,
        holder: &HtmlElement,
        text: &HtmlElement,
        width: f64,
    ) -> Result<bool, ViewerError> {
        let drawn = self.0.draw(number, holder, text, width).await;
        drawn.map(|drawn| drawn.is_truthy()).map_err(|thrown| ViewerError::thrown(&thrown))
    }
}

impl Drop for Pdf {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The worker that reads one DICOM file. It ends on drop.
#[derive(Debug)]
pub struct DicomWorker(Helper);

impl DicomWorker {
    /// Fetches the reader and hands it a file. Answers also with what the file says of itself, as JSON.
    pub async fn open(bytes: &[u8]) -> Result<(Self, String), ViewerError> {
        let this = Self(Helper::start(DICOM)?);
        let bytes = Uint8Array::from(bytes);
        let asked = Object::new();
        set(&asked, "bytes", &bytes);
        let told = this.0.ask(&asked, "told").await?.as_string().ok_or(ViewerError::Damaged)?;
        Ok((this, told))
    }

    /// Draws a frame through a window on a canvas of its size. One drawing at a time.
    pub async fn draw(
        &self,
        canvas: &HtmlCanvasElement,
        frame: u32,
        centre: f64,
        width: f64,
        inverted: bool,
    ) -> Result<(), ViewerError> {
        let asked = Object::new();
        set(&asked, "frame", &frame.into());
        set(&asked, "centre", &centre.into());
        set(&asked, "width", &width.into());
        set(&asked, "inverted", &inverted.into());
        let picture: Uint8Array = self.0.ask(&asked, "picture").await?.dyn_into().map_err(|_| ViewerError::Damaged)?;
        let painted = || -> Result<(), JsValue> {
            let pixels = Uint8ClampedArray::new(&picture.buffer());
            let data = ImageData::new_with_js_u8_clamped_array_and_sh(&pixels, canvas.width(), canvas.height())?;
            let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
            context.dyn_into::<CanvasRenderingContext2d>()?.put_image_data(&data, 0.0, 0.0)
        };
        painted().map_err(|_| ViewerError::Damaged)
    }
}
