//! Fourteen mail programs, and how each one writes a reply: parts, marks, lead-in, signature and encoding.

use crate::corpus::languages::Language;
use crate::corpus::letter::{ADDRESS, Letter, NAME, TOKEN, escaped};
use crate::corpus::mime::{self, Part, Transfer};

mod marked;
mod unmarked;

/// A reply as a person writes it.
pub(crate) struct Reply<'a> {
    pub(crate) language: &'a Language,
    /// The lines above the quote; under it for a program that starts there.
    pub(crate) own: Vec<&'a str>,
    /// Whether the first line was pasted as it looks in a letter, in bold.
    pub(crate) is_bold: bool,
    /// Lines under the quote.
    pub(crate) under: Vec<&'a str>,
    /// Programs vary: this is odd for one habit and even for another.
    pub(crate) variant: usize,
}

/// What a program makes of it.
struct Written {
    plain: String,
    /// None if it sends plain text only.
    html: Option<String>,
    charset: &'static str,
    transfer: Transfer,
    is_flowed: bool,
}

/// A mail program.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    write: fn(&Reply) -> Written,
    /// Its own fields in the header.
    fields: &'static str,
    /// Whether its server adds ten thousand octets of fields.
    has_long_header: bool,
}

/// The programs.
pub(crate) const ALL: [Program; 14] = [
    program("Gmail", marked::gmail, "X-Gm-Message-State: AOJu0YzQ", false),
    program(
        "Gmail for Android",
        marked::gmail_android,
        "X-Gm-Message-State: AOJu0Yxk",
        false,
    ),
    program(
        "Apple Mail",
        marked::apple,
        "X-Mailer: Apple Mail (2.3731.500.231)",
        false,
    ),
    program(
        "iPhone Mail",
        marked::iphone,
        "X-Mailer: iPhone Mail (20D67)",
        false,
    ),
    program(
        "Thunderbird",
        marked::thunderbird,
        "User-Agent: Mozilla Thunderbird",
        false,
    ),
    program("K-9 Mail", marked::k9, "User-Agent: K-9 Mail for Android", false),
    program("Proton", marked::proton, "Feedback-ID: 21384:user:proton", false),
    program(
        "Yahoo",
        unmarked::yahoo,
        "X-Mailer: WebService/1.1.21365 YMailNorrin",
        false,
    ),
    program(
        "Outlook",
        unmarked::outlook,
        "X-Mailer: Microsoft Outlook 16.0",
        true,
    ),
    program(
        "Outlook on the web",
        unmarked::outlook_web,
        "X-MS-Has-Attach:",
        true,
    ),
    program(
        "new Outlook",
        unmarked::new_outlook,
        "X-MS-TNEF-Correlator:",
        true,
    ),
    program(
        "Outlook for iOS",
        unmarked::outlook_ios,
        "X-MS-Exchange-MessageSentRepresentingType: 1",
        true,
    ),
    program(
        "Notes",
        unmarked::notes,
        "X-Mailer: HCL Notes Release 12.0.2",
        false,
    ),
    program(
        "Samsung Email",
        unmarked::samsung,
        "X-Mailer: Samsung Email",
        false,
    ),
];

const fn program(
    name: &'static str,
    write: fn(&Reply) -> Written,
    fields: &'static str,
    has_long_header: bool,
) -> Program {
    Program {
        name,
        write,
        fields,
        has_long_header,
    }
}

impl Program {
    /// Whether what the person writes stands below the quote, where nothing counts.
    pub(crate) fn starts_under_quote(&self, reply: &Reply) -> bool {
        self.name == "Thunderbird" && marked::starts_under_quote(reply)
    }

    /// The message on the wire.
    pub(crate) fn message(&self, reply: &Reply) -> Vec<u8> {
        let written = (self.write)(reply);
        let part = |text, is_html| Part {
            text,
            is_html,
            charset: written.charset,
            transfer: written.transfer,
            is_flowed: written.is_flowed && !is_html,
        };
        let plain = part(written.plain, false);
        let html = written.html.map(|html| part(html, true));
        let parts: Vec<Part> = [plain].into_iter().chain(html).collect();
        mime::message(&self.header(reply), &parts, "=_b0undary_of_alternatives")
    }

    fn header(&self, reply: &Reply) -> String {
        let subject = format!("{}: {}", reply.language.labels.reply, letter(reply).subject);
        let subject = mime::encoded_word(&subject);
        let mut header = format!(
            "Return-Path: <checker@abc.example>\nFrom: D Wong <checker@abc.example>\nTo: {NAME} <{TOKEN}>\n\
             Date: Mon, 27 Mar 2023 10:45:00 +0800\nSubject: {subject}\nMessage-ID: <reply-1@mail.abc.example>\n\
             In-Reply-To: <notice-1@countersign.example>\nReferences: <notice-1@countersign.example>\n{}\n",
            self.fields
        );
        if self.has_long_header {
            // 10.3 kB: more than SES tells of a header.
            let value = format!("\n {}", "Ab1+/".repeat(12)).repeat(8);
            for field in 0..21 {
                header.extend(["X-Org-", &field.to_string(), ":", &value, "\n"]);
            }
        }
        header + "MIME-Version: 1.0\n"
    }
}

/// The letter that is quoted.
fn letter(reply: &Reply) -> Letter {
    Letter::of(reply.language.is_chinese())
}

/// The sender of the letter with the address in brackets.
fn sender() -> String {
    format!("{NAME} <{ADDRESS}>")
}

/// Own lines in plain text, if the program writes bold with stars.
fn starred(reply: &Reply) -> Vec<String> {
    let mut lines = plain(&reply.own);
    if reply.is_bold {
        lines[0] = format!("*{}*", lines[0]);
    }
    lines
}

/// Own lines in plain text.
fn plain(own: &[&str]) -> Vec<String> {
    own.iter().map(|&line| line.to_owned()).collect()
}

/// Own lines in HTML, each in an element; an empty line has `empty` in it.
fn elements(own: &[&str], is_bold: bool, element: (&str, &str), empty: &str) -> String {
    let mut html = String::new();
    for (at, line) in own.iter().enumerate() {
        let line = if line.is_empty() {
            empty.to_owned()
        } else {
            escaped(line)
        };
        let line = if at == 0 && is_bold {
            format!("<b>{line}</b>")
        } else {
            line
        };
        html.extend([element.0, line.as_str(), element.1]);
    }
    html
}

/// Lines with a mark in front of each.
fn marked_with(mark: &str, lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| format!("{mark}{line}")).collect()
}

/// Wraps a text at blanks.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (at, word) in text.split(' ').enumerate() {
        let line = lines.last_mut().unwrap();
        if at > 0 && line.chars().count() + 1 + word.chars().count() > columns {
            lines.push(word.to_owned());
        } else {
            line.push_str(if at > 0 { " " } else { "" });
            line.push_str(word);
        }
    }
    lines
}
