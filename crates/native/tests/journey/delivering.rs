//! A laboratory delivers many reports to several patients: in one transaction, and none twice, whatever happens in
//! between.

use std::cell::{Cell, RefCell};

use medkey_client::{
    chain::Step,
    deliver_batch::{AT_ONCE, Before, Delivery, FilePrint, Outcomes, is_forgotten, print_of},
    fault::{Fault, Refusal},
    list_records::Record,
    open_chart::Dealings,
    ports::{Bytes, Method, Source, WalletError},
    register::Joining,
};
use medkey_native::world::World;
use medkey_protocol::{
    blocks::Category,
    ids::{DAG_PB, RAW},
};
use tokio::sync::oneshot;

use crate::{
    meddling::Fate,
    people::{
        DAY, DOCTOR, Member, QUIET, SECOND, app_of, bytes, doctor, file, join, lab, patient, stranger, titled, titles,
    },
};

const DECLINED: Fault = Fault::Wallet(WalletError::Declined);
const MIB: usize = 1 << 20;
const UNHEARD: &dyn Fn(&[usize], Step) = &|_, _| {};

async fn second_patient(world: &World) -> Member {
    join(stranger(world, SECOND), Joining::Patient).await.0
}

impl Member {
    /// All that was delivered.
    async fn delivered(&self) -> Vec<Record> {
        let dealings = self.app.dealings().await.unwrap();
        self.app.list_delivered(&self.me, &dealings).await.unwrap().records
    }

    /// What is known of bytes that are chosen for a patient.
    async fn look(&self, patient: &Member, content: &[u8]) -> Before {
        let delivered = self.delivered().await;
        let mut source = Bytes::from(content.to_vec());
        let looked =
            self.app.look_for_delivery(&self.me, patient.address(), &delivered, (&mut source, None)).await.unwrap();
        looked.1
    }

    async fn store(&self, patient: &Member, title: &str, content: &[u8]) -> Delivery {
        let place = (patient.address(), Category::Laboratory);
        let print = print(content).await;
        self.app.store_delivery(&self.me, place, file(title, content.to_vec()), print, QUIET).await.unwrap()
    }

    async fn deliver(&self, deliveries: &[&Delivery]) -> Outcomes {
        self.app.deliver_all(&self.me, deliveries, UNHEARD).await
    }

    /// The page is loaded anew.
    async fn reloaded(&self, world: &World) -> Self {
        let app = app_of(world, self.app.ports().reloaded());
        let me = app.unlock(|_| {}).await.unwrap();
        Self { app, me }
    }

    /// How many blocks of files were sent.
    fn files_sent(&self) -> usize {
        self.wire().sent().iter().filter(|link| [RAW, DAG_PB].contains(&link.codec())).count()
    }
}

async fn print(content: &[u8]) -> FilePrint {
    print_of(&mut Bytes::from(content.to_vec())).await.unwrap()
}

fn stored(before: Before) -> Delivery {
    let Before::Stored(delivery) = before else { panic!("not stored: {before:?}") };
    *delivery
}

fn faults(outcomes: &Outcomes) -> Vec<Option<Fault>> {
    outcomes.iter().map(|outcome| outcome.as_ref().unwrap().clone().err()).collect()
}

