//! The lines that introduce a quote: "On 27 March 2023, C wrote:".
//!
//! An honest sentence can end in a colon, too, and a line that is passed over may hold an objection. So a line introduces a
//! quote only by marks of its own: an address, a date, and the words that a mail program writes, two of the three; and it
//! holds no other words than these and names.

use std::ops::RangeInclusive;

use super::glyph::{is_blank, is_direction, simplified};
use super::line::{Line, Place, start_of};
use super::quoting::QUOTING;

/// How many lines a mail program wraps an introduction to.
const MAX_LINES: usize = 5;
/// Maximum length of an introduction in octets.
const MAX_OCTETS: usize = 600;
/// How many words may belong to a name.
const MAX_NAMES: usize = 4;
/// How many words, and characters of them, may belong to a name in a script without capital letters.
const MAX_PLAIN_NAMES: usize = 2;
const MAX_PLAIN_CHARS: usize = 8;
/// How many words may belong to a name between a date and an address.
const MAX_ENCLOSED: usize = 9;
/// How many blank lines may follow an introduction.
const MAX_BLANK: usize = 3;

/// How many lines from here on introduce a quote whose lines are marked; `None` unless it is certain.
pub(super) fn above_marked(lines: &[Line], at: usize) -> Option<usize> {
    candidates(lines, at).find_map(|(count, text)| {
        let after = lines[at + count..].iter().take(MAX_BLANK + 1);
        let mut after = after.skip_while(|line| line.place == Place::Own && line.is_blank());
        let is_marked = after.next().is_some_and(|line| line.place.is_marked());
        (is_marked && Marks::of(&text).is_certain()).then_some(count)
    })
}

/// Whether a quote begins here that may lack marks.
pub(super) fn begins(lines: &[Line], at: usize) -> bool {
    let is_likely = |(count, text): (usize, String)| {
        Marks::of(&text).is_likely() && !starts_later(&lines[at..at + count])
    };
    above_marked(lines, at).is_some() || candidates(lines, at).any(is_likely)
}

/// Whether lines that seem to introduce a quote start with some that don't belong to it.
fn starts_later(lines: &[Line]) -> bool {
    (1..lines.len()).any(|at| {
        let (own, rest) = lines.split_at(at);
        let is_own = joined(own).is_some_and(|own| {
            let marks = Marks::of(&own);
            !marks.date && !marks.addresses.any && !is_open(&own)
        });
        is_own && joined(rest).is_some_and(|rest| Marks::of(&rest).is_certain())
    })
}

/// The texts that may introduce a quote, with the number of lines that each fills.
fn candidates(lines: &[Line], at: usize) -> impl Iterator<Item = (usize, String)> {
    let counts = 1..=MAX_LINES.min(lines.len() - at);
    counts
        .map_while(move |count| Some((count, joined(&lines[at..at + count])?)))
        .filter(|(_, text)| ends_introduction(text))
}

