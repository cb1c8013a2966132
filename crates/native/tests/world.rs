//! The world of the tests: chain and relay are of one mind.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use medkey_client::connect::Known;
use medkey_native::world::World;

#[tokio::test]
async fn people_are_known_to_chain_and_relay_for_what_they_are() {
    let world = World::start().await.unwrap();
    let medkey = |index| world.medkey(index).unwrap();
    assert_eq!(medkey(World::REGISTRAR).connect().await.unwrap(), Known::Registrar);
    assert_eq!(medkey(1).connect().await.unwrap(), Known::Stranger);
}

#[tokio::test]
async fn worlds_do_not_meet() {
    let (one, two) = (World::start().await.unwrap(), World::start().await.unwrap());
    assert_ne!(one.relay().address(), two.relay().address());
    assert_ne!(one.chain().address(), two.chain().address());
    assert_eq!(one.deployment(), two.deployment(), "the contract has the same address everywhere");
}