#[tokio::test]
async fn reports_for_several_patients_are_one_transaction() {
    let world = World::start().await.unwrap();
    let (first, second, lab) = (patient(&world).await, second_patient(&world).await, lab(&world).await);
    let ferritin = bytes(MIB + 17);
    let deliveries = [
        lab.store(&first, "Ferritin", &ferritin).await,
        lab.store(&second, "Lipids", b"3.4").await,
        lab.store(&first, "Iron", b"12").await,
    ];
    let before = lab.hand().transactions();
    let heard = RefCell::new(Vec::new());
    let told = |places: &[usize], step| heard.borrow_mut().push((places.to_vec(), step));
    let outcomes = lab.app.deliver_all(&lab.me, &deliveries.iter().collect::<Vec<_>>(), &told).await;
    assert_eq!(faults(&outcomes), [None, None, None]);
    assert_eq!(lab.hand().transactions(), before + 1);
    assert_eq!(heard.borrow()[0], (vec![0, 2, 1], Step::Confirm), "a patient's reports stand together");

    let records = first.records().await;
    assert_eq!(titles(&records), ["Iron", "Ferritin", "About me"]);
    assert!(first.bytes_of(titled(&records, "Ferritin")).await == ferritin);
    assert_eq!(titles(&second.records().await), ["Lipids"]);
    let delivered = lab.delivered().await;
    assert_eq!(delivered.len(), 3);

    // The same file for the same patient was delivered; for another it was not.
    let Before::Delivered(at) = lab.look(&first, &ferritin).await else { panic!("not found") };
    assert_eq!(delivered[at].meta.title, "Ferritin");
    assert!(matches!(lab.look(&second, &ferritin).await, Before::Nothing));
    // Another device of the laboratory finds it too.
    let elsewhere = lab.elsewhere(&world).await;
    assert!(matches!(elsewhere.look(&first, &ferritin).await, Before::Delivered(_)));
}

#[tokio::test]
async fn more_than_one_transaction_holds_go_in_several() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let mut deliveries = Vec::new();
    for number in 0..AT_ONCE + 1 {
        deliveries.push(lab.store(&patient, &format!("Report {number}"), &[number as u8; 9]).await);
    }
    let before = lab.hand().transactions();
    let outcomes = lab.deliver(&deliveries.iter().collect::<Vec<_>>()).await;
    assert!(faults(&outcomes).iter().all(Option::is_none));
    assert_eq!(lab.hand().transactions(), before + 2);
    assert_eq!(patient.records().await.records.len(), AT_ONCE + 2);
}

#[tokio::test]
async fn after_a_reload_only_the_confirmation_is_missing() {
    let world = World::start().await.unwrap();
    let (first, second, lab) = (patient(&world).await, second_patient(&world).await, lab(&world).await);
    let content = bytes(2 * MIB);
    let ferritin = lab.store(&first, "Ferritin", &content).await;
    lab.store(&second, "Ferritin", &content).await;
    lab.hand().decline(true);
    assert_eq!(faults(&lab.deliver(&[&ferritin]).await), [Some(DECLINED)]);

    let lab = lab.reloaded(&world).await;
    let again = [stored(lab.look(&first, &content).await), stored(lab.look(&second, &content).await)];
    assert_eq!(again[0].id(), ferritin.id());
    assert_ne!(again[0].id(), again[1].id());
    assert!(again.iter().all(|delivery| !delivery.is_announced()));
    assert!(matches!(lab.look(&first, b"something else").await, Before::Nothing));

    // Other words and another folder do not send the file again.
    let details = file("Ferritin, fasting", Vec::new()).details;
    again[0].describe(details, Category::Private);
    let outcomes = lab.deliver(&[&again[0], &again[1]]).await;
    assert_eq!(faults(&outcomes), [None, None]);
    assert_eq!((lab.files_sent(), lab.hand().transactions()), (0, 1));
    let records = first.records().await;
    let filed = titled(&records, "Ferritin, fasting");
    assert_eq!((filed.id, filed.folder), (ferritin.id(), first.folder(Category::Private)));
    assert!(first.bytes_of(filed).await == content);
    assert_eq!(titles(&second.records().await), ["Ferritin"]);

    // What is in the chart is not kept any more.
    let lab = lab.reloaded(&world).await;
    assert!(matches!(lab.look(&first, &content).await, Before::Delivered(_)));
}

