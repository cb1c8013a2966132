//! Blocks in a Kubo node, over its RPC.
//!
//! The node keeps what the relay gives it and speaks to nobody else, or only to the nodes of a private swarm:
//! `Addresses.Gateway`, `Addresses.Swarm` and `Bootstrap` empty, `Routing.Type` none, `Provide.Enabled` and
//! `AutoConf.Enabled` false, `Discovery.MDNS.Enabled` false, `daemon --offline`. `tests/store.rs` sets one up like
//! this and shows that a foreign peer gets nothing.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use medkey_protocol::{
    Link,
    ids::{self, Cid},
};
use reqwest::{
    Client, Response, Url,
    multipart::{Form, Part},
};
use serde::Deserialize;

use super::{Store, StoreError};

/// A Kubo node.
#[derive(Debug, Clone)]
pub struct Kubo {
    client: Client,
    rpc: Url,
}

#[derive(Deserialize)]
struct Put {
    #[serde(rename = "Key")]
    key: String,
}

#[derive(Deserialize)]
struct Removed {
    #[serde(rename = "Error", default)]
    error: String,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "Message")]
    message: String,
}

impl Kubo {
    /// The node whose RPC is at `rpc`, for example `http://127.0.0.1:5001`.
    pub fn new(rpc: Url) -> Result<Self, StoreError> {
        let client = Client::builder().timeout(Duration::from_secs(60)).no_proxy().build()?;
        Ok(Self { client, rpc })
    }

    async fn call(
        &self,
        path: &str,
        query: &[(&str, &str)],
        form: Option<Form>,
    ) -> Result<Result<Response, String>, StoreError> {
        let mut url = self.rpc.clone();
        url.set_path(&format!("/api/v0/{path}"));
        let mut request = self.client.post(url).query(query);
        if let Some(form) = form {
            request = request.multipart(form);
        }
        let answer = request.send().await?;
        if answer.status().is_success() {
            return Ok(Ok(answer));
        }
        let status = answer.status();
        let refusal = answer.json::<Refusal>().await;
        Ok(Err(refusal.map_or_else(|_| status.to_string(), |refusal| refusal.message)))
    }
}

impl Kubo {
    async fn is_pinned(&self, cid: &str) -> Result<bool, StoreError> {
        match self.call("pin/ls", &[("arg", cid), ("type", "direct")], None).await? {
            Ok(_) => Ok(true),
            Err(refusal) if is_unpinned(&refusal) => Ok(false),
            Err(refusal) => Err(StoreError::Kubo(refusal)),
        }
    }
}

#[async_trait]
impl Store for Kubo {
    async fn put(&self, link: Link, bytes: Bytes) -> Result<(), StoreError> {
        let codec = match link.codec() {
            ids::RAW => "raw",
            ids::DAG_PB => "dag-pb",
            _ => "dag-cbor",
        };
        let query = [("cid-codec", codec), ("mhtype", "sha2-256")];
        let form = Form::new().part("data", Part::stream(bytes).file_name("block"));
        let answer = match self.call("block/put", &query, Some(form)).await? {
            Ok(answer) => answer,
            Err(refusal) if refusal.contains("no space left") => return Err(StoreError::Full),
            Err(refusal) => return Err(StoreError::Kubo(refusal)),
        };
        let Put { key } = answer.json().await?;
        let cid = link.to_string();
        if key != cid {
            return Err(StoreError::Kubo(format!("{cid} was stored as {key}")));
        }
        // Every block is pinned by itself: a recursive pin would want what it links to, and hold on to that.
        let pinned = self.call("pin/add", &[("arg", &cid), ("recursive", "false")], None).await?;
        pinned.map(|_| ()).map_err(StoreError::Kubo)
    }

    async fn get(&self, link: Link) -> Result<Option<Bytes>, StoreError> {
        let cid = link.to_string();
        match self.call("block/get", &[("arg", &cid), ("offline", "true")], None).await? {
            Ok(answer) => {
                let bytes = answer.bytes().await?;
                if link.names(&bytes) { Ok(Some(bytes)) } else { Err(StoreError::Damaged(link)) }
            }
            Err(refusal) if is_missing(&refusal) => Ok(None),
            Err(refusal) => Err(StoreError::Kubo(refusal)),
        }
    }

    async fn delete(&self, link: Link) -> Result<(), StoreError> {
        let cid = link.to_string();
        match self.call("pin/rm", &[("arg", &cid)], None).await? {
            Err(refusal) if !is_unpinned(&refusal) => return Err(StoreError::Kubo(refusal)),
            _ => {}
        }
        // Kubo keeps bytes by their hash alone: the same bytes may be another block's under another codec.
        for codec in [ids::RAW, ids::DAG_PB, ids::DAG_CBOR] {
            let twin = Cid::new_v1(codec, *link.cid().hash()).to_string();
            if twin != cid && self.is_pinned(&twin).await? {
                return Ok(());
            }
        }
        match self.call("block/rm", &[("arg", &cid), ("force", "true")], None).await? {
            Ok(answer) => {
                // What it could not remove it says in the body of an answer that is otherwise good.
                let Removed { error } = answer.json().await?;
                if error.is_empty() { Ok(()) } else { Err(StoreError::Kubo(error)) }
            }
            Err(refusal) => Err(StoreError::Kubo(refusal)),
        }
    }
}

fn is_unpinned(refusal: &str) -> bool {
    refusal.contains("not pinned")
}

/// Kubo answers 500 with a sentence for a block it does not have.
fn is_missing(refusal: &str) -> bool {
    refusal.contains("could not find") || refusal.contains("not found")
}

impl From<reqwest::Error> for StoreError {
    fn from(cause: reqwest::Error) -> Self {
        Self::Kubo(cause.without_url().to_string())
    }
}
