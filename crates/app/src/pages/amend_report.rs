//! A laboratory corrects a report that it delivered.

use leptos::prelude::*;
use web_sys::File;

use super::add_record::FileDrop;
use super::change_record::{ChosenFile, ReplaceInput};
use crate::components::blank::TroubleLine;
use crate::components::button::Button;
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::Section;
use crate::load::Trouble;

/// Where the correction will lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// Beside the report.
    Beside,
    /// In the private folder.
    Private,
}

/// The way to it, at the end of the report's page.
#[component]
pub fn AmendSection(
    /// Begins.
    #[prop(into)]
    on_amend: Callback<()>,
) -> impl IntoView {
    view! {
        <Section title="Something is wrong in it">
            <div class="button-row changes">
                <Button label="Correct this report" icon=Icon::Pencil small=true on_press=on_amend />
            </div>
        </Section>
    }
}

/// The dialog.
#[component]
pub fn AmendReportDialog(
    /// The report's title.
    #[prop(into)]
    title: String,
    /// The date that it carries, `2026-11-20`; may be empty.
    #[prop(into)]
    date: String,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Where the correction will lie, once that is known.
    #[prop(into)]
    lies: Signal<Option<Lies>>,
    /// Why that is not known.
    #[prop(into)]
    trouble: Signal<Option<Trouble>>,
    /// Encrypts the file and delivers it.
    #[prop(into)]
    on_amend: Callback<ReplaceInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let file: RwSignal<Option<File>, LocalStorage> = RwSignal::new_local(None);
    let value = RwSignal::new(title);
    let date = RwSignal::new(date);
    let waits = Signal::derive(move || value.with(|value| value.trim().is_empty()) || lies.get().is_none());
    let choose = move |files: Vec<File>| file.set(files.into_iter().next());
    let amend = move |()| {
        if let Some(file) = file.get_untracked() {
            let title = value.get_untracked().trim().to_owned();
            on_amend.run(ReplaceInput { file, title, date: date.get_untracked() });
        }
    };
    let sentence = StoredValue::new(format!(
        "Both stay in the chart, linked: the patient and whoever reads the report are told that it was corrected. {wallet} asks once."
    ));
    view! {
        <Dialog title="Correct this report" on_close=on_close>
            {move || match file.get() {
                None => {
                    view! {
                        <FileDrop
                            title="Drop the corrected report here"
                            sentence="The whole report, not only what changed."
                            on_files=choose
                        />
                        <TroubleLine trouble=trouble />
                        <div class="dialog__foot">
                            <Button label="Cancel" on_press=on_close />
                        </div>
                    }
                        .into_any()
                }
                Some(chosen) => {
                    view! {
                        <div class="fields">
                            <ChosenFile file=chosen on_other=move |()| file.set(None) />
                            <Field label="Title" value=value first=true />
                            <Field label="Date" value=date takes=Takes::Day optional=true />
                            {move || {
                                (lies.get() == Some(Lies::Private))
                                    .then(|| {
                                        view! {
                                            <div class="say say--boxed say--warn">
                                                <Glyph icon=Icon::Lock />
                                                <p class="say__text">
                                                    "The patient has renamed, moved or removed the report. The correction goes to the patient alone, who decides who else reads it."
                                                </p>
                                            </div>
                                        }
                                    })
                            }}
                            <p class="second">{sentence.get_value()}</p>
                            <TroubleLine trouble=trouble />
                        </div>
                        <DialogFoot
                            act="Deliver correction"
                            icon=Icon::Lock
                            disabled=waits
                            on_act=amend
                            on_leave=on_close
                        />
                    }
                        .into_any()
                }
            }}
        </Dialog>
    }
}
