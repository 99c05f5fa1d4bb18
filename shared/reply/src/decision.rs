//! What the texts of a message say together.

use countersign_domain::approval::Declined;

use super::ReplyCommand;
use super::agreement;
use super::command::{self, Reading};
use super::html;
use super::line::{Line, MAX_LINES, Place};
use super::mime::{Found, Kind, Text};
use super::words::Words;

/// The command that a message gives, or why it gives none.
pub(super) fn of(found: &Found) -> Result<ReplyCommand, Declined> {
    let (plain, html) = (found.texts_of(Kind::Plain), found.texts_of(Kind::Html));
    let reading = match (&plain[..], &html[..]) {
        ([plain], []) | ([], [plain]) => read(plain, found, |_| true),
        ([plain], [html]) => agreement::of_both(
            read(plain, found, |kind| kind == Kind::Plain),
            read(html, found, |kind| kind == Kind::Html),
        ),
        ([], []) => return Err(Declined::NoText),
        // There are two texts of one kind, and it is unknown which one the sender saw.
        _ => return Err(Declined::RenderingsDiffer),
    };
    match reading {
        Reading::Confirm(reference, words) => {
            found.all().try_for_each(leaves_confirmed)?;
            // In a text that is not read, the sender may say something else.
            if found
                .all()
                .any(|text| text.kind == Kind::Other && !text.text().trim().is_empty())
            {
                return Err(Declined::RenderingsDiffer);
            }
            Ok(ReplyCommand::Confirm(reference, words.kept()))
        }
        Reading::Return(reference, words) => {
            let reason = words.kept().filter(|_| !words.is_detached);
            let reason = reason.ok_or(Declined::NoReason)?;
            Ok(ReplyCommand::Return(reference, reason))
        }
        Reading::Nothing(why) => Err(why),
    }
}

/// What a text says, with the words of those below it that continue it.
fn read(text: &Text, found: &Found, continues: impl Fn(Kind) -> bool) -> Reading {
    let more = |words: Words| {
        let further = found.further.iter();
        let mut further = further.filter(|text| text.kind != Kind::Other && continues(text.kind));
        further.try_fold(words, |words, text| words.with_more(&lines(text)))
    };
    let reading = match command::read(&lines(text)) {
        Reading::Confirm(reference, words) => more(words).map(|words| Reading::Confirm(reference, words)),
        Reading::Return(reference, words) => more(words).map(|words| Reading::Return(reference, words)),
        nothing @ Reading::Nothing(_) => Ok(nothing),
    };
    reading.unwrap_or_else(Reading::Nothing)
}

/// Whether a text leaves a confirmation undecided: it says RETURN, or is too long to be sure.
fn leaves_confirmed(text: &Text) -> Result<(), Declined> {
    // A line that format=flowed joins to the one before it starts with RETURN for whoever wrote it.
    let as_written = text.is_flowed.then(|| text.unflowed());
    for lines in [Some(lines(text)), as_written].into_iter().flatten() {
        if command::says_return(&lines) {
            return Err(Declined::BothCommands);
        }
        let is_cut =
            lines.len() >= MAX_LINES && lines.last().is_some_and(|last| last.place != Place::RestQuoted);
        if is_cut {
            return Err(Declined::TooLong);
        }
    }
    Ok(())
}

fn lines(text: &Text) -> Vec<Line<'_>> {
    match text.kind {
        Kind::Html => html::lines(text.text()),
        Kind::Plain | Kind::Other => text.lines(),
    }
}
