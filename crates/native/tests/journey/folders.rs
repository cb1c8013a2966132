//! A patient's own folders: made, renamed, set apart, shared and removed; two devices at once; a server that swaps rings.

use medkey_client::{
    FolderName,
    fault::Fault,
    folders::{Folder, FolderError, UNNAMED},
    grant_access::Shared,
    make_folder::{MOST_FOLDERS, NewFolder},
    ports::WalletError,
};
use medkey_native::world::World;
use medkey_protocol::{
    FolderId, Scope,
    blocks::{Block, Category, Ring},
};

use crate::people::{DAY, DOCTOR, Member, QUIET, SECOND, doctor, file, lab, patient, titled, titles};

fn plain(name: &str) -> FolderName {
    FolderName { name: name.into(), sensitive: false }
}

fn sensitive(name: &str) -> FolderName {
    FolderName { name: name.into(), sensitive: true }
}

impl Member {
    async fn make(&self, name: FolderName) -> Result<FolderId, Fault> {
        let new = self.app.plan_folder(name);
        self.app.make_folder(&self.me, &new, QUIET).await.map(|()| new.id)
    }

    async fn rename(&self, folder: FolderId, name: FolderName) -> Result<(), Fault> {
        self.app.rename_folder(&self.me, folder, &name, QUIET).await
    }

    async fn remove(&self, folder: FolderId) -> Result<(), Fault> {
        self.app.remove_folder(&self.me, folder, QUIET).await
    }

    /// The own folders as the chain has them now.
    async fn own(&self) -> Vec<Folder> {
        self.app.refresh_card(&self.me).await.unwrap();
        let folders = self.app.own_folders(&self.me).await.unwrap();
        folders.into_iter().filter(Folder::is_own).collect()
    }

    async fn names(&self) -> Vec<String> {
        self.own().await.iter().map(|folder| folder.word().to_owned()).collect()
    }

    async fn file_in(&self, folder: FolderId, title: &str) -> Result<(), Fault> {
        self.app.add_record(&self.me, file(title, b"note".to_vec()), folder, QUIET).await.map(drop)
    }

    /// The folder's ring, as the card links it.
    async fn ring_of(&self, folder: FolderId, world: &World) -> Block<Ring> {
        self.app.refresh_card(&self.me).await.unwrap();
        let card = self.me.card().block.body;
        let link = card.folders.iter().find(|entry| entry.id == folder).unwrap().ring;
        let fresh = self.elsewhere(world).await;
        fresh.app.own_folders(&fresh.me).await.unwrap();
        Block::parse(&fresh.wire().heard(&format!("/ipfs/{link}")), &world.deployment()).unwrap()
    }
}

fn own_words(folders: &[Folder]) -> Vec<&str> {
    folders.iter().filter(|folder| folder.is_own()).map(Folder::word).collect()
}

const DECLINED: Fault = Fault::Wallet(WalletError::Declined);

#[tokio::test]
async fn a_folder_of_ones_own_is_made_filled_shared_and_read_by_its_name() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let lab = lab(&world).await;

    let new = patient.app.plan_folder(sensitive("  Mental   health "));
    let transactions = patient.hand().transactions();
    patient.hand().decline(true);
    assert_eq!(patient.app.make_folder(&patient.me, &new, QUIET).await, Err(DECLINED));
    assert_eq!(patient.own().await, []);
    patient.hand().decline(false);
    patient.app.make_folder(&patient.me, &new, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), transactions + 1);
    // The same folder is made once.
    patient.app.make_folder(&patient.me, &new, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), transactions + 1);
    let made = Folder { id: new.id, category: None, name: Some(sensitive("Mental health")) };
    assert_eq!(patient.own().await, std::slice::from_ref(&made));
    assert!(made.is_sensitive() && !made.is_suggested());
    assert_eq!(patient.elsewhere(&world).await.own().await, [made]);

    patient.file_in(new.id, "Session 1").await.unwrap();
    patient.decide(&first, Shared::Folder(new.id), DAY).await.unwrap();
    patient.decide(&lab, Shared::Folder(new.id), DAY).await.unwrap();
    patient.grant(&second, DAY).await.unwrap();
    patient.file_in(new.id, "Session 2").await.unwrap();
    for reader in [&first, &lab] {
        let open = reader.open(&patient).await.unwrap();
        assert_eq!(own_words(&open.folders), ["Mental health"]);
        assert_eq!(titles(&open.records), ["Session 2", "Session 1"]);
    }
    // Who reads another folder learns that there is one more, and not its name.
    let open = second.open(&patient).await.unwrap();
    assert_eq!(own_words(&open.folders), [UNNAMED]);
    assert_eq!(titles(&open.records), [""; 0]);
}

