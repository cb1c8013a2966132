//! One record: what it says, who can read it, how it is proved.

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::components::blank::TroubleLine;
use crate::components::button::{Button, MoreLink, Weight};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::dicom::{DicomModel, DicomView};
use crate::components::icon::Icon;
use crate::components::page_head::{Crumb, Crumbs, PageHead, Section};
use crate::components::pdf::{PdfModel, PdfView};
use crate::components::person_row::{Person, PersonRow};
use crate::components::picture::PictureView;
use crate::components::record_row::Tile;
use crate::components::seal::Facts;
use crate::load::{Load, Loaded, Trouble};
use crate::pages::change_record::{Change, ChangeSection};
use crate::pages::document::{Parts, RecordPart};
use crate::pages::earlier::{Earlier, EarlierSection, Kin, KinLines};
use crate::speaking::{Say, size};

/// What a record holds, once it was fetched, checked and decrypted.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordBody {
    /// Parts of a FHIR document, in order.
    Parts(Vec<RecordPart>),
    /// A picture.
    Picture {
        /// A `blob:` address.
        src: String,
        /// What it is, for a screen reader.
        alt: String,
    },
    /// Plain text.
    Text(String),
    /// The pages of a PDF.
    Pdf(PdfModel),
    /// A DICOM file.
    Dicom(DicomModel),
    /// Shown by nothing here; it can be downloaded.
    Download {
        /// Why it is not shown.
        why: String,
        /// `PDF`, `DICOM`.
        form: String,
        /// Its length in bytes.
        length: u64,
    },
}

/// How far a record is on its way to the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// So much of the file is here, from 0 to 1.
    Fetched(f64),
    /// The file is here; what draws it is not yet.
    Viewer,
}

/// Somebody who can read the record, or wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reader {
    /// Who.
    pub person: Person,
    /// `through the folder Laboratory, until 3 March 2027`.
    pub how: String,
    /// When it was last opened.
    pub opened: Option<u64>,
}

/// What is known about where the record comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Everything fits.
    pub authentic: bool,
    /// `Authentic and unchanged`.
    pub title: String,
    /// `Filed by Nordlab Diagnostics in block 1,279. The file matches its fingerprint on the chain.`
    pub sentence: String,
    /// Hashes, blocks, addresses.
    pub details: Vec<(String, String)>,
}

/// What the page shows before the body is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordModel {
    /// Its title.
    pub title: String,
    /// The folder's name.
    pub folder: String,
    /// `Nordlab Diagnostics · collected 19 November 2026, 07:40`.
    pub from: String,
    /// The way here.
    pub way: Vec<Crumb>,
    /// A state beside the title.
    pub badge: Option<Badge>,
    /// Who can read it; empty where that is nobody's business.
    pub readers: Vec<Reader>,
    /// Where it comes from.
    pub proof: Proof,
    /// It can be shared and changed from here: by the patient only.
    pub own: bool,
    /// It can be marked as checked from here.
    pub may_check: bool,
    /// It can be amended from here: by who wrote it in somebody else's chart.
    pub may_amend: bool,
    /// What it corrects, who checked it, what it answers, and the same the other way.
    pub kin: Vec<Kin>,
}

/// The page.
#[component]
pub fn RecordView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<RecordModel>>,
    /// What the record holds.
    #[prop(into)]
    body: Signal<Load<RecordBody>>,
    /// How far the body is on its way.
    #[prop(optional, into)]
    part: Signal<Option<Part>>,
    /// Why the last act did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Saves the file.
    #[prop(into)]
    on_download: Callback<()>,
    /// Shares it.
    #[prop(into)]
    on_share: Callback<()>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Marks it as checked; only in somebody else's chart.
    #[prop(optional_no_strip, into)]
    on_check: Option<Callback<()>>,
    /// Amends it; only what one wrote in somebody else's chart.
    #[prop(optional_no_strip, into)]
    on_amend: Option<Callback<()>>,
    /// Begins a change; only of one's own.
    #[prop(optional, into)]
    on_change: Option<Callback<Change>>,
    /// What it was before; only of one's own.
    #[prop(optional, into)]
    earlier: Option<Signal<Load<Vec<Earlier>>>>,
    /// Saves a former file, by its place.
    #[prop(optional, into)]
    on_save_earlier: Option<Callback<usize>>,
) -> impl IntoView {
    view! {
        <Loaded
            model=model
            on_retry=on_retry
            children={move |record: RecordModel| {
                let RecordModel {
                    title,
                    from,
                    way,
                    badge,
                    readers,
                    proof,
                    own,
                    may_check,
                    may_amend,
                    kin,
                    ..
                } = record;
                let caption = title.clone();
                view! {
                    <Crumbs way=way />
                    <PageHead title=title sub=from pair=own || may_check || may_amend>
                        <Button
                            label="Download"
                            icon=Icon::Download
                            on_press=on_download
                        />
                        {on_check
                            .filter(|_| may_check)
                            .map(|on_check| {
                                view! {
                                    <Button
                                        label="Mark as checked"
                                        icon=Icon::Checked
                                        on_press=on_check
                                    />
                                }
                            })}
                        {on_amend
                            .filter(|_| may_amend)
                            .map(|on_amend| {
                                view! {
                                    <Button
                                        label="Amend"
                                        icon=Icon::Pencil
                                        on_press=on_amend
                                    />
                                }
                            })}
                        {own
                            .then(|| {
                                view! {
                                    <Button
                                        label="Share"
                                        icon=Icon::Share
                                        weight=Weight::Primary
                                        on_press=on_share
                                    />
                                }
                            })}
                    </PageHead>
                    {badge
                        .map(|badge| {
                            view! {
                                <p class="chip-row record__state">
                                    <Chip badge=badge />
                                </p>
                            }
                        })}
                    <KinLines kin=kin />
                    <TroubleLine trouble=trouble />
                    <Body body=body part=part caption=caption on_retry=on_retry on_download=on_download />
                    {(!readers.is_empty())
                        .then(|| view! { <Readers readers=readers manage=own /> })}
                    {earlier
                        .zip(on_save_earlier)
                        .map(|(earlier, on_save)| {
                            view! {
                                <EarlierSection earlier=earlier on_retry=on_retry on_save=on_save />
                            }
                        })}
                    <ProofSection proof=proof />
                    {on_change
                        .filter(|_| own)
                        .map(|on_change| {
                            view! { <ChangeSection read_only=read_only on_change=on_change /> }
                        })}
                }
            }}
        />
    }
}

