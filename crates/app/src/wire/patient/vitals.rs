//! What was measured: looked for in the records of the chart while the pages about it are shown, and kept while the record
//! is open. A record is opened once, and only where it may hold a measurement.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    list_records::Record,
    record_vitals::{ADULT, Measured, Range, Sitting, Standing, VITALS, Vital, age_on, read_vitals},
    tell_about_me::{FHIR_JSON, FHIR_TYPES, is_about_me},
    time::instant,
};
use medkey_protocol::{Digest, blocks::Category};

use super::{Patient, use_patient};
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
    wire::{own_chart::OwnChart, said},
};

/// Records that are looked through at first, and that many more each time one asks.
const AT_FIRST: usize = 120;
/// The longest record that is looked into.
const SMALL: u64 = 2 << 20;
/// Values of a small trend.
const TREND: usize = 12;

type Read = BTreeMap<Digest, Rc<[Measured]>>;

/// The values found so far; in the context of the patient's pages.
#[derive(Clone, Copy)]
pub(super) struct Vitals {
    read: RwSignal<Rc<Read>, LocalStorage>,
    failed: RwSignal<BTreeSet<Digest>, LocalStorage>,
    most: RwSignal<usize>,
    running: StoredValue<bool>,
    patient: Patient,
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
fn may_hold(chart: &OwnChart, record: &Record) -> bool {
    let meta = &record.meta;
    if is_about_me(record) || meta.media_type != FHIR_JSON || meta.length > SMALL {
        return false;
    }
    let of_type = meta.kind.system == FHIR_TYPES;
    let imported = of_type && record.author == record.chart && meta.kind.display == "Imported";
    let fits =
        !of_type || matches!(meta.kind.code.as_str(), "Bundle" | "Observation" | "DiagnosticReport" | "Composition");
    !imported && (fits || chart.category(record.folder) == Some(Category::Vitals))
}

/// The records to look into, those of the folder for it first, then the newest.
fn candidates(chart: &OwnChart) -> Vec<&Record> {
    let mut found: Vec<&Record> = chart.records.records.iter().filter(|record| may_hold(chart, record)).collect();
    found.sort_by_key(|record| chart.category(record.folder) != Some(Category::Vitals));
    found
}

impl Vitals {
    pub(super) fn new(patient: Patient) -> Self {
        Self {
            read: RwSignal::new_local(Rc::default()),
            failed: RwSignal::new_local(BTreeSet::new()),
            most: RwSignal::new(AT_FIRST),
            running: StoredValue::new(false),
            patient,
        }
    }

