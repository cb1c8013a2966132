//! Adding what was measured, putting a wrong entry right, and the page of one vital sign.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use medkey_client::{
    record_vitals::{Implausible, Sitting, Taken, Vital},
    time::{instant, rfc3339},
};

use super::{Patient, use_patient, vitals};
use crate::{
    clock::use_clock,
    components::{dialog::ConfirmDialog, page_head::Crumb},
    pages::{
        measure::{ASKED, MeasureDialog, Typed, TypedTroubles},
        vital::VitalView,
    },
    speaking::{Say, Speaker, date_input, parse_date},
    wire::{elsewhere::Elsewhere, leaving::ask_before_leaving},
};

/// Clocks differ by a little.
const AHEAD: u64 = 5 * 60;

/// What the dialog is open for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// Something new.
    New,
    /// The entry with this record's id is put right.
    Correcting(String),
}

/// What was typed and is not saved; in the context of the patient's pages.
#[derive(Clone, Copy)]
pub(super) struct Unsaved(StoredValue<Option<Typed>>);

impl Unsaved {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(None))
    }
}

/// When it was measured: the moment, or the day alone.
fn when(typed: &Typed, speaker: &Speaker) -> Result<String, String> {
    let day = parse_date(&typed.day).ok_or("Enter the day on which you measured.")?;
    let today = speaker.today_input();
    if typed.day > today {
        return Err("This day is still to come.".to_owned());
    }
    let Some((hour, minute)) = typed.time.split_once(':') else { return Ok(typed.day.clone()) };
    let number = |text: &str| text.get(..2).and_then(|text| text.parse::<u64>().ok());
    let (hour, minute) = number(hour).zip(number(minute)).ok_or("Enter a time such as 08:12.")?;
    let local = day + hour * 3600 + minute * 60;
    let at = local.checked_add_signed(-i64::from((speaker.offset)(local))).unwrap_or(local);
    if at > speaker.now + AHEAD {
        return Err("This time is still to come.".to_owned());
    }
    Ok(rfc3339(at))
}

/// The number at this place of what is asked, if one was typed.
fn number(typed: &Typed, at: usize) -> Option<Result<Taken, Implausible>> {
    let text = &typed.numbers[at];
    let vital = Vital::of_key(ASKED[at].key).filter(|_| !text.trim().is_empty())?;
    let unit = vital.unit(&typed.sugar_unit).unwrap_or(&vital.units()[0]);
    Some(vital.parse(text, unit).map(|value| Taken { vital, value, second: None, unit }))
}

fn pressure(typed: &Typed) -> Option<Result<Taken, Implausible>> {
    let (systolic, diastolic) = (typed.systolic.trim(), typed.diastolic.trim());
    (!systolic.is_empty() || !diastolic.is_empty()).then(|| {
        let vital = Vital::Pressure;
        Vital::parse_pressure(systolic, diastolic).map(|(value, second)| Taken {
            vital,
            value,
            second: Some(second),
            unit: &vital.units()[0],
        })
    })
}

/// All that was typed, one after the other.
fn all(typed: &Typed) -> impl Iterator<Item = Result<Taken, Implausible>> {
    pressure(typed).into_iter().chain((0..ASKED.len()).filter_map(|at| number(typed, at)))
}

fn check(typed: &Typed, speaker: &Speaker) -> TypedTroubles {
    let said = |found: Option<Result<Taken, Implausible>>| found.and_then(Result::err).map(|error| error.to_string());
    let mut numbers = <[Option<String>; ASKED.len()]>::default();
    for (at, trouble) in numbers.iter_mut().enumerate() {
        *trouble = said(number(typed, at));
    }
    TypedTroubles {
        when: when(typed, speaker).err(),
        pressure: said(pressure(typed)),
        numbers,
        whole: all(typed).next().is_none().then(|| "Enter at least one value.".to_owned()),
    }
}

fn sitting(typed: &Typed, speaker: &Speaker) -> Option<Sitting> {
    let taken = all(typed).collect::<Result<Vec<_>, _>>().ok()?;
    Some(Sitting { at: when(typed, speaker).ok()?, taken })
}

/// Nothing typed yet, now.
fn blank(speaker: &Speaker) -> Typed {
    Typed {
        day: speaker.today_input(),
        time: speaker.say(speaker.now, Say::Time),
        sugar_unit: "mg/dL".to_owned(),
        ..Typed::default()
    }
}

/// A sitting as it was typed.
fn typed(sitting: &Sitting, speaker: &Speaker) -> Typed {
    let moment = sitting.at.contains('T').then(|| instant(&sitting.at)).flatten();
    let moment = moment.and_then(|at| u64::try_from(at).ok());
    let mut typed = Typed {
        day: moment.map_or_else(|| sitting.at.clone(), |at| date_input(at, (speaker.offset)(at))),
        time: moment.map(|at| speaker.say(at, Say::Time)).unwrap_or_default(),
        ..blank(speaker)
    };
    for taken in &sitting.taken {
        let value = taken.value.to_string();
        if let Some(second) = &taken.second {
            (typed.systolic, typed.diastolic) = (value, second.to_string());
        } else if let Some(at) = ASKED.iter().position(|asked| asked.key == taken.vital.key()) {
            typed.numbers[at] = value;
            if taken.vital == Vital::Glucose {
                typed.sugar_unit = taken.unit.code.to_owned();
            }
        }
    }
    typed
}

