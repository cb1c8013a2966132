//! The pages of a PDF, one under the other; each is drawn while it is seen.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDivElement, HtmlElement};

use super::button::Button;
use super::icon::Icon;
use super::long_list::Watch;
use super::viewer_bar::{BarButton, ViewerBar};

/// What is shown of longer files.
const PAGES_AT_MOST: u32 = 1000;
/// Sizes beside the width that there is room for.
const ZOOM: (f64, f64) = (0.5, 4.0);
const ZOOM_STEP: f64 = 1.25;
/// Room beside a page, in pixels.
const BESIDE: f64 = 26.0;

/// A page that is to be drawn.
#[derive(Clone, Debug)]
pub struct PageDrawing {
    /// Counted from 1.
    pub number: u32,
    /// Gets the picture.
    pub holder: HtmlElement,
    /// Gets the words.
    pub text: HtmlElement,
    /// How wide, in CSS pixels.
    pub width: f64,
    /// Told whether it can be drawn.
    pub done: Callback<bool>,
}

/// A PDF that is ready to be drawn.
#[derive(Clone, Debug)]
pub struct PdfModel {
    /// How many pages there are.
    pub pages: u32,
    /// Height of the first page by its width; the others are taken to be alike until they are drawn.
    pub ratio: f64,
    /// Draws a page.
    pub on_draw: Callback<PageDrawing>,
}

impl PartialEq for PdfModel {
    /// Each file that is opened is drawn anew.
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The pages and what can be done with them.
#[component]
pub fn PdfView(
    /// What is drawn.
    model: PdfModel,
    /// Its title.
    caption: String,
) -> impl IntoView {
    let PdfModel { pages, ratio, on_draw } = model;
    let shown = pages.min(PAGES_AT_MOST);
    let frame: NodeRef<html::Div> = NodeRef::new();
    let room = RwSignal::new(0.0);
    let zoom = RwSignal::new(1.0);
    let current = RwSignal::new(1_u32);
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            room.set((f64::from(frame.client_width()) - BESIDE).max(1.0));
        }
    };
    frame.on_load(move |_| measure());
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let width = Memo::new(move |_| (room.get() * zoom.get()).round());

    let change = move |factor: f64| zoom.update(|zoom| *zoom = (*zoom * factor).clamp(ZOOM.0, ZOOM.1));
    let fit = move || zoom.set(1.0);
    let go = move |number: u32| {
        if let Some(frame) = frame.get_untracked()
            && let Some(page) = page(&frame, number)
        {
            frame.set_scroll_top(page.offset_top() - frame.offset_top());
        }
    };
    let scrolled = move |_| {
        if let Some(frame) = frame.get_untracked() {
            current.set(seen(&frame, shown));
        }
    };
    let pressed = move |event: ev::KeyboardEvent| match event.key().as_str() {
        _ if event.ctrl_key() || event.meta_key() || event.alt_key() => {}
        "+" | "=" => change(ZOOM_STEP),
        "-" => change(1.0 / ZOOM_STEP),
        "0" => fit(),
        _ => {}
    };
    view! {
        <div class="viewer">
            <ViewerBar label="Pages">
                <BarButton
                    label="Zoom out"
                    icon=Icon::Minus
                    disabled=Signal::derive(move || zoom.get() <= ZOOM.0)
                    on_press=move |()| change(1.0 / ZOOM_STEP)
                />
                <span class="viewer__figure">{move || format!("{:.0} %", zoom.get() * 100.0)}</span>
                <BarButton
                    label="Zoom in"
                    icon=Icon::Plus
                    disabled=Signal::derive(move || zoom.get() >= ZOOM.1)
                    on_press=move |()| change(ZOOM_STEP)
                />
                <Button label="Fit width" small=true on_press=move |()| fit() />
                <span class="viewer__end">
                    <BarButton
                        label="Previous page"
                        icon=Icon::Backward
                        disabled=Signal::derive(move || current.get() <= 1)
                        on_press=move |()| go(current.get_untracked() - 1)
                    />
                    <span class="viewer__figure">
                        {move || format!("Page {} of {pages}", current.get())}
                    </span>
                    <BarButton
                        label="Next page"
                        icon=Icon::Onward
                        disabled=Signal::derive(move || current.get() >= shown)
                        on_press=move |()| go(current.get_untracked() + 1)
                    />
                </span>
            </ViewerBar>
            <div
                node_ref=frame
                class="viewer__pages"
                tabindex="0"
                role="group"
                aria-label=format!("Pages of {caption}")
                on:scroll=scrolled
                on:keydown=pressed
            >
                {move || {
                    (room.get() > 0.0)
                        .then(|| {
                            (1..=shown)
                                .map(|number| {
                                    view! {
                                        <Page number=number pages=pages ratio=ratio width=width on_draw=on_draw />
                                    }
                                })
                                .collect_view()
                        })
                }}
            </div>
            {(pages > shown)
                .then(|| {
                    view! {
                        <p class="second">
                            {format!("Only the first {shown} pages are shown. Save the file to see all of it.")}
                        </p>
                    }
                })}
        </div>
    }
}

