//! The people of the demo and their files, made through the same client that people use: a registrar, two hospitals,
//! three doctors, a laboratory, and two patients with FHIR, PDF, image and DICOM records.
//!
//! `seed --relay URL --rpc URL --contract ADDRESS`; the accounts are those of a local chain with its customary words.
//! With `--scale ROLE --number N` it makes instead what `cargo xtask scale` measures: a patient with so many records, a
//! doctor with so many patients, a laboratory with so many deliveries, or a registry of so many doctors.

#[path = "seed/crowd.rs"]
mod crowd;
#[path = "seed/many.rs"]
mod many;
#[path = "seed/many_deliveries.rs"]
mod many_deliveries;
#[path = "seed/many_doctors.rs"]
mod many_doctors;
#[path = "seed/many_patients.rs"]
mod many_patients;

use std::{collections::HashMap, error::Error, fs, path::PathBuf};

use medkey_client::{
    Asking, Medkey, Origin, RecordKind,
    add_record::{Details, PlainFile},
    ask_for_treatment::{Asked, Complaint},
    grant_access::{Decision, Shared, UNTIL_REVOKED},
    make_offer::Offering,
    me::Me,
    ports::Bytes,
    record_vitals::{Decimal, Sitting, Taken, Vital},
    register::Joining,
    tell_about_me::{AboutMe, Contact, Emergency, FHIR_JSON},
    time::rfc3339,
    verify_member::Candidate,
    write_entries::{Entry, Note, Prescription},
};
use medkey_native::{KeyWallet, NativePorts};
use medkey_protocol::{
    Address, Deployment, Digest, FolderId,
    blocks::{Category, HospitalPage, Profile},
};

const WORDS: &str = "test test test test test test test test test test test junk";
const CHAIN: u64 = 31337;
const DEPLOYED_IN: u64 = 1;
const DAY: u64 = 24 * 60 * 60;

type Client = Medkey<NativePorts>;
type Done<T = ()> = Result<T, Box<dyn Error>>;

/// Where the demo runs.
struct Place {
    relay: String,
    rpc: String,
    contract: Address,
    /// So many of what this role has, instead of the demo's people.
    scale: Option<(String, u32)>,
}

/// A member whose vault is open.
struct Member {
    client: Client,
    me: Me,
}

impl Place {
    fn from_arguments() -> Done<Self> {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let named: HashMap<&str, &str> =
            words.chunks_exact(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
        let get = |name: &str| named.get(name).copied().ok_or_else(|| format!("{name} is missing"));
        let (relay, rpc) = (get("--relay")?.to_owned(), get("--rpc")?.to_owned());
        let scale = match named.get("--scale") {
            Some(role) => Some(((*role).to_owned(), get("--number")?.parse()?)),
            None => None,
        };
        Ok(Self { relay, rpc, contract: get("--contract")?.parse()?, scale })
    }

    fn client(&self, account: u32) -> Done<Client> {
        self.client_of(KeyWallet::from_words(WORDS, account, &self.rpc, CHAIN)?)
    }

    fn client_of(&self, wallet: KeyWallet) -> Done<Client> {
        let domain = self.relay.split_once("://").map_or(self.relay.as_str(), |(_, host)| host).to_owned();
        let at = Deployment { chain: CHAIN, contract: self.contract, block: DEPLOYED_IN };
        Ok(Medkey::new(NativePorts::new(wallet, &self.relay)?, at, Origin { domain, uri: self.relay.clone() }))
    }

    async fn join(&self, account: u32, joining: Joining) -> Done<Member> {
        Member::join(self.client(account)?, joining).await
    }
}

impl Member {
    async fn join(client: Client, joining: Joining) -> Done<Self> {
        let vault = client.make_vault();
        let groups = vault.groups();
        let kept = vault.typed_back([(0, &groups[0]), (5, &groups[5])]).map_err(|_| "the groups are the code's own")?;
        let wallet = client.enrol_wallet(|_| {}).await?;
        let me = client.register(&kept, &wallet, &joining, &|_| {}).await?;
        Ok(Self { client, me })
    }

    fn folder(&self, category: Category) -> Done<FolderId> {
        let folders = self.client.folders(&self.me.card());
        let found = folders.iter().find(|folder| folder.category == Some(category));
        Ok(found.ok_or("every patient has every category")?.id)
    }

