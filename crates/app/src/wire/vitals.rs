//! What was measured: looked for in the records of a chart while the pages about it are shown, and kept while the page is
//! open. A record is opened once, and only where it may hold a measurement. The patient and doctors see the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    list_records::{Record, Records},
    record_vitals::{ADULT, Measured, Range, Sitting, Standing, VITALS, Vital, age_on, read_vitals},
    tell_about_me::{FHIR_JSON, FHIR_TYPES, is_about_me},
    time::instant,
};
use medkey_protocol::{Address, Digest, FolderId, blocks::Category};

use super::desk::Open;
use crate::{
    clock::use_clock,
    components::{
        chip::{Badge, Tone},
        spark::Trend,
        trend_chart::{Course, TrendPoint},
    },
    pages::{
        about::{At, Looking, Newest},
        vital::{Value, VitalModel},
    },
    speaking::{Say, Speaker, say_date},
};

/// Records that are looked through at first, and that many more each time one asks.
const AT_FIRST: usize = 120;
/// The longest record that is looked into.
const SMALL: u64 = 2 << 20;
/// Values of a small trend.
const TREND: usize = 12;

type Read = BTreeMap<Digest, Rc<[Measured]>>;

/// A chart as somebody reads it.
pub struct Seen<'a> {
    /// The records.
    pub records: &'a Records,
    /// What a folder is for.
    pub category: &'a dyn Fn(FolderId) -> Option<Category>,
    /// `1971-05-04`, where it is known.
    pub birth_date: Option<&'a str>,
    /// Where a value comes from that somebody else than the patient filed: `from Dr. Lindqvist`.
    pub from: &'a dyn Fn(Address) -> String,
    /// Where the pages of its records are: `/records`.
    pub at: &'a str,
    /// The reader is the patient.
    pub own: bool,
}

/// Whose chart is looked through, and who reads it.
pub trait Reader: Copy + Send + Sync + 'static {
    /// The member; none once the pages are left.
    fn open(self) -> Option<Rc<Open>>;
    /// Looks at the chart as it is now, where it is here.
    fn look_at<T>(self, take: impl FnOnce(&Seen<'_>) -> T) -> Option<T>;
}

/// The values found so far; in the context of the pages.
#[derive(Clone, Copy)]
pub struct Vitals<R> {
    read: RwSignal<Rc<Read>, LocalStorage>,
    failed: RwSignal<BTreeSet<Digest>, LocalStorage>,
    most: RwSignal<usize>,
    running: StoredValue<bool>,
    reader: R,
}

/// A value and the record it is from.
#[derive(Clone)]
struct Sourced<'a> {
    measured: Measured,
    /// Seconds since 1970.
    at: i64,
    record: &'a Record,
    own: bool,
    reckoned: bool,
}

/// Whether a record may hold measurements. What was imported is not looked into again: its values were chosen then.
fn may_hold(chart: &Seen<'_>, record: &Record) -> bool {
    let meta = &record.meta;
    if is_about_me(record) || meta.media_type != FHIR_JSON || meta.length > SMALL {
        return false;
    }
    let of_type = meta.kind.system == FHIR_TYPES;
    let imported = of_type && record.author == record.chart && meta.kind.display == "Imported";
    let fits =
        !of_type || matches!(meta.kind.code.as_str(), "Bundle" | "Observation" | "DiagnosticReport" | "Composition");
    !imported && (fits || (chart.category)(record.folder) == Some(Category::Vitals))
}

/// The records to look into, those of the folder for it first, then the newest. What was corrected counts no more.
fn candidates<'a>(chart: &Seen<'a>) -> Vec<&'a Record> {
    let corrections: Vec<&Record> = chart.records.records.iter().filter(|one| one.meta.amends.is_some()).collect();
    let counts = |record: &&Record| may_hold(chart, record) && !corrections.iter().any(|other| other.corrects(record));
    let mut found: Vec<&Record> = chart.records.records.iter().filter(counts).collect();
    found.sort_by_key(|record| (chart.category)(record.folder) != Some(Category::Vitals));
    found
}

