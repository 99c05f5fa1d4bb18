//! Reads the command from lines: the first line that neither is blank nor belongs to a quote decides.
//!
//! The quoted e-mail contains text by the maker, so a line that might be quoted never decides. A line that might be the
//! person's own is never passed over, since it may object.

use countersign_domain::id::Reference;

use super::footer;
use super::glyph::{first_word, is_blank};
use super::lead_in;
use super::line::{Line, Place};
use super::words::Words;

/// What one rendering of a message says.
#[derive(Debug)]
pub(super) enum Reading {
    /// Confirm this request, with these words; there may be none.
    Confirm(Reference, Words),
    /// Return this request for this reason.
    Return(Reference, Words),
    /// Neither of these, or it is not certain.
    Nothing,
}

/// What the lines say.
pub(super) fn read(lines: &[Line]) -> Reading {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let passed = match line.place {
            Place::RestQuoted => return Reading::Nothing,
            Place::Quoted | Place::QuotedAndLong => 1,
            Place::Own if line.is_blank() => 1,
            // The rest of the quoted line, wrapped without a mark.
            Place::Own if at > 0 && lines[at - 1].place == Place::QuotedAndLong => return Reading::Nothing,
            Place::Own => {
                if let Some(typed) = Typed::of(&line.text) {
                    return typed.with_words(lines, at);
                }
                match lead_in::above_marked(lines, at).or_else(|| footer::banner(lines, at)) {
                    Some(count) => count,
                    None => return Reading::Nothing,
                }
            }
        };
        at += passed;
    }
    Reading::Nothing
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyword {
    Confirm,
    Return,
}

/// A line that is a command.
struct Typed {
    keyword: Keyword,
    reference: Reference,
    /// What follows a return's reference on the line.
    rest: String,
}

impl Typed {
    fn of(text: &str) -> Option<Self> {
        let text = without_emphasis(text);
        let (word, rest) = first_word(&text, |_| false);
        let keyword = match word.to_ascii_lowercase().as_str() {
            "confirm" => Keyword::Confirm,
            "return" => Keyword::Return,
            _ => return None,
        };
        let rest = without_emphasis(rest);
        let (word, rest) = match keyword {
            // Anything else on the line is a condition or a second thought, which a machine can't judge.
            Keyword::Confirm => {
                let (word, rest) = first_word(&rest, |_| false);
                if !rest.is_empty() {
                    return None;
                }
                let word = word.strip_suffix(['.', '。']).unwrap_or(&word);
                (word.to_owned(), rest)
            }
            Keyword::Return => {
                let (word, rest) = first_word(&rest, |c| MARKS.contains(&c));
                (
                    word,
                    rest.strip_prefix(MARKS).unwrap_or(rest).trim_matches(is_blank),
                )
            }
        };
        Some(Self {
            keyword,
            // People often write it in lower case on a telephone.
            reference: Reference::parse_typed(&word)?,
            rest: rest.to_owned(),
        })
    }

    /// The command on line `at` with the words below it.
    fn with_words(self, lines: &[Line], at: usize) -> Reading {
        let words = match self.keyword {
            Keyword::Confirm => Words::below("", lines, at + 1),
            Keyword::Return => Words::reason(&self.rest, lines, at + 1),
        };
        match (self.keyword, words) {
            // A reply with both commands is undecided.
            (Keyword::Confirm, Some(words)) if !words.text.lines().any(returns) => {
                Reading::Confirm(self.reference, words)
            }
            (Keyword::Return, Some(words)) => Reading::Return(self.reference, words),
            _ => Reading::Nothing,
        }
    }
}

fn returns(line: &str) -> bool {
    Typed::of(line).is_some_and(|typed| typed.keyword == Keyword::Return)
}

/// What may separate the reference from the reason for a return.
const MARKS: [char; 9] = ['.', '。', ':', '：', ',', '，', ';', '；', '、'];

/// The text without the marks around its start that stand for bold or italic letters in plain text: `*CONFIRM*`.
fn without_emphasis(text: &str) -> String {
    let text = text.trim_matches(is_blank);
    let inner = text.trim_start_matches(EMPHASIS);
    let marks: String = text[..text.len() - inner.len()].chars().rev().collect();
    let ends_here = |&(at, _): &(usize, &str)| {
        let after = inner[at + marks.len()..].chars().next();
        at > 0 && after.is_none_or(|c| !c.is_alphanumeric())
    };
    let end = inner
        .match_indices(&marks)
        .find(ends_here)
        .filter(|_| !marks.is_empty());
    match end {
        Some((at, _)) => [&inner[..at], &inner[at + marks.len()..]].concat(),
        None => text.to_owned(),
    }
}

const EMPHASIS: [char; 3] = ['*', '_', '/'];
