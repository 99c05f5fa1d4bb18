//! What an HTML text shows: what is neither quoted nor hidden.

use countersign_reply::{ReplyCommand, read};

fn html(body: &str) -> String {
    let text =
        format!("From: D Wong <checker@abc.example>\nContent-Type: text/html; charset=utf-8\n\n{body}");
    match read(text.replace('\n', "\r\n").as_bytes()).unwrap().command {
        ReplyCommand::Confirm(reference, None) => format!("confirm {reference}"),
        ReplyCommand::Confirm(reference, Some(message)) => format!("confirm {reference} {message}"),
        ReplyCommand::Return(reference, reason) => format!("return {reference} {reason}"),
        ReplyCommand::Nothing => "nothing".to_owned(),
    }
}

const CONFIRMED: &str = "confirm DA3_00013361";

#[test]
fn html_shows_what_is_neither_quoted_nor_hidden() {
    for body in [
        "CONFIRM DA3_00013361",
        "<P>CONFIRM&nbsp;DA3_00013361</P>",
        "<div><b>CONFIRM</b>\r\n <i>DA3_00013361</i><br><br></div>",
        "<p>CON<span>FIRM D&#x41;3_00013361</span></p>",
        "<pre>\nCONFIRM DA3_00013361\n</pre>",
        "<![if !mso]>CONFIRM DA3_00013361<![endif]>",
        "<head><title>x</title><body>CONFIRM DA3_00013361",
        "<p>CONFIRM<!-- > --> DA3_00013361<p>",
        "<table><tr><td>CONFIRM DA3_00013361</td><td><img src=x></td></tr></table>",
        "<a title='>' href=x>CONFIRM</a> DA3_00013361",
        "<img style='display:none'>CONFIRM DA3_00013361",
        "<p style='font-size:0.9em;text-indent:-18.0pt'>CONFIRM DA3_00013361</p>",
    ] {
        assert_eq!(html(body), CONFIRMED, "{body}");
    }
}

#[test]
fn html_that_is_quoted_hidden_or_no_text_decides_nothing() {
    for (before, after) in [
        // What is certain to be the sender's, but stands below a quote.
        ("<blockquote><blockquote>no</blockquote>no</blockquote>", ""),
        (
            "<div class=gmail_quote>On Monday, C wrote:<blockquote>a<blockquote>b</blockquote>c</blockquote><div>",
            "</div></div>",
        ),
        (
            "<div class=\"moz-cite-prefix\">On Monday, C wrote:</div><blockquote type=cite>a</blockquote><p>",
            "</p>",
        ),
        ("<p>&gt; quoted</p><p>", "</p>"),
        ("<blockquote>", "</blockquote>"),
        ("<blockquote><p></blockquote x><blockquote>", "</blockquote>"),
        ("<div class='a gmail_quote b'>On Monday, C wrote:<br>", "</div>"),
        (
            "<div class=gmail_quote>x<blockquote></div></div>",
            "</blockquote>",
        ),
        ("<span class=gmail_quote>", "</span>"),
        (
            "<div class=gmail_quote>---------- Forwarded<br><blockquote>x</blockquote>",
            "</div>",
        ),
        ("<div id=\"divRplyFwdMsg\">From</div>", ""),
        ("<div id=x_divRplyFwdMsg>From</div>", ""),
        ("<div id=appendonsend></div>", ""),
        (
            "<div style='border:none; border-top : solid #B5C4DF 1.0pt'>From</div>",
            "",
        ),
        (
            "<div style='border-width:1pt medium medium;border-style:solid none none'>From</div>",
            "",
        ),
        ("<div class=yahoo_quoted>", "</div>"),
        ("<hr id=zwchr>", ""),
        ("<p>From: C<br>Sent: Monday</p><p>", "</p>"),
        ("<p>On Monday, C wrote:</p><p>", "</p>"),
        ("<div>-----Original Message-----</div><p>", "</p>"),
        ("<div style='display:none!important'>", "</div>"),
        ("<div style='display&#58;none'>", "</div>"),
        ("<div STYLE=\"Font-Size: 0\">", "</div>"),
        ("<div style='font-size:1px'>", "</div>"),
        ("<div style='opacity:0.0'>", "</div>"),
        ("<div style='max-height:0px;overflow:hidden'>", "</div>"),
        ("<div style='mso-hide:all'>", "</div>"),
        ("<div style='color:transparent'>", "</div>"),
        ("<div style='position:absolute;left:-9999px'>", "</div>"),
        ("<div hidden>", "</div>"),
        ("<div hidden=x><div></div>", "</div>"),
        ("<script>", "</script>"),
        ("<STYLE>", "</STYLE>"),
        ("<title>", "</title>"),
        ("<textarea>", "</textarea>"),
        ("<noscript>", "</noscript>"),
        ("<template>", "</template>"),
        ("<svg><text>", "</text></svg>"),
        ("<!--", "-->"),
        ("<!-- <p>", ""),
        ("<p title='", "'>"),
        ("<p x=\"", ""),
        ("<script>", "</scrip>"),
    ] {
        let body = format!("{before}CONFIRM DA3_00013361{after}");
        assert_eq!(html(&body), "nothing", "{body}");
    }
}

