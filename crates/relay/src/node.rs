//! Questions to the chain's node. None waits for ever, and no error names the node's address, which may hold a key.

use std::{future::Future, time::Duration};

use alloy::{
    primitives::Bytes,
    providers::{ProviderBuilder, RootProvider},
    rpc::json_rpc::{ErrorPayload, RpcRecv, RpcSend},
    transports::{RpcError, TransportError, TransportErrorKind},
};
use reqwest::Url;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why the node did not answer a question.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NodeError {
    #[error("the chain's node does not answer in time")]
    Late,
    /// No connection was made, so it was not even asked.
    #[error("the chain's node cannot be reached: {0}")]
    Away(String),
    #[error("the chain's node does not answer as it should: {0}")]
    Nonsense(String),
    #[error("the chain's node says no: {0}")]
    Refuses(ErrorPayload),
}

impl From<TransportError> for NodeError {
    fn from(cause: TransportError) -> Self {
        match cause {
            RpcError::ErrorResp(answer) => Self::Refuses(answer),
            RpcError::Transport(TransportErrorKind::Custom(cause)) => match cause.downcast::<reqwest::Error>() {
                Ok(cause) if cause.is_connect() => Self::Away(cause.without_url().to_string()),
                Ok(cause) => Self::Nonsense(cause.without_url().to_string()),
                Err(cause) => Self::Nonsense(cause.to_string()),
            },
            cause => Self::Nonsense(cause.to_string()),
        }
    }
}

impl NodeError {
    /// What the contract reverted with, where it was the contract that said no.
    pub(crate) fn revert(&self) -> Option<Bytes> {
        match self {
            Self::Refuses(answer) if answer.message.contains("revert") => {
                Some(answer.as_revert_data().unwrap_or_default())
            }
            _ => None,
        }
    }

    /// Whether a call needs more gas than it was given. Nodes have no common code for this.
    pub(crate) fn is_out_of_gas(&self) -> bool {
        const TEXTS: [&str; 5] = ["outofgas", "oog", "intrinsicgas", "gasrequiredexceeds", "floordatagas"];
        let Self::Refuses(answer) = self else { return false };
        let text = answer.message.to_lowercase().replace(' ', "");
        TEXTS.iter().any(|known| text.contains(known))
    }
}

/// The chain's node.
pub(crate) struct Node {
    provider: RootProvider,
}

impl Node {
    pub(crate) fn new(rpc: Url) -> Self {
        Self { provider: ProviderBuilder::new().disable_recommended_fillers().connect_http(rpc) }
    }

    /// One question.
    pub(crate) async fn ask<T: RpcRecv>(&self, method: &'static str, params: impl RpcSend) -> Result<T, NodeError> {
        use alloy::providers::Provider;
        self.within(self.provider.raw_request(method.into(), params)).await
    }

    /// Several questions that the library asks.
    pub(crate) async fn look<T, Q>(&self, question: impl FnOnce(RootProvider) -> Q) -> Result<T, NodeError>
    where
        Q: Future<Output = Result<T, TransportError>>,
    {
        self.within(question(self.provider.clone())).await
    }

    async fn within<T>(&self, question: impl Future<Output = Result<T, TransportError>>) -> Result<T, NodeError> {
        Ok(tokio::time::timeout(PATIENCE, question).await.map_err(|_| NodeError::Late)??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> NodeError {
        NodeError::Refuses(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_revert_is_told_from_what_else_nodes_say() {
        let geth = refusal(r#"{"code":3,"message":"execution reverted: custom error","data":"0x01020304"}"#);
        assert_eq!(geth.revert().unwrap()[..], [1, 2, 3, 4]);
        let bare = refusal(r#"{"code":-32000,"message":"execution reverted"}"#);
        assert!(bare.revert().unwrap().is_empty());
        for (text, out_of_gas) in [
            ("out of gas", true),
            ("EVM error OutOfGas", true),
            ("EVM error ReentrancySentryOOG", true),
            ("intrinsic gas too low: have 21000, want 53000", true),
            ("Out of gas: gas required exceeds allowance: 100000", true),
            ("insufficient gas for floor data gas cost: gas 21000, minimum needed 22000", true),
            ("request rate exceeded", false),
        ] {
            let other = refusal(&format!(r#"{{"code":-32000,"message":"{text}"}}"#));
            assert!(other.revert().is_none(), "{text}");
            assert_eq!(other.is_out_of_gas(), out_of_gas, "{text}");
        }
    }

    #[tokio::test]
    async fn no_error_names_the_nodes_address() {
        let node = Node::new("http://someone:secret-key@127.0.0.1:1/secret-path".parse().unwrap());
        let cause = node.ask::<String>("eth_chainId", ()).await.unwrap_err();
        assert!(matches!(cause, NodeError::Away(_)), "{cause}");
        for text in [cause.to_string(), format!("{cause:?}")] {
            assert!(!text.contains("secret"), "{text}");
        }
    }
}
