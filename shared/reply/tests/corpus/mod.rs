//! Replies in the shapes of fourteen mail programs and thirty languages are read as what the person wrote.
//!
//! A generator writes them: each program's parts, marks, header of a quote, lead-in, signature, character set and encoding, and
//! each language's words. No reply is copied from anybody's mail. What is quoted holds commands by a maker who means ill.
//!
//! `COUNTERSIGN_CORPUS=<folder> cargo test --workspace --test mail corpus` also writes them there, to be looked at or to seed a
//! fuzzer.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use countersign_reply::{ReplyCommand, read};

use languages::{LANGUAGES, Language};
use letter::REFERENCE;
use programs::{Program, Reply};

mod languages;
mod letter;
mod mime;
mod programs;

const CONFIRM: &str = "CONFIRM DA3_00013361";
const RETURN: &str = "RETURN DA3_00013361";

/// What a person does.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Confirm,
    /// The line is pasted in bold.
    Bold,
    /// With words under the command.
    Words,
    /// With the reason on the line.
    Return,
    /// With a reason of several lines under it.
    Lines,
    /// With a reason and, under the delimiter, a signature.
    Signed,
    /// Objects, above a quote that is cut off before a line of the maker's.
    Objection,
    Question,
    /// Sends nothing but the quote.
    Empty,
}

const KINDS: [Kind; 9] = [
    Kind::Confirm,
    Kind::Bold,
    Kind::Words,
    Kind::Return,
    Kind::Lines,
    Kind::Signed,
    Kind::Objection,
    Kind::Question,
    Kind::Empty,
];

/// What the reply is, and what a reader should say of it.
fn reply(kind: Kind, language: &Language, variant: usize) -> (Reply<'_>, String) {
    let words = &language.words;
    let nothing = "nothing".to_owned();
    let confirms = format!("confirm {REFERENCE}");
    let returns = format!("return {REFERENCE} {:?}", words.reason);
    let returning: &'static str = format!("{RETURN} {}", words.reason).leak();
    let (own, under, expected) = match kind {
        Kind::Confirm | Kind::Bold => (vec![CONFIRM], vec![], confirms),
        Kind::Words => (
            vec![CONFIRM, "", words.under],
            vec![],
            format!("{confirms} {:?}", words.under),
        ),
        Kind::Return => (vec![returning], vec![], returns),
        Kind::Signed => (
            vec![returning, "", "-- ", "D Wong", "ABC Company"],
            vec![],
            returns,
        ),
        Kind::Lines => {
            let reason = format!("{}\n\n{}", words.reason, words.question);
            (
                vec![RETURN, words.reason, "", words.question],
                vec![],
                format!("return {REFERENCE} {reason:?}"),
            )
        }
        Kind::Objection => (vec![words.objection], vec![CONFIRM], nothing),
        Kind::Question => (vec![words.question], vec![], nothing),
        Kind::Empty => (vec![""], vec![], nothing),
    };
    let reply = Reply {
        language,
        own,
        is_bold: matches!(kind, Kind::Bold),
        under,
        variant,
    };
    (reply, expected)
}

/// What the reader says, in one line.
fn said(raw: &[u8]) -> String {
    match read(raw).map(|message| message.command) {
        Ok(ReplyCommand::Confirm(reference, None)) => format!("confirm {reference}"),
        Ok(ReplyCommand::Confirm(reference, Some(message))) => format!("confirm {reference} {message:?}"),
        Ok(ReplyCommand::Return(reference, reason)) => format!("return {reference} {reason:?}"),
        Ok(ReplyCommand::Nothing) => "nothing".to_owned(),
        Err(error) => format!("unreadable: {error}"),
    }
}

/// Every message, with what it is and what it means.
fn every(mut see: impl FnMut(&Program, &Language, Kind, &str, Vec<u8>)) {
    for (at, language) in languages::all().iter().enumerate() {
        for program in &programs::ALL {
            for (number, kind) in KINDS.into_iter().enumerate() {
                let (reply, expected) = reply(kind, language, at + number);
                let counts = !program.starts_under_quote(&reply);
                let expected = if counts { expected.as_str() } else { "nothing" };
                see(program, language, kind, expected, program.message(&reply));
            }
        }
    }
}

#[test]
fn a_reply_from_every_program_in_every_language_is_read_as_what_the_person_wrote() {
    let mut total = 0;
    let mut failures = BTreeMap::<String, usize>::new();
    let folder = env::var_os("COUNTERSIGN_CORPUS").map(PathBuf::from);
    every(|program, language, kind, expected, raw| {
        total += 1;
        if let Some(folder) = &folder {
            let name = format!("{} {} {kind:?}.eml", program.name, language.name);
            fs::write(folder.join(name), &raw).unwrap();
        }
        let got = said(&raw);
        if got != expected {
            println!(
                "{} | {} | {kind:?} | expected {expected} | got {got}",
                program.name, language.name
            );
            for key in [
                format!("program {}", program.name),
                format!("language {}", language.name),
                format!("kind {kind:?}"),
                "in all".to_owned(),
            ] {
                *failures.entry(key).or_default() += 1;
            }
        }
    });
    assert_eq!(total, 14 * 2 * LANGUAGES * KINDS.len());
    assert!(
        failures.is_empty(),
        "of {total} replies are read wrong: {failures:#?}"
    );
}
