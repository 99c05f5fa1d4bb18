//! The lines by which a mail program introduces the quote of our letter: "On 27 March 2023, Countersign wrote:".
//!
//! A person's own sentence can look like one, so a line counts only if it names the letter's sender, has a date or a phrase
//! that mail programs write, and holds no other words than theirs. Such a line can't be missed in a message.

use super::glyph::{is_blank, is_direction, simplified};
use super::line::{Line, Place, start_of};
use super::quote::Kind;
use super::quoting::QUOTING;

/// The name in the From of every letter, in lower case.
const SENDER: &str = "countersign";
/// How many lines a mail program wraps an introduction to.
const MAX_LINES: usize = 5;
/// Maximum length of an introduction in octets.
const MAX_OCTETS: usize = 600;
/// How many numbers a date has at least.
const MIN_NUMBERS: usize = 3;
/// How many characters of a language that puts no blanks between words may follow the sender's name.
const MAX_ENDING: usize = 3;
/// How many blank lines may follow an introduction.
const MAX_BLANK: usize = 3;

/// The quote that the lines from here on introduce.
pub(super) fn introduced(lines: &[Line], at: usize) -> Option<Kind> {
    let counts = 1..=MAX_LINES.min(lines.len() - at);
    let mut texts = counts.map_while(|count| Some((count, joined(&lines[at..at + count])?)));
    let (count, _) =
        texts.find(|(count, text)| is_introduction(text) && !starts_later(&lines[at..at + count]))?;
    let after = lines[at + count..].iter().take(MAX_BLANK + 1);
    let mut after = after.skip_while(|line| line.place == Place::Own && line.is_blank());
    let is_marked = after.next().is_some_and(|line| line.place == Place::Quoted);
    Some(if is_marked { Kind::Marked } else { Kind::Rest })
}

/// Whether an introduction starts on a later one of these lines, and the first ones are a person's.
fn starts_later(lines: &[Line]) -> bool {
    (1..lines.len()).any(|at| {
        let (own, rest) = lines.split_at(at);
        let is_own = joined(own).is_some_and(|own| !own.contains(char::is_numeric) && !is_open(&own));
        is_own && joined(rest).is_some_and(|rest| is_introduction(&rest))
    })
}

/// The text of an introduction that is wrapped to these lines; `None` if it can't be one.
fn joined(lines: &[Line]) -> Option<String> {
    let mut text = String::new();
    for line in lines {
        match line.place {
            Place::Own if line.is_blank() => return None,
            Place::Own => text.push(' '),
            // A line broken inside the brackets of an address: its end looks like a mark.
            Place::Quoted if is_open(&text) => text.push('>'),
            _ => return None,
        }
        text.push_str(start_of(&line.text));
    }
    (text.len() <= MAX_OCTETS).then_some(text)
}

/// Whether a text ends inside the brackets of an address.
fn is_open(text: &str) -> bool {
    text.rfind('<') > text.rfind('>')
}

fn is_introduction(text: &str) -> bool {
    let text = simplified(text);
    // With a colon, or, in old mail programs, with an address.
    let ends = text.trim_end_matches(|c| is_blank(c) || matches!(c, '*' | '_'));
    if !ends.ends_with([':', '>']) || !text.contains(SENDER) {
        return false;
    }
    let text = without_addresses(&text);
    let (mut names_sender, mut numbers) = (false, 0);
    for word in words(&text) {
        if word.starts_with(char::is_numeric) {
            numbers += 1;
        } else if let Some(ending) = word.strip_prefix(SENDER) {
            names_sender = true;
            if !is_ending(ending) {
                return false;
            }
        } else if !QUOTING.knows(word) {
            return false;
        }
    }
    names_sender && (numbers >= MIN_NUMBERS || QUOTING.says_wrote(&text))
}

/// Whether this can stand at the end of a name.
fn is_ending(text: &str) -> bool {
    QUOTING.knows(text) || (!text.contains(|c: char| c.is_ascii()) && text.chars().count() <= MAX_ENDING)
}

/// The text without the addresses in it.
fn without_addresses(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._-+=%':@".contains(c);
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        kept.push_str(rest[..at].trim_end_matches(is_part));
        let end = rest[at..]
            .find(|c| !is_part(c))
            .map_or(rest.len(), |end| at + end);
        // The colon that ends the introduction may follow an address.
        kept.push_str(if rest[..end].ends_with(':') { ":" } else { "" });
        rest = &rest[end..];
    }
    kept + rest
}

/// The words and numbers of a text. A number ends where letters begin, as in Chinese dates.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for mut rest in text.split(|c: char| is_blank(c) || is_direction(c) || is_mark(c)) {
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c: char| c.is_numeric() != first.is_numeric());
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            words.push(word);
            rest = after;
        }
    }
    words
}

/// Whether a character is punctuation that belongs to no word.
fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{303f}')
        || matches!(c, '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}')
        || "«»·،؛؟׳״־".contains(c)
}
