//! The wallet that the person chose, as the port that the journey needs.

use std::rc::Rc;

use medkey_client::ports::{Included, LOOKED_THROUGH, ReadAt, Receipt, Wallet, WalletError};
use medkey_protocol::{Address, B256, ids::Octets};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{AnnouncedWallet, Watch, provider::Provider};

/// r, s and v of a signature.
const SIGNATURE_LENGTH: usize = 65;

/// The network that Medkey's contract is on, as a wallet wants it described. Part of the page's build.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Network {
    /// EIP-155 chain id.
    pub chain: u64,
    /// For people.
    pub name: String,
    /// What fees are paid in.
    pub currency: Currency,
    /// Nodes that a wallet may use.
    pub nodes: Vec<String>,
}

/// What fees are paid in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Currency {
    /// Such as Ether.
    pub name: String,
    /// Such as ETH.
    pub symbol: String,
}

/// What became different in the wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WalletChange {
    /// The accounts that this page may use now, the chosen one first; none when it was disconnected.
    Accounts(Vec<Address>),
    /// Another chain, `None` where the wallet named none.
    Chain(Option<u64>),
    /// It reaches no node any more.
    Unreachable,
}

/// A connected wallet. Clones are the same wallet.
#[derive(Debug, Clone)]
pub struct BrowserWallet {
    provider: Provider,
    account: Address,
    network: Rc<Network>,
}

impl BrowserWallet {
    /// Asks for an account (a prompt) and moves the wallet to the network (prompts, where it is on another).
    pub async fn connect(wallet: &AnnouncedWallet, network: Rc<Network>) -> Result<Self, WalletError> {
        let connected = Self::with_first(wallet, network, "eth_requestAccounts").await?;
        let connected = connected.ok_or(WalletError::NotConnected)?;
        connected.move_to_network().await?;
        Ok(connected)
    }

    /// As [`Self::connect`], without any prompt; `None` when the person has to connect first.
    pub async fn reconnect(wallet: &AnnouncedWallet, network: Rc<Network>) -> Result<Option<Self>, WalletError> {
        Self::with_first(wallet, network, "eth_accounts").await
    }

    async fn with_first(
        wallet: &AnnouncedWallet,
        network: Rc<Network>,
        method: &str,
    ) -> Result<Option<Self>, WalletError> {
        let provider = wallet.provider.clone();
        let accounts: Vec<Address> = read(provider.request(method, &json!([])).await?)?;
        Ok(accounts.first().map(|&account| Self { provider, account, network }))
    }

    /// Moves the wallet to the network, which it may have to learn first. Prompts only where it is on another.
    pub async fn move_to_network(&self) -> Result<(), WalletError> {
        if self.is_on_network().await? {
            return Ok(());
        }
        match self.switch().await {
            // It does not know the network yet.
            Err(WalletError::WrongChain) => {
                self.add_network().await?;
                if !self.is_on_network().await? {
                    self.switch().await?;
                }
            }
            // The person can still switch by hand.
            Err(WalletError::Unsupported) => return Err(WalletError::WrongChain),
            other => other?,
        }
        self.check_network().await
    }

    async fn switch(&self) -> Result<(), WalletError> {
        let chain = json!([{ "chainId": quantity(self.network.chain) }]);
        self.provider.request("wallet_switchEthereumChain", &chain).await.map(drop)
    }

    async fn add_network(&self) -> Result<(), WalletError> {
        let Network { chain, name, currency, nodes } = &*self.network;
        let network = json!([{
            "chainId": quantity(*chain),
            "chainName": name,
            "nativeCurrency": { "name": currency.name, "symbol": currency.symbol, "decimals": 18 },
            "rpcUrls": nodes,
        }]);
        self.provider.request("wallet_addEthereumChain", &network).await.map(drop)
    }

