//! QR codes: made, shown, and who used them.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    chart::{Offer, OfferEnd},
    folders::Folder,
    grant_access::{Shared, UNTIL_REVOKED},
    make_offer::Offering,
    tell_about_me::AboutMe,
};
use medkey_protocol::{FolderId, blocks::Category};

use super::{Patient, sharing, use_patient};
use crate::{
    components::{choice::Choice, dialog::ConfirmDialog},
    load::{Load, Trouble},
    pages::{
        make_offer::{MakeOfferDialog, MakeOfferModel, OfferInput},
        offers::{Claim, OfferItem, OfferState, OffersModel, OffersView, withdraw_sentence},
        show_offer::{ShowOfferDialog, ShownCode},
    },
    wire::{desk::now, own_chart::OwnChart, qr, said},
};

/// An offer's id in the pages.
pub(super) fn id_of(offer: &Offer) -> String {
    format!("{} {}", offer.key, offer.scope)
}

pub(super) fn item(chart: &OwnChart, offer: &Offer) -> OfferItem {
    let claim = |(claimer, at): &(_, medkey_client::chart::Place)| Claim {
        name: said::person(*claimer, chart.people.get(claimer)).name,
        at: at.time,
    };
    OfferItem {
        id: id_of(offer),
        scope: sharing::scope_word(chart, offer.scope),
        emergency: offer.emergency,
        until: sharing::until(offer.expiry),
        length: offer.length,
        claims: offer.claims,
        claimed: offer.claimed.iter().map(claim).collect(),
        state: match offer.end(chart.read.time.max(now())) {
            None => OfferState::Live,
            Some(OfferEnd::Withdrawn(at)) => OfferState::Withdrawn(at.time),
            Some(OfferEnd::UsedUp(at)) => OfferState::UsedUp(at.time),
            Some(OfferEnd::Expired) => OfferState::Expired,
        },
    }
}

fn find<'a>(chart: &'a OwnChart, id: &str) -> Option<&'a Offer> {
    chart.read.state.offers.iter().find(|offer| id_of(offer) == id)
}

fn model(chart: &OwnChart) -> OffersModel {
    let items = chart.read.state.offers.iter().rev().map(|offer| item(chart, offer));
    let (live, former) = items.partition(|item| item.state == OfferState::Live);
    OffersModel { live, former }
}

/// The codes that can be used, the newest first.
pub(super) fn usable(chart: &OwnChart) -> Vec<OfferItem> {
    model(chart).live
}

/// What a code can be made for. The private folder is never shared as a whole.
fn making(chart: &OwnChart, emergency: bool, wallet: String) -> MakeOfferModel {
    let choice = |folder: &Folder| said::shared_folder(folder, chart.records_in(folder.id));
    let folders = chart.folders.iter().filter(|folder| match emergency {
        // What the card says lies in the general folder: its code opens that one.
        true => folder.category == Some(Category::General),
        false => folder.category != Some(Category::Private),
    });
    let folders: Vec<Choice> = folders.map(choice).collect();
    let chosen = folders.iter().find(|choice| !choice.sensitive).map(|choice| choice.id.clone()).unwrap_or_default();
    MakeOfferModel { folders, chosen, emergency, wallet }
}

/// Makes a code and shows it.
fn make(patient: Patient, input: &OfferInput, shown: RwSignal<Option<String>>) {
    let (Some(chart), Ok(folder)) = (patient.chart(), input.folder.parse::<FolderId>()) else { return };
    let OfferInput { until, length, claims, emergency, .. } = *input;
    let word = chart.folder_word(folder);
    let (title, done) = (format!("Making a code for {word}"), format!("Your code for {word} is made."));
    patient.start(title, done, move |open, listen| {
        let about = chart.about.clone().unwrap_or_else(AboutMe::default);
        let expiry = until.unwrap_or(UNTIL_REVOKED);
        async move {
            let offering = Offering { shared: Shared::Folder(folder), expiry, length, claims, emergency };
            let made = open.client().make_offer(&open.me, &about, &offering, &*listen).await?;
            // Whoever has gone to another page meanwhile finds it in the list.
            let _left = shown.try_set(Some(format!("{} {}", made.key, medkey_protocol::Scope::from(folder))));
            Ok(())
        }
    });
}

fn withdraw(patient: Patient, id: &str) {
    let Some(chart) = patient.chart() else { return };
    let Some(offer) = find(&chart, id) else { return };
    let word = sharing::scope_word(&chart, offer.scope);
    let (key, scope) = (offer.key, offer.scope);
    let (title, done) =
        (format!("Withdrawing the code for {word}"), format!("The code for {word} opens nothing any more."));
    patient.start(title, done, move |open, listen| async move {
        open.client().withdraw_offer(&open.me, key, scope, &*listen).await.map(drop)
    });
}

