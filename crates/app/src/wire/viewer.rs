//! What a record holds, as parts that the page can draw: FHIR as [`crate::fhir`] reads it, pictures, text; all else is
//! saved.
//!
//! Nothing from a record is ever run or drawn as markup: every word of it becomes a text node.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_browser::ObjectUrl;
use medkey_client::{
    Meta,
    list_records::{Record, Records},
    open_record::SHOWN_AT_MOST,
};

use super::{desk::Client, said};
use crate::{
    fhir::{Fhir, Known},
    load::{Load, Trouble},
    pages::{document::RecordPart, record::RecordBody},
    speaking::parse_date,
};

/// Longest text that is drawn.
const TEXT_AT_MOST: usize = 1 << 20;
/// Pictures a browser draws without running anything in them.
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];

/// What a page shows of a record while it is opened. The picture's address ends with it.
#[derive(Clone, Copy)]
pub struct Shown {
    /// What it holds.
    pub body: RwSignal<Load<RecordBody>>,
    /// How much of it is here, from 0 to 1.
    pub part: RwSignal<Option<f64>>,
    picture: StoredValue<Option<Rc<ObjectUrl>>, LocalStorage>,
}

impl Shown {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { body: RwSignal::new(Load::Loading), part: RwSignal::new(None), picture: StoredValue::new_local(None) }
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
    let drawn = is_fhir(meta) || meta.media_type == "text/plain" || PICTURES.contains(&meta.media_type.as_str());
    if !drawn || meta.length > SHOWN_AT_MOST {
        let _left = shown.body.try_set(Load::Ready(download(meta)));
        return;
    }
    let opened = open_with_part(client, record, shown).await;
    let _left = shown.part.try_set(None);
    let body = match opened {
        Ok(bytes) if PICTURES.contains(&meta.media_type.as_str()) => picture(meta, &bytes, shown),
        Ok(bytes) if is_fhir(meta) => {
            let known = known_values(client, record, others).await;
            fhir_body(&bytes, &known, dated(record))
        }
        Ok(bytes) => text(meta, &bytes),
        Err(fault) => {
            let _left = shown.body.try_set(Load::Failed(said::trouble(&fault)));
            return;
        }
    };
    let _left = shown.body.try_set(Load::Ready(body));
}

/// A FHIR document as parts, or why it is none.
fn fhir_body(bytes: &[u8], known: &[Known], at: Option<i64>) -> RecordBody {
    match Fhir::read(bytes) {
        Ok(document) => RecordBody::Parts(document.parts(known, at)),
        Err(refused) => {
            let text = format!("{} You can download it.", refused.sentence());
            RecordBody::Parts(vec![RecordPart::Words { title: String::new(), text }])
        }
    }
}

/// When what a record describes happened, as far as it is known: in seconds since 1970.
#[must_use]
pub fn dated(record: &Record) -> Option<i64> {
    let effective = record.meta.effective.as_deref().and_then(|date| parse_date(date.get(..10)?));
    i64::try_from(effective.unwrap_or(record.first.time)).ok()
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
            let _left = shown.part.try_set(Some(bytes.len() as f64 / total));
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
            let _left = shown.picture.try_set_value(Some(Rc::new(url)));
            RecordBody::Picture { src, alt: meta.title.clone() }
        }
        Err(_) => download(meta),
    }
}

fn text(meta: &Meta, bytes: &[u8]) -> RecordBody {
    match core::str::from_utf8(bytes) {
        Ok(text) if text.len() <= TEXT_AT_MOST => RecordBody::Text(text.to_owned()),
        _ => download(meta),
    }
}

fn download(meta: &Meta) -> RecordBody {
    RecordBody::Download { form: form_word(meta), length: meta.length }
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
