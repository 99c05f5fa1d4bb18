//! What messages of the mail programs that people use, of machines, and of those who mean ill, are read as.
//!
//! The samples are written for this test after the shape that each program gives its messages.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use countersign_domain::approval::Declined;
use countersign_reply::{ReplyCommand, Unreadable, read};

const CHECKER: &str = "checker@abc.example";
const EVIL: &str = "evil@x.example";

/// Samples whose writer confirms the request.
const CONFIRM: [&str; 22] = [
    "apple-mail-confirm",
    "chinese-gmail-confirm",
    "comma-in-name-confirm",
    "cut-off-confirm",
    "exchange-suppresses-answers-confirm",
    "from-inside-folded-subject-confirm",
    "full-width-blanks-confirm",
    "full-width-letters",
    "gmail-confirm",
    "iphone-confirm",
    "no-mime-confirm",
    "outlook-desktop-alternative",
    "outlook-web-confirm",
    "picture-in-signature-confirm",
    "sender-is-from-confirm",
    "signed-confirm",
    // Who wrote these is another one than they would like to be; that is for the caller to see.
    "address-as-name-in-from",
    "encoded-word-in-from",
    "reply-to-trick",
    "spoofed-authentication-results",
    "idn-from-confirm",
    // The sample of the answer that a reader adds nothing to.
    "confirm-in-capitals",
];

/// Samples whose writer returns the request, and the reason.
const RETURN: [(&str, &str); 7] = [
    ("chinese-big5-return", "第三行的電郵地址有誤，請更正。\n\n王大文"),
    ("chinese-gb18030-return", "第三行的邮箱地址不对"),
    (
        "flowed-return",
        "The address in row 3 belongs to someone who has left the company.",
    ),
    (
        "gmail-return",
        "Row 3 has an address that ends in .con,\nplease check it with the administrator",
    ),
    ("iphone-return", "wrong participant"),
    (
        "outlook-desktop-return",
        "The telephone number of the second contact is wrong.",
    ),
    (
        "return-of-several-paragraphs",
        "Two things:\n\n1. row 3\n2. row 4",
    ),
];

/// Samples whose writer confirms the request with words below. A closing and a name are kept with them: what follows may
/// be a postscript.
const CONFIRM_WITH_WORDS: [(&str, &str); 3] = [
    ("confirm-with-full-stop", "best regards"),
    ("outlook-base64-confirm", "Regards,\nD Wong | ABC Company"),
    ("outlook-desktop-confirm", "Regards,\nD Wong | ABC Company"),
];

/// Samples of people that say neither, and what they are told.
const NOTHING: [(&str, Declined); 20] = [
    ("chinese-outlook-empty", Declined::NotAtTop),
    ("command-in-attached-text", Declined::NotUnderstood),
    ("conditional", Declined::NotUnderstood),
    ("forwarded-by-apple", Declined::NotUnderstood),
    ("forwarded-by-gmail", Declined::NotAtTop),
    // A quote that is certain can't be told from one that is not by every program, so nothing below one counts.
    ("gmail-bottom-posting", Declined::NotAtTop),
    ("gmail-only-quote", Declined::NotAtTop),
    ("hidden-text", Declined::NotUnderstood),
    ("hidden-text-only", Declined::NoText),
    ("mutt-bottom-posting", Declined::NotAtTop),
    ("outlook-desktop-empty", Declined::NotAtTop),
    ("outlook-web-empty", Declined::NotAtTop),
    ("outlook-web-question", Declined::NotUnderstood),
    ("quote-wrapped-without-mark", Declined::NotAtTop),
    ("renderings-disagree", Declined::RenderingsDiffer),
    ("return-without-reason", Declined::NoReason),
    ("short-reference", Declined::NotUnderstood),
    ("signature-before-command", Declined::NotAtTop),
    ("thunderbird-bottom-posting", Declined::NotAtTop),
    ("two-plain-alternatives", Declined::RenderingsDiffer),
];

/// Samples of people whose words can't be read, and why.
const OBSTACLES: [(&str, Declined); 14] = [
    ("boundary-missing", Declined::Damaged),
    ("broken-base64", Declined::Damaged),
    ("forwarded-as-attachment", Declined::NoText),
    ("pgp-in-line", Declined::Encrypted),
    ("pgp-mime", Declined::Encrypted),
    ("picture-alone", Declined::NoText),
    ("resent", Declined::OnBehalf),
    ("sent-on-behalf", Declined::OnBehalf),
    ("smime-encrypted-with-footer", Declined::Encrypted),
    ("smime-opaque", Declined::Encrypted),
    ("unknown-charset", Declined::UnknownCharacters),
    ("utf-7", Declined::UnknownCharacters),
    ("uuencoded", Declined::UnknownCharacters),
    ("winmail-dat-alone", Declined::Encrypted),
];

/// Samples of machines. Each holds the words of a confirmation.
const AUTOMATIC: [&str; 5] = [
    "bounce",
    "calendar-reply",
    "mailing-list",
    "out-of-office",
    "read-receipt",
];

