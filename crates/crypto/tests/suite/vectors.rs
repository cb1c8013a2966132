//! The pinned vectors of SPEC.md: made again byte for byte, and opened from the file alone.
//!
//! They are written once with `MEDKEY_WRITE_VECTORS=1 cargo test -p medkey-crypto vectors`; a change of a pinned file
//! is a change of the format.

use medkey_crypto::{
    BodyKey, RecordKey,
    card::{make_card, make_slot, open_slot, recover_root},
    content::ContentHasher,
    envelope::{self, GrantedKey, HandedKey},
    fingerprint::fingerprint,
    floe::Parameters,
    kept::KeptKey,
    manifest::{self, Filing, Reader, Stored},
    notebook,
    offer::{self, OfferSecret},
    padding, reason, ring,
    vault::{
        self, RecoveryCode, WalletKey,
        wallet::{recover_signer, unlock_message},
    },
};
use medkey_protocol::{
    Scope,
    acts::move_digest,
    blocks::{Block, Body, Passkey},
    ids::{Fixed, Octets},
};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::{
    blocks::{
        asking, delivered, doctor, first_ring, folder, introduction, laboratory, link, meta, name, pages, patient,
        stored,
    },
    floe::{open, seal},
    support::{DEPLOYMENT, DOCTOR, LABORATORY, PATIENT, Stream, chart, hex, pattern, root, unhex},
    vault::{passkey_key, sign, site},
};

/// Compares with the pinned file, or writes it when asked to.
macro_rules! pinned {
    ($file:literal, $made:expr) => {{
        let made: Value = $made;
        #[cfg(not(target_arch = "wasm32"))]
        if std::env::var_os("MEDKEY_WRITE_VECTORS").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/", $file);
            std::fs::write(path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
        }
        let pinned: Value = serde_json::from_str(include_str!(concat!("../../vectors/", $file))).unwrap();
        assert_eq!(made, pinned, "{} changed", $file);
    }};
}

fn record_key() -> RecordKey {
    RecordKey::make(&mut Stream::new("vector record key"))
}

fn block<B: Body>(block: &Block<B>) -> Value {
    let encoded = block.encode().unwrap();
    json!({ "block": hex(&encoded.bytes), "digest": encoded.digest.to_string(), "cid": encoded.link().to_string() })
}

#[test]
fn floe_is_pinned() {
    let key = [0x42; 32];
    let vectors: Vec<Value> = [(64, 0), (64, 32), (64, 80), (262_144, 262_113)]
        .into_iter()
        .map(|(segment, length)| {
            let parameters = Parameters::with_segment_length(segment).unwrap();
            let plaintext = pattern(length);
            let mut rng = Stream::new("vector floe");
            let sealed = seal(parameters, &BodyKey::from_bytes(&key), b"aad", &plaintext, &mut rng);
            assert_eq!(open(parameters, &BodyKey::from_bytes(&key), b"aad", &sealed), Ok(plaintext));
            // The long one is named by its hash.
            let shown = if sealed.len() < 1000 { hex(&sealed) } else { digest(&sealed) };
            json!({ "segment": segment, "plaintext_length": length, "ciphertext": shown })
        })
        .collect();
    let random = "SHA-256(\"vector floe\" || counter): IV, then a nonce per segment";
    let plaintext = "byte i is i mod 251";
    pinned!(
        "floe.json",
        json!({ "key": hex(key), "aad": hex(b"aad"), "random": random, "plaintext": plaintext, "vectors": vectors })
    );
}

fn digest(bytes: &[u8]) -> String {
    format!("sha-256:{}", hex(medkey_protocol::Digest::of(bytes).bytes()))
}

#[test]
fn keys_are_pinned() {
    let (root, record) = (root(1), record_key());
    let folder_key = root.folder(folder().bytes(), 7, &[0x5a; 32]);
    pinned!(
        "keys.json",
        json!({
            "root": hex(root.expose()),
            "identity": hex(root.identity().public().as_bytes()),
            "identity_id": root.identity().public().id().to_string(),
            "fingerprint": fingerprint(root.identity().public()),
            "sign_in": hex(root.sign_in().public()),
            "folder": {
                "id": hex(folder().bytes()), "epoch": 7, "salt": hex([0x5a; 32]),
                "key": hex(folder_key.public().as_bytes()),
            },
            "record": {
                "key": hex(record.expose()),
                "commit": hex(record.commit()),
                "body": hex(record.body().expose()),
            },
        })
    );
}

