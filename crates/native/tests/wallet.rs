//! The wallet against a real node with the contract.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use alloy::primitives::{Signature, U256};
use medkey_client::ports::{Clock, Ports, ReadAt, Receipt, Wallet, WalletError};
use medkey_native::{
    KeyWallet, NativePorts,
    world::{Anvil, World, included},
};
use medkey_protocol::{
    Address, B256, SolCall, SolError,
    contract::IMembers::{AlreadyRegistered, registerPatientCall, viewMemberCall},
};

async fn register(person: &NativePorts, world: &World) -> Result<B256, WalletError> {
    let call = registerPatientCall { card: B256::repeat_byte(7) };
    person.wallet().send(world.deployment().contract, call.abi_encode()).await
}

async fn view(person: &NativePorts, contract: Address, at: ReadAt) -> Result<Vec<u8>, WalletError> {
    let call = viewMemberCall { member: person.wallet().account() };
    person.wallet().call(contract, call.abi_encode(), at).await
}

#[tokio::test]
async fn a_transaction_is_sent_included_and_read_at_its_block() {
    let world = World::start().await.unwrap();
    let person = world.person(1).unwrap();
    let contract = world.deployment().contract;

    let transaction = register(&person, &world).await.unwrap();
    let Receipt { block, succeeded, gas } = included(person.wallet(), transaction).await.unwrap();
    assert!(succeeded);
    assert!(gas > 21_000);

    let answer = view(&person, contract, ReadAt::Block(block)).await.unwrap();
    let member = viewMemberCall::abi_decode_returns(&answer).unwrap();
    assert_eq!(member._1.blockNumber, U256::from(block));
    assert_eq!(member._1.chainId, U256::from(Anvil::CHAIN));
    assert_eq!(view(&person, contract, ReadAt::Newest).await.unwrap(), answer);
    assert_eq!(person.wallet().receipt(B256::repeat_byte(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_refusal_carries_the_contracts_reason() {
    let world = World::start().await.unwrap();
    let person = world.person(1).unwrap();
    included(person.wallet(), register(&person, &world).await.unwrap()).await.unwrap();

    let Err(WalletError::Reverted(data)) = register(&person, &world).await else { panic!("registered twice") };
    let reason = AlreadyRegistered::abi_decode(&data).unwrap();
    assert_eq!(reason.member, person.wallet().account());
}

#[tokio::test]
async fn what_a_node_cannot_answer_is_told_apart() {
    let world = World::start().await.unwrap();
    let contract = world.deployment().contract;
    let person = world.person(1).unwrap();

    assert_eq!(view(&person, contract, ReadAt::Block(1_000_000)).await, Err(WalletError::UnknownBlock));
    let nobody = Address::repeat_byte(0x11);
    assert_eq!(view(&person, nobody, ReadAt::Newest).await, Err(WalletError::Unreachable), "no code there");

    let poor = world.person(Anvil::ACCOUNTS).unwrap();
    assert_eq!(register(&poor, &world).await, Err(WalletError::NoFunds));

    let elsewhere = KeyWallet::from_words(Anvil::WORDS, 1, world.chain().address(), 1).unwrap();
    assert_eq!(elsewhere.send(contract, Vec::new()).await, Err(WalletError::WrongChain));

    drop(world);
    assert_eq!(view(&person, contract, ReadAt::Newest).await, Err(WalletError::Unreachable), "the node has ended");
}

#[tokio::test]
async fn a_signed_text_names_its_account() {
    let world = World::start().await.unwrap();
    let person = world.person(1).unwrap();
    let signed = person.wallet().sign_text("open").await.unwrap();
    assert_eq!(signed, person.wallet().sign_text("open").await.unwrap(), "the same text gives the same bytes");
    let signature = Signature::from_raw(&signed).unwrap();
    assert_eq!(signature.recover_address_from_msg("open").unwrap(), person.wallet().account());
}

#[tokio::test]
async fn time_passes_for_the_chain_and_for_people() {
    const DAY: u64 = 24 * 60 * 60;
    let world = World::start().await.unwrap();
    let person = world.person(1).unwrap();
    let contract = world.deployment().contract;
    let time = async || {
        let answer = view(&person, contract, ReadAt::Newest).await.unwrap();
        (viewMemberCall::abi_decode_returns(&answer).unwrap()._1.time.to::<u64>(), person.clock().now())
    };

    let (chain, clock) = time().await;
    world.pass(DAY).await.unwrap();
    let (chain_later, clock_later) = time().await;
    assert!(chain_later >= chain + DAY);
    assert!(clock_later >= clock + DAY);
}
