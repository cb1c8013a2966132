//! Taking over what a FHIR document says.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_browser::FileSource;
use medkey_client::{
    find_twin::find_twin,
    import_document::{Import, original_details},
    ports::Source,
    tell_about_me::{
        AboutMe, List,
        found::{Fact, Found, Known as Stands, LONGEST, NotRead, What, look_through},
    },
};
use web_sys::File;

use super::{Patient, use_patient, vitals};
use crate::{
    load::Trouble,
    pages::{
        about::sex_word,
        emergency::Call,
        import::{FoundItem, FoundModel, Group, ImportDialog, Known, Reading},
    },
    speaking::{count, say_date},
    wire::{
        acts::{Label, Shape},
        leaving::ask_before_leaving,
        uploading::Upload,
    },
};

/// Bytes that are read at a time.
const PIECE: usize = 1 << 20;

/// A document that was read.
struct Held {
    found: Found,
    file: File,
    twin: bool,
}

fn item(about: &AboutMe, found: &medkey_client::tell_about_me::found::Finding) -> FoundItem {
    let said = |word: &str, said: String| (format!("{word}: {said}"), String::new());
    let (group, (words, note), mine) = match &found.what {
        What::Fact(fact) => {
            let date = |date: &str| say_date(date).unwrap_or_else(|| date.to_owned());
            let (line, mine) = match fact {
                Fact::Name(name) => (said("Name", name.clone()), about.name.clone()),
                Fact::BirthDate(born) => (said("Born", date(born)), date(&about.birth_date)),
                Fact::Gender(sex) => {
                    let word = Some(sex_word(sex)).filter(|word| !word.is_empty()).unwrap_or("Not said");
                    (said("Sex", word.to_owned()), sex_word(&about.gender).to_owned())
                }
                Fact::Address(address) => (said("Address", address.clone()), about.address.clone()),
                Fact::Phone(phone) => (said("Telephone", phone.clone()), about.phone.clone()),
                Fact::Email(email) => (said("Email", email.clone()), about.email.clone()),
                Fact::Contact(contact) => {
                    let contact = contact.clone();
                    let call = Call { name: contact.name, relation: contact.relation, phone: contact.phone };
                    (said("To call", call.line()), String::new())
                }
            };
            (Group::You, line, mine)
        }
        What::Item(item) => {
            let (group, words) = match item.on {
                List::BloodGroup => (Group::You, format!("Blood group: {}", item.words)),
                List::Allergies => (Group::Allergies, item.words.clone()),
                List::Conditions => (Group::Conditions, item.words.clone()),
                List::Medicines => (Group::Medicines, item.words.clone()),
            };
            (group, (words, item.note.clone()), about.emergency.blood_group.clone())
        }
        What::Vitals { vital, measured, new } => {
            let year = |one: Option<&medkey_client::record_vitals::Measured>| {
                one.and_then(|one| one.at.get(..4)).unwrap_or_default().to_owned()
            };
            let (first, last) = (year(measured.last()), year(measured.first()));
            let span = if first == last { first } else { format!("{first} to {last}") };
            let newest = measured.first().map(|one| format!("{} {}", one.words(), one.unit_word()));
            let mut note = format!(
                "{}, {span}; the newest is {}",
                count(measured.len(), "value", "values"),
                newest.unwrap_or_default()
            );
            if *new > 0 && *new < measured.len() {
                note.push_str(&format!("; {new} new"));
            }
            (Group::Measurements, (vital.word().to_owned(), crate::speaking::sentence(&note)), String::new())
        }
    };
    let known = match found.known {
        Stands::New => Known::New,
        Stands::Already => Known::Already,
        Stands::Otherwise => Known::Otherwise(mine),
    };
    let over = matches!(&found.what, What::Item(item) if !item.active);
    FoundItem { group, words, note, known, over, suggested: found.suggested }
}