#[tokio::test]
async fn what_was_announced_without_an_answer_is_not_announced_again() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let ferritin = lab.store(&patient, "Ferritin", b"88").await;
    let behind = lab.delivered().await;

    // The page is gone as soon as the transaction is on its way.
    let (sent, is_sent) = oneshot::channel();
    let sent = RefCell::new(Some(sent));
    let told = |_: &[usize], step| {
        if let Step::Sent(_) = step {
            sent.take().unwrap().send(()).unwrap();
        }
    };
    let one = [&ferritin];
    tokio::select! {
        biased;
        reached = is_sent => reached.unwrap(),
        outcomes = lab.app.deliver_all(&lab.me, &one, &told) => panic!("it went on: {outcomes:?}"),
    }
    world.settle().await.unwrap();

    let lab = lab.reloaded(&world).await;
    // A list from before does not show it; the chart does.
    let mut source = Bytes::from(b"88".to_vec());
    let looked = lab.app.look_for_delivery(&lab.me, patient.address(), &behind, (&mut source, None)).await.unwrap();
    let again = stored(looked.1);
    assert!(again.is_announced());
    again.describe(file("Another title", Vec::new()).details, Category::Imaging);
    assert_eq!(faults(&lab.deliver(&[&again]).await), [None]);
    assert_eq!(lab.hand().transactions(), 0);
    assert_eq!(titles(&patient.records().await), ["Ferritin", "About me"]);
    assert!(matches!(lab.look(&patient, b"88").await, Before::Delivered(_)));
}

#[tokio::test]
async fn what_may_still_be_on_its_way_is_announced_with_the_same_manifest() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let ferritin = lab.store(&patient, "Ferritin", b"88").await;
    // The wallet says that its node cannot be reached: whether it has sent it, nobody knows.
    let told = |_: &[usize], step| {
        if step == Step::Confirm {
            lab.hand().cut_off(1);
        }
    };
    let outcomes = lab.app.deliver_all(&lab.me, &[&ferritin], &told).await;
    assert_eq!(faults(&outcomes), [Some(Fault::Wallet(WalletError::Unreachable))]);
    assert!(ferritin.is_announced());

    let lab = lab.reloaded(&world).await;
    let again = stored(lab.look(&patient, b"88").await);
    assert!(again.is_announced());
    let manifests = |lab: &Member| {
        let sent = lab.wire().sent();
        sent.into_iter().filter(|link| ![RAW, DAG_PB].contains(&link.codec())).collect::<Vec<_>>()
    };
    let outcomes = lab.deliver(&[&again]).await;
    let filed = outcomes[0].clone().unwrap().unwrap();
    assert_eq!(manifests(&lab), [filed.manifest.link()], "nothing else was sealed");
    // Had the first got through after all, both would be one record.
    assert_eq!(titles(&patient.records().await), ["Ferritin", "About me"]);
}

#[tokio::test]
async fn a_changed_card_is_sealed_to_without_asking() {
    let world = World::start().await.unwrap();
    let (first, second, lab) = (patient(&world).await, second_patient(&world).await, lab(&world).await);
    let reader = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let deliveries = [lab.store(&first, "Ferritin", b"88").await, lab.store(&second, "Lipids", b"3.4").await];
    let before = lab.hand().transactions();
    // While the wallet waits, the first patient gives the folder to somebody, and so its keys.
    let pause = lab.hand().pause();
    let both = [&deliveries[0], &deliveries[1]];
    let (outcomes, granted) = tokio::join!(lab.deliver(&both), pause.meanwhile(first.grant(&reader, DAY)));
    granted.unwrap();
    assert_eq!(faults(&outcomes), [None, None]);
    assert_eq!(lab.hand().transactions(), before + 1, "what would be refused was not sent");
    assert_eq!(titles(&reader.open(&first).await.unwrap().records), ["Ferritin"]);
    assert_eq!(titles(&second.records().await), ["Lipids"]);
}

#[tokio::test]
async fn a_patient_who_takes_nothing_stops_nobody_elses_report() {
    let world = World::start().await.unwrap();
    let (first, second, lab) = (patient(&world).await, second_patient(&world).await, lab(&world).await);
    let deliveries = [
        lab.store(&second, "Lipids", b"3.4").await,
        lab.store(&first, "Ferritin", b"88").await,
        lab.store(&second, "Iron", b"12").await,
    ];
    second.app.block_author(&second.me, lab.address(), true, QUIET).await.unwrap();
    let (all, before): (Vec<&Delivery>, _) = (deliveries.iter().collect(), lab.hand().transactions());
    let blocked = Some(Fault::Refused(Refusal::Blocked));
    assert_eq!(faults(&lab.deliver(&all).await), [blocked.clone(), None, blocked]);
    assert_eq!(lab.hand().transactions(), before + 1);
    assert_eq!(titles(&first.records().await), ["Ferritin", "About me"]);

    // Once it takes reports again, only the confirmation is missing.
    second.app.block_author(&second.me, lab.address(), false, QUIET).await.unwrap();
    let lab = lab.reloaded(&world).await;
    let again = [stored(lab.look(&second, b"3.4").await), stored(lab.look(&second, b"12").await)];
    assert_eq!(faults(&lab.deliver(&[&again[0], &again[1]]).await), [None, None]);
    assert_eq!(lab.files_sent(), 0);
    assert_eq!(titles(&second.records().await), ["Iron", "Lipids"]);
}

