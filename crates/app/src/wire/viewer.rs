//! What a record holds, as parts that the page can draw: FHIR as [`crate::fhir`] reads it, PDF, DICOM, pictures, text; all
//! else is saved. What draws PDF and DICOM is fetched when it is first needed.
//!
//! Nothing from a record is ever run or drawn as markup: every word of it becomes a text node.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_browser::{DicomWorker, ObjectUrl, Pdf, ViewerError};
use medkey_client::{
    Meta,
    list_records::{Record, Records},
    open_record::SHOWN_AT_MOST,
};

use super::{desk::Client, said};
use crate::{
    fhir::{Fhir, Known},
    load::{Load, Trouble},
    pages::record::{Part, RecordBody},
    speaking::parse_date,
};

mod dicom;
mod pdf;

/// Longest text that is drawn.
const TEXT_AT_MOST: usize = 1 << 20;
const PDF: &str = "application/pdf";
const DICOM: &str = "application/dicom";
const NOT_SHOWN: &str = "This kind of file is not shown here. Save it to look at it.";
/// Pictures a browser draws without running anything in them.
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];

/// What has to stay as long as the page shows it.
enum Kept {
    Picture { _address: ObjectUrl },
    Pdf(Rc<Pdf>),
    Dicom(Rc<DicomWorker>),
}

/// What a page shows of a record while it is opened. What is kept for it ends with it.
#[derive(Clone, Copy)]
pub struct Shown {
    /// What it holds.
    pub body: RwSignal<Load<RecordBody>>,
    /// How far it is on its way.
    pub part: RwSignal<Option<Part>>,
    kept: StoredValue<Option<Kept>, LocalStorage>,
}

impl Shown {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { body: RwSignal::new(Load::Loading), part: RwSignal::new(None), kept: StoredValue::new_local(None) }
    }
}

impl Default for Shown {
    fn default() -> Self {
        Self::new()
    }
}

/// `PDF`, `DICOM`, `PNG`.
#[must_use]
pub fn form_word(meta: &Meta) -> String {
    match meta.media_type.as_str() {
        "application/pdf" => "PDF".to_owned(),
        "application/dicom" => "DICOM".to_owned(),
        "application/fhir+json" => "FHIR".to_owned(),
        "image/jpeg" => "JPEG".to_owned(),
        "text/plain" => "Text".to_owned(),
        other => other.rsplit('/').next().unwrap_or("File").to_uppercase(),
    }
}

fn is_fhir(meta: &Meta) -> bool {
    matches!(meta.media_type.as_str(), "application/fhir+json" | "application/json")
}

/// Opens a record and shows it. Earlier records with the same measurements give the trends.
pub async fn show_record(client: &Client, record: &Record, others: &Records, shown: Shown) {
    let meta = &record.meta;
    let form = meta.media_type.as_str();
    let drawn = is_fhir(meta) || ["text/plain", PDF, DICOM].contains(&form) || PICTURES.contains(&form);
    let why = match (drawn, meta.length > SHOWN_AT_MOST) {
        (false, _) => Some(NOT_SHOWN),
        (true, true) => Some("It is too large to be shown here. Save it to look at it."),
        (true, false) => None,
    };
    if let Some(why) = why {
        let _left = shown.body.try_set(Load::Ready(download(meta, why)));
        return;
    }
    // Where the last attempt failed its trouble stands here.
    if shown.body.try_with(|body| matches!(body, Load::Failed(_))) == Some(true) {
        let _left = shown.body.try_set(Load::Loading);
    }
    let opened = open_with_part(client, record, shown).await;
    let _left = shown.part.try_set(None);
    let body = match opened {
        Ok(bytes) if PICTURES.contains(&form) => Load::Ready(picture(meta, &bytes, shown)),
        Ok(bytes) if form == PDF || form == DICOM => {
            let _left = shown.part.try_set(Some(Part::Viewer));
            let ready = if form == PDF { pdf::body(&bytes, shown).await } else { dicom::body(&bytes, shown).await };
            let _left = shown.part.try_set(None);
            ready.map_or_else(|error| refused(meta, error), Load::Ready)
        }
        Ok(bytes) if is_fhir(meta) => {
            let known = known_values(client, record, others).await;
            Load::Ready(fhir_body(meta, &bytes, &known, dated(record)))
        }
        Ok(bytes) => Load::Ready(text(meta, &bytes)),
        Err(fault) => Load::Failed(said::trouble(&fault)),
    };
    let _left = shown.body.try_set(body);
}

