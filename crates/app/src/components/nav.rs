//! Where one can go, by role.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Glyph, Icon};

/// Which of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Owns a chart.
    Patient,
    /// Reads and writes charts.
    Doctor,
    /// Delivers reports.
    Laboratory,
    /// Verifies doctors and laboratories.
    Registrar,
}

/// A place one can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address.
    pub href: &'static str,
    /// Its name.
    pub word: &'static str,
    /// Its icon.
    pub icon: Icon,
    /// Shows what waits for an answer.
    pub counts: bool,
}

const fn place(href: &'static str, word: &'static str, icon: Icon) -> Place {
    Place { href, word, icon, counts: false }
}

const fn counting(href: &'static str, word: &'static str, icon: Icon) -> Place {
    Place { href, word, icon, counts: true }
}

const SETTINGS: Place = place("/settings", "Settings", Icon::Settings);
const PROFILE: Place = place("/profile", "My profile", Icon::Profile);

const PATIENT: [Place; 6] = [
    place("/home", "Home", Icon::Home),
    place("/records", "Records", Icon::Record),
    place("/people", "People", Icon::People),
    counting("/requests", "Requests", Icon::Request),
    place("/timeline", "Timeline", Icon::Clock),
    SETTINGS,
];
const DOCTOR: [Place; 5] = [
    place("/today", "Today", Icon::Home),
    place("/patients", "Patients", Icon::People),
    counting("/asked", "Requests", Icon::Request),
    PROFILE,
    SETTINGS,
];
const LABORATORY: [Place; 4] =
    [place("/deliver", "Deliver", Icon::Deliver), place("/delivered", "Delivered", Icon::Record), PROFILE, SETTINGS];
const REGISTRAR: [Place; 5] = [
    counting("/verify", "To verify", Icon::Request),
    place("/members", "Members", Icon::People),
    place("/hospitals", "Hospitals", Icon::Hospital),
    place("/overview", "Overview", Icon::Overview),
    SETTINGS,
];

impl Role {
    /// The places of this role; settings come last and sit behind the avatar
    /// on a phone.
    #[must_use]
    pub fn places(self) -> &'static [Place] {
        match self {
            Self::Patient => &PATIENT,
            Self::Doctor => &DOCTOR,
            Self::Laboratory => &LABORATORY,
            Self::Registrar => &REGISTRAR,
        }
    }

    /// Where this role starts.
    #[must_use]
    pub fn start(self) -> &'static str {
        self.places().first().map_or("/", |place| place.href)
    }

    /// The role in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Doctor => "doctor",
            Self::Laboratory => "laboratory",
            Self::Registrar => "registrar",
        }
    }
}

/// The links of a rail or of tabs.
#[component]
pub fn NavLinks(
    /// Whose places.
    role: Role,
    /// Leaves settings out: on a phone they sit behind the avatar.
    #[prop(optional)]
    without_settings: bool,
    /// How much waits for an answer.
    #[prop(into)]
    waiting: Signal<usize>,
) -> impl IntoView {
    role.places()
        .iter()
        .filter(|place| !without_settings || place.href != SETTINGS.href)
        .map(|place| {
            let counts = place.counts;
            view! {
                <li>
                    <A href=place.href attr:class="nav__link">
                        <Glyph icon=place.icon />
                        <span class="nav__label">{place.word}</span>
                        {move || {
                            let waiting = waiting.get();
                            (counts && waiting > 0)
                                .then(|| {
                                    view! {
                                        <span class="count">
                                            {waiting} <span class="unseen">" waiting"</span>
                                        </span>
                                    }
                                })
                        }}
                    </A>
                </li>
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_at_most_five_tabs_and_its_settings_last() {
        for role in [Role::Patient, Role::Doctor, Role::Laboratory, Role::Registrar] {
            let places = role.places();
            assert!(places.len() <= 6);
            assert_eq!(places.last(), Some(&SETTINGS));
            assert_ne!(role.start(), SETTINGS.href);
        }
    }
}
