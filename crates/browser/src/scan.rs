//! QR codes, read from a camera and from pictures: by the browser's own detector where there is one, else by a worker of
//! the app's own. Nothing that was seen leaves the page.

use std::cell::RefCell;

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlVideoElement, ImageBitmap, MediaStream,
    MediaStreamConstraints, MediaStreamTrack, MediaTrackConstraints,
};
use zeroize::Zeroizing;

use crate::helper::{Helper, HelperError, set};

/// `crates/app/js`.
const SCAN: &str = "/scan.js";
/// The longest edge at which a frame of the camera is looked at: a code that fills a third of it is sharp enough.
const FRAME: f64 = 800.0;
/// The longest edges at which a picture is looked at, one after the other: noise goes as it is made smaller.
const PICTURE: [f64; 3] = [1600.0, 800.0, 400.0];
/// White around a picture: one that is cut close to the code is read too.
const MARGIN: f64 = 32.0;

/// Why no camera can be looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    /// The person or the browser said no.
    #[error("the browser does not let this page use the camera")]
    Refused,
    /// There is none.
    #[error("there is no camera here")]
    Absent,
    /// It is there and gives no picture.
    #[error("the camera gives no picture")]
    Busy,
}

impl CameraError {
    /// What `getUserMedia` throws.
    fn thrown(thrown: &JsValue) -> Self {
        let name = Reflect::get(thrown, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
        match name.as_str() {
            "NotAllowedError" | "SecurityError" => Self::Refused,
            "NotReadableError" | "AbortError" => Self::Busy,
            _ => Self::Absent,
        }
    }
}

/// Why nothing can be looked through for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// The file is no picture that the browser can draw.
    #[error("This file is no picture that can be looked at.")]
    NotAPicture,
    /// What reads codes could not be fetched.
    #[error("What reads codes could not be loaded. Check your connection, or paste the text of the code.")]
    Away,
}

#[wasm_bindgen]
extern "C" {
    #[derive(Debug)]
    type BarcodeDetector;

    #[wasm_bindgen(constructor, catch)]
    fn new(options: &JsValue) -> Result<BarcodeDetector, JsValue>;

    // Where there is no such class, this throws before there is a promise.
    #[wasm_bindgen(static_method_of = BarcodeDetector, catch, js_name = getSupportedFormats)]
    fn supported_formats() -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn detect(this: &BarcodeDetector, source: &JsValue) -> Result<Promise, JsValue>;
}

/// The browser's own detector, where it knows QR codes.
async fn detector() -> Option<BarcodeDetector> {
    let formats = JsFuture::from(BarcodeDetector::supported_formats().ok()?).await;
    let formats: Array = formats.ok()?.dyn_into().ok()?;
    let qr = JsValue::from_str("qr_code");
    if !formats.includes(&qr, 0) {
        return None;
    }
    let options = Object::new();
    Reflect::set(&options, &"formats".into(), &Array::of1(&qr)).ok()?;
    BarcodeDetector::new(&options).ok()
}

/// Looks at pictures, each drawn where nobody sees it.
#[derive(Debug)]
struct Reader {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    detector: Option<BarcodeDetector>,
    /// What reads where the browser does not, once it is needed.
    helper: RefCell<Option<Helper>>,
}

impl Reader {
    async fn new() -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
        let options = Object::new();
        Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
        let context = canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()?;
        Some(Self { canvas, context, detector: detector().await, helper: RefCell::default() })
    }

    /// The text of a code in what `draw` draws, given its edges and the place of its corner.
    async fn read(
        &self,
        (width, height): (f64, f64),
        most: f64,
        draw: impl FnOnce(&CanvasRenderingContext2d, f64, f64, f64) -> Result<(), JsValue>,
    ) -> Result<Option<Zeroizing<String>>, ScanError> {
        let part = (most / width.max(height)).min(1.0);
        let (width, height) = ((width * part).round().max(1.0), (height * part).round().max(1.0));
        let (all_width, all_height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
        self.canvas.set_width(all_width as u32);
        self.canvas.set_height(all_height as u32);
        self.context.set_fill_style_str("#fff");
        self.context.fill_rect(0.0, 0.0, all_width, all_height);
        if draw(&self.context, MARGIN, width, height).is_err() {
            return Ok(None);
        }
        if let Some(text) = self.detect().await {
            return Ok(Some(text));
        }
        let Ok(data) = self.context.get_image_data(0.0, 0.0, all_width, all_height) else { return Ok(None) };
        self.ask(&Zeroizing::new(data.data().0), all_width).await
    }

    /// Asks the worker. One that stumbled is not asked again; the next picture goes to a new one.
    async fn ask(&self, pixels: &[u8], width: f64) -> Result<Option<Zeroizing<String>>, ScanError> {
        let known = self.helper.take();
        let helper = match known {
            Some(helper) => helper,
            None => Helper::start(SCAN).map_err(|_| ScanError::Away)?,
        };
        let asked = Object::new();
        set(&asked, "pixels", &Uint8Array::from(pixels));
        set(&asked, "width", &width.into());
        match helper.ask(&asked, "text").await {
            Ok(text) => {
                self.helper.replace(Some(helper));
                Ok(text.as_string().filter(|text| !text.is_empty()).map(Zeroizing::new))
            }
            Err(HelperError::Damaged) => Ok(None),
            Err(HelperError::Away) => Err(ScanError::Away),
        }
    }

    async fn detect(&self) -> Option<Zeroizing<String>> {
        let found = JsFuture::from(self.detector.as_ref()?.detect(&self.canvas).ok()?).await;
        let found: Array = found.ok()?.dyn_into().ok()?;
        let text = |code: JsValue| Reflect::get(&code, &"rawValue".into()).ok()?.as_string();
        found.iter().filter_map(text).find(|text| !text.is_empty()).map(Zeroizing::new)
    }
}

