//! Cleans text that people typed, so that it can't pass for our words or reorder them.

/// Maximum length of a name in characters. A longer one is cut off.
const MAX_NAME_CHARS: usize = 200;

/// First strong isolate and pop directional isolate (Unicode Standard Annex 9): the text between them
/// is ordered by itself.
const ISOLATE: char = '\u{2068}';
const POP: char = '\u{2069}';

/// A name or the like: one line.
pub(super) fn name(typed: &str) -> String {
    let line = line(typed);
    match line.char_indices().nth(MAX_NAME_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Typed text on one line, of any length.
pub(super) fn line(typed: &str) -> String {
    let spaced: String = typed
        .chars()
        .map(|c| if is_break(c) { ' ' } else { c })
        .filter(|&c| is_kept(c))
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Typed text on several lines. Adjacent empty lines become one, so that nobody can push our words out of view; those at
/// either end are dropped.
pub(super) fn lines(typed: &str) -> Vec<String> {
    let unix = typed.replace("\r\n", "\n");
    let mut lines: Vec<String> = Vec::new();
    for line in unix.split(is_break) {
        let line: String = line.chars().filter(|&c| is_kept(c)).collect();
        let line = line.trim_end();
        let follows_words = lines.last().is_some_and(|last| !last.is_empty());
        if !line.is_empty() || follows_words {
            lines.push(line.to_owned());
        }
    }
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Isolates text that runs from right to left with control characters, for plain text, where no markup can keep it from
/// reordering the text around it.
pub(super) fn isolated(typed: &str) -> String {
    if typed.chars().any(runs_from_right_to_left) {
        format!("{ISOLATE}{typed}{POP}")
    } else {
        typed.to_owned()
    }
}

/// Characters that some readers treat as line breaks: ASCII's line ends, NEL, and Unicode's line and paragraph separators.
fn is_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Whether a character is shown: all but control characters and those that set the direction of text. Tabs are kept.
fn is_kept(c: char) -> bool {
    let directs = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
    );
    c == '\t' || !(c.is_control() || directs)
}

/// The blocks of scripts that run from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and others, and their presentation forms.
fn runs_from_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line_without_characters_that_direct() {
        assert_eq!(
            name("A\r\nBcc: b@c.example\u{202e} \u{2067}x\u{0}"),
            "A Bcc: b@c.example x"
        );
        assert_eq!(name(&"陳".repeat(2_000)).chars().count(), MAX_NAME_CHARS + 1);
        assert_eq!(name(" D\u{2028}Wong "), "D Wong");
    }

    #[test]
    fn lines_stay_lines_and_empty_ones_count_once() {
        assert_eq!(lines("\n\na\r\n\r\n\r\n\r\nb\u{2029}c \n\n"), ["a", "", "b", "c"]);
        assert_eq!(lines(" \n\u{202e}\n"), Vec::<String>::new());
        assert_eq!(lines("\u{61c}a\tb\u{7f}\u{9b}"), ["a\tb"]);
    }

    #[test]
    fn what_runs_from_right_to_left_is_isolated_and_nothing_else() {
        assert_eq!(isolated("שלום 1"), "\u{2068}שלום 1\u{2069}");
        assert_eq!(isolated("陳大文 A"), "陳大文 A");
    }
}
