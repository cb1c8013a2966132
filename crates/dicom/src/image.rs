//! What the header says about the pixels, believed only as far as it holds together.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::{
    header::DataSet,
    refused::Refused,
    told::{Grey, Preset, Shape},
};

/// Most pixels of a frame: a mammogram has 28 million.
const PIXELS_AT_MOST: u64 = 32 << 20;
/// Most frames: longer series are films.
const FRAMES_AT_MOST: u32 = 20_000;

/// Windows in Hounsfield units by what is looked at.
const CT_WINDOWS: [(&str, f64, f64); 4] =
    [("Brain", 40.0, 80.0), ("Bone", 480.0, 2500.0), ("Lung", -600.0, 1500.0), ("Soft tissue", 40.0, 400.0)];

/// What the samples of a pixel mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Colours {
    /// One value; `white_first` where the smallest is white.
    Grey {
        white_first: bool,
    },
    Palette(Palette),
    Rgb,
    Ybr,
}

/// Colours by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Palette {
    pub(crate) first: i32,
    pub(crate) colours: Vec<[u8; 3]>,
}

/// How the pixels are stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    pub(crate) frames: u32,
    pub(crate) samples: u16,
    pub(crate) planar: bool,
    /// 8 or 16.
    pub(crate) allocated: u16,
    pub(crate) stored: u16,
    pub(crate) signed: bool,
    pub(crate) colours: Colours,
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
    /// The value of what is no part of the image.
    pub(crate) padding: Option<i32>,
    aspect: f64,
    windows: Vec<Preset>,
    hounsfield: bool,
}

