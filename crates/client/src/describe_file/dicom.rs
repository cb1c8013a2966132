//! A DICOM file's header (DICOM PS3.10, PS3.5): little-endian data sets up to the first tag after the description of
//! study and series. The patient's name is not looked at: a title is sealed, but seen by whoever reads the folder.

use super::{Described, compact_date, kinds};

const PREAMBLE: usize = 128;
const MARK: &[u8] = b"DICM";
const IMPLICIT: &str = "1.2.840.10008.1.2";
const NO_END: u32 = u32::MAX;

const TRANSFER_SYNTAX: (u16, u16) = (0x0002, 0x0010);
const STUDY_DATE: (u16, u16) = (0x0008, 0x0020);
const MODALITY: (u16, u16) = (0x0008, 0x0060);
const STUDY: (u16, u16) = (0x0008, 0x1030);
const SERIES: (u16, u16) = (0x0008, 0x103e);
const BODY_PART: (u16, u16) = (0x0018, 0x0015);
/// Value representations whose length takes four bytes after two that are reserved.
const LONG: [&[u8]; 10] = [b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"UC", b"UN", b"UT"];

/// `None` where it is no DICOM file.
pub(super) fn describe(file: &[u8]) -> Option<Described> {
    let mut rest = file.get(PREAMBLE..)?.strip_prefix(MARK)?;
    let mut implicit = false;
    let (mut date, mut modality, mut study, mut series, mut part) = Default::default();
    while let Some((tag, value, after)) = element(rest, implicit && !is_meta(rest)) {
        if tag > BODY_PART {
            break;
        }
        match tag {
            TRANSFER_SYNTAX => implicit = text(value).as_deref() == Some(IMPLICIT),
            STUDY_DATE => date = text(value),
            MODALITY => modality = text(value),
            STUDY => study = text(value),
            SERIES => series = text(value),
            BODY_PART => part = text(value),
            _ => {}
        }
        rest = after;
    }
    let said = [modality, part].into_iter().flatten().collect::<Vec<String>>().join(" ");
    Some(Described {
        title: study.or(series).or_else(|| (!said.is_empty()).then_some(said)),
        kind: Some(kinds::IMAGING.to_owned()),
        date: date.as_deref().and_then(compact_date),
    })
}

/// The meta information is explicit whatever follows it.
fn is_meta(rest: &[u8]) -> bool {
    rest.first_chunk().is_some_and(|group| u16::from_le_bytes(*group) == TRANSFER_SYNTAX.0)
}

type Element<'a> = ((u16, u16), &'a [u8], &'a [u8]);

/// The first element: its tag, its value and what follows.
fn element(bytes: &[u8], implicit: bool) -> Option<Element<'_>> {
    let (head, rest) = bytes.split_first_chunk::<8>()?;
    let tag = (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
    let (length, rest) = if implicit {
        (u32::from_le_bytes([head[4], head[5], head[6], head[7]]), rest)
    } else if LONG.contains(&&head[4..6]) {
        let (length, rest) = rest.split_first_chunk::<4>()?;
        (u32::from_le_bytes(*length), rest)
    } else {
        (u32::from(u16::from_le_bytes([head[6], head[7]])), rest)
    };
    if length == NO_END {
        // A sequence without a length ends with a delimiter of no length.
        const END: &[u8] = &[0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
        let end = rest.windows(END.len()).position(|window| window == END)?;
        return Some((tag, &[], &rest[end + END.len()..]));
    }
    let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((tag, value, rest))
}

/// Texts are padded with a blank or a zero; a `^` stands between the parts of a name.
fn text(value: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(value).replace('^', " ");
    let text = text.trim_matches([' ', '\0']);
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(elements: &[u8]) -> Vec<u8> {
        [&[0; PREAMBLE], MARK, elements].concat()
    }

    #[test]
    fn an_implicit_data_set_and_a_sequence_without_length_are_read_over() {
        let mut elements = Vec::new();
        // (0002,0010) UI, explicit: implicit little endian follows.
        elements.extend(b"\x02\x00\x10\x00UI\x12\x001.2.840.10008.1.2\0");
        elements.extend(b"\x08\x00\x20\x00\x08\x00\x00\x0020261120");
        // (0008,0082) without a length, with an item in it.
        elements.extend(b"\x08\x00\x82\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\x00\x00\x00\x00");
        elements.extend(b"\xfe\xff\xdd\xe0\x00\x00\x00\x00");
        elements.extend(b"\x08\x00\x3e\x10\x0a\x00\x00\x00Knee^left ");
        let found = describe(&file(&elements)).unwrap_or_default();
        assert_eq!((found.title.as_deref(), found.date.as_deref()), (Some("Knee left"), Some("2026-11-20")));
    }

    #[test]
    fn without_a_description_the_modality_says_what_it_is() {
        let elements = b"\x08\x00\x60\x00CS\x02\x00MR\x18\x00\x15\x00CS\x04\x00KNEE";
        assert_eq!(describe(&file(elements)).and_then(|found| found.title).as_deref(), Some("MR KNEE"));
        assert_eq!(describe(b"DICM"), None);
        assert_eq!(describe(&file(b"")).and_then(|found| found.title), None);
    }
}