impl<R: Reader> Vitals<R> {
    /// Nothing was found yet.
    #[must_use]
    pub fn new(reader: R) -> Self {
        Self {
            read: RwSignal::new_local(Rc::default()),
            failed: RwSignal::new_local(BTreeSet::new()),
            most: RwSignal::new(AT_FIRST),
            running: StoredValue::new(false),
            reader,
        }
    }

    /// Who reads.
    pub fn reader(self) -> R {
        self.reader
    }

    /// Looks through what was not looked through yet, now and whenever the chart changes, while the page is shown.
    pub fn look_while_here(self) {
        Effect::new(move |_| {
            self.reader.look_at(|_| ());
            self.most.track();
            self.failed.track();
            spawn_local(self.look());
        });
    }

    async fn look(self) {
        if self.running.try_get_value().unwrap_or(true) {
            return;
        }
        self.running.set_value(true);
        while let Some((open, record)) = self.next() {
            let manifest = record.manifest;
            let kept = match open.client().open_record(&record).await {
                Ok(bytes) => {
                    let values: Rc<[Measured]> = read_vitals(&bytes).into();
                    self.read.try_update(|read| drop(Rc::make_mut(read).insert(manifest, values)))
                }
                Err(_) => self.failed.try_update(|failed| {
                    failed.insert(manifest);
                }),
            };
            if kept.is_none() {
                return;
            }
        }
        let _left = self.running.try_set_value(false);
    }

    fn next(self) -> Option<(Rc<Open>, Record)> {
        let (read, failed) = (self.read.try_get_untracked()?, self.failed.try_get_untracked()?);
        let most = self.most.try_get_untracked()?;
        let left = |record: &&Record| !read.contains_key(&record.manifest) && !failed.contains(&record.manifest);
        let next = |chart: &Seen<'_>| candidates(chart).into_iter().take(most).find(left).cloned();
        Some((self.reader.open()?, untrack(|| self.reader.look_at(next))??))
    }

    /// How far the records are looked through.
    pub fn looking(self) -> Signal<Looking> {
        Signal::derive(move || {
            let looked = self.reader.look_at(|chart| {
                let candidates = candidates(chart);
                let (read, failed, most) = (self.read.get(), self.failed.get(), self.most.get());
                let first = candidates.iter().take(most);
                let failed = first.clone().filter(|record| failed.contains(&record.manifest)).count();
                let done = first.clone().filter(|record| read.contains_key(&record.manifest)).count();
                let beyond = candidates.len().saturating_sub(most);
                Looking { left: first.count() - done - failed, failed, beyond }
            });
            looked.unwrap_or(Looking { left: 1, ..Looking::default() })
        })
    }

    /// Opens again what could not be opened.
    pub fn look_again(self) {
        self.failed.set(BTreeSet::new());
    }

    /// Looks through more records.
    pub fn look_on(self) {
        self.most.update(|most| *most += AT_FIRST);
    }

    /// All values that were found so far.
    pub fn known(self) -> Vec<Measured> {
        self.read.with_untracked(|read| read.values().flat_map(|values| values.iter().cloned()).collect())
    }

    /// The sitting that a record holds, where it can be put right here.
    pub fn sitting(self, record: &Record) -> Option<Sitting> {
        self.read.with_untracked(|read| read.get(&record.manifest).and_then(|values| sitting(record, values)))
    }

    /// The newest value of each vital sign.
    pub fn newest(self) -> Signal<Vec<Newest>> {
        Signal::derive(move || {
            let found = self.reader.look_at(|chart| {
                let read = self.read.get();
                VITALS.into_iter().filter_map(|vital| newest(chart, &read, vital)).collect()
            });
            found.unwrap_or_default()
        })
    }

    /// One vital sign.
    pub fn model(self, vital: Memo<Option<Vital>>) -> Signal<VitalModel> {
        let clock = use_clock();
        Signal::derive(move || {
            let Some(vital) = vital.get() else { return VitalModel::default() };
            let model = self.reader.look_at(|chart| {
                let found = values(chart, &self.read.get(), vital);
                VitalModel {
                    word: vital.word(),
                    usual: usual(vital, chart),
                    courses: courses(chart, vital, &found, &clock.speaker()),
                    values: found.iter().map(|one| value(chart, one)).collect(),
                }
            });
            model.unwrap_or(VitalModel { word: vital.word(), ..VitalModel::default() })
        })
    }
}

