//! What a member signs so that somebody else may send it, and what keys of offers and recovery codes sign: EIP-712 typed
//! data in the domain of the contract.
//!
//! The signed struct is composed of the acts themselves, so that a wallet shows each by its name and fields. Every
//! parameter of an act is one word, so that its calldata without the selector is its `encodeData`.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{Eip712Domain, SolCall, SolStruct, eip712_domain, sol};
use serde::{Deserialize, Serialize};

use crate::{
    contract::{IActs, ICharts, IMembers},
    ids::{Deployment, Octets, Scope},
};

sol! {
    /// What an offer's key signs.
    struct OfferClaim {
        address chart;
        bytes32 scope;
        address claimer;
    }

    /// What the recovery key signs.
    struct MoveChart {
        address chart;
        address account;
        uint256 nonce;
    }
}

/// Every act that can be signed: its selector and its EIP-712 struct.
const ACTS: [([u8; 4], &str); 18] = [
    (ICharts::acceptMoveCall::SELECTOR, "AcceptMove(address chart)"),
    (ICharts::addRecordCall::SELECTOR, "AddRecord(address chart,bytes32 manifest,bytes32 card)"),
    (ICharts::blockAuthorCall::SELECTOR, "BlockAuthor(address chart,address author,bool blocked)"),
    (
        ICharts::claimOfferCall::SELECTOR,
        "ClaimOffer(address chart,address key,bytes32 scope,bytes32 envelope,bytes32 r,bytes32 vs)",
    ),
    (ICharts::denyRequestCall::SELECTOR, "DenyRequest(address chart,address requester,bytes32 reason)"),
    (
        ICharts::grantAccessCall::SELECTOR,
        "GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)",
    ),
    (ICharts::logAccessCall::SELECTOR, "LogAccess(address chart,bytes32 scope)"),
    (
        ICharts::makeOfferCall::SELECTOR,
        "MakeOffer(address chart,address key,bytes32 scope,uint40 expiry,uint32 length,uint32 claims,bool emergency,bytes32 envelope)",
    ),
    (IMembers::proposeProfileCall::SELECTOR, "ProposeProfile(bytes32 profile,uint32 hospital)"),
    (IMembers::registerPatientCall::SELECTOR, "RegisterPatient(bytes32 card)"),
    (
        IMembers::registerProfessionalCall::SELECTOR,
        "RegisterProfessional(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)",
    ),
    (ICharts::removeRecordCall::SELECTOR, "RemoveRecord(address chart,bytes32 manifest)"),
    (
        ICharts::replaceRecordCall::SELECTOR,
        "ReplaceRecord(address chart,bytes32 previous,bytes32 manifest,bytes32 card)",
    ),
    (ICharts::requestAccessCall::SELECTOR, "RequestAccess(address chart,bytes32 reason)"),
    (ICharts::revokeAccessCall::SELECTOR, "RevokeAccess(address chart,bytes32 scope,address grantee)"),
    (IMembers::updateCardCall::SELECTOR, "UpdateCard(bytes32 previous,bytes32 card)"),
    (ICharts::vetoMoveCall::SELECTOR, "VetoMove(address chart)"),
    (ICharts::withdrawOfferCall::SELECTOR, "WithdrawOffer(address chart,address key,bytes32 scope)"),
];

/// A call is no act that a member can sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the call is not an act that a member can sign")]
pub struct NotAnAct;

/// Acts that one account does together, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acts {
    /// Who acts.
    pub account: Address,
    /// The encoded calls.
    pub steps: Vec<Octets>,
    /// The account's nonce at the contract.
    pub nonce: u64,
    /// The last block time at which they may be done, in seconds.
    pub deadline: u64,
}

/// Acts with the account's signature: anybody may send them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedActs {
    /// What was signed.
    #[serde(flatten)]
    pub acts: Acts,
    /// By a key, 65 bytes; by a contract (ERC-1271), what it understands.
    pub signature: Octets,
}

/// Typed data as `eth_signTypedData_v4` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TypedData {
    types: BTreeMap<String, Vec<Member>>,
    primary_type: &'static str,
    domain: Domain,
    message: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Member {
    name: String,
    #[serde(rename = "type")]
    of: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Domain {
    name: &'static str,
    version: &'static str,
    chain_id: u64,
    verifying_contract: Address,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Truth(bool),
    Struct(BTreeMap<String, Value>),
}

/// One act: its struct's name and members, and its words.
struct Act<'a> {
    definition: &'static str,
    words: &'a [u8],
}

impl<'a> Act<'a> {
    fn parse(step: &'a Octets) -> Result<Self, NotAnAct> {
        let (selector, words) = step.0.split_first_chunk::<4>().ok_or(NotAnAct)?;
        let (_, definition) = ACTS.iter().find(|(known, _)| known == selector).ok_or(NotAnAct)?;
        let act = Self { definition, words };
        if words.len() == 32 * act.members().count() { Ok(act) } else { Err(NotAnAct) }
    }

