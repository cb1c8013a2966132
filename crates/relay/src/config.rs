//! How a relay is set up: by flags or by environment variables.

use std::{ffi::OsStr, net::SocketAddr, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use clap::{Args, Parser, builder::TypedValueParser, error::ErrorKind};
use medkey_protocol::{Address, Deployment};
use reqwest::Url;

use crate::payer::{NotAKey, PayerKey};

/// The relay of Medkey: keeps ciphertext, follows the chain, hands out what the chain allows.
#[derive(Clone, Parser)]
#[command(name = "medkey-relay", version)]
pub struct Config {
    /// Address to listen on. For TLS put a reverse proxy in front.
    #[arg(long, env = "MEDKEY_RELAY_LISTEN", default_value = "127.0.0.1:8700")]
    pub listen: SocketAddr,
    /// The public address, as in the member's browser: scheme, host and port.
    #[arg(long, env = "MEDKEY_RELAY_ORIGIN", default_value = "http://localhost:8700")]
    pub origin: Origin,
    /// The chain's node. It may hold a key, so it is never logged.
    #[arg(long, env = "MEDKEY_RELAY_RPC", hide_env_values = true)]
    pub rpc: Url,
    /// EIP-155 id of the chain.
    #[arg(long, env = "MEDKEY_RELAY_CHAIN_ID")]
    pub chain_id: u64,
    /// Address of the contract.
    #[arg(long, env = "MEDKEY_RELAY_CONTRACT")]
    pub contract: Address,
    /// Block in which the contract was deployed.
    #[arg(long, env = "MEDKEY_RELAY_DEPLOYMENT_BLOCK")]
    pub deployment_block: u64,
    /// Directory for the index and the embedded store.
    #[arg(long, env = "MEDKEY_RELAY_DATA")]
    pub data: PathBuf,
    /// Keep blocks in the Kubo node with its RPC here, instead of in the data directory.
    #[arg(long, env = "MEDKEY_RELAY_KUBO", hide_env_values = true)]
    pub kubo: Option<Url>,
    /// Directory of the built app to serve.
    #[arg(long, env = "MEDKEY_RELAY_PAGE")]
    pub page: Option<PathBuf>,
    /// Other addresses that the app may speak to, such as the node of a demo's wallet.
    #[arg(long, env = "MEDKEY_RELAY_PAGE_CONNECT", value_delimiter = ',')]
    pub page_connect: Vec<Url>,
    /// Milliseconds between two looks at the chain.
    #[arg(long, env = "MEDKEY_RELAY_POLL_MS", default_value_t = 1000)]
    pub poll_ms: u64,
    /// Blocks after which the chain is taken not to change; a deeper reorganisation stops the relay's index.
    #[arg(long, env = "MEDKEY_RELAY_FINALITY", default_value_t = 64)]
    pub finality: u64,
    /// Bytes a member may send in a day.
    #[arg(long, env = "MEDKEY_RELAY_MEMBER_QUOTA", default_value_t = 20 << 30)]
    pub member_quota: u64,
    /// Bytes one network address may send in a day without a session.
    #[arg(long, env = "MEDKEY_RELAY_VISITOR_QUOTA", default_value_t = 8 << 20)]
    pub visitor_quota: u64,
    /// Bytes that all may send together in a day without a session.
    #[arg(long, env = "MEDKEY_RELAY_VISITORS_QUOTA", default_value_t = 1 << 30)]
    pub visitors_quota: u64,
    /// Requests a second from one network address; ten times as many in a burst.
    #[arg(long, env = "MEDKEY_RELAY_REQUEST_RATE", default_value_t = 200)]
    pub request_rate: u64,
    /// Take the caller's address from the last entry of X-Forwarded-For: only behind a proxy that sets it.
    #[arg(long, env = "MEDKEY_RELAY_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Whether and how the relay pays for what members sign.
    #[command(flatten)]
    pub paying: Paying,
}

/// How the relay pays for what members sign. Without a key it does not.
#[derive(Debug, Clone, Args)]
pub struct Paying {
    /// Private key of an account that pays for what members sign: 32 bytes in hexadecimal. Flags are seen by others on
    /// the machine, so set the variable. What lies in the account is what can be lost.
    #[arg(long = "payer-key", env = "MEDKEY_RELAY_PAYER_KEY", hide_env_values = true, value_parser = ReadPayerKey)]
    pub key: Option<Arc<PayerKey>>,
    /// Transactions paid for one account within 24 hours.
    #[arg(long = "payer-quota", env = "MEDKEY_RELAY_PAYER_QUOTA", default_value_t = Self::default().quota)]
    pub quota: u64,
    /// Transactions paid for all accounts together within 24 hours.
    #[arg(
        long = "payer-quota-of-all",
        env = "MEDKEY_RELAY_PAYER_QUOTA_OF_ALL",
        default_value_t = Self::default().quota_of_all
    )]
    pub quota_of_all: u64,
    /// Gas of one transaction at most.
    #[arg(long = "payer-gas", env = "MEDKEY_RELAY_PAYER_GAS", default_value_t = Self::default().gas)]
    pub gas: u64,
    /// Acts in one transaction at most.
    #[arg(long = "payer-steps", env = "MEDKEY_RELAY_PAYER_STEPS", default_value_t = Self::default().steps)]
    pub steps: usize,
}

