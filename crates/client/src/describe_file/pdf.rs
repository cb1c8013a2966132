//! A PDF's information dictionary (ISO 32000-1, 14.3.3), where the file has it in the open: not in a compressed object
//! stream, not encrypted.

use super::{Described, compact_date};

pub(super) fn describe(head: &[u8], tail: &[u8]) -> Described {
    let Some(info) = info(head, tail) else { return Described::default() };
    let text = |key: &[u8]| value(info, key).map(|bytes| decode(&bytes));
    let date = text(b"/CreationDate").and_then(|text| {
        let digits = text.strip_prefix("D:").unwrap_or(&text);
        compact_date(digits.get(..8)?)
    });
    Described { title: text(b"/Title"), kind: None, date }
}

/// The dictionary that the newest trailer names.
fn info<'a>(head: &'a [u8], tail: &'a [u8]) -> Option<&'a [u8]> {
    let named = after_last(tail, b"/Info").or_else(|| after_last(head, b"/Info"))?;
    let mut words = named.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (number, generation) = (words.next()?, words.next()?);
    let object = [number, b" ", generation, b" obj"].concat();
    let at = after_object(tail, &object).or_else(|| after_object(head, &object))?;
    let end = position(at, b"endobj").unwrap_or(at.len());
    Some(&at[..end])
}

/// What follows the last object with this number, which no digit precedes.
fn after_object<'a>(bytes: &'a [u8], object: &[u8]) -> Option<&'a [u8]> {
    let starts = |at: &usize| {
        bytes[*at..].starts_with(object) && !at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_digit())
    };
    let at = (0..bytes.len()).rev().find(starts)?;
    Some(&bytes[at + object.len()..])
}

fn after_last<'a>(bytes: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let at = bytes.windows(key.len()).rposition(|window| window == key)?;
    Some(&bytes[at + key.len()..])
}

fn position(bytes: &[u8], key: &[u8]) -> Option<usize> {
    bytes.windows(key.len()).position(|window| window == key)
}

/// A string in brackets or in hexadecimal digits.
fn value(dictionary: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let at = position(dictionary, key)? + key.len();
    let rest = dictionary[at..].trim_ascii_start();
    match rest.split_first()? {
        (b'(', text) => Some(literal(text)),
        (b'<', digits) => {
            let digits: Vec<u8> = digits.iter().copied().take_while(u8::is_ascii_hexdigit).collect();
            let pairs = digits.chunks_exact(2).filter_map(|pair| core::str::from_utf8(pair).ok());
            Some(pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect())
        }
        _ => None,
    }
}

fn literal(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut depth = 0_usize;
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            b'\\' => {
                match bytes.next() {
                    Some(b'n') => out.push(b'\n'),
                    Some(b'r' | b'\n') => {}
                    Some(b't') => out.push(b'\t'),
                    Some(digit @ b'0'..=b'7') => {
                        let mut code = u32::from(digit - b'0');
                        for _ in 0..2 {
                            let Some(next) = bytes.next_if(|next| (b'0'..=b'7').contains(next)) else { break };
                            code = code * 8 + u32::from(next - b'0');
                        }
                        out.extend(u8::try_from(code));
                    }
                    Some(other) => out.push(other),
                    None => break,
                }
                continue;
            }
            _ => {}
        }
        out.push(byte);
    }
    out
}

/// UTF-16 or UTF-8 where it says so; all else as Latin, which PDF's own encoding is for letters.
fn decode(bytes: &[u8]) -> String {
    if let Some(wide) = bytes.strip_prefix(b"\xfe\xff") {
        let units = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        return char::decode_utf16(units).filter_map(Result::ok).collect();
    }
    let utf8 = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    core::str::from_utf8(utf8).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(info: &str) -> Option<String> {
        let file = format!(
            "%PDF-1.7\n17 0 obj << /Title (no) >> endobj\n7 0 obj << {info} >> endobj\ntrailer << /Info 7 0 R >>"
        );
        describe(file.as_bytes(), file.as_bytes()).title
    }

    #[test]
    fn strings_in_all_their_forms() {
        assert_eq!(title("/Title (A \\(b\\) (c) \\101\\n)").as_deref(), Some("A (b) (c) A\n"));
        assert_eq!(title("/Title <FEFF00C40072007A0074>").as_deref(), Some("Ärzt"));
        assert_eq!(title("/Title (caf\\351)").as_deref(), Some("café"));
        assert_eq!(title("/Author (x)"), None);
        assert_eq!(title("/Title (never closed").as_deref(), Some("never closed >> "));
    }
}
