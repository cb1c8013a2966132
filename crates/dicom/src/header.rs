//! The data set, gone over once: every element becomes a row, few values are kept, pixels are remembered by place.

use std::{collections::BTreeMap, io::Cursor, ops::Range};

use dicom_core::{
    PrimitiveValue, Tag, VR,
    dictionary::{DataDictionary, DataDictionaryEntry},
};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use dicom_parser::{
    StatefulDecode,
    dataset::{LazyDataToken, lazy_read::LazyDataSetReader},
};
use dicom_transfer_syntax_registry::entries;

use crate::{refused::Refused, told::Header};

/// Longest value that is read; tables of colours are the longest that are needed.
const VALUE_AT_MOST: u32 = 1 << 17;
/// Longest value that is shown, in characters.
const SHOWN_AT_MOST: usize = 200;
/// A header of more elements ends there.
const ROWS_AT_MOST: usize = 4000;
/// Elements that lie in more sequences are not shown.
const DEPTH_AT_MOST: usize = 12;
/// More parts of compressed pixels than this are no image.
const PARTS_AT_MOST: usize = 100_000;

/// How the data set is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Implicit,
    Explicit,
    BigEndian,
}

/// Where the pixels are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pixels {
    /// As they are.
    Plain(Range<usize>),
    /// In parts, with the place of each frame's first part behind the first part, where that is said.
    Parts { offsets: Vec<u32>, parts: Vec<Range<usize>> },
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct DataSet {
    pub(crate) rows: Vec<Header>,
    pub(crate) values: BTreeMap<Tag, PrimitiveValue>,
    pub(crate) pixels: Option<Pixels>,
    /// It ended in the middle of something.
    pub(crate) broken: bool,
}

impl DataSet {
    /// Reads the elements of `bytes` from a place on; those of another group than `only` end it.
    pub(crate) fn read(bytes: &[u8], from: usize, encoding: Encoding, only: Option<u16>) -> Result<Self, Refused> {
        let mut found = Self::default();
        let mut source = Cursor::new(bytes);
        source.set_position(from as u64);
        let syntax = match encoding {
            Encoding::Implicit => entries::IMPLICIT_VR_LITTLE_ENDIAN.erased(),
            Encoding::Explicit => entries::EXPLICIT_VR_LITTLE_ENDIAN.erased(),
            Encoding::BigEndian => entries::EXPLICIT_VR_BIG_ENDIAN.erased(),
        };
        let mut reader = LazyDataSetReader::new_with_ts(source, &syntax).map_err(|_| Refused::NotDicom)?;
        let mut walk = Walk { length: bytes.len() as u64, only, ..Walk::default() };
        while let Some(token) = reader.advance() {
            match token.ok().and_then(|token| walk.take(token, &mut found)) {
                Some(Step::Further) => {}
                Some(Step::Done) => return Ok(found),
                None => {
                    found.broken = true;
                    break;
                }
            }
        }
        found.broken |= walk.depth != 0;
        if found.rows.is_empty() { Err(Refused::NotDicom) } else { Ok(found) }
    }

    /// A text, if there is one in it.
    pub(crate) fn text(&self, tag: Tag) -> Option<String> {
        let text = self.values.get(&tag)?.to_str();
        let text = text.trim_matches([' ', '\0']).to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Numbers, however they are written.
    pub(crate) fn numbers(&self, tag: Tag) -> Vec<f64> {
        let numbers = self.values.get(&tag).and_then(|value| value.to_multi_float64().ok()).unwrap_or_default();
        numbers.into_iter().filter(|number| number.is_finite()).collect()
    }

    pub(crate) fn number(&self, tag: Tag) -> Option<f64> {
        self.numbers(tag).first().copied()
    }

    pub(crate) fn whole(&self, tag: Tag) -> Option<u16> {
        self.values.get(&tag)?.to_int().ok()
    }
}

enum Step {
    Further,
    Done,
}

#[derive(Default)]
struct Walk {
    length: u64,
    only: Option<u16>,
    depth: usize,
    /// The sequences it is in.
    within: Vec<Tag>,
    /// How many items of compressed pixels there were, while it is in them.
    items: Option<usize>,
}

impl Walk {
    /// `None` where the file is broken.
    fn take<D: StatefulDecode>(&mut self, token: LazyDataToken<&mut D>, found: &mut DataSet) -> Option<Step> {
        match token {
            LazyDataToken::ElementHeader(header) => {
                if self.only.is_some_and(|group| group != header.tag.group()) || found.rows.len() >= ROWS_AT_MOST {
                    return Some(Step::Done);
                }
            }
            LazyDataToken::LazyValue { header, decoder } => {
                let (tag, length) = (header.tag, header.len.get()?);
                let start = decoder.position();
                let end = start.checked_add(u64::from(length)).filter(|end| *end <= self.length)?;
                if tag == tags::PIXEL_DATA {
                    decoder.skip_bytes(length).ok()?;
                    if self.depth == 0 {
                        found.pixels = Some(Pixels::Plain(start as usize..end as usize));
                        self.row(tag, size(length), found);
                    }
                } else if length > VALUE_AT_MOST {
                    decoder.skip_bytes(length).ok()?;
                    self.row(tag, size(length), found);
                } else {
                    let value = decoder.read_value_preserved(&header).ok()?;
                    self.row(tag, shown(header.vr, &value, length), found);
                    self.keep(tag, value, found);
                }
            }
            LazyDataToken::SequenceStart { tag, .. } => {
                if self.only.is_some() || found.rows.len() >= ROWS_AT_MOST {
                    return Some(Step::Done);
                }
                self.row(tag, String::new(), found);
                self.within.push(tag);
                self.depth += 1;
            }
            LazyDataToken::PixelSequenceStart => {
                self.items = Some(0);
                self.depth += 1;
                if self.depth == 1 {
                    found.pixels = Some(Pixels::Parts { offsets: Vec::new(), parts: Vec::new() });
                }
            }
            LazyDataToken::ItemStart { .. } => self.items = self.items.map(|items| items + 1),
            LazyDataToken::SequenceEnd => {
                self.depth = self.depth.checked_sub(1)?;
                if self.items.take().is_some() {
                    if self.depth == 0 {
                        self.row(tags::PIXEL_DATA, "compressed".to_owned(), found);
                    }
                } else {
                    self.within.pop();
                }
            }
            LazyDataToken::LazyItemValue { len, decoder } => {
                let start = decoder.position();
                let end = start.checked_add(u64::from(len)).filter(|end| *end <= self.length)?;
                let first = self.items == Some(1);
                match &mut found.pixels {
                    // The first item is the table of offsets.
                    Some(Pixels::Parts { offsets, .. }) if self.depth == 1 && first && len <= VALUE_AT_MOST => {
                        decoder.read_u32_to_vec(len, offsets).ok()?;
                    }
                    Some(Pixels::Parts { parts, .. }) if self.depth == 1 && !first => {
                        decoder.skip_bytes(len).ok()?;
                        parts.push(start as usize..end as usize);
                        if parts.len() > PARTS_AT_MOST {
                            return None;
                        }
                    }
                    _ => decoder.skip_bytes(len).ok()?,
                }
            }
            LazyDataToken::ItemEnd => {}
            _ => return None,
        }
        Some(Step::Further)
    }

