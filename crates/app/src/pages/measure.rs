//! Adding what was measured, or putting a wrong entry right.

use leptos::prelude::*;

use crate::components::blank::TroubleLine;
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, SelectField, Takes};
use crate::load::Trouble;

/// A vital sign that is one number: its name in an address, its label with the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The name in an address.
    pub key: &'static str,
    /// `Weight, kg`.
    pub label: &'static str,
}

/// What is asked besides the blood pressure, in order.
pub const ASKED: [Asked; 6] = [
    Asked { key: "pulse", label: "Pulse, per minute" },
    Asked { key: "weight", label: "Weight, kg" },
    Asked { key: "height", label: "Height, cm" },
    Asked { key: "temperature", label: "Temperature, °C" },
    Asked { key: "oxygen", label: "Oxygen saturation, %" },
    Asked { key: "glucose", label: "Blood sugar" },
];

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The day, `2026-11-20`.
    pub day: String,
    /// The time on the wall, `08:12`.
    pub time: String,
    /// Upper blood pressure.
    pub systolic: String,
    /// Lower blood pressure.
    pub diastolic: String,
    /// The numbers of [`ASKED`], in its order.
    pub numbers: [String; ASKED.len()],
    /// UCUM code of the unit of blood sugar.
    pub sugar_unit: String,
}

/// What is wrong with what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedTroubles {
    /// With day or time.
    pub when: Option<String>,
    /// With the blood pressure.
    pub pressure: Option<String>,
    /// With the numbers of [`ASKED`], in its order.
    pub numbers: [Option<String>; ASKED.len()],
    /// With all of it.
    pub whole: Option<String>,
}

impl TypedTroubles {
    /// Nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The dialog.
#[component]
pub fn MeasureDialog(
    /// What stands in it first.
    typed: Typed,
    /// A wrong entry is put right.
    #[prop(optional)]
    corrects: bool,
    /// It was entered before and not saved.
    #[prop(optional)]
    again: bool,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Something was typed that is not saved.
    unsaved: RwSignal<bool>,
    /// Says what is wrong.
    #[prop(into)]
    check: Callback<Typed, TypedTroubles>,
    /// Saves it.
    #[prop(into)]
    on_save: Callback<Typed>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let Typed { day, time, systolic, diastolic, numbers, sugar_unit } = typed;
    let (day, time) = (RwSignal::new(day), RwSignal::new(time));
    let (systolic, diastolic) = (RwSignal::new(systolic), RwSignal::new(diastolic));
    let numbers = numbers.map(RwSignal::new);
    let sugar_unit = RwSignal::new(sugar_unit);
    let read = move || Typed {
        day: day.get(),
        time: time.get(),
        systolic: systolic.get(),
        diastolic: diastolic.get(),
        numbers: numbers.map(|number| number.get()),
        sugar_unit: sugar_unit.get(),
    };
    let tried = RwSignal::new(false);
    let troubles = Memo::new(move |_| if tried.get() { check.run(read()) } else { TypedTroubles::default() });
    let save = move |()| {
        tried.set(true);
        let typed = untrack(read);
        if check.run(typed.clone()).is_empty() {
            on_save.run(typed);
        }
    };
    let title = if corrects { "Correct a measurement" } else { "Add a measurement" };
    let act = if corrects { "Save correction" } else { "Save measurement" };
    let trouble =
        Signal::derive(move || troubles.with(|troubles| troubles.whole.clone()).map(|what| Trouble::new(what, "")));
    let wrong_when = Signal::derive(move || troubles.with(|troubles| troubles.when.clone()));
    let wrong_pressure = Signal::derive(move || troubles.with(|troubles| troubles.pressure.clone()));
    let units = [("mg/dL", "mg/dL"), ("mmol/L", "mmol/L")];
    let units = units.map(|(code, word)| (code.to_owned(), word.to_owned())).to_vec();
    view! {
        <Dialog title=title wide=true on_close=on_close>
            {again
                .then(|| {
                    view! { <p class="second">"This is what you entered before. It is not saved yet."</p> }
                })}
            <p class="second">"Fill in what you measured and leave the rest empty. A comma or a point, as you like."</p>
            <div class="fields" on:input=move |_| unsaved.set(true)>
                <div class="fields__line fields__line--two">
                    <Field label="Day" value=day takes=Takes::Day error=wrong_when />
                    <Field label="Time" value=time takes=Takes::Time />
                </div>
                <fieldset class="block">
                    <legend class="block__label">"Blood pressure, mmHg"</legend>
                    <div class="fields__line fields__line--two">
                        <Field
                            label="Upper (systolic)"
                            value=systolic
                            takes=Takes::Decimal
                            error=wrong_pressure
                        />
                        <Field label="Lower (diastolic)" value=diastolic takes=Takes::Decimal />
                    </div>
                </fieldset>
                <div class="fields__line fields__line--two measure__numbers">
                    {ASKED
                        .iter()
                        .enumerate()
                        .map(|(at, asked)| {
                            let wrong = Signal::derive(move || troubles.with(|troubles| troubles.numbers[at].clone()));
                            view! {
                                <Field
                                    label=asked.label
                                    value=numbers[at]
                                    takes=Takes::Decimal
                                    error=wrong
                                />
                            }
                        })
                        .collect_view()}
                    <SelectField label="Unit of blood sugar" value=sugar_unit choices=Signal::stored(units) />
                </div>
            </div>
            <TroubleLine trouble=trouble />
            <p class="second">
                {format!(
                    "It is encrypted and filed in Vitals. Whoever reads that folder reads it. {wallet} asks once.",
                )}
            </p>
            <DialogFoot act=act on_act=save on_leave=on_close />
        </Dialog>
    }
}
