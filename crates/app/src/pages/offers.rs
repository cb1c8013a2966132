//! The patient's QR codes: which can be used now, by whom they were used, and which no longer can.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::clock::use_clock;
use crate::components::blank::Empty;
use crate::components::button::{Button, ButtonLink, MoreLink, Weight};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::icon::Icon;
use crate::components::page_head::{Crumb, Crumbs, PageHead, Section};
use crate::components::record_row::Tile;
use crate::load::{Load, Loaded};
use crate::speaking::{Say, Speaker, count, say_length, sentence};

/// Somebody who used a code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// By name.
    pub name: String,
    /// When.
    pub at: u64,
}

/// Whether a code can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OfferState {
    /// It can.
    Live,
    /// The patient withdrew it then.
    Withdrawn(u64),
    /// The last who might used it then.
    UsedUp(u64),
    /// Its time ran out.
    Expired,
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OfferItem {
    /// Its id.
    pub id: String,
    /// What it opens, by name.
    pub scope: String,
    /// It is the one of the emergency card.
    pub emergency: bool,
    /// Until when it can be used; none until it is withdrawn.
    pub until: Option<u64>,
    /// How long each may read, in seconds.
    pub length: u32,
    /// How many may use it.
    pub claims: u32,
    /// Who used it, oldest first.
    pub claimed: Vec<Claim>,
    /// Whether it can be used.
    pub state: OfferState,
}

impl OfferItem {
    /// `1 of 3 used`.
    #[must_use]
    pub fn used(&self) -> String {
        format!("{} of {} used", self.claimed.len(), self.claims)
    }

    /// Who used it and when; and how long each may read.
    #[must_use]
    pub fn claimers(&self, speaker: &Speaker) -> String {
        let claims =
            self.claimed.iter().map(|claim| format!("{}, {}", claim.name, speaker.say(claim.at, Say::DayTime)));
        let claims: Vec<String> = claims.collect();
        if claims.is_empty() { "nobody has used it".to_owned() } else { format!("used by {}", claims.join("; ")) }
    }

    /// Until when it can be used, or since when it no longer can.
    #[must_use]
    pub fn end(&self, speaker: &Speaker) -> String {
        match (self.state, self.until) {
            (OfferState::Live, Some(until)) => format!("until {}", speaker.say(until, Say::Date)),
            (OfferState::Live, None) => "until you withdraw it".to_owned(),
            (OfferState::Withdrawn(at), _) => format!("withdrawn on {}", speaker.say(at, Say::Date)),
            (OfferState::UsedUp(at), _) => format!("used up on {}", speaker.say(at, Say::Date)),
            (OfferState::Expired, Some(until)) => format!("ended on {}", speaker.say(until, Say::Date)),
            (OfferState::Expired, None) => "ended".to_owned(),
        }
    }
}

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffersModel {
    /// Codes that can be used, the newest first.
    pub live: Vec<OfferItem>,
    /// Codes that no longer can, the newest first.
    pub former: Vec<OfferItem>,
}

/// The page.
#[component]
pub fn OffersView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<OffersModel>>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Makes one.
    #[prop(into)]
    on_make: Callback<()>,
    /// Shows one, by its id.
    #[prop(into)]
    on_show: Callback<String>,
    /// Withdraws one, by its id.
    #[prop(into)]
    on_withdraw: Callback<String>,
) -> impl IntoView {
    let sub = Signal::derive(move || {
        model.with(|model| match model.ready().map(|model| model.live.len()) {
            None => String::new(),
            Some(0) => "No code can be used today.".to_owned(),
            Some(number) => sentence(&format!("{} be used today.", count(number, "code can", "codes can"))),
        })
    });
    // What a code can be made for is known with the list.
    let closed = Signal::derive(move || read_only.get() || model.with(|model| model.ready().is_none()));
    view! {
        <Crumbs way=vec![Crumb::to("People", "/people"), Crumb::here("QR codes")] />
        <PageHead title="QR codes" sub=sub>
            <ButtonLink label="Emergency card" href="/emergency" icon=Icon::Pulse />
            <Button
                label="Make a code"
                icon=Icon::Plus
                weight=Weight::Primary
                disabled=closed
                on_press=on_make
            />
        </PageHead>
        <Loaded
            model=model
            on_retry=on_retry
            children={move |offers: OffersModel| {
                let OffersModel { live, former } = offers;
                view! {
                    <Section title="Can be used now" first=true>
                        {if live.is_empty() {
                            view! {
                                <Empty
                                    icon=Icon::Qr
                                    title="No code"
                                    sentence="A code opens one folder to a verified doctor or laboratory whom you cannot name yet: print it for your wallet, or show it at a visit. You see who used it."
                                />
                            }
                                .into_any()
                        } else {
                            view! {
                                <OfferRows items=live on_show=on_show on_withdraw=on_withdraw />
                            }
                                .into_any()
                        }}
                    </Section>
                    {(!former.is_empty())
                        .then(|| {
                            view! {
                                <Section title="Former">
                                    <OfferRows
                                        items=former
                                        on_show=on_show
                                        on_withdraw=on_withdraw
                                    />
                                </Section>
                            }
                        })}
                    <p class="note">
                        "Withdrawing a code ends it for everybody who has not used it yet. Who used it reads on until that access ends or you revoke it under People."
                    </p>
                }
            }}
        />
    }
}

#[component]
fn OfferRows(items: Vec<OfferItem>, on_show: Callback<String>, on_withdraw: Callback<String>) -> impl IntoView {
    view! {
        <ul class="rows">
            {items
                .into_iter()
                .map(|item| {
                    view! { <OfferRow item=item on_show=on_show on_withdraw=on_withdraw /> }
                })
                .collect_view()}
        </ul>
    }
}

