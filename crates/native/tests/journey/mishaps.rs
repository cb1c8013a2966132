//! Wallets that decline and connections that break: nothing is changed by half, and what was done is not done again.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use medkey_client::{
    chain::Step,
    fault::Fault,
    ports::{Method, WalletError},
    register::{EnrolError, Joining},
};
use medkey_native::world::World;
use medkey_protocol::{
    Link,
    blocks::Category,
    ids::{DAG_PB, RAW},
};
use tokio::sync::oneshot;

use crate::{
    meddling::{Fate, Replaces},
    people::{
        DAY, DOCTOR, Member, PATIENT, QUIET, bytes, doctor, file, hand, kept_vault, lab, patient, stranger, titled,
        titles,
    },
};

const DECLINED: Fault = Fault::Wallet(WalletError::Declined);
const MIB: usize = 1 << 20;

#[tokio::test]
async fn who_declines_while_registering_takes_it_up_again_with_the_same_code() {
    let world = World::start().await.unwrap();
    let app = stranger(&world, PATIENT);
    let (vault, code) = kept_vault(&app);
    hand(&app).decline(true);
    assert_eq!(app.enrol_wallet(|_| {}).await.unwrap_err(), EnrolError::Fault(DECLINED));
    hand(&app).decline(false);
    let wallet = app.enrol_wallet(|_| {}).await.unwrap();
    hand(&app).decline(true);
    assert_eq!(app.register(&vault, &wallet, &Joining::Patient, QUIET).await.unwrap_err(), DECLINED);
    assert_eq!(app.look_up(app.account()).await.unwrap(), None);

    hand(&app).decline(false);
    let me = app.register(&vault, &wallet, &Joining::Patient, QUIET).await.unwrap();
    let recovered = app.recover(me.address, &code).await.unwrap();
    assert_eq!(recovered.card(), me.card());
}

#[tokio::test]
async fn a_declined_record_is_announced_later_without_a_second_upload() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let lab = lab(&world).await;
    let content = bytes(2 * MIB);
    let folder = patient.laboratory();
    let before = patient.chart().await.entries;

    let record = patient.app.store_file(patient.address(), file("Scan", content.clone()), QUIET).await.unwrap();
    patient.hand().decline(true);
    assert_eq!(patient.app.file_record(&patient.me, &record, folder, QUIET).await.unwrap_err(), DECLINED);
    assert_eq!(patient.chart().await.entries, before, "nothing was changed");
    let leaves = count(&patient, RAW);
    patient.hand().decline(false);
    let filed = patient.app.file_record(&patient.me, &record, folder, QUIET).await.unwrap();
    assert_eq!(filed.id, record.id());
    assert_eq!(count(&patient, RAW), leaves, "nothing was sent again");

    // Several at once are one transaction.
    let letter = patient.app.store_file(patient.address(), file("Letter", b"letter".to_vec()), QUIET).await.unwrap();
    let note = patient.app.store_file(patient.address(), file("Note", b"note".to_vec()), QUIET).await.unwrap();
    let before = patient.hand().transactions();
    let both = [(&letter, patient.folder(Category::General)), (&note, patient.folder(Category::Private))];
    assert_eq!(patient.app.file_records(&patient.me, &both, QUIET).await.unwrap().len(), 2);
    assert_eq!(patient.hand().transactions(), before + 1);

    let record = lab.app.store_file(patient.address(), file("Genome", content.clone()), QUIET).await.unwrap();
    let image = lab.app.store_file(patient.address(), file("Plot", b"plot".to_vec()), QUIET).await.unwrap();
    let both = [(&record, Category::Laboratory), (&image, Category::Imaging)];
    let deliver = async || lab.app.deliver_stored(&lab.me, patient.address(), &both, QUIET).await;
    lab.hand().decline(true);
    assert_eq!(deliver().await.unwrap_err(), DECLINED);
    let leaves = count(&lab, RAW);
    lab.hand().decline(false);
    let before = lab.hand().transactions();
    assert_eq!(deliver().await.unwrap().len(), 2);
    assert_eq!(lab.hand().transactions(), before + 1, "two records in one transaction");
    assert_eq!(count(&lab, RAW), leaves);

    let records = patient.records().await;
    assert_eq!(titles(&records), ["Plot", "Genome", "Note", "Letter", "Scan", "About me"]);
    assert_eq!(titled(&records, "Note").folder, patient.folder(Category::Private));
    assert_eq!(titled(&records, "Plot").folder, patient.folder(Category::Imaging));
    for title in ["Genome", "Scan"] {
        assert!(patient.bytes_of(titled(&records, title)).await == content, "{title}");
    }
}

#[tokio::test]
async fn declined_decisions_change_nothing() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;

    patient.hand().decline(true);
    let card = patient.me.card();
    assert_eq!(patient.grant(&doctor, DAY).await.unwrap_err(), DECLINED);
    assert_eq!(patient.me.card(), card);
    patient.hand().decline(false);
    patient.grant(&doctor, DAY).await.unwrap();
    doctor.hand().decline(true);
    assert_eq!(doctor.open(&patient).await.unwrap_err(), DECLINED, "no visit without its entry");
    doctor.hand().decline(false);
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["Lipids"]);

    patient.hand().decline(true);
    let card = patient.me.card();
    assert_eq!(patient.revoke(&doctor).await.unwrap_err(), DECLINED);
    assert_eq!(patient.me.card(), card);
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["Lipids"]);
    patient.hand().decline(false);
    patient.revoke(&doctor).await.unwrap();
    assert_eq!(doctor.open(&patient).await.unwrap_err(), Fault::NoKey);
}

