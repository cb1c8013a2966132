//! What a record takes of a chain, measured in the transactions of a patient who files two.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{chain, contracts, workspace};

/// Bytes that every node of the chain keeps.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Footprint {
    pub(super) call_data: usize,
    pub(super) log: usize,
    /// Slots that were empty before.
    pub(super) storage: usize,
    pub(super) storage_of_first: usize,
}

/// Anvil's account 1.
const PATIENT: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const DIGEST: &str = "1220a5c4e18f9c0d1b2a3f4e5d6c7b8a9f0e1d2c3b4a59687786958493a2b1c0";
const SLOT: usize = 32;

pub(super) fn measure() -> Result<Footprint> {
    let foundry = contracts::build()?;
    let dir = workspace::fresh("figures")?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let _chain = chain::start(&foundry, port, 1, &dir)?;
    chain::deploy(port, &dir)?;
    let register = contracts::selector("registerPatient(bytes32)")?;
    send(port, &format!("0x{register}{DIGEST}"))?;
    let add = contracts::selector("addRecord(address,bytes32,bytes32)")?;
    let patient = PATIENT.trim_start_matches("0x");
    let call = format!("0x{add}{patient:0>64}{DIGEST}{DIGEST}");
    let first = send(port, &call)?;
    let later = send(port, &call)?;
    Ok(Footprint {
        call_data: bytes(&chain::call(port, "eth_getTransactionByHash", &json!([later["transactionHash"]]))?["input"])?,
        log: logged(&later)?,
        storage: new_storage(port, &later)?,
        storage_of_first: new_storage(port, &first)?,
    })
}

fn send(port: u16, call: &str) -> Result<Value> {
    let transaction = json!([{ "from": PATIENT, "to": chain::CONTRACT, "data": call }]);
    let hash = chain::call(port, "eth_sendTransaction", &transaction)?;
    let receipt = chain::receipt(port, &hash)?;
    if receipt["status"] != "0x1" {
        bail!("the contract refused: {receipt}");
    }
    Ok(receipt)
}

fn bytes(hex: &Value) -> Result<usize> {
    let digits = hex.as_str().and_then(|text| text.strip_prefix("0x")).context("no bytes in hex")?;
    Ok(digits.len() / 2)
}

fn logged(receipt: &Value) -> Result<usize> {
    let logs = receipt["logs"].as_array().context("a receipt without logs")?;
    let lengths = logs.iter().flat_map(|log| {
        let topics = log["topics"].as_array().into_iter().flatten();
        topics.chain(std::iter::once(&log["data"])).map(bytes)
    });
    lengths.sum()
}

/// Slots of the contract that the transaction filled.
fn new_storage(port: u16, receipt: &Value) -> Result<usize> {
    let tracer = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
    let trace = chain::call(port, "debug_traceTransaction", &json!([receipt["transactionHash"], tracer]))?;
    let slots = |state: &Value| {
        let account = &state[chain::CONTRACT.to_lowercase()]["storage"];
        account.as_object().map(|slots| slots.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    let (before, after) = (slots(&trace["pre"]), slots(&trace["post"]));
    if after.is_empty() {
        bail!("the chain does not tell what was stored: {trace}");
    }
    Ok(after.iter().filter(|slot| !before.contains(slot)).count() * SLOT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_its_topics_and_its_data() {
        let word = format!("0x{}", "ab".repeat(32));
        let receipt = json!({ "logs": [{ "topics": [word, word], "data": "0x0102" }] });
        assert_eq!(logged(&receipt).unwrap(), 66);
        assert!(logged(&json!({})).is_err());
    }
}
