use proptest::prelude::*;

use super::*;

fn deployment() -> Deployment {
    Deployment { chain: 31337, contract: Address::repeat_byte(0xc0), block: 1 }
}

fn card() -> Block<Card> {
    Block {
        header: Header::new(&deployment(), Address::repeat_byte(1)).with_party(Address::repeat_byte(0xaa)),
        body: Card {
            generation: 0,
            identity: Octets(vec![3; PUBLIC_KEY]),
            signin: Fixed([4; 32]),
            folders: vec![FolderEntry {
                id: [5; 32].into(),
                category: Some(Category::General),
                ring: Digest::of(b"ring").link(),
            }],
            recovery: Locked { salt: Fixed([6; 32]), ct: Octets(vec![7; 48]) },
            slots: vec![],
            former: vec![],
        },
    }
}

fn profile() -> Block<Profile> {
    let text = String::from("x");
    Block {
        header: Header::new(&deployment(), Address::repeat_byte(1)),
        body: Profile {
            name: text.clone(),
            profession: text.clone(),
            specialty: text.clone(),
            qualification: text.clone(),
            licence: text.clone(),
            languages: vec![],
            phone: text.clone(),
            email: text.clone(),
            address: text,
        },
    }
}

fn slot() -> Block<Slot> {
    Block {
        header: Header::new(&deployment(), Address::repeat_byte(1)),
        body: Slot {
            domain: "medkey.example".into(),
            account: None,
            passkey: None,
            made: None,
            root: Locked { salt: Fixed([6; 32]), ct: Octets(vec![7; 48]) },
        },
    }
}

#[test]
fn the_recovery_address_has_one_place() {
    for chain in [1, 300, u64::from(u32::MAX), u64::MAX] {
        let mut block = card();
        block.header.chain = chain;
        let bytes = block.encode().unwrap().bytes;
        assert_eq!(&bytes[RECOVERY_OFFSET..RECOVERY_OFFSET + 20], Address::repeat_byte(0xaa).as_slice());
    }
}

#[test]
fn reading_gives_what_was_written() {
    let encoded = card().encode().unwrap();
    assert_eq!(Block::parse(&encoded.bytes, &deployment()), Ok(card()));
    assert_eq!(encoded.digest, Digest::of(&encoded.bytes));
}

#[test]
fn somebody_elses_block_is_refused() {
    let bytes = card().encode().unwrap().bytes;
    let (me, other) = (Address::repeat_byte(1), Address::repeat_byte(2));
    assert_eq!(Block::<Card>::parse_of(&bytes, &deployment(), other), Err(BlockError::Owner));
    assert_eq!(Block::<Card>::parse_between(&bytes, &deployment(), me, other), Err(BlockError::Owner));
    let elsewhere = Deployment { chain: 1, ..deployment() };
    assert_eq!(Block::<Card>::parse(&bytes, &elsewhere), Err(BlockError::Deployment));
    assert_eq!(Block::<Profile>::parse(&bytes, &deployment()), Err(BlockError::Kind));
}

#[test]
fn another_version_is_named() {
    let mut bytes = profile().encode().unwrap().bytes;
    bytes[1] = 2;
    assert_eq!(Block::<Profile>::parse(&bytes, &deployment()), Err(BlockError::Version(2)));
}

#[test]
fn a_party_is_there_exactly_where_the_kind_has_one() {
    let mut block = profile();
    block.header.party = Some(Address::ZERO);
    assert_eq!(block.encode(), Err(BlockError::Owner));
}

#[test]
fn an_unknown_field_is_refused() {
    let p = profile();
    let fields = [("name", "x"), ("profession", "x"), ("surprise", "x")];
    let map: std::collections::BTreeMap<_, _> = fields.into_iter().collect();
    let header = (VERSION, Kind::Profile as u8, Fixed(p.header.chain.to_be_bytes()));
    let owner = (Fixed(p.header.contract.0.0), Fixed(p.header.subject.0.0), Octets(vec![]));
    let wire = (header.0, header.1, header.2, owner.0, owner.1, owner.2, map);
    let bytes = serde_ipld_dagcbor::to_vec(&wire).unwrap();
    assert_eq!(Block::<Profile>::parse(&bytes, &deployment()), Err(BlockError::Malformed));
}

#[test]
fn too_large_is_refused_before_reading() {
    let bytes = vec![0; Kind::Slot.limit() + 1];
    assert_eq!(Block::<Slot>::parse(&bytes, &deployment()), Err(BlockError::TooLarge));
}

#[test]
fn a_slot_is_a_wallets_or_a_passkeys() {
    let at = deployment();
    let passkey = |length| Passkey { id: Octets(vec![8; length]), salt: Fixed([9; 32]) };
    let account = Some(Fixed([2; 20]));
    let mut wallets = slot();
    wallets.body.account = account;
    wallets.body.made = Some(1_795_161_600);
    let mut longest = slot();
    longest.body.passkey = Some(passkey(Passkey::MAX_ID));
    longest.body.made = Some(u64::MAX);
    for sound in [slot(), wallets, longest.clone()] {
        assert_eq!(Block::parse(&sound.encode().unwrap().bytes, &at), Ok(sound));
    }
    let mut both = longest;
    both.body.account = account;
    assert_eq!(both.encode(), Err(BlockError::Malformed));
    for length in [0, Passkey::MAX_ID + 1] {
        let mut unsound = slot();
        unsound.body.passkey = Some(passkey(length));
        assert_eq!(unsound.encode(), Err(BlockError::Malformed));
    }

    // Written all the same, it is not read either.
    let header = both.header;
    let wire = (VERSION, Kind::Slot as u8, Fixed(header.chain.to_be_bytes()), Fixed(header.contract.0.0));
    let wire = (wire.0, wire.1, wire.2, wire.3, Fixed(header.subject.0.0), Octets(vec![]), &both.body);
    let bytes = serde_ipld_dagcbor::to_vec(&wire).unwrap();
    assert_eq!(Block::<Slot>::parse(&bytes, &at), Err(BlockError::Malformed));
}

proptest! {
    /// Whatever bytes are read as a block, writing it gives the same bytes.
    #[test]
    fn only_the_canonical_form_is_read(at in 0usize..1600, bit in 0u8..8) {
        let mut bytes = card().encode().unwrap().bytes;
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(block) = Block::<Card>::parse(&bytes, &deployment()) {
            prop_assert_eq!(block.encode().unwrap().bytes, bytes);
        }
    }
}
