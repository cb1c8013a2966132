//! Writes DICOM files, right and wrong ones.

pub(crate) const IMPLICIT: &str = "1.2.840.10008.1.2";
pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub(crate) const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
pub(crate) const RLE: &str = "1.2.840.10008.1.2.5";
pub(crate) const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";

/// A file in the making.
#[derive(Clone)]
pub(crate) struct File {
    syntax: &'static str,
    elements: Vec<((u16, u16), &'static str, Vec<u8>)>,
    parts: Option<Vec<Vec<u8>>>,
}

impl File {
    /// An image of grey bytes.
    pub(crate) fn grey(syntax: &'static str, columns: u16, rows: u16) -> Self {
        let file = Self { syntax, elements: Vec::new(), parts: None };
        file.text((0x0008, 0x0060), "CS", "OT")
            .text((0x0010, 0x0010), "PN", "Osei^Amara")
            .short((0x0028, 0x0002), 1)
            .text((0x0028, 0x0004), "CS", "MONOCHROME2")
            .short((0x0028, 0x0010), rows)
            .short((0x0028, 0x0011), columns)
            .short((0x0028, 0x0100), 8)
            .short((0x0028, 0x0101), 8)
            .short((0x0028, 0x0102), 7)
            .short((0x0028, 0x0103), 0)
    }

    pub(crate) fn put(mut self, tag: (u16, u16), vr: &'static str, mut value: Vec<u8>) -> Self {
        if !value.len().is_multiple_of(2) {
            value.push(if vr == "UI" || vr == "OB" { 0 } else { b' ' });
        }
        self.elements.retain(|(other, ..)| *other != tag);
        self.elements.push((tag, vr, value));
        self
    }

    pub(crate) fn text(self, tag: (u16, u16), vr: &'static str, value: &str) -> Self {
        self.put(tag, vr, value.as_bytes().to_vec())
    }

    pub(crate) fn short(self, tag: (u16, u16), value: u16) -> Self {
        self.put(tag, "US", value.to_le_bytes().to_vec())
    }

    pub(crate) fn wide(self, signed: bool) -> Self {
        let sign = u16::from(signed);
        self.short((0x0028, 0x0100), 16)
            .short((0x0028, 0x0101), 16)
            .short((0x0028, 0x0102), 15)
            .short((0x0028, 0x0103), sign)
    }

    pub(crate) fn bytes(self, pixels: &[u8]) -> Self {
        self.put((0x7fe0, 0x0010), "OW", pixels.to_vec())
    }

    pub(crate) fn words(self, pixels: &[i16]) -> Self {
        self.put((0x7fe0, 0x0010), "OW", pixels.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    /// Compressed pixels, the first part an empty table of offsets.
    pub(crate) fn parts(mut self, parts: &[&[u8]]) -> Self {
        self.parts = Some(parts.iter().map(|part| part.to_vec()).collect());
        self
    }

    pub(crate) fn write(mut self) -> Vec<u8> {
        self.elements.sort_by_key(|(tag, ..)| *tag);
        let mut data = Vec::new();
        for (tag, vr, value) in &self.elements {
            element(&mut data, *tag, vr, value.len() as u32, self.syntax != IMPLICIT);
            data.extend_from_slice(value);
        }
        if let Some(parts) = &self.parts {
            element(&mut data, (0x7fe0, 0x0010), "OB", u32::MAX, true);
            for part in [Vec::new()].iter().chain(parts) {
                let mut part = part.clone();
                part.resize(part.len().next_multiple_of(2), 0);
                item(&mut data, 0xe000, part.len() as u32);
                data.extend_from_slice(&part);
            }
            item(&mut data, 0xe0dd, 0);
        }
        if self.syntax == DEFLATED {
            use std::io::Write;
            let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            deflated.write_all(&data).unwrap();
            data = deflated.finish().unwrap();
        }
        framed(self.syntax, &data)
    }
}

/// A data set behind preamble and meta information.
pub(crate) fn framed(syntax: &str, data: &[u8]) -> Vec<u8> {
    let mut uid = syntax.as_bytes().to_vec();
    uid.resize(uid.len().next_multiple_of(2), 0);
    let mut meta = Vec::new();
    element(&mut meta, (0x0002, 0x0010), "UI", uid.len() as u32, true);
    meta.extend_from_slice(&uid);
    let mut file = vec![0; 128];
    file.extend_from_slice(b"DICM");
    element(&mut file, (0x0002, 0x0000), "UL", 4, true);
    file.extend_from_slice(&(meta.len() as u32).to_le_bytes());
    file.extend_from_slice(&meta);
    file.extend_from_slice(data);
    file
}

/// A tag, a representation and a length, as they are said.
pub(crate) fn element(data: &mut Vec<u8>, tag: (u16, u16), vr: &str, length: u32, explicit: bool) {
    data.extend_from_slice(&tag.0.to_le_bytes());
    data.extend_from_slice(&tag.1.to_le_bytes());
    if !explicit {
        data.extend_from_slice(&length.to_le_bytes());
        return;
    }
    data.extend_from_slice(vr.as_bytes());
    if matches!(vr, "OB" | "OW" | "SQ" | "UN") {
        data.extend_from_slice(&[0, 0]);
        data.extend_from_slice(&length.to_le_bytes());
    } else {
        data.extend_from_slice(&(length as u16).to_le_bytes());
    }
}

pub(crate) fn item(data: &mut Vec<u8>, number: u16, length: u32) {
    data.extend_from_slice(&0xfffe_u16.to_le_bytes());
    data.extend_from_slice(&number.to_le_bytes());
    data.extend_from_slice(&length.to_le_bytes());
}
