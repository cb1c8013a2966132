//! A person in a circle: initials, and a hue that stays the same.

use leptos::prelude::*;

/// One or two letters for a name; titles such as "Dr." and addresses do not count.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter(|word| !word.ends_with('.') && !word.starts_with("0x"))
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The hue of a name: the same name has the same one everywhere.
fn hue(name: &str) -> &'static str {
    let sum = name.bytes().fold(560_u32, |sum, byte| sum.wrapping_mul(131).wrapping_add(byte.into()));
    match (sum >> 7) % 3 {
        0 => "avatar",
        1 => "avatar avatar--blue",
        _ => "avatar avatar--amber",
    }
}

/// The circle; the name stands beside it, so it is silent.
#[component]
pub fn Avatar(
    /// Whose.
    #[prop(into)]
    name: String,
    /// For the head of a page.
    #[prop(optional)]
    large: bool,
    /// One's own: always in the accent.
    #[prop(optional)]
    mine: bool,
) -> impl IntoView {
    view! {
        <span class=if mine { "avatar" } else { hue(&name) } class:avatar--large=large aria-hidden="true">
            {initials(&name)}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_leave_titles_out() {
        assert_eq!(initials("Dr. Nadia Kern"), "NK");
        assert_eq!(initials("Amara Osei"), "AO");
        assert_eq!(initials("Labor Zentrum Süd"), "LS");
        assert_eq!(initials("Ärztehaus"), "Ä");
        assert_eq!(initials("Patient 0x3C44…93BC"), "P");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn a_name_keeps_its_hue() {
        assert_eq!(hue("Amara Osei"), hue("Amara Osei"));
    }
}
