//! Drafts, as fields see them: JSON, sealed on the device by the client.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use leptos::task::spawn_local;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::desk::Open;

/// What is to be kept next: of each draft the newest words, or none to forget it.
struct Next {
    open: Rc<Open>,
    text: Option<Zeroizing<Vec<u8>>>,
}

thread_local! {
    static NEXT: RefCell<BTreeMap<String, Next>> = const { RefCell::new(BTreeMap::new()) };
    static KEEPING: Cell<bool> = const { Cell::new(false) };
}

/// What was kept of a draft. What the device does not give back is none.
pub async fn open_draft<T: DeserializeOwned>(open: &Open, what: &str) -> Option<T> {
    let kept = open.client().open_draft(&open.me, what).await.ok()??;
    serde_json::from_slice(&kept).ok()
}

/// Keeps a draft, or forgets it where nothing of it is left; one after the other, so that the newest words stay. Where
/// the device keeps nothing the fields still do, as long as the page is open.
pub fn keep_draft<T: Serialize>(open: &Rc<Open>, what: &str, draft: Option<&T>) {
    let text = draft.and_then(|draft| serde_json::to_vec(draft).ok()).map(Zeroizing::new);
    let next = Next { open: Rc::clone(open), text };
    NEXT.with_borrow_mut(|waiting| waiting.insert(what.to_owned(), next));
    if KEEPING.replace(true) {
        return;
    }
    spawn_local(async {
        while let Some((what, Next { open, text })) = NEXT.with_borrow_mut(BTreeMap::pop_first) {
            let _kept = match text {
                Some(text) => open.client().keep_draft(&open.me, &what, &text).await,
                None => open.client().forget_draft(&open.me, &what).await,
            };
        }
        KEEPING.set(false);
    });
}

/// Forgets a draft: it was sent.
pub fn forget_draft(open: &Rc<Open>, what: &str) {
    keep_draft(open, what, None::<&()>);
}
