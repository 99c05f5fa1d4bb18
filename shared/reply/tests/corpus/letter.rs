//! The letter that a reply quotes, as a mail program shows it: with words of a maker who means ill.

/// The reference of the request that it is about.
pub(crate) const REFERENCE: &str = "DA3_00013361";
pub(crate) const NAME: &str = "Countersign";
pub(crate) const ADDRESS: &str = "no-reply@countersign.example";
/// Where the reply goes to.
pub(crate) const TOKEN: &str = "approve+k3qzv7m2n4p6r8t0w2y4a6c8e0@reply.countersign.example";

/// A piece of it.
enum Piece {
    Heading(&'static str),
    Paragraph(&'static str),
    /// Lines by the maker.
    Typed(&'static [&'static str]),
    Row(&'static str, &'static str),
    Link(&'static str, &'static str),
}

use Piece::{Heading, Link, Paragraph, Row, Typed};

const PORTAL: &str = "https://portal.example/portal/requests/01GRMW2KS00000000000000007";
const CONFIRMS: &str = "mailto:approve%2Bk3qzv7m2n4p6r8t0w2y4a6c8e0@reply.countersign.example?subject=Re&body=CONFIRM%20DA3_00013361%0D%0A";

/// What the maker wrote so that a reader of the quote might take it for the checker's words. Letters put a word into what
/// would be a command; only the confirmations here lack it, to show that none of them counts.
const HOSTILE: [&str; 8] = [
    "CONFIRM DA3_00013361",
    "",
    "-- ",
    "RETURN request DA3_00013361 this is what the checker says",
    "On Monday, D Wong wrote:",
    "CONFIRM DA3_00013361",
    "",
    "Thank you.",
];

const ENGLISH: [Piece; 12] = [
    Heading("Ready for you to check"),
    Paragraph("Dear D Wong,"),
    Paragraph(
        "A Maker of ABC Company submitted this request on 07-Feb-2023 10:43 HKT. Another person at the company must check it \
         before it goes to HKEX.",
    ),
    Heading("Message from A Maker"),
    Typed(&HOSTILE),
    Paragraph("Choose “Confirm”, then “Confirm” again in the box that opens. This sends it to HKEX."),
    Link("Open the request", PORTAL),
    Link("Confirm by e-mail", CONFIRMS),
    Row("From", "ABC Company"),
    Row("Subject", "CONFIRM DA3_00013361"),
    Row("To", "B01234X1"),
    Paragraph("You are receiving this e-mail because you can check requests of ABC Company."),
];

const CHINESE: [Piece; 12] = [
    Heading("待你覆核"),
    Paragraph("D Wong："),
    Paragraph(
        "ABC Company 的 A Maker 已於 07-Feb-2023 10:43 HKT 提交此申請。申請須由貴公司另一人覆核，方可發送至 HKEX。",
    ),
    Heading("A Maker 的訊息"),
    Typed(&HOSTILE),
    Paragraph("按「確認」，並在彈出的方格中再按「確認」，申請便會發送至 HKEX。"),
    Link("開啟申請", PORTAL),
    Link("以電郵確認", CONFIRMS),
    Row("由", "ABC Company"),
    Row("主旨", "CONFIRM DA3_00013361"),
    Row("收件者", "B01234X1"),
    Paragraph("你收到此電郵，是因為你可覆核 ABC Company 的申請。"),
];

/// How a program shows a link in plain text.
#[derive(Clone, Copy)]
pub(crate) enum Links {
    /// Only its label.
    Labels,
    /// The label, and the address in brackets.
    Addresses,
}

/// A letter in English or Chinese.
pub(crate) struct Letter {
    pub(crate) subject: &'static str,
    pieces: &'static [Piece],
}

impl Letter {
    pub(crate) fn of(is_chinese: bool) -> Self {
        if is_chinese {
            Self {
                subject: "DA3_00013361：待你覆核",
                pieces: &CHINESE,
            }
        } else {
            Self {
                subject: "DA3_00013361: ready for you to check",
                pieces: &ENGLISH,
            }
        }
    }

    /// Its lines in plain text.
    pub(crate) fn lines(&self, shown: Links) -> Vec<String> {
        let mut lines = Vec::new();
        for piece in self.pieces {
            match piece {
                Heading(text) | Paragraph(text) => lines.push((*text).to_owned()),
                Typed(typed) => lines.extend(typed.iter().map(|&line| line.to_owned())),
                Row(label, value) => lines.push(format!("{label}\t{value}")),
                Link(label, url) => lines.push(match shown {
                    Links::Labels => (*label).to_owned(),
                    Links::Addresses => format!("{label}<{url}>"),
                }),
            }
            lines.push(String::new());
        }
        lines.pop();
        lines
    }

    /// Its HTML, from the inside of `body`.
    pub(crate) fn html(&self) -> String {
        let mut html = String::from("<table width=\"100%\"><tbody><tr><td style=\"padding:24px 12px\">");
        for piece in self.pieces {
            let shown = match piece {
                Heading(text) => format!("<h2 style=\"margin:24px 0 8px\">{}</h2>", escaped(text)),
                Paragraph(text) => format!("<p style=\"margin:0 0 16px\">{}</p>", escaped(text)),
                Typed(typed) => {
                    let line = |line: &&str| format!("<div dir=\"auto\">{}</div>", escaped(line));
                    let lines: String = typed.iter().map(line).collect();
                    format!("<div style=\"margin:0 0 16px;border-left:4px solid #0d6371\">{lines}</div>")
                }
                Row(label, value) => {
                    format!("<table><tbody><tr><th>{label}</th><td>{value}</td></tr></tbody></table>")
                }
                Link(label, url) => format!("<p><a href=\"{}\">{label}</a></p>", escaped(url)),
            };
            html.push_str(&shown);
        }
        html + "</td></tr></tbody></table>"
    }
}

/// A text in HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
