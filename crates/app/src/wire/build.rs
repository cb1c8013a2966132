//! What the app was built for: the roots of trust are part of the page, never asked of the server.

use std::rc::Rc;

use medkey_browser::wallets::{Currency, Network};
use medkey_protocol::{Address, Deployment};

/// The local chain of `cargo xtask demo`, which every build without other settings is for.
const DEMO: (&str, &str, &str) = ("31337", "0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35", "1");
const CHAIN: &str = match option_env!("MEDKEY_CHAIN_ID") {
    Some(chain) => chain,
    None => DEMO.0,
};
const CONTRACT: &str = match option_env!("MEDKEY_CONTRACT") {
    Some(contract) => contract,
    None => DEMO.1,
};
const BLOCK: &str = match option_env!("MEDKEY_DEPLOYMENT_BLOCK") {
    Some(block) => block,
    None => DEMO.2,
};
/// Where a transaction can be looked up, without the slash at its end.
const EXPLORER: Option<&str> = option_env!("MEDKEY_EXPLORER");
const NODE: Option<&str> = option_env!("MEDKEY_DEMO_RPC");

/// The deployment; `None` when the build was given something that is none.
#[must_use]
pub fn deployment() -> Option<Deployment> {
    let contract: Address = CONTRACT.parse().ok()?;
    Some(Deployment { chain: CHAIN.parse().ok()?, contract, block: BLOCK.parse().ok()? })
}

/// The network as a wallet wants it described.
#[must_use]
pub fn network(at: &Deployment) -> Rc<Network> {
    let name = if NODE.is_some() { "Medkey demo" } else { "Medkey" };
    Rc::new(Network {
        chain: at.chain,
        name: name.to_owned(),
        currency: Currency { name: "Ether".to_owned(), symbol: "ETH".to_owned() },
        nodes: NODE.into_iter().map(str::to_owned).collect(),
    })
}

/// The page of a transaction at the block explorer, where the build names one.
#[must_use]
pub fn page_of(transaction: &str) -> Option<String> {
    EXPLORER.map(|explorer| format!("{explorer}/tx/{transaction}"))
}

/// The node of the demo's chain, where the page was built for the demo.
#[must_use]
pub fn demo_node() -> Option<&'static str> {
    NODE
}

/// Whether the page was built for the demo.
#[must_use]
pub fn is_demo() -> bool {
    NODE.is_some()
}