/// The question before a code is withdrawn.
#[component]
pub(super) fn Withdrawing(
    /// Which, while it is asked.
    asked: RwSignal<Option<String>>,
) -> impl IntoView {
    let patient = use_patient()?;
    Some(move || {
        let id = asked.get()?;
        let chart = patient.chart()?;
        let item = item(&chart, find(&chart, &id)?);
        Some(view! {
            <ConfirmDialog
                title=format!("Withdraw the code for {}?", item.scope)
                sentence=withdraw_sentence(&item, &patient.wallet())
                act="Withdraw"
                danger=true
                on_act=move |()| {
                    asked.set(None);
                    withdraw(patient, &id);
                }
                on_leave=move |()| asked.set(None)
            />
        })
    })
}

/// A code is being decided on, while this is so.
#[component]
pub(super) fn Making(
    /// Whether it is.
    open: RwSignal<bool>,
    /// For the emergency card.
    #[prop(optional)]
    emergency: bool,
    /// Which is shown afterwards.
    shown: RwSignal<Option<String>>,
) -> impl IntoView {
    let patient = use_patient()?;
    Some(move || {
        let chart = open.get().then(|| patient.chart()).flatten()?;
        Some(view! {
            <MakeOfferDialog
                model=making(&chart, emergency, patient.wallet())
                on_make=move |input: OfferInput| {
                    open.set(false);
                    make(patient, &input, shown);
                }
                on_close=move |()| open.set(false)
            />
        })
    })
}

/// The code itself, made from the vault when it is shown and kept for no longer.
pub(super) fn code_of(
    patient: Patient,
    offer: Signal<Option<Rc<Offer>>, LocalStorage>,
) -> RwSignal<Load<ShownCode>, LocalStorage> {
    let code = RwSignal::new_local(Load::Loading);
    let known = StoredValue::new_local(None::<String>);
    Effect::new(move |_| {
        let Some(offer) = offer.get() else { return };
        // The chart is read again often; its code stays the same.
        if known.with_value(|known| known.as_ref() == Some(&id_of(&offer))) {
            return;
        }
        known.set_value(Some(id_of(&offer)));
        code.set(Load::Loading);
        let open = patient.open();
        spawn_local(async move {
            let shown = match open.client().show_offer(&open.me, &offer).await {
                Ok(text) => match qr::squares(&text) {
                    Some(squares) => Load::Ready(ShownCode { squares, text }),
                    None => Load::Failed(Trouble::new("This code is too long to be drawn.", "Nothing was changed.")),
                },
                Err(fault) => Load::Failed(said::trouble(&fault)),
            };
            // What could not be read is read again with the chart.
            if let Load::Failed(_) = &shown {
                let _left = known.try_set_value(None);
            }
            let _left = code.try_set(shown);
        });
    });
    code
}

/// A code on the screen, while it is shown.
#[component]
fn Showing(id: String, shown: RwSignal<Option<String>>, withdrawing: RwSignal<Option<String>>) -> impl IntoView {
    let patient = use_patient()?;
    let chart = patient.desk.chart;
    let wanted = id.clone();
    // Just made, it may not be in the chart that was read yet.
    let offer = Signal::derive_local(move || {
        chart.with(|chart| chart.ready().and_then(|chart| find(chart, &wanted).cloned()).map(Rc::new))
    });
    let code = code_of(patient, offer);
    let shown_item = Memo::new({
        let id = id.clone();
        move |_| chart.with(|chart| chart.ready().and_then(|chart| find(chart, &id).map(|offer| item(chart, offer))))
    });
    let copy = move |()| {
        code.with_untracked(|code| {
            if let Some(code) = code.ready() {
                let _asked = window().navigator().clipboard().write_text(&code.text);
                patient.toasts.say("The code is copied. Whoever is verified and gets it can use it.");
            }
        });
    };
    Some(view! {
        <ShowOfferDialog
            item=shown_item
            code=code
            on_print=move |()| drop(window().print())
            on_copy=copy
            on_withdraw=move |()| {
                shown.set(None);
                withdrawing.set(Some(id.clone()));
            }
            on_close=move |()| shown.set(None)
        />
    })
}

/// The page.
#[component]
pub fn Offers() -> impl IntoView {
    let patient = use_patient()?;
    let model = patient.model(model);
    let making = RwSignal::new(false);
    let shown = RwSignal::new(None::<String>);
    let withdrawing = RwSignal::new(None::<String>);
    Some(view! {
        <OffersView
            model=model
            read_only=patient.read_only()
            on_retry=move |()| patient.desk.read_again()
            on_make=move |()| making.set(patient.may_change())
            on_show=move |id| shown.set(Some(id))
            on_withdraw=move |id| {
                if patient.may_change() {
                    withdrawing.set(Some(id));
                }
            }
        />
        <Making open=making shown=shown />
        <Withdrawing asked=withdrawing />
        {move || {
            shown.get().map(|id| view! { <Showing id=id shown=shown withdrawing=withdrawing /> })
        }}
    })
}