    fn row(&self, tag: Tag, value: String, found: &mut DataSet) {
        if self.depth <= DEPTH_AT_MOST {
            let name = name(tag);
            found.rows.push(Header { depth: self.depth, tag: tag.to_string(), name, value });
        }
    }

    /// What all frames share may stand in a sequence of its own (PS3.3, C.7.6.16).
    fn keep(&self, tag: Tag, value: PrimitiveValue, found: &mut DataSet) {
        let shared = self.within.first() == Some(&tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE) && self.depth == 2;
        if self.depth == 0 {
            found.values.insert(tag, value);
        } else if shared && SHARED.contains(&tag) {
            found.values.entry(tag).or_insert(value);
        }
    }
}

/// What is taken from the groups that all frames share.
const SHARED: [Tag; 6] = [
    tags::RESCALE_INTERCEPT,
    tags::RESCALE_SLOPE,
    tags::RESCALE_TYPE,
    tags::WINDOW_CENTER,
    tags::WINDOW_WIDTH,
    tags::PIXEL_SPACING,
];

/// `Patient Name`, from the dictionary's `PatientName`.
fn name(tag: Tag) -> String {
    let Some(entry) = StandardDataDictionary.by_tag(tag) else {
        return if tag.group() % 2 == 1 { "Private".to_owned() } else { "Unknown".to_owned() };
    };
    let mut name = String::new();
    let mut before = ' ';
    let mut letters = entry.alias().chars().peekable();
    while let Some(letter) = letters.next() {
        let begins = letter.is_uppercase() && !name.is_empty();
        let ends_capitals = before.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase());
        if begins && (before.is_lowercase() || ends_capitals) {
            name.push(' ');
        }
        name.push(letter);
        before = letter;
    }
    name
}

fn size(length: u32) -> String {
    format!("{length} bytes")
}

/// A value as text. Of bytes it would say nothing, so their number is given.
fn shown(vr: VR, value: &PrimitiveValue, length: u32) -> String {
    if matches!(vr, VR::OB | VR::OW | VR::OD | VR::OF | VR::OL | VR::OV | VR::UN) {
        return size(length);
    }
    let text = value.to_str();
    let text: String =
        text.trim_matches([' ', '\0']).chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    if text.chars().count() <= SHOWN_AT_MOST {
        return text;
    }
    let mut short: String = text.chars().take(SHOWN_AT_MOST).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        assert_eq!(name(tags::PATIENT_NAME), "Patient Name");
        assert_eq!(name(tags::SOP_CLASS_UID), "SOP Class UID");
        assert_eq!(name(tags::STUDY_INSTANCE_UID), "Study Instance UID");
        assert_eq!(name(Tag(0x0009, 0x1010)), "Private");
    }

    #[test]
    fn a_long_value_is_cut_and_bytes_are_counted() {
        assert_eq!(shown(VR::LT, &PrimitiveValue::from("a".repeat(500)), 500).chars().count(), SHOWN_AT_MOST + 1);
        assert_eq!(shown(VR::OB, &PrimitiveValue::from(vec![1_u8, 2]), 2), "2 bytes");
        assert_eq!(shown(VR::PN, &PrimitiveValue::from("Osei^Amara "), 11), "Osei^Amara");
    }
}
