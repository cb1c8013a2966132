//! PDF, drawn by `js/pdf.js`.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_browser::{Pdf, ViewerError};
use wasm_bindgen_futures::spawn_local;

use super::{Kept, Shown, tell};
use crate::{
    components::pdf::{PageDrawing, PdfModel},
    pages::record::RecordBody,
};

/// Opens a PDF; it closes with the page.
pub(super) async fn body(bytes: &[u8], shown: Shown) -> Result<RecordBody, ViewerError> {
    let pdf = Pdf::open(bytes).await?;
    let (pages, ratio) = (pdf.pages(), pdf.ratio());
    let kept = shown.kept;
    let _left = kept.try_set_value(Some(Kept::Pdf(Rc::new(pdf))));
    let draw = move |drawing: PageDrawing| {
        let pdf = kept.try_with_value(|kept| match kept {
            Some(Kept::Pdf(pdf)) => Some(Rc::clone(pdf)),
            _ => None,
        });
        let Some(pdf) = pdf.flatten() else { return };
        spawn_local(async move {
            let PageDrawing { number, holder, text, width, done } = drawing;
            match pdf.draw(number, &holder, &text, width).await {
                Ok(true) => tell(done, true),
                // A newer drawing says how it went.
                Ok(false) => {}
                Err(_) => tell(done, false),
            }
        });
    };
    Ok(RecordBody::Pdf(PdfModel { pages, ratio, on_draw: Callback::new(draw) }))
}
