//! Reading never panics, and what it finds keeps its promises, whatever octets come.

use std::fs;
use std::path::Path;

use countersign_reply::{Message, Reader, ReplyCommand, read};
use proptest::prelude::*;
use proptest::sample::Index;

fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// What callers rely on in every message that was read.
fn check(raw: &[u8]) {
    let Ok(message) = read(raw) else { return };
    if message.is_automatic || message.obstacle.is_some() {
        assert_eq!(message.command, ReplyCommand::Nothing);
    }
    if let ReplyCommand::Return(_, words) | ReplyCommand::Confirm(_, Some(words)) = &message.command {
        assert!((1..=ReplyCommand::MAX_MESSAGE_CHARS).contains(&words.chars().count()));
        assert!(words.chars().all(|c| c == '\n' || !c.is_control()));
    }
    if let Some(id) = &message.message_id {
        assert!(id.len() <= Message::MAX_ID_OCTETS && id.bytes().all(|b| b.is_ascii_graphic()));
    }
    let mut reader = Reader::default();
    for chunk in raw.chunks(1 + raw.len() % 13) {
        if reader.push(chunk).is_break() {
            break;
        }
    }
    assert_eq!(reader.finish(), Ok(message), "reading in chunks gives the same");
}

/// Pieces that mean something to some reader of a message.
const PIECES: [&str; 36] = [
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "\0",
    " ",
    "\t",
    ":",
    ";",
    "=",
    "\"",
    "(",
    ")",
    "<",
    ">",
    ",",
    "\\",
    "--",
    "--b\r\n",
    "--b--",
    "From: a@b.example\r\n",
    "Sender: a@b.example\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: text/html; charset=big5\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "CONFIRM DA3_00013361",
    "RETURN DA3_00013361 x",
    "> ",
    "wrote:",
    "<div class=gmail_quote>",
    "<blockquote>",
    "</blockquote>",
    "<p style='",
    "&#x",
    "=?utf-8?q?",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_octets_are_read_without_panic(raw in prop::collection::vec(any::<u8>(), 0..4_000)) {
        check(&raw);
    }

    #[test]
    fn arbitrary_bodies_are_read_without_panic(
        kind in "(text/(plain|html)|multipart/(mixed|alternative); boundary=b)(; format=flowed)?(; delsp=yes)?",
        charset in "utf-8|utf-16|big5|gb18030|iso-2022-jp|x",
        encoding in "8bit|base64|quoted-printable",
        body in prop::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let head = format!(
            "From: a@b.example\r\nContent-Type: {kind}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        );
        check(&[head.as_bytes(), &body].concat());
    }

    #[test]
    fn meaningful_pieces_in_any_order_are_read_without_panic(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60),
    ) {
        check(pieces.concat().as_bytes());
        check(format!("From: a@b.example\r\n{}", pieces.concat()).as_bytes());
        check(format!("From: a@b.example\r\nContent-Type: text/html\r\n\r\n{}", pieces.concat()).as_bytes());
    }

    #[test]
    fn changed_samples_are_read_without_panic(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), 0_usize..20, prop::sample::select(&PIECES[..])), 1..8),
    ) {
        let samples = samples();
        let mut raw = which.get(&samples).clone();
        for (at, removed, put) in changes {
            let at = at.index(raw.len() + 1);
            let end = (at + removed).min(raw.len());
            raw.splice(at..end, put.bytes());
        }
        check(&raw);
    }

    #[test]
    fn cut_off_samples_are_read_without_panic(which in any::<Index>(), at in any::<Index>()) {
        let samples = samples();
        let raw = which.get(&samples);
        check(&raw[..at.index(raw.len() + 1)]);
    }

    #[test]
    fn a_line_of_ones_own_above_a_quote_is_never_passed_over(
        words in prop::collection::vec(prop::sample::select(&OWN_WORDS[..]), 2..12),
        at in any::<Index>(),
        end in prop::sample::select(&[":", "：", " :", ":\r\n"][..]),
        quoted in prop::collection::vec(prop::sample::select(&LINES[..]), 1..5),
    ) {
        let mut words = words;
        // Whatever dates, addresses and verbs stand around them, these are no mail program's words.
        words.insert(at.index(words.len() + 1), "object, and cannot agree with this,");
        let own = format!("{}{end}", words.join(" "));
        let quote = quoted.join("\r\n> ");
        says_nothing("text/plain; charset=utf-8", &format!("{own}\r\n> {quote}\r\n\r\nCONFIRM DA3_00013361\r\n"));
        let own = own.replace('<', "&lt;");
        let html = format!("<p>{own}</p><blockquote>x</blockquote><p>CONFIRM DA3_00013361</p>");
        says_nothing("text/html; charset=utf-8", &html);
    }

    #[test]
    fn two_renderings_say_what_both_say_or_nothing(
        words in prop::collection::vec(prop::sample::select(&OWN_WORDS[..]), 1..12),
        more in prop::collection::vec(prop::sample::select(&OWN_WORDS[..]), 0..6),
        is_html in any::<bool>(),
    ) {
        let reason = words.join(" ");
        let more = more.join(" ");
        let (in_plain, in_html) = if is_html { ("", more.as_str()) } else { (more.as_str(), "") };
        let raw = format!(
            "From: a@b.example\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nRETURN DA3_00013361 row {reason}\r\n{in_plain}\r\n--b\r\n\
             Content-Type: text/html; charset=utf-8\r\n\r\n<p>RETURN DA3_00013361 row {}</p><p>{}</p>\r\n--b--\r\n",
            reason.replace('<', "&lt;"),
            in_html.replace('<', "&lt;"),
        );
        match read(raw.as_bytes()).unwrap().command {
            ReplyCommand::Return(_, said) => prop_assert_eq!(said, format!("row {reason}")),
            other => prop_assert!(false, "{:?}: {}", other, raw),
        }
    }

    #[test]
    fn words_that_are_quoted_never_decide(
        lines in prop::collection::vec(prop::sample::select(&LINES[..]), 1..20),
        lead in prop::sample::select(&LEADS[..]),
        is_flowed in any::<bool>(),
    ) {
        let format = if is_flowed { "; format=flowed" } else { "" };
        let marked = format!("> {}\r\n", lines.join("\r\n> "));
        says_nothing(&format!("text/plain{format}"), &format!("On Monday, C wrote:\r\n{marked}"));
        says_nothing(&format!("text/plain{format}"), &format!("{marked}\r\n-- \r\nCONFIRM DA3_00013361"));
        let unmarked = lines.join("\r\n");
        says_nothing(&format!("text/plain{format}"), &format!("{lead}\r\n{unmarked}"));
        let shown = format!("<p>{}</p>", lines.join("\n").replace('<', "&lt;").replace('\n', "</p><p>"));
        for (before, after) in QUOTES {
            says_nothing("text/html; charset=utf-8", &format!("{before}{shown}{after}"));
        }
    }
}

