//! Nothing but the first line decides, and nothing that a person wrote is lost: replies that once came out otherwise.

use countersign_domain::approval::Declined;
use countersign_reply::{Message, ReplyCommand, read};

const HEAD: &str = "From: checker@abc.example\r\n";
const UTF_8: &str = "Content-Type: text/plain; charset=utf-8\n\n";

/// A message, with `REF` for the reference.
fn message(rest: &str) -> Message {
    let rest = rest.replace("REF", "DA3_00013361").replace('\n', "\r\n");
    read(format!("{HEAD}{rest}").as_bytes()).unwrap()
}

fn outcome(message: Message) -> Result<String, Declined> {
    match message.command {
        ReplyCommand::Confirm(_, words) => Ok(format!("confirm: {}", words.unwrap_or_default())),
        ReplyCommand::Return(_, reason) => Ok(format!("return: {reason}")),
        ReplyCommand::Nothing => Err(message.obstacle.unwrap()),
    }
}

fn plain(body: &str) -> Result<String, Declined> {
    outcome(message(&format!("{UTF_8}{body}")))
}

fn html(body: &str) -> Result<String, Declined> {
    outcome(message(&format!(
        "Content-Type: text/html; charset=utf-8\n\n{body}"
    )))
}

/// Parts of a multipart, each with its header.
fn parts(subtype: &str, parts: &[&str]) -> Result<String, Declined> {
    let parts: Vec<String> = parts.iter().map(|part| format!("--b\n{part}\n")).collect();
    let parts = parts.concat();
    outcome(message(&format!(
        "Content-Type: multipart/{subtype}; boundary=b\n\n{parts}--b--\n"
    )))
}

fn confirmed(words: &str) -> String {
    format!("confirm: {words}")
}

#[test]
fn a_command_below_a_quote_never_counts_whatever_stands_above_it() {
    for above in [
        "Disagree with ABC@bank.com.hk dated 28/04/2023:",
        "DO NOT SEND ABC@bank.com.hk 28/4/2023:",
        "Stop. Wrong. ABC@bank.com.hk 28/4/2023:",
        "Rejected 28/4/2023 10:43 ABC@bank.com.hk:",
        "Not Approved on 28 April 2023 by email to <ABC@bank.com.hk>:",
        "WRONG ADDRESS ABC@bank.com.hk 28/04/2023:",
        "不同意 ABC@bank.com.hk 於 2023年4月28日：",
        "不同意 2023年4月28日 10:43 寫道：",
        "地址錯誤 在 2023年4月28日 10:43 寫道：",
        "On 28/04/2023 10:43, Countersign <no-reply@countersign.example> wrote:",
        "",
    ] {
        let body = format!("{above}\n> B01234X1: ABC@bank.com.hk\n\nCONFIRM REF\n");
        assert!(plain(&body).is_err(), "{above}");
        let above = above.replace('<', "&lt;");
        let body = format!("<p>{above}</p><blockquote>B01234X1</blockquote><p>CONFIRM REF</p>");
        assert!(html(&body).is_err(), "{above}");
    }
}

#[test]
fn a_warning_that_is_no_fixed_label_is_not_passed_over() {
    for above in [
        "Caution: this email originated from outside, and I do not confirm it.",
        "注意：此電郵來自外部，我不同意。",
        "[EXTERNAL]",
    ] {
        assert_eq!(
            plain(&format!("{above}\n\nCONFIRM REF\n")),
            Err(Declined::NotUnderstood),
            "{above}"
        );
    }
    assert_eq!(
        plain("Classification: Internal\n\nCONFIRM REF\n"),
        Ok(confirmed(""))
    );
}

