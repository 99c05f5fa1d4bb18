//! Which words, and where they stand, make an answer.

use countersign_reply::{ReplyCommand, read};

fn message(head: &str, body: &str) -> Vec<u8> {
    let text = format!("From: D Wong <checker@abc.example>\n{head}\n\n{body}");
    text.replace('\n', "\r\n").into_bytes()
}

fn said_in(head: &str, body: &str) -> String {
    match read(&message(head, body)).unwrap().command {
        ReplyCommand::Confirm(reference, None) => format!("confirm {reference}"),
        ReplyCommand::Confirm(reference, Some(message)) => format!("confirm {reference} {message}"),
        ReplyCommand::Return(reference, reason) => format!("return {reference} {reason}"),
        ReplyCommand::Nothing => "nothing".to_owned(),
    }
}

fn plain(body: &str) -> String {
    said_in("Content-Type: text/plain; charset=utf-8", body)
}

const CONFIRMED: &str = "confirm DA3_00013361";

#[test]
fn a_confirmation_is_the_word_and_the_reference_alone_on_a_line() {
    for body in [
        "CONFIRM DA3_00013361",
        "confirm da3_00013361\n",
        "\n\n  Confirm\t DA3_00013361.  \n",
        "\u{feff}CONFIRM\u{a0}DA3_00013361。",
        "\u{200b}\u{3000}CONFIRM\u{3000}\u{200b}DA3_00013361\u{200d}\u{ad}",
        "CON\u{200b}FIRM DA3_\u{ad}00013361",
        "ＣＯＮＦＩＲＭ　ＤＡ３＿０００１３３６１．",
        "*CONFIRM DA3_00013361*",
        "**CONFIRM DA3_00013361**.",
        "_CONFIRM_ *DA3_00013361*",
        "_*CONFIRM DA3_00013361.*_",
        "/CONFIRM DA3_00013361/",
    ] {
        assert_eq!(plain(body), CONFIRMED, "{body:?}");
    }
}

#[test]
fn anything_else_on_the_line_makes_it_no_confirmation() {
    for body in [
        "",
        "CONFIRM",
        "CONFIRM DA3_1",
        "CONFIRM DA3_000133611",
        "CONFIRM DA3_00000000",
        "CONFIRM 00013361",
        "CONFIRM\nDA3_00013361",
        "CONFIRMED DA3_00013361",
        "Please CONFIRM DA3_00013361",
        "I CONFIRM DA3_00013361",
        "Yes\nCONFIRM DA3_00013361",
        "CONFIRM DA3_00013361 but not row 3",
        "CONFIRM DA3_00013361?",
        "CONFIRM DA3_00013361, please",
        "CONFIRM DA3_00013361..",
        "CONFIRM DA3_00013361 DA3_00013362",
        "CONFIRM: DA3_00013361",
        "*CONFIRM DA3_00013361",
        "CONFIRM DA3_00013361*",
        "* CONFIRM DA3_00013361",
        "*CONFIRM DA3_00013361* not yet",
        "~CONFIRM DA3_00013361~",
        "\"CONFIRM DA3_00013361\"",
        "СONFIRM DA3_00013361",
        "CONFİRM DA3_00013361",
        "\u{202e}CONFIRM DA3_00013361",
        "CONFIRM DA3_00013361\u{2028}no",
        "CONFIRM DA3_00013361\u{b}no",
        "CONFIRM DA3_00013361\rno",
        "CONFIRM DA3_00013361\0",
        "-- \nCONFIRM DA3_00013361",
    ] {
        assert_eq!(plain(body), "nothing", "{body:?}");
    }
}

