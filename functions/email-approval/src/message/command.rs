//! Reads the command from lines: the first line that is neither blank nor quoted decides.
//!
//! The quoted e-mail contains text by the maker, so a line that might be quoted never decides.

use countersign_domain::id::Reference;

use super::ReplyCommand;
use super::line::{Line, Place, is_blank};

/// How many lines are searched for a wrapped attribution or the header of a quoted message.
const LOOK_AHEAD: usize = 4;
/// How many octets of a line are read to classify it.
const MAX_MARK_OCTETS: usize = 1_000;

/// What a line contributes to the search for the sender's own words.
enum LineKind {
    Blank,
    /// This many lines are quoted, or introduce a quote.
    Quoted(usize),
    /// From here on nothing is certain to be the sender's: a signature, or an unmarked quote.
    End,
    Own,
}

/// What the lines say.
pub(super) fn read(lines: &[Line]) -> ReplyCommand {
    let mut at = 0;
    loop {
        match classify(lines, at) {
            LineKind::Blank => at += 1,
            LineKind::Quoted(count) => at += count,
            LineKind::End => return ReplyCommand::Nothing,
            LineKind::Own => return command_at(lines, at),
        }
    }
}

fn classify(lines: &[Line], at: usize) -> LineKind {
    let Some(line) = lines.get(at) else {
        return LineKind::End;
    };
    match line.place {
        Place::RestQuoted => return LineKind::End,
        Place::Quoted | Place::QuotedAndLong => return LineKind::Quoted(1),
        Place::Own => {}
    }
    let text = line.text.trim_matches(is_blank);
    if text.is_empty() {
        return LineKind::Blank;
    }
    if at > 0 && lines[at - 1].place == Place::QuotedAndLong {
        return LineKind::End;
    }
    if is_cut(text) || is_signature(text) || starts_header(lines, at) {
        return LineKind::End;
    }
    if Keyword::of(text).is_some() {
        return LineKind::Own;
    }
    match attribution(lines, at) {
        Attribution::OfMarked(count) => LineKind::Quoted(count),
        Attribution::OfUnmarked => LineKind::End,
        Attribution::None => LineKind::Own,
    }
}

/// The first word of a command.
#[derive(Clone, Copy)]
enum Keyword {
    Confirm,
    Return,
}

impl Keyword {
    /// The keyword at the start of a text, and the rest.
    fn of(text: &str) -> Option<(Self, &str)> {
        let (word, rest) = first_word(text);
        if word.eq_ignore_ascii_case("confirm") {
            Some((Self::Confirm, rest))
        } else if word.eq_ignore_ascii_case("return") {
            Some((Self::Return, rest))
        } else {
            None
        }
    }
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_matches(is_blank);
    text.split_once(is_blank).unwrap_or((text, ""))
}

/// Reads the line at `at` as a command.
fn command_at(lines: &[Line], at: usize) -> ReplyCommand {
    let Some((keyword, rest)) = Keyword::of(&lines[at].text) else {
        return ReplyCommand::Nothing;
    };
    let rest = rest.trim_matches(is_blank);
    match keyword {
        // Anything else on the line is a condition or a second thought, which a machine can't judge.
        Keyword::Confirm => {
            let word = rest.strip_suffix(['.', '。']).unwrap_or(rest);
            reference(word).map_or(ReplyCommand::Nothing, ReplyCommand::Confirm)
        }
        Keyword::Return => {
            let ends_reference = |c| is_blank(c) || MARKS.contains(&c);
            let (word, rest) = rest.split_at(rest.find(ends_reference).unwrap_or(rest.len()));
            let rest = rest.strip_prefix(MARKS).unwrap_or(rest).trim_matches(is_blank);
            let command = reference(word).zip(reason(rest, lines, at + 1));
            command.map_or(ReplyCommand::Nothing, |(reference, reason)| {
                ReplyCommand::Return(reference, reason)
            })
        }
    }
}

/// What may separate the reference from the reason for a return.
const MARKS: [char; 9] = ['.', '。', ':', '：', ',', '，', ';', '；', '、'];

/// A reference, in either case: telephones often write it in lower case.
fn reference(word: &str) -> Option<Reference> {
    Reference::parse_typed(word)
}

/// The reason, which starts on the command's line and ends at the quote or signature; `None` if there is none.
fn reason(first: &str, lines: &[Line], mut at: usize) -> Option<String> {
    let mut reason = first.to_owned();
    let mut chars = first.chars().count();
    loop {
        let text = match classify_in_reason(lines, at) {
            LineKind::Blank => "",
            LineKind::Own => lines[at].text.trim_matches(is_blank),
            LineKind::Quoted(_) | LineKind::End => break,
        };
        // Blank lines at either end are dropped, so they count only once something follows them.
        if !reason.is_empty() {
            reason.push('\n');
            chars += 1;
        }
        reason.push_str(text);
        chars += text.chars().count();
        if !text.is_empty() && chars > ReplyCommand::MAX_REASON_CHARS {
            return None;
        }
        at += 1;
    }
    let reason = reason.trim_matches(is_blank);
    let is_sound = !reason.is_empty()
        && reason.chars().count() <= ReplyCommand::MAX_REASON_CHARS
        && !reason.chars().any(|c| c.is_control() && c != '\n');
    is_sound.then(|| reason.to_owned())
}