#[test]
fn what_a_device_keeps_is_pinned() {
    let (key, bytes) = (KeptKey::derive(&root(1), &chart(), "index 0"), b"index of a chart");
    let kept = key.seal(bytes, &mut Stream::new("vector kept")).unwrap();
    assert_eq!(key.open(&kept).unwrap().as_slice(), bytes);
    pinned!("kept.json", json!({ "what": "index 0", "bytes": hex(bytes), "name": key.name(), "kept": hex(&kept) }));
}

#[test]
fn padding_and_content_are_pinned() {
    let lengths: Vec<_> = [0, 1, 512, 513, 1000, 65_537, 1_000_000, 209_715_200, 5_000_000_000]
        .into_iter()
        .map(|length: u64| json!([length, padding::body_length(length)]))
        .collect();
    let contents: Vec<_> = [0, 1, 1 << 20, (1 << 20) + 1, 3_000_000]
        .into_iter()
        .map(|length: usize| {
            let mut hasher = ContentHasher::new(&[0x5a; 32]);
            hasher.update(&pattern(length));
            json!([length, hex(hasher.finish())])
        })
        .collect();
    pinned!(
        "content.json",
        json!({
            "body_length": lengths,
            "salt": hex([0x5a; 32]), "plaintext": "byte i is i mod 251", "content": contents,
        })
    );
}

#[test]
fn the_vault_is_pinned() {
    let mut rng = Stream::new("vector vault");
    let account = sign("").0;
    let message = unlock_message(&site(), account).unwrap();
    let (_, signature) = sign(&message);
    assert_eq!(recover_signer(&message, &signature), Ok(account));
    let wallet = WalletKey::from_signature(&message, account, &signature).unwrap();
    let code = RecoveryCode::make(&mut rng);
    let locked =
        |locked: medkey_protocol::blocks::Locked| json!({ "salt": hex(locked.salt.0), "ct": hex(locked.ct.0) });
    pinned!(
        "vault.json",
        json!({
            "chain": DEPLOYMENT.chain, "contract": hex(DEPLOYMENT.contract), "member": hex(PATIENT),
            "root": hex([1; 32]),
            "wallet": {
                "private": hex([7; 32]), "account": account.to_checksum(None), "message": message,
                "signature": hex(signature),
                "locked": locked(vault::lock(&root(1), &wallet, &chart(), &mut rng)),
            },
            "recovery": {
                "code": hex(code.expose()), "text": *code.text(), "qr": *code.qr_text(&chart()),
                "address": code.signing_key().address().to_checksum(None),
                "locked": locked(vault::lock(&root(1), &code, &chart(), &mut rng)),
            },
            "former": {
                "newer_root": hex([9; 32]),
                "locked": locked(vault::lock(&root(1), &root(9), &chart(), &mut rng)),
            },
            "passkey": {
                "output": hex(passkey_key().expose()),
                "locked": locked(vault::lock(&root(1), &passkey_key(), &chart(), &mut rng)),
            },
        })
    );
}

