//! The app, served with a policy that allows it and nothing else.

use std::fs;

use data_encoding::BASE64;
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::helpers::*;

const START: &str = "import init from '/app-0123456789abcdef.js'; init();";

fn build() -> TempDir {
    let page = TempDir::new().unwrap();
    let index = format!("<!doctype html><title>Medkey</title><script type=\"module\">{START}</script>");
    fs::write(page.path().join("index.html"), index).unwrap();
    fs::write(page.path().join("app-0123456789abcdef.js"), "export default () => {};\n".repeat(100)).unwrap();
    fs::write(page.path().join("app-0123456789abcdef_bg.wasm"), b"\0asm\x01\0\0\0".repeat(100)).unwrap();
    // What is fetched later has its name and no hash: asked for again each time, and not sent again if it is the same.
    fs::create_dir(page.path().join("pdfjs")).unwrap();
    fs::write(page.path().join("pdfjs/pdf.worker.min.mjs"), "export {};\n".repeat(100)).unwrap();
    fs::write(page.path().join("medkey-dicom_bg.wasm"), b"\0asm\x01\0\0\0").unwrap();
    page
}

#[tokio::test]
async fn the_app_comes_with_a_strict_policy() {
    let chain = Chain::start().await;
    let page = build();
    let relay = Relay::start_with(&chain, &chain.rpc.clone(), |config| {
        config.page = Some(page.path().to_owned());
        config.page_connect = vec!["http://127.0.0.1:8545".parse().unwrap()];
    })
    .await;
    let get = async |path: &str| relay.api.request(Method::GET, path, None).send().await.unwrap();

    let index = get("/").await;
    let policy = index.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let hash = BASE64.encode(&Sha256::digest(START));
    assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}'")), "{policy}");
    assert!(policy.contains("connect-src 'self' http://127.0.0.1:8545;"), "{policy}");
    assert!(policy.contains("style-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(index.headers()["cache-control"], "no-cache");
    assert_eq!(index.headers()["x-content-type-options"], "nosniff");
    let text = index.text().await.unwrap();

    // Every page of the app is the start page; its files are not.
    let deep = get("/records/0x1234").await;
    assert_eq!(deep.status(), StatusCode::OK);
    assert_eq!(deep.text().await.unwrap(), text);
    assert_eq!(get("/app-ffffffffffffffff.js").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(get("/v1/nothing").await.status(), StatusCode::NOT_FOUND);

    let wasm = get("/app-0123456789abcdef_bg.wasm").await;
    assert_eq!(wasm.headers()["content-type"], "application/wasm");
    assert_eq!(wasm.headers()["cache-control"], "public, max-age=31536000, immutable");
    for (path, kind) in
        [("/pdfjs/pdf.worker.min.mjs", "application/javascript"), ("/medkey-dicom_bg.wasm", "application/wasm")]
    {
        let later = get(path).await;
        assert_eq!(later.headers()["content-type"], kind);
        assert_eq!(later.headers()["cache-control"], "no-cache");
        // A worker is under the policy that it comes with.
        assert_eq!(later.headers()["content-security-policy"], policy.as_str());
        let known = later.headers()["last-modified"].clone();
        let again = relay.api.request(Method::GET, path, None).header("if-modified-since", known).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
    for encoding in ["br", "gzip"] {
        let request = relay.api.request(Method::GET, "/app-0123456789abcdef.js", None);
        let script = request.header("accept-encoding", encoding).send().await.unwrap();
        assert_eq!(script.headers()["content-encoding"], encoding);
    }
    relay.stop().await;
}