/// Like [`classify`], but inside a reason, where a line that starts like a command continues the reason.
fn classify_in_reason(lines: &[Line], at: usize) -> LineKind {
    match classify(lines, at) {
        LineKind::Own if !matches!(attribution(lines, at), Attribution::None) => LineKind::End,
        look => look,
    }
}

/// Whether everything below is another message, forwarded or quoted without marks.
fn is_cut(text: &str) -> bool {
    let is_rule = |mark: char, count: usize| text.chars().take(count).filter(|&c| c == mark).count() == count;
    is_rule('-', 5) || is_rule('_', 10) || starts_with_any(text, &["begin forwarded message"])
}

/// Whether a signature starts: its delimiter (RFC 3676, section 4.3), or what telephones write instead.
fn is_signature(text: &str) -> bool {
    const OF_DEVICES: [&str; 10] = [
        "sent from my ",
        "sent from mail for ",
        "sent from outlook",
        "sent from yahoo mail",
        "get outlook for ",
        "從我的 iphone",
        "從我的iphone",
        "发自我的",
        "發自我的",
        "傳送自",
    ];
    text == "--" || starts_with_any(text, &OF_DEVICES)
}

/// Whether the header of a quoted message starts, as Outlook shows it: the sender, then the date or the recipients.
fn starts_header(lines: &[Line], at: usize) -> bool {
    const AUTHOR: [&str; 5] = ["from", "寄件者", "寄件人", "发件人", "發件人"];
    const MORE: [&str; 15] = [
        "sent",
        "date",
        "to",
        "subject",
        "寄件日期",
        "傳送時間",
        "已傳送",
        "傳送日期",
        "发送时间",
        "發送時間",
        "日期",
        "收件者",
        "收件人",
        "主旨",
        "主题",
    ];
    let has_label = |line: &Line, labels: &[&str]| {
        let text = start_of(&line.text).trim_start_matches(|c| is_blank(c) || c == '*');
        let label = text
            .split_once([':', '：'])
            .map(|(label, _)| label.to_lowercase());
        label.is_some_and(|label| labels.contains(&label.trim_matches(|c| is_blank(c) || c == '*')))
    };
    has_label(&lines[at], &AUTHOR)
        && lines[at + 1..]
            .iter()
            .take(LOOK_AHEAD)
            .any(|line| has_label(line, &MORE))
}

/// What introduces a quote: "On …, … wrote:".
enum Attribution {
    None,
    /// This many lines, followed by marked lines.
    OfMarked(usize),
    /// The following lines are not marked, so everything below may be quoted.
    OfUnmarked,
}

fn attribution(lines: &[Line], at: usize) -> Attribution {
    let may_wrap = may_start_attribution(start_of(&lines[at].text));
    let longest = if may_wrap { LOOK_AHEAD } else { 1 };
    for (count, line) in (1..=longest).zip(&lines[at..]) {
        let text = line.text.trim_matches(is_blank);
        if line.place != Place::Own || text.is_empty() {
            return Attribution::None;
        }
        if !text.ends_with([':', '：']) {
            continue;
        }
        let mut after = lines[at + count..].iter().take(LOOK_AHEAD);
        let next =
            after.find(|line| line.place != Place::Own || !line.text.trim_matches(is_blank).is_empty());
        if next.is_some_and(|line| matches!(line.place, Place::Quoted | Place::QuotedAndLong)) {
            return Attribution::OfMarked(count);
        }
        if says_wrote(text) {
            return Attribution::OfUnmarked;
        }
    }
    Attribution::None
}

/// Whether an attribution may start here: with a day or an address. Only these are searched over several lines.
fn may_start_attribution(text: &str) -> bool {
    text.contains(['@', '<'])
        || starts_with_any(text.trim_matches(is_blank), &["on ", "at ", "在", "於", "于"])
}

fn says_wrote(text: &str) -> bool {
    let text = text.trim_end_matches([':', '：']).trim_end_matches(is_blank);
    ["wrote", "寫道", "写道", "寫", "schrieb", "a écrit"]
        .iter()
        .any(|word| text.ends_with(word))
}

/// The start of a line, long enough to classify it: a line can be as long as a message.
fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_MARK_OCTETS)]
}

fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    })
}
