//! A patient takes everything along: a ZIP with the files as they were filed, by folder, and a FHIR R4 Bundle that says
//! what each of them is. Nothing in it is encrypted.
//!
//! The archive is written as it goes: bytes are taken out of it after each step, so that none has to be long in memory.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    io::{self, Write},
    rc::Rc,
};

use serde_json::{Value, json};
use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipError, write::SimpleFileOptions, write::StreamWriter};

use crate::{list_records::Record, tell_about_me::AboutMe};

/// The name of the Bundle in the archive.
pub const BUNDLE: &str = "bundle.json";

/// It cannot be written: it is too large for its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The archive could not be written. Download the records one by one.")]
pub struct ExportError;

impl From<ZipError> for ExportError {
    fn from(_: ZipError) -> Self {
        Self
    }
}

impl From<io::Error> for ExportError {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// What was written and not taken yet.
#[derive(Debug, Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where a record comes from, in words.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The folder's name.
    pub folder: &'a str,
    /// Who wrote it.
    pub author: &'a str,
}

/// An archive on its way.
pub struct Archive {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
    names: BTreeSet<String>,
    entries: Vec<Value>,
}

impl core::fmt::Debug for Archive {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Archive").field("files", &self.names.len()).finish_non_exhaustive()
    }
}

impl Default for Archive {
    fn default() -> Self {
        let written = Written::default();
        let zip = ZipWriter::new_stream(written.clone());
        Self { zip, written, names: BTreeSet::from([BUNDLE.to_owned()]), entries: Vec::new() }
    }
}

impl Archive {
    /// Begins a record's file; its bytes follow.
    pub fn begin(&mut self, record: &Record, said: Said<'_>) -> Result<(), ExportError> {
        let name = self.name(said.folder, &record.meta.file_name);
        let when = record.meta.effective.as_deref().unwrap_or(&record.meta.created);
        // Images and PDFs are compressed already.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(record.meta.length > u64::from(u32::MAX))
            .last_modified_time(time_of(when).unwrap_or_default());
        self.zip.start_file(&name, options)?;
        self.entries.push(document(record, said, &name));
        Ok(())
    }

    /// The next bytes of the file that was begun last.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        Ok(self.zip.write_all(bytes)?)
    }

    /// The bytes of the archive that were written since this was last asked.
    pub fn take(&mut self) -> Vec<u8> {
        self.written.0.take()
    }

    /// Ends it with the Bundle; gives the last bytes.
    pub fn finish(mut self, about: Option<&AboutMe>) -> Result<Vec<u8>, ExportError> {
        let patient = about.map(|about| json!({ "fullUrl": "urn:medkey:patient", "resource": about.patient() }));
        let entries: Vec<Value> = patient.into_iter().chain(core::mem::take(&mut self.entries)).collect();
        let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(BUNDLE, options)?;
        self.zip.write_all(&serde_json::to_vec_pretty(&bundle).map_err(|_| ExportError)?)?;
        self.zip.finish()?;
        Ok(self.written.0.take())
    }

    /// A path that no file in the archive has yet and that is a name everywhere.
    fn name(&mut self, folder: &str, file: &str) -> String {
        let (folder, file) = (plain_name(folder, "Records"), plain_name(file, "record"));
        let (stem, ending) = match file.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => (stem.to_owned(), format!(".{ending}")),
            _ => (file.clone(), String::new()),
        };
        let numbered = |number: usize| match number {
            1 => format!("{folder}/{file}"),
            _ => format!("{folder}/{stem} ({number}){ending}"),
        };
        let mut number = 1;
        // File systems differ on whether case tells names apart.
        while !self.names.insert(numbered(number).to_lowercase()) {
            number += 1;
        }
        numbered(number)
    }
}

/// Without anything that a file system would read as more than a name.
#[must_use]
pub fn plain_name(name: &str, otherwise: &str) -> String {
    let kept: String = name.chars().filter(|one| !one.is_control() && !"/\\:*?\"<>|".contains(*one)).collect();
    let kept = kept.trim_matches(['.', ' ']).to_owned();
    if kept.is_empty() { otherwise.to_owned() } else { kept }
}

fn time_of(text: &str) -> Option<DateTime> {
    let number = |range: core::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
    let small = |range| number(range).and_then(|number| u8::try_from(number).ok());
    let (hour, minute, second) = (small(11..13), small(14..16), small(17..19));
    let time = [hour, minute, second].map(Option::unwrap_or_default);
    DateTime::from_date_and_time(number(0..4)?, small(5..7)?, small(8..10)?, time[0], time[1], time[2]).ok()
}

/// A record as a FHIR R4 DocumentReference to its file.
fn document(record: &Record, said: Said<'_>, path: &str) -> Value {
    let meta = &record.meta;
    let kind = &meta.kind;
    let mut document = json!({
        "resourceType": "DocumentReference",
        "status": "current",
        "type": { "coding": [{ "system": kind.system, "code": kind.code, "display": kind.display }] },
        "category": [{ "text": said.folder }],
        "date": meta.created,
        "author": [{ "display": said.author }],
        "description": meta.title,
        "content": [{ "attachment": {
            "contentType": meta.media_type, "url": path, "size": meta.length, "title": meta.file_name,
        } }],
    });
    if let Some(effective) = &meta.effective {
        document["context"] = json!({ "period": { "start": effective } });
    }
    let amends = meta.amends.as_ref().map(|amends| ("replaces", amends));
    let confirms = meta.confirms.as_ref().map(|confirmed| ("signs", &confirmed.record));
    let related: Vec<Value> = [amends, confirms]
        .into_iter()
        .flatten()
        .map(|(code, record)| json!({ "code": code, "target": { "reference": url(record) } }))
        .collect();
    if !related.is_empty() {
        document["relatesTo"] = json!(related);
    }
    json!({ "fullUrl": url(&record.id), "resource": document })
}

fn url(record: &medkey_protocol::RecordId) -> String {
    format!("urn:medkey:record:{record}")
}