#[test]
fn a_return_needs_a_reason_which_may_go_on_over_lines() {
    for (body, reason) in [
        ("RETURN DA3_00013361 row 3", "row 3"),
        ("return da3_00013361: row 3", "row 3"),
        ("RETURN DA3_00013361：第三行", "第三行"),
        ("RETURN DA3_00013361, row 3\n\nand 4\n\n", "row 3\n\nand 4"),
        ("RETURN DA3_00013361\nrow 3:\na typo", "row 3:\na typo"),
        ("RETURN DA3_00013361 a\tb\u{a0}c\u{ad}d", "a b cd"),
        ("*RETURN DA3_00013361* *row* 3", "*row* 3"),
        ("RETURN DA3_00013361 row 3\n--\nD Wong", "row 3"),
        ("RETURN DA3_00013361 row 3\n> quoted\nmore", "row 3"),
        ("RETURN DA3_00013361 row 3\nSent from my iPad", "row 3"),
        ("RETURN DA3_00013361 row 3\n\n從我的 iPhone 傳送", "row 3"),
        (
            "RETURN DA3_00013361 row 3\n\nCountersign <no-reply@countersign.example> wrote:\n\nunmarked",
            "row 3",
        ),
        ("RETURN DA3_00013361 confirm row 3 first", "confirm row 3 first"),
        (
            "RETURN DA3_00013361 row 3\nconfirm it first",
            "row 3\nconfirm it first",
        ),
    ] {
        assert_eq!(plain(body), format!("return DA3_00013361 {reason}"), "{body:?}");
    }
    for body in [
        "RETURN",
        "RETURN DA3_00013361",
        "RETURN DA3_00013361:",
        "RETURN DA3_00013361\n\n> quoted",
        "RETURN DA3_00013361 a\u{7}b",
        "RETURN DA3_00013361 a\rb",
        "RETURN row 3",
    ] {
        assert_eq!(plain(body), "nothing", "{body:?}");
    }
}

#[test]
fn words_below_a_confirmation_are_its_message() {
    for (body, message) in [
        ("CONFIRM DA3_00013361\n\nplease do not send", "please do not send"),
        (
            "CONFIRM DA3_00013361\nOne.\n\nTwo.\n\nRegards,\nD Wong",
            // Too much kept does no harm, and a postscript may follow.
            "One.\n\nTwo.\n\nRegards,\nD Wong",
        ),
        ("CONFIRM DA3_00013361\nOne.\n-- \nD Wong", "One."),
        ("CONFIRM DA3_00013361\nOne.\n> quoted\nmore", "One."),
        (
            "CONFIRM DA3_00013361\nCONFIRM DA3_00000001",
            "CONFIRM DA3_00000001",
        ),
    ] {
        assert_eq!(plain(body), format!("{CONFIRMED} {message}"), "{body:?}");
    }
    assert_eq!(plain("CONFIRM DA3_00013361\na\u{7}b"), "nothing");
}

#[test]
fn both_commands_in_one_answer_decide_nothing() {
    for other in ["RETURN DA3_00013361 row 3", "*return da3_00013361*"] {
        assert_eq!(
            plain(&format!("CONFIRM DA3_00013361\nOr:\n{other}\n")),
            "nothing",
            "{other}"
        );
    }
}

#[test]
fn words_of_more_than_2000_characters_are_cut_and_end_in_an_ellipsis() {
    let longest = "誤".repeat(ReplyCommand::MAX_MESSAGE_CHARS);
    let cut = format!("{}…", "誤".repeat(ReplyCommand::MAX_MESSAGE_CHARS - 1));
    for (command, said) in [
        ("RETURN DA3_00013361 ", "return DA3_00013361"),
        ("CONFIRM DA3_00013361\n", CONFIRMED),
    ] {
        assert_eq!(
            plain(&format!("{command}{longest}\n\n\n")),
            format!("{said} {longest}")
        );
        for more in ["誤", "\n誤", &"\n誤".repeat(5_000), &"誤".repeat(20_000)] {
            assert_eq!(
                plain(&format!("{command}{longest}{more}")),
                format!("{said} {cut}")
            );
        }
        assert_eq!(
            plain(&format!("{command}a{}b", "\n".repeat(3_000))),
            format!("{said} a\n\n\nb"),
            "of many blank lines a few are kept"
        );
    }
}

