//! Adding a record: what the file suggests, and the act itself, which goes on while one moves between pages.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_protocol::FolderId;
use web_sys::File;

use super::{Above, use_patient};
use crate::{
    pages::add_record::{AddInput, AddRecordDialog, Suggestion},
    wire::{
        acts::{Label, Shape, use_acts},
        filing::{KINDS, details, suggest},
        said::category_word,
        uploading::Upload,
    },
};

/// The dialog, while something is being added.
#[component]
pub fn Adding() -> impl IntoView {
    let patient = use_patient()?;
    let acts = use_acts();
    let folders = Signal::derive(move || {
        patient.desk.chart.with(|chart| {
            let folders = chart.ready().map(|chart| chart.folders.clone()).unwrap_or_default();
            folders
                .iter()
                .map(|folder| (folder.id.to_string(), category_word(folder.category).to_owned()))
                .collect::<Vec<_>>()
        })
    });
    let suggest_for = move |file: File| {
        let (category, title, kind) = suggest(&file);
        let folder = patient.chart().and_then(|chart| {
            let found = chart.folders.iter().find(|folder| folder.category == Some(category));
            found.map(|folder| folder.id.to_string())
        });
        Suggestion { title, kind: kind.to_owned(), folder: folder.unwrap_or_default(), date: String::new() }
    };
    let add = move |input: AddInput| {
        patient.above.set(Above::Nothing);
        let Ok(folder) = input.folder.parse::<FolderId>() else { return };
        let open = patient.open();
        let label = Label {
            title: format!("Adding {}", input.title),
            done: format!("{} is in your chart.", input.title),
            wallet: patient.wallet(),
            shape: Shape::Filing(input.file.size() as u64),
        };
        let upload = Upload::new(input.file.clone(), details(&input.file, &input.title, &input.kind, &input.date));
        acts.start(label, move |listen| {
            let (open, upload) = (Rc::clone(&open), upload.clone());
            async move {
                let record = upload.store(&open, &listen).await?;
                open.client().file_record(&open.me, &record, folder, &*listen).await?;
                patient.desk.read_again();
                Ok(())
            }
        });
    };
    // Which folders there are is known once the chart is here; from then on the dialog stays as it is.
    let here = Memo::new(move |_| patient.desk.chart.with(|chart| chart.ready().is_some()));
    Some(move || {
        (patient.above.get() == Above::Adding && here.get()).then(|| {
            view! {
                <AddRecordDialog
                    folders=folders
                    kinds=Signal::stored(
                        KINDS.iter().map(|kind| (kind.key.to_owned(), kind.word.to_owned())).collect::<Vec<_>>(),
                    )
                    wallet=patient.wallet()
                    suggest=suggest_for
                    on_add=add
                    on_close=move |()| patient.above.set(Above::Nothing)
                />
            }
        })
    })
}
