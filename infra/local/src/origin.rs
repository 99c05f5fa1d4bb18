//! Whether what a browser sends comes from the runner's own pages.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;

/// The origins that the runner's pages have.
#[derive(Debug, Clone)]
pub(crate) struct Origins([String; 2]);

impl Origins {
    /// A runner that listens on this port.
    pub(crate) fn on(port: u16) -> Self {
        Self(["localhost", "127.0.0.1"].map(|host| format!("http://{host}:{port}")))
    }

    /// Whether a page of the runner's own sent it. A browser that says neither where it comes from is not believed.
    pub(crate) fn is_own_page(&self, headers: &HeaderMap) -> bool {
        let (site, origin) = said(headers);
        (site.is_some() || origin.is_some()) && self.is_own(site, origin)
    }

    /// Whether a page of the runner's own sent it, or no browser did: a program says nothing of where it comes from.
    pub(crate) fn is_own_or_program(&self, headers: &HeaderMap) -> bool {
        let (site, origin) = said(headers);
        self.is_own(site, origin)
    }

    fn is_own(&self, site: Option<&str>, origin: Option<&str>) -> bool {
        let is_mine = |origin: &str| self.0.iter().any(|own| own == origin);
        site.is_none_or(|site| site == "same-origin") && origin.is_none_or(is_mine)
    }
}

fn said(headers: &HeaderMap) -> (Option<&str>, Option<&str>) {
    let header = |name: &str| {
        let value = headers.get(name);
        value.map(|value| value.to_str().unwrap_or_default())
    };
    (header("sec-fetch-site"), header(ORIGIN.as_str()))
}