#[test]
fn what_may_be_a_quote_without_marks_decides_nothing() {
    let quoted = "CONFIRM DA3_00013361\n";
    for lead in [
        "-----Original Message-----\n",
        "----- 原始郵件 -----\n",
        "---------- Forwarded message ---------\n",
        "________________________________\n",
        "Begin forwarded message:\n\n",
        "From: Countersign\nSent: Monday\nTo: D Wong\nSubject: x\n\n",
        "*From:* Countersign\n*Date:* Monday\n\n",
        "寄件者： Countersign\n收件者： 王\n\n",
        "发件人: Countersign\n发送时间: 2023\n\n",
        "On Monday, Countersign <no-reply@countersign.example> wrote:\n",
        "On Monday, Countersign\n<no-reply@countersign.example>\nwrote:\n\n",
        "Countersign 於 2023年3月27日 寫道：\n\n",
        "> The remarks of the maker, which are long enough to be\n",
        "Sent from my iPhone\n\n",
        "Le lun. 27 mars 2023, Countersign a dit\n",
    ] {
        assert_eq!(plain(&format!("{lead}{quoted}")), "nothing", "{lead:?}");
    }
}

#[test]
fn two_renderings_have_to_say_the_same() {
    let both = |text: &str, html: &str| {
        let body = format!(
            "--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
        );
        said_in("Content-Type: multipart/alternative; boundary=b", &body)
    };
    assert_eq!(both("CONFIRM DA3_00013361", "<p>CONFIRM DA3_00013361"), CONFIRMED);
    // A mail program wraps and marks up its renderings in different ways.
    assert_eq!(
        both(
            "RETURN DA3_00013361 *row*\n3",
            "<p>RETURN DA3_00013361 <b>row</b> 3"
        ),
        "return DA3_00013361 *row*\n3"
    );
    for (text, html) in [
        ("CONFIRM DA3_00013361", "<p>CONFIRM DA3_00013362"),
        ("CONFIRM DA3_00013361", "<p>RETURN DA3_00013361 x"),
        ("CONFIRM DA3_00013361", "<p>Please wait"),
        ("CONFIRM DA3_00013361", ""),
        ("", "<p>CONFIRM DA3_00013361"),
        ("Please wait", "<p>CONFIRM DA3_00013361"),
    ] {
        assert_eq!(both(text, html), "nothing", "{text:?} {html:?}");
    }
}

#[test]
fn a_message_id_that_could_not_stand_in_a_header_is_left_out() {
    let id = |value: &str| {
        read(&message(&format!("Message-ID: {value}"), ""))
            .unwrap()
            .message_id
    };
    assert_eq!(id("<a.b@c>").as_deref(), Some("<a.b@c>"));
    assert_eq!(id("\n <a@b>").as_deref(), Some("<a@b>"));
    let long = format!("<{}@b>", "a".repeat(500));
    for bad in [
        "",
        "a@b",
        "<a>",
        "<a@b@c>",
        "<@b>",
        "<a b@c>",
        "<a@b> <c@d>",
        "<é@b>",
        "<a@b>\nMessage-ID: <c@d>",
        &long,
    ] {
        assert_eq!(id(bad), None, "{bad:?}");
    }
}

#[test]
fn an_answer_to_an_invitation_is_a_machines_even_as_an_attachment() {
    let with = |calendar: &str| {
        let body = format!("--b\n\nCONFIRM DA3_00013361\n--b\n{calendar}\n\nBEGIN:VCALENDAR\n--b--\n");
        read(&message("Content-Type: multipart/mixed; boundary=b", &body)).unwrap()
    };
    for calendar in [
        "Content-Type: text/calendar",
        "Content-Type: text/calendar; method=REPLY; name=a.ics\nContent-Disposition: attachment",
    ] {
        assert!(with(calendar).is_automatic, "{calendar}");
        assert_eq!(with(calendar).command, ReplyCommand::Nothing, "{calendar}");
    }
    let invitation = "Content-Type: text/calendar; name=a.ics\nContent-Disposition: attachment";
    assert!(matches!(with(invitation).command, ReplyCommand::Confirm(..)));
}