#[component]
fn Body(
    body: Signal<Load<RecordBody>>,
    part: Signal<Option<Part>>,
    caption: String,
    on_retry: Callback<()>,
    on_download: Callback<()>,
) -> impl IntoView {
    view! {
        {move || {
            part.get()
                .filter(|_| body.with(|body| *body == Load::Loading))
                .map(|part| {
                    let said = match part {
                        Part::Fetched(part) => format!("Fetching and checking, {:.0} %", part * 100.0),
                        Part::Viewer => "Loading the viewer".to_owned(),
                    };
                    view! {
                        <p class="second" role="status">
                            {said}
                        </p>
                    }
                })
        }}
        <Loaded
            model=body
            rows=3
            on_retry=on_retry
            children={move |body: RecordBody| {
                match body {
                    RecordBody::Parts(parts) => {
                        view! { <Parts parts=parts caption=caption.clone() /> }.into_any()
                    }
                    RecordBody::Picture { src, alt } => view! { <PictureView src=src alt=alt /> }.into_any(),
                    RecordBody::Pdf(model) => {
                        view! { <PdfView model=model caption=caption.clone() /> }.into_any()
                    }
                    RecordBody::Dicom(model) => {
                        view! { <DicomView model=model caption=caption.clone() on_download=on_download /> }
                            .into_any()
                    }
                    RecordBody::Text(text) => view! { <div class="prose">{text}</div> }.into_any(),
                    RecordBody::Download { form, length, why } => {
                        view! {
                            <div class="card row row--acts">
                                <Tile icon=Icon::Record />
                                <div class="row__main">
                                    <div class="row__title">{format!("{form}, {}", size(length))}</div>
                                    <div class="row__sub">{why}</div>
                                </div>
                                <div class="row__end">
                                    <Button label="Save file" small=true on_press=on_download />
                                </div>
                            </div>
                        }
                            .into_any()
                    }
                }
            }}
        />
    }
}

#[component]
fn Readers(readers: Vec<Reader>, manage: bool) -> impl IntoView {
    let clock = use_clock();
    view! {
        <Section
            title="Who can read this"
            end=move || {
                manage.then(|| view! { <MoreLink label="Manage" href="/people" /> })
            }
        >
            <div class="rows">
                {readers
                    .into_iter()
                    .map(|reader| {
                        let opened = reader.opened;
                        view! {
                            <PersonRow person=reader.person sub=reader.how plain=true>
                                {opened
                                    .map(|at| {
                                        let badge = Badge::new(
                                            Tone::Quiet,
                                            format!("opened {}", clock.speaker().say(at, Say::Short)),
                                        );
                                        view! { <Chip badge=badge /> }
                                    })}
                            </PersonRow>
                        }
                    })
                    .collect_view()}
            </div>
        </Section>
    }
}

#[component]
fn ProofSection(proof: Proof) -> impl IntoView {
    let opened = RwSignal::new(false);
    let icon = if proof.authentic { Icon::Checked } else { Icon::Warning };
    view! {
        <Section title="Proof">
            <div class="rows">
                <div class="row row--acts">
                    <Tile icon=icon />
                    <div class="row__main">
                        <div class="row__title">{proof.title}</div>
                        <div class="row__sub" class:row__trouble=!proof.authentic>
                            {proof.sentence}
                        </div>
                    </div>
                    <div class="row__end">
                        <button
                            type="button"
                            class="button button--small"
                            aria-expanded=move || opened.get().to_string()
                            on:click=move |_| opened.update(|opened| *opened = !*opened)
                        >
                            "Details"
                        </button>
                    </div>
                </div>
                <div class="row row--facts" hidden=move || !opened.get()>
                    <Facts facts=proof.details />
                </div>
            </div>
        </Section>
    }
}
