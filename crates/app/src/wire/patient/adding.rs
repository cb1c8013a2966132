//! Adding records: what the files suggest, and the act itself, which goes on while one moves between pages.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_browser::FileSource;
use medkey_client::{chain::Step, find_twin::find_twin};
use medkey_protocol::{FolderId, blocks::Category};
use web_sys::File;

use super::{Above, Patient, folders, use_patient};
use crate::{
    components::choice::Choice,
    pages::add_record::{AddInput, AddRecordDialog, Draft, Suggestion},
    speaking::{count, sentence},
    wire::{
        acts::{Label, Listen, Shape},
        filing::{KINDS, Suggested, details, suggest, suggest_from_content},
        uploading::Upload,
    },
};

impl Patient {
    fn suggestion(&self, suggested: Suggested) -> Suggestion {
        let Suggested { category, title, kind, date } = suggested;
        Suggestion { title, kind: kind.to_owned(), folder: self.folder_of(category), date }
    }

    fn folder_of(&self, category: Category) -> String {
        let id = |folders: &[medkey_client::folders::Folder]| {
            folders.iter().find(|folder| folder.category == Some(category)).map(|folder| folder.id.to_string())
        };
        self.chart().and_then(|chart| id(&chart.folders)).unwrap_or_default()
    }

    /// The form of a file: what its name suggests at once, what is in it and whether the chart holds it in a moment.
    fn draft(self, file: &File) -> Draft {
        let by_name = self.suggestion(suggest(file));
        let draft = Draft::new(by_name.clone());
        let file = file.clone();
        spawn_local(async move {
            draft.suggest_again(&by_name, &self.suggestion(suggest_from_content(&file).await));
            let Some(chart) = self.chart() else { return };
            let records = &chart.records.records;
            if let Ok(Some(at)) = find_twin(records, &mut FileSource::from(file)).await {
                draft.warn_of_twin(records[at].meta.title.clone());
            }
        });
        draft
    }

    fn add(self, inputs: Vec<AddInput>) {
        let mut making = None;
        let upload = |AddInput { file, said, to }: &AddInput| {
            let (folder, new) = folders::place(self, to.clone())?;
            making = making.take().or(new);
            let details = details(file, &said.title, &said.kind, &said.date);
            Some((Upload::new(file.clone(), details), folder))
        };
        let uploads: Rc<[(Upload, FolderId)]> = inputs.iter().filter_map(upload).collect();
        let bytes = uploads.iter().map(|(upload, _)| upload.length()).sum();
        let (title, done) = match &*inputs {
            [one] => (format!("Adding {}", one.said.title), format!("{} is in your chart.", one.said.title)),
            many => {
                let records = count(many.len(), "record", "records");
                (format!("Adding {records}"), sentence(&format!("{records} are in your chart.")))
            }
        };
        let label = Label { title, done, wallet: self.wallet(), shape: Shape::Filing(bytes) };
        let open = self.open();
        self.acts.start(label, move |listen| {
            let (open, uploads, making) = (Rc::clone(&open), Rc::clone(&uploads), making.clone());
            async move {
                let mut stored = Vec::new();
                let mut before = 0;
                for (upload, folder) in &*uploads {
                    let listen = as_part(&listen, before, bytes);
                    stored.push((upload.store(&open, &listen).await?, *folder));
                    before += upload.length();
                }
                let records: Vec<_> = stored.iter().map(|(record, folder)| (&**record, *folder)).collect();
                open.client().file_records_making(&open.me, &records, making.as_ref(), &*listen).await?;
                self.desk.read_again();
                Ok(())
            }
        });
    }
}

/// The steps of one file as those of all of them, of which so many bytes were done before.
fn as_part(listen: &Listen, before: u64, total: u64) -> Listen {
    let listen = Rc::clone(listen);
    Rc::new(move |step| {
        listen(match step {
            Step::Sealing { sealed, stored, .. } => {
                Step::Sealing { sealed: before + sealed, stored: before + stored, total }
            }
            other => other,
        });
    })
}

/// The dialog, while something is being added.
#[component]
pub fn Adding() -> impl IntoView {
    let patient = use_patient()?;
    let folders = Signal::derive(move || {
        patient.desk.chart.with(|chart| {
            let folders = chart.ready().map(|chart| chart.folders.clone()).unwrap_or_default();
            folders
                .iter()
                .map(|folder| Choice::new(folder.id.to_string(), folder.word(), "").set_apart(folder.is_sensitive()))
                .collect::<Vec<_>>()
        })
    });
    let add = move |inputs: Vec<AddInput>| {
        patient.above.set(Above::Nothing);
        patient.add(inputs);
    };
    // Which folders there are is known once the chart is here; from then on the dialog stays as it is.
    let here = Memo::new(move |_| patient.desk.chart.with(|chart| chart.ready().is_some()));
    Some(move || {
        (patient.above.get() == Above::Adding && here.get()).then(|| {
            let mut files = Vec::new();
            patient.dropped.update_value(|dropped| files.append(dropped));
            let chart = patient.chart().filter(|chart| folders::has_room(chart));
            view! {
                <AddRecordDialog
                    folders=folders
                    kinds=Signal::stored(
                        KINDS.iter().map(|kind| (kind.key.to_owned(), kind.word.to_owned())).collect::<Vec<_>>(),
                    )
                    new_folder=chart.map(|chart| folders::draft(&chart, "", None))
                    wallet=patient.wallet()
                    files=files
                    draft=move |file: File| patient.draft(&file)
                    on_add=add
                    on_close=move |()| patient.above.set(Above::Nothing)
                />
            }
        })
    })
}