/// What is said of a file that its viewer does not show; where the viewer itself is missing, it can be tried again.
fn refused(meta: &Meta, error: ViewerError) -> Load<RecordBody> {
    match error {
        ViewerError::Away => Load::Failed(Trouble::new(
            "The viewer could not be loaded.",
            "The record was fetched and checked; your connection may be gone. Try again, or save the file.",
        )),
        ViewerError::Locked => Load::Ready(download(
            meta,
            "This PDF is locked with a password, so it cannot be shown here. Save it and open it with the password.",
        )),
        ViewerError::Damaged => {
            let why = "This file is damaged, so it cannot be shown here. You can still save it.";
            Load::Ready(download(meta, why))
        }
    }
}

/// A FHIR document as parts, or why it is none.
fn fhir_body(meta: &Meta, bytes: &[u8], known: &[Known], at: Option<i64>) -> RecordBody {
    match Fhir::read(bytes) {
        Ok(document) => RecordBody::Parts(document.parts(known, at)),
        Err(refused) => download(meta, &format!("{} You can download it.", refused.sentence())),
    }
}

/// When what a record describes happened, as far as it is known: in seconds since 1970.
#[must_use]
pub fn dated(record: &Record) -> Option<i64> {
    let effective = record.meta.effective.as_deref().and_then(|date| parse_date(date.get(..10)?));
    i64::try_from(effective.unwrap_or(record.first.time)).ok()
}

/// Tells whoever asked for a drawing, if it is still looked at.
fn tell(done: Callback<bool>, drawn: bool) {
    let _gone = done.try_run(drawn);
}

async fn open_with_part(
    client: &Client,
    record: &Record,
    shown: Shown,
) -> Result<zeroize::Zeroizing<Vec<u8>>, medkey_client::fault::Fault> {
    let total = record.meta.length.max(1) as f64;
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(record.meta.length as usize));
    client
        .read_record(record, |piece| {
            bytes.extend_from_slice(piece);
            let _left = shown.part.try_set(Some(Part::Fetched(bytes.len() as f64 / total)));
        })
        .await?;
    Ok(bytes)
}

/// The values of other documents in the same folder, for the trends of this one.
async fn known_values(client: &Client, record: &Record, others: &Records) -> Vec<Known> {
    const REPORTS: usize = 8;
    let mut found = Vec::new();
    let before = others.records.iter().filter(|other| {
        other.folder == record.folder
            && other.first.time <= record.first.time
            && other.id != record.id
            && is_fhir(&other.meta)
    });
    for other in before.take(REPORTS) {
        // A trend is an extra: a report that cannot be opened now is left out of it.
        if let Ok(bytes) = client.open_record(other).await
            && let Ok(document) = Fhir::read(&bytes)
        {
            found.extend(document.known(dated(other)));
        }
    }
    found
}

fn picture(meta: &Meta, bytes: &[u8], shown: Shown) -> RecordBody {
    match ObjectUrl::new(bytes, &meta.media_type) {
        Ok(url) => {
            let src = url.as_str().to_owned();
            let _left = shown.kept.try_set_value(Some(Kept::Picture { _address: url }));
            RecordBody::Picture { src, alt: meta.title.clone() }
        }
        Err(_) => download(meta, "The browser could not take the picture. Save it to look at it."),
    }
}

fn text(meta: &Meta, bytes: &[u8]) -> RecordBody {
    match core::str::from_utf8(bytes) {
        Ok(text) if text.len() <= TEXT_AT_MOST => RecordBody::Text(text.to_owned()),
        _ => download(meta, "It is no plain text, or too long to be shown here. Save it to look at it."),
    }
}

fn download(meta: &Meta, why: &str) -> RecordBody {
    RecordBody::Download { form: form_word(meta), length: meta.length, why: why.to_owned() }
}

/// Opens a record and saves it on the device. The file is given out only once all of it is proven.
pub async fn save_record(client: &Client, record: &Record) -> Result<(), Trouble> {
    let kept = "Nothing was saved. Your record is safe.";
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(record.meta.length as usize));
    let read = client.read_record(record, |piece| bytes.extend_from_slice(piece)).await;
    read.map_err(|fault| Trouble::new(fault.to_string(), kept))?;
    medkey_browser::save(&bytes, &safe_name(&record.meta.file_name))
        .map_err(|error| Trouble::new(error.to_string(), kept))
}

/// A file name without anything a file system would read as more than a name.
fn safe_name(name: &str) -> String {
    let kept: String = name.chars().filter(|one| !one.is_control() && !"/\\:*?\"<>|".contains(*one)).collect();
    let kept = kept.trim_matches(['.', ' ']).to_owned();
    if kept.is_empty() { "record".to_owned() } else { kept }
}
