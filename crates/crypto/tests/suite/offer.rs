//! Offers: made by the patient, opened with the QR, claimed by one member.

use medkey_crypto::{
    envelope::{GrantedKey, HandedKey},
    offer::{self, OfferSecret, QrError},
    ring,
    vault::wallet,
};
use medkey_protocol::{
    Scope,
    acts::claim_digest,
    blocks::{Block, Envelope},
    ids::Fixed,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::{
    blocks::{doctor, first_ring, folder, introduction, laboratory},
    support::{DEPLOYMENT, DOCTOR, LABORATORY, PATIENT, Stream, chart, root},
    vault::expanded,
};

pub(crate) const ID: [u8; 32] = [0x0e; 32];

fn secret() -> OfferSecret {
    root(1).offer(&ID)
}

fn offered(rng: &mut Stream) -> Block<Envelope> {
    let (_, key) = first_ring(rng);
    let handed = HandedKey::Folder(&key);
    offer::make_offer(&chart(), &root(1), ID, folder().into(), handed, &introduction(), rng).unwrap()
}

#[test]
fn whoever_holds_the_qr_opens_the_offer_and_later_epochs() {
    let mut rng = Stream::new("offer");
    let (mut zero, key) = first_ring(&mut rng);
    let handed = HandedKey::Folder(&key);
    let block = offer::make_offer(&chart(), &root(1), ID, folder().into(), handed, &introduction(), &mut rng).unwrap();
    let text = secret().qr_text(&chart());
    let (scanned, context) = OfferSecret::parse_qr(&text).unwrap();
    assert_eq!(context, chart());
    let granted = offer::open_offer(&block, &scanned).unwrap();
    assert_eq!(granted.introduction, introduction());
    assert!(matches!(granted.key, GrantedKey::Folder(key) if ring::check(&zero.body, &key).is_ok()));

    ring::add_reader(&mut zero, &key, secret().reader().public(), &mut rng).unwrap();
    assert_eq!(ring::open_ring(&zero, &scanned.reader()).unwrap().public(), key.public());
    assert!(offer::open_offer(&block, &root(1).offer(&[0x0f; 32])).is_err());
    assert!(offer::open_offer(&block, &root(2).offer(&ID)).is_err());
}

#[test]
fn a_claim_is_signed_for_one_claimer_chart_and_scope() {
    let (secret, key) = (secret(), secret().signing_key().address());
    let signer = |chart, scope, claimer| {
        let (r, vs) = secret.sign_claim(&DEPLOYMENT, PATIENT, folder().into(), DOCTOR);
        wallet::recover_from_hash(&claim_digest(&DEPLOYMENT, chart, scope, claimer), &expanded(r, vs))
    };
    let scope = Scope::from(folder());
    assert_eq!(signer(PATIENT, scope, DOCTOR), Ok(key));
    assert_ne!(signer(PATIENT, scope, LABORATORY), Ok(key));
    assert_ne!(signer(LABORATORY, scope, DOCTOR), Ok(key));
    assert_ne!(signer(PATIENT, [1; 32].into(), DOCTOR), Ok(key));
}

#[test]
fn the_claimer_keeps_the_secret_and_nobody_else() {
    let rng = &mut Stream::new("claim");
    let scope = folder().into();
    let claim = offer::make_claim(&chart(), DOCTOR, doctor().public(), scope, &secret(), rng).unwrap();
    assert_eq!(offer::open_claim(&claim, &doctor()).unwrap().expose(), secret().expose());
    assert!(offer::open_claim(&claim, &laboratory()).is_err());
    let passed_on = Block { header: claim.header.with_party(LABORATORY), body: claim.body.clone() };
    assert!(offer::open_claim(&passed_on, &doctor()).is_err());
    let of_another_scope =
        Block { header: claim.header, body: Envelope { scope: [1; 32].into(), ..claim.body.clone() } };
    assert!(offer::open_claim(&of_another_scope, &doctor()).is_err());
    let with_an_id = Block { header: claim.header, body: Envelope { offer: Some(Fixed(ID)), ..claim.body } };
    assert!(offer::open_claim(&with_an_id, &doctor()).is_err());
}

#[test]
fn an_offer_is_no_grant_and_a_grant_no_offer() {
    let mut rng = Stream::new("not the other");
    let block = offered(&mut rng);
    assert!(medkey_crypto::envelope::open_envelope(&block, &secret().reader()).is_err());
    let without_id = Block { header: block.header, body: Envelope { offer: None, ..block.body } };
    assert!(offer::open_offer(&without_id, &secret()).is_err());
    assert!(medkey_crypto::envelope::open_envelope(&without_id, &secret().reader()).is_err());
    let (_, key) = first_ring(&mut rng);
    let handed = HandedKey::Folder(&key);
    let mut grant = medkey_crypto::envelope::make_envelope(
        &chart(),
        DOCTOR,
        doctor().public(),
        folder().into(),
        handed,
        &introduction(),
        &mut rng,
    )
    .unwrap();
    grant.body.offer = Some(Fixed(ID));
    assert!(medkey_crypto::envelope::open_envelope(&grant, &doctor()).is_err());
}

#[test]
fn what_is_no_offer_is_refused_with_a_sentence() {
    let text = secret().qr_text(&chart());
    let refusal = |text: &str| OfferSecret::parse_qr(text).map(|_| ()).unwrap_err();
    assert_eq!(refusal(&text.replacen(":1:", ":2:", 1)), QrError::Version);
    for other in
        ["", "https://example.org", "MEDKEY-RECOVERY:1:1:2:3:4", &text[..text.len() - 1], &format!("{}:0", *text)]
    {
        assert_eq!(refusal(other), QrError::NotAnOffer, "{other}");
    }
    assert!(OfferSecret::parse_qr(&format!("  {}\n", *text)).is_ok());
}
