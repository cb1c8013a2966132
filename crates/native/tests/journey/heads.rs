//! Every event of a chart folds to the head that the contract keeps, and the client reads it as what it is.

use medkey_client::{
    Asking, Medkey,
    ports::{Ports, ReadAt, Wallet},
    read_chart::{ReadChart, Seal},
    register::Joining,
};
use medkey_crypto::RootSecret;
use medkey_native::{
    NativePorts,
    world::{World, included},
};
use medkey_protocol::{
    Digest, Scope, SolCall, Uint40,
    chart::{ChartEvent, fold_all},
    contract::ICharts,
};

use crate::people::{DAY, DOCTOR, PATIENT, QUIET, doctor, patient};

/// Sends a call as it is and waits until the relay has it.
async fn send(person: &impl Ports, world: &World, call: impl SolCall) {
    let transaction = person.wallet().send(world.deployment().contract, call.abi_encode()).await.unwrap();
    assert!(included(person.wallet(), transaction).await.unwrap().succeeded);
    world.settle().await.unwrap();
}

#[tokio::test]
async fn every_event_folds_to_the_head() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let (chart, other) = (patient.address(), doctor.address());
    let scope = Scope::from(patient.laboratory());
    let digest = |byte: u8| Digest::from([byte; 32]);
    let (a, b) = (patient.app.ports(), doctor.app.ports());
    let card = patient.me.card().digest.into();
    let expiry = patient.chart().await.time + DAY;
    let w = &world;

    let mut happened = Vec::new();
    let mut expect = async |event: ChartEvent| {
        happened.push(event);
        let read = patient.chart().await;
        let events: Vec<ChartEvent> = read.entries.iter().skip(1).map(|entry| entry.event.clone()).collect();
        assert_eq!(events, happened, "“About me”, then what happened");
        let call = ICharts::viewChartCall { chart }.abi_encode();
        let answer = a.wallet().call(w.deployment().contract, call, ReadAt::Newest).await.unwrap();
        let on_chain = ICharts::viewChartCall::abi_decode_returns(&answer).unwrap()._0;
        assert_eq!(fold_all(chart, &read.entries), on_chain.head);
    };

    send(a, w, ICharts::addRecordCall { chart, manifest: digest(1).into(), card }).await;
    expect(ChartEvent::RecordAdded { author: chart, manifest: digest(1) }).await;
    send(b, w, ICharts::addRecordCall { chart, manifest: digest(2).into(), card }).await;
    expect(ChartEvent::RecordAdded { author: other, manifest: digest(2) }).await;
    send(a, w, ICharts::replaceRecordCall { chart, previous: digest(1).into(), manifest: digest(3).into(), card })
        .await;
    expect(ChartEvent::RecordReplaced { previous: digest(1), manifest: digest(3) }).await;
    send(a, w, ICharts::removeRecordCall { chart, manifest: digest(3).into() }).await;
    expect(ChartEvent::RecordRemoved { manifest: digest(3) }).await;
    send(b, w, ICharts::requestAccessCall { chart, reason: digest(4).into() }).await;
    expect(ChartEvent::AccessRequested { requester: other, reason: digest(4) }).await;
    send(a, w, ICharts::denyRequestCall { chart, requester: other, reason: digest(4).into() }).await;
    expect(ChartEvent::RequestDenied { requester: other, reason: digest(4) }).await;
    let envelope = digest(5);
    let until = Uint40::saturating_from(expiry);
    let grant = ICharts::grantAccessCall {
        chart,
        grantee: other,
        scope: scope.into(),
        expiry: until,
        envelope: envelope.into(),
    };
    send(a, w, grant).await;
    expect(ChartEvent::AccessGranted { grantee: other, scope, expiry, envelope }).await;
    send(b, w, ICharts::logAccessCall { chart, scope: scope.into() }).await;
    expect(ChartEvent::AccessLogged { grantee: other, scope }).await;
    send(a, w, ICharts::revokeAccessCall { chart, grantee: other, scope: scope.into() }).await;
    expect(ChartEvent::AccessRevoked { grantee: other, scope }).await;
    for blocked in [true, false] {
        send(a, w, ICharts::blockAuthorCall { chart, author: other, blocked }).await;
        expect(ChartEvent::AuthorBlocked { author: other, blocked }).await;
    }
    let secret = RootSecret::make(&mut a.rng()).offer(&[0; 32]);
    let key = secret.signing_key().address();
    let terms = ICharts::OfferTerms {
        chart,
        key,
        scope: scope.into(),
        expiry: until,
        length: 60,
        claims: 2,
        emergency: true,
        envelope: envelope.into(),
    };
    send(a, w, ICharts::makeOfferCall { terms }).await;
    expect(ChartEvent::OfferMade { key, scope, expiry, length: 60, claims: 2, emergency: true, envelope }).await;
    let (r, vs) = secret.sign_claim(&w.deployment(), chart, scope, other);
    let claim = ICharts::claimOfferCall { chart, key, scope: scope.into(), envelope: envelope.into(), r, vs };
    send(b, w, claim).await;
    let until = patient.app.read_chart(chart).await.unwrap().entries.last().unwrap().time + 60;
    expect(ChartEvent::OfferClaimed { claimer: other, key, scope, expiry: until, envelope }).await;
    send(a, w, ICharts::withdrawOfferCall { chart, key, scope: scope.into() }).await;
    expect(ChartEvent::OfferWithdrawn { key, scope }).await;

    // What was announced without a manifest behind it is nothing to show, and takes nothing away.
    let records = patient.app.list_records(&patient.me, &patient.chart().await).await.unwrap();
    assert_eq!((records.records.len(), records.withheld), (1, 1));
}

#[tokio::test]
async fn a_reorganisation_is_followed() {
    let world = World::start().await.unwrap();
    let medkey = world.medkey(PATIENT).unwrap();
    let (vault, _) = crate::people::kept_vault(&medkey);
    let wallet = medkey.enrol_wallet(|_| {}).await.unwrap();
    let me = medkey.register(&vault, &wallet, &Joining::Patient, QUIET).await.unwrap();
    let asked = ICharts::blockAuthorCall { chart: me.address, author: world.deployment().contract, blocked: true };
    send(medkey.ports(), &world, asked).await;
    let read = proven(&medkey, &me).await;
    assert_eq!((read.entries.len(), read.state.blocked.len()), (1, 1));

    world.chain().reorganise(1).await.unwrap();
    world.chain().mine(1).await.unwrap();
    world.settle().await.unwrap();
    let read = proven(&medkey, &me).await;
    assert!(read.entries.is_empty() && read.state.blocked.is_empty());
}

#[tokio::test]
async fn a_doctor_asks_once_however_often_it_is_announced() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let asking = Asking { words: "Check-up".into(), folders: vec![], days: None };
    let reason = doctor.app.request_access(&doctor.me, patient.address(), &asking, QUIET).await.unwrap();
    send(doctor.app.ports(), &world, ICharts::requestAccessCall { chart: patient.address(), reason: reason.into() })
        .await;
    assert_eq!(patient.chart().await.state.requests.len(), 1);
}

async fn proven(medkey: &Medkey<NativePorts>, me: &medkey_client::me::Me) -> ReadChart {
    let read = medkey.read_chart(me.address).await.unwrap();
    assert!(matches!(read.seal, Seal::Complete(_)), "{:?}", read.seal);
    read
}
