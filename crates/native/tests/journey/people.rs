//! Who takes part: a registrar, patients, doctors and a laboratory, with real-looking records.

use medkey_client::{
    Medkey,
    add_record::{Details, Filed, PlainFile},
    chain::Progress,
    fault::Fault,
    grant_access::{Decision, Shared},
    keep_notebook::Notebook,
    list_records::{Record, Records},
    me::Me,
    open_chart::OpenChart,
    ports::{Bytes, Device},
    read_chart::{ReadChart, Seal},
    register::{Joining, KeptVault},
    tell_about_me::AboutMe,
};
use medkey_client::{RecordKind, ports::Ports};
use medkey_crypto::{
    FolderKey, IdentityKey,
    envelope::{GrantedKey, open_envelope},
};
use medkey_native::world::World;
use medkey_protocol::{
    Address, Digest, FolderId, Link, Scope,
    blocks::{Block, Body, Category, Envelope, HospitalPage, Profile},
};

use crate::meddling::{Hand, Person, Wire};

pub const QUIET: Progress<'static> = &|_| {};
pub const HOUR: u64 = 60 * 60;
pub const DAY: u64 = 24 * HOUR;

/// Medkey in the hands of somebody.
pub type App = Medkey<Person>;

pub const PATIENT: u32 = 1;
pub const DOCTOR: u32 = 2;
pub const SECOND: u32 = 3;
pub const LAB: u32 = 4;

/// A member whose vault is open.
pub struct Member {
    pub app: App,
    pub me: Me,
}

pub fn app_of(world: &World, person: Person) -> App {
    Medkey::new(person, world.deployment(), world.origin())
}

/// Somebody with an account and nothing else.
pub fn stranger(world: &World, account: u32) -> App {
    app_of(world, Person::new(world.person(account).unwrap()))
}

pub fn hand(app: &App) -> &Hand {
    &app.ports().hand
}

pub fn wire(app: &App) -> &Wire {
    &app.ports().wire
}

/// A vault whose code was written down and typed back.
pub fn kept_vault(app: &Medkey<impl Ports>) -> (KeptVault, String) {
    let vault = app.make_vault();
    let groups = vault.groups();
    let code = groups.iter().map(|group| group.as_str()).collect::<Vec<_>>().join("-");
    let (first, second) = (groups[1].clone(), groups[6].clone());
    let Ok(kept) = vault.typed_back([(1, &first), (6, &second)]) else { panic!("the right groups are wrong") };
    (kept, code)
}

/// Somebody joins; also gives the recovery code.
pub async fn join(app: App, joining: Joining) -> (Member, String) {
    let (vault, code) = kept_vault(&app);
    let wallet = app.enrol_wallet(|_| {}).await.unwrap();
    let me = app.register(&vault, &wallet, &joining, QUIET).await.unwrap();
    (Member { app, me }, code)
}

pub fn amara() -> AboutMe {
    AboutMe {
        name: "Amara Osei".into(),
        birth_date: "1984-07-02".into(),
        gender: "female".into(),
        phone: "+49 30 1234".into(),
        ..AboutMe::default()
    }
}

/// A patient who has said who she is.
pub async fn patient(world: &World) -> Member {
    let (member, _) = join(stranger(world, PATIENT), Joining::Patient).await;
    member.app.tell_about_me(&member.me, &amara(), QUIET).await.unwrap();
    member
}

pub fn profile(name: &str) -> Profile {
    Profile {
        name: name.into(),
        profession: "Physician".into(),
        specialty: "Cardiology".into(),
        qualification: "MD, Board of Internal Medicine".into(),
        licence: "BLN-20117, Ärztekammer Berlin".into(),
        languages: vec!["German".into(), "English".into()],
        phone: "+49 30 5550".into(),
        email: "practice@example.org".into(),
        address: "Luisenstraße 1, Berlin".into(),
    }
}

