//! Recovery codes: what people mistype is found, and where.

use medkey_crypto::vault::{
    RecoveryCode,
    recovery::{CodeError, GROUP_LENGTH, GROUPS, QrError},
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{Stream, chart};

const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn code() -> RecoveryCode {
    RecoveryCode::make(&mut Stream::new("code"))
}

fn symbols() -> Vec<char> {
    code().text().chars().filter(|symbol| *symbol != '-').collect()
}

fn parse(symbols: &[char]) -> Result<(), CodeError> {
    RecoveryCode::parse(&symbols.iter().collect::<String>()).map(|_| ())
}

#[test]
fn a_code_is_eight_groups_of_five_and_reads_back() {
    let text = code().text();
    assert_eq!(text.len(), 47);
    assert_eq!(text.split('-').count(), GROUPS);
    assert!(text.split('-').all(|group| group.len() == GROUP_LENGTH));
    assert_eq!(RecoveryCode::parse(&text).unwrap().expose(), code().expose());
}

#[test]
fn typing_may_be_untidy() {
    let text = code().text();
    let untidy = [
        text.to_lowercase(),
        text.replace('-', " "),
        text.replace('-', ""),
        format!("  {}\n", text.replace('-', " – ")),
        text.replace('0', "O").replace('1', "l"),
        text.replace('0', "o").replace('1', "I"),
    ];
    for typed in untidy {
        assert_eq!(RecoveryCode::parse(&typed).unwrap().expose(), code().expose(), "{typed}");
    }
}

#[test]
fn every_single_wrong_symbol_is_found_in_its_group() {
    let right = symbols();
    for place in 0..right.len() {
        for wrong in ALPHABET.chars().filter(|symbol| *symbol != right[place]) {
            let mut typed = right.clone();
            typed[place] = wrong;
            assert_eq!(parse(&typed), Err(CodeError::Groups { groups: vec![place / GROUP_LENGTH + 1] }));
        }
    }
}

#[test]
fn every_swap_within_a_group_and_of_groups_is_found() {
    let right = symbols();
    for group in 0..GROUPS {
        for one in 0..GROUP_LENGTH {
            for other in one + 1..GROUP_LENGTH {
                let (one, other) = (group * GROUP_LENGTH + one, group * GROUP_LENGTH + other);
                if right[one] != right[other] {
                    let mut typed = right.clone();
                    typed.swap(one, other);
                    assert_eq!(parse(&typed), Err(CodeError::Groups { groups: vec![group + 1] }));
                }
            }
        }
        for other in group + 1..GROUPS {
            let mut groups: Vec<&[char]> = right.chunks(GROUP_LENGTH).collect();
            groups.swap(group, other);
            let wrong = CodeError::Groups { groups: vec![group + 1, other + 1] };
            assert_eq!(parse(&groups.concat()), Err(wrong));
        }
    }
}

#[test]
fn what_cannot_be_a_code_is_named() {
    let right = symbols();
    assert_eq!(parse(&right[..39]), Err(CodeError::Length { found: 39 }));
    assert_eq!(parse(&[]), Err(CodeError::Length { found: 0 }));
    let mut typed = right.clone();
    typed[17] = 'U';
    assert_eq!(parse(&typed), Err(CodeError::Symbol { group: 4, symbol: 'U' }));
    let sentence = CodeError::Groups { groups: vec![2, 5] }.to_string();
    assert_eq!(sentence, "mistyped: group 2, 5");
}

#[test]
fn groups_are_typed_back() {
    let code = code();
    let groups = code.groups();
    for (place, group) in groups.iter().enumerate() {
        assert!(code.is_group(place, group));
        assert!(code.is_group(place, &format!(" {} ", group.to_lowercase())));
        assert!(!code.is_group((place + 1) % GROUPS, group));
        assert!(!code.is_group(place, &group[..4]));
    }
    assert!(!code.is_group(GROUPS, &groups[0]));
}

#[test]
fn the_printed_qr_recovers_by_itself() {
    let text = code().qr_text(&chart());
    let (read, context) = RecoveryCode::parse_qr(&text).unwrap();
    assert_eq!((read.expose(), context), (code().expose(), chart()));
    let alphanumeric =
        |symbol: char| symbol.is_ascii_digit() || symbol.is_ascii_uppercase() || "$%*+-./: ".contains(symbol);
    assert!(text.chars().all(alphanumeric));

    let error = |text: &str| RecoveryCode::parse_qr(text).map(|_| ()).unwrap_err();
    assert_eq!(error("https://medkey.example"), QrError::NotACode);
    assert_eq!(error(&text.replace("RECOVERY:1:", "RECOVERY:2:")), QrError::Version);
    assert_eq!(error(&text[..text.len() - 1]), QrError::Code(CodeError::Length { found: 39 }));
    assert_eq!(error(&text.replace("C0C0", "")), QrError::NotACode);
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_code_reads_back(seed in ".{0,8}") {
            let code = RecoveryCode::make(&mut Stream::new(&seed));
            let again = RecoveryCode::parse(&code.text()).unwrap();
            prop_assert_eq!(again.expose(), code.expose());
        }

        #[test]
        fn nothing_typed_makes_it_panic(typed in "\\PC{0,60}") {
            let _ = RecoveryCode::parse(&typed);
            let _ = RecoveryCode::parse_qr(&typed);
            let _ = code().is_group(3, &typed);
        }
    }
}
