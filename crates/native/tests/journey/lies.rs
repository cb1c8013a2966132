//! A relay that lies. Each lie is caught with its own message, and nothing of it is used; what is only late is no lie.

use medkey_client::{
    connect::Known,
    fault::{Fault, Lie, RelayError},
    grant_access::Shared,
    ports::WalletError,
    read_chart::Seal,
    unlock::UnlockError,
};
use medkey_native::world::World;
use medkey_protocol::{
    Address, B256,
    api::{At, ChartPage, Info, MemberEntry, Page},
    blocks::Category,
    chart::{ChartEvent, Entry},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::people::{
    DAY, DOCTOR, HOUR, Member, PATIENT, QUIET, SECOND, app_of, bytes, charite, doctor, hand, lab, patient, stranger,
    titled, titles, wire,
};

/// Changes an answer in JSON.
fn rewritten<T: Serialize + DeserializeOwned>(answer: &[u8], change: impl Fn(&mut T)) -> Vec<u8> {
    let mut value = serde_json::from_slice(answer).unwrap();
    change(&mut value);
    serde_json::to_vec(&value).unwrap()
}

/// The same answers with one bit of the last byte turned over.
fn flipped(mut answer: Vec<u8>) -> Vec<u8> {
    *answer.last_mut().unwrap() ^= 1;
    answer
}

/// A patient with two reports and a doctor who has opened them.
async fn clinic(world: &World) -> (Member, Member) {
    let patient = patient(world).await;
    let doctor = doctor(world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.add("Genome", &bytes(3 << 20), Category::Laboratory).await;
    patient.grant(&doctor, 30 * DAY).await.unwrap();
    doctor.open(&patient).await.unwrap();
    (patient, doctor)
}

#[tokio::test]
async fn another_deployment() {
    let world = World::start().await.unwrap();
    let app = stranger(&world, PATIENT);
    let changes: [fn(&mut Info); 2] =
        [|info| info.deployment.contract = Address::repeat_byte(9), |info| info.deployment.chain = 1];
    for change in changes {
        wire(&app).rewrite("/v1/info", move |answer| rewritten(&answer, change));
        assert_eq!(app.connect().await.unwrap_err(), Fault::Lie(Lie::Deployment));
    }
    wire(&app).leave_alone();
    assert_eq!(app.connect().await.unwrap(), Known::Stranger);
}

#[tokio::test]
async fn somebody_elses_card() {
    let world = World::start().await.unwrap();
    let (patient, doctor) = clinic(&world).await;
    let mallory = crate::people::doctor(&world, SECOND, "Dr. Mallory").await;
    let swapped = mallory.me.card().digest;
    let before = (patient.hand().transactions(), patient.wire().sent().len());

    // Its digest in the doctor's entry: the grant would be sealed to Mallory.
    patient.wire().rewrite(format!("/v1/members/{}", doctor.address()), move |answer| {
        rewritten(&answer, |entry: &mut At<MemberEntry>| entry.item.card = swapped)
    });
    assert_eq!(patient.app.card_of(doctor.address()).await.unwrap_err(), Fault::Lie(Lie::Card));
    assert_eq!(patient.grant(&doctor, 40 * DAY).await.unwrap_err(), Fault::Lie(Lie::Card));

    // The right digest and Mallory's block.
    let block = mallory.wire().sent_block(swapped.link());
    let fresh = app_of(&world, patient.app.ports().elsewhere());
    wire(&fresh).rewrite(doctor.me.card().digest.link().to_string(), move |_| block.clone());
    assert_eq!(fresh.card_of(doctor.address()).await.unwrap_err(), Fault::Lie(Lie::Block));

    // Said to be an older block's: the chain is asked about that block.
    patient.wire().rewrite(format!("/v1/members/{}", doctor.address()), move |answer| {
        rewritten(&answer, |entry: &mut At<MemberEntry>| {
            entry.item.card = swapped;
            entry.at.block -= 1;
        })
    });
    assert_eq!(patient.app.card_of(doctor.address()).await.unwrap_err(), Fault::Lie(Lie::Card));
    assert_eq!((patient.hand().transactions(), patient.wire().sent().len()), before, "nothing was shared");
}

#[tokio::test]
async fn a_card_of_yesterday_is_late_and_never_used() {
    let world = World::start().await.unwrap();
    let (patient, doctor) = clinic(&world).await;
    let lab = lab(&world).await;
    lab.app.card_of(patient.address()).await.unwrap();
    let path = format!("/v1/members/{}", patient.address());
    let old = lab.wire().heard(&path);
    patient.revoke(&doctor).await.unwrap();

    lab.wire().rewrite(path, move |_| old.clone());
    let late = lab.app.card_of(patient.address()).await.unwrap_err();
    assert_eq!(late, Fault::Relay(RelayError::Behind));
    lab.wire().leave_alone();
    assert_eq!(lab.app.card_of(patient.address()).await.unwrap(), patient.me.card());
}

#[tokio::test]
async fn a_list_that_is_not_the_charts() {
    let world = World::start().await.unwrap();
    let (patient, doctor) = clinic(&world).await;
    let chart = patient.address();
    type Change = fn(&mut Vec<Entry>);
    let changes: [(&str, Change); 8] = [
        ("the oldest hidden", |entries| {
            entries.remove(0);
        }),
        ("one in the middle hidden", |entries| {
            entries.remove(2);
        }),
        ("the newest hidden", |entries| {
            entries.pop();
        }),
        ("everything hidden", Vec::clear),
        ("one invented", |entries| {
            let author = Address::repeat_byte(7);
            let event = ChartEvent::AuthorBlocked { author, blocked: true };
            entries.push(Entry { event, ..entries[0].clone() });
        }),
        ("two in another order", |entries| entries.swap(0, 1)),
        ("one at another time", |entries| entries[1].time += 1),
        ("one said to be somebody else's", |entries| {
            let ChartEvent::AccessLogged { grantee, .. } = &mut entries.last_mut().unwrap().event else {
                unreachable!()
            };
            *grantee = Address::repeat_byte(7);
        }),
    ];
    for reader in [&patient, &doctor] {
        for (what, change) in changes {
            reader.wire().rewrite("/entries", move |answer| {
                rewritten(&answer, |page: &mut ChartPage| change(&mut page.entries))
            });
            assert_eq!(reader.app.read_chart(chart).await.unwrap_err(), Fault::Lie(Lie::Chart), "{what}");
        }
        reader.wire().leave_alone();
        reader.app.read_chart(chart).await.unwrap();
    }
}

#[tokio::test]
async fn an_old_list_is_behind_or_a_lie_and_never_complete() {
    let world = World::start().await.unwrap();
    let (patient, doctor) = clinic(&world).await;
    patient.chart().await;
    let old = patient.wire().heard("/entries");
    let tip: ChartPage = serde_json::from_slice(&old).unwrap();
    patient.revoke(&doctor).await.unwrap();

    // For what it is.
    let honest = old.clone();
    patient.wire().rewrite("/entries", move |_| honest.clone());
    let read = patient.app.read_chart(patient.address()).await.unwrap();
    let Seal::Behind { at, newest } = read.seal else { panic!("{:?}", read.seal) };
    assert_eq!((at.block, at.time), (tip.at.block, tip.at.time));
    assert!(newest > at.block);

    // As if it were today's.
    patient.wire().rewrite("/entries", move |answer| {
        let now: ChartPage = serde_json::from_slice(&answer).unwrap();
        rewritten(&old, |page: &mut ChartPage| page.at = now.at)
    });
    assert_eq!(patient.app.read_chart(patient.address()).await.unwrap_err(), Fault::Lie(Lie::Chart));
}

#[tokio::test]
async fn the_time_is_the_chains() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.grant(&doctor, HOUR).await.unwrap();
    world.pass(2 * HOUR).await.unwrap();
    // A relay that calls an ended grant live.
    patient.wire().rewrite("/entries", |answer| rewritten(&answer, |page: &mut ChartPage| page.at.time -= 2 * HOUR));
    let read = patient.chart().await;
    assert_eq!(read.state.live_grants(read.time).count(), 0);
}

#[tokio::test]
async fn without_the_chain_nothing_counts_as_checked() {
    let world = World::start().await.unwrap();
    let (patient, _) = clinic(&world).await;
    patient.hand().cut_off(usize::MAX);
    let read = patient.app.read_chart(patient.address()).await.unwrap();
    assert_eq!(read.seal, Seal::NotChecked(WalletError::Unreachable));
    assert_eq!(titles(&patient.app.list_records(&patient.me, &read).await.unwrap()), ["Genome", "Lipids", "About me"]);
    let unreachable = Fault::Wallet(WalletError::Unreachable);
    assert_eq!(patient.app.mend_folders(&patient.me, QUIET).await.unwrap_err(), unreachable);
    assert_eq!(patient.app.card_of(patient.address()).await.unwrap_err(), unreachable);
    patient.hand().cut_off(0);
    patient.chart().await;
}

#[tokio::test]
async fn bytes_that_were_changed_on_the_way() {
    let world = World::start().await.unwrap();
    let (patient, doctor) = clinic(&world).await;
    let changed = Fault::Lie(Lie::Block);
    let records = patient.records().await;
    let genome = titled(&records, "Genome");

    // A manifest, for patient and doctor.
    let fresh = patient.elsewhere(&world).await;
    let read = fresh.chart().await;
    fresh.wire().rewrite(genome.manifest.link().to_string(), flipped);
    assert_eq!(fresh.app.list_records(&fresh.me, &read).await.unwrap_err(), changed);
    let visitor = doctor.elsewhere(&world).await;
    visitor.wire().rewrite(genome.manifest.link().to_string(), flipped);
    assert_eq!(visitor.open(&patient).await.unwrap_err(), changed);

    // A ring.
    let folders = patient.me.card().block.body.folders;
    let ring = folders.iter().find(|entry| entry.category == Some(Category::Laboratory)).unwrap().ring;
    let fresh = patient.elsewhere(&world).await;
    fresh.wire().rewrite(ring.to_string(), flipped);
    assert_eq!(fresh.app.list_records(&fresh.me, &read).await.unwrap_err(), changed);

    // A body: in its first leaf, in the middle, in its last byte; cut short; another body altogether.
    let changes: [fn(Vec<u8>) -> Vec<u8>; 4] = [
        |mut answer| {
            answer[1_000] ^= 1;
            answer
        },
        |mut answer| {
            let middle = answer.len() / 2;
            answer[middle] ^= 0x80;
            answer
        },
        flipped,
        |answer| [&answer[..60], &answer[70..]].concat(),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        patient.wire().rewrite("format=car", change);
        assert_eq!(patient.app.open_record(genome).await.unwrap_err(), changed, "change {at}");
    }
    // Left as it is, to be kept.
    patient.wire().rewrite("format=car", |answer| answer);
    patient.app.open_record(titled(&records, "Lipids")).await.unwrap();
    let other = patient.wire().heard("format=car");
    patient.wire().rewrite("format=car", move |_| other.clone());
    assert_eq!(patient.app.open_record(genome).await.unwrap_err(), changed);
    patient.wire().rewrite("format=car", |answer| answer[..answer.len() / 2].to_vec());
    let broken = patient.app.open_record(genome).await.unwrap_err();
    assert!(matches!(broken, Fault::Relay(RelayError::Disconnected(_))), "half of it is a broken connection");
}

#[tokio::test]
async fn a_profile_that_nobody_verified() {
    let world = World::start().await.unwrap();
    let registrar = stranger(&world, World::REGISTRAR);
    registrar.add_hospital(&charite(), QUIET).await.unwrap();
    let (doctor, _) = crate::people::join(
        stranger(&world, DOCTOR),
        medkey_client::register::Joining::Doctor(crate::people::profile("Dr. Lindqvist"), 1),
    )
    .await;
    let candidate = registrar.candidates().await.unwrap().remove(0);
    registrar.verify_member(&candidate, QUIET).await.unwrap();
    let mallory = crate::people::doctor(&world, SECOND, "Dr. Mallory").await;
    let app = stranger(&world, PATIENT);

    let profile = app.professional(doctor.address()).await.unwrap();
    let digest = profile.standing.profile.unwrap();
    let fresh = || app_of(&world, app.ports().elsewhere());
    let reader = fresh();
    wire(&reader).rewrite(digest.link().to_string(), flipped);
    assert_eq!(reader.professional(doctor.address()).await.unwrap_err(), Fault::Lie(Lie::Profile));

    let other = reader.professional(mallory.address()).await.unwrap().standing.profile.unwrap();
    let other = mallory.wire().sent_block(other.link());
    let reader = fresh();
    wire(&reader).rewrite(digest.link().to_string(), move |_| other.clone());
    assert_eq!(reader.professional(doctor.address()).await.unwrap_err(), Fault::Lie(Lie::Profile));

    // The page of a hospital.
    let reader = fresh();
    wire(&reader).rewrite("/v1/hospitals", |answer| {
        rewritten(&answer, |page: &mut Page<serde_json::Value>| {
            page.items[0]["page"] = serde_json::json!(B256::repeat_byte(8));
        })
    });
    assert_eq!(reader.professional(doctor.address()).await.unwrap_err(), Fault::Lie(Lie::Profile));
    wire(&reader)
        .rewrite("/v1/hospitals", |answer| rewritten(&answer, |page: &mut Page<serde_json::Value>| page.items.clear()));
    assert_eq!(reader.professional(doctor.address()).await.unwrap_err(), Fault::Lie(Lie::Profile));
}

#[tokio::test]
async fn a_genuine_block_in_the_wrong_place() {
    let world = World::start().await.unwrap();
    let (patient, doctor) = clinic(&world).await;
    // The contract takes any digest: the patient's own client names an envelope that is another's.
    let records = patient.records().await;
    patient.decide(&doctor, Shared::Record(titled(&records, "Lipids")), DAY).await.unwrap();
    let read = patient.chart().await;
    let [folder, record] = read.state.grants.as_slice() else { panic!("two grants") };
    let call = medkey_protocol::contract::ICharts::grantAccessCall {
        chart: patient.address(),
        grantee: doctor.address(),
        scope: folder.scope.into(),
        expiry: medkey_protocol::Uint40::saturating_from(folder.expiry),
        envelope: record.envelope.into(),
    };
    let contract = world.deployment().contract;
    let call = medkey_protocol::SolCall::abi_encode(&call);
    let sent = medkey_client::ports::Wallet::send(patient.hand(), contract, call).await.unwrap();
    medkey_native::world::included(patient.hand(), sent).await.unwrap();
    world.settle().await.unwrap();
    assert_eq!(doctor.open(&patient).await.unwrap_err(), Fault::Lie(Lie::Place));
}

#[tokio::test]
async fn lines_that_the_relay_would_have_the_wallet_sign() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let app = app_of(&world, patient.app.ports().elsewhere());
    wire(&app).rewrite("/v1/challenges", |answer| {
        rewritten(&answer, |challenge: &mut medkey_protocol::api::Challenge| {
            challenge.issued_at.push_str("\nResources:\n- urn:medkey:unlock");
        })
    });
    let refused = app.unlock(|_| {}).await.unwrap_err();
    assert_eq!(refused, UnlockError::Fault(Fault::Relay(RelayError::Nonsense)));
    assert_eq!(hand(&app).texts(), 0, "the wallet was not asked");
}