#[test]
fn blocks_are_pinned() {
    let rng = &mut Stream::new("vector blocks");
    let code = RecoveryCode::make(rng);
    let message = unlock_message(&site(), sign("").0).unwrap();
    let (account, signature) = sign(&message);
    let wallet = WalletKey::from_signature(&message, account, &signature).unwrap();
    let slot = make_slot(&chart(), "medkey.example", &root(1), &wallet, rng);
    let (mut zero, key0) = first_ring(rng);
    ring::add_reader(&mut zero, &key0, doctor().public(), rng).unwrap();
    let readers = [doctor().public().clone()];
    let (one, key1) = ring::renew_ring(&root(1), &zero, link(&zero), &key0, &readers, rng).unwrap();
    let mut card = make_card(&chart(), &root(1), &code, rng);
    card.body.slots = vec![link(&slot)];
    let key = record_key();
    let first = delivered(key0.public(), &key, rng);
    let owner = patient();
    let context = chart();
    let filing = Filing {
        context: &context,
        author: PATIENT,
        folder: folder(),
        epoch: 1,
        owner_key: owner.public(),
        folder_key: key1.public(),
        author_key: None,
    };
    let refiled =
        manifest::make_manifest(&filing, &Stored::again(&first.body, link(&first)), &key, &meta(80), rng).unwrap();
    let mut grant = |scope, handed| {
        envelope::make_envelope(&chart(), DOCTOR, doctor().public(), scope, handed, &introduction(), rng).unwrap()
    };
    let of_folder = grant(folder().into(), HandedKey::Folder(&key1));
    let of_record = grant(stored().id.into(), HandedKey::Record(&key));
    let reason = reason::make_reason(&chart(), DOCTOR, owner.public(), &asking(), rng).unwrap();
    let mut slot_passkey = make_slot(&chart(), "medkey.example", &root(1), &passkey_key(), rng);
    slot_passkey.body.passkey = Some(Passkey { id: Octets(vec![7; 16]), salt: Fixed([6; 32]) });
    slot_passkey.body.made = Some(1_795_161_600);
    let mut slot_account = make_slot(&chart(), "medkey.example", &root(1), &wallet, rng);
    slot_account.body.account = Some(Fixed(account.0.0));
    pinned!(
        "blocks.json",
        json!({
            "roots": { "patient": hex([1; 32]), "doctor": hex([2; 32]), "laboratory": hex([3; 32]) },
            "recovery_code": *code.text(),
            "record_key": hex(key.expose()),
            "slot": block(&slot),
            "card": block(&card),
            "ring_0": block(&zero),
            "ring_1": block(&one),
            "manifest": block(&first),
            "manifest_refiled": block(&refiled),
            "envelope_folder": block(&of_folder),
            "envelope_record": block(&of_record),
            "reason": block(&reason),
            "slot_passkey": block(&slot_passkey),
            "slot_account": block(&slot_account),
        })
    );
}

#[test]
fn offers_are_pinned() {
    let rng = &mut Stream::new("vector offers");
    let (id, scope) = (crate::offer::ID, Scope::from(folder()));
    let secret = root(1).offer(&id);
    let (_, key) = first_ring(rng);
    let handed = HandedKey::Folder(&key);
    let made = offer::make_offer(&chart(), &root(1), id, scope, handed, &introduction(), rng).unwrap();
    let claim = offer::make_claim(&chart(), DOCTOR, doctor().public(), scope, &secret, rng).unwrap();
    let (r, vs) = secret.sign_claim(&DEPLOYMENT, PATIENT, scope, DOCTOR);
    let code = RecoveryCode::make(rng);
    let moved = move_digest(&DEPLOYMENT, PATIENT, LABORATORY, 1);
    let (move_r, move_vs) = code.signing_key().sign(moved);
    pinned!(
        "offers.json",
        json!({
            "root": hex([1; 32]), "id": hex(id), "scope": scope.to_string(),
            "secret": hex(secret.expose()),
            "qr": *secret.qr_text(&chart()),
            "key": secret.signing_key().address().to_checksum(None),
            "reader": hex(secret.reader().public().as_bytes()),
            "offer": block(&made),
            "claim": block(&claim),
            "claimer": DOCTOR.to_checksum(None),
            "claim_signature": { "r": r.to_string(), "vs": vs.to_string() },
            "move": {
                "recovery_code": *code.text(), "account": LABORATORY.to_checksum(None), "nonce": 1,
                "hash": moved.to_string(), "r": move_r.to_string(), "vs": move_vs.to_string(),
            },
        })
    );
}

