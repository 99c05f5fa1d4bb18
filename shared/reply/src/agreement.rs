//! What the two renderings of a message say together.
//!
//! The plain text and the HTML of a message are meant to say the same. Each shows better than the other where some quotes
//! begin, so the words end where the first of them ends. If they contradict each other, nobody knows which one the sender saw.

use countersign_domain::approval::Declined;

use super::command::Reading;
use super::words::Words;

/// What both renderings say.
pub(super) fn of_both(plain: Reading, html: Reading) -> Reading {
    let differ = Reading::Nothing(Declined::RenderingsDiffer);
    match (plain, html) {
        (Reading::Confirm(one, words), Reading::Confirm(two, others)) if one == two => {
            shared(words, &others).map_or(differ, |words| Reading::Confirm(one, words))
        }
        (Reading::Return(one, words), Reading::Return(two, others)) if one == two => {
            // Some mail programs write a blank line between paragraphs in the plain text only.
            let is_detached = words.is_detached && others.is_detached;
            let words = shared(words, &others).map(|words| Words { is_detached, ..words });
            words.map_or(differ, |words| Reading::Return(one, words))
        }
        (Reading::Nothing(Declined::NoText), Reading::Nothing(why))
        | (Reading::Nothing(why), Reading::Nothing(_)) => Reading::Nothing(why),
        // What one rendering shows and the other can't is no difference.
        (Reading::Nothing(why), _) | (_, Reading::Nothing(why)) if is_of_characters(why) => {
            Reading::Nothing(why)
        }
        _ => differ,
    }
}

fn is_of_characters(why: Declined) -> bool {
    matches!(why, Declined::UnknownCharacters | Declined::ControlCharacters)
}

/// The plain text up to where the first of the two ends; `None` if they contradict each other. Only letters and digits
/// are compared: mail programs wrap and mark up the two renderings differently.
fn shared(plain: Words, html: &Words) -> Option<Words> {
    let (ours, theirs) = (letters(&plain.text), letters(&html.text));
    let (mut at, mut against) = (0, 0);
    // What stands in brackets in the plain text only: a picture, or the address of a link.
    let mut open: Option<(usize, usize)> = None;
    while at < ours.len() && against < theirs.len() {
        if let Some(end) = ours[at].bracket_ends {
            open = Some((end, against));
        }
        if ours[at].c == theirs[against].c {
            at += 1;
            against += 1;
        } else {
            (at, against) = open.take().filter(|&(end, _)| at < end)?;
        }
    }
    let ends_line = |text: &str, letters: &[Letter], at: usize| {
        let from = at.checked_sub(1).map_or(0, |before| letters[before].at);
        at == 0
            || letters
                .get(at)
                .is_none_or(|letter| text[from..letter.at].contains('\n'))
    };
    if at == ours.len() {
        return (plain.goes_on || ends_line(&html.text, &theirs, against)).then_some(plain);
    }
    // The HTML shows a picture for what stands in brackets at the end of the plain text.
    let is_picture = ours[at].bracket_ends == Some(ours.len());
    if !html.goes_on && !is_picture && !ends_line(&plain.text, &ours, at) {
        return None;
    }
    let rest = ours[at].at;
    let end = if is_picture {
        plain.text[..rest].rfind(['<', '['])
    } else {
        plain.text[..rest].rfind('\n')
    };
    let text = plain.text[..end.unwrap_or(0)].trim_end().to_owned();
    Some(Words {
        text,
        goes_on: html.goes_on,
        ..plain
    })
}

/// A letter or digit of a text, and where it stands.
struct Letter {
    at: usize,
    c: char,
    /// For the first letter in brackets: the number of letters up to their end.
    bracket_ends: Option<usize>,
}

fn letters(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    let mut opened: Option<(char, usize)> = None;
    for (at, c) in text.char_indices() {
        match c {
            '<' | '[' if opened.is_none() => {
                opened = Some((if c == '<' { '>' } else { ']' }, letters.len()));
            }
            _ if opened.is_some_and(|(end, _)| end == c) => {
                let first = opened.take().map_or(letters.len(), |(_, first)| first);
                let end = letters.len();
                if let Some(letter) = letters.get_mut(first) {
                    letter.bracket_ends = Some(end);
                }
            }
            _ if c.is_alphanumeric() => letters.push(Letter {
                at,
                c,
                bracket_ends: None,
            }),
            _ => {}
        }
    }
    letters
}
