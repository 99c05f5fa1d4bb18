//! A browser without script: pages, forms and cookies, over HTTP like the API.

use std::io::Read as _;

use flate2::read::GzDecoder;
use reqwest::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use reqwest::{Method, redirect};

use crate::World;

/// The address of a new form.
pub const NEW_FORM: &str = "/portal/requests/new";

/// A browser, with a session or without one.
pub struct Browser {
    base: String,
    cookie: Option<String>,
    http: reqwest::Client,
}

/// A page that a browser shows.
#[derive(Debug)]
pub struct Page {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The document.
    pub body: String,
    /// The size of the body on the wire, in octets.
    pub wire: usize,
}

impl World {
    /// A browser in which a demonstration person has signed in.
    pub async fn browser(&self, username: &str) -> Browser {
        let user = self.sign_in(username).await;
        self.stranger().with_session(user.token())
    }

    /// A browser in which nobody is signed in.
    pub fn stranger(&self) -> Browser {
        let http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .build();
        Browser {
            base: self.local.url().to_owned(),
            cookie: None,
            http: http.unwrap_or_default(),
        }
    }
}

impl Browser {
    /// The same browser with this session token.
    #[must_use]
    pub fn with_session(self, token: &str) -> Self {
        self.with_cookie(&format!("__Host-session={token}"))
    }

    /// The same browser with this cookie, in place of one of the same name.
    #[must_use]
    pub fn with_cookie(self, cookie: &str) -> Self {
        let name = cookie.split('=').next();
        let others = self.cookie.as_deref().unwrap_or_default().split("; ");
        let others = others.filter(|other| !other.is_empty() && other.split('=').next() != name);
        let cookies: Vec<&str> = others.chain([cookie]).collect();
        Self {
            cookie: Some(cookies.join("; ")),
            ..self
        }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(self.call(Method::GET, path)).await
    }

    /// Submits a form from one of the portal's own pages, without following redirects.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let headers = [("origin", self.base.as_str()), ("sec-fetch-site", "same-origin")];
        self.post_with(path, fields, &headers).await
    }

    /// Submits a form with a file, as a browser does from one of the portal's own pages.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], (name, content): (&str, &str)) -> Page {
        const BOUNDARY: &str = "a-boundary-that-no-field-has";
        let part = |disposition: &str, content: &str| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
        };
        let values = fields
            .iter()
            .map(|(name, value)| part(&format!("name=\"{name}\""), value));
        let file = part(&format!("name=\"{name}\"; filename=\"rows.csv\""), content);
        let end = format!("--{BOUNDARY}--\r\n");
        let body: String = values.chain([file, end]).collect();
        let call = self
            .call(Method::POST, path)
            .header(
                "content-type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .header("origin", self.base.as_str())
            .header("sec-fetch-site", "same-origin")
            .body(body);
        self.send(call).await
    }

    /// Submits a form with headers that say where it comes from.
    pub async fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let mut call = self
            .call(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        self.send(call).await
    }

    /// Submits a form and follows the redirect.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let sent = self.post(path, fields).await.expect(303);
        self.follow(&sent).await.expect(200)
    }

    /// Follows a redirect, with the cookie that came along to be told on the next page.
    pub async fn follow(&self, sent: &Page) -> Page {
        let mut call = self.call(Method::GET, sent.location());
        if let Some(done) = sent.cookie("__Host-done") {
            let own = self.cookie.as_deref().unwrap_or_default();
            let cookies = HeaderValue::from_str(&format!("{own}; __Host-done={done}"));
            call = call.headers(cookies.map(|cookies| (COOKIE, cookies)).into_iter().collect());
        }
        self.send(call).await
    }

    /// Takes a step on a page's request as a browser without script does: opens the link of its button, then submits
    /// the question.
    pub async fn take(&self, page: &Page, action: &str, message: &str) -> Page {
        let path = format!("{}/{action}", page.request());
        assert!(
            page.shows(&format!("href=\"{path}\"")),
            "no button {action}: {}",
            page.body
        );
        let question = self.get(&path).await.expect(200);
        assert!(question.shows("Please confirm to proceed"));
        let (tag, key) = question.form(&path);
        self.submit(&path, &[("tag", &tag), ("key", &key), ("message", message)])
            .await
    }

    fn call(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with('/') {
            format!("{}{path}", self.base)
        } else {
            path.to_owned()
        };
        let call = self.http.request(method, url).header("accept-encoding", "gzip");
        match &self.cookie {
            Some(cookie) => call.header("cookie", cookie),
            None => call,
        }
    }

    async fn send(&self, call: reqwest::RequestBuilder) -> Page {
        let response = call.send().await.unwrap_or_else(|error| panic!("{error}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let octets = response.bytes().await.unwrap_or_default();
        let is_packed = headers
            .get("content-encoding")
            .is_some_and(|coding| coding == "gzip");
        let mut body = String::new();
        if is_packed {
            GzDecoder::new(octets.as_ref())
                .read_to_string(&mut body)
                .unwrap_or_default();
        } else {
            body = String::from_utf8_lossy(&octets).into_owned();
        }
        Page {
            status,
            headers,
            body,
            wire: octets.len(),
        }
    }
}

/// The form of the guideline's steps c to f, as a browser submits it with one of its buttons.
pub fn guideline_fields<'a>(tag: &'a str, key: &'a str, button: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("tag", tag),
        ("key", key),
        ("participantship", "HKSCC Participant (B01234)"),
        ("maintenanceRequest", "Change"),
        ("changes.0.userId", "B01234X1"),
        ("changes.0.email", "ABC@bank.com.hk"),
        ("remarks", ""),
        ("declaration", "yes"),
        ("contacts.0.name", "AAA"),
        ("contacts.0.email", "AAA@bank.com.hk"),
        ("contacts.0.telephone", "29797111"),
        ("do", button),
    ]
}