#[test]
fn character_references_make_no_markup() {
    assert_eq!(html("&lt;blockquote&gt;<p>CONFIRM DA3_00013361"), "nothing");
    assert_eq!(
        html("RETURN DA3_00013361 &lt;b&gt; &amp;lt; &copy &nosuch;"),
        "return DA3_00013361 <b> &lt; \u{a9} &nosuch;"
    );
    assert_eq!(html("RETURN DA3_00013361 no character: &#x110000;"), "nothing");
    assert_eq!(html("RETURN DA3_00013361 a&#7;b"), "nothing");
}

#[test]
fn text_in_the_colour_of_its_background_is_not_said() {
    for (start, end) in [
        ("<div style='color:#fff;background:white'>", "</div>"),
        (
            "<div style='background-color:#FFFFFF'><p>x</p><span style='color: rgb(255, 255, 255)'>",
            "</span></div>",
        ),
        (
            "<table bgcolor=#000000><tr><td><font color=black>",
            "</font></td></tr></table>",
        ),
    ] {
        assert_eq!(
            html(&format!("{start}CONFIRM DA3_00013361{end}")),
            "nothing",
            "{start}"
        );
    }
    for shown in [
        "<div style='color:#000;background:#fff'>CONFIRM DA3_00013361</div>",
        "<div style='background:#fff'>&nbsp;</div><div style='color:#fff'>CONFIRM DA3_00013361</div>",
        "<div style='background:navy'><div></div></div><font color=navy>CONFIRM DA3_00013361</font>",
        "<div aria-hidden=true>CONFIRM DA3_00013361</div>",
    ] {
        assert_eq!(html(shown), CONFIRMED, "{shown}");
    }
}

#[test]
fn a_line_of_html_ends_where_it_is_shown_to_end() {
    for (body, reason) in [
        ("RETURN DA3_00013361<div>row 3</div>", "row 3"),
        (
            "<div>RETURN DA3_00013361 row 3</div><div>row 4</div>",
            "row 3\nrow 4",
        ),
        (
            "RETURN DA3_00013361 row 3<br>row 4<br><br>row 5<br>",
            "row 3\nrow 4\n\nrow 5",
        ),
        (
            "<div>RETURN DA3_00013361 row 3</div><div><br></div><div>row 4</div>",
            "row 3\n\nrow 4",
        ),
        ("<pre>RETURN DA3_00013361 row 3\n\nrow 4</pre>", "row 3\n\nrow 4"),
        (
            "RETURN DA3_00013361 see<ol><li>row 3</li><li>row 4</li></ol>",
            "see\n1. row 3\n2. row 4",
        ),
        ("RETURN DA3_00013361 <s>row 3</s> row 4", "row 4"),
    ] {
        assert_eq!(html(body), format!("return DA3_00013361 {reason}"), "{body}");
    }
}
