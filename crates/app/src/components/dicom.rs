//! A DICOM image: frames, window, and what the header says.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement};

use super::button::Button;
use super::field::fresh_id;
use super::icon::{Glyph, Icon};
use super::table::FactTable;
use super::viewer_bar::{BarButton, BarToggle, ViewerBar};

/// Dragging over this many pixels goes through all values.
const DRAG: f64 = 400.0;

/// A DICOM file, as far as it can be shown.
#[derive(Clone, Debug)]
pub struct DicomModel {
    /// Whose and of what.
    pub facts: Vec<(String, String)>,
    /// The header.
    pub header: Vec<HeaderRow>,
    /// The image.
    pub image: Result<DicomImage, String>,
}

/// One element of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderRow {
    /// How many sequences it lies in.
    pub depth: usize,
    /// `(0010,0010)`.
    pub tag: String,
    /// `Patient Name`.
    pub name: String,
    /// As text.
    pub value: String,
}

/// The image.
#[derive(Clone, Debug)]
pub struct DicomImage {
    /// Pixels from left to right.
    pub columns: u32,
    /// Pixels from top to bottom.
    pub rows: u32,
    /// How many images there are.
    pub frames: u32,
    /// Height of a pixel by its width.
    pub aspect: f64,
    /// Smallest and largest value of a grey image.
    pub values: Option<(f64, f64)>,
    /// Windows by name; the first is the one to begin with. Empty for colours.
    pub windows: Vec<GreyWindow>,
    /// Draws it.
    pub on_look: Callback<Look>,
}

/// Which values are seen.
#[derive(Clone, Debug, PartialEq)]
pub struct GreyWindow {
    /// `Bone`; empty for one that was made by hand.
    pub name: String,
    /// The value that becomes middle grey.
    pub centre: f64,
    /// How many values lie between black and white.
    pub width: f64,
}

/// A frame that is to be drawn.
#[derive(Clone, Debug)]
pub struct Look {
    /// Where.
    pub canvas: HtmlCanvasElement,
    /// Counted from 0.
    pub frame: u32,
    /// The window's centre.
    pub centre: f64,
    /// The window's width.
    pub width: f64,
    /// Black is white.
    pub inverted: bool,
    /// Told whether it can be drawn.
    pub done: Callback<bool>,
}

