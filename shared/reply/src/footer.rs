//! What stands around the words of a person without being theirs: signatures, and what mail programs and gateways add.

use super::glyph::{is_blank, simplified};
use super::line::{Line, start_of};
use super::quoting::QUOTING;

/// How many lines of a notice are looked at.
const MAX_NOTICE_LINES: usize = 4;
/// How long a line is at most that a telephone or a mail program adds.
const MAX_DEVICE_CHARS: usize = 100;

/// Whether a signature starts.
pub(super) fn is_signature(text: &str) -> bool {
    text.trim_matches(is_blank) == "--"
}

/// Whether a telephone or a mail program adds this line, and nobody else writes it.
pub(super) fn is_of_device(text: &str) -> bool {
    let simple = simplified(&without_links(start_of(text)));
    simple.chars().count() <= MAX_DEVICE_CHARS
        && QUOTING.is_of_device(simple.trim_matches(['*', '_', '(', ')', '[', ']', '.', ' ']))
}

/// Whether a reason may not start here: what looks like the end of a letter or like a notice may be no person's words.
pub(super) fn is_doubtful(lines: &[Line], at: usize) -> bool {
    let Some(line) = lines.get(at) else {
        return false;
    };
    let simple = simplified(start_of(&line.text));
    let without_end = simple.trim_end_matches([',', '.', '!', '，', '。', '、', ' ']);
    QUOTING.closes(without_end)
        || starts_with_one(&simple, QUOTING.around("footer"))
        || (starts_with_one(&simple, QUOTING.around("notice")) && is_secret(&lines[at..]))
}

/// Whether a notice that starts here says whom the message is meant for. "This e-mail is" alone is not enough: people write
/// that, too.
fn is_secret(lines: &[Line]) -> bool {
    let paragraph = lines
        .iter()
        .take(MAX_NOTICE_LINES)
        .take_while(|line| !line.is_blank());
    let mut lines = paragraph.map(|line| simplified(start_of(&line.text)));
    lines.any(|line| QUOTING.around("secret").iter().any(|word| line.contains(word)))
}

/// Whether a tool that classifies documents puts this line above a text.
pub(super) fn is_label(text: &str) -> bool {
    let simple = simplified(start_of(text));
    let simple = simple.trim_matches(['*', '_', '.', '!', ' ']);
    QUOTING.around("label").iter().any(|label| label == simple)
}

/// Whether the text is only a word for a reason, such as one in brackets to be replaced.
pub(super) fn is_placeholder(text: &str) -> bool {
    let brackets = [
        '<', '>', '＜', '＞', '〈', '〉', '《', '》', '[', ']', '(', ')', '（', '）', '「', '」', '*', '_',
    ];
    let simple = simplified(text.trim_matches(brackets));
    QUOTING.around("placeholder").contains(&simple)
}

/// Whether a mail program writes this line for a picture.
pub(super) fn is_picture(text: &str) -> bool {
    let inner = text
        .trim_matches(is_blank)
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    inner.is_some_and(|inner| inner.starts_with("cid:") || inner.starts_with("image:"))
}

fn starts_with_one(simple: &str, starts: &[String]) -> bool {
    let simple = simple.trim_start_matches(['*', '_', '[', '(', ' ']);
    starts.iter().any(|start| simple.starts_with(start.as_str()))
}

/// The text without the addresses of links that a mail program writes behind their words.
fn without_links(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, link) = rest.split_at(at);
        kept.push_str(before);
        if let Some(end) = link.find('>').filter(|_| link.starts_with("<http")) {
            rest = &link[end + 1..];
        } else {
            kept.push('<');
            rest = &link[1..];
        }
    }
    kept + rest
}