#[tokio::test]
async fn a_lost_connection_goes_on_with_the_next_block() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let content = bytes(5 * MIB);
    let already = patient.wire().sent().len();
    // The third block is lost on the way, twice; of the fifth the answer is lost, once.
    let puts = Cell::new(0);
    patient.wire().meddle(move |method, _| {
        if method != Method::Put {
            return Fate::Arrives;
        }
        puts.set(puts.get() + 1);
        match puts.get() {
            3 | 4 => Fate::Lost,
            7 => Fate::AnswerLost,
            _ => Fate::Arrives,
        }
    });
    let waited = Cell::new(0);
    let folder = patient.folder(Category::Imaging);
    let progress = |step| {
        if step == Step::Waiting {
            waited.set(waited.get() + 1);
        }
    };
    patient.app.add_record(&patient.me, file("Scan", content.clone()), folder, &progress).await.unwrap();
    assert_eq!(waited.get(), 3);

    let mut times: BTreeMap<Link, usize> = BTreeMap::new();
    let sent = patient.wire().sent().split_off(already);
    for link in sent.iter().filter(|link| link.codec() == RAW || link.codec() == DAG_PB) {
        *times.entry(*link).or_default() += 1;
    }
    assert_eq!((times[&sent[2]], times[&sent[6]]), (3, 2));
    assert_eq!(times.values().filter(|times| **times > 1).count(), 2, "nothing else was sent twice");
    let records = patient.records().await;
    assert!(patient.bytes_of(titled(&records, "Scan")).await == content);
}

#[tokio::test]
async fn a_node_that_is_away_after_the_signature_is_waited_for() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let steps = RefCell::new(Vec::new());
    let progress = |step| {
        if let Step::Sent(_) = step {
            patient.hand().cut_off(3);
        }
        steps.borrow_mut().push(step);
    };
    let folder = patient.laboratory();
    let filed = patient.app.add_record(&patient.me, file("Lipids", b"3.4".to_vec()), folder, &progress).await.unwrap();
    assert_eq!(steps.borrow().last(), Some(&Step::Included(filed.block)));
    assert_eq!(titles(&patient.records().await), ["Lipids", "About me"]);
}

#[tokio::test]
async fn who_cancels_leaves_nothing_behind() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let content = bytes(3 * MIB);
    let before = (patient.chart().await.entries, patient.hand().transactions());
    let folder = patient.folder(Category::Imaging);

    // The third block hangs; then the person gives up.
    let (hangs, is_hanging) = oneshot::channel();
    let (hangs, puts) = (RefCell::new(Some(hangs)), Rc::new(Cell::new(0)));
    patient.wire().meddle(move |method, _| {
        puts.set(puts.get() + usize::from(method == Method::Put));
        if puts.get() < 3 {
            return Fate::Arrives;
        }
        if let Some(hangs) = hangs.take() {
            hangs.send(()).unwrap();
        }
        Fate::Silence
    });
    tokio::select! {
        filed = patient.app.add_record(&patient.me, file("Scan", content.clone()), folder, QUIET) => {
            panic!("nothing was cancelled: {filed:?}")
        }
        hanging = is_hanging => hanging.unwrap(),
    }
    patient.wire().leave_alone();
    assert_eq!((patient.chart().await.entries, patient.hand().transactions()), before);

    patient.app.add_record(&patient.me, file("Scan", content.clone()), folder, QUIET).await.unwrap();
    let records = patient.records().await;
    assert_eq!(titles(&records), ["Scan", "About me"]);
    assert!(patient.bytes_of(titled(&records, "Scan")).await == content);
}

/// How many blocks with this codec somebody sent.
fn count(member: &Member, codec: u64) -> usize {
    member.wire().sent().iter().filter(|link| link.codec() == codec).count()
}

#[tokio::test]
async fn what_is_sped_up_in_the_wallet_is_done_and_what_is_cancelled_there_is_not() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let node = world.chain().address();
    let record = patient.app.store_file(patient.address(), file("Letter", b"letter".to_vec()), QUIET).await.unwrap();
    let folder = patient.folder(Category::General);
    let before = patient.chart().await.entries;

    patient.hand().replace(node, Replaces::Cancels);
    assert_eq!(patient.app.file_record(&patient.me, &record, folder, QUIET).await.unwrap_err(), Fault::Cancelled);
    assert_eq!(patient.chart().await.entries, before, "nothing was changed");

    patient.hand().replace(node, Replaces::SpeedsUp);
    patient.app.file_record(&patient.me, &record, folder, QUIET).await.unwrap();
    assert_eq!(titled(&patient.records().await, "Letter").id, record.id());
    assert_eq!(patient.chart().await.entries.len(), before.len() + 1, "once");
}