#[tokio::test]
async fn another_name_takes_nobodys_key_and_reaches_only_who_reads() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let folder = patient.make(plain("Travel")).await.unwrap();
    patient.file_in(folder, "Yellow fever").await.unwrap();
    patient.decide(&first, Shared::Folder(folder), 10 * DAY).await.unwrap();
    patient.decide(&second, Shared::Folder(folder), DAY).await.unwrap();
    let before = patient.ring_of(folder, &world).await;

    patient.rename(folder, sensitive("Journeys")).await.unwrap();
    assert_eq!(patient.own().await[0].name, Some(sensitive("Journeys")));
    let renamed = patient.ring_of(folder, &world).await;
    assert_eq!((renamed.body.epoch, &renamed.body.seeds), (before.body.epoch, &before.body.seeds));
    for reader in [&first, &second] {
        let open = reader.open(&patient).await.unwrap();
        assert_eq!((own_words(&open.folders), titles(&open.records)), (vec!["Journeys"], vec!["Yellow fever"]));
    }
    assert!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap().is_empty());

    // One grant ends by itself: the next name is sealed to a key that this reader does not have.
    world.pass(2 * DAY).await.unwrap();
    patient.rename(folder, plain("Vaccinations")).await.unwrap();
    let renewed = patient.ring_of(folder, &world).await;
    assert_eq!((renewed.body.epoch, renewed.body.seeds.len()), (1, 1));
    assert_eq!(own_words(&first.open(&patient).await.unwrap().folders), ["Vaccinations"]);
    second.open(&patient).await.unwrap_err();

    // A revocation and a new vault keep the name.
    patient.app.revoke_access(&patient.me, first.address(), Scope::from(folder), &[], QUIET).await.unwrap();
    assert_eq!(patient.names().await, ["Vaccinations"]);
    let (patient, _) = patient.renewed().await;
    assert_eq!(patient.names().await, ["Vaccinations"]);
    patient.rename(folder, plain("Jabs")).await.unwrap();
    assert_eq!(patient.elsewhere(&world).await.names().await, ["Jabs"]);
    assert!(!titled(&patient.records().await, "Yellow fever").differs);
}

#[tokio::test]
async fn a_name_is_one_and_no_others() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let folder = patient.make(plain("Travel")).await.unwrap();
    let transactions = patient.hand().transactions();
    for (name, error) in [
        (" ", FolderError::NoName),
        ("travel", FolderError::TakenName),
        ("Private", FolderError::TakenName),
        ("a\u{202e}b", FolderError::OddName),
        (&"x".repeat(61), FolderError::LongName),
    ] {
        assert_eq!(patient.make(plain(name)).await, Err(error.into()), "{name}");
    }
    // Its own name in other letters is no other's.
    patient.rename(folder, plain("TRAVEL")).await.unwrap();
    assert_eq!(patient.rename(folder, plain("imaging")).await, Err(FolderError::TakenName.into()));
    // The standard folders are called what they are.
    assert_eq!(patient.rename(patient.laboratory(), plain("Blood")).await, Err(FolderError::Gone.into()));
    assert_eq!(patient.remove(patient.laboratory()).await, Err(FolderError::Gone.into()));
    assert_eq!(patient.hand().transactions(), transactions + 1);
}

#[tokio::test]
async fn only_an_empty_folder_that_nobody_reads_is_removed() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let folder = patient.make(plain("Travel")).await.unwrap();
    patient.file_in(folder, "Yellow fever").await.unwrap();
    assert_eq!(patient.remove(folder).await, Err(FolderError::NotEmpty.into()));
    let records = patient.records().await;
    let general = patient.folder(Category::General);
    patient.app.move_record(&patient.me, titled(&records, "Yellow fever"), general, QUIET).await.unwrap();
    patient.decide(&doctor, Shared::Folder(folder), DAY).await.unwrap();
    assert_eq!(patient.remove(folder).await, Err(FolderError::Shared.into()));
    patient.app.revoke_access(&patient.me, doctor.address(), Scope::from(folder), &[], QUIET).await.unwrap();

    patient.remove(folder).await.unwrap();
    assert_eq!(patient.own().await, []);
    assert_eq!(patient.remove(folder).await, Err(FolderError::Gone.into()));
    assert_eq!(patient.file_in(folder, "Late").await, Err(FolderError::Gone.into()));
    // What was in it before is shown as it was.
    let (chart, records) = (patient.chart().await, patient.records().await);
    let record = titled(&records, "Yellow fever");
    assert!(!record.differs);
    let history = patient.app.read_history(&patient.me, &chart, record).await.unwrap();
    assert_eq!(titles(&history), ["Yellow fever"]);
    assert!(!history.records[0].differs);
    // The name is free again.
    patient.make(plain("Travel")).await.unwrap();
}

#[tokio::test]
async fn a_record_is_moved_to_a_folder_that_is_made_for_it_in_one_transaction() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    patient.add("Session", b"note", Category::Private).await;
    let records = patient.records().await;
    let session = titled(&records, "Session");
    let new: NewFolder = patient.app.plan_folder(sensitive("Mental health"));
    let transactions = patient.hand().transactions();
    patient.hand().decline(true);
    let declined = patient.app.move_to_new_folder(&patient.me, session, &new, QUIET).await;
    assert_eq!(declined.unwrap_err(), DECLINED);
    patient.hand().decline(false);
    patient.app.move_to_new_folder(&patient.me, session, &new, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), transactions + 1);
    assert_eq!(titled(&patient.records().await, "Session").folder, new.id);

    let other = patient.app.plan_folder(plain("Travel"));
    let stored = patient.app.store_file(patient.address(), file("Yellow fever", b"x".to_vec()), QUIET).await.unwrap();
    let records = [(&stored, other.id)];
    patient.app.file_records_making(&patient.me, &records, Some(&other), QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), transactions + 2);
    assert_eq!(patient.names().await, ["Mental health", "Travel"]);
    let filed = patient.records().await;
    assert!(titled(&filed, "Yellow fever").folder == other.id && !titled(&filed, "Yellow fever").differs);
}

