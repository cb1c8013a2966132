//! Many members on a local chain at once, each with an account of its own and some play money.

use std::{borrow::Cow, time::Duration};

use alloy::{
    primitives::keccak256,
    providers::{Provider, RootProvider},
};
use futures::{StreamExt as _, TryStreamExt as _};
use medkey_client::register::Joining;
use medkey_native::{KeyWallet, NativePorts, SystemClock};
use medkey_protocol::{Address, B256};
use serde_json::{Value, json};

use crate::{CHAIN, Client, DEPLOYED_IN, Done, Member, Place};

/// Members that are made at the same time: chain, relay and this program wait for one another otherwise.
const AT_ONCE: usize = 24;
/// How long anybody waits at a time: chain and relay stand beside each other.
const LONGEST_WAIT: Duration = Duration::from_millis(60);
/// 100 of the chain's coins.
const PLAY_MONEY: &str = "0x56bc75e2d63100000";

/// The local chain's own node.
pub(crate) struct Node(RootProvider);

impl Node {
    pub(crate) fn of(place: &Place) -> Done<Self> {
        Ok(Self(RootProvider::new_http(place.rpc.parse()?)))
    }

    async fn command(&self, method: &'static str, parameters: Value) -> Done<Value> {
        Ok(self.0.raw_request(Cow::Borrowed(method), parameters).await?)
    }

    /// Sends a call from an account that the node holds the key of, and does not wait for it.
    pub(crate) async fn send(&self, from: Address, to: Address, data: &[u8]) -> Done<B256> {
        let data = medkey_protocol::ids::Octets(data.to_vec());
        let sent = json!([{ "from": from, "to": to, "data": data, "gas": "0x40000" }]);
        Ok(serde_json::from_value(self.command("eth_sendTransaction", sent).await?)?)
    }

    /// Waits until a transaction is included.
    pub(crate) async fn included(&self, transaction: B256) -> Done {
        loop {
            let receipt = self.command("eth_getTransactionReceipt", json!([transaction])).await?;
            match receipt["status"].as_str() {
                Some("0x1") => return Ok(()),
                Some(_) => return Err("a transaction had no effect".into()),
                None => tokio::time::sleep(LONGEST_WAIT).await,
            }
        }
    }
}

impl Place {
    /// Somebody with an account that no words lead to.
    async fn somebody(&self, node: &Node, what: &str, number: u32) -> Done<Client> {
        let key = keccak256(format!("medkey scale {what} {number}"));
        let wallet = KeyWallet::from_key(&key.to_string(), &self.rpc, CHAIN)?;
        let account = medkey_client::ports::Wallet::account(&wallet);
        node.command("anvil_setBalance", json!([account, PLAY_MONEY])).await?;
        let ports = NativePorts::new(wallet, &self.relay)?.with_clock(SystemClock::default().hasty(LONGEST_WAIT));
        let domain = self.relay.split_once("://").map_or(self.relay.as_str(), |(_, host)| host).to_owned();
        let at = medkey_protocol::Deployment { chain: CHAIN, contract: self.contract, block: DEPLOYED_IN };
        Ok(Client::new(ports, at, medkey_client::Origin { domain, uri: self.relay.clone() }))
    }

    /// Lets so many join and do something then; gives what that came to, in no order.
    pub(crate) async fn crowd<T>(
        &self,
        what: &str,
        number: u32,
        joining: impl Fn(u32) -> Joining,
        then: impl AsyncFn(u32, &Member) -> Done<T>,
    ) -> Done<Vec<T>> {
        let node = Node::of(self)?;
        let (node, joining, then) = (&node, &joining, &then);
        let done = std::cell::Cell::new(0_u32);
        let done = &done;
        let members = (0..number).map(|at| async move {
            let member = Member::join(self.somebody(node, what, at).await?, joining(at)).await?;
            let came = then(at, &member).await?;
            done.set(done.get() + 1);
            if done.get().is_multiple_of(250) || done.get() == number {
                println!("{} of {number} {what}s", done.get());
            }
            Done::Ok(came)
        });
        futures::stream::iter(members).buffer_unordered(AT_ONCE).try_collect().await
    }
}
