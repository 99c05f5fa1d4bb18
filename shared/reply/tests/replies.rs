//! Replies that were read wrong, each for a kind. The messages are those of a review; people and addresses are made up.

use countersign_reply::{ReplyCommand, read};

/// The message's text as one part of plain text or HTML.
fn one(subtype: &str, body: &str) -> String {
    said(&format!(
        "Content-Type: text/{subtype}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    ))
}

fn plain(body: &str) -> String {
    one("plain", body)
}

fn html(body: &str) -> String {
    one("html", body)
}

fn both(plain: &str, html: &str) -> String {
    said(&format!(
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n\
         --b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
    ))
}

/// What a message says, with `REF` for the reference.
fn said(rest: &str) -> String {
    const REFERENCE: &str = "DA3_00013361";
    let raw = format!(
        "From: checker@abc.example\nTo: approve+k3qzv7m2n4p6r8t0w2y4a6c8e0@reply.countersign.example\n{rest}"
    );
    let raw = raw.replace("REF", REFERENCE).replace('\n', "\r\n");
    match read(raw.as_bytes()).unwrap().command {
        ReplyCommand::Confirm(_, None) => "confirm".to_owned(),
        ReplyCommand::Confirm(_, Some(message)) => format!("confirm: {message}"),
        ReplyCommand::Return(_, reason) => format!("return: {reason}"),
        ReplyCommand::Nothing => "nothing".to_owned(),
    }
}

/// Case 2.
#[test]
fn an_own_line_that_ends_in_a_colon_above_a_quote_is_not_passed_over() {
    for own in [
        "I object to this:",
        "不同意，原因如下：",
        "No, because of this:",
        "@C Two: I do not\nagree with\nthis:",
        "I object to what C <c@c.example> wrote:",
        "I object to what you wrote on 27 March 2023:",
        "I reject what C <c@c.example> wrote on 27 March 2023:",
        "On 27.3.2023 we rejected what C wrote:",
        "On 27.3.2023 I objected to what C <c@c.example> wrote:",
        "C <c@c.example> wrote on 27.3.2023, and this is wrong:",
        "See the mail of c@c.example, 27.3.2023 10:43, which is wrong:",
        "@C Two<mailto:c@c.example> I do not agree with this, 27.3.2023 10:43:",
        "Wrong! On 27.3.2023 C wrote:",
        "Rejected: C wrote on 27.3.2023:",
        "Ich lehne ab, was C am 27.03.2023 um 10:43 schrieb:",
        "Je refuse ce que C <c@c.example> a écrit le 27 mars 2023 :",
        "No acepto lo que C <c@c.example> escribió el 27/3/2023:",
        "C wrote:",
        "Row 3, 27.3.2023:",
        "I OBJECT TO WHAT C WROTE ON 27 MARCH 2023:",
        "我不同意王大文在2023年3月27日寫的內容：",
        "لا أوافق على ما كتب C في 27/3/2023:",
        "2023년 3월 27일에 작성한 내용에 동의하지 않습니다:",
        "ฉันไม่เห็นด้วยกับที่คุณเขียน 27/3/2566 10:43:",
    ] {
        let body = format!("{own}\n> row 3\n\nCONFIRM REF\n");
        assert_eq!(plain(&body), "nothing", "{own}");
        let shown = own.replace('<', "&lt;").replace('\n', "<br>");
        let shown = format!("<div>{shown}</div><blockquote>row 3</blockquote><div>CONFIRM REF</div>");
        assert_eq!(html(&shown), "nothing", "{own}");
        assert_eq!(both(&body, &shown), "nothing", "{own}");
    }
}

#[test]
fn a_lead_in_by_a_mail_program_above_a_marked_quote_ends_the_words() {
    for lead in [
        "On Mon, Mar 27, 2023 at 10:43 AM Countersign <\nno-reply@c.example> wrote:",
        "Op ma 27 mrt 2023 om 10:43 schreef Countersign <no-reply@c.example\n>:",
        "man. 27. mars 2023 kl. 10:43 skrev Countersign <\nno-reply@c.example>:",
        "Am 27.03.2023 um 10:43 schrieb Countersign:",
        "пн, 27 мар. 2023 г. в 10:43, Countersign <no-reply@c.example>:",
        "2013/10/2 Countersign <no-reply@c.example>",
        "Countersign <no-reply@c.example> ezt írta (időpont: 2023. márc. 27., H, 10:43):",
        "在 ２０２３年３月２７日，Countersign 写道：",
        "في ٢٧ مارس ٢٠٢٣، الساعة ١٠:٤٣ ص، كتب Countersign <no-reply@c.example>:",
        "Countersign <no-reply@c.example> writes:",
    ] {
        assert_eq!(
            plain(&format!("CONFIRM REF\n\n{lead}\n\n> row 3\n")),
            "confirm",
            "{lead}"
        );
        // Below a quote nothing counts, however certain the quote is.
        let under = format!("{lead}\n\n> row 3\n\nCONFIRM REF\n");
        assert_eq!(plain(&under), "nothing", "{lead}");
    }
}

/// Cases 3a, 3b and 3c.
#[test]
fn a_reason_ends_where_a_quote_without_marks_begins() {
    let long = "The quoted mail. ".repeat(140);
    for quote in [
        "Von: C <c@c.example>\nGesendet: Montag\nAn: D\nBetreff: x\n\nThe quoted mail",
        &format!("De : C <c@c.example>\nEnvoyé : lundi\nÀ : D\nObjet : x\n\n{long}"),
        "Lähettäjä: C\nLähetetty: maanantai\nVastaanottaja: D\nAihe: x\n\nThe quoted mail",
        "보낸 사람: C\n보낸 날짜: x\n받는 사람: D\n제목: x\n\nThe quoted mail",
        "*From:* C <c@c.example>\n*To:* D\n*Subject:* x\n\nThe quoted mail",
        "From:   C/HK/ABC@ABC\nTo:   D/HK/ABC@ABC\nDate:   27/03/2023 10:43\n\nThe quoted mail",
        "Betreff: x\nDatum: 27.3.2023\nVon: C\nAn: D\n\nThe quoted mail",
        "Am 7. September 2022 10:41 schrieb Countersign <c@c.example>:\nThe quoted mail",
        "On Monday, March 27, 2023 at 10:43:00 AM GMT+8, Countersign <c@c.example> wrote:\n\nThe quoted mail",
        "-------- Ursprüngliche Nachricht --------\nThe quoted mail",
        "--- Исходное сообщение ---\nThe quoted mail",
    ] {
        for own in ["row 3", "row 3\nand row 4"] {
            assert_eq!(
                plain(&format!("RETURN REF {own}\n\n{quote}\n")),
                format!("return: {own}"),
                "{quote}"
            );
            assert_eq!(
                plain(&format!("RETURN REF\n{own}\n{quote}\n")),
                format!("return: {own}"),
                "{quote}"
            );
        }
    }
}

#[test]
fn a_reason_may_look_a_little_like_a_quote() {
    for reason in [
        "Two things:\n\n1. row 3\n2. row 4",
        "From: 1 Jan 2023\nTo: 31 Jan 2023\nis wrong",
        "The address c@c.example is wrong since 27.3.2023:\nsee row 3",
        "On 27 March we said:\nno row 3",
        "original message\nis unclear",
        // Not certain to be a quote, so it is kept.
        "see below\n\nDébut du message transféré :\n\nThe quoted mail",
        "see below\n\nOn 27 March 2023 at 10:43, C <c@c.example> wrote:\n\nThe quoted mail",
        "the mail was sent from my desk",
        "rossz címre küldve",
        "row 3:\n第三行地址寫錯：\n應為 row 4",
        "row 3\n此電郵地址的收件人已離職",
        "row 3\nDiese Nachricht ging an die falsche Adresse",
        "No: row 3\nDate: 27 March",
    ] {
        assert_eq!(
            plain(&format!("RETURN REF {reason}\n")),
            format!("return: {reason}")
        );
    }
}

/// Case 3a: the HTML knows where the quote begins.
#[test]
fn the_shorter_of_two_renderings_of_a_reason_counts() {
    let of_outlook = "<p>RETURN REF row 3</p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt\"><p><b>Von:</b> C<br>\
        <b>Gesendet:</b> Montag</p></div><p>The quoted mail</p>";
    let labelled =
        "RETURN REF row 3\n\nVon: C <c@c.example>\nGesendet: Montag\nAn: D\nBetreff: x\n\nThe quoted mail\n";
    assert_eq!(both(labelled, of_outlook), "return: row 3");
    for (plain, html, expected) in [
        // A language that is not in the list.
        (
            "RETURN REF row 3\n\nKutoka kwa: C\nThe quoted mail",
            of_outlook,
            "return: row 3",
        ),
        (
            "RETURN REF row 3",
            "<p>RETURN REF row 3</p><p>Kutoka kwa: C</p>",
            "return: row 3",
        ),
        (
            "RETURN REF *row* 3,\nwrapped",
            "<p>RETURN REF <b>row</b> 3, wrapped</p>",
            "return: *row* 3,\nwrapped",
        ),
        (
            "RETURN REF see\n* one\n* two",
            "RETURN REF see<ul><li>one</li><li>two</li></ul>",
            "return: see\n* one\n* two",
        ),
        (
            "RETURN REF see\n 1. one",
            "RETURN REF see<ol><li>one</li></ol>",
            "return: see\n1. one",
        ),
        (
            "RETURN REF see c.example<https://c.example/x> now",
            "RETURN REF see <a href='https://c.example/x'>c.example</a> now",
            "return: see c.example<https://c.example/x> now",
        ),
        ("RETURN REF row 3\n\nRETURN", "RETURN REF row 3", "return: row 3"),
        ("CONFIRM REF\n\nKutoka kwa: C", "CONFIRM REF", "confirm"),
        (
            "CONFIRM REF\n\nD Wong\n[cid:logo]",
            "CONFIRM REF<br>D Wong<br><img src=cid:logo>",
            "confirm: D Wong",
        ),
        ("RETURN REF row 3", "RETURN REF row 33", "nothing"),
        ("RETURN REF row 3 and more", "RETURN REF row 3", "nothing"),
        ("RETURN REF row 3", "RETURN REF row 4", "nothing"),
        (
            "CONFIRM REF\n\nsend it",
            "CONFIRM REF<br>do not send it",
            "nothing",
        ),
    ] {
        assert_eq!(both(plain, html), expected, "{plain:?} {html:?}");
    }
}

/// Case 3d.
#[test]
fn a_lead_in_broken_inside_the_brackets_of_its_address_ends_a_reason() {
    for lead in [
        "Op ma 27 mrt 2023 om 10:43 schreef Countersign <no-reply@c.example\n>:",
        "On Mon, 27 Mar 2023 at 10:43, Countersign <no-reply@c.example\n> wrote:",
    ] {
        assert_eq!(
            plain(&format!("RETURN REF row 3\n\n{lead}\n\n> quoted\n")),
            "return: row 3",
            "{lead}"
        );
    }
}

/// Case 4.
#[test]
fn struck_out_text_is_not_said() {
    for (start, end) in [
        ("<s>", "</s>"),
        ("<strike>", "</strike>"),
        ("<del>", "</del>"),
        ("<span style='text-decoration:underline line-through'>", "</span>"),
        ("<span style='TEXT-DECORATION-LINE: LINE-THROUGH'>", "</span>"),
    ] {
        let shown = format!("<p>{start}CONFIRM REF{end}</p><p>No, wait.</p>");
        assert_eq!(html(&shown), "nothing", "{start}");
        assert_eq!(both("CONFIRM REF\n\nNo, wait.\n", &shown), "nothing", "{start}");
        let changed = format!("<p>{start}I object.{end}</p><p>CONFIRM REF</p>");
        assert_eq!(html(&changed), "confirm", "{start}");
    }
}

/// Case 5.
#[test]
fn a_command_pasted_in_bold_is_read_in_both_renderings() {
    let bold = "<div><strong>CONFIRM REF</strong></div>";
    assert_eq!(both("*CONFIRM REF*\n", bold), "confirm");
    assert_eq!(
        both("**RETURN REF** row 3\n", "<b>RETURN REF</b> row 3"),
        "return: row 3"
    );
}

/// Cases 6a and 6b.
#[test]
fn a_signature_below_a_return_is_no_reason() {
    for below in [
        "D Wong\nABC Company",
        "從我的 Galaxy 智慧型手機傳送",
        "下載 Outlook iOS 版",
        "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows",
        "Sent with Proton Mail secure email.",
        "Az iPhone-omról küldve",
        "Von meinem Telefon gesendet",
        "Mit freundlichen Grüßen\nD Wong",
        "This e-mail and any attachments are confidential.",
        "本電郵及其附件均屬機密。",
        "row 3, but below a blank line",
    ] {
        assert_eq!(plain(&format!("RETURN REF\n\n{below}\n")), "nothing", "{below}");
        let shown = below.replace('<', "&lt;").replace('\n', "<br>");
        assert_eq!(
            html(&format!("<div>RETURN REF</div><div><br></div><div>{shown}</div>")),
            "nothing",
            "{below}"
        );
        if !below.starts_with("D Wong") && !below.starts_with("row 3") {
            assert_eq!(plain(&format!("RETURN REF\n{below}\n")), "nothing", "{below}");
        }
    }
    assert_eq!(
        html("RETURN REF row 3<div class=gmail_signature>D Wong</div>"),
        "return: row 3"
    );
    assert_eq!(
        html("CONFIRM REF<div id=Signature><p>D Wong</p></div>"),
        "confirm"
    );
}

#[test]
fn a_reason_stands_on_the_line_of_the_command_or_on_the_next() {
    assert_eq!(plain("RETURN REF\nrow 3\n"), "return: row 3");
    assert_eq!(html("<div>RETURN REF</div><div>row 3</div>"), "return: row 3");
    // Thunderbird writes its paragraphs with a blank line between them in the plain text only.
    assert_eq!(
        both("RETURN REF\n\nrow 3\n", "<p>RETURN REF</p><p>row 3</p>"),
        "return: row 3"
    );
    assert_eq!(
        both(
            "RETURN REF\n\nrow 3\n",
            "<p>RETURN REF</p><p><br></p><p>row 3</p>"
        ),
        "nothing"
    );
}

/// Case 6c.
#[test]
fn the_placeholder_of_the_letter_is_no_reason() {
    for placeholder in [
        "<reason>",
        "<原因>",
        "＜原因＞",
        "[your reason]",
        "reason",
        "*<reason>*",
    ] {
        assert_eq!(
            plain(&format!("RETURN REF {placeholder}\n")),
            "nothing",
            "{placeholder}"
        );
        assert_eq!(
            plain(&format!("RETURN REF\n{placeholder}\n")),
            "nothing",
            "{placeholder}"
        );
        assert_eq!(
            plain(&format!("RETURN REF {placeholder}\nrow 3\n")),
            "return: row 3",
            "{placeholder}"
        );
    }
    assert_eq!(plain("RETURN REF <row 3>\n"), "return: <row 3>");
}

#[test]
fn a_label_that_classifies_the_text_hides_no_command_and_no_objection() {
    for (above, expected) in [
        ("Classification: Internal", "confirm"),
        ("[RESTRICTED]", "confirm"),
        ("Classification: Internal, and I object", "nothing"),
        ("[RESTRICTED] I object", "nothing"),
        // A gateway warns of mail that comes in, and this one goes out, so these may be the person's own.
        ("[EXTERNAL]", "nothing"),
        (
            "CAUTION: This email originated from outside of the organization. Do not click\nlinks or open attachments.",
            "nothing",
        ),
        ("注意：此電郵來自外部，請小心。", "nothing"),
    ] {
        assert_eq!(plain(&format!("{above}\n\nCONFIRM REF\n")), expected, "{above}");
        assert_eq!(plain(&format!("{above}\nCONFIRM REF\n")), expected, "{above}");
    }
}