impl Layout {
    pub(crate) fn read(set: &DataSet) -> Result<Self, Refused> {
        let (Some(columns), Some(rows)) = (set.whole(tags::COLUMNS), set.whole(tags::ROWS)) else {
            return Err(Refused::NoImage);
        };
        let frames = match set.text(tags::NUMBER_OF_FRAMES) {
            Some(text) => text.parse().map_err(|_| Refused::Layout)?,
            None => 1,
        };
        if u64::from(columns) * u64::from(rows) > PIXELS_AT_MOST {
            return Err(Refused::TooLarge { columns, rows });
        }
        if frames > FRAMES_AT_MOST {
            return Err(Refused::TooMany(frames));
        }
        let samples = set.whole(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
        let allocated = set.whole(tags::BITS_ALLOCATED).unwrap_or(8);
        let stored = set.whole(tags::BITS_STORED).unwrap_or(allocated);
        let high = set.whole(tags::HIGH_BIT).unwrap_or(stored.saturating_sub(1));
        let fits = columns > 0 && rows > 0 && frames > 0 && stored > 0 && stored <= allocated && high == stored - 1;
        if !fits || !matches!(allocated, 8 | 16) {
            return Err(Refused::Layout);
        }
        let said = set.text(tags::PHOTOMETRIC_INTERPRETATION).unwrap_or_default();
        let colours = match (said.as_str(), samples) {
            ("MONOCHROME1", 1) => Colours::Grey { white_first: true },
            ("MONOCHROME2", 1) => Colours::Grey { white_first: false },
            ("PALETTE COLOR", 1) => Colours::Palette(Palette::read(set).ok_or(Refused::Layout)?),
            ("RGB", 3) if allocated == 8 => Colours::Rgb,
            ("YBR_FULL" | "YBR_FULL_422" | "YBR_PARTIAL_420" | "YBR_ICT" | "YBR_RCT", 3) if allocated == 8 => {
                Colours::Ybr
            }
            _ => return Err(Refused::Layout),
        };
        let slope = set.number(tags::RESCALE_SLOPE).filter(|slope| *slope != 0.0);
        let modality = set.text(tags::MODALITY).unwrap_or_default();
        Ok(Self {
            columns,
            rows,
            frames,
            samples,
            planar: set.whole(tags::PLANAR_CONFIGURATION) == Some(1),
            allocated,
            stored,
            signed: set.whole(tags::PIXEL_REPRESENTATION) == Some(1),
            colours,
            slope: slope.unwrap_or(1.0),
            intercept: set.number(tags::RESCALE_INTERCEPT).unwrap_or(0.0),
            padding: set.number(tags::PIXEL_PADDING_VALUE).map(|value| value as i32),
            aspect: aspect(set),
            windows: windows(set),
            hounsfield: modality == "CT" && slope.is_some(),
        })
    }

    /// Pixels of a frame.
    pub(crate) fn pixels(&self) -> usize {
        usize::from(self.columns) * usize::from(self.rows)
    }

    /// Bytes of a frame that is not compressed; at most 192 million.
    pub(crate) fn frame_bytes(&self) -> usize {
        self.pixels() * usize::from(self.samples) * usize::from(self.allocated / 8)
    }

    /// What the page is told; the first frame's smallest and largest value, where it is grey.
    pub(crate) fn shape(&self, range: Option<(f64, f64)>) -> Shape {
        Shape {
            columns: self.columns.into(),
            rows: self.rows.into(),
            frames: self.frames,
            aspect: self.aspect,
            grey: range.map(|(low, high)| self.grey(low, high)),
        }
    }

    fn grey(&self, low: f64, high: f64) -> Grey {
        let mut presets = self.windows.clone();
        let all = Preset {
            name: "All values".to_owned(),
            centre: (low + high + 1.0) / 2.0,
            width: (high - low + 1.0).max(1.0),
        };
        presets.push(all);
        if self.hounsfield {
            presets.extend(CT_WINDOWS.map(|(name, centre, width)| Preset { name: name.to_owned(), centre, width }));
        }
        Grey { low, high, presets }
    }
}

/// The windows that the file proposes, with their names.
fn windows(set: &DataSet) -> Vec<Preset> {
    const AT_MOST: usize = 8;
    let (centres, widths) = (set.numbers(tags::WINDOW_CENTER), set.numbers(tags::WINDOW_WIDTH));
    let names = set.text(tags::WINDOW_CENTER_WIDTH_EXPLANATION).unwrap_or_default();
    let mut names = names.split(['\\', '\n']).map(str::trim);
    let both = centres.into_iter().zip(widths).filter(|(_, width)| *width >= 1.0).take(AT_MOST);
    both.enumerate()
        .map(|(at, (centre, width))| {
            let name = names.next().filter(|name| !name.is_empty()).map(str::to_owned);
            let plain = if at == 0 { "As in the file".to_owned() } else { format!("As in the file, {}", at + 1) };
            Preset { name: name.unwrap_or(plain), centre, width }
        })
        .collect()
}

/// Height of a pixel by its width; 1 where it is not said or absurd.
fn aspect(set: &DataSet) -> f64 {
    let pair = |tag: Tag| match set.numbers(tag)[..] {
        [down, across] if down > 0.0 && across > 0.0 => Some(down / across),
        _ => None,
    };
    let said = pair(tags::PIXEL_SPACING)
        .or_else(|| pair(tags::IMAGER_PIXEL_SPACING))
        .or_else(|| pair(tags::PIXEL_ASPECT_RATIO));
    said.filter(|aspect| (0.2..=5.0).contains(aspect)).unwrap_or(1.0)
}

impl Palette {
    fn read(set: &DataSet) -> Option<Self> {
        let descriptor =
            set.values.get(&tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR)?.to_multi_int::<i32>().ok()?;
        let [count, first, bits] = descriptor[..] else { return None };
        // 0 stands for 65,536.
        let count = match count & 0xffff {
            0 => 1 << 16,
            count => count as usize,
        };
        let table = |tag: Tag| {
            let bytes = set.values.get(&tag)?.to_bytes().into_owned();
            let shown: Vec<u8> = match (bits, bytes.len()) {
                (8, length) if length < 2 * count => bytes,
                (8, _) => bytes.chunks_exact(2).map(|pair| pair[0]).collect(),
                _ => bytes.chunks_exact(2).map(|pair| pair[1]).collect(),
            };
            (shown.len() >= count).then_some(shown)
        };
        let red = table(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA)?;
        let green = table(tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA)?;
        let blue = table(tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA)?;
        let colours = red.into_iter().zip(green).zip(blue).map(|((red, green), blue)| [red, green, blue]).take(count);
        Some(Self { first, colours: colours.collect() })
    }

    /// The colour of a number; outside of the table that of its nearest end.
    pub(crate) fn colour(&self, number: i32) -> [u8; 3] {
        let at = number.saturating_sub(self.first).max(0) as usize;
        self.colours.get(at).or(self.colours.last()).copied().unwrap_or_default()
    }
}