/// Samples whose author is unclear.
const UNREADABLE: [(&str, Unreadable); 5] = [
    ("from-behind-bare-line-feed", Unreadable::Malformed),
    ("group-in-from", Unreadable::FromUnclear),
    ("no-from", Unreadable::NoFrom),
    ("several-in-from", Unreadable::FromUnclear),
    ("two-from", Unreadable::SeveralFrom),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn sample(name: &str) -> Vec<u8> {
    fs::read(folder().join(format!("{name}.eml"))).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a sample says, in one line.
fn command(name: &str) -> String {
    let message = read(&sample(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    match message.command {
        ReplyCommand::Confirm(reference, None) => format!("confirm {reference}"),
        ReplyCommand::Confirm(reference, Some(message)) => format!("confirm {reference} {message}"),
        ReplyCommand::Return(reference, reason) => format!("return {reference} {reason}"),
        ReplyCommand::Nothing => "nothing".to_owned(),
    }
}

#[test]
fn an_answer_that_confirms_is_understood_from_every_mail_program() {
    for name in CONFIRM {
        assert_eq!(command(name), "confirm DA3_00013361", "{name}");
        assert!(!read(&sample(name)).unwrap().is_automatic, "{name}");
    }
}

#[test]
fn an_answer_that_returns_carries_its_reason_and_neither_signature_nor_quote() {
    for (name, reason) in RETURN {
        assert_eq!(command(name), format!("return DA3_00013361 {reason}"), "{name}");
    }
}

#[test]
fn an_answer_that_confirms_carries_the_words_below() {
    for (name, words) in CONFIRM_WITH_WORDS {
        assert_eq!(command(name), format!("confirm DA3_00013361 {words}"), "{name}");
    }
}

#[test]
fn what_says_nothing_or_cannot_be_read_tells_why() {
    for (name, why) in NOTHING.into_iter().chain(OBSTACLES) {
        assert_eq!(command(name), "nothing", "{name}");
        let message = read(&sample(name)).unwrap();
        assert_eq!(
            (message.obstacle, message.is_automatic),
            (Some(why), false),
            "{name}"
        );
    }
    for name in CONFIRM {
        assert_eq!(read(&sample(name)).unwrap().obstacle, None, "{name}");
    }
}

#[test]
fn a_machine_says_nothing_whatever_its_words() {
    for name in AUTOMATIC {
        assert_eq!(command(name), "nothing", "{name}");
        assert!(read(&sample(name)).unwrap().is_automatic, "{name}");
    }
}

#[test]
fn a_message_whose_writer_is_unclear_is_unreadable() {
    for (name, why) in UNREADABLE {
        assert_eq!(read(&sample(name)), Err(why), "{name}");
    }
}

#[test]
fn the_writer_is_the_address_of_from_and_of_nothing_else() {
    for name in [
        "address-as-name-in-from",
        "encoded-word-in-from",
        "reply-to-trick",
        "spoofed-authentication-results",
    ] {
        assert_eq!(read(&sample(name)).unwrap().from.ascii(), EVIL, "{name}");
    }
    for name in [
        "gmail-confirm",
        "chinese-gmail-confirm",
        "from-inside-folded-subject-confirm",
    ] {
        assert_eq!(read(&sample(name)).unwrap().from.ascii(), CHECKER, "{name}");
    }
    let idn = read(&sample("idn-from-confirm")).unwrap().from;
    assert_eq!(idn.ascii(), "checker@xn--fsqu00a.example");
}

#[test]
fn the_message_id_is_kept_for_the_answers_thread() {
    let id = read(&sample("gmail-confirm")).unwrap().message_id;
    assert_eq!(id.as_deref(), Some("<reply-1@mail.abc.example>"));
    assert_eq!(read(&sample("no-mime-confirm")).unwrap().message_id, None);
}

#[test]
fn every_sample_is_in_one_table() {
    let listed: Vec<&str> = CONFIRM
        .into_iter()
        .chain(RETURN.map(|(name, _)| name))
        .chain(CONFIRM_WITH_WORDS.map(|(name, _)| name))
        .chain(NOTHING.map(|(name, _)| name))
        .chain(OBSTACLES.map(|(name, _)| name))
        .chain(AUTOMATIC)
        .chain(UNREADABLE.map(|(name, _)| name))
        .collect();
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let on_disk: BTreeSet<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(listed.len(), on_disk.len());
    assert_eq!(
        listed.iter().map(ToString::to_string).collect::<BTreeSet<_>>(),
        on_disk
    );
}

#[test]
fn samples_have_the_line_ends_of_the_wire() {
    for name in ["gmail-confirm", "bounce", "chinese-big5-return"] {
        let raw = String::from_utf8_lossy(&sample(name)).into_owned();
        assert!(
            raw.split_inclusive('\n')
                .all(|line| !line.ends_with('\n') || line.ends_with("\r\n")),
            "{name}"
        );
    }
}