fn save(patient: Patient, unsaved: Unsaved, sitting: Sitting, corrected: Option<String>) {
    let title = sitting.title();
    let done = match corrected {
        Some(_) => "The entry is corrected.".to_owned(),
        None => format!("{title}: it is in your chart."),
    };
    patient.start(format!("Saving {}", title.to_lowercase()), done, move |open, listen| {
        let (sitting, corrected) = (sitting.clone(), corrected.clone());
        async move {
            let (client, me) = (open.client(), &open.me);
            let chart = patient.chart();
            let wrong = corrected.and_then(|id| chart.as_ref().and_then(|chart| chart.record(&id)));
            match wrong {
                Some(wrong) => client.correct_vitals(me, wrong, &sitting, &*listen).await?,
                None => client.record_vitals(me, &sitting, &*listen).await?,
            };
            let _left = unsaved.0.try_set_value(None);
            Ok(())
        }
    });
}

/// The dialog, while something is entered.
#[component]
pub fn Measuring(
    /// What for.
    open: RwSignal<Option<Open>>,
) -> impl IntoView {
    let (patient, vitals) = (use_patient()?, vitals::use_vitals()?);
    let unsaved: Unsaved = use_context()?;
    let clock = use_clock();
    let dirty = RwSignal::new(false);
    ask_before_leaving(dirty.into());
    let close = move || {
        open.set(None);
        dirty.set(false);
    };
    Some(move || {
        let now = open.get()?;
        let speaker = untrack(|| clock.speaker());
        let corrected = match now {
            Open::New => None,
            Open::Correcting(id) => Some(id),
        };
        let draft = unsaved.0.get_value().filter(|_| corrected.is_none());
        let again = draft.is_some();
        let first = match &corrected {
            Some(id) => {
                let chart = patient.chart()?;
                let found = chart.record(id).and_then(|record| vitals.sitting(record))?;
                typed(&found, &speaker)
            }
            None => draft.unwrap_or_else(|| blank(&speaker)),
        };
        let corrects = corrected.is_some();
        let on_save = move |typed: Typed| {
            let Some(sitting) = sitting(&typed, &untrack(|| clock.speaker())) else { return };
            if corrected.is_none() {
                unsaved.0.set_value(Some(typed));
            }
            close();
            save(patient, unsaved, sitting, corrected.clone());
        };
        Some(view! {
            <MeasureDialog
                typed=first
                corrects=corrects
                again=again
                wallet=patient.wallet()
                unsaved=dirty
                check=move |typed: Typed| check(&typed, &untrack(|| clock.speaker()))
                on_save=on_save
                on_close=move |()| {
                    if !corrects {
                        unsaved.0.set_value(None);
                    }
                    close();
                }
            />
        })
    })
}

/// The page of one vital sign.
#[component]
pub fn VitalPage() -> impl IntoView {
    let (patient, vitals) = vitals::look()?;
    let params = use_params_map();
    let vital = Memo::new(move |_| params.with(|params| params.get("vital").and_then(|key| Vital::of_key(&key))));
    let measuring = RwSignal::new(None::<Open>);
    let removing = RwSignal::new(None::<String>);
    let remove = move |id: String| {
        let Some(chart) = patient.chart() else { return };
        let Some(record) = chart.record(&id) else { return };
        let manifest = record.manifest;
        patient.start("Removing a measurement", "The entry is no longer in your chart.", move |open, listen| async move {
            open.client().remove_record(&open.me, manifest, &*listen).await.map(drop)
        });
    };
    // What else was entered at once goes with it.
    let with_it = move |id: &str| {
        let chart: Rc<_> = patient.chart()?;
        chart.record(id).map(|record| record.meta.title.clone())
    };
    Some(view! {
        {move || vital.get().is_none().then(|| view! { <Elsewhere to="/about" /> })}
        <VitalView
            model=vitals.model(vital)
            looking=vitals.looking()
            way=Signal::stored(vec![Crumb::to("About me", "/about")])
            read_only=patient.read_only()
            on_measure=Callback::new(move |()| measuring.set(patient.may_change().then_some(Open::New)))
            on_correct=Callback::new(move |id| measuring.set(patient.may_change().then_some(Open::Correcting(id))))
            on_remove=Callback::new(move |id| removing.set(patient.may_change().then_some(id)))
            on_look_again=move |()| vitals.look_again()
            on_look_on=move |()| vitals.look_on()
        />
        <Measuring open=measuring />
        {move || {
            let id = removing.get()?;
            let what = with_it(&id)?;
            Some(
                view! {
                    <ConfirmDialog
                        title="Remove this entry?"
                        sentence=format!(
                            "It holds what you measured at once: {}. It leaves your chart, but the chain keeps that it was there, and whoever read it may have kept a copy.",
                            what.to_lowercase(),
                        )
                        act="Remove"
                        danger=true
                        on_act=move |()| {
                            removing.set(None);
                            remove(id.clone());
                        }
                        on_leave=move |()| removing.set(None)
                    />
                },
            )
        }}
    })
}