#[tokio::test]
async fn two_devices_that_change_folders_at_once_lose_neither() {
    let world = World::start().await.unwrap();
    let phone = patient(&world).await;
    let laptop = phone.elsewhere(&world).await;
    let transactions = phone.hand().transactions();

    // The phone's folder waits in the wallet while the laptop makes another.
    let pause = phone.hand().pause();
    let (late, early) = tokio::join!(phone.make(plain("Travel")), pause.meanwhile(laptop.make(plain("Teeth"))));
    let (travel, teeth) = (late.unwrap(), early.unwrap());
    assert_eq!(phone.hand().transactions(), transactions + 1, "the one that failed was never sent");
    assert_eq!(phone.names().await, ["Teeth", "Travel"]);

    // Both want the same name: one has it.
    let pause = phone.hand().pause();
    let (late, early) = tokio::join!(phone.make(plain("Knee")), pause.meanwhile(laptop.make(plain("knee"))));
    early.unwrap();
    assert_eq!(late, Err(FolderError::TakenName.into()));

    // One renames what the other removes.
    let pause = phone.hand().pause();
    let renaming = phone.rename(teeth, plain("Dentist"));
    let (late, early) = tokio::join!(renaming, pause.meanwhile(laptop.remove(teeth)));
    early.unwrap();
    assert_eq!(late, Err(FolderError::Gone.into()));

    // One renames while the other revokes: both hold, and who lost it cannot read the new name.
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    phone.decide(&doctor, Shared::Folder(travel), DAY).await.unwrap();
    let pause = phone.hand().pause();
    let scope = Scope::from(travel);
    let revoking = laptop.app.revoke_access(&laptop.me, doctor.address(), scope, &[], QUIET);
    let (late, early) = tokio::join!(phone.rename(travel, plain("Journeys")), pause.meanwhile(revoking));
    early.unwrap();
    late.unwrap();
    let ring = phone.ring_of(travel, &world).await;
    assert_eq!((ring.body.epoch, ring.body.seeds.len()), (1, 0));
    assert_eq!(laptop.names().await, ["Journeys", "knee"]);
}

#[tokio::test]
async fn a_record_filed_while_its_folder_is_removed_is_not_lost() {
    let world = World::start().await.unwrap();
    let phone = patient(&world).await;
    let laptop = phone.elsewhere(&world).await;
    let folder = phone.make(plain("Travel")).await.unwrap();

    // The removal is decided on an empty folder and included after the other device's record.
    let pause = phone.hand().pause();
    let (removed, filed) = tokio::join!(phone.remove(folder), pause.meanwhile(laptop.file_in(folder, "Yellow fever")));
    removed.unwrap();
    filed.unwrap();
    let records = laptop.records().await;
    let stray = titled(&records, "Yellow fever");
    assert_eq!((stray.folder, stray.differs), (folder, false));
    assert_eq!(laptop.bytes_of(stray).await, b"note");
    laptop.app.move_record(&laptop.me, stray, laptop.folder(Category::General), QUIET).await.unwrap();
    assert_eq!(titled(&phone.records().await, "Yellow fever").folder, phone.folder(Category::General));

    // A record that waits while its folder is removed is filed nowhere.
    let folder = phone.make(plain("Teeth")).await.unwrap();
    laptop.app.refresh_card(&laptop.me).await.unwrap();
    let pause = laptop.hand().pause();
    let (filed, removed) = tokio::join!(laptop.file_in(folder, "X-ray"), pause.meanwhile(phone.remove(folder)));
    removed.unwrap();
    assert_eq!(filed, Err(FolderError::Gone.into()));
    assert_eq!(titles(&phone.records().await), ["Yellow fever", "About me"]);
}

#[tokio::test]
async fn there_are_as_many_folders_as_the_client_says() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    for number in 1..=MOST_FOLDERS {
        patient.make(plain(&format!("Folder {number}"))).await.unwrap();
    }
    assert_eq!(patient.make(plain("One more")).await, Err(FolderError::TooMany.into()));
    let own = patient.own().await;
    assert_eq!(own.len(), MOST_FOLDERS);
    // All of it goes on: records, a grant, a new vault.
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.file_in(own[49].id, "Last").await.unwrap();
    patient.decide(&doctor, Shared::Folder(own[49].id), DAY).await.unwrap();
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["Last"]);
    let (patient, _) = patient.renewed().await;
    assert_eq!(patient.names().await.len(), MOST_FOLDERS);
    patient.remove(own[0].id).await.unwrap();
    patient.make(plain("One more")).await.unwrap();
}