    /// Hears of changes until the answer is dropped.
    pub fn watch(&self, changed: impl Fn(WalletChange) + 'static) -> Vec<Watch> {
        let changed = Rc::new(changed);
        let watch = |event, change: fn(Value) -> WalletChange| {
            let changed = Rc::clone(&changed);
            self.provider.watch(event, move |value| changed(change(value)))
        };
        [
            watch("accountsChanged", |accounts| WalletChange::Accounts(read(accounts).unwrap_or_default())),
            watch("chainChanged", |chain| WalletChange::Chain(number(&chain))),
            watch("disconnect", |_| WalletChange::Unreachable),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    async fn is_on_network(&self) -> Result<bool, WalletError> {
        let chain = self.provider.request("eth_chainId", &json!([])).await?;
        Ok(number(&chain) == Some(self.network.chain))
    }

    async fn check_network(&self) -> Result<(), WalletError> {
        if self.is_on_network().await? { Ok(()) } else { Err(WalletError::WrongChain) }
    }

    async fn check_account(&self) -> Result<(), WalletError> {
        let accounts: Vec<Address> = read(self.provider.request("eth_accounts", &json!([])).await?)?;
        match accounts.contains(&self.account) {
            true => Ok(()),
            false if accounts.is_empty() => Err(WalletError::NotConnected),
            false => Err(WalletError::AccountChanged),
        }
    }

    /// Before the prompt: a wallet lets the person only say no there, which looks like a choice. What a node cannot
    /// tell is left to the wallet.
    async fn check_funds(&self, gas: &Value) -> Result<(), WalletError> {
        // Not `latest`, which wallets remember for a while after funds have come.
        let balance = self.provider.request("eth_getBalance", &json!([self.account, "pending"])).await;
        let price = self.provider.request("eth_gasPrice", &json!([])).await;
        let known = |answer: Result<Value, _>| answer.ok().as_ref().and_then(wide_number);
        let (Some(balance), Some(price), Some(gas)) = (known(balance), known(price), wide_number(gas)) else {
            return Ok(());
        };
        if balance < gas.saturating_mul(price) { Err(WalletError::NoFunds) } else { Ok(()) }
    }
}

impl Wallet for BrowserWallet {
    fn account(&self) -> Address {
        self.account
    }

    async fn sign_text(&self, text: &str) -> Result<Vec<u8>, WalletError> {
        self.check_account().await?;
        let parameters = json!([Octets(text.as_bytes().to_vec()), self.account]);
        let Octets(signature) = read(self.provider.request("personal_sign", &parameters).await?)?;
        if signature.len() == SIGNATURE_LENGTH { Ok(signature) } else { Err(WalletError::Unreachable) }
    }

    async fn sign_typed_data(&self, json: &str) -> Result<Vec<u8>, WalletError> {
        self.check_network().await?;
        self.check_account().await?;
        let Octets(signature) =
            read(self.provider.request("eth_signTypedData_v4", &json!([self.account, json])).await?)?;
        // A contract's account signs in its own way and length (ERC-1271).
        if signature.is_empty() { Err(WalletError::Unreachable) } else { Ok(signature) }
    }

    async fn send(&self, to: Address, data: Vec<u8>) -> Result<B256, WalletError> {
        self.check_network().await?;
        self.check_account().await?;
        let mut transaction = json!({ "from": self.account, "to": to, "data": Octets(data) });
        // Finds out before the prompt what the contract would refuse, and why.
        let gas = self.provider.request("eth_estimateGas", &json!([transaction])).await?;
        self.check_funds(&gas).await?;
        // The wallet refuses if it was moved to another chain meanwhile.
        transaction["chainId"] = quantity(self.network.chain);
        read(self.provider.request("eth_sendTransaction", &json!([transaction])).await?)
    }

    async fn call(&self, to: Address, data: Vec<u8>, at: ReadAt) -> Result<Vec<u8>, WalletError> {
        let block = match at {
            ReadAt::Newest => "latest".into(),
            ReadAt::Block(number) => quantity(number),
        };
        let question = json!([{ "from": self.account, "to": to, "data": Octets(data) }, block]);
        let Octets(answer) = read(self.provider.request("eth_call", &question).await?)?;
        if !answer.is_empty() {
            return Ok(answer);
        }
        // What an address without code answers: on another chain than ours, or from a node that knows nothing.
        self.check_network().await?;
        Err(WalletError::Unreachable)
    }

    async fn receipt(&self, transaction: B256) -> Result<Option<Receipt>, WalletError> {
        let receipt = self.provider.request("eth_getTransactionReceipt", &json!([transaction])).await?;
        let field = |name| number(&receipt[name]);
        Ok(match (field("blockNumber"), field("status"), field("gasUsed")) {
            (Some(block), Some(status), Some(gas)) => Some(Receipt { block, succeeded: status == 1, gas }),
            _ => None,
        })
    }

    async fn nonce_of(&self, transaction: B256) -> Result<Option<u64>, WalletError> {
        let found = self.provider.request("eth_getTransactionByHash", &json!([transaction])).await?;
        Ok(number(&found["nonce"]))
    }

    async fn included_with(&self, nonce: u64) -> Result<Option<Included>, WalletError> {
        let used = self.provider.request("eth_getTransactionCount", &json!([self.account, "latest"])).await?;
        if number(&used).is_none_or(|used| used <= nonce) {
            return Ok(None);
        }
        let newest = number(&self.provider.request("eth_blockNumber", &json!([])).await?);
        let newest = newest.ok_or(WalletError::Unreachable)?;
        for block in (0..=newest).rev().take(LOOKED_THROUGH as usize) {
            let block = self.provider.request("eth_getBlockByNumber", &json!([quantity(block), true])).await?;
            let Some(transactions) = block["transactions"].as_array() else { continue };
            for found in transactions {
                let from = read::<Address>(found["from"].clone()).ok();
                if from == Some(self.account) && number(&found["nonce"]) == Some(nonce) {
                    let Octets(data) = read(found["input"].clone())?;
                    return Ok(Some(Included { transaction: read(found["hash"].clone())?, data }));
                }
            }
        }
        Ok(None)
    }
}

/// What a wallet answers is not what it should be: as good as no answer.
fn read<T: DeserializeOwned>(answer: Value) -> Result<T, WalletError> {
    serde_json::from_value(answer).map_err(|_| WalletError::Unreachable)
}

fn quantity(number: u64) -> Value {
    format!("{number:#x}").into()
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| wide_number(value)?.try_into().ok())
}

fn wide_number(value: &Value) -> Option<u128> {
    u128::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok()
}