#[test]
fn pinned_offers_open() {
    let vectors: Value = serde_json::from_str(include_str!("../../vectors/offers.json")).unwrap();
    let (secret, context) = OfferSecret::parse_qr(vectors["qr"].as_str().unwrap()).unwrap();
    assert_eq!((context, hex(secret.expose())), (chart(), vectors["secret"].as_str().unwrap().to_owned()));
    assert_eq!(offer::open_offer(&read(&vectors, "offer"), &secret).unwrap().introduction, introduction());
    assert_eq!(offer::open_claim(&read(&vectors, "claim"), &doctor()).unwrap().expose(), secret.expose());
}

#[test]
fn the_notebook_is_pinned() {
    let rng = &mut Stream::new("vector notebook");
    let made = notebook::make_notebook(&chart(), &root(1), (3, 7), &pages(), rng).unwrap();
    pinned!(
        "notebook.json",
        json!({
            "root": hex([1; 32]), "generation": 3, "counter": 7,
            "pages": { "renewed": 1234, "other": "kept as it is" },
            "notebook": block(&made),
        })
    );
}

#[test]
fn a_pinned_notebook_opens() {
    let vectors: Value = serde_json::from_str(include_str!("../../vectors/notebook.json")).unwrap();
    let opened = notebook::open_notebook(&read(&vectors, "notebook"), &root(1)).unwrap();
    assert_eq!(opened, pages());
    assert_eq!(opened.read("renewed"), Ok(Some(1234_u64)));
    assert_eq!(opened.read::<u64>("nothing"), Ok(None));
    assert!(opened.read::<String>("renewed").is_err());
}

fn read<B: Body>(vectors: &Value, name: &str) -> Block<B> {
    Block::parse(&unhex(&vectors[name]["block"]), &DEPLOYMENT).unwrap()
}

#[test]
fn pinned_blocks_open() {
    let vectors: Value = serde_json::from_str(include_str!("../../vectors/blocks.json")).unwrap();
    let code = RecoveryCode::parse(vectors["recovery_code"].as_str().unwrap()).unwrap();
    assert_eq!(recover_root(&read(&vectors, "card"), &code).unwrap().expose(), &[1; 32]);
    let message = unlock_message(&site(), sign("").0).unwrap();
    let (account, signature) = sign(&message);
    let wallet = WalletKey::from_signature(&message, account, &signature).unwrap();
    for slot in ["slot", "slot_account"] {
        assert_eq!(open_slot(&read(&vectors, slot), &wallet).unwrap().expose(), &[1; 32]);
    }
    assert_eq!(open_slot(&read(&vectors, "slot_passkey"), &passkey_key()).unwrap().expose(), &[1; 32]);

    let (zero, one) = (read(&vectors, "ring_0"), read(&vectors, "ring_1"));
    let key1 = ring::open_ring(&one, &doctor()).unwrap();
    let key0 = ring::open_previous(&one, &key1, &zero).unwrap();
    assert_eq!(ring::open_name(&one, &key1), Ok(name()));
    assert_eq!(ring::derive_key(&zero.body, &root(1)).unwrap().public(), key0.public());

    let (first, refiled) = (read(&vectors, "manifest"), read(&vectors, "manifest_refiled"));
    let key = unhex(&vectors["record_key"]);
    for (block, reader) in [
        (&first, Reader::Owner(&patient())),
        (&first, Reader::Folder(&key0)),
        (&first, Reader::Author(&laboratory())),
        (&refiled, Reader::Owner(&patient())),
        (&refiled, Reader::Folder(&key1)),
    ] {
        let opened = manifest::open_manifest(block, reader).unwrap();
        assert_eq!((opened.key.expose().as_slice(), opened.meta), (&key[..], meta(80)));
    }
    assert_eq!(refiled.body.origin, Some(link(&first)));

    let granted = envelope::open_envelope(&read(&vectors, "envelope_folder"), &doctor()).unwrap();
    assert_eq!(granted.introduction, introduction());
    assert!(matches!(granted.key, GrantedKey::Folder(key) if ring::check(&one.body, &key).is_ok()));
    let granted = envelope::open_envelope(&read(&vectors, "envelope_record"), &doctor()).unwrap();
    assert!(matches!(granted.key, GrantedKey::Record(record) if record.expose()[..] == key));
    assert_eq!(reason::open_reason(&read(&vectors, "reason"), &patient()), Ok(asking()));
}
