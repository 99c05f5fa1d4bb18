//! Messages made to cost their reader time, memory or its stack. All of these have to be read, or refused, right away.

use std::fmt::Write as _;

use countersign_domain::approval::Declined;
use countersign_reply::{MAX_TEXT_OCTETS, ReplyCommand, Unreadable, read};

const HEAD: &str = "From: checker@abc.example\r\n";
const CONFIRM: &str = "CONFIRM DA3_00013361\r\n";

fn command(raw: &str) -> ReplyCommand {
    read(raw.as_bytes()).unwrap().command
}

fn confirms(raw: &str) -> bool {
    matches!(command(raw), ReplyCommand::Confirm(..))
}

/// Repeats a text up to the size of the largest text.
fn filled(start: &str, unit: &str) -> String {
    let mut raw = start.to_owned();
    raw.push_str(&unit.repeat((MAX_TEXT_OCTETS - start.len()) / unit.len()));
    raw
}

/// Why a message takes no step.
fn obstacle(raw: &str) -> Option<Declined> {
    let message = read(raw.as_bytes()).unwrap();
    assert_eq!(message.command, ReplyCommand::Nothing);
    message.obstacle
}

#[test]
fn a_text_of_a_mebibyte_is_read_and_a_longer_one_is_too_long() {
    let body = |room: usize| format!("{CONFIRM}{}", "x".repeat(room - CONFIRM.len()));
    assert!(confirms(&format!("{HEAD}\r\n{}", body(MAX_TEXT_OCTETS))));
    assert_eq!(
        obstacle(&format!("{HEAD}\r\n{}", body(MAX_TEXT_OCTETS + 1))),
        Some(Declined::TooLong)
    );
    // So many lines are not all read, and one of them may object.
    let lines = filled(&format!("{HEAD}\r\n{CONFIRM}"), "x\r\n");
    assert_eq!(obstacle(&lines), Some(Declined::TooLong));
}

#[test]
fn two_renderings_share_the_room_for_texts() {
    let of = |octets: usize| {
        let rest = "x".repeat(octets);
        format!(
            "{HEAD}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n{CONFIRM}{rest}\r\n\
             --b\r\nContent-Type: text/html\r\n\r\n<p>{CONFIRM}<p>{rest}\r\n--b--"
        )
    };
    assert!(confirms(&of(MAX_TEXT_OCTETS / 2 - 100)));
    assert_eq!(obstacle(&of(MAX_TEXT_OCTETS / 2)), Some(Declined::TooLong));
}

#[test]
fn parts_nested_a_hundred_deep_are_too_many() {
    let mut raw = HEAD.to_owned();
    for depth in 0..100 {
        write!(
            raw,
            "Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n"
        )
        .unwrap();
    }
    raw.push_str("Content-Type: text/plain\r\n\r\n");
    raw.push_str(CONFIRM);
    assert_eq!(obstacle(&raw), Some(Declined::TooLong));
}

#[test]
fn messages_nested_by_the_thousand_are_not_entered() {
    let raw = filled(HEAD, "Content-Type: message/rfc822\r\n\r\n");
    assert_eq!(command(&raw), ReplyCommand::Nothing);
    let raw = filled(
        HEAD,
        "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n",
    );
    assert_eq!(command(&raw), ReplyCommand::Nothing);
}

#[test]
fn parts_by_the_thousand_are_too_many() {
    let start = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    assert_eq!(obstacle(&filled(&start, "--b\r\n\r\n")), Some(Declined::TooLong));
    let unended = "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n";
    assert_eq!(obstacle(&filled(&start, unended)), Some(Declined::TooLong));
}

#[test]
fn ten_thousand_fields_are_passed_over() {
    assert!(confirms(&format!(
        "{HEAD}{}\r\n{CONFIRM}",
        "X-Field: x\r\n".repeat(10_000)
    )));
    assert!(confirms(&format!(
        "{HEAD}X: {}\r\n\r\n{CONFIRM}",
        "x".repeat(1_000_000)
    )));
    for crowd in [
        HEAD.repeat(90),
        HEAD.repeat(400),
        format!("{HEAD}{}", "List-Id: x\r\n".repeat(400)),
    ] {
        assert!(read(format!("{crowd}\r\n{CONFIRM}").as_bytes()).is_err());
    }
}

#[test]
fn a_second_author_is_seen_wherever_it_stands_in_the_header() {
    let fields = "X-Field: x\r\n".repeat(100_000);
    let raw = format!("{HEAD}{fields}From: evil@x.example\r\n\r\n{CONFIRM}");
    assert_eq!(read(raw.as_bytes()), Err(Unreadable::SeveralFrom));
}

#[test]
fn fields_without_an_end_name_nobody() {
    for unit in ["x", " ", ": ", "\r\n x", "\r\n\t", "(", "\"", "<", "@"] {
        let raw = filled("From: ", unit);
        assert_eq!(read(raw.as_bytes()), Err(Unreadable::FromUnclear), "{unit:?}");
    }
    // Below the limit, what is no address is none.
    for unit in [
        "(",
        "\"",
        "\\\"",
        "<",
        "@",
        "a@b.example,",
        "=?utf-8?q?x?=",
        "=?",
        "é",
    ] {
        let raw = format!("From: {}\r\n\r\n{CONFIRM}", unit.repeat(60_000 / unit.len()));
        assert_eq!(read(raw.as_bytes()), Err(Unreadable::FromUnclear), "{unit:?}");
    }
}

