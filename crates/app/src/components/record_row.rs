//! One record in a list.

use leptos::prelude::*;
use leptos_router::components::A;

use super::chip::{Badge, Chip};
use super::icon::{Glyph, Icon};
use crate::clock::When;
use crate::speaking::Say;

/// What a record is, for its icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// A laboratory report.
    Laboratory,
    /// A picture or a scan.
    Imaging,
    /// A prescription.
    Prescription,
    /// A treatment plan.
    Plan,
    /// A note.
    Note,
    /// A diagnosis.
    Diagnosis,
    /// A patient's request for treatment.
    Request,
    /// A measurement of the body.
    Vitals,
    /// A letter or anything else.
    Letter,
}

impl RecordKind {
    /// Its icon.
    #[must_use]
    pub fn icon(self) -> Icon {
        match self {
            Self::Laboratory => Icon::Flask,
            Self::Imaging => Icon::Picture,
            Self::Prescription => Icon::Pill,
            Self::Plan => Icon::Tick,
            Self::Note => Icon::Pencil,
            Self::Request => Icon::Request,
            Self::Vitals | Self::Diagnosis => Icon::Pulse,
            Self::Letter => Icon::Record,
        }
    }
}

/// One record as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordItem {
    /// The record's id, for its address.
    pub id: String,
    /// Where it opens.
    pub href: String,
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: RecordKind,
    /// The folder's id, for filters.
    pub folder: String,
    /// The folder's name.
    pub folder_name: String,
    /// `Nordlab Diagnostics`, `added by you`.
    pub from: String,
    /// `PDF, 184 KB`; may be empty.
    pub form: String,
    /// When it was filed, or the date it carries.
    pub at: u64,
    /// `New`, `Prescribed`.
    pub badge: Option<Badge>,
    /// Why it cannot be opened or trusted, one sentence.
    pub trouble: Option<String>,
}

/// The tile before a row.
#[component]
pub fn Tile(
    /// What stands in it.
    icon: Icon,
) -> impl IntoView {
    view! {
        <span class="tile">
            <Glyph icon=icon />
        </span>
    }
}

/// The row; all of it opens the record.
#[component]
pub fn RecordRow(
    /// The record.
    item: RecordItem,
    /// How its time is said.
    #[prop(default = Say::Short)]
    how: Say,
) -> impl IntoView {
    let mut sub = vec![item.folder_name, item.from, item.form];
    sub.retain(|part| !part.is_empty());
    view! {
        <div class="row row--opens">
            <Tile icon=item.kind.icon() />
            <div class="row__main">
                <div class="row__title">
                    <A href=item.href attr:class="row__open">
                        {item.title}
                    </A>
                    {item.badge.map(|badge| view! { <Chip badge=badge /> })}
                </div>
                <div class="row__sub">
                    {sub.join(" · ")} <span class="row__when--phone">
                        " · " <When at=item.at how=how />
                    </span>
                </div>
                {item
                    .trouble
                    .map(|trouble| view! { <div class="row__sub row__trouble">{trouble}</div> })}
            </div>
            <div class="row__end row__end--when">
                <When at=item.at how=how />
            </div>
        </div>
    }
}

/// Records in a card.
#[component]
pub fn RecordRows(
    /// The records in order.
    items: Vec<RecordItem>,
    /// How their times are said.
    #[prop(default = Say::Short)]
    how: Say,
    /// Rows stand directly above and below it: it is part of one long card.
    #[prop(optional)]
    joins: (bool, bool),
) -> impl IntoView {
    let (above, below) = joins;
    view! {
        <ul class="rows" class:rows--from-above=above class:rows--goes-on=below>
            {items
                .into_iter()
                .map(|item| {
                    view! {
                        <li>
                            <RecordRow item=item how=how />
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
