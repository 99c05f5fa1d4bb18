//! What stands around the words of a person without being theirs: signatures, and what mail programs and gateways add.

use super::glyph::{columns, is_blank, simplified};
use super::line::{Line, MAY_BE_WRAPPED, Place, start_of};
use super::quoting::QUOTING;

/// How many lines a warning is wrapped to.
const MAX_BANNER_LINES: usize = 6;
/// How many lines of a notice are looked at.
const MAX_NOTICE_LINES: usize = 4;
/// How long a line is at most that a telephone or a mail program adds.
const MAX_DEVICE_CHARS: usize = 100;

/// Whether nothing from this line on is certain to be the person's: a signature starts, a notice, or another message.
pub(super) fn starts(lines: &[Line], at: usize) -> bool {
    let Some(line) = lines.get(at) else {
        return false;
    };
    let text = start_of(&line.text).trim_matches(is_blank);
    let simple = simplified(&without_links(text));
    let without_end = simple.trim_end_matches([',', '.', '!', '，', '。', '、', ' ']);
    is_cut(text)
        || text == "--"
        || QUOTING.closes(without_end)
        || (simple.chars().count() <= MAX_DEVICE_CHARS
            && QUOTING.is_of_device(simple.trim_matches(['*', '_', '(', ')', '[', ']', '.', ' '])))
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

/// How many lines from here on are a warning that a gateway put above the text.
pub(super) fn banner(lines: &[Line], at: usize) -> Option<usize> {
    let simple = simplified(start_of(&lines.get(at)?.text));
    let simple = simple.trim_matches(['*', '_', '.', '!', ' ']);
    if QUOTING.around("label").iter().any(|label| label == simple) {
        return Some(1);
    }
    if !starts_with_one(simple, QUOTING.around("banner")) {
        return None;
    }
    let rest = lines[at..].windows(2).take(MAX_BANNER_LINES);
    Some(1 + rest.take_while(|pair| goes_on(&pair[0], &pair[1])).count())
}

/// Whether a line may be wrapped, and the next one is its rest: a sentence of one's own starts with a capital letter.
fn goes_on(line: &Line, next: &Line) -> bool {
    let text = line.text.trim_matches(is_blank);
    let is_open = columns(text) > MAY_BE_WRAPPED && !text.ends_with(['.', '!', '?', '。', '！']);
    is_open
        && next.place == Place::Own
        && next
            .text
            .trim_start_matches(is_blank)
            .starts_with(char::is_lowercase)
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

/// Whether another message starts, original or forwarded: a rule, perhaps with words, or the words with a colon.
fn is_cut(text: &str) -> bool {
    let is_rule = |mark: char, count: usize| text.chars().take(count).filter(|&c| c == mark).count() == count;
    let is_around = |c| is_blank(c) || matches!(c, '-' | '=' | '_' | '*' | ':' | '：' | '~');
    let has_marks = text.starts_with("--") || text.starts_with("==") || text.ends_with([':', '：']);
    is_rule('-', 5)
        || is_rule('_', 10)
        || (has_marks && QUOTING.cuts(&simplified(text.trim_matches(is_around))))
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
        if let Some(end) = link.find('>').filter(|&end| link[..end].contains(':')) {
            rest = &link[end + 1..];
        } else {
            kept.push('<');
            rest = &link[1..];
        }
    }
    kept + rest
}
