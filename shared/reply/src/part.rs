//! What a part's header says about it, and the text that this makes of its octets (RFC 2045, RFC 2183, RFC 2231).

use countersign_domain::approval::Declined;
use encoding_rs::{BIG5, CoderResult, EUC_KR, Encoding, GBK, REPLACEMENT, SHIFT_JIS, UTF_8, UTF_16LE};
use mail_parser::ContentType;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::parsers::MessageStream;

use super::header::{Field, Header};

/// Maximum size in octets of a field that describes a part. Its parameters are compared with each other.
const MAX_FIELD_OCTETS: usize = 2048;
/// How many octets are decoded at a time.
const DECODED_AT_ONCE: usize = 16 * 1024;

/// What a part's header says about it.
pub(super) struct Part {
    kind: ContentType<'static>,
    encoding: String,
    /// Whether it is attached rather than shown.
    pub(super) is_attachment: bool,
}

impl Part {
    /// `None` if a description makes no sense or is repeated.
    pub(super) fn of(header: &Header) -> Option<Self> {
        let kind = match header.only("content-type").ok()? {
            Some(field) => description(field)?,
            None => ContentType {
                c_type: "text".into(),
                c_subtype: Some("plain".into()),
                attributes: None,
            },
        };
        let encoding = match header.only("content-transfer-encoding").ok()? {
            Some(field) => field.value()?.trim().to_ascii_lowercase(),
            None => String::new(),
        };
        let is_attachment = match header.only("content-disposition").ok()? {
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

    /// Its type and subtype.
    pub(super) fn kind(&self) -> (&str, &str) {
        (self.kind.ctype(), self.kind.subtype().unwrap_or_default())
    }

    /// A parameter of its type.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.kind.attribute(name)
    }

    /// Whether a parameter of its type has this value, in either case.
    pub(super) fn says(&self, name: &str, value: &str) -> bool {
        self.parameter(name)
            .is_some_and(|found| found.eq_ignore_ascii_case(value))
    }

    /// Whether S/MIME encrypted or packed it. Certificates alone come in the same type.
    pub(super) fn is_smime(&self) -> bool {
        match self.kind() {
            ("application", "pkcs7-mime" | "x-pkcs7-mime") => !self.says("smime-type", "certs-only"),
            ("application", "octet-stream") => self.says("name", "smime.p7m"),
            _ => false,
        }
    }

    /// Whether Outlook packed a message into it (TNEF).
    pub(super) fn is_tnef(&self) -> bool {
        match self.kind() {
            ("application", "ms-tnef" | "vnd.ms-tnef") => true,
            ("application", "octet-stream") => self.says("name", "winmail.dat"),
            _ => false,
        }
    }

    /// Whether its octets stand as they are.
    pub(super) fn is_identity(&self) -> bool {
        matches!(self.encoding.as_str(), "" | "7bit" | "8bit" | "binary")
    }

    /// The text of its octets, if it can be decoded whole: a part of it could say something different.
    pub(super) fn decode(&self, octets: Vec<u8>, max_octets: usize) -> Result<String, Declined> {
        let octets = match self.encoding.as_str() {
            _ if self.is_identity() => octets,
            "base64" => base64_decode(&octets).ok_or(Declined::Damaged)?,
            "quoted-printable" => quoted_printable_decode(&octets).ok_or(Declined::Damaged)?,
            _ => return Err(Declined::UnknownCharacters),
        };
        let label = self.parameter("charset").unwrap_or("us-ascii");
        let encoding = encoding(label).ok_or(Declined::UnknownCharacters)?;
        if encoding == UTF_8 {
            // Nearly every text: it needs no second copy.
            return match String::from_utf8(octets) {
                Ok(text) if text.len() <= max_octets => Ok(text),
                Ok(_) => Err(Declined::TooLong),
                Err(_) => Err(Declined::UnknownCharacters),
            };
        }
        decode(encoding, &octets, max_octets)
    }
}

/// The character set with a label. UTF-7 is not known: it encodes ASCII in ASCII, so readers with and without it show
/// different texts.
fn encoding(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().to_ascii_lowercase();
    match label.as_str() {
        // Text labelled ASCII that isn't is UTF-8 today.
        "ascii" | "us-ascii" | "ansi_x3.4-1968" => Some(UTF_8),
        "cp936" | "ms936" | "windows-936" => Some(GBK),
        "cp950" | "ms950" | "windows-950" => Some(BIG5),
        "cp932" | "ms932" => Some(SHIFT_JIS),
        "cp949" | "ms949" => Some(EUC_KR),
        label => Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != REPLACEMENT),
    }
}

