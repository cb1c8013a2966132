//! What a proposal changes: the former beside the new.

use leptos::prelude::*;

/// A field with what it said and what it is to say; either may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChangedField {
    /// What it is called.
    pub name: String,
    /// What it said.
    pub before: String,
    /// What it is to say.
    pub after: String,
}

/// The fields of `after` that are not as in `before`, and those that are gone.
#[must_use]
pub fn changed(before: &[(String, String)], after: &[(String, String)]) -> Vec<ChangedField> {
    let value = |all: &[(String, String)], name: &str| {
        all.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let gone = before.iter().filter(|(name, _)| after.iter().all(|(one, _)| one != name));
    let names = after.iter().chain(gone).map(|(name, _)| name);
    names
        .map(|name| ChangedField { name: name.clone(), before: value(before, name), after: value(after, name) })
        .filter(|field| field.before != field.after)
        .collect()
}

/// The fields that change.
#[component]
pub fn Changes(
    /// In order.
    fields: Vec<ChangedField>,
) -> impl IntoView {
    view! {
        <dl class="facts facts--changes">
            {fields
                .into_iter()
                .map(|ChangedField { name, before, after }| {
                    let before = if before.is_empty() { "nothing".to_owned() } else { before };
                    let after = if after.is_empty() { "nothing".to_owned() } else { after };
                    view! {
                        <dt>{name}</dt>
                        <dd>
                            <span class="unseen">"was "</span>
                            <del>{before}</del>
                            <span class="facts__to" aria-hidden="true">" → "</span>
                            <span class="unseen">", is to be "</span>
                            <ins>{after}</ins>
                        </dd>
                    }
                })
                .collect_view()}
        </dl>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(facts: &[(&str, &str)]) -> Vec<(String, String)> {
        facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_differs_is_shown_and_what_is_gone_too() {
        let before = facts(&[("Name", "Dr. Kern"), ("Specialty", "Cardiology"), ("E-mail", "kern@example.org")]);
        let after = facts(&[("Name", "Dr. Kern"), ("Specialty", "Neurology"), ("Telephone", "+49 40 1")]);
        let said: Vec<_> = changed(&before, &after).into_iter().map(|one| (one.name, one.before, one.after)).collect();
        let field = |name: &str, before: &str, after: &str| (name.to_owned(), before.to_owned(), after.to_owned());
        assert_eq!(
            said,
            [
                field("Specialty", "Cardiology", "Neurology"),
                field("Telephone", "", "+49 40 1"),
                field("E-mail", "kern@example.org", ""),
            ]
        );
        assert!(changed(&before, &before).is_empty());
    }
}