fn sitting(record: &Record, values: &[Measured]) -> Option<Sitting> {
    (record.author == record.chart).then(|| Sitting::of(values)).flatten()
}

/// Every value of a vital sign, newest first, each once.
fn values<'a>(chart: &Seen<'a>, read: &Read, vital: Vital) -> Vec<Sourced<'a>> {
    let mut found: Vec<Sourced<'a>> = Vec::new();
    for record in candidates(chart) {
        let Some(values) = read.get(&record.manifest) else { continue };
        let own = chart.own && sitting(record, values).is_some();
        for measured in values.iter().filter(|one| one.vital == vital) {
            let Some(at) = instant(&measured.at) else { continue };
            if !found.iter().any(|known| known.at == at && known.measured.is_same(measured)) {
                found.push(Sourced { measured: measured.clone(), at, record, own, reckoned: false });
            }
        }
    }
    if vital == Vital::Bmi {
        let reckoned = reckoned(chart, read, &found);
        found.extend(reckoned);
    }
    found.sort_by_key(|one| core::cmp::Reverse(one.at));
    found
}

/// The body mass index of each weight with the height of then. Not of children, who grow.
fn reckoned<'a>(chart: &Seen<'a>, read: &Read, known: &[Sourced<'a>]) -> Vec<Sourced<'a>> {
    let heights = values(chart, read, Vital::Height);
    let weights =
        values(chart, read, Vital::Weight).into_iter().filter(|weight| !known.iter().any(|one| one.at == weight.at));
    weights
        .filter(|weight| age_at(chart, &weight.measured.at).is_none_or(|age| age >= ADULT))
        .filter_map(|weight| {
            let before = heights.iter().find(|height| height.at <= weight.at).or(heights.last())?;
            let measured = weight.measured.body_mass_index(&before.measured)?;
            Some(Sourced { measured, own: false, reckoned: true, ..weight })
        })
        .collect()
}

fn age_at(chart: &Seen<'_>, day: &str) -> Option<u32> {
    chart.birth_date.and_then(|born| age_on(born, day))
}

/// How old the patient is.
fn age_now(chart: &Seen<'_>) -> Option<u32> {
    chart.birth_date.and_then(age_today)
}

/// How old somebody is who was born then.
#[must_use]
pub fn age_today(born: &str) -> Option<u32> {
    age_on(born, &medkey_client::time::rfc3339(crate::wire::desk::now()))
}

fn source(chart: &Seen<'_>, one: &Sourced<'_>) -> String {
    let author = one.record.written_by();
    let who = if chart.own { "you" } else { "the patient" };
    match () {
        () if one.reckoned => "from weight and height".to_owned(),
        () if author != one.record.chart => (chart.from)(author),
        () if one.measured.by_patient => format!("measured by {who}"),
        () => format!("imported by {who}"),
    }
}

/// How a value stands to what is usual, in a word.
fn badge(vital: Vital, age: Option<u32>, (first, second): (f64, Option<f64>)) -> Option<Badge> {
    let standing = vital.standing(age, first, second)?;
    let tone = match standing {
        Standing::Usual => Tone::Quiet,
        Standing::Low | Standing::High => Tone::Warn,
        Standing::Critical => Tone::Danger,
    };
    let word = match standing {
        _ if vital == Vital::Bmi => Vital::bmi_word(first),
        Standing::Usual => "In range",
        Standing::Low => "Low",
        Standing::High => "High",
        Standing::Critical => "Far out of range",
    };
    Some(Badge::new(tone, word))
}

fn value(chart: &Seen<'_>, one: &Sourced<'_>) -> Value {
    let measured = &one.measured;
    let age = age_at(chart, &measured.at);
    Value {
        shown: measured.words(),
        unit: measured.unit_word().to_owned(),
        flag: measured.counted().and_then(|counted| badge(measured.vital, age, counted)),
        at: moment(one),
        source: source(chart, one),
        record: one.record.id.to_string(),
        href: format!("{}/{}", chart.at, one.record.id),
        own: one.own,
    }
}

fn newest(chart: &Seen<'_>, read: &Read, vital: Vital) -> Option<Newest> {
    let found = values(chart, read, vital);
    let newest = found.first()?;
    Some(Newest {
        key: vital.key(),
        word: vital.word(),
        value: value(chart, newest),
        trend: spark(chart, vital, &found),
    })
}

/// How a vital sign goes over time; of blood pressure both numbers, each against its own range.
fn courses(chart: &Seen<'_>, vital: Vital, found: &[Sourced<'_>], speaker: &Speaker) -> Vec<Course> {
    let usual = vital.usual(age_now(chart));
    let course = |name: &str, second: bool, range: Option<Range>| {
        let point = |one: &Sourced<'_>| {
            let (first, other) = one.measured.counted()?;
            let written = if second { one.measured.second.as_ref()? } else { &one.measured.value };
            let value = if second { other? } else { first };
            // As it is written; where that is in another unit than the chart's, as reckoned.
            let same = one.measured.unit_word() == vital.units()[0].word;
            let written = if same { written.to_string() } else { format!("{value:.1}") };
            Some(TrendPoint { at: one.at, when: said_when(&moment(one), speaker), value, written })
        };
        let (low, high) = range.map_or((None, None), |range| (range.low, range.high));
        let range = match (low, high) {
            (Some(low), Some(high)) => format!("{low} – {high}"),
            (Some(low), None) => format!("{low} or more"),
            _ => String::new(),
        };
        let (name, unit) = (name.to_owned(), vital.units()[0].word.to_owned());
        Course { low, high, range, ..Course::new(name, unit, found.iter().rev().filter_map(point).collect()) }
    };
    let (first, second) = usual.map_or((None, None), |(first, second)| (Some(first), second));
    if vital != Vital::Pressure {
        return vec![course(vital.word(), false, first)];
    }
    vec![course("Upper (systolic)", false, first), course("Lower (diastolic)", true, second)]
}