pub fn charite() -> HospitalPage {
    HospitalPage {
        name: "Charité".into(),
        address: "Charitéplatz 1, Berlin".into(),
        specialties: vec!["Cardiology".into()],
        phone: "+49 30 45050".into(),
        email: "info@example.org".into(),
        website: "https://hospital.example.org".into(),
    }
}

/// A doctor whom the registrar has verified.
pub async fn doctor(world: &World, account: u32, name: &str) -> Member {
    let (member, _) = join(stranger(world, account), Joining::Doctor(profile(name), 0)).await;
    verify(world, member.me.address).await;
    member
}

/// A laboratory that the registrar has verified.
pub async fn lab(world: &World) -> Member {
    let (member, _) = join(stranger(world, LAB), Joining::Lab(profile("Labor Berlin"), 0)).await;
    verify(world, member.me.address).await;
    member
}

pub async fn verify(world: &World, member: Address) {
    let registrar = stranger(world, World::REGISTRAR);
    let candidates = registrar.candidates().await.unwrap();
    let candidate = candidates.iter().find(|candidate| candidate.entry.member == member).unwrap();
    registrar.verify_member(candidate, QUIET).await.unwrap();
}

/// A laboratory's report as a FHIR R4 bundle.
pub fn lab_report() -> Vec<u8> {
    serde_json::json!({
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            { "resource": {
                "resourceType": "DiagnosticReport", "status": "final",
                "code": { "coding": [{ "system": "http://loinc.org", "code": "24331-1", "display": "Lipid panel" }] },
                "effectiveDateTime": "2026-11-02T07:40:00Z",
            } },
            { "resource": {
                "resourceType": "Observation", "status": "final",
                "code": { "coding": [{ "system": "http://loinc.org", "code": "13457-7", "display": "LDL" }] },
                "valueQuantity": { "value": 3.4, "unit": "mmol/L" },
            } },
        ],
    })
    .to_string()
    .into_bytes()
}

/// `length` bytes that differ from place to place.
pub fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

pub fn file(title: &str, bytes: Vec<u8>) -> PlainFile<Bytes> {
    let details = Details {
        title: title.into(),
        kind: RecordKind { system: "http://loinc.org".into(), code: "11502-2".into(), display: "Report".into() },
        media_type: "application/octet-stream".into(),
        file_name: format!("{title}.bin"),
        effective: Some("2026-11-02T07:40:00Z".into()),
        amends: None,
        answers: None,
    };
    PlainFile { source: bytes.into(), details }
}

impl Member {
    pub fn address(&self) -> Address {
        self.me.address
    }

    pub fn hand(&self) -> &Hand {
        hand(&self.app)
    }

    pub fn wire(&self) -> &Wire {
        wire(&self.app)
    }

    /// The folder of this category, as the patient's card lists it.
    pub fn folder(&self, category: Category) -> FolderId {
        self.app.folders(&self.me.card()).into_iter().find(|folder| folder.category == Some(category)).unwrap().id
    }

    pub fn laboratory(&self) -> FolderId {
        self.folder(Category::Laboratory)
    }

    /// The laboratory folder's ring, as the patient's card links it.
    pub fn laboratory_ring(&self) -> Link {
        let folders = self.me.card().block.body.folders;
        folders.iter().find(|entry| entry.category == Some(Category::Laboratory)).unwrap().ring
    }

    /// Adds bytes to the folder of this category.
    pub async fn add(&self, title: &str, bytes: &[u8], category: Category) -> Filed {
        self.app.add_record(&self.me, file(title, bytes.to_vec()), self.folder(category), QUIET).await.unwrap()
    }

    /// The own chart, which must be complete.
    pub async fn chart(&self) -> ReadChart {
        complete(self.app.read_chart(self.address()).await.unwrap())
    }

    /// What the member noted for itself.
    pub async fn notebook(&self) -> Notebook {
        self.app.read_notebook(&self.me).await.unwrap()
    }

    pub async fn records(&self) -> Records {
        self.app.list_records(&self.me, &self.chart().await).await.unwrap()
    }