impl PartialEq for DicomModel {
    /// Each file that is opened is drawn anew.
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// All of it.
#[component]
pub fn DicomView(
    /// What is shown.
    model: DicomModel,
    /// Its title.
    caption: String,
    /// Saves the file.
    #[prop(into)]
    on_download: Callback<()>,
) -> impl IntoView {
    let DicomModel { facts, header, image } = model;
    let about = format!("{caption}: whose image it is");
    view! {
        <div class="parts">
            {(!facts.is_empty())
                .then(|| {
                    view! {
                        <div class="viewer-facts">
                            <FactTable caption=about rows=facts />
                        </div>
                    }
                })}
            {match image {
                Ok(image) => view! { <Image image=image caption=caption /> }.into_any(),
                Err(why) => {
                    view! {
                        <div class="say say--boxed say--warn" role="status">
                            <Glyph icon=Icon::Warning />
                            <div class="say__text">{why}</div>
                            <Button label="Save file" small=true on_press=on_download />
                        </div>
                    }
                        .into_any()
                }
            }}
            {(!header.is_empty()).then(|| view! { <HeaderTable header=header /> })}
        </div>
    }
}

#[component]
fn Image(image: DicomImage, caption: String) -> impl IntoView {
    let DicomImage { columns, rows, frames, aspect, values, windows, on_look } = image;
    let canvas: NodeRef<html::Canvas> = NodeRef::new();
    let first = windows.first().cloned().unwrap_or(GreyWindow { name: String::new(), centre: 128.0, width: 256.0 });
    let window = RwSignal::new(first);
    let frame = RwSignal::new(0_u32);
    let inverted = RwSignal::new(false);
    let actual = RwSignal::new(false);
    let drawn = RwSignal::new(None::<bool>);
    let done = Callback::new(move |can| {
        let _left = drawn.try_set(Some(can));
    });
    Effect::new(move |_| {
        let GreyWindow { centre, width, .. } = window.get();
        let (frame, inverted) = (frame.get(), inverted.get());
        if let Some(canvas) = canvas.get() {
            on_look.run(Look { canvas, frame, centre, width, inverted, done });
        }
    });
    let turn = move |by: i64| frame.update(|frame| *frame = turned(*frame, by, frames));
    let pressed = move |event: ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            _ if frames < 2 => return,
            "ArrowLeft" | "ArrowUp" => -1,
            "ArrowRight" | "ArrowDown" => 1,
            _ => return,
        };
        event.prevent_default();
        turn(by);
    };
    let label = {
        let caption = caption.clone();
        move || if frames > 1 { format!("{caption}, image {} of {frames}", frame.get() + 1) } else { caption.clone() }
    };
    let hint = if frames > 1 { "Image. The arrow keys go through the series." } else { "Image" };
    // Pixels that are not square are stretched.
    let size = format!("{columns} / {}", f64::from(rows) * aspect);
    view! {
        <div class="viewer">
            {values
                .map(|values| {
                    view! {
                        <WindowBar windows=windows window=window values=values inverted=inverted actual=actual />
                    }
                })}
            {values
                .is_none()
                .then(|| {
                    view! {
                        <ViewerBar label="View">
                            <BarToggle label="Invert" on=inverted />
                            <BarToggle label="Actual size" on=actual />
                        </ViewerBar>
                    }
                })}
            <div
                class="viewer__stage viewer__stage--dark"
                class:viewer__stage--actual=move || actual.get()
                tabindex="0"
                role="group"
                aria-label=hint
                on:keydown=pressed
            >
                <canvas
                    node_ref=canvas
                    width=columns
                    height=rows
                    role="img"
                    aria-label=label
                    style:aspect-ratio=size
                    style:width=move || actual.get().then(|| format!("{columns}px"))
                    on:pointerdown=move |event| drag(&event, values, window)
                    on:pointermove=move |event| drag(&event, values, window)
                ></canvas>
            </div>
            {(frames > 1).then(|| view! { <FrameBar frames=frames frame=frame turn=Callback::new(turn) /> })}
            <div role="status">
                {move || {
                    (drawn.get() == Some(false))
                        .then(|| view! { <p class="viewer__trouble">"This image is damaged and cannot be drawn."</p> })
                }}
            </div>
        </div>
    }
}

fn turned(frame: u32, by: i64, frames: u32) -> u32 {
    let wanted = (i64::from(frame) + by).clamp(0, i64::from(frames) - 1);
    u32::try_from(wanted).unwrap_or(frame)
}

/// A mouse or a pen changes the window while it is down: across its width, along its centre. Fingers scroll the page.
fn drag(event: &ev::PointerEvent, values: Option<(f64, f64)>, window: RwSignal<GreyWindow>) {
    let Some((low, high)) = values else { return };
    if event.pointer_type() == "touch" || event.buttons() & 1 == 0 {
        return;
    }
    if event.type_() == "pointerdown" {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        // A pointer that is gone already is not held.
        let _held = element.map(|element| element.set_pointer_capture(event.pointer_id()));
        return;
    }
    let step = (high - low).max(1.0) / DRAG;
    let (across, along) = (f64::from(event.movement_x()) * step, f64::from(event.movement_y()) * step);
    window.update(|window| {
        *window = GreyWindow {
            name: String::new(),
            centre: (window.centre + along).clamp(low, high),
            width: (window.width + across).clamp(1.0, (high - low).max(1.0) * 2.0),
        };
    });
}

