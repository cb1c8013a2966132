//! Fetch, against a stand-in for `fetch` that notes what it is asked, and against real answers.

use medkey_browser::FetchTransport;
use medkey_client::ports::{AnswerBody, Disconnected, Method, Request, Transport};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::javascript::{get, run};

const CBOR: &str = "application/cbor";
/// Answers `one`, then `two` when it is pulled again, and never ends.
const STAND_IN: &str = "
    const real = window.fetch;
    window.fetch = async (url, init) => {
        window.fetch = real;
        window.asked = init;
        window.described = [init.method, url, init.credentials, init.redirect, init.referrerPolicy, init.cache,
            new Headers(init.headers).get('accept'), new Headers(init.headers).get('content-type'),
            new Headers(init.headers).get('authorization'), init.body && new TextDecoder().decode(init.body)].join();
        const pieces = ['one', 'two'];
        return new Response(new ReadableStream({
            pull(controller) {
                if (pieces.length) controller.enqueue(new TextEncoder().encode(pieces.shift()));
                else return new Promise(() => {});
            },
        }, { highWaterMark: 0 }), { status: 418 });
    };";

fn get_request(path: &str) -> Request<'_> {
    Request { method: Method::Get, path, media_type: CBOR, bearer: None, body: &[] }
}

fn asked(name: &str) -> wasm_bindgen::JsValue {
    get(&run("", "return window", &[]), name)
}

#[wasm_bindgen_test]
async fn a_request_is_sent_without_cookies_and_its_body_is_streamed() {
    run("", STAND_IN, &[]);
    let transport = FetchTransport::new("https://relay.example");
    let request = Request { method: Method::Put, bearer: Some("token"), body: b"body", ..get_request("/a?b=c") };
    let mut answer = transport.send(request).await.unwrap();
    let expected =
        format!("PUT,https://relay.example/a?b=c,omit,error,no-referrer,no-store,{CBOR},{CBOR},Bearer token,body");
    assert_eq!(asked("described"), expected.as_str());
    assert_eq!(answer.status, 418);
    assert_eq!(answer.body.next().await.unwrap().unwrap(), b"one");
    assert_eq!(answer.body.next().await.unwrap().unwrap(), b"two");

    let aborted = || get(&get(&asked("asked"), "signal"), "aborted");
    assert_eq!(aborted(), false);
    drop(answer);
    assert_eq!(aborted(), true);
}

#[wasm_bindgen_test]
async fn a_bare_request_names_no_session() {
    run("", STAND_IN, &[]);
    FetchTransport::same_origin().send(get_request("/d")).await.unwrap();
    assert_eq!(asked("described"), format!("GET,/d,omit,error,no-referrer,,{CBOR},,,").as_str());
}

#[wasm_bindgen_test]
async fn a_real_body_is_read_to_its_end() {
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|byte| byte as u8).collect();
    let url = medkey_browser::ObjectUrl::new(&bytes, CBOR).unwrap();
    let mut answer = FetchTransport::new(url.as_str()).send(get_request("")).await.unwrap();
    assert_eq!(answer.status, 200);
    let mut read = Vec::new();
    while let Some(piece) = answer.body.next().await.unwrap() {
        read.extend(piece);
    }
    assert!(read == bytes);
    assert_eq!(answer.body.next().await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn a_server_that_is_gone_is_a_lost_connection() {
    let nobody = FetchTransport::new("http://127.0.0.1:9");
    assert_eq!(nobody.send(get_request("/")).await.unwrap_err(), Disconnected);
}
