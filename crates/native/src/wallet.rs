//! A wallet that is a key in memory and signs without asking.

use alloy::{
    consensus::Transaction as _,
    dyn_abi::TypedData,
    eips::Encodable2718,
    network::{EthereumWallet, NetworkTransactionBuilder, TransactionBuilder},
    primitives::Bytes,
    providers::{Provider, RootProvider},
    rpc::types::{BlockId, TransactionRequest},
    signers::{
        Signer,
        local::{MnemonicBuilder, PrivateKeySigner, coins_bip39::English},
    },
    transports::{RpcError, TransportError},
};
use medkey_client::{
    ports::{Included, LOOKED_THROUGH, ReadAt, Receipt, Wallet, WalletError},
    refusal::refusal,
};
use medkey_protocol::{Address, B256};
use serde_json::{Value, json};

use crate::ConnectError;

/// A key in memory and a node of the chain. Its `Debug` shows the address alone.
#[derive(Clone)]
pub struct KeyWallet {
    signer: PrivateKeySigner,
    node: RootProvider,
    chain: u64,
}

impl std::fmt::Debug for KeyWallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyWallet").field("account", &self.signer.address()).finish_non_exhaustive()
    }
}

impl KeyWallet {
    /// From a private key in hexadecimal. `node` is the node's http address, `chain` the chain it must be on.
    pub fn from_key(key: &str, node: &str, chain: u64) -> Result<Self, ConnectError> {
        Self::new(key.parse().map_err(|_| ConnectError::Key)?, node, chain)
    }

    /// The account `index` of a wallet's words (`m/44'/60'/0'/0/index`).
    pub fn from_words(words: &str, index: u32, node: &str, chain: u64) -> Result<Self, ConnectError> {
        let signer = MnemonicBuilder::<English>::default()
            .phrase(words)
            .index(index)
            .and_then(|words| words.build())
            .map_err(|_| ConnectError::Key)?;
        Self::new(signer, node, chain)
    }

    fn new(signer: PrivateKeySigner, node: &str, chain: u64) -> Result<Self, ConnectError> {
        let node = RootProvider::new_http(node.parse().map_err(|_| ConnectError::Node)?);
        Ok(Self { signer, node, chain })
    }

    /// A transaction of the account without a receiver makes a contract.
    pub(crate) async fn send_request(&self, request: TransactionRequest) -> Result<B256, WalletError> {
        if self.node.get_chain_id().await.map_err(meaning)? != self.chain {
            return Err(WalletError::WrongChain);
        }
        let account = self.signer.address();
        let request = request.with_from(account);
        let gas = self.node.estimate_gas(request.clone()).await.map_err(meaning)?;
        let fees = self.node.estimate_eip1559_fees().await.map_err(meaning)?;
        let nonce = self.node.get_transaction_count(account).pending().await.map_err(meaning)?;
        let signed = request
            .with_chain_id(self.chain)
            .with_nonce(nonce)
            // What it costs may change until it is included; unused gas is not paid.
            .with_gas_limit(gas + gas / 5)
            .with_max_fee_per_gas(fees.max_fee_per_gas)
            .with_max_priority_fee_per_gas(fees.max_priority_fee_per_gas)
            .build(&EthereumWallet::from(self.signer.clone()))
            .await
            .map_err(|_| WalletError::Unsupported)?;
        let pending = self.node.send_raw_transaction(&signed.encoded_2718()).await.map_err(meaning)?;
        Ok(*pending.tx_hash())
    }
}

impl Wallet for KeyWallet {
    fn account(&self) -> Address {
        self.signer.address()
    }

    async fn sign_text(&self, text: &str) -> Result<Vec<u8>, WalletError> {
        let signature = self.signer.sign_message(text.as_bytes()).await.map_err(|_| WalletError::Unsupported)?;
        Ok(signature.as_bytes().to_vec())
    }

    async fn sign_typed_data(&self, json: &str) -> Result<Vec<u8>, WalletError> {
        if self.node.get_chain_id().await.map_err(meaning)? != self.chain {
            return Err(WalletError::WrongChain);
        }
        let data: TypedData = serde_json::from_str(json).map_err(|_| WalletError::Unsupported)?;
        let signature = self.signer.sign_dynamic_typed_data(&data).await.map_err(|_| WalletError::Unsupported)?;
        Ok(signature.as_bytes().to_vec())
    }

    async fn send(&self, to: Address, data: Vec<u8>) -> Result<B256, WalletError> {
        self.send_request(TransactionRequest::default().with_to(to).with_input(data)).await
    }

    async fn call(&self, to: Address, data: Vec<u8>, at: ReadAt) -> Result<Vec<u8>, WalletError> {
        let request = TransactionRequest::default().with_from(self.account()).with_to(to).with_input(data);
        let at = match at {
            ReadAt::Newest => BlockId::latest(),
            ReadAt::Block(number) => BlockId::number(number),
        };
        let answer: Bytes = self.node.call(request).block(at).await.map_err(meaning)?;
        // What an address without code answers.
        if answer.is_empty() { Err(WalletError::Unreachable) } else { Ok(answer.into()) }
    }

    async fn receipt(&self, transaction: B256) -> Result<Option<Receipt>, WalletError> {
        let receipt = self.node.get_transaction_receipt(transaction).await.map_err(meaning)?;
        Ok(receipt.and_then(|receipt| {
            Some(Receipt { block: receipt.block_number?, succeeded: receipt.status(), gas: receipt.gas_used })
        }))
    }

    async fn nonce_of(&self, transaction: B256) -> Result<Option<u64>, WalletError> {
        let found = self.node.get_transaction_by_hash(transaction).await.map_err(meaning)?;
        Ok(found.map(|found| found.nonce()))
    }

    async fn included_with(&self, nonce: u64) -> Result<Option<Included>, WalletError> {
        if self.node.get_transaction_count(self.account()).await.map_err(meaning)? <= nonce {
            return Ok(None);
        }
        let newest = self.node.get_block_number().await.map_err(meaning)?;
        for block in (0..=newest).rev().take(LOOKED_THROUGH as usize) {
            let block = self.node.get_block_by_number(block.into()).full().await.map_err(meaning)?;
            let transactions = block.map(|block| block.transactions).unwrap_or_default();
            for found in transactions.txns() {
                if found.inner.signer() == self.account() && found.nonce() == nonce {
                    let data = found.input().to_vec();
                    return Ok(Some(Included { transaction: *found.inner.tx_hash(), data }));
                }
            }
        }
        Ok(None)
    }
}

fn meaning(error: TransportError) -> WalletError {
    let RpcError::ErrorResp(answer) = error else { return WalletError::Unreachable };
    let data = answer.data.and_then(|data| serde_json::from_str(data.get()).ok()).unwrap_or(Value::Null);
    refusal(&json!({ "code": answer.code, "message": answer.message, "data": data }))
}