#[test]
fn a_confirmation_with_return_at_the_start_of_any_line_is_undecided() {
    for below in [
        "> quoted\n\nRETURN REF row 3",
        "On 28/04/2023 10:43, Countersign wrote:\n> quoted\n\nRETURN REF row 3",
        "On 28/04/2023 10:43, Countersign wrote:\n\nRETURN REF row 3",
        "From: Countersign\nSent: x\nTo: D\nSubject: x\n\nThe letter says RETURN.\n\nRETURN REF row 3",
        "-----Original Message-----\nRETURN REF row 3",
        "Sent from my iPhone\n\nRETURN REF row 3",
        "-- \nRETURN REF row 3",
        "RETURN",
        "RETURN: row 3 wrong",
        "RETURN: REF row 3",
        "- RETURN REF row 3",
        "1. return REF row 3",
        "• *Return* it",
        "RETURN\nREF row 3",
        "No: RETURN REF row 3",
        "no\u{2028}return REF row 3",
        "ＲＥＴＵＲＮ REF row 3",
        "RE\u{200b}TURN REF row 3",
        // Whether it asks for a return is not for a program to judge.
        "return it if row 3 is wrong",
    ] {
        assert_eq!(
            plain(&format!("CONFIRM REF\n\n{below}\n")),
            Err(Declined::BothCommands),
            "{below}"
        );
        let shown = below
            .replace('\n', "<br>")
            .replace("> quoted", "<blockquote>quoted</blockquote>");
        assert_eq!(
            html(&format!("CONFIRM REF<br>{shown}")),
            Err(Declined::BothCommands),
            "{below}"
        );
    }
    let long = format!("CONFIRM REF\n{}\nRETURN REF row 3\n", "x".repeat(20_000));
    assert_eq!(plain(&long), Err(Declined::BothCommands));
    let flowed = "Content-Type: text/plain; charset=utf-8; format=flowed\n\nCONFIRM REF\nNo, please \nreturn REF row 3\n";
    assert_eq!(outcome(message(flowed)), Err(Declined::BothCommands));
    let original = "CONFIRM REF<div id=appendonsend></div><p>The letter</p><p>RETURN REF row 3</p>";
    assert_eq!(html(original), Err(Declined::BothCommands));
    let signed = "CONFIRM REF<div class=gmail_signature>D Wong<br>return REF row 3</div>";
    assert_eq!(html(signed), Err(Declined::BothCommands));
    for element in ["section", "th", "figure", "details", "span style='display:block'"] {
        let body = format!("CONFIRM REF<p>row 3<{element}>return REF row 3");
        assert_eq!(html(&body), Err(Declined::BothCommands), "{element}");
    }
}

#[test]
fn a_return_in_another_text_part_leaves_a_confirmation_undecided() {
    let confirm = format!("{UTF_8}CONFIRM REF");
    let image = "Content-Type: image/png\n\nx";
    let returning = format!("{UTF_8}RETURN REF row 3");
    let returning_html = "Content-Type: text/html; charset=utf-8\n\n<p>RETURN REF row 3";
    let other = "Content-Type: text/enriched\n\n<bold>RETURN REF</bold> row 3";
    let html = "Content-Type: text/html; charset=utf-8\n\n<p>CONFIRM REF";
    let undecided = Err(Declined::BothCommands);
    assert_eq!(parts("mixed", &[&confirm, image, &returning]), undecided);
    assert_eq!(parts("mixed", &[&confirm, returning_html]), undecided);
    assert_eq!(parts("related", &[html, returning_html]), undecided);
    assert_eq!(parts("mixed", &[&confirm, other]), undecided);
    assert_eq!(parts("alternative", &[&confirm, other, html]), undecided);
    let unread = "Content-Type: text/plain; charset=x-unknown\n\nx";
    assert_eq!(
        parts("mixed", &[&confirm, unread]),
        Err(Declined::UnknownCharacters)
    );
    let damaged = "Content-Type: text/plain\nContent-Type: text/html\n\nRETURN REF row 3";
    assert_eq!(parts("mixed", &[damaged, &confirm]), Err(Declined::Damaged));
}

#[test]
fn words_in_a_text_below_a_picture_are_kept() {
    let image = "Content-Type: image/png\n\nx";
    let (first, second) = (format!("{UTF_8}CONFIRM REF\nOne."), format!("{UTF_8}Two."));
    assert_eq!(
        parts("mixed", &[&first, image, &second]),
        Ok(confirmed("One.\n\nTwo."))
    );
    let below_a_quote = format!("{UTF_8}CONFIRM REF\nOne.\n> quoted");
    assert_eq!(
        parts("mixed", &[&below_a_quote, image, &second]),
        Ok(confirmed("One."))
    );
    let returning = format!("{UTF_8}RETURN REF One.");
    assert_eq!(
        parts("mixed", &[&returning, image, &second]),
        Ok("return: One.\n\nTwo.".to_owned())
    );
}

#[test]
fn lines_that_were_not_read_leave_a_confirmation_undecided() {
    let body = format!("CONFIRM REF\n{}", "x\n".repeat(20_000));
    assert_eq!(plain(&body), Err(Declined::TooLong));
    assert_eq!(html(&body.replace('\n', "<br>")), Err(Declined::TooLong));
}