    async fn add(&self, file: &Real, category: Category) -> Done {
        self.client.add_record(&self.me, file.read()?, self.folder(category)?, &|_| {}).await?;
        Ok(())
    }

    async fn share(&self, about: &AboutMe, grantee: Address, category: Category, expiry: u64) -> Done {
        let shared = [Shared::Folder(self.folder(category)?)];
        let decision = Decision { grantees: &[grantee], shared: &shared, expiry, answers: None };
        self.client.grant_access(&self.me, about, &decision, &|_| {}).await?;
        Ok(())
    }

    /// Asks doctors for treatment; gives what an answer names.
    async fn ask_for_treatment(
        &self,
        about: &AboutMe,
        complaint: &Complaint,
        doctors: &[Address],
        category: Category,
    ) -> Done<Digest> {
        let record = self.client.store_complaint(&self.me, about, complaint, &|_| {}).await?;
        let folders = [self.folder(category)?];
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
        let asked = Asked { doctors, folders: &folders, expiry: now + 30 * DAY };
        let filed = self.client.ask_for_treatment(&self.me, about, &record, &asked, &|_| {}).await?;
        Ok(filed.manifest)
    }

    async fn deliver(&self, patient: Address, file: &Real, category: Category) -> Done {
        self.client.deliver_report(&self.me, patient, file.read()?, category, &|_| {}).await?;
        Ok(())
    }