fn page(frame: &HtmlDivElement, number: u32) -> Option<HtmlElement> {
    frame.children().item(number.checked_sub(1)?)?.dyn_into().ok()
}

/// The page in the upper part of what is seen.
fn seen(frame: &HtmlDivElement, pages: u32) -> u32 {
    let line = frame.offset_top() + frame.scroll_top() + frame.client_height() / 3;
    let begun = |number: &u32| page(frame, *number).is_some_and(|page| page.offset_top() <= line);
    (1..=pages).take_while(begun).last().unwrap_or(1)
}

#[component]
fn Page(number: u32, pages: u32, ratio: f64, width: Memo<f64>, on_draw: Callback<PageDrawing>) -> impl IntoView {
    let node: NodeRef<html::Div> = NodeRef::new();
    let near = RwSignal::new(false);
    // Each may have a shape of its own, which is known once it is drawn.
    let shape = RwSignal::new(ratio);
    let watch = StoredValue::new_local(None::<Watch>);
    node.on_load(move |element| {
        let part = element.clone();
        let started = Watch::start(&element, move |is_near| {
            if !is_near && near.get_untracked() {
                let (high, wide) = (f64::from(part.offset_height()), f64::from(part.offset_width()).max(1.0));
                shape.set(high / wide);
            }
            near.set(is_near);
        });
        // A browser that cannot tell draws everything.
        near.update(|near| *near |= started.is_none());
        watch.set_value(started);
    });
    view! {
        <div
            node_ref=node
            class="viewer__page"
            role="group"
            aria-label=format!("Page {number} of {pages}")
            style:width=move || format!("{}px", width.get())
            style:min-height=move || (!near.get()).then(|| format!("{}px", width.get() * shape.get()))
        >
            {move || {
                near.get()
                    .then(|| view! { <Sheet number=number ratio=shape width=width on_draw=on_draw /> })
            }}
        </div>
    }
}

/// A page while it is seen.
#[component]
fn Sheet(number: u32, ratio: RwSignal<f64>, width: Memo<f64>, on_draw: Callback<PageDrawing>) -> impl IntoView {
    let holder: NodeRef<html::Div> = NodeRef::new();
    let text: NodeRef<html::Div> = NodeRef::new();
    let drawn = RwSignal::new(None::<bool>);
    let done = Callback::new(move |can| {
        let _left = drawn.try_set(Some(can));
    });
    Effect::new(move |_| {
        let width = width.get();
        if let (Some(holder), Some(text)) = (holder.get(), text.get()) {
            on_draw.run(PageDrawing { number, holder: holder.into(), text: text.into(), width, done });
        }
    });
    let waits = move || drawn.get().is_none().then(|| format!("{}px", width.get() * ratio.get_untracked()));
    view! {
        <div node_ref=holder class="viewer__sheet" aria-hidden="true" style:min-height=waits></div>
        <div node_ref=text class="viewer__text"></div>
        {move || {
            (drawn.get() == Some(false))
                .then(|| view! { <p class="viewer__trouble">"This page is damaged and cannot be drawn."</p> })
        }}
    }
}