#[test]
fn a_notice_that_asks_for_an_answer_by_return_e_mail_returns_nothing() {
    let notice = "If you are not the intended recipient, notify the sender by\nreturn e-mail.";
    assert_eq!(
        plain(&format!("CONFIRM REF\n\n{notice}\n")),
        Ok(confirmed(notice))
    );
}

#[test]
fn text_that_cannot_be_decoded_is_not_guessed() {
    // 第三行 in Big5.
    let big5 = b"\xb2\xc4\xa4T\xa6\xe6";
    for kind in [
        "Content-Type: text/plain; charset=us-ascii\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Type: text/plain; charset=gb18030\r\n",
        "",
    ] {
        for command in ["CONFIRM DA3_00013361\r\n", "RETURN DA3_00013361 "] {
            let raw = [format!("{HEAD}{kind}\r\n{command}").as_bytes(), big5, b"\xff"].concat();
            let message = read(&raw).unwrap();
            assert_eq!(
                outcome(message),
                Err(Declined::UnknownCharacters),
                "{kind} {command}"
            );
        }
    }
    // A program on the way has replaced the characters.
    assert_eq!(
        plain("RETURN REF \u{fffd}\u{fffd}T\n"),
        Err(Declined::UnknownCharacters)
    );
    assert_eq!(plain("CONFIRM REF\n\u{fffd}\n"), Err(Declined::UnknownCharacters));
}

#[test]
fn words_that_resemble_what_programs_add_are_kept() {
    for words in [
        "Sent with the wrong mail address in row 3: do not process it before Monday.",
        "Sent via the wrong mail address; row 5 must be corrected, too.",
        "Sent from my desk: row 5 is wrong.",
        "Scanned by mistake from another form; see row 5.",
        "Disclaimer and declaration must be checked again for row 5.",
        "Row 3 is wrong.\n-----\nRow 5 is wrong, too.",
        "Please change it from <a@bank.example> (28/04/2023) to:\nb@bank.example",
        "From: a@bank.example\nTo: b@bank.example",
        "此電郵地址屬機密，請改用第五行的地址。",
        "重要提示：第三行地址錯誤，內容機密，請更正。",
        "Original message:\nrow 3",
        "Regards,\nD Wong\nP.S. Do not send it before Monday.",
    ] {
        assert_eq!(plain(&format!("CONFIRM REF\n\n{words}\n")), Ok(confirmed(words)));
        assert_eq!(
            plain(&format!("RETURN REF x\n\n{words}\n")),
            Ok(format!("return: x\n\n{words}"))
        );
        let shown = words.replace('<', "&lt;").replace('\n', "<br>");
        assert_eq!(html(&format!("CONFIRM REF<br>{shown}")), Ok(confirmed(words)));
    }
}

#[test]
fn a_line_that_a_telephone_adds_is_left_out_and_what_stands_below_it_kept() {
    for line in [
        "Sent from my iPhone",
        "從我的 iPhone 傳送",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
    ] {
        assert_eq!(
            plain(&format!("CONFIRM REF\nOne.\n\n{line}\n")),
            Ok(confirmed("One.")),
            "{line}"
        );
        assert_eq!(
            plain(&format!("CONFIRM REF\n{line}\nTwo.\n")),
            Ok(confirmed("Two.")),
            "{line}"
        );
    }
}

#[test]
fn an_introduction_ends_the_words_if_it_names_us_and_says_nothing_else() {
    for lead in [
        "On 28/04/2023 10:43, Countersign <no-reply@countersign.example> wrote:",
        "On Fri, Apr 28, 2023 at 10:43 AM Countersign <\nno-reply@countersign.example> wrote:",
        "Countersign <no-reply@countersign.example> 於 2023年4月28日 週五 上午10:43寫道：",
    ] {
        assert_eq!(
            plain(&format!("CONFIRM REF\n\nOne.\n\n{lead}\n\n> quoted\n")),
            Ok(confirmed("One.")),
            "{lead}"
        );
        assert_eq!(
            plain(&format!("CONFIRM REF\nNo\n{lead}\n\nquoted\n")),
            Ok(confirmed("No")),
            "{lead}"
        );
    }
    for own in [
        "Rejected on 28/04/2023 10:43, Countersign <no-reply@countersign.example> wrote:",
        "On 28/04/2023 10:43, Countersign did not ask what ABC wrote:",
        "不同意 Countersign 於 2023年4月28日 寫道：",
    ] {
        assert_eq!(
            plain(&format!("CONFIRM REF\n\n{own}\n> quoted\n")),
            Ok(confirmed(own))
        );
    }
}

