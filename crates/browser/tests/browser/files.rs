//! Files in, files out.

use js_sys::{Array, Uint8Array};
use medkey_browser::{FileSource, ObjectUrl};
use medkey_client::ports::Source;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::File;

use crate::javascript::wait_for;

fn file(bytes: &[u8]) -> File {
    File::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)), "x-ray.dcm").unwrap()
}

/// Media type and text of what an address shows, or nothing.
async fn shown(url: &str) -> JsValue {
    const FETCH: &str = "return fetch(url).then(async (answer) =>
        [answer.headers.get('content-type'), await answer.text()].join(' '), () => null)";
    wait_for("url", FETCH, &[&url.into()]).await
}

#[wasm_bindgen_test]
async fn a_file_is_read_piece_by_piece() {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut source = FileSource::from(file(&bytes));
    assert_eq!(source.length(), 256);
    assert_eq!(source.read(100).await.unwrap(), bytes[..100]);
    assert_eq!(source.read(100).await.unwrap(), bytes[100..200]);
    assert_eq!(source.read(usize::MAX).await.unwrap(), bytes[200..]);
    assert_eq!(source.read(1).await.unwrap(), b"");
}

#[wasm_bindgen_test]
async fn an_object_url_ends_with_its_value() {
    let url = ObjectUrl::new(b"picture", "image/PNG").unwrap();
    let address = url.as_str().to_owned();
    assert_eq!(shown(&address).await, "image/png picture");
    drop(url);
    assert!(shown(&address).await.is_null());
}

#[wasm_bindgen_test]
async fn what_could_run_is_shown_as_bytes() {
    for kind in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", ""] {
        let url = ObjectUrl::new(b"<script>", kind).unwrap();
        assert_eq!(shown(url.as_str()).await, "application/octet-stream <script>", "{kind}");
    }
}

#[wasm_bindgen_test]
fn a_download_has_the_files_name() {
    const CATCH: &str = "window.downloads = [];
        window.catching = (event) => {
            event.preventDefault();
            window.downloads.push(event.target.download + ' ' + event.target.protocol);
        };
        HTMLAnchorElement.prototype.click = function () {
            this.addEventListener('click', window.catching, { once: true });
            this.dispatchEvent(new MouseEvent('click', { cancelable: true }));
        };";
    crate::javascript::run("", CATCH, &[]);
    medkey_browser::save(b"bytes", "report.pdf").unwrap();
    let downloads = crate::javascript::run("", "return window.downloads.join()", &[]);
    crate::javascript::run("", "delete HTMLAnchorElement.prototype.click", &[]);
    assert_eq!(downloads, "report.pdf blob:");
}
