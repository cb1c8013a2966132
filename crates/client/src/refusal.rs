//! What a wallet's or node's error means. Wallets agree on few codes and nest the node's own error in their own ways,
//! so it is read in one place, for every implementation of [`Wallet`](crate::ports::Wallet).

use std::iter::successors;

use medkey_protocol::ids::Octets;
use serde::{
    Deserialize,
    de::{IntoDeserializer, value::StrDeserializer},
};
use serde_json::Value;

use crate::ports::WalletError;

/// How wallets nest the node's error.
const NESTED: [&str; 4] = ["data", "originalError", "error", "cause"];
/// Deeper than any wallet nests.
const DEEPEST: usize = 6;

const NO_FUNDS: [&str; 3] = ["insufficient funds", "insufficient balance", "gas required exceeds allowance"];
const DECLINED: [&str; 3] = ["user rejected", "user denied", "rejected by user"];
/// Geth and Nethermind, Besu, Erigon and Reth, anvil.
const UNKNOWN_BLOCK: [&str; 4] = ["header not found", "unknown block", "block not found", "blockoutofrange"];

/// What the error object of EIP-1193 or JSON-RPC (`code`, `message`, `data`) means.
#[must_use]
pub fn refusal(error: &Value) -> WalletError {
    let codes: Vec<i64> = layers(error).filter_map(|layer| layer.get("code")?.as_i64()).collect();
    let text = layers(error)
        .filter_map(|layer| layer.get("message")?.as_str())
        .collect::<Vec<_>>()
        .join("\n")
        .to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    let has = |code| codes.contains(&code);

    if has(4001) || says(&DECLINED) {
        return WalletError::Declined;
    }
    if says(&UNKNOWN_BLOCK) {
        return WalletError::UnknownBlock;
    }
    if says(&NO_FUNDS) {
        return WalletError::NoFunds;
    }
    if let Some(data) = layers(error).find_map(revert_data) {
        return WalletError::Reverted(data);
    }
    if has(3) || says(&["revert"]) {
        return WalletError::Reverted(Vec::new());
    }
    match codes.first() {
        Some(4100) => WalletError::NotConnected,
        Some(4200 | -32601 | -32004) => WalletError::Unsupported,
        // MetaMask also says so of a node that does not answer.
        Some(-32002) if !says(&["endpoint", "unavailable"]) => WalletError::PromptOpen,
        _ if has(4902) || says(&["chainid must match", "chain id must match", "unrecognized chain"]) => {
            WalletError::WrongChain
        }
        _ => WalletError::Unreachable,
    }
}

/// The error and those nested in it, the outermost first.
fn layers(error: &Value) -> impl Iterator<Item = &Value> {
    let depths = successors(Some(vec![error]), |outer: &Vec<&Value>| {
        Some(outer.iter().flat_map(|layer| NESTED.iter().filter_map(|name| layer.get(name))).collect())
    });
    depths.take(DEEPEST).flatten()
}

/// The data of a custom error: hexadecimal, at least a selector.
fn revert_data(layer: &Value) -> Option<Vec<u8>> {
    let text = layer.get("data")?.as_str()?;
    // Parity's way.
    let text = text.strip_prefix("Reverted ").unwrap_or(text);
    let deserializer: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    let Octets(bytes) = Octets::deserialize(deserializer).ok()?;
    (bytes.len() >= 4).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn assert_means(error: Value, meaning: WalletError) {
        assert_eq!(refusal(&error), meaning, "{error}");
    }

    #[test]
    fn codes_of_eip_1193() {
        for (code, meaning) in [
            (4001, WalletError::Declined),
            (4100, WalletError::NotConnected),
            (4200, WalletError::Unsupported),
            (4900, WalletError::Unreachable),
            (4901, WalletError::Unreachable),
            (4902, WalletError::WrongChain),
            (-32601, WalletError::Unsupported),
            (-32603, WalletError::Unreachable),
        ] {
            assert_means(json!({ "code": code, "message": "" }), meaning);
        }
    }

    #[test]
    fn a_pending_prompt_is_not_a_silent_node() {
        let pending = "Request of type 'wallet_requestPermissions' already pending for origin http://localhost";
        assert_means(json!({ "code": -32002, "message": pending }), WalletError::PromptOpen);
        let silent = "RPC endpoint not found or unavailable.";
        assert_means(json!({ "code": -32002, "message": silent }), WalletError::Unreachable);
    }

    #[test]
    fn a_no_in_words() {
        let text = "MetaMask Tx Signature: User denied transaction signature.";
        assert_means(json!({ "code": -32603, "message": text }), WalletError::Declined);
    }

    #[test]
    fn revert_data_wherever_it_is_nested() {
        let reverted = WalletError::Reverted(vec![0xde, 0xad, 0xbe, 0xef]);
        let plain = json!({ "code": 3, "message": "execution reverted", "data": "0xdeadbeef" });
        let wrapped = |inner: Value| json!({ "code": -32603, "message": "Internal JSON-RPC error.", "data": inner });
        assert_means(plain.clone(), reverted.clone());
        assert_means(wrapped(plain.clone()), reverted.clone());
        assert_means(wrapped(json!({ "originalError": plain })), reverted.clone());
        assert_means(json!({ "code": -32000, "message": "x", "error": plain }), reverted.clone());
        assert_means(
            json!({ "code": -32015, "message": "VM execution error.", "data": "Reverted 0xdeadbeef" }),
            reverted,
        );
    }

    #[test]
    fn a_revert_without_data() {
        let bare = json!({ "code": 3, "message": "execution reverted", "data": "0x" });
        assert_means(bare, WalletError::Reverted(Vec::new()));
        let words = json!({ "code": -32000, "message": "VM Exception while processing transaction: revert" });
        assert_means(words, WalletError::Reverted(Vec::new()));
    }

    #[test]
    fn no_funds_and_unknown_blocks_in_the_words_of_the_nodes() {
        let poor = json!({ "code": -32603, "message": "Internal JSON-RPC error.",
            "data": { "code": -32000, "message": "insufficient funds for gas * price + value: balance 0" } });
        assert_means(poor, WalletError::NoFunds);
        for text in ["header not found", "Unknown block", "block not found: 0x99", "BlockOutOfRangeError: block height"]
        {
            assert_means(json!({ "code": -32000, "message": text }), WalletError::UnknownBlock);
        }
    }

    #[test]
    fn nonsense_is_unreachable() {
        for nonsense in [json!(null), json!("no"), json!([1]), json!({ "code": "4001" }), json!({ "data": "0x12" })] {
            assert_means(nonsense, WalletError::Unreachable);
        }
    }
}