impl Page {
    /// Checks the status.
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// A header's value, or an empty string.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The header that sets a cookie.
    pub fn set_cookie(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.get_all(SET_COOKIE).iter();
        all.find_map(|set| {
            set.to_str()
                .ok()
                .filter(|set| set.split('=').next() == Some(name))
        })
    }

    /// The value that it gives a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.set_cookie(name)?.split(['=', ';']).nth(1)
    }

    /// The address that it redirects to.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Whether the document contains this text.
    pub fn shows(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// The value of the first field with that name after this text.
    pub fn field_after(&self, text: &str, name: &str) -> String {
        let start = self
            .body
            .find(text)
            .unwrap_or_else(|| panic!("no {text}: {}", self.body));
        let rest = &self.body[start..];
        let mark = format!("name=\"{name}\" value=\"");
        let start = rest
            .find(&mark)
            .unwrap_or_else(|| panic!("no {name}: {}", self.body))
            + mark.len();
        rest[start..].split('"').next().unwrap_or_default().to_owned()
    }

    /// The tag and the key in the form that is sent to this address.
    pub fn form(&self, action: &str) -> (String, String) {
        let mark = format!("action=\"{action}\"");
        (self.field_after(&mark, "tag"), self.field_after(&mark, "key"))
    }

    /// The address of the page's request.
    pub fn request(&self) -> String {
        let mut addresses = self
            .body
            .split("/portal/requests/")
            .skip(1)
            .filter_map(|rest| rest.get(..26));
        let is_id = |text: &&str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let id = addresses.find(is_id);
        let id = id.unwrap_or_else(|| panic!("no request: {}", self.body));
        format!("/portal/requests/{id}")
    }

    /// The addresses of the files that the page loads.
    pub fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = self
            .body
            .split('"')
            .filter(|text| text.starts_with("/assets/"))
            .map(str::to_owned)
            .collect();
        files.sort();
        files.dedup();
        files
    }
}
