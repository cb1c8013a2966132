//! FHIR R4, read for people: a document becomes parts that a page draws, and the few things that a doctor must not
//! overlook. Pure: it is tested anywhere.
//!
//! A document is somebody else's word. Whatever it holds becomes plain text, one string after another; a reference is
//! followed inside the document only, and no address in it is ever fetched or made a link. What is not known here is
//! shown as the fields it has, so that nothing is lost silently. Decimals stay as they are written.

mod arrange;
mod care;
mod dates;
mod exact;
mod findings;
mod measured;
mod medicines;
mod narrative;
mod other;
mod people;
mod ranges;
mod resource;
mod sheet;
mod timing;
mod words;

#[cfg(test)]
mod tests;

pub use self::{
    exact::Refused,
    findings::Findings,
    measured::{Key, Known, Taken},
};

use self::resource::Document;
use crate::pages::document::RecordPart;

/// The longest document that is read; longer ones are saved.
pub const LONGEST: usize = 16 << 20;

/// A document that was read.
#[derive(Debug)]
pub struct Fhir {
    document: Document,
}

impl Fhir {
    /// Reads a document.
    ///
    /// # Errors
    /// If it is no JSON, no FHIR, nested too deeply or too long.
    pub fn read(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > LONGEST {
            return Err(Refused::Long);
        }
        let text = core::str::from_utf8(bytes).map_err(|_| Refused::NotJson)?;
        Document::of(exact::read(text)?).map(|document| Self { document })
    }

    /// What it holds, in the order in which it is drawn. `known` are values from elsewhere for the trends; `at` is when
    /// the document is from, for measurements that do not say when they were taken.
    #[must_use]
    pub fn parts(&self, known: &[Known], at: Option<i64>) -> Vec<RecordPart> {
        arrange::parts(&self.document, known, at)
    }

    /// The values in it, for the trends of another document.
    #[must_use]
    pub fn known(&self, at: Option<i64>) -> Vec<Known> {
        measured::known(&self.document, at)
    }

    /// What must not be overlooked.
    #[must_use]
    pub fn findings(&self, at: Option<i64>) -> Findings {
        findings::find(&self.document, at)
    }
}
