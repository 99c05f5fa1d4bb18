//! A header's fields (RFC 5322, section 2.2), read strictly: a header that two
//! readers could interpret differently is refused.

use super::Unreadable;

/// Maximum number of fields in a header. A message that passed several relays has about a hundred.
const MAX_FIELDS: usize = 500;
/// Maximum size of a header in octets.
const MAX_HEADER_OCTETS: usize = 256 * 1024;

/// A header.
#[derive(Default)]
pub(super) struct Fields<'a>(Vec<Field<'a>>);

/// A field of a header.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    name: &'a [u8],
    folded: &'a [u8],
}

impl Field<'_> {
    /// Its value on one line. Invalid UTF-8 becomes U+FFFD, which no address or token contains.
    pub(super) fn value(&self) -> String {
        let unfolded: Vec<u8> = self
            .folded
            .iter()
            .copied()
            .filter(|b| !matches!(b, b'\r' | b'\n'))
            .collect();
        String::from_utf8_lossy(&unfolded).into_owned()
    }

    /// An upper bound of its value's length in octets.
    pub(super) fn len(&self) -> usize {
        self.folded.len()
    }
}

impl<'a> Fields<'a> {
    /// The fields with a name, given in lower case.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = Field<'a>> {
        self.0
            .iter()
            .copied()
            .filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The field with a name that may appear only once.
    pub(super) fn only(&self, name: &str) -> Result<Option<Field<'a>>, Unreadable> {
        let mut all = self.named(name);
        let first = all.next();
        match all.next() {
            Some(_) => Err(Unreadable::FieldRepeated),
            None => Ok(first),
        }
    }

    /// Whether the name of a field starts with a prefix.
    pub(super) fn any_starts_with(&self, prefix: &str) -> bool {
        self.0.iter().any(|field| {
            let start = field.name.get(..prefix.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
        })
    }
}

/// Splits a message, or a part of one, into header and body.
pub(super) fn split(raw: &[u8]) -> Result<(Fields<'_>, &[u8]), Unreadable> {
    let mut fields: Vec<Field> = Vec::new();
    let mut endings = None;
    let mut start = 0;
    while start < raw.len() {
        if start > MAX_HEADER_OCTETS {
            return Err(Unreadable::HeaderTooLarge);
        }
        let rest = &raw[start..];
        let ended = rest.iter().take(MAX_HEADER_OCTETS + 1).position(|&b| b == b'\n');
        let line_len = match ended {
            Some(end) => end + 1,
            None if rest.len() > MAX_HEADER_OCTETS => return Err(Unreadable::HeaderTooLarge),
            None => rest.len(),
        };
        let line = content(&rest[..line_len], &mut endings)?;
        if line.is_empty() {
            return Ok((Fields(fields), &rest[line_len..]));
        }
        if matches!(line[0], b' ' | b'\t') {
            let field = fields.last_mut().ok_or(Unreadable::Malformed)?;
            // The lines of a field are adjacent, so the field grows by the break and this line.
            let value_start = start - field.folded.len();
            field.folded = &raw[value_start..start + line_len];
        } else {
            if fields.len() == MAX_FIELDS {
                return Err(Unreadable::HeaderTooLarge);
            }
            fields.push(field(line, &rest[..line_len])?);
        }
        start += line_len;
    }
    Ok((Fields(fields), &[]))
}

/// A line without its ending. All lines of a header must end the same way: a lone line feed or carriage return ends a
/// line for some readers and not for others.
fn content<'a>(line: &'a [u8], endings: &mut Option<bool>) -> Result<&'a [u8], Unreadable> {
    let content = if let Some(content) = line.strip_suffix(b"\n") {
        let without = content.strip_suffix(b"\r");
        if *endings.get_or_insert(without.is_some()) != without.is_some() {
            return Err(Unreadable::Malformed);
        }
        without.unwrap_or(content)
    } else {
        line
    };
    if content.iter().any(|b| matches!(b, b'\r' | 0)) {
        return Err(Unreadable::Malformed);
    }
    Ok(content)
}

/// The field that a line starts. Blanks before the colon are obsolete but still accepted (RFC 5322, section 4.5).
fn field<'a>(line: &'a [u8], with_end: &'a [u8]) -> Result<Field<'a>, Unreadable> {
    let colon = line
        .iter()
        .position(|&b| b == b':')
        .ok_or(Unreadable::Malformed)?;
    let name = line[..colon].trim_ascii_end();
    if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
        return Err(Unreadable::Malformed);
    }
    let folded = &with_end[colon + 1..];
    Ok(Field { name, folded })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(raw: &str, name: &str) -> Vec<String> {
        let (fields, _) = split(raw.as_bytes()).unwrap();
        fields.named(name).map(|field| field.value()).collect()
    }

    #[test]
    fn a_folded_field_is_one_field() {
        let raw = "A: 1\r\n 2\r\n\t3\r\nB: 4\r\n\r\nbody";
        assert_eq!(values(raw, "a"), [" 1 2\t3"]);
        assert_eq!(values(raw, "b"), [" 4"]);
        assert_eq!(split(raw.as_bytes()).unwrap().1, b"body");
    }

    #[test]
    fn names_are_compared_without_case_and_blanks_before_the_colon() {
        assert_eq!(values("FROM: 1\r\nfrom : 2\r\n\r\n", "from"), [" 1", " 2"]);
    }

    #[test]
    fn what_readers_could_disagree_on_is_malformed() {
        for raw in [
            "A: 1\nB: 2\r\n\r\n",
            "A: 1\r\nB: 2\n\r\n",
            "A: 1\rB: 2\r\n\r\n",
            "A: \0\r\n\r\n",
            " A: 1\r\n\r\n",
            "A\r\n\r\n",
            ": 1\r\n\r\n",
            "F rom: 1\r\n\r\n",
            "From a@b.example Mon Mar 27 10:43:00 2023\r\n\r\n",
        ] {
            assert_eq!(
                split(raw.as_bytes()).err(),
                Some(Unreadable::Malformed),
                "{raw:?}"
            );
        }
    }

    #[test]
    fn a_header_without_a_body_is_read() {
        assert_eq!(values("A: 1", "a"), [" 1"]);
        assert_eq!(values("A: 1\n", "a"), [" 1"]);
        assert!(split(b"").unwrap().1.is_empty());
    }

    #[test]
    fn a_header_is_limited_in_fields_and_octets() {
        let fields = |n: usize| format!("{}\r\n", "A: 1\r\n".repeat(n));
        assert!(split(fields(MAX_FIELDS).as_bytes()).is_ok());
        let too_many = fields(MAX_FIELDS + 1);
        let one_line = format!("A: {}", "x".repeat(MAX_HEADER_OCTETS));
        let one_field = format!("A: 1\r\n{}", " x\r\n".repeat(MAX_HEADER_OCTETS / 4));
        for raw in [too_many, one_line, one_field] {
            assert_eq!(split(raw.as_bytes()).err(), Some(Unreadable::HeaderTooLarge));
        }
    }
}