/// Decodes step by step, so that no text takes more memory than it may.
fn decode(encoding: &'static Encoding, octets: &[u8], max_octets: usize) -> Result<String, Declined> {
    // Only UTF-16 tells by its mark which of two orders it has.
    let mut decoder = if encoding == UTF_16LE {
        encoding.new_decoder()
    } else {
        encoding.new_decoder_with_bom_removal()
    };
    let mut text = String::with_capacity(octets.len().min(max_octets));
    let mut pieces = octets.chunks(DECODED_AT_ONCE).peekable();
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        let most = decoder.max_utf8_buffer_length(piece.len());
        text.reserve(most.ok_or(Declined::TooLong)?);
        let (result, _, has_no_character) = decoder.decode_to_string(piece, &mut text, is_last);
        if has_no_character {
            return Err(Declined::UnknownCharacters);
        }
        if result != CoderResult::InputEmpty || text.len() > max_octets {
            return Err(Declined::TooLong);
        }
    }
    Ok(text)
}

/// Reads a value with parameters (RFC 2045, section 5.1; RFC 2231).
fn description(field: &Field) -> Option<ContentType<'static>> {
    let value = field.value().filter(|value| value.len() <= MAX_FIELD_OCTETS)?;
    let value = format!("{value}\n");
    let parsed = MessageStream::new(value.as_bytes()).parse_content_type();
    parsed.into_owned().into_content_type()
}

#[cfg(test)]
mod tests {
    use super::super::header::tests::header;
    use super::*;

    const ROOM: usize = 100;

    fn decoded(charset: &str, encoding: &str, body: &[u8]) -> Result<String, Declined> {
        let head =
            format!("Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n");
        Part::of(&header(head.as_bytes()))
            .unwrap()
            .decode(body.to_vec(), ROOM)
    }

    #[test]
    fn a_text_is_decoded_by_what_its_header_says() {
        for (charset, encoding, body, text) in [
            ("utf-8", "Base64", &b"5oiR\r\n"[..], "我"),
            ("UTF-8", "QUOTED-PRINTABLE", b"=E6=88=\r\n=91", "我"),
            ("\"big5\"", "8bit", b"\xa7\xda", "我"),
            ("cp950", "8bit", b"\xa7\xda", "我"),
            ("gb18030", "8bit", b"\xce\xd2", "我"),
            ("cp936", "8bit", b"\xce\xd2", "我"),
            ("utf-16le", "base64", b"YgA=", "b"),
            ("utf-16", "8bit", b"\xfe\xff\0b", "b"),
            ("us-ascii", "8bit", "我".as_bytes(), "我"),
            ("iso-8859-1", "8bit", b"\xe9", "é"),
        ] {
            assert_eq!(
                decoded(charset, encoding, body).as_deref(),
                Ok(text),
                "{charset} {encoding}"
            );
        }
    }

    #[test]
    fn what_cannot_be_decoded_for_certain_is_no_text_and_says_why() {
        for (charset, encoding, body, why) in [
            ("utf-8", "base64", &b"Q09O*Rk"[..], Declined::Damaged),
            ("utf-8", "quoted-printable", b"CON=ZZ", Declined::Damaged),
            ("utf-8", "x-uuencode", b"CONFIRM", Declined::UnknownCharacters),
            ("utf-7", "7bit", b"+AEMATwBO-", Declined::UnknownCharacters),
            (
                "unicode-1-1-utf-7",
                "7bit",
                b"+AEMATwBO-",
                Declined::UnknownCharacters,
            ),
            ("hz-gb-2312", "7bit", b"CONFIRM", Declined::UnknownCharacters),
            ("x-unknown", "7bit", b"CONFIRM", Declined::UnknownCharacters),
            ("utf-8", "8bit", b"a\xff", Declined::UnknownCharacters),
            ("us-ascii", "8bit", b"\xa7\xda", Declined::UnknownCharacters),
            ("big5", "8bit", b"\xff\xff", Declined::UnknownCharacters),
            ("gb18030", "8bit", b"a\xff", Declined::UnknownCharacters),
        ] {
            assert_eq!(decoded(charset, encoding, body), Err(why), "{charset} {encoding}");
        }
    }

    #[test]
    fn a_text_that_grows_too_long_in_utf_8_is_too_long() {
        assert_eq!(
            decoded("windows-1252", "8bit", &[b'a'; ROOM]).map(|text| text.len()),
            Ok(ROOM)
        );
        assert_eq!(
            decoded("windows-1252", "8bit", &[0x80; 40]),
            Err(Declined::TooLong)
        );
    }

    #[test]
    fn characters_are_decoded_whole_across_steps() {
        let octets = "我".repeat(DECODED_AT_ONCE).into_bytes();
        let text = decode(UTF_8, &octets, octets.len());
        assert_eq!(text.map(String::into_bytes), Ok(octets));
    }
}
