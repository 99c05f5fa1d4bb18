//! Reading a form that a browser sent: urlencoded, or multipart where a file may come along (RFC 7578).

use std::convert::Infallible;

use countersign_platform::http::MAX_BODY_OCTETS;
use futures_util::stream;
use lambda_http::Request;
use lambda_http::http::header::CONTENT_TYPE;

use crate::reply::Stop;

/// A form's fields in their order.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pairs: Vec<(String, String)>,
    /// The files that were chosen, as they are.
    files: Vec<(String, Vec<u8>)>,
}

impl Fields {
    /// Reads a call's form.
    pub(crate) async fn read(request: &Request) -> Result<Self, Stop> {
        let body: &[u8] = request.body().as_ref();
        if body.len() > MAX_BODY_OCTETS {
            return Err(Stop::TooLarge);
        }
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if let Ok(boundary) = multer::parse_boundary(kind) {
            return Box::pin(multipart(body, boundary)).await.ok_or(Stop::Malformed);
        }
        let media_type = kind.split(';').next().unwrap_or_default().trim();
        if media_type != "application/x-www-form-urlencoded" {
            return Err(Stop::Malformed);
        }
        let pairs = form_urlencoded::parse(body);
        Ok(Self {
            pairs: pairs
                .map(|(name, value)| (name.into_owned(), unix_lines(&value)))
                .collect(),
            files: Vec::new(),
        })
    }

    /// The first field of that name; empty without one.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    /// The file that was chosen in the field of that name.
    pub(crate) fn file(&self, name: &str) -> Option<&[u8]> {
        let found = self.files.iter().find(|(field, _)| field == name);
        found.map(|(_, content)| content.as_slice())
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

async fn multipart(body: &[u8], boundary: String) -> Option<Fields> {
    let whole = body.to_vec();
    let body = stream::once(async { Ok::<_, Infallible>(whole) });
    let mut parts = multer::Multipart::new(body, boundary);
    let mut fields = Fields::default();
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name()?.to_owned();
        let is_file = part.file_name().is_some();
        let content = part.bytes().await.ok()?;
        if !is_file {
            let value = std::str::from_utf8(&content).ok()?;
            fields.pairs.push((name, unix_lines(value)));
        } else if !content.is_empty() {
            // A field that no file was chosen in comes with an empty one.
            fields.files.push((name, content.into()));
        }
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use lambda_http::Body;

    use super::*;

    async fn read(kind: &str, body: &str) -> Result<Fields, Stop> {
        let request = lambda_http::http::Request::post("/")
            .header("content-type", kind)
            .body(Body::Text(body.to_owned()));
        Fields::read(&request.unwrap()).await
    }

    const MULTIPART: &str = "multipart/form-data; boundary=xyz";

    #[tokio::test]
    async fn both_kinds_of_form_give_the_same_fields() {
        let body = "--xyz\r\nContent-Disposition: form-data; name=\"remarks\"\r\n\r\none\r\ntwo & --xyz\r\n\
                    --xyz\r\nContent-Disposition: form-data; name=\"csv-file\"; filename=\"\"\r\nContent-Type: x\r\n\r\n\r\n--xyz--\r\n";
        let multipart = read(MULTIPART, body).await.unwrap();
        assert_eq!(multipart.get("remarks"), "one\ntwo & --xyz");
        assert_eq!(multipart.file("csv-file"), None);
        let plain = read(
            "application/x-www-form-urlencoded",
            "remarks=one%0D%0Atwo+%26+--xyz",
        )
        .await
        .unwrap();
        assert_eq!(plain.get("remarks"), multipart.get("remarks"));
        assert_eq!(plain.get("missing"), "");
    }

    #[tokio::test]
    async fn a_file_comes_as_it_is() {
        let body = "--xyz\r\nContent-Disposition: form-data; name=\"csv-file\"; filename=\"a;b.csv\"\r\n\r\na,b\r\n\r\n--xyz--";
        assert_eq!(
            read(MULTIPART, body).await.unwrap().file("csv-file"),
            Some(&b"a,b\r\n"[..])
        );
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
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
            assert!(
                matches!(read(kind, body).await, Err(Stop::Malformed)),
                "{kind} {body}"
            );
        }
        let long = "a=".to_owned() + &"x".repeat(MAX_BODY_OCTETS);
        assert!(matches!(
            read("application/x-www-form-urlencoded", &long).await,
            Err(Stop::TooLarge)
        ));
    }
}
