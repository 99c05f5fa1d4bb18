//! The portal's answers, and the headers of every answer.

use countersign_application::readiness::Document;
use countersign_domain::actor::Right;
use countersign_platform::http::disposition;
use countersign_platform::store::StoreError;
use lambda_http::http::HeaderValue;
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    LOCATION, REFERRER_POLICY, SET_COOKIE, VARY,
};
use lambda_http::{Body, Response};

use crate::done::JustDone;
use crate::visit::{Visit, done_cookie};

/// A page, or the way to one.
pub(crate) struct Reply {
    status: u16,
    kind: Kind,
    cookies: Vec<String>,
}

enum Kind {
    Html(String),
    Document(Document),
    Redirect(String),
}

/// Why a visitor does not get the page.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody has signed in, or not any more.
    NoSession,
    /// The directory does not know who signed in.
    NotInDirectory,
    /// A right is missing.
    RightMissing(Right),
    /// There is nothing at this address for them.
    NotFound,
    /// A form came from another site.
    OtherOrigin,
    /// A form can't be read.
    Malformed,
    /// A form is longer than allowed.
    TooLarge,
    /// The store is busy or out of reach, or the hosted sign-in is. A later try may succeed.
    Busy,
    /// Something failed; it has been logged.
    Failed,
}

pub(crate) type Answer = Result<Reply, Stop>;

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => {
                tracing::warn!("the store is busy");
                Self::Busy
            }
            // Like the API, the page says to try again.
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "store");
                Self::Busy
            }
            StoreError::Refused(_) | StoreError::Corrupt(_) | StoreError::OtherLayout(_) => {
                tracing::error!(%error, "store");
                Self::Failed
            }
        }
    }
}

/// A template that can't be written out is a defect of this program.
impl From<askama::Error> for Stop {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "template");
        Self::Failed
    }
}

impl Reply {
    pub(crate) fn page(template: &impl askama::Template) -> Answer {
        Self::page_with(200, template)
    }

    pub(crate) fn page_with(status: u16, template: &impl askama::Template) -> Answer {
        Ok(Self::html(status, template.render()?))
    }

    pub(crate) fn html(status: u16, html: String) -> Self {
        Self {
            status,
            kind: Kind::Html(html),
            cookies: Vec::new(),
        }
    }

    /// A document to be saved.
    pub(crate) fn download(document: Document) -> Self {
        Self {
            status: 200,
            kind: Kind::Document(document),
            cookies: Vec::new(),
        }
    }

    /// 303: whatever was asked for, the answer is at that address, to be fetched with GET.
    pub(crate) fn see(location: impl Into<String>) -> Self {
        Self {
            status: 303,
            kind: Kind::Redirect(location.into()),
            cookies: Vec::new(),
        }
    }

    /// The way to a page that tells what was just done.
    pub(crate) fn see_done(path: String, done: &JustDone) -> Self {
        let page = path.split('?').next().unwrap_or_default();
        let cookie = done_cookie(&done.cookie(page));
        Self::see(path).with_cookie(cookie)
    }

    pub(crate) fn with_cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// The answer with its headers. No page is kept by anything on the way, or after signing out.
    pub(crate) fn into_response(self, visit: &Visit) -> Response<Body> {
        let mut response = Response::new(Body::Empty);
        *response.status_mut() = self.status.try_into().unwrap_or_default();
        let headers = response.headers_mut();
        let policy = HeaderValue::from_str(&security_policy(visit.sign_in_origin()))
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        let constants = [
            (CACHE_CONTROL, "no-store"),
            (REFERRER_POLICY, "same-origin"),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("permissions-policy"),
                "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            ),
            (VARY, "accept-encoding, accept-language, cookie"),
        ];
        for (name, value) in constants {
            headers.insert(name, HeaderValue::from_static(value));
        }
        // What a page has told is told.
        let told = matches!(self.kind, Kind::Html(_)) && visit.just_done().is_some();
        let told = told.then(|| done_cookie(""));
        // Of two cookies of one name the later one counts, so a page that ends a session has the last word.
        for cookie in visit.renewed_cookies().chain(&told).chain(&self.cookies) {
            if let Ok(cookie) = HeaderValue::from_str(cookie) {
                headers.append(SET_COOKIE, cookie);
            }
        }
        if self.status == 503 {
            headers.insert(
                lambda_http::http::header::RETRY_AFTER,
                HeaderValue::from_static("1"),
            );
        }
        match self.kind {
            Kind::Redirect(location) => {
                if let Ok(location) = HeaderValue::from_str(&location) {
                    headers.insert(LOCATION, location);
                }
            }
            Kind::Html(html) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
                headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(visit.language.tag()));
                *response.body_mut() = Body::Text(html);
            }
            Kind::Document(document) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(document.media));
                if let Ok(disposition) = HeaderValue::from_str(&disposition(&document.name)) {
                    headers.insert(CONTENT_DISPOSITION, disposition);
                }
                *response.body_mut() = Body::Text(document.text);
            }
        }
        response
    }
}

/// Nothing is loaded from elsewhere, pages contain no inline script or style, and no site may frame a page.
/// A form leads to the hosted sign-in and nowhere else.
fn security_policy(sign_in_origin: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self' {sign_in_origin}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}
