//! What JavaScript calls in the worker.

use wasm_bindgen::prelude::wasm_bindgen;

/// The text of a code in a picture of this width, given as red, green, blue and opacity of each pixel.
#[wasm_bindgen(js_name = readCode)]
#[allow(unreachable_pub, reason = "JavaScript reaches it")]
pub fn read_code(pixels: &[u8], width: u32) -> Option<String> {
    medkey_scan::read_code(pixels, width as usize)
}
