//! DICOM, read and drawn by the worker `medkey-dicom`.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_browser::{DicomWorker, ViewerError};
use medkey_dicom::{About, Shape, Told};
use wasm_bindgen_futures::spawn_local;

use super::{Kept, Shown, tell};
use crate::{
    components::dicom::{DicomImage, DicomModel, GreyWindow, HeaderRow, Look},
    pages::record::RecordBody,
    speaking::say_date,
};

/// Opens a DICOM file; its worker ends with the page.
pub(super) async fn body(bytes: &[u8], shown: Shown) -> Result<RecordBody, ViewerError> {
    let (worker, told) = DicomWorker::open(bytes).await?;
    let told: Told = serde_json::from_str(&told).map_err(|_| ViewerError::Damaged)?;
    let _left = shown.kept.try_set_value(Some(Kept::Dicom(Rc::new(worker))));
    let unsaid = "There is no image in this file that could be shown here.";
    let image = match told.image {
        Some(shape) => Ok(image(shape, shown)),
        None => Err(told.refused.unwrap_or_else(|| unsaid.to_owned())),
    };
    let header = told.header.into_iter().map(|row| HeaderRow {
        depth: row.depth,
        tag: row.tag,
        name: row.name,
        value: row.value,
    });
    Ok(RecordBody::Dicom(DicomModel { facts: facts(told.about), header: header.collect(), image }))
}

fn image(shape: Shape, shown: Shown) -> DicomImage {
    let presets = shape.grey.as_ref().map(|grey| grey.presets.clone()).unwrap_or_default();
    DicomImage {
        columns: shape.columns,
        rows: shape.rows,
        frames: shape.frames,
        aspect: shape.aspect,
        values: shape.grey.map(|grey| (grey.low, grey.high)),
        windows: presets
            .into_iter()
            .map(|one| GreyWindow { name: one.name, centre: one.centre, width: one.width })
            .collect(),
        on_look: Callback::new(looker(shown)),
    }
}

/// Draws what is looked at. While one picture is made only the newest wish waits.
fn looker(shown: Shown) -> impl Fn(Look) + Send + Sync + 'static {
    let wanted = StoredValue::new_local(None::<Look>);
    let busy = StoredValue::new(false);
    move |look| {
        let _left = wanted.try_set_value(Some(look));
        if busy.try_get_value() != Some(false) {
            return;
        }
        let worker = shown.kept.try_with_value(|kept| match kept {
            Some(Kept::Dicom(worker)) => Some(Rc::clone(worker)),
            _ => None,
        });
        let Some(worker) = worker.flatten() else { return };
        let _left = busy.try_set_value(true);
        spawn_local(async move {
            while let Some(look) = wanted.try_update_value(Option::take).flatten() {
                let drawn = worker.draw(&look.canvas, look.frame, look.centre, look.width, look.inverted).await;
                tell(look.done, drawn.is_ok());
            }
            let _left = busy.try_set_value(false);
        });
    }
}

/// Facts in words; what is not known is left out.
fn facts(about: About) -> Vec<(String, String)> {
    let date = |date: String| say_date(&date).unwrap_or(date);
    let rows = [
        ("Patient", about.patient),
        ("Born", about.born.map(date)),
        ("Study", about.study),
        ("Made on", about.studied.map(date)),
        ("Kind of image", about.modality.map(modality)),
        ("Part of the body", about.part.map(|part| capitalised(&part))),
        ("Institution", about.institution),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// `Computed tomography (CT)`.
fn modality(code: String) -> String {
    let words = match code.as_str() {
        "CR" | "DX" | "RG" => "X-ray",
        "CT" => "Computed tomography",
        "ES" => "Endoscopy",
        "MG" => "Mammography",
        "MR" => "Magnetic resonance",
        "NM" => "Nuclear medicine",
        "OP" => "Photograph of the eye",
        "PT" => "Positron emission tomography",
        "RF" | "XA" => "X-ray film",
        "SR" => "Report",
        "US" => "Ultrasound",
        "XC" => "Photograph",
        _ => return code,
    };
    format!("{words} ({code})")
}

/// `Head`, from `HEAD`.
fn capitalised(code: &str) -> String {
    let mut letters = code.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}