/// Words that stand in introductions of quotes, too.
const OWN_WORDS: [&str; 16] = [
    "On",
    "Am",
    "27.3.2023",
    "10:43",
    "March",
    "2023,",
    "C",
    "Wong",
    "<c@c.example>",
    "c@c.example",
    "wrote",
    "schrieb",
    "寫道",
    "to",
    "I",
    "what",
];

/// Lines that a maker may have written into a request, to be quoted in an answer.
const LINES: [&str; 12] = [
    "CONFIRM DA3_00013361",
    "RETURN DA3_00013361 x",
    "",
    "> CONFIRM DA3_00013361",
    "-- ",
    "On Monday, C wrote:",
    "C wrote: ",
    "</blockquote>",
    "</div>CONFIRM DA3_00013361",
    "-----",
    "From: x",
    "The remarks of a maker, which are so long that they may be wrapped by a mail program",
];

/// What leads in a quote without marks.
const LEADS: [&str; 6] = [
    "-----Original Message-----",
    "________________________________",
    "Begin forwarded message:",
    "From: C\r\nSent: Monday",
    "寄件者: C\r\n收件者: D",
    "Sent from my iPhone",
];

/// What mail programs put around a quote in HTML.
const QUOTES: [(&str, &str); 5] = [
    ("<blockquote>", "</blockquote>"),
    (
        "<div class=gmail_quote>On Monday, C wrote:<blockquote>",
        "</blockquote></div>",
    ),
    ("<div id=divRplyFwdMsg>From: C</div>", ""),
    ("<div style='border-top:solid #E1E1E1 1pt'>From: C</div>", ""),
    ("<div class=yahoo_quoted>", "</div>"),
];

fn says_nothing(kind: &str, body: &str) {
    let raw = format!("From: a@b.example\r\nContent-Type: {kind}\r\n\r\n{body}");
    assert_eq!(
        read(raw.as_bytes()).unwrap().command,
        ReplyCommand::Nothing,
        "{body:?}"
    );
}
