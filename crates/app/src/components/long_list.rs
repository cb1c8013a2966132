//! A list too long to be drawn at once: parts of it that are drawn only while they are near what is seen.

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlDivElement, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How far beyond the edge of what is seen a part is drawn: some screens of scrolling.
const NEAR: &str = "1200px 0px";

/// Looks whether an element is near what is seen; no more once it is dropped.
pub(super) struct Watch {
    observer: IntersectionObserver,
    _told: Closure<dyn FnMut(js_sys::Array)>,
}

impl Watch {
    pub(super) fn start(element: &HtmlDivElement, mut tell: impl FnMut(bool) + 'static) -> Option<Self> {
        let told = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            // Of several changes since it was last asked only the newest holds.
            let newest = entries.pop().dyn_into::<IntersectionObserverEntry>();
            if let Ok(newest) = newest {
                tell(newest.is_intersecting());
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(NEAR);
        let observer = IntersectionObserver::new_with_options(told.as_ref().unchecked_ref(), &options).ok()?;
        observer.observe(element);
        Some(Self { observer, _told: told })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// A part of a long list. While it is far from what is seen it is an empty box as high as it was, or as it will be by
/// this estimate.
#[component]
pub fn WhileSeen(
    /// Its height in pixels, as far as that can be said before it is drawn.
    height: f64,
    /// Drawn from the beginning: it stands at the top.
    #[prop(optional)]
    at_once: bool,
    /// What is drawn.
    children: ChildrenFn,
) -> impl IntoView {
    let node: NodeRef<html::Div> = NodeRef::new();
    let drawn = RwSignal::new(at_once);
    let height = RwSignal::new(height);
    let watch = StoredValue::new_local(None::<Watch>);
    node.on_load(move |element| {
        let part = element.clone();
        let started = Watch::start(&element, move |near| {
            if near == drawn.get_untracked() || (!near && has_focus(&part)) {
                return;
            }
            if !near {
                height.set(f64::from(part.offset_height()));
            }
            drawn.set(near);
        });
        // A browser that cannot tell draws everything.
        drawn.update(|drawn| *drawn |= started.is_none());
        watch.set_value(started);
    });
    let least = move || (!drawn.get()).then(|| format!("{}px", height.get()));
    view! {
        <div node_ref=node style:min-height=least>
            {move || drawn.get().then(|| children())}
        </div>
    }
}

/// Whoever goes through a list by keyboard is not taken out of it.
fn has_focus(part: &HtmlDivElement) -> bool {
    part.contains(document().active_element().as_ref().map(AsRef::as_ref))
}