async fn read(file: &File) -> Result<Vec<u8>, Trouble> {
    let kept = "Nothing was kept.";
    let mut source = FileSource::from(file.clone());
    if source.length() > LONGEST {
        return Err(Trouble::new(NotRead::TooLong.to_string(), kept));
    }
    let mut bytes = Vec::with_capacity(source.length() as usize);
    while (bytes.len() as u64) < source.length() {
        let piece = source.read(PIECE).await.map_err(|error| Trouble::new(error.to_string(), kept))?;
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// The dialog, while it is open.
#[component]
pub fn Importing(
    /// Whether it is.
    open: RwSignal<bool>,
) -> impl IntoView {
    let (patient, vitals) = (use_patient()?, vitals::use_vitals()?);
    let reading = RwSignal::new(Reading::Choosing(None));
    let held = StoredValue::new_local(None::<Rc<Held>>);
    let found_something = Signal::derive(move || open.get() && matches!(reading.get(), Reading::Found(_)));
    ask_before_leaving(found_something);
    let take = move |file: File| {
        reading.set(Reading::Looking);
        spawn_local(async move {
            let bytes = read(&file).await;
            let Some(chart) = patient.chart() else { return };
            let about = chart.about.clone().unwrap_or_default();
            let found = bytes.and_then(|bytes| {
                look_through(&bytes, &about, &vitals.known()).map_err(|why| Trouble::new(why.to_string(), ""))
            });
            let records = &chart.records.records;
            let twin = find_twin(records, &mut FileSource::from(file.clone())).await.ok().flatten();
            let now = match found {
                Err(trouble) => Reading::Choosing(Some(trouble)),
                Ok(found) => {
                    let model = FoundModel {
                        file: file.name(),
                        twin: twin.map(|at| records[at].meta.title.clone()),
                        somebody_else: found.somebody_else.iter().map(|word| (*word).to_owned()).collect(),
                        items: found.findings.iter().map(|one| item(&about, one)).collect(),
                    };
                    let _left = held.try_set_value(Some(Rc::new(Held { found, file, twin: twin.is_some() })));
                    Reading::Found(model)
                }
            };
            // Cancelled meanwhile: the next time begins anew.
            if reading.try_get_untracked() == Some(Reading::Looking) {
                let _left = reading.try_set(now);
            }
        });
    };
    let done = move || {
        let _left = reading.try_set(Reading::Choosing(None));
        let _left = held.try_set_value(None);
    };
    let save = move |chosen: Vec<usize>| {
        open.set(false);
        if let Some(held) = held.get_value() {
            import(patient, held, chosen, done);
        }
    };
    Some(move || {
        open.get().then(|| {
            view! {
                <ImportDialog
                    reading=reading
                    wallet=patient.wallet()
                    on_file=take
                    on_save=save
                    on_close=move |()| {
                        open.set(false);
                        done();
                    }
                />
            }
        })
    })
}

fn import(patient: Patient, held: Rc<Held>, chosen: Vec<usize>, done: impl Fn() + Copy + 'static) {
    if !patient.may_change() {
        return;
    }
    let upload = (!held.twin).then(|| Upload::new(held.file.clone(), original_details(held.file.name())));
    let bytes = upload.as_ref().map_or(0, Upload::length);
    let entries = count(chosen.len(), "entry", "entries");
    let label = Label {
        title: format!("Saving {entries}"),
        done: format!(
            "{} in your record now.",
            crate::speaking::sentence(&format!("{entries} {}", if chosen.len() == 1 { "is" } else { "are" }))
        ),
        wallet: patient.wallet(),
        shape: Shape::Filing(bytes),
    };
    let (open, chosen): (_, Rc<[usize]>) = (patient.open(), chosen.into());
    patient.acts.start(label, move |listen| {
        let (open, held, chosen, upload) = (Rc::clone(&open), Rc::clone(&held), Rc::clone(&chosen), upload.clone());
        async move {
            let original = match &upload {
                Some(upload) => Some(upload.store(&open, &listen).await?),
                None => None,
            };
            let Some(chart) = patient.chart() else { return Ok(()) };
            let about = chart.about.clone().unwrap_or_default();
            let import = Import { found: &held.found, chosen: &chosen, about: &about, original: original.as_deref() };
            let filed = open.client().import_document(&open.me, import, &chart.records, &*listen).await;
            patient.desk.read_again();
            filed?;
            done();
            Ok(())
        }
    });
}
