//! A narrative as plain text. Its XHTML is never drawn: tags are dropped, what scripts and styles hold with them.

use serde_json::Value;

use super::words::plain;

/// Elements that begin a line.
const LINES: [&str; 16] =
    ["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre"];
/// Elements whose text is none.
const SILENT: [&str; 2] = ["script", "style"];

/// The words of a resource's or section's `text`.
pub(super) fn narrative(text: &Value) -> Option<String> {
    words(text["div"].as_str()?)
}

fn words(markup: &str) -> Option<String> {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    let mut silent: Option<&'static str> = None;
    while let Some(at) = rest.find('<') {
        if silent.is_none() {
            say(&rest[..at], &mut out);
        }
        let Some((tag, after)) = tag(&rest[at..]) else {
            // A sign that opens nothing is a sign.
            if silent.is_none() {
                out.push('<');
            }
            rest = &rest[at + 1..];
            continue;
        };
        rest = after;
        let ends = tag.starts_with('/');
        let name =
            tag.trim_start_matches('/').split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        if let Some(inside) = silent {
            if ends && name == inside {
                silent = None;
            }
        } else if let Some(begins) = SILENT.into_iter().find(|one| *one == name && !ends && !tag.ends_with('/')) {
            silent = Some(begins);
        } else if LINES.contains(&name.as_str()) {
            line(&mut out);
            if name == "li" && !ends {
                out.push_str("• ");
            }
        } else if matches!(name.as_str(), "td" | "th") && ends {
            out.push_str("  ");
        }
    }
    if silent.is_none() {
        say(rest, &mut out);
    }
    let lines = out.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "•");
    plain(&lines.collect::<Vec<_>>().join("\n"))
}

/// What stands between `<` and `>`, and the rest. A comment is one tag.
fn tag(text: &str) -> Option<(&str, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some(("!", comment.split_once("-->").map_or("", |(_, after)| after)));
    }
    let inside = text.strip_prefix('<')?;
    let opens = inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    if !opens {
        return None;
    }
    let mut quote = None;
    for (at, letter) in inside.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '>') => return Some((&inside[..at], &inside[at + 1..])),
            _ => {}
        }
    }
    // It never ends: nothing of it is said.
    Some((inside, ""))
}

fn line(out: &mut String) {
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Text between tags: its white space as one space, its entities as the letters they stand for.
fn say(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if letter.is_whitespace() {
            if !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
        } else if letter == '&'
            && let Some((said, after)) = entity(rest)
        {
            out.push(said);
            rest = after;
            continue;
        } else {
            out.push(letter);
        }
        rest = &rest[letter.len_utf8()..];
    }
}

fn entity(text: &str) -> Option<(char, &str)> {
    let (name, after) = text.get(1..)?.split_once(';').filter(|(name, _)| name.len() < 10)?;
    let said = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((said, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(markup: &str) -> String {
        words(markup).unwrap_or_default()
    }

    #[test]
    fn text_comes_line_by_line() {
        let markup = "<div xmlns=\"http://www.w3.org/1999/xhtml\">Plan for <b>diabetes</b>.<br/>Do:\n<ul><li>walk &amp; swim</li><li>eat&#160;less</li></ul></div>";
        assert_eq!(said(markup), "Plan for diabetes.\nDo:\n• walk & swim\n• eat\u{a0}less");
        assert_eq!(said("<table><tr><th>LDL</th><td>4.05</td></tr></table>"), "LDL  4.05");
    }

    #[test]
    fn nothing_of_a_script_is_left_and_no_tag_survives() {
        assert_eq!(said("a<script>alert(1)</script>b<style>p{}</style>c"), "abc");
        assert_eq!(said("<img src=x onerror=\"alert('>')\">seen<SCRIPT >x</script >"), "seen");
        assert_eq!(said("<script>never closed"), "");
        assert_eq!(said("x <!-- <b>no</b> --> y <b"), "x y");
        // What is written as text stays text.
        assert_eq!(said("&lt;script&gt;alert(1)&lt;/script&gt; 3 < 4"), "<script>alert(1)</script> 3 < 4");
        assert_eq!(said("&#x110000; &bogus; &#xD800;"), "&#x110000; &bogus; &#xD800;");
    }
}
