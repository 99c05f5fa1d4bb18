//! Finds the texts among the parts of a message (RFC 2045 to 2049, RFC 2183).
//!
//! This module finds the parts itself, within limits of depth and number, and decodes only the texts that decide. A parser
//! for whole messages nests as deeply as the sender likes, and each level costs stack.

use std::borrow::Cow;

use mail_parser::ContentType;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::parsers::MessageStream;

use super::Unreadable;
use super::header::{self, Field, Fields};
use super::line::{self, Line};

/// Maximum nesting depth. A signed reply with a picture, through a mailing list, needs five levels.
const MAX_DEPTH: usize = 10;
/// Maximum number of parts in a message.
const MAX_PARTS: usize = 200;
/// Maximum size in octets of a field that describes a part. Its parameters are compared with each other.
const MAX_FIELD_OCTETS: usize = 2048;
/// Maximum length of a boundary in octets (RFC 2046, section 5.1.1).
const MAX_BOUNDARY_OCTETS: usize = 70;

/// The texts of a message, or of a part of one.
#[derive(Default)]
pub(super) struct Found<'a> {
    /// Its plain texts. Several are alternatives to each other.
    pub(super) plain: Vec<Text<'a>>,
    /// Its HTML texts.
    pub(super) html: Vec<Text<'a>>,
    /// Whether a machine wrote one of its parts: an answer to an invitation, a delivery report or a read receipt.
    pub(super) is_automatic: bool,
}

impl Found<'_> {
    fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.html.is_empty()
    }
}

/// A text that is not decoded yet.
pub(super) struct Text<'a> {
    kind: ContentType<'static>,
    encoding: String,
    body: &'a [u8],
}

impl<'a> Text<'a> {
    /// The text. `None` if it can't be decoded whole: a part of it could say something different.
    pub(super) fn text(&self) -> Option<String> {
        let octets: Cow<'a, [u8]> = match self.encoding.as_str() {
            "" | "7bit" | "8bit" | "binary" => self.body.into(),
            "base64" => base64_decode(self.body)?.into(),
            "quoted-printable" => quoted_printable_decode(self.body)?.into(),
            _ => return None,
        };
        let charset = self
            .kind
            .attribute("charset")
            .unwrap_or("us-ascii")
            .to_ascii_lowercase();
        // UTF-7 encodes ASCII in ASCII, so readers with and without it show different texts.
        if charset.contains("utf-7") || charset == "csutf7" {
            return None;
        }
        // Non-ASCII text labelled as ASCII is UTF-8 today. An unknown character set is read the same way: commands are
        // ASCII in nearly every set, and where they are not, none is found.
        let decode = charset_decoder(charset.as_bytes()).filter(|_| !charset.ends_with("ascii"));
        Some(decode.map_or_else(
            || String::from_utf8_lossy(&octets).into_owned(),
            |decode| decode(&octets),
        ))
    }

    /// The lines of its plain text.
    pub(super) fn lines<'t>(&self, text: &'t str) -> Vec<Line<'t>> {
        let is = |name: &str, value: &str| {
            self.kind
                .attribute(name)
                .is_some_and(|attribute| attribute.eq_ignore_ascii_case(value))
        };
        if is("format", "flowed") {
            line::of_flowed(text, is("delsp", "yes"))
        } else {
            line::of_plain(text)
        }
    }
}

/// Finds the texts that decide what a message says.
pub(super) fn texts<'a>(fields: &Fields<'a>, body: &'a [u8]) -> Result<Found<'a>, Unreadable> {
    // With two descriptions, readers differ in which one they use.
    for name in ["content-type", "content-transfer-encoding", "content-disposition"] {
        fields.only(name)?;
    }
    let mut parts = 0;
    find(fields, body, 0, &mut parts)
}