#[component]
fn WindowBar(
    windows: Vec<GreyWindow>,
    window: RwSignal<GreyWindow>,
    values: (f64, f64),
    inverted: RwSignal<bool>,
    actual: RwSignal<bool>,
) -> impl IntoView {
    let (low, high) = values;
    let id = fresh_id("window");
    let names: Vec<String> = windows.iter().map(|one| one.name.clone()).collect();
    let choose = move |event: ev::Event| {
        let chosen = event_target_value(&event);
        if let Some(found) = windows.iter().find(|one| one.name == chosen) {
            window.set(found.clone());
        }
    };
    let centre = move |value: f64| {
        window.update(|window| *window = GreyWindow { name: String::new(), centre: value, ..window.clone() })
    };
    let width = move |value: f64| {
        window.update(|window| *window = GreyWindow { name: String::new(), width: value, ..window.clone() })
    };
    view! {
        <ViewerBar label="View">
            <span class="viewer__choice">
                <label for=id.clone()>"Window"</label>
                <select class="input" id=id on:change=choose>
                    <option value="" disabled=true prop:selected=move || window.with(|window| window.name.is_empty())>
                        "By hand"
                    </option>
                    {names
                        .into_iter()
                        .map(|name| {
                            let (is, word) = (name.clone(), name.clone());
                            view! {
                                <option
                                    value=name
                                    prop:selected=move || window.with(|window| window.name == is)
                                >
                                    {word}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </span>
            <Slider
                label="Level"
                low=low
                high=high
                value=Signal::derive(move || window.with(|window| window.centre))
                on_change=centre
            />
            <Slider
                label="Width"
                low=1.0
                high=(high - low).max(1.0) * 2.0
                value=Signal::derive(move || window.with(|window| window.width))
                on_change=width
            />
            <BarToggle label="Invert" on=inverted />
            <BarToggle label="Actual size" on=actual />
        </ViewerBar>
    }
}

#[component]
fn FrameBar(frames: u32, frame: RwSignal<u32>, turn: Callback<i64>) -> impl IntoView {
    view! {
        <ViewerBar label="Series">
            <BarButton
                label="Previous image"
                icon=Icon::Backward
                disabled=Signal::derive(move || frame.get() == 0)
                on_press=move |()| turn.run(-1)
            />
            <Slider
                label="Image"
                low=1.0
                high=f64::from(frames)
                value=Signal::derive(move || f64::from(frame.get()) + 1.0)
                on_change=move |value: f64| turn.run(value as i64 - 1 - i64::from(frame.get_untracked()))
            />
            <span class="viewer__figure">{format!("of {frames}")}</span>
            <BarButton
                label="Next image"
                icon=Icon::Onward
                disabled=Signal::derive(move || frame.get() + 1 >= frames)
                on_press=move |()| turn.run(1)
            />
        </ViewerBar>
    }
}

/// A number between two others.
#[component]
fn Slider(
    label: &'static str,
    low: f64,
    high: f64,
    value: Signal<f64>,
    #[prop(into)] on_change: Callback<f64>,
) -> impl IntoView {
    let id = fresh_id("slider");
    view! {
        <span class="viewer__slider">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type="range"
                min=low
                max=high
                step="1"
                prop:value=move || value.get().round().to_string()
                on:input=move |event| {
                    if let Ok(value) = event_target_value(&event).parse() {
                        on_change.run(value);
                    }
                }
            />
            <output>{move || format!("{:.0}", value.get())}</output>
        </span>
    }
}

#[component]
fn HeaderTable(header: Vec<HeaderRow>) -> impl IntoView {
    let opened = RwSignal::new(false);
    let header = StoredValue::new(header);
    view! {
        <div class="viewer__details">
            <button
                type="button"
                class="button button--small"
                aria-expanded=move || opened.get().to_string()
                on:click=move |_| opened.update(|opened| *opened = !*opened)
            >
                "Details"
            </button>
            {move || {
                opened
                    .get()
                    .then(|| {
                        let rows = header.with_value(|header| header.iter().cloned().map(header_row).collect_view());
                        view! {
                            <div class="table-card">
                                <table class="table table--plain header-table">
                                    <caption class="unseen">"All that the file says of itself"</caption>
                                    <thead>
                                        <tr>
                                            <th scope="col">"Name"</th>
                                            <th scope="col">"Tag"</th>
                                            <th scope="col">"Value"</th>
                                        </tr>
                                    </thead>
                                    <tbody>{rows}</tbody>
                                </table>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

fn header_row(row: HeaderRow) -> impl IntoView {
    let within = "· ".repeat(row.depth);
    view! {
        <tr>
            <th scope="row">{within} {row.name}</th>
            <td class="header-table__tag">{row.tag}</td>
            <td>{row.value}</td>
        </tr>
    }
}
