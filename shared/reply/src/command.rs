//! Reads the command from lines: the first line that is not blank decides.
//!
//! Nothing is passed over to find it but fixed labels. A line above a command may object, and what is a quote, or what
//! introduces one, is a guess: so a command below anything else never counts.

use countersign_domain::approval::Declined;
use countersign_domain::id::Reference;

use super::footer;
use super::glyph::{first_word, is_blank, is_invisible};
use super::line::{Line, Place};
use super::quote;
use super::words::Words;

/// What one rendering of a message says.
#[derive(Debug)]
pub(super) enum Reading {
    /// Confirm this request, with these words; there may be none.
    Confirm(Reference, Words),
    /// Return this request for this reason.
    Return(Reference, Words),
    /// Neither of these, or it is not certain; and why.
    Nothing(Declined),
}

/// What the lines say.
pub(super) fn read(lines: &[Line]) -> Reading {
    let is_passed =
        |line: &Line| line.place == Place::Own && (line.is_blank() || footer::is_label(&line.text));
    let Some(at) = lines.iter().position(|line| !is_passed(line)) else {
        return Reading::Nothing(Declined::NoText);
    };
    let line = &lines[at];
    let begins_quote = || quote::is_rule(&line.text) || quote::starts(lines, at).is_some();
    if line.place != Place::Own || footer::is_signature(&line.text) || begins_quote() {
        return Reading::Nothing(Declined::NotAtTop);
    }
    match Typed::of(&line.text) {
        Some(typed) => typed.with_words(lines, at).unwrap_or_else(Reading::Nothing),
        None if line.text.contains('\u{fffd}') => Reading::Nothing(Declined::UnknownCharacters),
        None if line.text.trim_matches(is_blank).contains(breaks_line) => {
            Reading::Nothing(Declined::ControlCharacters)
        }
        None => Reading::Nothing(Declined::NotUnderstood),
    }
}

/// Whether a line says RETURN outside of the quotes, wherever it stands: the word in capitals, or any line that starts with it.
/// Below a quote whose end nothing shows, only the whole command counts, which no letter holds.
pub(super) fn says_return(lines: &[Line]) -> bool {
    let mut is_rest = false;
    for (at, line) in lines.iter().enumerate() {
        is_rest |= line.place == Place::RestQuoted;
        is_rest = is_rest || quote::starts(lines, at) == Some(quote::Kind::Rest);
        // Notices ask for an answer "by return e-mail".
        let last = at.checked_sub(1).and_then(|at| words_of(&lines[at].text).last());
        let is_notice = last.is_some_and(|word| word == "by");
        let mut pieces = line.text.split(breaks_line);
        let is_said = match line.place {
            Place::Quoted => false,
            _ if is_rest => {
                pieces.any(|piece| Typed::of(piece).is_some_and(|typed| typed.keyword == Keyword::Return))
            }
            _ => pieces.any(|piece| is_return(piece, is_notice)),
        };
        if is_said {
            return true;
        }
    }
    false
}

fn is_return(line: &str, is_notice: bool) -> bool {
    let is_mark = |word: &String| word.chars().count() == 1 || word.chars().all(char::is_numeric);
    let mut words = words_of(line).skip_while(is_mark).peekable();
    let first = words.peek();
    let starts =
        first.is_some_and(|word| word.eq_ignore_ascii_case("return") && !(is_notice && word == "return"));
    let words: Vec<String> = words.collect();
    let is_said = |(at, word): (usize, &String)| {
        // "BY RETURN E-MAIL", as notices shout.
        let before = at.checked_sub(1).map_or("", |at| words[at].as_str());
        let after = words.get(at + 1).map_or("", String::as_str);
        word == "RETURN" && !(before == "BY" && ["E", "EMAIL", "MAIL"].contains(&after))
    };
    starts || words.iter().enumerate().any(is_said)
}

/// The words of a line as it shows them, without what stands between them.
fn words_of(line: &str) -> impl Iterator<Item = String> {
    let is_between = |c: char| !c.is_alphanumeric() && !is_invisible(c);
    let pieces = line.split(is_between);
    pieces
        .map(|piece| first_word(piece, |_| false).0)
        .filter(|word| !word.is_empty())
}

/// Whether a line may end at this character, for some readers.
fn breaks_line(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}')
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
    fn with_words(self, lines: &[Line], at: usize) -> Result<Reading, Declined> {
        match self.keyword {
            Keyword::Confirm => Ok(Reading::Confirm(self.reference, Words::below("", lines, at + 1)?)),
            Keyword::Return => Ok(Reading::Return(
                self.reference,
                Words::reason(&self.rest, lines, at + 1)?,
            )),
        }
    }
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
