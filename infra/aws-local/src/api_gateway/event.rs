//! API Gateway's event of an HTTP call, payload format 2.0.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, USER_AGENT};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json, json};

use crate::ACCOUNT;
use crate::cloudformation::Route;

/// The local API's ID.
const API_ID: &str = "local";

/// A call that has found its route and been let in.
pub(super) struct Call<'a> {
    pub(super) route: &'a Route,
    pub(super) parameters: Vec<(String, String)>,
    /// What the authorizer knows of the caller; `None` on an open route.
    pub(super) claims: Option<Map<String, Json>>,
    /// The path, decoded.
    pub(super) path: String,
    pub(super) caller: SocketAddr,
    pub(super) id: &'a str,
    pub(super) at: Timestamp,
}

impl Call<'_> {
    /// The event that the function gets.
    pub(super) fn event(self, parts: &Parts, body: &[u8]) -> Json {
        let query = parts.uri.query().unwrap_or_default();
        let mut event = json!({
            "version": "2.0",
            "routeKey": self.route.key(),
            // API Gateway hands the path on decoded, and the query as it came.
            "rawPath": self.path,
            "rawQueryString": query,
            "headers": self.headers(&parts.headers),
            "requestContext": self.context(parts),
            "isBase64Encoded": false,
        });
        let mut add = |name: &str, value: Json| event[name] = value;
        let cookies = cookies(&parts.headers);
        if !cookies.is_empty() {
            add("cookies", json!(cookies));
        }
        if !query.is_empty() {
            add(
                "queryStringParameters",
                json!(joined(form_urlencoded::parse(query.as_bytes()))),
            );
        }
        if !self.parameters.is_empty() {
            add("pathParameters", self.parameters.into_iter().collect());
        }
        if !body.is_empty() {
            let text = text(&parts.headers, body);
            add("isBase64Encoded", json!(text.is_none()));
            add(
                "body",
                text.map_or_else(|| json!(STANDARD.encode(body)), Json::from),
            );
        }
        event
    }

    /// Lower-case names, repeated headers joined by commas, cookies apart, and what API Gateway adds.
    fn headers(&self, headers: &HeaderMap) -> BTreeMap<String, String> {
        let own = headers
            .iter()
            .filter(|(name, _)| **name != COOKIE)
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())));
        let mut joined = joined(own);
        joined.insert("x-forwarded-for".to_owned(), self.caller.ip().to_string());
        joined.insert("x-forwarded-proto".to_owned(), "http".to_owned());
        joined
    }

    fn context(&self, parts: &Parts) -> Json {
        let header = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let mut context = json!({
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": header(HOST),
            "domainPrefix": API_ID,
            "http": {
                "method": parts.method.as_str(),
                "path": self.path,
                "protocol": format!("{:?}", parts.version),
                "sourceIp": self.caller.ip().to_string(),
                "userAgent": header(USER_AGENT),
            },
            "requestId": self.id,
            "routeKey": self.route.key(),
            "stage": "$default",
            "time": self.at.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": self.at.as_millisecond(),
        });
        if let Some(claims) = &self.claims {
            context["authorizer"] = json!({ "jwt": { "claims": claims, "scopes": null } });
        }
        context
    }
}

/// Percent-decodes; `None` if that gives no text.
pub(super) fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(String::from)
}

/// A fresh ID for a call.
pub(super) fn request_id() -> String {
    let mut random = [0; 12];
    // The ID only helps to find a call in the logs, so a system without randomness does not stop it.
    let _ = getrandom::fill(&mut random);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random)
}

fn joined<N: AsRef<str>, V: AsRef<str>>(pairs: impl Iterator<Item = (N, V)>) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in pairs {
        joined
            .entry(name.as_ref().to_owned())
            .and_modify(|values| {
                values.push(',');
                values.push_str(value.as_ref());
            })
            .or_insert_with(|| value.as_ref().to_owned());
    }
    joined
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(COOKIE).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(|cookie| cookie.trim().to_owned())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

