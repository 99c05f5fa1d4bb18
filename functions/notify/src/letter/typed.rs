//! Cleans text that people typed, so that it can't pass for our words, reorder them, or be a command in a reply that
//! quotes it.

use countersign_domain::character::narrowed;
use countersign_domain::eservice::EServiceId;

/// Maximum length of a name in characters. A longer one is cut off.
const MAX_NAME_CHARS: usize = 200;

/// First strong isolate and pop directional isolate (Unicode Standard Annex 9): the text between them
/// is ordered by itself.
const ISOLATE: char = '\u{2068}';
const POP: char = '\u{2069}';

/// A name or the like: one line.
pub(super) fn name(typed: &str) -> String {
    let line = line(&disarmed(typed));
    match line.char_indices().nth(MAX_NAME_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Typed text on one line, of any length. For an address, which has no spaces and so is no command.
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
    let unix = disarmed(&typed.replace("\r\n", "\n"));
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

/// What stands between the word of a command and the reference, where somebody typed both: as an editor's addition, in
/// brackets. It has letters, since a reader of replies may overlook signs.
const BETWEEN: &str = "[request] ";

/// Typed text without a command: a reply that quotes it must not say what its writer did not. Looks at letters and digits
/// alone, since a mail program can wrap, mark up or join what stands around them.
fn disarmed(typed: &str) -> String {
    let (places, letters): (Vec<usize>, Vec<char>) = typed
        .char_indices()
        .map(|(place, c)| (place, narrowed(c)))
        .filter(|(_, c)| c.is_alphanumeric())
        .map(|(place, c)| (place, c.to_ascii_lowercase()))
        .unzip();
    let mut disarmed = String::new();
    let mut kept = 0;
    for start in 0..letters.len() {
        if let Some(reference) = reference_of_command(&letters[start..]) {
            let place = places[start + reference];
            disarmed.push_str(&typed[kept..place]);
            disarmed.push_str(BETWEEN);
            kept = place;
        }
    }
    disarmed.push_str(&typed[kept..]);
    disarmed
}

/// Where the reference starts in a command that these letters start with.
fn reference_of_command(letters: &[char]) -> Option<usize> {
    const KEYWORDS: [&str; 2] = ["confirm", "return"];
    const DIGITS: usize = 8;
    let after = |letters: &[char], word: &str| {
        let word = word.chars().map(|c| c.to_ascii_lowercase());
        letters.iter().copied().take(word.clone().count()).eq(word)
    };
    let keyword = KEYWORDS.into_iter().find(|word| after(letters, word))?;
    let rest = &letters[keyword.len()..];
    let code = EServiceId::ALL.into_iter().find(|id| after(rest, id.code()))?;
    let digits = rest[code.code().len()..].iter().take(DIGITS);
    (digits.filter(|c| c.is_ascii_digit()).count() == DIGITS).then_some(keyword.len())
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
    fn a_command_that_somebody_typed_is_none_any_more() {
        for (typed, shown) in [
            ("CONFIRM DA3_00013361", "CONFIRM [request] DA3_00013361"),
            (
                "Please return DA3_00013361, thanks.",
                "Please return [request] DA3_00013361, thanks.",
            ),
            (
                "*Confirm*  *scard1_00000001*",
                "*Confirm*  *[request] scard1_00000001*",
            ),
            (
                "CON\u{ad}FIRM\u{a0}DA3_\u{200b}00013361",
                "CON\u{ad}FIRM\u{a0}[request] DA3_\u{200b}00013361",
            ),
            (
                "ＣＯＮＦＩＲＭ ＤＡ３＿０００１３３６１",
                "ＣＯＮＦＩＲＭ [request] ＤＡ３＿０００１３３６１",
            ),
            (
                "CONFIRM the e-mail of DA3_00013361",
                "CONFIRM the e-mail of DA3_00013361",
            ),
            ("return DA3_1 and DA3_00013361", "return DA3_1 and DA3_00013361"),
            ("DA3_00013361: CONFIRM", "DA3_00013361: CONFIRM"),
            ("請確認 DA3_00013361", "請確認 DA3_00013361"),
        ] {
            assert_eq!(lines(typed), [shown]);
        }
        assert_eq!(
            name("CONFIRM\u{a0}DA3_00013361"),
            "CONFIRM [request] DA3_00013361"
        );
        assert_eq!(
            lines("return\n\nDA3_00013361 confirm\r\nDA3_00013361"),
            [
                "return",
                "",
                "[request] DA3_00013361 confirm",
                "[request] DA3_00013361"
            ]
        );
    }

    #[test]
    fn what_runs_from_right_to_left_is_isolated_and_nothing_else() {
        assert_eq!(isolated("שלום 1"), "\u{2068}שלום 1\u{2069}");
        assert_eq!(isolated("陳大文 A"), "陳大文 A");
    }
}
