//! Giving an opened file to the person: to look at, or to keep.

use std::time::Duration;

use js_sys::{Array, Uint8Array};
use medkey_client::ports::Clock;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::BrowserClock;

/// What a browser shows without running anything in it. All else is bytes to be saved: a page or drawing with
/// scripts would run as Medkey's own.
const SHOWN: [&str; 7] =
    ["application/pdf", "image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp"];
pub(crate) const BYTES: &str = "application/octet-stream";
/// Longer than any browser takes to begin a download; some ask the person first where to put it.
const UNTIL_SAVED: Duration = Duration::from_secs(600);

/// The browser could not take the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The browser could not take the file. It may be too large for the memory that is free.")]
pub struct SaveError;

impl From<JsValue> for SaveError {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// An address under which this page alone can show a file. It ends on drop.
#[derive(Debug)]
pub struct ObjectUrl(String);

impl ObjectUrl {
    /// The media type is kept only where the browser shows such a file without running anything in it.
    pub fn new(bytes: &[u8], media_type: &str) -> Result<Self, SaveError> {
        let kind = SHOWN.into_iter().find(|shown| shown.eq_ignore_ascii_case(media_type)).unwrap_or(BYTES);
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let parts = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
        Ok(Self(Url::create_object_url_with_blob(&blob)?))
    }

    /// For `src` and `href`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        Url::revoke_object_url(&self.0).ok();
    }
}

/// Starts a download of an opened file under the name it had.
pub fn save(bytes: &[u8], name: &str) -> Result<(), SaveError> {
    save_url(ObjectUrl::new(bytes, BYTES)?, name)
}

/// The same of bytes that the browser keeps.
pub(crate) fn save_blob(blob: &Blob, name: &str) -> Result<(), SaveError> {
    save_url(ObjectUrl(Url::create_object_url_with_blob(blob)?), name)
}

fn save_url(url: ObjectUrl, name: &str) -> Result<(), SaveError> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(SaveError)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into().map_err(|_| SaveError)?;
    anchor.set_href(url.as_str());
    anchor.set_download(name);
    anchor.click();
    spawn_local(async move {
        BrowserClock.wait(UNTIL_SAVED).await;
        drop(url);
    });
    Ok(())
}
