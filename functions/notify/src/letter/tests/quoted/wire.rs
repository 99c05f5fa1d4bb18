//! A reply on the wire.

use super::dice::Dice;

const HEADER: &str = "From: checker@abc.example\r\nTo: approve@mail.example\r\nMIME-Version: 1.0\r\n";

/// A message of plain text.
pub(super) fn plain(lines: &[String], dice: &mut Dice) -> Vec<u8> {
    format!("{HEADER}{}", plain_part(lines, dice)).into_bytes()
}

/// A message of HTML.
pub(super) fn html(html: &str, dice: &mut Dice) -> Vec<u8> {
    format!("{HEADER}{}", html_part(html, dice)).into_bytes()
}

/// A message of both.
pub(super) fn both(lines: &[String], html: &str, dice: &mut Dice) -> Vec<u8> {
    let (plain, html) = (plain_part(lines, dice), html_part(html, dice));
    format!(
        "{HEADER}Content-Type: multipart/alternative; boundary=\"=_b\"\r\n\r\n--=_b\r\n{plain}\r\n--=_b\r\n{html}\r\n--=_b--\r\n"
    )
    .into_bytes()
}

fn plain_part(lines: &[String], dice: &mut Dice) -> String {
    let format = *dice.pick(&["", "", "; format=flowed", "; format=flowed; delsp=yes"]);
    part(
        &format!("text/plain; charset=utf-8{format}"),
        &lines.join("\r\n"),
        dice,
    )
}

fn html_part(html: &str, dice: &mut Dice) -> String {
    part("text/html; charset=utf-8", html, dice)
}

fn part(kind: &str, text: &str, dice: &mut Dice) -> String {
    let (encoding, body) = if dice.one_in(4) {
        ("quoted-printable", quoted_printable(text))
    } else {
        ("8bit", text.to_owned())
    };
    format!("Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}")
}

/// RFC 2045, section 6.7, with lines of one length.
fn quoted_printable(text: &str) -> String {
    const OCTETS: usize = 24;
    let mut written = String::new();
    for (at, octet) in text.bytes().enumerate() {
        if at > 0 && at % OCTETS == 0 {
            written.push_str("=\r\n");
        }
        written.extend(['=', digit(octet >> 4), digit(octet & 15)]);
    }
    written
}

fn digit(value: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(value)])
}