/// The text of an introduction that is wrapped to these lines; `None` if it can't be one.
fn joined(lines: &[Line]) -> Option<String> {
    let mut text = String::new();
    for line in lines {
        match line.place {
            Place::Own if line.is_blank() => return None,
            Place::Own => text.push(' '),
            // A line broken inside the brackets of an address: its end looks like a mark.
            Place::Quoted | Place::QuotedAndLong if is_open(&text) => text.push('>'),
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

/// Whether a text ends as an introduction does: with a colon, or, in old mail programs, with an address.
fn ends_introduction(text: &str) -> bool {
    let text = text.trim_end_matches(|c| is_blank(c) || is_direction(c) || matches!(c, '*' | '_'));
    text.ends_with([':', '：', '>'])
}

/// What speaks for a text that introduces a quote, and against it.
#[derive(Default)]
struct Marks {
    addresses: Addresses,
    date: bool,
    phrase: bool,
    shape: Shape,
    strange: Strange,
}

#[derive(Default)]
struct Shape {
    ends_in_colon: bool,
    /// Only words that mail programs write stand before the first number.
    starts_with_date: bool,
    /// It has the marks of a sentence.
    is_sentence: bool,
}

impl Marks {
    fn of(text: &str) -> Self {
        let (text, addresses) = without_addresses(text);
        let end = text.trim_end_matches(|c| is_blank(c) || is_direction(c) || c == '*');
        let mut marks = Self {
            addresses,
            phrase: QUOTING.says_wrote(&simplified(&text)),
            ..Self::default()
        };
        marks.shape.ends_in_colon = end.ends_with([':', '：']);
        marks.shape.is_sentence = text.contains(['!', '?', '！', '？', '。', '؟']);
        let mut numbers = Numbers::default();
        let (mut is_known, mut is_apart) = (true, true);
        for token in tokens(&text) {
            match token {
                Token::Number { value, digits } => {
                    marks.shape.starts_with_date |= numbers.all.is_empty() && marks.strange.count() == 0;
                    numbers.all.push((value, digits, ' '));
                    (is_known, is_apart) = (true, true);
                }
                Token::Word(word) => {
                    let follows_known = is_known;
                    is_known = QUOTING.knows(&word.to_lowercase());
                    if !is_known {
                        marks.strange.add(word, follows_known, is_apart);
                        is_apart = false;
                    }
                    numbers.separated_by(word.chars().next().unwrap_or(' '));
                }
                Token::Mark(mark, is_last) => {
                    numbers.separated_by(mark);
                    marks.shape.is_sentence |= matches!(mark, ':' | '：') && !is_last && !is_known;
                    is_apart = true;
                }
            }
        }
        marks.date = numbers.are_a_date();
        marks
    }

    fn count(&self) -> usize {
        usize::from(self.addresses.any) + usize::from(self.date) + usize::from(self.phrase)
    }

    /// Whether the text introduces a quote and can't be the sender's own.
    fn is_certain(&self) -> bool {
        let shape = &self.shape;
        let all = self.addresses.bracketed && self.date && self.phrase && shape.starts_with_date;
        !shape.is_sentence
            && self.count() >= 2
            && (self.strange.are_one_name() || (all && self.strange.start_like_one_name()))
            && (shape.ends_in_colon || shape.starts_with_date)
    }

    /// Whether the text introduces a quote as far as can be seen.
    fn is_likely(&self) -> bool {
        let with_address = self.addresses.bracketed && (self.date || self.phrase);
        let of_name = self.phrase && self.strange.are_one_name() && self.strange.plain == 0;
        let is_introduction = self.is_certain() || with_address || (of_name && !self.shape.is_sentence);
        self.shape.ends_in_colon && is_introduction
    }
}

/// The words that mail programs don't write in an introduction.
#[derive(Default)]
struct Strange {
    /// Words that look like a part of a name.
    names: usize,
    /// Words in a script without capital letters, where any may be a part of a name, and the number of their characters.
    plain: usize,
    plain_chars: usize,
    /// Words that don't look like a part of a name.
    others: usize,
    /// How many rows of such words there are: a name is one.
    rows: usize,
    /// The same, where a known word between them does not end a row.
    spans: usize,
    /// Whether one of these starts with a small letter.
    starts_small: bool,
}

impl Strange {
    fn add(&mut self, word: &str, starts_row: bool, starts_span: bool) {
        self.rows += usize::from(starts_row);
        self.spans += usize::from(starts_span);
        self.starts_small |= starts_span && word.starts_with(char::is_lowercase);
        if word.starts_with(char::is_lowercase) {
            self.others += 1;
        } else if word.starts_with(char::is_uppercase) {
            self.names += 1;
        } else {
            self.plain += 1;
            self.plain_chars += word.chars().count();
        }
    }

    fn count(&self) -> usize {
        self.names + self.plain + self.others
    }

    /// Whether they are one row that starts with a capital letter: some names go on with other words.
    fn start_like_one_name(&self) -> bool {
        self.spans <= 1 && !self.starts_small && self.count() <= MAX_ENCLOSED
    }

    fn are_one_name(&self) -> bool {
        let is_short =
            self.names <= MAX_NAMES && self.plain <= MAX_PLAIN_NAMES && self.plain_chars <= MAX_PLAIN_CHARS;
        self.others == 0 && self.rows <= 1 && is_short
    }
}

#[derive(Default)]
struct Addresses {
    any: bool,
    bracketed: bool,
}

/// The text without the addresses in it, which may be in brackets.
fn without_addresses(text: &str) -> (String, Addresses) {
    let is_part = |c: char| c.is_alphanumeric() || "._-+=%':".contains(c);
    let (mut rest, mut kept, mut found) = (text, String::new(), Addresses::default());
    while let Some(at) = rest.find('@') {
        let from = rest[..at].trim_end_matches(is_part).len();
        let after = &rest[at + 1..];
        let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
        let domain = after[..end].trim_end_matches([':', '.']);
        kept.push_str(&rest[..from]);
        if from < at && domain.contains('.') {
            let mut before = rest[..from].chars().rev();
            let before = before.find(|&c| !is_blank(c) && !is_direction(c));
            found.any = true;
            // A mention of a person in the sender's own text is a link, too.
            found.bracketed |=
                matches!(before, Some('<' | '(' | '[')) && !rest[from..at].starts_with("mailto:");
            kept.push_str(&after[domain.len()..end]);
        } else {
            kept.push_str(&rest[from..=at]);
            kept.push_str(&after[..end]);
        }
        rest = &after[end..];
    }
    kept.push_str(rest);
    (kept, found)
}

/// A piece of a text, between blanks.
enum Token<'a> {
    Number {
        value: u32,
        digits: usize,
    },
    Word(&'a str),
    /// Punctuation, and whether nothing follows it.
    Mark(char, bool),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_matches(|c| is_blank(c) || is_direction(c) || matches!(c, '*' | '_'));
    while let Some(c) = rest.chars().next() {
        let is_word = |c: char| digit(c).is_none() && !is_mark(c);
        let length = match c {
            _ if digit(c).is_some() => {
                let digits = rest.chars().map_while(digit);
                let (value, count) = digits.fold((0_u32, 0), |(value, count), digit| {
                    (value.saturating_mul(10).saturating_add(digit), count + 1)
                });
                tokens.push(Token::Number { value, digits: count });
                rest.find(|c| digit(c).is_none()).unwrap_or(rest.len())
            }
            _ if is_word(c) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                tokens.push(Token::Word(&rest[..end]));
                end
            }
            _ => {
                if !is_blank(c) && !is_direction(c) {
                    tokens.push(Token::Mark(c, rest.len() == c.len_utf8()));
                }
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    tokens
}

/// Whether a character belongs to no word: blanks and punctuation.
fn is_mark(c: char) -> bool {
    is_blank(c)
        || is_direction(c)
        || c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}')
        || "«»·،؛؟׳״־".contains(c)
}

/// The value of a decimal digit in the scripts whose mail programs write dates with their own.
fn digit(c: char) -> Option<u32> {
    let zeros = [
        '0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}',
    ];
    let value = |zero: char| {
        u32::from(c)
            .checked_sub(u32::from(zero))
            .filter(|&value| value < 10)
    };
    zeros.into_iter().find_map(value)
}

/// The numbers of a text, each with how many digits it has and what follows it.
#[derive(Default)]
struct Numbers {
    all: Vec<(u32, usize, char)>,
}

impl Numbers {
    fn separated_by(&mut self, mark: char) {
        if let Some((.., after @ ' ')) = self.all.last_mut() {
            *after = mark;
        }
    }

    /// Whether they hold a date: a year and another number, a day, a month and a year, or a time and another number.
    fn are_a_date(&self) -> bool {
        let has_year = self
            .all
            .iter()
            .any(|&(value, digits, _)| digits == 4 && YEARS.contains(&value));
        let has_time = self.all.windows(2).any(|pair| {
            let ((hour, _, mark), (minute, digits, _)) = (pair[0], pair[1]);
            hour < 25 && minute < 60 && digits == 2 && matches!(mark, ':' | '.' | 'h' | '時' | '시')
        });
        let has_day = self.all.windows(3).any(|three| {
            let ((one, _, mark), (two, _, mark2), (_, digits, _)) = (three[0], three[1], three[2]);
            one < 32
                && two < 32
                && mark == mark2
                && matches!(mark, '/' | '.' | '-')
                && matches!(digits, 2 | 4)
        });
        has_day || (has_year && self.all.len() >= 2) || (has_time && self.all.len() >= 3)
    }
}

/// The years that a date may have, in the Gregorian, the Persian and the Buddhist calendar.
const YEARS: RangeInclusive<u32> = 1390..=2700;
