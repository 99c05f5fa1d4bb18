//! Puts a message together: encodings, character sets and parts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;

/// How a part's octets are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    Eight,
    Quoted,
    Base64,
}

/// A text with how it is sent.
pub(crate) struct Part {
    /// Its lines end in line feeds.
    pub(crate) text: String,
    pub(crate) is_html: bool,
    /// If it can't hold the text, UTF-8 is taken, as programs do.
    pub(crate) charset: &'static str,
    pub(crate) transfer: Transfer,
    pub(crate) is_flowed: bool,
}

impl Part {
    /// Its own header and its body.
    fn written(&self) -> (String, Vec<u8>) {
        let (charset, octets) = encoded(&self.text.replace('\n', "\r\n"), self.charset);
        let kind = if self.is_html { "html" } else { "plain" };
        let flowed = if self.is_flowed { "; format=flowed" } else { "" };
        let (transfer, body) = match self.transfer {
            Transfer::Eight => ("8bit", octets),
            Transfer::Quoted => ("quoted-printable", quoted_printable(&octets)),
            Transfer::Base64 => ("base64", base64(&octets)),
        };
        let header = format!(
            "Content-Type: text/{kind}; charset=\"{charset}\"{flowed}\r\nContent-Transfer-Encoding: {transfer}\r\n"
        );
        (header, body)
    }
}

/// A message of one part or of alternatives.
pub(crate) fn message(header: &str, parts: &[Part], boundary: &str) -> Vec<u8> {
    let mut raw = header.replace('\n', "\r\n").into_bytes();
    if let [part] = parts {
        let (header, body) = part.written();
        return [raw, header.into_bytes(), b"\r\n".to_vec(), body].concat();
    }
    raw.extend(format!("Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"\r\n\r\n").bytes());
    for part in parts {
        let (header, body) = part.written();
        raw.extend(format!("--{boundary}\r\n{header}\r\n").bytes());
        raw.extend(body);
        raw.extend(b"\r\n");
    }
    raw.extend(format!("--{boundary}--\r\n").bytes());
    raw
}

/// A header's value that may not be ASCII (RFC 2047).
pub(crate) fn encoded_word(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        format!("=?UTF-8?B?{}?=", STANDARD.encode(text))
    }
}

fn encoded(text: &str, charset: &'static str) -> (&'static str, Vec<u8>) {
    let encoding = Encoding::for_label(charset.as_bytes()).unwrap();
    let (octets, _, is_lossy) = encoding.encode(text);
    if is_lossy || (charset == "us-ascii" && !text.is_ascii()) {
        ("utf-8", text.as_bytes().to_vec())
    } else {
        (charset, octets.into_owned())
    }
}

fn base64(octets: &[u8]) -> Vec<u8> {
    let encoded = STANDARD.encode(octets).into_bytes();
    let lines: Vec<&[u8]> = encoded.chunks(76).collect();
    lines.join(&b"\r\n"[..])
}

/// RFC 2045, section 6.7.
fn quoted_printable(octets: &[u8]) -> Vec<u8> {
    let mut written = String::new();
    let mut column = 0;
    for (at, &octet) in octets.iter().enumerate() {
        let ends_line = octets[at + 1..].starts_with(b"\r\n");
        let piece = match octet {
            b'\r' | b'\n' => {
                written.push(char::from(octet));
                column = 0;
                continue;
            }
            b' ' | b'\t' if ends_line => format!("={octet:02X}"),
            b' '..=b'<' | b'>'..=b'~' | b'\t' => char::from(octet).to_string(),
            _ => format!("={octet:02X}"),
        };
        if column + piece.len() > 75 {
            written.push_str("=\r\n");
            column = 0;
        }
        column += piece.len();
        written.push_str(&piece);
    }
    written.into_bytes()
}
