//! Serves the built app, with a content security policy that allows it and nothing else.
//!
//! The build's start script is inline, so its hash goes into the policy. Paths that are no files are pages of the app.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64;
use reqwest::Url;
use sha2::{Digest, Sha256};
use tower_http::services::{ServeDir, ServeFile};

use crate::error::Error;

/// The page itself may ask for the camera, to scan codes; nothing that it might hold may, and it may ask for nothing else.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=()";

/// The app cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is no page.
    #[error("{} cannot be read: build the app first ({cause})", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The policy would not be a header.
    #[error("an address that the page may speak to is not written correctly")]
    Policy,
}

/// The built app.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    directory: PathBuf,
    policy: HeaderValue,
}

impl Page {
    /// Reads the start page of the app in `directory`; `connect` are the other addresses it may speak to.
    pub(crate) fn open(directory: &Path, connect: &[Url]) -> Result<Self, PageError> {
        let path = directory.join("index.html");
        let index = fs::read_to_string(&path).map_err(|cause| PageError::Missing { path, cause })?;
        let policy = policy(&index, connect).parse().map_err(|_| PageError::Policy)?;
        Ok(Self { directory: directory.to_owned(), policy })
    }

    /// Serves the app under every path that is nothing else.
    pub(crate) fn router(&self) -> Router {
        let index = ServeFile::new(self.directory.join("index.html"));
        let files = ServeDir::new(&self.directory).fallback(index);
        let policy = self.policy.clone();
        Router::new().fallback_service(files).layer(middleware::from_fn(move |request, next| {
            let policy = policy.clone();
            async move { serve(policy, request, next).await }
        }))
    }
}

async fn serve(policy: HeaderValue, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/v1/") || path.starts_with("/ipfs/") {
        return Error::NotFound.into_response();
    }
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut response = next.run(request).await;
    // A file of an older build: the start page in its place would be taken for a script.
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if name.contains('.') && is_page && !name.ends_with(".html") {
        return (StatusCode::NOT_FOUND, Error::NotFound).into_response();
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let caching = if is_hashed(&name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert("permissions-policy", HeaderValue::from_static(PERMISSIONS));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

/// Whether the build put a hash of the content into the file's name: `app-1f2e3d4c5b6a7980.js`.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '_', '.']).any(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn policy(index: &str, connect: &[Url]) -> String {
    let mut scripts = String::new();
    for script in inline_scripts(index) {
        scripts.push_str(&format!(" 'sha256-{}'", BASE64.encode(&Sha256::digest(script))));
    }
    let connect: String = connect.iter().map(|url| format!(" {}", url.origin().ascii_serialization())).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
         img-src 'self' blob: data:; font-src 'self'; connect-src 'self'{connect}; worker-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The texts of scripts that stand in the page itself.
fn inline_scripts(index: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = index;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start..];
        let Some(open) = rest.find('>') else { break };
        let Some(end) = rest.find("</script>") else { break };
        let (tag, text) = (&rest[..open], &rest[open + 1..end.max(open + 1)]);
        if !tag.contains(" src=") && !text.is_empty() {
            scripts.push(text);
        }
        rest = &rest[end + "</script>".len()..];
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_inline_script_by_its_hash() {
        let index = "<html><script type=\"module\">start()</script><script src=\"/a.js\"></script></html>";
        assert_eq!(inline_scripts(index), ["start()"]);
        let node: Url = "http://127.0.0.1:8545/".parse().unwrap();
        let policy = policy(index, &[node]);
        let hash = BASE64.encode(&Sha256::digest("start()"));
        assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}';")), "{policy}");
        assert!(policy.contains("connect-src 'self' http://127.0.0.1:8545;"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
    }

    #[test]
    fn only_hashed_files_are_kept_for_good() {
        assert!(is_hashed("medkey-app-1f2e3d4c5b6a7980_bg.wasm"));
        assert!(is_hashed("tokens-abcdef0123456789.css"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("favicon.svg"));
    }
}
