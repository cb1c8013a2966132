//! HTTP to the relay.

use std::time::Duration;

use medkey_client::ports::{Answer, AnswerBody, Disconnected, Method, Request, Transport};
use reqwest::{Client, Response, header, redirect};

const PATIENCE: Duration = Duration::from_secs(10);

/// HTTP to one relay.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: Client,
    relay: String,
}

impl HttpTransport {
    /// `relay` is its origin, such as `http://127.0.0.1:8700`.
    pub fn new(relay: &str) -> Result<Self, Disconnected> {
        let client = Client::builder()
            .connect_timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|_| Disconnected)?;
        Ok(Self { client, relay: relay.trim_end_matches('/').to_owned() })
    }
}

impl Transport for HttpTransport {
    type Body = HttpBody;

    async fn send(&self, request: Request<'_>) -> Result<Answer<HttpBody>, Disconnected> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut sending = self
            .client
            .request(method, format!("{}{}", self.relay, request.path))
            .header(header::ACCEPT, request.media_type);
        if matches!(request.method, Method::Post | Method::Put) {
            sending = sending.header(header::CONTENT_TYPE, request.media_type).body(request.body.to_vec());
        }
        if let Some(token) = request.bearer {
            sending = sending.bearer_auth(token);
        }
        let response = sending.send().await.map_err(|_| Disconnected)?;
        Ok(Answer { status: response.status().as_u16(), body: HttpBody(response) })
    }
}

/// The body of an answer, as it arrives.
#[derive(Debug)]
pub struct HttpBody(Response);

impl AnswerBody for HttpBody {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Disconnected> {
        let piece = self.0.chunk().await.map_err(|_| Disconnected)?;
        Ok(piece.map(Vec::from))
    }
}
