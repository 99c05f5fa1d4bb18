//! Reading a form that a browser sent: urlencoded, or multipart where a file may come along (RFC 7578).

use countersign_platform::http::MAX_BODY_OCTETS;
use lambda_http::Request;
use lambda_http::http::header::CONTENT_TYPE;

use crate::reply::Stop;

/// A form's fields in their order.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pairs: Vec<(String, String)>,
    /// The contents of the chosen file; `Err` if it is no text.
    pub(crate) file: Option<Result<String, ()>>,
}

impl Fields {
    /// Reads a call's form.
    pub(crate) fn read(request: &Request) -> Result<Self, Stop> {
        let body: &[u8] = request.body().as_ref();
        if body.len() > MAX_BODY_OCTETS {
            return Err(Stop::TooLarge);
        }
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default();
        match kind.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => Ok(Self {
                pairs: form_urlencoded::parse(body)
                    .map(|(name, value)| (name.into_owned(), unix_lines(&value)))
                    .collect(),
                file: None,
            }),
            "multipart/form-data" => {
                let boundary = boundary(kind).ok_or(Stop::Malformed)?;
                multipart(body, boundary).ok_or(Stop::Malformed)
            }
            _ => Err(Stop::Malformed),
        }
    }

    /// The first field of that name; empty without one.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Browsers end the lines of a text area with CR LF; the domain has them end with LF.
fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn boundary(kind: &str) -> Option<&str> {
    let mut parameters = kind.split(';').map(str::trim);
    let boundary = parameters.find_map(|parameter| parameter.strip_prefix("boundary="))?;
    let boundary = boundary.trim_matches('"');
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

fn multipart(body: &[u8], boundary: &str) -> Option<Fields> {
    let delimiter = format!("\r\n--{boundary}");
    let first = format!("--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut fields = Fields::default();
    loop {
        if rest.starts_with(b"--") {
            return Some(fields);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, delimiter.as_bytes())?;
        part(&rest[..end], &mut fields)?;
        rest = &rest[end + delimiter.len()..];
    }
}

fn part(part: &[u8], fields: &mut Fields) -> Option<()> {
    let end = find(part, b"\r\n\r\n")?;
    let (head, content) = (std::str::from_utf8(&part[..end]).ok()?, &part[end + 4..]);
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let parameter = |wanted: &str| {
        let lead = format!("{wanted}=\"");
        let start = disposition
            .split(';')
            .map(str::trim)
            .find_map(|part| part.strip_prefix(lead.as_str()))?;
        start.strip_suffix('"')
    };
    let name = parameter("name")?;
    let is_file = disposition.contains("filename=");
    if is_file {
        // A file field that nothing was chosen in comes with an empty file.
        if !content.is_empty() {
            let text = std::str::from_utf8(content).map(unix_lines).map_err(|_| ());
            fields.file = Some(text);
        }
    } else {
        let value = std::str::from_utf8(content).ok()?;
        fields.pairs.push((name.to_owned(), unix_lines(value)));
    }
    Some(())
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use lambda_http::Body;

    use super::*;

    fn read(kind: &str, body: &str) -> Result<Fields, Stop> {
        let request = lambda_http::http::Request::post("/")
            .header("content-type", kind)
            .body(Body::Text(body.to_owned()));
        Fields::read(&request.unwrap())
    }

    const MULTIPART: &str = "multipart/form-data; boundary=xyz";

    #[test]
    fn both_kinds_of_form_give_the_same_fields() {
        let body = "--xyz\r\nContent-Disposition: form-data; name=\"remarks\"\r\n\r\none\r\ntwo & --xyz\r\n\
                    --xyz\r\nContent-Disposition: form-data; name=\"csv-file\"; filename=\"\"\r\nContent-Type: x\r\n\r\n\r\n--xyz--\r\n";
        let multipart = read(MULTIPART, body).unwrap();
        assert_eq!(multipart.get("remarks"), "one\ntwo & --xyz");
        assert!(multipart.file.is_none());
        let plain = read(
            "application/x-www-form-urlencoded",
            "remarks=one%0D%0Atwo+%26+--xyz",
        )
        .unwrap();
        assert_eq!(plain.get("remarks"), multipart.get("remarks"));
        assert_eq!(plain.get("missing"), "");
    }

    #[test]
    fn a_file_comes_as_text_or_is_known_to_be_none() {
        let body = "--xyz\r\nContent-Disposition: form-data; name=\"csv-file\"; filename=\"a;b.csv\"\r\n\r\na,b\r\n\r\n--xyz--";
        assert_eq!(read(MULTIPART, body).unwrap().file, Some(Ok("a,b\n".to_owned())));
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for (kind, body) in [
            ("application/json", "{}"),
            ("", ""),
            ("multipart/form-data", "x"),
            (MULTIPART, "x"),
            (MULTIPART, "--xyz\r\nno disposition\r\n\r\nx\r\n--xyz--"),
            (
                MULTIPART,
                "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever closed",
            ),
        ] {
            assert!(matches!(read(kind, body), Err(Stop::Malformed)), "{kind} {body}");
        }
        let long = "a=".to_owned() + &"x".repeat(MAX_BODY_OCTETS);
        assert!(matches!(
            read("application/x-www-form-urlencoded", &long),
            Err(Stop::TooLarge)
        ));
    }
}