/// A camera that is looked through. It stops on drop.
#[derive(Debug)]
pub struct Camera {
    stream: MediaStream,
    video: HtmlVideoElement,
    reader: Reader,
}

impl Camera {
    /// Asks for the camera, on a phone the one that looks away from the person, and shows it in `video`.
    pub async fn start(video: HtmlVideoElement) -> Result<Self, CameraError> {
        let window = web_sys::window().ok_or(CameraError::Absent)?;
        // Where a page is not secure, there is nothing to ask.
        let devices = window.navigator().media_devices().map_err(|_| CameraError::Absent)?;
        if devices.is_undefined() {
            return Err(CameraError::Absent);
        }
        let track = MediaTrackConstraints::new();
        track.set_facing_mode_str("environment");
        let wanted = MediaStreamConstraints::new();
        wanted.set_video_media_track_constraints(&track);
        let asked = devices.get_user_media_with_constraints(&wanted).map_err(|thrown| CameraError::thrown(&thrown))?;
        let stream = JsFuture::from(asked).await.map_err(|thrown| CameraError::thrown(&thrown))?;
        let stream: MediaStream = stream.unchecked_into();
        let Some(reader) = Reader::new().await else {
            stop(&stream);
            return Err(CameraError::Busy);
        };
        let camera = Self { stream, video, reader };
        camera.video.set_src_object(Some(&camera.stream));
        let playing = camera.video.play().map_err(|_| CameraError::Busy)?;
        JsFuture::from(playing).await.map_err(|_| CameraError::Busy)?;
        Ok(camera)
    }

    /// The text of a code that is seen now.
    pub async fn look(&self) -> Result<Option<Zeroizing<String>>, ScanError> {
        let edges = (f64::from(self.video.video_width()), f64::from(self.video.video_height()));
        if edges.0 < 1.0 || edges.1 < 1.0 {
            return Ok(None);
        }
        let draw = |context: &CanvasRenderingContext2d, at, width, height| {
            context.draw_image_with_html_video_element_and_dw_and_dh(&self.video, at, at, width, height)
        };
        self.reader.read(edges, FRAME, draw).await
    }
}

impl Camera {
    /// Stops it. Nothing is seen any more.
    pub fn stop(&self) {
        stop(&self.stream);
        self.video.set_src_object(None);
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.stop();
    }
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// The text of a code in a picture; `None` where none is seen.
pub async fn read_picture(file: &File) -> Result<Option<Zeroizing<String>>, ScanError> {
    let window = web_sys::window().ok_or(ScanError::NotAPicture)?;
    let blob: &Blob = file;
    let drawing = window.create_image_bitmap_with_blob(blob).map_err(|_| ScanError::NotAPicture)?;
    let picture: ImageBitmap = JsFuture::from(drawing).await.map_err(|_| ScanError::NotAPicture)?.unchecked_into();
    let reader = Reader::new().await.ok_or(ScanError::NotAPicture)?;
    let edges = (f64::from(picture.width()), f64::from(picture.height()));
    let mut found = Ok(None);
    for most in PICTURE {
        let draw = |context: &CanvasRenderingContext2d, at, width, height| {
            context.draw_image_with_image_bitmap_and_dw_and_dh(&picture, at, at, width, height)
        };
        found = reader.read(edges, most, draw).await;
        if found != Ok(None) {
            break;
        }
    }
    picture.close();
    found
}
