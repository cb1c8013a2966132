//! The digests are computed a second time, type strings written out; the structs are compared with the functions.

use alloy_primitives::{address, b256};
use alloy_sol_types::SolValue;
use serde_json::json;

use super::*;
use crate::contract::{ICharts::IChartsCalls, IMembers::IMembersCalls};

const AT: Deployment =
    Deployment { chain: 31337, contract: address!("c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"), block: 1 };
const CHART: Address = address!("00000000219ab540356cbb839cbe05303d7705fa");
const DOCTOR: Address = address!("1111111111111111111111111111111111111111");
const SCOPE: B256 = b256!("5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c");
const CARD: B256 = b256!("caca000000000000000000000000000000000000000000000000000000000000");
const NEXT: B256 = b256!("cbcb000000000000000000000000000000000000000000000000000000000000");

fn renewal() -> Acts {
    let revoke = ICharts::revokeAccessCall { chart: CHART, scope: SCOPE, grantee: DOCTOR }.abi_encode();
    let update = IMembers::updateCardCall { previous: CARD, card: NEXT }.abi_encode();
    Acts { account: CHART, steps: vec![Octets(revoke), Octets(update)], nonce: 7, deadline: 1_800_000_600 }
}

#[test]
fn every_struct_has_the_parameters_of_its_function() {
    let signature = |selector: [u8; 4]| {
        IChartsCalls::signature_by_selector(selector).or_else(|| IMembersCalls::signature_by_selector(selector))
    };
    for (selector, definition) in ACTS {
        let act = Act { definition, words: &[] };
        let types: Vec<&str> = act.members().map(|(of, _)| of).collect();
        let signature = signature(selector).unwrap();
        let (name, parameters) = signature.split_once('(').unwrap();
        assert_eq!(parameters.trim_matches(['(', ')']), types.join(","), "{name}");
        let mut capital = name.to_owned();
        capital[..1].make_ascii_uppercase();
        assert_eq!(act.name(), capital);
    }
    assert!(ACTS.is_sorted_by_key(|(_, definition)| *definition));
}

#[test]
fn what_is_signed_is_what_eip_712_says() {
    let word = |number: u64| B256::from(U256::from(number));
    let of = |text: &str| keccak256(text);
    let revoke =
        keccak256((of("RevokeAccess(address chart,bytes32 scope,address grantee)"), CHART, SCOPE, DOCTOR).abi_encode());
    let update = keccak256((of("UpdateCard(bytes32 previous,bytes32 card)"), CARD, NEXT).abi_encode());
    let acts = of("Acts(address account,RevokeAccess act1,UpdateCard act2,uint256 nonce,uint256 deadline)\
         RevokeAccess(address chart,bytes32 scope,address grantee)UpdateCard(bytes32 previous,bytes32 card)");
    let message = keccak256((acts, CHART, revoke, update, word(7), word(1_800_000_600)).abi_encode());
    let domain = keccak256(
        (
            of("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
            of("Medkey"),
            of("1"),
            word(31337),
            AT.contract,
        )
            .abi_encode(),
    );
    let expected = keccak256([b"\x19\x01", domain.as_slice(), message.as_slice()].concat());
    assert_eq!(renewal().digest(&AT), Ok(expected));
}

#[test]
fn a_wallet_is_shown_each_act_by_its_fields() {
    let shown = serde_json::to_value(renewal().typed_data(&AT).unwrap()).unwrap();
    assert_eq!(shown["primaryType"], "Acts");
    assert_eq!(
        shown["types"]["Acts"],
        json!([
            { "name": "account", "type": "address" },
            { "name": "act1", "type": "RevokeAccess" },
            { "name": "act2", "type": "UpdateCard" },
            { "name": "nonce", "type": "uint256" },
            { "name": "deadline", "type": "uint256" },
        ])
    );
    assert_eq!(
        shown["message"]["act1"],
        json!({ "chart": CHART.to_checksum(None), "scope": SCOPE.to_string(), "grantee": DOCTOR.to_checksum(None) })
    );
    assert_eq!(shown["message"]["nonce"], "7");
    assert_eq!(shown["domain"]["verifyingContract"], AT.contract.to_string().to_lowercase());
}

#[test]
fn what_is_no_act_is_refused() {
    let with = |step: Vec<u8>| Acts { steps: vec![Octets(step)], ..renewal() };
    let whole = renewal().steps.remove(0).0;
    for step in
        [Vec::new(), vec![0; 3], vec![0; 36], whole[..whole.len() - 1].to_vec(), [&whole[..], &[0; 32]].concat()]
    {
        assert_eq!(with(step.clone()).digest(&AT), Err(NotAnAct));
        assert!(with(step).typed_data(&AT).is_err());
    }
    let verify = IMembers::verifyCall { member: DOCTOR, profile: CARD, hospital: 0 }.abi_encode();
    assert_eq!(with(verify).digest(&AT), Err(NotAnAct));
}