#[test]
fn a_reply_that_says_nothing_tells_why() {
    for (body, why) in [
        ("Hello?\n", Declined::NotUnderstood),
        ("CONFIRM\n", Declined::NotUnderstood),
        ("RETURN REF\n", Declined::NoReason),
        ("RETURN REF <reason>\n", Declined::NoReason),
        ("RETURN REF\n\nD Wong\n", Declined::NoReason),
        ("RETURN REF\nSent from my iPhone\n", Declined::NoReason),
        ("CONFIRM REF\u{b}no\n", Declined::ControlCharacters),
        ("CONFIRM REF\none\u{b}two\n", Declined::ControlCharacters),
        ("RETURN REF one\u{85}two\n", Declined::ControlCharacters),
        ("> quoted\n\nCONFIRM REF\n", Declined::NotAtTop),
        (
            "On 28/04/2023 10:43, Countersign wrote:\n> quoted\n",
            Declined::NotAtTop,
        ),
        (
            "From: Countersign\nSent: Monday\nTo: D Wong\n\nCONFIRM REF\n",
            Declined::NotAtTop,
        ),
        ("-- \nCONFIRM REF\n", Declined::NotAtTop),
        ("CONFIRM REF\nRETURN REF row 3\n", Declined::BothCommands),
    ] {
        assert_eq!(plain(body), Err(why), "{body:?}");
    }
    assert_eq!(html("<p hidden>CONFIRM REF</p>"), Err(Declined::NoText));
    let (text, html) = (
        format!("{UTF_8}CONFIRM REF"),
        "Content-Type: text/html\n\n<p>Please wait",
    );
    assert_eq!(
        parts("alternative", &[&text, html]),
        Err(Declined::RenderingsDiffer)
    );
    assert_eq!(
        parts("alternative", &[&text, &text]),
        Err(Declined::RenderingsDiffer)
    );
}

#[test]
fn a_text_of_another_kind_leaves_a_confirmation_undecided_whatever_it_says() {
    let confirm = format!("{UTF_8}CONFIRM REF");
    for kind in [
        "text/enriched",
        "text/markdown",
        "text/x-amp-html",
        "application/xhtml+xml",
    ] {
        let other = format!("Content-Type: {kind}\n\nI do not agree, row 3 is wrong.");
        for subtype in ["mixed", "alternative"] {
            for order in [[confirm.as_str(), &other], [other.as_str(), &confirm]] {
                assert_eq!(
                    parts(subtype, &order),
                    Err(Declined::RenderingsDiffer),
                    "{kind} {subtype}"
                );
            }
        }
    }
}

#[test]
fn what_a_mail_program_shows_is_read_however_it_is_laid_out() {
    let indented = "<p style='margin-left:106.35pt;text-indent:-106.35pt'>";
    for above in [
        format!("{indented}Row 3 is wrong.</p>"),
        "<div style='height:0'>Row 3 is wrong.</div>".to_owned(),
    ] {
        assert!(html(&format!("{above}<p>CONFIRM REF</p>")).is_err(), "{above}");
    }
    let returned = format!("<p>CONFIRM REF</p>{indented}RETURN REF row 3</p>");
    assert_eq!(html(&returned), Err(Declined::BothCommands));
}

#[test]
fn a_notice_that_asks_for_an_answer_by_return_is_no_return() {
    let notice = "PLEASE NOTIFY US IMMEDIATELY BY RETURN E-MAIL AND DELETE THIS MESSAGE.";
    assert_eq!(
        plain(&format!("CONFIRM REF\n\n-- \nD Wong\n{notice}\n")),
        Ok(confirmed(""))
    );
    let said = "I DO NOT AGREE. PLEASE RETURN IT.";
    assert_eq!(
        plain(&format!("CONFIRM REF\n\n{said}\n")),
        Err(Declined::BothCommands)
    );
}

#[test]
fn the_original_below_a_cut_line_of_netease_is_no_message() {
    for cut in ["---- 回复的原邮件 ----", "---- Replied Message ----"] {
        let body = format!("RETURN REF row 3\n\n{cut}\n| 发件人 | Countersign |\nThe letter\n");
        assert_eq!(plain(&body), Ok("return: row 3".to_owned()), "{cut}");
    }
}
