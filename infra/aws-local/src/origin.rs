//! Whether a call comes from another site's page.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;

/// The origins of the pages that the stand-ins serve.
#[derive(Debug, Clone)]
pub struct Origins([String; 2]);

impl Origins {
    /// Those of a server that listens on this port of this machine.
    pub fn on(port: u16) -> Self {
        Self(["localhost", "127.0.0.1"].map(|host| format!("http://{host}:{port}")))
    }

    /// Whether a browser says that another site's page sent a call. Programs say nothing of where they come from.
    pub fn are_foreign_to(&self, headers: &HeaderMap) -> bool {
        let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let is_own_site = header("sec-fetch-site").is_none_or(|site| ["same-origin", "none"].contains(&site));
        let is_own_origin =
            header(ORIGIN.as_str()).is_none_or(|origin| self.0.iter().any(|own| own == origin));
        !(is_own_site && is_own_origin)
    }
}
