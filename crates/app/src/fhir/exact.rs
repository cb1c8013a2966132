//! JSON with every number as the text it is written as: 6.30 stays 6.30.

use serde_json::{Value, value::RawValue};

/// How deep a document may be nested. Real ones stay below 20; the limit keeps every walk through one short.
pub(super) const DEEPEST: usize = 64;

/// Why a document is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is no JSON.
    NotJson,
    /// It is JSON and no FHIR resource.
    NotFhir,
    /// It is nested too deeply.
    Deep,
    /// It is too long.
    Long,
}

impl Refused {
    /// One sentence for the person who opened it.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotJson => "This says it is a FHIR document, but it is damaged and cannot be read.",
            Self::NotFhir => "This says it is a FHIR document, but nothing in it says what it is.",
            Self::Deep => "This document is nested so deeply that it is not opened here: no real one is.",
            Self::Long => "This document is too long to be shown here.",
        }
    }
}

/// Reads it.
pub(super) fn read(text: &str) -> Result<Value, Refused> {
    // Without a byte order mark, which some programs write.
    let text = text.trim_start_matches('\u{feff}');
    let quoted = quote_numbers(text)?;
    // Checked as it stands, for with its numbers in quotes more would be JSON than is. This walks without recursion.
    serde_json::from_str::<&RawValue>(text).map_err(|_| Refused::NotJson)?;
    serde_json::from_str(&quoted).map_err(|_| Refused::NotJson)
}

/// The same text with its numbers in quotes.
fn quote_numbers(text: &str) -> Result<String, Refused> {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut letters = text.char_indices().peekable();
    let mut depth = 0_usize;
    while let Some((_, letter)) = letters.next() {
        match letter {
            '"' => {
                out.push('"');
                while let Some((_, inner)) = letters.next() {
                    out.push(inner);
                    match inner {
                        '\\' => out.extend(letters.next().map(|(_, escaped)| escaped)),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Refused::Deep);
                }
                out.push(letter);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                out.push(letter);
            }
            '-' | '0'..='9' => {
                out.push('"');
                out.push(letter);
                while let Some((_, next)) =
                    letters.next_if(|(_, next)| matches!(next, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
                {
                    out.push(next);
                }
                out.push('"');
            }
            _ => out.push(letter),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_they_are_written() {
        let value =
            read(r#"{"a":[6.30,1e-7,120000000000000000001,-0.0,true,null],"b":"1.50 \"2\" [3","c":{}}"#).unwrap();
        assert_eq!(
            value,
            serde_json::json!({
                "a": ["6.30", "1e-7", "120000000000000000001", "-0.0", true, null],
                "b": "1.50 \"2\" [3", "c": {},
            })
        );
    }

    #[test]
    fn what_is_no_json_with_numbers_is_none_in_quotes() {
        for text in ["", "{1:2}", "[01]", "[1.2.3]", "[1-]", "{\"a\":}", "[1,]", "\"", "[1] 2", "nul"] {
            assert_eq!(read(text), Err(Refused::NotJson), "{text}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_walked() {
        for bomb in ["[".repeat(4_000_000), "{\"a\":".repeat(500_000), format!("{}{}", "[".repeat(65), "]".repeat(65))]
        {
            assert_eq!(read(&bomb), Err(Refused::Deep));
        }
        assert!(read(&format!("{}{}", "[".repeat(64), "]".repeat(64))).is_ok());
    }
}
