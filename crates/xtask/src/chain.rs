//! The local chain: anvil with its state on disk, and the contract at its fixed address.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process::Service;
use crate::tools::foundry::Foundry;
use crate::{contracts, http};

pub(crate) const CHAIN_ID: u64 = 31337;
/// Anvil's account 0, the health authority.
pub(crate) const REGISTRAR: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
/// Anvil's account 9; nobody else uses it, so its first transaction always is the deployment.
const DEPLOYER: &str = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720";
/// What `DEPLOYER` makes with nonce 0.
pub(crate) const CONTRACT: &str = "0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35";

/// Transactions are mined as they come; besides, a block every few seconds lets time pass and blocks become final.
pub(crate) fn start(foundry: &Foundry, port: u16, block_seconds: u32, dir: &Path) -> Result<Service> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let mut anvil = Command::new(&foundry.anvil);
    anvil
        .arg("--mixed-mining")
        .args(["--block-time", &block_seconds.to_string()])
        .args(["--port", &port.to_string()])
        .args(["--chain-id", &CHAIN_ID.to_string()])
        .args(["--accounts", "100", "--slots-in-an-epoch", "1"])
        .args(["--state-interval", "10", "--state"])
        .arg(dir.join("chain.json"));
    let mut chain = Service::start("local chain", &mut anvil, dir.join("chain.log"))?;
    chain.wait_until(Duration::from_secs(20), || call(port, "eth_chainId", &json!([])).is_ok())?;
    Ok(chain)
}

/// Puts `Medkey` at `CONTRACT`, unless the chain resumed with it.
pub(crate) fn deploy(port: u16, dir: &Path) -> Result<()> {
    let code = contracts::creation_code()?;
    let deployed = dir.join("deployed.hex");
    if call(port, "eth_getCode", &json!([CONTRACT, "latest"]))? != "0x" {
        if fs::read_to_string(&deployed).is_ok_and(|before| before == code) {
            return Ok(());
        }
        bail!("the contract has changed since this chain's data was made; start over with --fresh");
    }
    let registrar = REGISTRAR.trim_start_matches("0x");
    let transaction = json!([{ "from": DEPLOYER, "data": format!("{code}{registrar:0>64}") }]);
    let hash = call(port, "eth_sendTransaction", &transaction).context("the chain refused the contract")?;
    let receipt = receipt(port, &hash)?;
    let at = receipt["contractAddress"].as_str().unwrap_or_default();
    if receipt["status"] != "0x1" || !at.eq_ignore_ascii_case(CONTRACT) {
        bail!("the contract did not arrive at {CONTRACT}: {receipt}");
    }
    fs::write(&deployed, code).with_context(|| format!("cannot write {}", deployed.display()))
}

/// Mining is at once, but the answer to sending may come a moment earlier.
pub(crate) fn receipt(port: u16, transaction: &Value) -> Result<Value> {
    for _ in 0..100 {
        let receipt = call(port, "eth_getTransactionReceipt", &json!([transaction]))?;
        if !receipt.is_null() {
            return Ok(receipt);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("the transaction was not mined within 5 seconds")
}

pub(crate) fn call(port: u16, method: &str, params: &Value) -> Result<Value> {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let answer = http::post_json(port, "/", &request.to_string())?;
    let mut answer: Value =
        serde_json::from_str(&answer.body).with_context(|| format!("the chain answered {}", answer.status))?;
    if let Some(error) = answer.get("error") {
        bail!("{method}: {error}");
    }
    Ok(answer["result"].take())
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    fn a_stopped_chain_resumes_with_the_contract() {
        let foundry = contracts::build().unwrap();
        let dir = std::env::temp_dir().join(format!("medkey-chain-{}", std::process::id()));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);

        let chain = start(&foundry, port, 1, &dir).unwrap();
        deploy(port, &dir).unwrap();
        let code = call(port, "eth_getCode", &json!([CONTRACT, "latest"])).unwrap();
        drop(chain);

        let _chain = start(&foundry, port, 1, &dir).unwrap();
        assert_eq!(call(port, "eth_getCode", &json!([CONTRACT, "latest"])).unwrap(), code);
        deploy(port, &dir).unwrap();

        fs::write(dir.join("deployed.hex"), "0x00").unwrap();
        let refusal = deploy(port, &dir).unwrap_err().to_string();
        assert!(refusal.contains("--fresh"), "{refusal}");
        fs::remove_dir_all(&dir).unwrap();
    }
}