/// When, in words that stand in a sentence.
fn said_when(at: &At, speaker: &Speaker) -> String {
    match at {
        At::Moment(at) => speaker.say(*at, Say::FullDate),
        At::Day(day) => say_date(day).unwrap_or_else(|| day.clone()),
    }
}

/// The moment, or the day alone where no more is said.
fn moment(one: &Sourced<'_>) -> At {
    let written = &one.measured.at;
    match u64::try_from(one.at) {
        Ok(at) if written.contains('T') => At::Moment(at),
        _ => At::Day(written.split('T').next().unwrap_or_default().to_owned()),
    }
}

/// The last values as a small line.
fn spark(chart: &Seen<'_>, vital: Vital, found: &[Sourced<'_>]) -> Option<Trend> {
    let mut values: Vec<f64> =
        found.iter().take(TREND).filter_map(|one| one.measured.counted()).map(|(first, _)| first).collect();
    values.reverse();
    let (low, high) = vital.usual(age_now(chart)).map_or((None, None), |(first, _)| (first.low, first.high));
    (values.len() > 1).then_some(Trend { values, low, high })
}

/// What is usual, and in whom.
fn usual(vital: Vital, chart: &Seen<'_>) -> String {
    let said = match vital {
        _ if age_now(chart).is_some_and(|age| age < ADULT) => {
            if chart.own {
                "Children have ranges of their own, by age, sex and height. None is shown here; ask your doctor."
            } else {
                "Children have ranges of their own, by age, sex and height. None is shown here."
            }
        }
        Vital::Pressure => "Usual in adults at rest: 90 to 139 over 60 to 89 mmHg (ESC/ESH).",
        Vital::Pulse => "Usual in adults at rest: 60 to 100 a minute.",
        Vital::Bmi => "Usual in adults: 18.5 to 24.9 kg/m² (WHO). Reckoned from weight and height.",
        Vital::Temperature => "Usual in adults, by mouth: 36.1 to 37.2 °C.",
        Vital::Oxygen => "Usual in adults at rest: 95 % or more.",
        Vital::Glucose if chart.own => {
            "What is usual depends on your last meal. Ask your doctor what is right for you."
        }
        Vital::Glucose => "What is usual depends on the last meal.",
        Vital::Weight | Vital::Height => "",
    };
    said.to_owned()
}