#[test]
fn parameters_by_the_thousand_describe_nothing() {
    for unit in [
        ";a=b",
        ";a*1*=utf-8''b",
        ";boundary=\"x\"",
        "(",
        "; charset=utf-8",
    ] {
        let raw = format!(
            "{HEAD}Content-Type: text/plain{}\r\n\r\n{CONFIRM}",
            unit.repeat(5_000)
        );
        assert_eq!(command(&raw), ReplyCommand::Nothing, "{unit}");
    }
}

#[test]
fn a_line_as_long_as_a_message_says_nothing() {
    let start = format!("{HEAD}\r\nCONFIRM ");
    for unit in ["x", " DA3_00013361", "\u{3000}", "\u{200b}", ":", "> ", "\0"] {
        assert_eq!(command(&filled(&start, unit)), ReplyCommand::Nothing, "{unit:?}");
    }
}

#[test]
fn quotes_and_leads_by_the_thousand_say_nothing() {
    for unit in [
        "> x\r\n",
        ">",
        "> ",
        "\r\n",
        "On x\r\n",
        "On x wrote:\r\n> x\r\n",
        "x:\r\n\r\n\r\n> x\r\n",
        "From: x\r\n",
    ] {
        assert_eq!(
            command(&filled(&format!("{HEAD}\r\n"), unit)),
            ReplyCommand::Nothing,
            "{unit:?}"
        );
        let flowed = format!("{HEAD}Content-Type: text/plain; format=flowed\r\n\r\n");
        assert_eq!(command(&filled(&flowed, unit)), ReplyCommand::Nothing, "{unit:?}");
    }
    let flowed = format!("{HEAD}Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\nCONFIRM ");
    assert_eq!(command(&filled(&flowed, "x \r\n")), ReplyCommand::Nothing);
}

#[test]
fn a_confirmation_above_more_lines_than_are_read_is_undecided() {
    let quote = "> x\r\n".repeat(1_000);
    assert!(confirms(&format!("{HEAD}\r\n{CONFIRM}\r\n{quote}")));
    let quote = "> x\r\n".repeat(20_000);
    assert!(!confirms(&format!("{HEAD}\r\n{CONFIRM}\r\n{quote}")));
}

#[test]
fn html_made_to_be_slow_says_nothing() {
    let start = format!("{HEAD}Content-Type: text/html\r\n\r\n");
    for unit in [
        "<",
        "<a",
        "<a ",
        "<a b='",
        "<a b=\"'>",
        "<!--",
        "<!-",
        "<!",
        "</",
        "</a",
        "</a>",
        "<div>",
        "<blockquote>",
        "</blockquote>",
        "<div class=gmail_quote>",
        "<div class=gmail_quote><blockquote>",
        "<span hidden>",
        "<script>",
        "<script></",
        "<title></titl",
        "<br>",
        "<p>x",
        "<pre>\r\n",
        "&",
        "&#",
        "&amp",
        "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "&nbsp;",
        "<p style='",
        "<p style=':;'>",
        "<p id=x class=x style=x>",
    ] {
        assert_eq!(command(&filled(&start, unit)), ReplyCommand::Nothing, "{unit}");
    }
}

#[test]
fn encodings_of_garbage_say_nothing() {
    for (encoding, unit) in [
        ("base64", "="),
        ("base64", "A"),
        ("base64", "Q09="),
        ("base64", "\0"),
        ("quoted-printable", "="),
        ("quoted-printable", "=\r\n"),
        ("quoted-printable", "=20"),
        ("quoted-printable", " "),
        ("x-unknown", "x"),
    ] {
        for charset in [
            "utf-8",
            "big5",
            "gb18030",
            "iso-2022-jp",
            "utf-16",
            "utf-7",
            "hz-gb-2312",
            "x-none",
            "",
        ] {
            let start = format!(
                "{HEAD}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
            );
            assert_eq!(
                command(&filled(&start, unit)),
                ReplyCommand::Nothing,
                "{encoding} {charset} {unit:?}"
            );
        }
    }
}

#[test]
fn octets_of_every_value_in_every_charset_say_nothing() {
    let octets: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    for charset in [
        "utf-8",
        "utf-16",
        "utf-16be",
        "utf-16le",
        "big5",
        "big5-hkscs",
        "gbk",
        "gb2312",
        "gb18030",
        "shift_jis",
        "euc-jp",
        "euc-kr",
        "iso-2022-jp",
        "iso-2022-kr",
        "hz-gb-2312",
        "koi8-r",
        "macintosh",
        "ibm850",
        "windows-1252",
        "x-user-defined",
        "x-mac-cyrillic",
        "us-ascii",
    ] {
        let head = format!("{HEAD}Content-Type: text/plain; charset={charset}\r\n\r\n");
        let raw = [head.as_bytes(), &octets].concat();
        assert_eq!(read(&raw).unwrap().command, ReplyCommand::Nothing, "{charset}");
    }
}
