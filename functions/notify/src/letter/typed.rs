//! What people typed, so that it can't pass for our words or reorder them.

/// Characters of a name at most. No person or company has a longer one; whoever has is cut short.
const MAX_NAME_CHARS: usize = 200;

/// First strong isolate and pop directional isolate (Unicode Standard Annex 9): what stands between them is ordered by
/// itself.
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

/// Something typed as one line, of whatever length.
pub(super) fn line(typed: &str) -> String {
    let spaced: String = typed
        .chars()
        .map(|c| if is_break(c) { ' ' } else { c })
        .filter(|&c| is_kept(c))
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Something typed on several lines. Empty lines in a row count once, so that nobody pushes our words out of sight;
/// those at either end don't count.
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

/// For plain text, where no markup can isolate: something that runs from right to left is put between characters that
/// do, so that it can't reorder what stands beside it.
pub(super) fn isolated(typed: &str) -> String {
    if typed.chars().any(runs_from_right_to_left) {
        format!("{ISOLATE}{typed}{POP}")
    } else {
        typed.to_owned()
    }
}

/// What starts a new line somewhere: ASCII's line ends, NEL, and Unicode's line and paragraph separators.
fn is_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Everything but control characters and those that direct the order of text. A tab is shown as it is.
fn is_kept(c: char) -> bool {
    let directs = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
    );
    c == '\t' || !(c.is_control() || directs)
}

/// The blocks of the scripts that do: Hebrew, Arabic, Syriac, Thaana, N'Ko and others, and their presentation forms.
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