#[tokio::test]
async fn what_the_server_has_cleared_away_is_said_and_sent_again() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let deliveries = [lab.store(&patient, "Ferritin", b"88").await, lab.store(&patient, "Iron", b"12").await];
    // The relay no longer has a block that the first manifest names.
    let puts = Cell::new(0);
    lab.wire().meddle(move |method, _| {
        puts.set(puts.get() + usize::from(method == Method::Put));
        if method == Method::Put && puts.get() == 1 {
            let body = br#"{"code":"missing_block","message":"A block it names is not here."}"#;
            return Fate::Answered(409, body.to_vec());
        }
        Fate::Arrives
    });
    let outcomes = lab.deliver(&[&deliveries[0], &deliveries[1]]).await;
    let faults = faults(&outcomes);
    assert!(faults[0].as_ref().is_some_and(is_forgotten), "{faults:?}");
    assert_eq!(faults[1], None, "the other goes on");
    assert!(matches!(lab.look(&patient, b"88").await, Before::Nothing), "it is to be sent again");
}

#[tokio::test]
async fn dealings_are_read_on_from_where_they_were_read() {
    let world = World::start().await.unwrap();
    let (first, second, lab) = (patient(&world).await, second_patient(&world).await, lab(&world).await);
    let deliver = async |patient: &Member, title: &str| {
        let delivery = lab.store(patient, title, title.as_bytes()).await;
        assert_eq!(faults(&lab.deliver(&[&delivery]).await), [None]);
        world.pass(5).await.unwrap();
    };
    deliver(&first, "Ferritin").await;
    deliver(&second, "Lipids").await;
    let dealings = lab.app.dealings_on(Dealings::default()).await.unwrap();
    assert_eq!(lab.app.dealings_on(dealings.clone()).await.unwrap(), dealings, "nothing came");
    deliver(&first, "Iron").await;
    let further = lab.app.dealings_on(dealings).await.unwrap();
    assert_eq!(further.list, lab.app.dealings().await.unwrap());
    let charts: Vec<_> = further.list.iter().map(|dealing| (dealing.chart, dealing.entries.len())).collect();
    assert_eq!(charts, [(first.address(), 2), (second.address(), 1)]);
    let titles: Vec<_> = lab.delivered().await.iter().map(|record| record.meta.title.clone()).collect();
    assert_eq!(titles, ["Iron", "Lipids", "Ferritin"]);

    // The list begins with what was opened before; the rest follows, the newest first.
    let elsewhere = lab.elsewhere(&world).await;
    let mut listing = elsewhere.app.begin_delivered(&elsewhere.me, &further.list).await;
    assert_eq!((listing.records().records.len(), listing.records().pending), (0, 3));
    elsewhere.app.go_on_delivered(&elsewhere.me, &mut listing, 1).await;
    let newest = listing.records();
    assert_eq!((newest.records[0].meta.title.as_str(), newest.pending), ("Iron", 2));
}

#[tokio::test]
async fn a_file_is_not_read_again_where_nothing_is_as_long() {
    /// A file that was taken away.
    struct Gone;
    impl Source for Gone {
        fn length(&self) -> u64 {
            2
        }

        async fn read(&mut self, _: usize) -> Result<Vec<u8>, medkey_client::ports::SourceError> {
            panic!("it is read")
        }
    }
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let known = Some(print(b"88").await);
    let looked = lab.app.look_for_delivery(&lab.me, patient.address(), &[], (&mut Gone, known)).await.unwrap();
    assert!(matches!(looked, (found, Before::Nothing) if Some(found) == known));
}
