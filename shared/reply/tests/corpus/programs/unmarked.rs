//! Programs that quote without marks, under a header or a lead-in.

use super::{Reply, Written, elements, letter, plain, sender, wrapped};
use crate::corpus::letter::{ADDRESS, Links, NAME, escaped};
use crate::corpus::mime::Transfer;

/// The labels and values above a quote, in the order of a program.
type Header = Vec<(&'static str, String)>;

/// As Outlook shows it.
fn header(reply: &Reply, date_label: &'static str) -> Header {
    let labels = &reply.language.labels;
    vec![
        (labels.from, sender()),
        (date_label, labels.when.to_owned()),
        (labels.to, "D Wong <checker@abc.example>".to_owned()),
        (labels.subject, letter(reply).subject.to_owned()),
    ]
}

fn header_lines(reply: &Reply, header: &Header) -> Vec<String> {
    let colon = reply.language.labels.colon;
    let lines = header
        .iter()
        .map(|(label, value)| format!("{label}{colon}{value}"));
    lines.collect()
}

fn header_html(reply: &Reply, header: &Header) -> String {
    let colon = reply.language.labels.colon.trim_end();
    let lines = header
        .iter()
        .map(|(label, value)| format!("<b>{label}{colon}</b> {}", escaped(value)));
    lines.collect::<Vec<_>>().join("<br>\n")
}

/// Own lines, what stands between, the quote's header, the quote, and what stands under it.
fn unmarked(reply: &Reply, between: &[&str], header: &Header, shown: Links) -> String {
    let mut lines = plain(&reply.own);
    lines.extend(plain(between));
    lines.extend(header_lines(reply, header));
    lines.push(String::new());
    lines.extend(letter(reply).lines(shown));
    lines.push(String::new());
    lines.extend(plain(&reply.under));
    lines.join("\n")
}

/// Word writes the HTML of Outlook for Windows.
pub(super) fn outlook(reply: &Reply) -> Written {
    let header = header(reply, reply.language.labels.sent);
    let element = ("<p class=\"MsoNormal\">", "<o:p></o:p></p>\n");
    let html = format!(
        "<html xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><style><!--\n\
         p.MsoNormal {{margin:0cm;font-size:11.0pt;}}\n--></style><!--[if gte mso 9]><xml><o:shapedefaults v:ext=\"edit\"/></xml>\
         <![endif]--></head><body lang=\"EN-HK\"><div class=\"WordSection1\">{}<p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p>\n\
         <div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=\"MsoNormal\">{}\
         <o:p></o:p></p></div></div><p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p>{}{}</div></body></html>",
        elements(&reply.own, reply.is_bold, element, "<o:p>&nbsp;</o:p>"),
        header_html(reply, &header),
        letter(reply).html(),
        elements(&reply.under, false, element, "<o:p>&nbsp;</o:p>"),
    );
    Written {
        plain: unmarked(reply, &[""], &header, Links::Addresses),
        html: reply.variant.is_multiple_of(2).then_some(html),
        charset: reply.language.labels.charset,
        transfer: Transfer::Quoted,
        is_flowed: false,
    }
}

const RULE: &str = "________________________________";
const AROUND: &str = "<div class=\"elementToProof\" style=\"font-family: Aptos, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);\">";

pub(super) fn outlook_web(reply: &Reply) -> Written {
    let header = header(reply, reply.language.labels.sent);
    let html = format!(
        "<html><head><style type=\"text/css\" style=\"display:none;\"> P {{margin-top:0;margin-bottom:0;}} </style></head>\
         <body dir=\"ltr\">{}<div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\">\
         <div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri, sans-serif\" style=\"font-size:11pt\">{}</font>\
         <div>&nbsp;</div></div><div>{}</div>{}</body></html>",
        elements(&reply.own, reply.is_bold, (AROUND, "</div>"), "<br>"),
        header_html(reply, &header),
        letter(reply).html(),
        elements(&reply.under, false, ("<div>", "</div>"), "<br>"),
    );
    Written {
        plain: unmarked(reply, &["", RULE], &header, Links::Addresses),
        html: Some(html),
        charset: reply.language.labels.charset,
        transfer: Transfer::Quoted,
        is_flowed: false,
    }
}

/// The new Outlook has no rule, and calls the date a date.
pub(super) fn new_outlook(reply: &Reply) -> Written {
    let header = header(reply, reply.language.labels.date);
    Written {
        plain: unmarked(reply, &[""], &header, Links::Addresses),
        html: Some(reference_message(reply, "", &header)),
        charset: "utf-8",
        transfer: Transfer::Base64,
        is_flowed: false,
    }
}

pub(super) fn outlook_ios(reply: &Reply) -> Written {
    let header = header(reply, reply.language.labels.date);
    let signature = reply.language.signatures.outlook;
    let in_plain = format!("{signature}<https://aka.ms/o0ukef>");
    let in_html = format!(
        "<div id=\"ms-outlook-mobile-body-separator-line\"><br></div><div id=\"ms-outlook-mobile-signature\">\
         <a href=\"https://aka.ms/o0ukef\">{}</a></div>",
        escaped(signature)
    );
    let rule = if reply.variant.is_multiple_of(2) { RULE } else { "" };
    Written {
        plain: unmarked(reply, &["", &in_plain, rule], &header, Links::Addresses),
        html: Some(reference_message(reply, &in_html, &header)),
        charset: "utf-8",
        transfer: Transfer::Quoted,
        is_flowed: false,
    }
}

fn reference_message(reply: &Reply, signature: &str, header: &Header) -> String {
    format!(
        "<html><head></head><body>{}{signature}<div id=\"mail-editor-reference-message-container\"><div>\
         <div class=\"ms-outlook-mobile-reference-message skipProofing\" style=\"padding: 3pt 0in 0in; border-width: 1pt medium \
         medium; border-style: solid none none; border-color: rgb(181, 196, 223) currentcolor currentcolor;\">{}<br><br></div>{}\
         </div></div>{}</body></html>",
        elements(&reply.own, reply.is_bold, (AROUND, "</div>"), "<br>"),
        header_html(reply, header),
        letter(reply).html(),
        elements(&reply.under, false, ("<div>", "</div>"), "<br>"),
    )
}

/// Yahoo indents the lead-in, and leaves blanks at the ends of lines.
pub(super) fn yahoo(reply: &Reply) -> Written {
    let lead_in = reply.language.lead_in("yahoo", NAME, ADDRESS);
    let mut lines = plain(&reply.own);
    lines.extend([String::new(), format!("    {lead_in}  "), " ".to_owned()]);
    lines.extend(
        letter(reply)
            .lines(Links::Labels)
            .iter()
            .map(|line| format!(" {line}  ")),
    );
    lines.extend(plain(&reply.under));
    let own = ("<div dir=\"ltr\" data-setdir=\"false\">", "</div>");
    let html = format!(
        "<html><head></head><body><div class=\"ydp7c0d4b1ayahoo-style-wrap\" style=\"font-size:13px;\">{}<div><br></div></div>\
         <div id=\"yahoo_quoted_7431098021\" class=\"yahoo_quoted\"><div style=\"font-family:'Helvetica Neue';color:#26282a;\">\
         <div>\n                {}\n            </div>\n<div><br></div>\n<div>{}</div></div></div>{}</body></html>",
        elements(&reply.own, reply.is_bold, own, "<br>"),
        escaped(&lead_in),
        letter(reply).html(),
        elements(&reply.under, false, own, "<br>"),
    );
    Written {
        plain: lines.join("\n"),
        html: Some(html),
        charset: "UTF-8",
        transfer: Transfer::Quoted,
        is_flowed: false,
    }
}

/// Notes sets labels and values apart by blanks, and wraps plain text.
pub(super) fn notes(reply: &Reply) -> Written {
    let labels = &reply.language.labels;
    let header = [
        (labels.from, sender()),
        (labels.to, "D Wong/HK/ABC@ABC".to_owned()),
        (labels.date, "2023-03-27 10:43".to_owned()),
        (labels.subject, letter(reply).subject.to_owned()),
    ];
    let colon = labels.colon.trim_end();
    let mut lines = plain(&reply.own);
    lines.extend(plain(&["", "", ""]));
    lines.extend(
        header
            .iter()
            .map(|(label, value)| format!("{label}{colon}   {value}")),
    );
    lines.extend(plain(&["", "", ""]));
    for line in letter(reply).lines(Links::Labels) {
        lines.extend(wrapped(&line, 72));
    }
    lines.extend(plain(&["", ""]));
    lines.extend(plain(&reply.under));
    let font = ("<font size=2 face=\"sans-serif\">", "</font><br>\n");
    let mut shown = String::new();
    for (label, value) in &header {
        let value = escaped(value);
        shown.extend([
            "<font size=1 color=#5f5f5f face=\"sans-serif\">",
            label,
            colon,
            " &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1 face=\"sans-serif\">",
            value.as_str(),
            "</font><br>\n",
        ]);
    }
    let html = format!(
        "{}<br>\n<br>\n<br>\n{shown}<hr noshade><br>\n<br>\n{}<br>\n{}",
        elements(&reply.own, reply.is_bold, font, ""),
        letter(reply).html(),
        elements(&reply.under, false, font, ""),
    );
    Written {
        plain: lines.join("\n"),
        html: Some(html),
        charset: labels.charset,
        transfer: Transfer::Quoted,
        is_flowed: false,
    }
}

pub(super) fn samsung(reply: &Reply) -> Written {
    let signatures = &reply.language.signatures;
    let rule = format!("-------- {} --------", signatures.original);
    let mut header = header(reply, reply.language.labels.date);
    header[1] = (header[1].0, "27/3/23  10:43  (GMT+08:00)".to_owned());
    let between = ["", "", signatures.samsung, "", "", &rule];
    let mut lines = String::new();
    for line in header_lines(reply, &header) {
        lines.extend(["<div>", escaped(&line).as_str(), " </div>"]);
    }
    let line = ("<div dir=\"auto\">", "</div>");
    let html = format!(
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\"></head><body dir=\"auto\">{}\
         <div dir=\"auto\"><br></div><div id=\"composer_signature\" dir=\"auto\"><div style=\"font-size:12px;color:#575757\" \
         dir=\"auto\">{}</div></div><div dir=\"auto\"><br></div><div><br></div><div align=\"left\" dir=\"auto\" \
         style=\"font-size:100%;color:#000000\"><div>{rule}</div>{lines}<div><br></div></div>{}{}</body></html>",
        elements(&reply.own, reply.is_bold, line, "<br>"),
        escaped(signatures.samsung),
        letter(reply).html(),
        elements(&reply.under, false, line, "<br>"),
    );
    Written {
        plain: unmarked(reply, &between, &header, Links::Labels),
        html: Some(html),
        charset: "UTF-8",
        transfer: Transfer::Base64,
        is_flowed: false,
    }
}