    /// Looks through what was not looked through yet, now and whenever the chart changes, while the page is shown.
    pub(super) fn look_while_here(self) {
        Effect::new(move |_| {
            self.patient.desk.chart.track();
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
        while let Some((chart, at)) = self.next() {
            let record = &chart.records.records[at];
            let opened = self.patient.open().client().open_record(record).await;
            match opened {
                Ok(bytes) => {
                    let values: Rc<[Measured]> = read_vitals(&bytes).into();
                    let manifest = record.manifest;
                    let kept = self.read.try_update(|read| Rc::make_mut(read).insert(manifest, values));
                    if kept.is_none() {
                        return;
                    }
                }
                Err(_) => {
                    if self.failed.try_update(|failed| failed.insert(record.manifest)).is_none() {
                        return;
                    }
                }
            }
        }
        let _left = self.running.try_set_value(false);
    }

    fn next(self) -> Option<(Rc<OwnChart>, usize)> {
        let chart = self.patient.desk.chart.try_with_untracked(|chart| chart.ready().cloned())??;
        let (read, failed) = (self.read.try_get_untracked()?, self.failed.try_get_untracked()?);
        let open = |record: &&Record| !read.contains_key(&record.manifest) && !failed.contains(&record.manifest);
        let manifest = candidates(&chart).into_iter().take(self.most.try_get_untracked()?).find(open)?.manifest;
        let at = chart.records.records.iter().position(|record| record.manifest == manifest)?;
        Some((chart, at))
    }

    /// How far the records are looked through.
    pub(super) fn looking(self) -> Signal<Looking> {
        Signal::derive(move || {
            self.patient.desk.chart.with(|chart| {
                let Some(chart) = chart.ready() else { return Looking { left: 1, ..Looking::default() } };
                let candidates = candidates(chart);
                let (read, failed, most) = (self.read.get(), self.failed.get(), self.most.get());
                let first = candidates.iter().take(most);
                let failed = first.clone().filter(|record| failed.contains(&record.manifest)).count();
                let done = first.clone().filter(|record| read.contains_key(&record.manifest)).count();
                let beyond = candidates.len().saturating_sub(most);
                Looking { left: first.count() - done - failed, failed, beyond }
            })
        })
    }

    pub(super) fn look_again(self) {
        self.failed.set(BTreeSet::new());
    }

    pub(super) fn look_on(self) {
        self.most.update(|most| *most += AT_FIRST);
    }

    /// All values that were found so far.
    pub(super) fn known(self) -> Vec<Measured> {
        self.read.with_untracked(|read| read.values().flat_map(|values| values.iter().cloned()).collect())
    }

    /// The sitting that a record holds, where it can be put right here.
    pub(super) fn sitting(self, record: &Record) -> Option<Sitting> {
        self.read.with_untracked(|read| read.get(&record.manifest).and_then(|values| sitting(record, values)))
    }

    /// The newest value of each vital sign.
    pub(super) fn newest(self) -> Signal<Vec<Newest>> {
        Signal::derive(move || {
            self.patient.desk.chart.with(|chart| {
                let Some(chart) = chart.ready() else { return Vec::new() };
                let read = self.read.get();
                VITALS.into_iter().filter_map(|vital| newest(chart, &read, vital)).collect()
            })
        })
    }

    /// One vital sign.
    pub(super) fn model(self, vital: Memo<Option<Vital>>) -> Signal<VitalModel> {
        let clock = use_clock();
        Signal::derive(move || {
            let Some(vital) = vital.get() else { return VitalModel::default() };
            self.patient.desk.chart.with(|chart| {
                let Some(chart) = chart.ready() else {
                    return VitalModel { word: vital.word(), ..VitalModel::default() };
                };
                let found = values(chart, &self.read.get(), vital);
                VitalModel {
                    word: vital.word(),
                    usual: usual(vital, age_now(chart)),
                    courses: courses(chart, vital, &found, &clock.speaker()),
                    values: found.iter().map(|one| value(chart, one)).collect(),
                }
            })
        })
    }
}

fn sitting(record: &Record, values: &[Measured]) -> Option<Sitting> {
    (record.author == record.chart).then(|| Sitting::of(values)).flatten()
}

/// Every value of a vital sign, newest first, each once.
fn values<'a>(chart: &'a OwnChart, read: &Read, vital: Vital) -> Vec<Sourced<'a>> {
    let mut found: Vec<Sourced<'a>> = Vec::new();
    for record in candidates(chart) {
        let Some(values) = read.get(&record.manifest) else { continue };
        let own = sitting(record, values).is_some();
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
fn reckoned<'a>(chart: &'a OwnChart, read: &Read, known: &[Sourced<'a>]) -> Vec<Sourced<'a>> {
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

fn age_at(chart: &OwnChart, day: &str) -> Option<u32> {
    chart.about.as_ref().and_then(|about| age_on(&about.birth_date, day))
}

/// How old the patient is.
pub(super) fn age_now(chart: &OwnChart) -> Option<u32> {
    age_at(chart, &medkey_client::time::rfc3339(crate::wire::desk::now()))
}

fn source(chart: &OwnChart, one: &Sourced<'_>) -> String {
    let author = one.record.origin.unwrap_or(one.record.author);
    match () {
        () if one.reckoned => "from weight and height".to_owned(),
        () if author != one.record.chart => format!("from {}", said::person(author, chart.people.get(&author)).name),
        () if one.measured.by_patient => "measured by you".to_owned(),
        () => "imported by you".to_owned(),
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

fn value(chart: &OwnChart, one: &Sourced<'_>) -> Value {
    let measured = &one.measured;
    let age = age_at(chart, &measured.at);
    Value {
        shown: measured.words(),
        unit: measured.unit_word().to_owned(),
        flag: measured.counted().and_then(|counted| badge(measured.vital, age, counted)),
        at: moment(one),
        source: source(chart, one),
        record: one.record.id.to_string(),
        own: one.own,
    }
}

fn newest(chart: &OwnChart, read: &Read, vital: Vital) -> Option<Newest> {
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
fn courses(chart: &OwnChart, vital: Vital, found: &[Sourced<'_>], speaker: &Speaker) -> Vec<Course> {
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
fn spark(chart: &OwnChart, vital: Vital, found: &[Sourced<'_>]) -> Option<Trend> {
    let mut values: Vec<f64> =
        found.iter().take(TREND).filter_map(|one| one.measured.counted()).map(|(first, _)| first).collect();
    values.reverse();
    let (low, high) = vital.usual(age_now(chart)).map_or((None, None), |(first, _)| (first.low, first.high));
    (values.len() > 1).then_some(Trend { values, low, high })
}

/// What is usual, and in whom.
fn usual(vital: Vital, age: Option<u32>) -> String {
    let said = match vital {
        _ if age.is_some_and(|age| age < ADULT) => {
            "Children have ranges of their own, by age, sex and height. None is shown here; ask your doctor."
        }
        Vital::Pressure => "Usual in adults at rest: 90 to 139 over 60 to 89 mmHg (ESC/ESH).",
        Vital::Pulse => "Usual in adults at rest: 60 to 100 a minute.",
        Vital::Bmi => "Usual in adults: 18.5 to 24.9 kg/m² (WHO). Reckoned from your weight and height.",
        Vital::Temperature => "Usual in adults, by mouth: 36.1 to 37.2 °C.",
        Vital::Oxygen => "Usual in adults at rest: 95 % or more.",
        Vital::Glucose => "What is usual depends on your last meal. Ask your doctor what is right for you.",
        Vital::Weight | Vital::Height => "",
    };
    said.to_owned()
}

/// The values in reach.
pub(super) fn use_vitals() -> Option<Vitals> {
    use_context()
}

/// For pages that show values: the patient and what was measured, which is looked for while the page is shown.
pub(super) fn look() -> Option<(Patient, Vitals)> {
    let (patient, vitals) = (use_patient()?, use_vitals()?);
    vitals.look_while_here();
    Some((patient, vitals))
}