    /// Lets somebody read the laboratory folder for so many seconds of chain time.
    pub async fn grant(&self, grantee: &Member, seconds: u64) -> Result<u64, Fault> {
        self.decide(grantee, Shared::Folder(self.laboratory()), seconds).await
    }

    pub async fn decide(&self, grantee: &Member, shared: Shared<'_>, seconds: u64) -> Result<u64, Fault> {
        let expiry = self.chart().await.time + seconds;
        let decision = Decision { grantees: &[grantee.address()], shared: &[shared], expiry, answers: None };
        self.app.grant_access(&self.me, &amara(), &decision, QUIET).await
    }

    /// Takes the laboratory folder back.
    pub async fn revoke(&self, grantee: &Member) -> Result<u64, Fault> {
        let scope = Scope::from(self.laboratory());
        self.app.revoke_access(&self.me, grantee.address(), scope, &[], QUIET).await
    }

    /// Opens somebody's chart.
    pub async fn open(&self, patient: &Member) -> Result<OpenChart, Fault> {
        self.app.open_chart(&self.me, patient.address(), QUIET).await
    }

    /// The key that others seal to, as the member's own device holds it.
    pub async fn identity(&self) -> IdentityKey {
        let now = now(&self.app);
        self.app.hold(&self.me, now + 60).await.unwrap();
        self.app.ports().device().held(self.address(), now).await.unwrap().unwrap().identity()
    }

    /// The plaintext of a record.
    pub async fn bytes_of(&self, record: &Record) -> Vec<u8> {
        self.app.open_record(record).await.unwrap().to_vec()
    }

    /// Makes the vault anew; also gives the new recovery code.
    pub async fn renewed(self) -> (Self, String) {
        let (vault, code) = kept_vault(&self.app);
        let wallet = self.app.enrol_wallet(|_| {}).await.unwrap();
        let me = self.app.renew_vault(&self.me, &vault, &wallet, QUIET).await.unwrap();
        (Self { app: self.app, me }, code)
    }

    /// The same member at another device, unlocked there with the wallet.
    pub async fn elsewhere(&self, world: &World) -> Self {
        let app = app_of(world, self.app.ports().elsewhere());
        let me = app.unlock(|_| {}).await.unwrap();
        Self { app, me }
    }
}

/// A block that somebody sent, read back from what went over the wire.
pub fn sent<B: Body>(by: &Member, digest: Digest, world: &World) -> Block<B> {
    Block::parse(&by.wire().sent_block(digest.link()), &world.deployment()).unwrap()
}

/// All that somebody who lost the laboratory folder could have kept.
pub struct Left {
    pub identity: IdentityKey,
    pub key: FolderKey,
}

impl Left {
    pub async fn of(grantee: &Member, patient: &Member, world: &World) -> Self {
        let identity = grantee.identity().await;
        let read = patient.chart().await;
        let grant = read.state.grant(grantee.address(), Scope::from(patient.laboratory())).unwrap();
        let envelope = sent::<Envelope>(patient, grant.envelope, world);
        let GrantedKey::Folder(key) = open_envelope(&envelope, &identity).unwrap().key else { panic!("no folder's") };
        Self { identity, key }
    }
}

/// Everything of a chart is proven.
pub fn complete(read: ReadChart) -> ReadChart {
    assert!(matches!(read.seal, Seal::Complete(_)), "{:?}", read.seal);
    read
}

pub fn titles(records: &Records) -> Vec<&str> {
    assert_eq!((records.withheld, records.unreadable), (0, 0));
    records.records.iter().map(|record| record.meta.title.as_str()).collect()
}

pub fn titled<'a>(records: &'a Records, title: &str) -> &'a Record {
    records.records.iter().find(|record| record.meta.title == title).unwrap()
}

/// The clock of somebody's device.
pub fn now(app: &App) -> u64 {
    use medkey_client::ports::Clock;
    app.ports().clock().now()
}
