//! The text of a file, whatever encoding a spreadsheet wrote it in.

use std::borrow::Cow;

use encoding_rs::{BIG5, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Reads a file as text: UTF-8 or UTF-16, with or without a byte order mark, or Big5. `None` for anything else.
pub fn text(octets: &[u8]) -> Option<String> {
    let text = match Encoding::for_bom(octets) {
        Some((encoding, mark)) => strict(encoding, octets.get(mark..)?)?,
        None => unmarked(octets)?,
    };
    // No text has it; workbooks, pictures and UTF-32 do.
    (!text.contains('\0')).then(|| text.into_owned())
}

fn unmarked(octets: &[u8]) -> Option<Cow<'_, str>> {
    if let Some(encoding) = utf_16(octets) {
        return strict(encoding, octets);
    }
    strict(UTF_8, octets).or_else(|| strict(BIG5, octets).filter(|_| is_likely_big5(octets)))
}

fn strict<'a>(encoding: &'static Encoding, octets: &'a [u8]) -> Option<Cow<'a, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(octets)
}

/// The byte order of UTF-16 without a mark. Separators, line ends and whatever else is ASCII have a zero for their
/// other octet, always on the same side.
fn utf_16(octets: &[u8]) -> Option<&'static Encoding> {
    let zeros = |first: usize| octets.iter().skip(first).step_by(2).any(|octet| *octet == 0);
    match (zeros(0), zeros(1)) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        (true, true) | (false, false) => None,
    }
}

/// Whether what decodes as Big5 was written in it. Almost any octets decode, so `Müller` of a Western file or the
/// characters of a mainland one would come in as other characters. Text that is Big5 mostly holds the characters in
/// frequent use, which its first planes have.
fn is_likely_big5(octets: &[u8]) -> bool {
    let (mut frequent, mut all) = (0_usize, 0_usize);
    let mut rest = octets.iter();
    while let Some(octet) = rest.next() {
        if !octet.is_ascii() {
            rest.next();
            all += 1;
            frequent += usize::from((0xa1..=0xc6).contains(octet));
        }
    }
    frequent * 4 >= all * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "用戶編號,電郵地址\r\nB01234X1,da@bank.example\r\n";

    fn utf_16(text: &str, octets: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(octets).collect()
    }

    #[test]
    fn what_spreadsheets_write_is_read_with_its_mark_and_without() {
        let marked = format!("\u{feff}{TEXT}");
        let (big5, _, _) = BIG5.encode(TEXT);
        for octets in [
            TEXT.as_bytes().to_vec(),
            marked.as_bytes().to_vec(),
            utf_16(TEXT, u16::to_le_bytes),
            utf_16(TEXT, u16::to_be_bytes),
            utf_16(&marked, u16::to_le_bytes),
            utf_16(&marked, u16::to_be_bytes),
            big5.into_owned(),
        ] {
            assert_eq!(text(&octets).as_deref(), Some(TEXT));
        }
        assert_eq!(text(b"").as_deref(), Some(""));
    }

    #[test]
    fn what_is_in_another_encoding_is_refused_rather_than_garbled() {
        let (gbk, _, _) = encoding_rs::GBK.encode("用户编号,电子邮件\n交易部,代理人\n");
        let utf_32: Vec<u8> = "\u{feff}B01234X1,a@b.example"
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        for octets in [
            b"B01234X1,M\xfcller@b.example".to_vec(),
            b"\xe9\xe8,b".to_vec(),
            gbk.into_owned(),
            utf_32,
            b"PK\x03\x04\x14\0\x06\0\x08\0\0\0".to_vec(),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".to_vec(),
            b"\xff\xfea".to_vec(),
            b"a\0\0b".to_vec(),
        ] {
            assert_eq!(text(&octets), None, "{octets:?}");
        }
    }
}