fn find<'a>(
    fields: &Fields<'a>,
    body: &'a [u8],
    depth: usize,
    parts: &mut usize,
) -> Result<Found<'a>, Unreadable> {
    *parts += 1;
    if *parts > MAX_PARTS {
        return Err(Unreadable::TooManyParts);
    }
    if depth > MAX_DEPTH {
        return Err(Unreadable::TooDeep);
    }
    let Some(part) = Part::of(fields) else {
        return Ok(Found::default());
    };
    let kind = (part.kind.ctype(), part.kind.subtype().unwrap_or_default());
    match kind {
        ("multipart", "report") | ("message", "delivery-status" | "disposition-notification") => Ok(Found {
            is_automatic: true,
            ..Found::default()
        }),
        // The parts of a digest are messages by other people.
        ("multipart", "digest" | "encrypted" | "form-data") => Ok(Found::default()),
        ("multipart", subtype) => {
            // A multipart is never encoded as a whole (RFC 2045, section 6.4).
            let boundary = part.kind.attribute("boundary").unwrap_or_default();
            let is_sound = (1..=MAX_BOUNDARY_OCTETS).contains(&boundary.len()) && part.is_identity();
            let inner = if is_sound {
                inner(body, boundary.as_bytes())
            } else {
                Vec::new()
            };
            combine(&inner, subtype == "alternative", depth, parts)
        }
        ("text", "calendar") => Ok(Found {
            // People attach invitations; only calendars answer them, and name a method.
            is_automatic: !part.is_attachment || part.kind.has_attribute("method"),
            ..Found::default()
        }),
        ("text", "plain") if !part.is_attachment => Ok(Found {
            plain: vec![part.text(body)],
            ..Found::default()
        }),
        ("text", "html") if !part.is_attachment => Ok(Found {
            html: vec![part.text(body)],
            ..Found::default()
        }),
        // Nothing else decides, least of all a message inside this one.
        _ => Ok(Found::default()),
    }
}

/// Combines the texts of a multipart's parts: all of them if they are alternatives, else those of the first part with any.
fn combine<'a>(
    inner: &[&'a [u8]],
    are_alternatives: bool,
    depth: usize,
    parts: &mut usize,
) -> Result<Found<'a>, Unreadable> {
    let mut found = Found::default();
    for raw in inner {
        // A part with a broken header has no text; the message's own header says who wrote it.
        let (fields, body) = header::split(raw).unwrap_or_default();
        let of_part = find(&fields, body, depth + 1, parts)?;
        found.is_automatic |= of_part.is_automatic;
        if are_alternatives || found.is_empty() {
            found.plain.extend(of_part.plain);
            found.html.extend(of_part.html);
        }
    }
    Ok(found)
}

/// What a part's header says about it.
struct Part {
    kind: ContentType<'static>,
    encoding: String,
    is_attachment: bool,
}

impl Part {
    /// `None` if a description makes no sense or is repeated.
    fn of(fields: &Fields) -> Option<Self> {
        let kind = match fields.only("content-type").ok()? {
            Some(field) => description(field)?,
            None => ContentType {
                c_type: "text".into(),
                c_subtype: Some("plain".into()),
                attributes: None,
            },
        };
        let encoding = match fields.only("content-transfer-encoding").ok()? {
            Some(field) if field.len() > MAX_FIELD_OCTETS => return None,
            Some(field) => field.value().trim().to_ascii_lowercase(),
            None => String::new(),
        };
        let is_attachment = match fields.only("content-disposition").ok()? {
            // An unknown disposition is an attachment (RFC 2183, section 2.8), and so is a file shown inline.
            Some(field) => description(field).is_none_or(|disposition| {
                disposition.ctype() != "inline" || disposition.has_attribute("filename")
            }),
            None => false,
        };
        Some(Self {
            is_attachment: is_attachment || kind.has_attribute("name"),
            kind,
            encoding,
        })
    }

    fn is_identity(&self) -> bool {
        matches!(self.encoding.as_str(), "" | "7bit" | "8bit" | "binary")
    }

