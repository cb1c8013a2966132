//! A whole file.

use std::io::Read;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};
use flate2::read::DeflateDecoder;

use crate::{
    frame::{Compression, Samples},
    header::{DataSet, Encoding, Pixels},
    image::Layout,
    refused::Refused,
    told::{About, Shape, Told},
    window::Window,
};

/// The preamble and the four letters (PS3.10, 7.1).
const PREAMBLE: usize = 128;
const LETTERS: &[u8] = b"DICM";
const META: u16 = 0x0002;
/// Most bytes that a compressed data set becomes.
const INFLATED_AT_MOST: u64 = 128 << 20;

/// A file that was read.
#[derive(Debug)]
pub struct Dicom {
    bytes: Vec<u8>,
    set: DataSet,
    image: Result<Image, Refused>,
}

#[derive(Debug)]
struct Image {
    layout: Layout,
    pixels: Pixels,
    compression: Compression,
    /// The frame that was looked at last.
    frame: u32,
    samples: Samples,
}

impl Dicom {
    /// Reads a file. What is not an image is read too; only the picture of it is refused.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Refused> {
        let start = PREAMBLE + LETTERS.len();
        if bytes.get(PREAMBLE..start) != Some(LETTERS) {
            return Err(Refused::NotDicom);
        }
        let meta = DataSet::read(&bytes, start, Encoding::Explicit, Some(META))?;
        let syntax = meta.text(tags::TRANSFER_SYNTAX_UID).ok_or(Refused::NotDicom)?;
        let length =
            meta.values.get(&tags::FILE_META_INFORMATION_GROUP_LENGTH).and_then(|value| value.to_int::<u32>().ok());
        // The length of the group is counted from behind the element that says it, which is the first.
        const LENGTH_ELEMENT: usize = 12;
        let from = length.and_then(|length| (start + LENGTH_ELEMENT).checked_add(length as usize));
        let from = from.filter(|from| *from <= bytes.len()).ok_or(Refused::NotDicom)?;
        let (bytes, from, encoding) = match syntax.as_str() {
            "1.2.840.10008.1.2" => (bytes, from, Encoding::Implicit),
            "1.2.840.10008.1.2.2" => (bytes, from, Encoding::BigEndian),
            "1.2.840.10008.1.2.1.99" => (inflate(&bytes[from..])?, 0, Encoding::Explicit),
            _ => (bytes, from, Encoding::Explicit),
        };
        let mut set = DataSet::read(&bytes, from, encoding, None)?;
        let image = Image::read(&bytes, &mut set, &syntax);
        let rows = meta.rows.into_iter().chain(std::mem::take(&mut set.rows)).collect();
        Ok(Self { bytes, set: DataSet { rows, ..set }, image })
    }

    /// All there is to know before a frame is drawn.
    #[must_use]
    pub fn told(&self) -> Told {
        let (image, refused) = match &self.image {
            Ok(image) => (Some(image.shape()), None),
            Err(refused) => (None, Some(refused.to_string())),
        };
        Told { about: about(&self.set), header: self.set.rows.clone(), image, refused }
    }

    /// A frame through a window: red, green, blue and opacity of each pixel, row by row.
    pub fn picture(&mut self, frame: u32, window: Window) -> Result<Vec<u8>, Refused> {
        let image = self.image.as_mut().map_err(|refused| refused.clone())?;
        if frame >= image.layout.frames {
            return Err(Refused::Truncated);
        }
        if frame != image.frame {
            image.samples = Samples::decode(&self.bytes, &image.pixels, &image.layout, image.compression, frame)?;
            image.frame = frame;
        }
        Ok(image.samples.picture(&image.layout, window))
    }
}

impl Image {
    fn read(bytes: &[u8], set: &mut DataSet, syntax: &str) -> Result<Self, Refused> {
        let Some(pixels) = set.pixels.take() else {
            let begun = set.whole(tags::COLUMNS).is_some();
            // Its size is checked first: absurd sizes are said as what they are.
            Layout::read(set)?;
            return Err(if begun && set.broken { Refused::Truncated } else { Refused::NoImage });
        };
        let layout = Layout::read(set)?;
        let compression = match syntax {
            "1.2.840.10008.1.2" | "1.2.840.10008.1.2.1" | "1.2.840.10008.1.2.1.99" => {
                Compression::None { big_endian: false }
            }
            "1.2.840.10008.1.2.2" => Compression::None { big_endian: true },
            "1.2.840.10008.1.2.5" => Compression::Rle,
            "1.2.840.10008.1.2.4.50"
            | "1.2.840.10008.1.2.4.51"
            | "1.2.840.10008.1.2.4.57"
            | "1.2.840.10008.1.2.4.70" => Compression::Jpeg,
            "1.2.840.10008.1.2.4.90" | "1.2.840.10008.1.2.4.91" => Compression::Jpeg2000,
            other => return Err(Refused::Compression(name(other))),
        };
        let samples = Samples::decode(bytes, &pixels, &layout, compression, 0)?;
        // The last frame has to be there too, where that is known without decoding.
        if let Pixels::Plain(range) = &pixels
            && (layout.frame_bytes() as u64) * u64::from(layout.frames) > range.len() as u64
        {
            return Err(Refused::Truncated);
        }
        Ok(Self { layout, pixels, compression, frame: 0, samples })
    }

    fn shape(&self) -> Shape {
        self.layout.shape(self.samples.range(&self.layout))
    }
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut inflated = Vec::new();
    // What was inflated before the stream broke is read like a file that was cut off.
    let _broken = DeflateDecoder::new(bytes).take(INFLATED_AT_MOST).read_to_end(&mut inflated);
    if inflated.is_empty() { Err(Refused::NotDicom) } else { Ok(inflated) }
}

/// `JPEG-LS Lossless Image Compression`.
fn name(syntax: &str) -> String {
    TransferSyntaxRegistry.get(syntax).map_or_else(|| "something unknown".to_owned(), |known| known.name().to_owned())
}

fn about(set: &DataSet) -> About {
    let line = |tag: Tag| set.text(tag).map(|text| text.replace(['\\', '\n', '\r'], ", "));
    About {
        patient: line(tags::PATIENT_NAME).and_then(|name| person(&name)),
        born: set.text(tags::PATIENT_BIRTH_DATE).and_then(|date| day(&date)),
        studied: set.text(tags::STUDY_DATE).and_then(|date| day(&date)),
        modality: line(tags::MODALITY),
        study: line(tags::STUDY_DESCRIPTION).or_else(|| line(tags::SERIES_DESCRIPTION)),
        part: line(tags::BODY_PART_EXAMINED),
        institution: line(tags::INSTITUTION_NAME),
    }
}

/// `Amara Osei`, from `Osei^Amara`; of several ways to write it the first.
fn person(name: &str) -> Option<String> {
    let mut parts = name.split('=').next().unwrap_or_default().split('^').map(str::trim);
    let mut next = || parts.next().unwrap_or_default();
    let (family, given, middle, before, after) = (next(), next(), next(), next(), next());
    let words: Vec<&str> = [before, given, middle, family, after].into_iter().filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// `1971-05-04`, from `19710504`.
fn day(date: &str) -> Option<String> {
    let digits = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]))
}