    async fn ask(&self, patient: Address, category: Category, words: &str) -> Done {
        let card = self.client.card_of(patient).await?;
        let folders = self.client.folders(&card);
        let folders = folders.iter().filter(|folder| folder.category == Some(category)).map(|folder| folder.id);
        let asking = Asking { words: words.to_owned(), folders: folders.collect(), days: Some(30) };
        self.client.request_access(&self.me, patient, &asking, &|_| {}).await?;
        Ok(())
    }
}

/// A real file of the browser tests, and what is said of it.
struct Real {
    name: &'static str,
    title: &'static str,
    code: &'static str,
    display: &'static str,
    media_type: &'static str,
    date: &'static str,
}

const LIPIDS: Real = Real {
    name: "lipid-panel.json",
    title: "Lipid panel",
    code: "11502-2",
    display: "Laboratory report",
    media_type: FHIR_JSON,
    date: "2025-11-19T07:40:00Z",
};
const BLOOD_COUNT: Real = Real {
    name: "blood-count.pdf",
    title: "Complete blood count",
    code: "11502-2",
    display: "Laboratory report",
    media_type: "application/pdf",
    date: "2025-11-17T00:00:00Z",
};
const HEAD_SCAN: Real = Real {
    name: "head-scan.png",
    title: "Head scan, overview",
    code: "18748-4",
    display: "Imaging",
    media_type: "image/png",
    date: "2025-10-30T00:00:00Z",
};
const HEAD_CT: Real = Real {
    name: "head-ct.dcm",
    title: "CT of the head",
    code: "18748-4",
    display: "Imaging",
    media_type: "application/dicom",
    date: "2025-10-30T00:00:00Z",
};

impl Real {
    fn read(&self) -> Done<PlainFile<Bytes>> {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../e2e/files").join(self.name);
        let system = "http://loinc.org".to_owned();
        let details = Details {
            title: self.title.to_owned(),
            kind: RecordKind { system, code: self.code.to_owned(), display: self.display.to_owned() },
            media_type: self.media_type.to_owned(),
            file_name: self.name.to_owned(),
            effective: Some(self.date.to_owned()),
            amends: None,
            answers: None,
        };
        Ok(PlainFile { source: Bytes::from(fs::read(path)?), details })
    }
}

fn hospital(name: &str, address: &str, specialties: &[&str]) -> HospitalPage {
    HospitalPage {
        name: name.to_owned(),
        address: address.to_owned(),
        specialties: specialties.iter().map(|one| (*one).to_owned()).collect(),
        phone: "+49 40 5550 100".to_owned(),
        email: "office@hospital.example".to_owned(),
        website: "https://hospital.example".to_owned(),
    }
}

fn profile(name: &str, profession: &str, specialty: &str, licence: &str) -> Profile {
    Profile {
        name: name.to_owned(),
        profession: profession.to_owned(),
        specialty: specialty.to_owned(),
        qualification: "State examination".to_owned(),
        licence: licence.to_owned(),
        languages: vec!["German".to_owned(), "English".to_owned()],
        phone: "+49 40 5550 200".to_owned(),
        email: String::new(),
        address: "Hamburg".to_owned(),
    }
}

fn about(name: &str, birth_date: &str, gender: &str) -> AboutMe {
    AboutMe {
        name: name.to_owned(),
        birth_date: birth_date.to_owned(),
        gender: gender.to_owned(),
        phone: "+49 40 5550 300".to_owned(),
        ..AboutMe::default()
    }
}

fn in_an_emergency() -> Emergency {
    let words = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    Emergency {
        blood_group: "A+".to_owned(),
        allergies: words(&["Penicillin, anaphylaxis"]),
        conditions: words(&["Hypertension", "Hyperlipidaemia"]),
        medicines: words(&["Ramipril 5 mg", "Atorvastatin 20 mg"]),
        contacts: vec![Contact {
            name: "Kofi Osei".to_owned(),
            relation: "husband".to_owned(),
            phone: "+49 151 0000 0000".to_owned(),
        }],
    }
}

/// What Amara measured: how many days ago, upper and lower blood pressure, pulse, weight.
const MEASURED: [(u64, &str, &str, &str, &str); 9] = [
    (352, "152", "96", "78", "76.4"),
    (311, "149", "94", "80", "76.1"),
    (268, "146", "92", "76", "75.8"),
    (221, "141", "90", "74", "75.0"),
    (180, "138", "88", "75", "74.6"),
    (133, "136", "86", "72", "74.2"),
    (88, "134", "85", "73", "73.5"),
    (41, "131", "84", "70", "72.9"),
    (3, "128", "82", "72", "72.5"),
];

fn taken(vital: Vital, value: &str, second: Option<&str>) -> Done<Taken> {
    let decimal = |text: &str| Decimal::parse(text).ok_or("a measured value is a decimal");
    let second = second.map(decimal).transpose()?;
    Ok(Taken { vital, value: decimal(value)?, second, unit: &vital.units()[0] })
}

/// The sittings of [`MEASURED`], at about seven in the morning; the height once, at the first.
fn sittings(now: u64) -> Done<Vec<Sitting>> {
    let midnight = now - now % DAY;
    let mut sittings = Vec::new();
    for (at, (days, upper, lower, pulse, weight)) in MEASURED.into_iter().enumerate() {
        let mut all = vec![
            taken(Vital::Pressure, upper, Some(lower))?,
            taken(Vital::Pulse, pulse, None)?,
            taken(Vital::Weight, weight, None)?,
        ];
        if at == 0 {
            all.push(taken(Vital::Height, "168", None)?);
        }
        sittings.push(Sitting { at: rfc3339(midnight - days * DAY + 6 * 3600 + 600 * at as u64), taken: all });
    }
    Ok(sittings)
}

async fn verify_all(registrar: &Client) -> Done {
    let candidates: Vec<Candidate> = registrar.candidates().await?;
    for candidate in &candidates {
        registrar.verify_member(candidate, &|_| {}).await?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done {
    let place = Place::from_arguments()?;
    match place.scale.as_ref().map(|(role, number)| (role.as_str(), *number)) {
        None => demo(&place).await,
        Some(("patient", records)) => many::make(&place, records).await,
        Some(("doctor", patients)) => many_patients::make(&place, patients).await,
        Some(("laboratory", deliveries)) => many_deliveries::make(&place, deliveries).await,
        Some(("registry", doctors)) => many_doctors::make(&place, doctors).await,
        Some((other, _)) => Err(format!("there is no role `{other}`").into()),
    }
}

/// The demo's people.
async fn demo(place: &Place) -> Done {
    println!("The registrar and two hospitals");
    let registrar = place.client(0)?;
    registrar
        .add_hospital(&hospital("Marienhospital", "Am Markt 4, Hamburg", &["Cardiology", "Radiology"]), &|_| {})
        .await?;
    registrar.add_hospital(&hospital("Elbe Clinic", "Hafenstr. 12, Hamburg", &["Family medicine"]), &|_| {}).await?;

    println!("Three doctors and a laboratory");
    let doctor = |name: &str, specialty: &str, licence: &str, hospital| {
        Joining::Doctor(profile(name, "Physician", specialty, licence), hospital)
    };
    let lindqvist = place.join(1, doctor("Dr. Paul Lindqvist", "Cardiology", "HH-20417", 1)).await?;
    let _ivanova = place.join(2, doctor("Dr. Sofia Ivanova", "Family medicine", "HH-31180", 2)).await?;
    let kern = place.join(3, doctor("Dr. Nadia Kern", "Cardiology", "HH-28855", 1)).await?;
    let laboratory = profile("Nordlab Diagnostics", "Diagnostic laboratory", "Clinical chemistry", "HH-LAB-0417");
    let nordlab = place.join(4, Joining::Lab(laboratory, 0)).await?;
    verify_all(&registrar).await?;

    println!("Two patients and their records");
    let amara = place.join(5, Joining::Patient).await?;
    let about_amara = AboutMe {
        emergency: in_an_emergency(),
        email: "amara.osei@mail.example".to_owned(),
        address: "Fischmarkt 7, 22767 Hamburg".to_owned(),
        ..about("Amara Osei", "1971-05-04", "female")
    };
    amara.client.tell_about_me(&amara.me, &about_amara, &|_| {}).await?;
    amara.add(&HEAD_SCAN, Category::Imaging).await?;
    amara.add(&HEAD_CT, Category::Imaging).await?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    for sitting in sittings(now)? {
        amara.client.record_vitals(&amara.me, &sitting, &|_| {}).await?;
    }
    let jonas = place.join(6, Joining::Patient).await?;
    let about_jonas = about("Jonas Berg", "1958-11-23", "male");
    jonas.client.tell_about_me(&jonas.me, &about_jonas, &|_| {}).await?;
    jonas.add(&BLOOD_COUNT, Category::Laboratory).await?;

    println!("What happened so far");
    for category in [Category::General, Category::Laboratory, Category::Prescriptions] {
        amara.share(&about_amara, lindqvist.me.address, category, now + 90 * DAY).await?;
    }
    let general = Shared::Folder(amara.folder(Category::General)?);
    let card = Offering { shared: general, expiry: now + 365 * DAY, length: 86_400, claims: 10, emergency: true };
    amara.client.make_offer(&amara.me, &about_amara, &card, &|_| {}).await?;
    jonas.share(&about_jonas, lindqvist.me.address, Category::Laboratory, UNTIL_REVOKED).await?;
    nordlab.deliver(amara.me.address, &BLOOD_COUNT, Category::Laboratory).await?;
    nordlab.deliver(amara.me.address, &LIPIDS, Category::Laboratory).await?;
    let words = "My cholesterol is high again and I feel tired. Do I need another medicine?";
    let since = "the last blood test".to_owned();
    let complaint = Complaint { words: words.to_owned(), since, ..Complaint::default() };
    let asked = [lindqvist.me.address];
    let request = amara.ask_for_treatment(&about_amara, &complaint, &asked, Category::Laboratory).await?;
    lindqvist.client.open_chart(&lindqvist.me, amara.me.address, &|_| {}).await?;
    let atorvastatin = Prescription {
        medicine: "Atorvastatin 20 mg".to_owned(),
        dose: "1 tablet".to_owned(),
        route: "by mouth".to_owned(),
        frequency: "once a day, in the evening".to_owned(),
        days: 90,
        advice: "Tell me about muscle pain.".to_owned(),
    };
    let atorvastatin = Entry::Prescription(atorvastatin);
    lindqvist.client.write_entry(&lindqvist.me, amara.me.address, atorvastatin, Some(request), &|_| {}).await?;
    let note = Note {
        title: "Consultation note".to_owned(),
        text: "LDL above target. Diet, statin, control in three months.".to_owned(),
    };
    lindqvist.client.write_entry(&lindqvist.me, amara.me.address, Entry::Note(note), None, &|_| {}).await?;
    let words = "My chest feels tight on stairs. It goes away when I rest.";
    let complaint = Complaint {
        words: words.to_owned(),
        since: "last week".to_owned(),
        specialty: "Cardiology".to_owned(),
        hospital: "Marienhospital".to_owned(),
    };
    let asked = [lindqvist.me.address, kern.me.address];
    jonas.ask_for_treatment(&about_jonas, &complaint, &asked, Category::General).await?;
    kern.ask(
        amara.me.address,
        Category::Laboratory,
        "Please share your recent blood results before our appointment on Thursday.",
    )
    .await?;
    Ok(())
}