    fn text(self, body: &[u8]) -> Text<'_> {
        Text {
            kind: self.kind,
            encoding: self.encoding,
            body,
        }
    }
}

/// Reads a value with parameters (RFC 2045, section 5.1; RFC 2231).
fn description(field: Field) -> Option<ContentType<'static>> {
    if field.len() > MAX_FIELD_OCTETS {
        return None;
    }
    let value = format!("{}\n", field.value());
    let parsed = MessageStream::new(value.as_bytes()).parse_content_type();
    parsed.into_owned().into_content_type()
}

/// The parts between the lines of a boundary (RFC 2046, section 5.1.1). Stops at one more than the limit, which is enough
/// to refuse the message.
fn inner<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in body.split_inclusive(|&b| b == b'\n') {
        let after = at + line.len();
        if let Some(rest) = line
            .strip_prefix(b"--")
            .and_then(|line| line.strip_prefix(boundary))
        {
            let (is_end, rest) = rest
                .strip_prefix(b"--")
                .map_or((false, rest), |rest| (true, rest));
            if rest.trim_ascii().is_empty() {
                parts.extend(start.map(|start| without_break(&body[start..at])));
                start = (!is_end).then_some(after);
                if is_end || parts.len() > MAX_PARTS {
                    return parts;
                }
            }
        }
        at = after;
    }
    // A truncated message has no closing boundary.
    parts.extend(start.map(|start| &body[start..]));
    parts
}

/// The line break before a boundary belongs to the boundary.
fn without_break(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_is_a_whole_line() {
        let body = b"preamble\r\n--b\r\n1\r\n--bc\r\n x--b\r\n--b \t\r\n2\r\n--b--\r\nepilogue\r\n--b\r\n3";
        assert_eq!(inner(body, b"b"), [&b"1\r\n--bc\r\n x--b"[..], b"2"]);
        assert_eq!(inner(b"--b\n1\n", b"b"), [b"1\n"]);
        assert_eq!(inner(b"--b\n--b\n--b--", b"b"), [b"", b""]);
        assert!(inner(b"none", b"b").is_empty());
    }

    fn decoded(charset: &str, encoding: &str, body: &[u8]) -> Option<String> {
        let head =
            format!("Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n");
        let (fields, _) = header::split(head.as_bytes()).unwrap();
        Part::of(&fields).unwrap().text(body).text()
    }

    #[test]
    fn a_text_is_decoded_by_what_its_header_says() {
        assert_eq!(decoded("utf-8", "Base64", b"5oiR\r\n").as_deref(), Some("我"));
        assert_eq!(
            decoded("UTF-8", "QUOTED-PRINTABLE", b"=E6=88=\r\n=91").as_deref(),
            Some("我")
        );
        assert_eq!(decoded("\"big5\"", "8bit", b"\xa7\xda").as_deref(), Some("我"));
        assert_eq!(decoded("gb18030", "8bit", b"\xce\xd2").as_deref(), Some("我"));
        assert_eq!(decoded("utf-16le", "base64", b"YgA=").as_deref(), Some("b"));
        assert_eq!(decoded("x-unknown", "7bit", b"a").as_deref(), Some("a"));
        assert_eq!(
            decoded("x-unknown", "8bit", b"a\xff").as_deref(),
            Some("a\u{fffd}")
        );
    }

    #[test]
    fn what_cannot_be_decoded_for_certain_is_no_text() {
        for (charset, encoding, body) in [
            ("utf-8", "base64", &b"Q09O*Rk"[..]),
            ("utf-8", "quoted-printable", b"CON=ZZ"),
            ("utf-8", "x-uuencode", b"CONFIRM"),
            ("utf-7", "7bit", b"+AEMATwBO-"),
            ("unicode-1-1-utf-7", "7bit", b"+AEMATwBO-"),
        ] {
            assert_eq!(decoded(charset, encoding, body), None, "{charset} {encoding}");
        }
    }
}
