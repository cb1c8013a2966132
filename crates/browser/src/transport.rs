//! Fetch, with bodies that arrive piece by piece.

use js_sys::{Reflect, Uint8Array};
use medkey_client::ports::{Answer, AnswerBody, Disconnected, Method, Request, Transport};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect, Response,
};

use crate::refused::Refused;

/// Fetch from one relay. Sends no cookies and no referrer, follows no redirection.
#[derive(Debug, Clone, Default)]
pub struct FetchTransport {
    relay: String,
}

impl FetchTransport {
    /// The relay that the page came from.
    #[must_use]
    pub fn same_origin() -> Self {
        Self::default()
    }

    /// A relay elsewhere, such as `https://relay.example`.
    #[must_use]
    pub fn new(relay: impl Into<String>) -> Self {
        Self { relay: relay.into() }
    }

    async fn fetch(&self, request: Request<'_>) -> Result<Answer<FetchBody>, Refused> {
        let abort = Abort(AbortController::new()?);
        let init = init(&request)?;
        init.set_signal(Some(&abort.0.signal()));
        let window = web_sys::window().ok_or(Refused)?;
        let fetching = window.fetch_with_str_and_init(&format!("{}{}", self.relay, request.path), &init);
        let response: Response = JsFuture::from(fetching).await?.dyn_into()?;
        let reader = response.body().map(|body| ReadableStreamDefaultReader::new(&body)).transpose()?;
        Ok(Answer { status: response.status(), body: FetchBody { reader, _abort: abort } })
    }
}

fn init(request: &Request<'_>) -> Result<RequestInit, Refused> {
    let headers = Headers::new()?;
    headers.set("Accept", request.media_type)?;
    let init = RequestInit::new();
    init.set_method(match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    });
    if matches!(request.method, Method::Post | Method::Put) {
        headers.set("Content-Type", request.media_type)?;
        init.set_body_opt_u8_array(Some(&Uint8Array::from(request.body)));
    }
    if let Some(token) = request.bearer {
        headers.set("Authorization", &format!("Bearer {token}"))?;
        // What a session is handed does not stay in the browser's cache.
        init.set_cache(RequestCache::NoStore);
    }
    init.set_headers_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    Ok(init)
}

impl Transport for FetchTransport {
    type Body = FetchBody;

    async fn send(&self, request: Request<'_>) -> Result<Answer<FetchBody>, Disconnected> {
        Ok(self.fetch(request).await?)
    }
}

/// Ends the request on drop, finished or not.
#[derive(Debug)]
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The body of an answer, as it arrives. Dropping it ends the request.
#[derive(Debug)]
pub struct FetchBody {
    reader: Option<ReadableStreamDefaultReader>,
    _abort: Abort,
}

impl AnswerBody for FetchBody {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Disconnected> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let read = JsFuture::from(reader.read()).await.map_err(|_| Disconnected)?;
        let value = Reflect::get(&read, &"value".into()).map_err(|_| Disconnected)?;
        if value.is_undefined() {
            self.reader = None;
            return Ok(None);
        }
        let piece: Uint8Array = value.dyn_into().map_err(|_| Disconnected)?;
        Ok(Some(piece.to_vec()))
    }
}
