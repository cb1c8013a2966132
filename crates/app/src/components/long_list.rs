//! A list too long to be drawn at once: parts of it that are drawn only while they are near what is seen.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

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

/// Rows that are drawn together.
const PART: usize = 25;
/// A row on a wide page, in pixels.
const ROW: f64 = 77.0;

/// Rows that are drawn together, and whether others stand above and below them.
#[derive(Clone, PartialEq)]
struct Part<T> {
    items: Arc<[T]>,
    joins: (bool, bool),
}

impl<T: Hash> Part<T> {
    /// Stays as it is for as long as nothing in it changes.
    fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.items, self.joins).hash(&mut hasher);
        hasher.finish()
    }

    fn height(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "it is a few rows")]
        let rows = self.items.len() as f64;
        rows * ROW
    }
}

fn parts<T: Clone>(items: &[T]) -> Vec<Part<T>> {
    let last = items.len().div_ceil(PART).saturating_sub(1);
    let part = |(at, items): (usize, &[T])| Part { items: items.into(), joins: (at > 0, at < last) };
    items.chunks(PART).enumerate().map(part).collect()
}

/// A card of many rows, of which those near what is seen are drawn.
#[component]
pub fn LongRows<T, D>(
    /// What the rows show, in order.
    #[prop(into)]
    items: Signal<Arc<[T]>>,
    /// Draws a row.
    draw: D,
    /// Told of rows as they are drawn.
    #[prop(optional, into)]
    on_seen: Option<Callback<Arc<[T]>>>,
) -> impl IntoView
where
    T: Clone + PartialEq + Hash + Send + Sync + 'static,
    D: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    let parts = Memo::new(move |_| items.with(|items| parts(items)));
    view! {
        <div>
            <For each=move || parts.get() key=Part::key let:part>
                {
                    let draw = draw.clone();
                    let height = part.height();
                    let (above, below) = part.joins;
                    view! {
                        <WhileSeen height=height at_once=!above>
                            {
                                if let Some(on_seen) = on_seen {
                                    on_seen.run(Arc::clone(&part.items));
                                }
                                let rows = part.items.iter().cloned().map(|item| {
                                    view! { <li>{draw(item)}</li> }
                                });
                                view! {
                                    <ul class="rows" class:rows--from-above=above class:rows--goes-on=below>
                                        {rows.collect_view()}
                                    </ul>
                                }
                            }
                        </WhileSeen>
                    }
                }
            </For>
        </div>
    }
}

/// Whoever goes through a list by keyboard is not taken out of it.
fn has_focus(part: &HtmlDivElement) -> bool {
    part.contains(document().active_element().as_ref().map(AsRef::as_ref))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_come_in_parts_that_join_and_none_is_lost() {
        let items: Vec<u32> = (0..5_000).collect();
        let parts = parts(&items);
        let all: Vec<u32> = parts.iter().flat_map(|part| part.items.iter().copied()).collect();
        assert_eq!(all, items);
        assert!(parts.iter().all(|part| part.items.len() <= PART));
        assert!(parts.windows(2).all(|pair| pair[0].joins.1 && pair[1].joins.0));
        assert!(!parts[0].joins.0 && parts.last().is_some_and(|last| !last.joins.1));
        assert!(super::parts::<u32>(&[]).is_empty());
    }

    #[test]
    fn a_part_is_drawn_again_only_if_something_in_it_changed() {
        let (before, mut after) = ((0..100).collect::<Vec<u32>>(), (0..100).collect::<Vec<u32>>());
        after[30] = 1_000;
        let keys = |items: &[u32]| parts(items).iter().map(Part::key).collect::<Vec<_>>();
        let differ = keys(&before).iter().zip(keys(&after)).filter(|(one, other)| **one != *other).count();
        assert_eq!(differ, 1);
    }
}
