//! Where a recovery code is typed or pasted, group by group.

use leptos::prelude::*;
use zeroize::{Zeroize, Zeroizing};

/// Groups in a code, and letters in a group.
const GROUPS: usize = 8;
const LETTERS: usize = 5;

/// What was typed so far. It is wiped when the page is left.
#[derive(Clone, Copy)]
pub struct TypedCode {
    groups: StoredValue<Vec<RwSignal<String>>>,
}

impl TypedCode {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        let groups: Vec<_> = (0..GROUPS).map(|_| RwSignal::new(String::new())).collect();
        let typed = Self { groups: StoredValue::new(groups.clone()) };
        on_cleanup(move || {
            for group in groups {
                let _gone = group.try_update_untracked(Zeroize::zeroize);
            }
        });
        typed
    }

    /// Whether every group has its letters; tracks them.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.groups.with_value(|groups| groups.iter().all(|group| group.with(|text| text.len() == LETTERS)))
    }

    /// The code, its groups joined by `-`.
    #[must_use]
    pub fn join(self) -> Zeroizing<String> {
        let mut code = Zeroizing::new(String::with_capacity(GROUPS * (LETTERS + 1)));
        self.groups.with_value(|groups| {
            for (at, group) in groups.iter().enumerate() {
                if at > 0 {
                    code.push('-');
                }
                group.with_untracked(|text| code.push_str(text));
            }
        });
        code
    }

    /// What was typed or pasted into one field; several groups go on into the next ones.
    pub fn fill(self, from: usize, text: &str) {
        let parts = groups(text);
        self.groups.with_value(|all| {
            if parts.is_empty() {
                all[from].set(String::new());
            }
            for (signal, part) in all.iter().skip(from).zip(parts) {
                signal.set(part);
            }
        });
    }
}

impl Default for TypedCode {
    fn default() -> Self {
        Self::new()
    }
}

/// A text in groups of five.
fn groups(text: &str) -> Vec<String> {
    let letters: Zeroizing<Vec<char>> = Zeroizing::new(
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect(),
    );
    letters.chunks(LETTERS).map(|group| group.iter().collect()).collect()
}

/// The fields.
#[component]
pub fn CodeFields(
    /// Where what is typed goes.
    typed: TypedCode,
) -> impl IntoView {
    let fields = typed.groups.with_value(|groups| {
        groups
            .iter()
            .enumerate()
            .map(|(at, value)| {
                let value = *value;
                view! {
                    <div class="code__group">
                        <input
                            class="input input--mono"
                            type="text"
                            autocomplete="off"
                            autocapitalize="characters"
                            spellcheck="false"
                            aria-label=format!("Group {}", at + 1)
                            prop:value=move || value.get()
                            on:input=move |event| typed.fill(at, &event_target_value(&event))
                        />
                    </div>
                }
            })
            .collect_view()
    });
    view! {
        <fieldset>
            <legend class="block__label">"Recovery code"</legend>
            <div class="code code--type">{fields}</div>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_code_falls_into_its_groups() {
        assert_eq!(groups("kq7mb-2XWDH 9fhtz\nC4RA3"), ["KQ7MB", "2XWDH", "9FHTZ", "C4RA3"]);
        assert_eq!(groups("kq"), ["KQ"]);
        assert!(groups(" - ").is_empty());
    }

    #[test]
    fn what_is_typed_is_complete_when_every_group_is() {
        Owner::new().with(|| {
            let typed = TypedCode::new();
            typed.fill(0, "aaaaa-bbbbb-ccccc-ddddd-eeeee-fffff-ggggg");
            assert!(!typed.is_complete());
            typed.fill(7, "hh7hh");
            assert!(typed.is_complete());
            assert_eq!(typed.join().as_str(), "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF-GGGGG-HH7HH");
            typed.fill(3, "");
            assert!(!typed.is_complete());
        });
    }
}
