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
const CONFIRM: [&str; 28] = [
    "apple-mail-confirm",
    "chinese-gmail-confirm",
    "comma-in-name-confirm",
    "cut-off-confirm",
    "exchange-suppresses-answers-confirm",
    "from-inside-folded-subject-confirm",
    "full-width-blanks-confirm",
    "full-width-letters",
    "gmail-bottom-posting",
    "gmail-confirm",
    "iphone-confirm",
    "mutt-bottom-posting",
    "no-mime-confirm",
    "outlook-base64-confirm",
    "outlook-desktop-alternative",
    "outlook-desktop-confirm",
    "outlook-web-confirm",
    "picture-in-signature-confirm",
    "sender-is-from-confirm",
    "signed-confirm",
    "thunderbird-bottom-posting",
    // Who wrote these is another one than they would like to be; that is for the caller to see.
    "address-as-name-in-from",
    "encoded-word-in-from",
    "reply-to-trick",
    "spoofed-authentication-results",
    "idn-from-confirm",
    // The two samples of the answer that a reader adds nothing to.
    "confirm-in-capitals",
    "confirm-with-full-stop",
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

/// Samples of people that say neither.
const NOTHING: [&str; 17] = [
    "chinese-outlook-empty",
    "command-in-attached-text",
    "conditional",
    "forwarded-by-apple",
    "forwarded-by-gmail",
    "gmail-only-quote",
    "hidden-text",
    "hidden-text-only",
    "outlook-desktop-empty",
    "outlook-web-empty",
    "outlook-web-question",
    "quote-wrapped-without-mark",
    "renderings-disagree",
    "return-without-reason",
    "short-reference",
    "signature-before-command",
    "two-plain-alternatives",
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
fn what_is_quoted_forwarded_attached_hidden_or_unclear_says_nothing() {
    for name in NOTHING {
        assert_eq!(command(name), "nothing", "{name}");
        assert!(!read(&sample(name)).unwrap().is_automatic, "{name}");
    }
}

#[test]
fn what_cannot_be_read_says_nothing_and_why() {
    for (name, why) in OBSTACLES {
        assert_eq!(command(name), "nothing", "{name}");
        let message = read(&sample(name)).unwrap();
        assert_eq!(
            (message.obstacle, message.is_automatic),
            (Some(why), false),
            "{name}"
        );
    }
    for name in CONFIRM.into_iter().chain(NOTHING) {
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
        .chain(NOTHING)
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