/// The body as text, if its type is one of the few that API Gateway takes for text. A form is not among them, and
/// neither is a body without a type.
fn text<'a>(headers: &HeaderMap, body: &'a [u8]) -> Option<&'a str> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let is_text = kind.starts_with("text/")
        || ["application/json", "application/xml", "application/javascript"].contains(&kind.as_str());
    is_text.then(|| std::str::from_utf8(body).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::cloudformation::Access;

    fn event(request: axum::http::request::Builder, body: &[u8]) -> Json {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let route = Route {
            method: "POST".to_owned(),
            path: "/requests/{id}".to_owned(),
            access: Access::SignedIn,
        };
        let call = Call {
            route: &route,
            parameters: vec![("id".to_owned(), "1 2".to_owned())],
            claims: Some(Map::from_iter([("sub".to_owned(), json!("me"))])),
            path: decoded(parts.uri.path()).unwrap(),
            caller: ([127, 0, 0, 1], 5000).into(),
            id: "x",
            at: "2023-02-07T02:43:00Z".parse().unwrap(),
        };
        call.event(&parts, body)
    }

    #[test]
    fn a_call_becomes_the_event_that_api_gateway_sends() {
        let request = Request::post("/requests/1%202?a=1&b=x%20y&a=2")
            .header("Host", "localhost:9000")
            .header("User-Agent", "curl/8")
            .header("X-Twice", "1")
            .header("X-Twice", "2")
            .header("Cookie", "a=b; c=d")
            .header("Content-Type", "application/json; charset=utf-8");
        let event = event(request, b"{}");
        assert_eq!(
            event,
            json!({
                "version": "2.0",
                "routeKey": "POST /requests/{id}",
                "rawPath": "/requests/1 2",
                "rawQueryString": "a=1&b=x%20y&a=2",
                "cookies": ["a=b", "c=d"],
                "headers": {
                    "content-type": "application/json; charset=utf-8",
                    "host": "localhost:9000",
                    "user-agent": "curl/8",
                    "x-forwarded-for": "127.0.0.1",
                    "x-forwarded-proto": "http",
                    "x-twice": "1,2",
                },
                "queryStringParameters": { "a": "1,2", "b": "x y" },
                "pathParameters": { "id": "1 2" },
                "requestContext": {
                    "accountId": "000000000000",
                    "apiId": "local",
                    "domainName": "localhost:9000",
                    "domainPrefix": "local",
                    "authorizer": { "jwt": { "claims": { "sub": "me" }, "scopes": null } },
                    "http": {
                        "method": "POST",
                        "path": "/requests/1 2",
                        "protocol": "HTTP/1.1",
                        "sourceIp": "127.0.0.1",
                        "userAgent": "curl/8",
                    },
                    "requestId": "x",
                    "routeKey": "POST /requests/{id}",
                    "stage": "$default",
                    "time": "07/Feb/2023:02:43:00 +0000",
                    "timeEpoch": 1_675_737_780_000_i64,
                },
                "body": "{}",
                "isBase64Encoded": false,
            })
        );
    }

    #[test]
    fn a_body_that_is_no_text_is_encoded() {
        for (kind, body) in [
            (Some("application/octet-stream"), b"{}".as_slice()),
            (Some("application/x-www-form-urlencoded"), b"{}"),
            (None, b"{}"),
            (Some("application/json"), b"\xff"),
        ] {
            let mut request = Request::post("/requests/1");
            if let Some(kind) = kind {
                request = request.header("content-type", kind);
            }
            let event = event(request, body);
            assert_eq!(event["isBase64Encoded"], true, "{kind:?}");
            assert_eq!(event["body"], STANDARD.encode(body), "{kind:?}");
        }
    }

    #[test]
    fn a_call_without_a_body_has_none() {
        let event = event(Request::post("/requests/1"), b"");
        assert!(event.get("body").is_none() && event.get("queryStringParameters").is_none());
        assert_eq!(event["isBase64Encoded"], false);
    }
}