#[component]
fn OfferRow(item: OfferItem, on_show: Callback<String>, on_withdraw: Callback<String>) -> impl IntoView {
    let clock = use_clock();
    let title = if item.emergency { format!("Emergency card, {}", item.scope) } else { item.scope.clone() };
    let live = item.state == OfferState::Live;
    let (shown, withdrawn) = (item.id.clone(), item.id.clone());
    let (about, length, used) = (title.clone(), say_length(item.length), item.used());
    let (claimers, end) = (item.clone(), item);
    view! {
        <li class="row row--acts">
            <Tile icon=if end.emergency { Icon::Pulse } else { Icon::Qr } />
            <div class="row__main">
                <div class="row__title">
                    {title} <Chip badge=Badge::new(Tone::Quiet, used) />
                </div>
                <div class="row__sub">
                    {move || sentence(&claimers.claimers(&clock.speaker()))} " · each reads for "
                    {length}
                </div>
            </div>
            <div class="row__end">
                <span class="row__fact">{move || end.end(&clock.speaker())}</span>
                {live
                    .then(|| {
                        view! {
                            <Button
                                label="Show"
                                about=about.clone()
                                small=true
                                on_press=move |()| on_show.run(shown.clone())
                            />
                            <Button
                                label="Withdraw"
                                about=about
                                weight=Weight::Danger
                                small=true
                                on_press=move |()| on_withdraw.run(withdrawn.clone())
                            />
                        }
                    })}
            </div>
        </li>
    }
}

/// The codes that can be used, among the people who read: whoever holds one is about to be one of them.
#[component]
pub fn UsableCodes(
    /// They.
    codes: Vec<OfferItem>,
) -> impl IntoView {
    let clock = use_clock();
    let rows = codes
        .into_iter()
        .map(|item| {
            let (title, icon, href) = match item.emergency {
                true => (format!("Emergency card, {}", item.scope), Icon::Pulse, "/emergency"),
                false => (format!("Code for {}", item.scope), Icon::Qr, "/offers"),
            };
            let (used, claimers, end) = (item.used(), item.clone(), item);
            view! {
                <li class="row row--opens row--acts">
                    <Tile icon=icon />
                    <div class="row__main">
                        <div class="row__title">
                            <A href=href attr:class="row__open">
                                {title}
                            </A>
                            <Chip badge=Badge::new(Tone::Quiet, used) />
                        </div>
                        <div class="row__sub">
                            {move || sentence(&claimers.claimers(&clock.speaker()))}
                        </div>
                    </div>
                    <div class="row__end">
                        <span class="row__fact">{move || end.end(&clock.speaker())}</span>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section
            title="Codes that can be used"
            end=ViewFnOnce::from(|| view! { <MoreLink label="All codes" href="/offers" /> })
        >
            <ul class="rows">{rows}</ul>
        </Section>
    }
}

/// What a withdrawal does, said before it is done.
#[must_use]
pub fn withdraw_sentence(item: &OfferItem, wallet: &str) -> String {
    let who = match item.claimed.len() {
        0 => "Nobody has used it.".to_owned(),
        1 => "The one who used it reads on until that access ends or you revoke it.".to_owned(),
        many => {
            format!("The {} who used it read on until that access ends or you revoke it.", count(many, "", "").trim())
        }
    };
    let scope = &item.scope;
    format!(
        "The code for {scope}, printed or on a screen, opens nothing from now on, and new records are locked with a new key. {who} {wallet} asks once."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_795_161_600;

    fn item(claimed: usize, state: OfferState) -> OfferItem {
        let claim = Claim { name: "Dr. Lea Brandt".to_owned(), at: NOW - 48 * 60 };
        OfferItem {
            id: "1".to_owned(),
            scope: "General".to_owned(),
            emergency: false,
            until: Some(NOW + 41 * 86_400),
            length: 86_400,
            claims: 3,
            claimed: vec![claim; claimed],
            state,
        }
    }

    #[test]
    fn a_code_says_who_used_it_and_when() {
        let speaker = Speaker { now: NOW, offset: |_| 3600 };
        assert_eq!(item(0, OfferState::Live).used(), "0 of 3 used");
        assert_eq!(item(0, OfferState::Live).claimers(&speaker), "nobody has used it");
        assert_eq!(item(1, OfferState::Live).claimers(&speaker), "used by Dr. Lea Brandt, today, 08:12");
        assert!(item(2, OfferState::Live).claimers(&speaker).contains("; Dr. Lea Brandt"));
    }

    #[test]
    fn a_code_says_until_when_or_why_no_more() {
        let speaker = Speaker { now: NOW, offset: |_| 3600 };
        let end = |state| item(0, state).end(&speaker);
        assert_eq!(end(OfferState::Live), "until 31 December");
        assert_eq!(end(OfferState::Withdrawn(NOW)), "withdrawn on 20 November");
        assert_eq!(end(OfferState::UsedUp(NOW)), "used up on 20 November");
        assert_eq!(end(OfferState::Expired), "ended on 31 December");
        let lasting = OfferItem { until: None, ..item(0, OfferState::Live) };
        assert_eq!(lasting.end(&speaker), "until you withdraw it");
    }

    #[test]
    fn a_withdrawal_says_who_reads_on() {
        assert!(
            withdraw_sentence(&item(0, OfferState::Live), "MetaMask").contains("Nobody has used it. MetaMask asks")
        );
        assert!(withdraw_sentence(&item(1, OfferState::Live), "w").contains("The one who used it reads on"));
        assert!(withdraw_sentence(&item(2, OfferState::Live), "w").contains("The two who used it read on"));
    }
}
