//! A dialog over the page: the browser's own, so that focus stays inside, Esc
//! closes it and what is behind cannot be reached.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::button::{Button, Weight};
use super::field::fresh_id;
use super::icon::Icon;

/// A dialog. It is open while it is drawn; the focus goes back to where it
/// was when it is taken away.
#[component]
pub fn Dialog(
    /// What is decided here.
    #[prop(into)]
    title: Signal<String>,
    /// Two columns wide.
    #[prop(optional)]
    wide: bool,
    /// Esc, or a press beside it.
    #[prop(into)]
    on_close: Callback<()>,
    /// The blocks and the foot.
    children: Children,
) -> impl IntoView {
    let node: NodeRef<html::Dialog> = NodeRef::new();
    let label = fresh_id("dialog");
    let labelled_by = label.clone();
    let before = StoredValue::new_local(focused());
    let heading: NodeRef<html::H2> = NodeRef::new();
    node.on_load(move |dialog| {
        // A browser refuses to open what is already open; then there is nothing to do.
        drop(dialog.show_modal());
        // Without a field to begin with, reading begins at the title.
        let begins = dialog.query_selector("[autofocus]").ok().flatten();
        if let (None, Some(heading)) = (begins, heading.get_untracked()) {
            drop(heading.focus());
        }
    });
    on_cleanup(move || {
        if let Some(Some(element)) = before.try_get_value() {
            drop(element.focus());
        }
    });
    let beside = move |event: ev::MouseEvent| {
        // Only the dialog itself is outside its inner part, which fills it.
        let on_backdrop = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|target| target.tag_name() == "DIALOG");
        if on_backdrop {
            on_close.run(());
        }
    };
    view! {
        <dialog
            class="dialog"
            class:dialog--wide=wide
            node_ref=node
            aria-labelledby=labelled_by
            on:cancel=move |event: ev::Event| {
                event.prevent_default();
                on_close.run(());
            }
            on:mousedown=beside
        >
            <div class="dialog__inner">
                <h2 class="dialog__title" id=label tabindex="-1" node_ref=heading>
                    {move || title.get()}
                </h2>
                {children()}
            </div>
        </dialog>
    }
}

fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// The last line of a dialog: the way out, and the one act.
#[component]
pub fn DialogFoot(
    /// The act.
    #[prop(into)]
    act: Signal<String>,
    /// An icon for the act.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
    /// The act takes something away.
    #[prop(optional)]
    danger: bool,
    /// The way out.
    #[prop(default = Signal::stored("Cancel".to_owned()), into)]
    leave: Signal<String>,
    /// The act cannot be done yet.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The act is being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Does it.
    #[prop(into)]
    on_act: Callback<()>,
    /// Leaves.
    #[prop(into)]
    on_leave: Callback<()>,
) -> impl IntoView {
    let weight = if danger { Weight::Danger } else { Weight::Primary };
    view! {
        <div class="dialog__foot">
            <Button label=leave on_press=on_leave />
            <Button label=act icon=icon weight=weight disabled=disabled busy=busy on_press=on_act />
        </div>
    }
}

/// One sentence before something that cannot be undone.
#[component]
pub fn ConfirmDialog(
    /// The question.
    #[prop(into)]
    title: String,
    /// What it does.
    #[prop(into)]
    sentence: String,
    /// The act.
    #[prop(into)]
    act: String,
    /// The act takes something away.
    #[prop(optional)]
    danger: bool,
    /// Does it.
    #[prop(into)]
    on_act: Callback<()>,
    /// Leaves.
    #[prop(into)]
    on_leave: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog title=title on_close=on_leave>
            <p>{sentence}</p>
            <DialogFoot act=act danger=danger on_act=on_act on_leave=on_leave />
        </Dialog>
    }
}
