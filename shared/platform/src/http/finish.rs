//! Completes every response: adds security headers, answers 304 if the caller has the same version already, and
//! compresses the body if the caller accepts it.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use lambda_http::http::header::{
    ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderValue, Method, StatusCode};
use lambda_http::{Body, Request, Response};

/// The smallest body in bytes that is worth compressing.
const MIN_COMPRESSED: usize = 1024;

/// What a call's headers ask of its response.
pub(crate) struct Wishes {
    gzip: bool,
    if_none_match: Option<String>,
}

impl Wishes {
    /// Reads the call's headers.
    pub(crate) fn of(request: &Request) -> Self {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        Self {
            gzip: takes_gzip(request),
            if_none_match: text(request, &IF_NONE_MATCH).filter(|_| reads).map(str::to_owned),
        }
    }

    /// Returns the response as it is sent.
    pub(crate) fn finish(self, mut response: Response<Body>) -> Response<Body> {
        if self.has(&response) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::Empty;
            response.headers_mut().remove(CONTENT_TYPE);
            response.headers_mut().remove(CONTENT_DISPOSITION);
        }
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
        let Body::Text(plain) = response.body() else {
            return response;
        };
        if plain.len() < MIN_COMPRESSED {
            return response;
        }
        let packed = self.gzip.then(|| gzip(plain.as_bytes(), Compression::fast()));
        let headers = response.headers_mut();
        if !headers.contains_key(VARY) {
            headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        }
        if let Some(packed) = packed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            *response.body_mut() = Body::Binary(packed);
        }
        response
    }

    /// Whether the caller already has this version of the answer (RFC 9110, section 13.1.2).
    fn has(&self, response: &Response<Body>) -> bool {
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
        let (Some(known), Some(tag), StatusCode::OK) = (&self.if_none_match, tag, response.status()) else {
            return false;
        };
        // None of our tags contains a comma.
        let mut known = known.split(',').map(str::trim);
        known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    }
}

/// Whether the caller accepts gzip.
pub fn takes_gzip(request: &Request) -> bool {
    let accepted = text(request, &ACCEPT_ENCODING).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
            && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Compresses with gzip. Writing to memory does not fail.
pub fn gzip(plain: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 3), level);
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default()
}

fn text<'r>(request: &'r Request, name: &HeaderName) -> Option<&'r str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}