    fn name(&self) -> &'static str {
        self.definition.split('(').next().unwrap_or_default()
    }

    /// Type and name of each member.
    fn members(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        let list = self.definition.split(['(', ')']).nth(1).unwrap_or_default();
        list.split(',').filter_map(|member| member.split_once(' '))
    }

    fn hash(&self) -> B256 {
        keccak256([keccak256(self.definition).as_slice(), self.words].concat())
    }

    fn message(&self) -> BTreeMap<String, Value> {
        let shown = self.members().zip(self.words.chunks_exact(32)).map(|((of, name), word)| {
            let number = || U256::from_be_slice(word);
            let value = match of {
                "address" => Value::Text(Address::from_word(B256::from_slice(word)).to_checksum(None)),
                "bytes32" => Value::Text(B256::from_slice(word).to_string()),
                "bool" => Value::Truth(!number().is_zero()),
                _ => Value::Text(number().to_string()),
            };
            (name.to_owned(), value)
        });
        shown.collect()
    }
}

impl Acts {
    fn parse(&self) -> Result<Vec<Act<'_>>, NotAnAct> {
        self.steps.iter().map(Act::parse).collect()
    }

    /// The members of the signed struct, in their order, as type and name.
    fn members(acts: &[Act<'_>]) -> Vec<(String, String)> {
        let member = |of: &str, name: &str| (of.to_owned(), name.to_owned());
        let numbered = acts.iter().enumerate().map(|(at, act)| (act.name().to_owned(), format!("act{}", at + 1)));
        let last = [member("uint256", "nonce"), member("uint256", "deadline")];
        std::iter::once(member("address", "account")).chain(numbered).chain(last).collect()
    }

    /// What the account signs.
    pub fn digest(&self, at: &Deployment) -> Result<B256, NotAnAct> {
        let acts = self.parse()?;
        let members: Vec<String> = Self::members(&acts).iter().map(|(of, name)| format!("{of} {name}")).collect();
        let named: BTreeSet<&str> = acts.iter().map(|act| act.definition).collect();
        let of_acts: String = named.into_iter().collect();
        let encoded_type = format!("Acts({}){of_acts}", members.join(","));
        let mut words = vec![keccak256(encoded_type), self.account.into_word()];
        words.extend(acts.iter().map(Act::hash));
        words.extend([B256::from(U256::from(self.nonce)), B256::from(U256::from(self.deadline))]);
        let hash = keccak256(words.concat());
        Ok(keccak256([b"\x19\x01", domain(at).separator().as_slice(), hash.as_slice()].concat()))
    }

    /// What a wallet is given to show and sign.
    pub fn typed_data(&self, at: &Deployment) -> Result<TypedData, NotAnAct> {
        let acts = self.parse()?;
        let member = |(of, name): (&str, &str)| Member { name: name.to_owned(), of: of.to_owned() };
        let mut types: BTreeMap<String, Vec<Member>> =
            acts.iter().map(|act| (act.name().to_owned(), act.members().map(member).collect())).collect();
        let of_acts = Self::members(&acts).into_iter().map(|(of, name)| Member { name, of }).collect();
        types.insert("Acts".to_owned(), of_acts);
        let of_domain =
            [("string", "name"), ("string", "version"), ("uint256", "chainId"), ("address", "verifyingContract")];
        types.insert("EIP712Domain".to_owned(), of_domain.map(member).into());
        let mut message: BTreeMap<String, Value> = acts
            .iter()
            .enumerate()
            .map(|(index, act)| (format!("act{}", index + 1), Value::Struct(act.message())))
            .collect();
        message.insert("account".to_owned(), Value::Text(self.account.to_checksum(None)));
        message.insert("nonce".to_owned(), Value::Text(self.nonce.to_string()));
        message.insert("deadline".to_owned(), Value::Text(self.deadline.to_string()));
        let domain = Domain { name: NAME, version: VERSION, chain_id: at.chain, verifying_contract: at.contract };
        Ok(TypedData { types, primary_type: "Acts", domain, message })
    }
}

impl SignedActs {
    /// The call that does what was signed.
    pub fn call(&self) -> Vec<u8> {
        let Acts { account, steps, nonce, deadline } = &self.acts;
        IActs::actSignedCall {
            account: *account,
            steps: steps.iter().map(|step| step.0.clone().into()).collect(),
            nonce: U256::from(*nonce),
            deadline: U256::from(*deadline),
            signature: self.signature.0.clone().into(),
        }
        .abi_encode()
    }
}

/// What an offer's key signs for the one who claims it.
pub fn claim_digest(at: &Deployment, chart: Address, scope: Scope, claimer: Address) -> B256 {
    OfferClaim { chart, scope: scope.into(), claimer }.eip712_signing_hash(&domain(at))
}

/// What the recovery key signs to move a chart.
pub fn move_digest(at: &Deployment, chart: Address, account: Address, nonce: u32) -> B256 {
    MoveChart { chart, account, nonce: U256::from(nonce) }.eip712_signing_hash(&domain(at))
}

const NAME: &str = "Medkey";
const VERSION: &str = "1";

fn domain(at: &Deployment) -> Eip712Domain {
    eip712_domain! {
        name: NAME,
        version: VERSION,
        chain_id: at.chain,
        verifying_contract: at.contract,
    }
}

#[cfg(test)]
mod tests;
