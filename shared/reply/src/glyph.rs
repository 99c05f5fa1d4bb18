//! What characters show, for comparing texts as people see them.

use countersign_domain::character::narrowed;

/// Whether a character shows nothing: white space of any width, or a character without width.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Whether a character takes no room: zero-width space, joiners and marks of direction, word joiner, soft hyphen,
/// byte-order mark.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Takes the first word off a text: what it shows up to a blank or another character that ends it, with full-width
/// characters in their ASCII form. Returns it with the rest.
pub(super) fn first_word(text: &str, ends: impl Fn(char) -> bool) -> (String, &str) {
    let text = text.trim_matches(is_blank);
    let end = text.find(|c: char| !is_invisible(c) && (c.is_whitespace() || ends(c)));
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    let shown = word.chars().filter(|&c| !is_invisible(c)).map(narrowed);
    (shown.collect(), rest)
}

/// The text in lower case with single blanks, and without what only sets the direction of writing.
pub(super) fn simplified(text: &str) -> String {
    let mut simple = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if is_invisible(c) || is_direction(c) => {}
            _ if c.is_whitespace() => {
                if !simple.is_empty() && !simple.ends_with(' ') {
                    simple.push(' ');
                }
            }
            '’' | 'ʼ' => simple.push('\''),
            '：' => simple.push(':'),
            _ => simple.extend(c.to_lowercase()),
        }
    }
    simple.truncate(simple.trim_end().len());
    simple
}

/// Whether a character only sets the direction of writing.
pub(super) fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_what_it_shows() {
        let ends = |c| c == ':';
        for (text, word, rest) in [
            ("a b", "a", " b"),
            ("\u{a0}Ａ１\u{3000}b", "A1", "\u{3000}b"),
            ("a\u{ad}b\u{200b}c: d", "abc", ": d"),
            ("", "", ""),
        ] {
            assert_eq!(first_word(text, ends), (word.to_owned(), rest), "{text:?}");
        }
    }
}