impl Default for Paying {
    fn default() -> Self {
        Self { key: None, quota: 50, quota_of_all: 5_000, gas: 3_000_000, steps: 32 }
    }
}

/// Reads the payer's key. Unlike the library's own complaint, this one does not repeat what it was given.
#[derive(Debug, Clone, Copy)]
struct ReadPayerKey;

impl TypedValueParser for ReadPayerKey {
    type Value = Arc<PayerKey>;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let key = value.to_str().ok_or(NotAKey).and_then(PayerKey::parse);
        key.map(Arc::new).map_err(|NotAKey| {
            let message = format!("MEDKEY_RELAY_PAYER_KEY: {NotAKey}\n");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}

impl Config {
    /// Which contract on which chain is followed.
    pub fn deployment(&self) -> Deployment {
        Deployment { chain: self.chain_id, contract: self.contract, block: self.deployment_block }
    }

    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }
}

/// The relay's public address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Scheme, host and port.
    pub uri: String,
    /// Host, and the port where it is not the scheme's own.
    pub domain: String,
}

/// The text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an origin is http:// or https://, a host and perhaps a port, and nothing after that")]
pub struct NotAnOrigin;

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let url = Url::parse(text).map_err(|_| NotAnOrigin)?;
        let host = url.host_str().ok_or(NotAnOrigin)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if !matches!(url.scheme(), "http" | "https") || !bare {
            return Err(NotAnOrigin);
        }
        let domain = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self { uri: format!("{}://{domain}", url.scheme()), domain })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_gives_domain_and_uri() {
        let origin: Origin = "http://localhost:8700/".parse().unwrap();
        assert_eq!((origin.uri.as_str(), origin.domain.as_str()), ("http://localhost:8700", "localhost:8700"));
        let origin: Origin = "https://relay.example".parse().unwrap();
        assert_eq!((origin.uri.as_str(), origin.domain.as_str()), ("https://relay.example", "relay.example"));
        for text in ["relay.example", "ftp://relay.example", "https://relay.example/path", "https://me@relay.example"] {
            assert_eq!(text.parse::<Origin>(), Err(NotAnOrigin), "{text}");
        }
    }

    fn parse(key: Option<&str>) -> Result<Config, clap::Error> {
        let contract = Address::ZERO.to_string();
        let mut arguments = vec!["medkey-relay", "--rpc=http://127.0.0.1:1", "--chain-id=1", "--deployment-block=1"];
        arguments.extend(["--data=data", "--contract", &contract]);
        arguments.extend(key.map(|key| ["--payer-key", key]).into_iter().flatten());
        Config::try_parse_from(arguments)
    }

    #[test]
    fn nobody_is_paid_for_unless_there_is_a_key() {
        assert!(parse(None).unwrap().paying.key.is_none());
        let key = "11".repeat(32);
        for written in [key.clone(), format!("0x{key}")] {
            let paying = parse(Some(&written)).unwrap().paying;
            assert_eq!(
                format!("{paying:?}"),
                "Paying { key: Some(PayerKey(..)), quota: 50, quota_of_all: 5000, gas: 3000000, steps: 32 }"
            );
        }
    }

    #[test]
    fn a_key_that_is_none_is_refused_without_being_repeated() {
        let almost = "ab".repeat(31);
        let too_large = "ff".repeat(32);
        for wrong in [almost.as_str(), &format!("{almost}zz"), &"00".repeat(32), &too_large, "", "secret"] {
            let refusal = parse(Some(wrong)).err().unwrap();
            let text = format!("{refusal}{refusal:?}");
            assert!(text.contains("MEDKEY_RELAY_PAYER_KEY: a payer's key is 32 bytes in hexadecimal"), "{text}");
            assert!(wrong.is_empty() || !text.contains(wrong), "{text}");
        }
    }
}
