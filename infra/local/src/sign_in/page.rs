//! The stand-in's pages. They work without scripts, and every word that came from outside is escaped.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{Html, IntoResponse, Response};

use super::authorization::Reason;
use super::words::{Language, Words};
use crate::demonstration::PASSWORD;
use crate::html::escaped;

/// Where the pages' style is.
pub(crate) const STYLE_PATH: &str = "/login/style.css";

/// What a page shows around its own part.
pub(super) struct Frame<'a> {
    pub(super) language: Language,
    /// The same page in the other language.
    pub(super) other: String,
    /// The origin of the client's page that the form leads back to, for the browser's leave.
    pub(super) client: Option<&'a str>,
}

impl Frame<'_> {
    /// Asks for name and password. After a wrong try it keeps the name and doesn't tell which of the two was wrong.
    pub(super) fn login(&self, query: &str, wrong_for: Option<&str>) -> Response {
        let words = self.language.words();
        let query = escaped(query);
        let user = escaped(wrong_for.unwrap_or_default());
        let (summary, note, marks) = match wrong_for {
            Some(_) => (problem(words), wrong(words), WRONG),
            None => (String::new(), String::new(), ""),
        };
        let Words {
            sign_in,
            user: user_label,
            password,
            log_in,
            forgotten,
            ..
        } = words;
        let main = format!(
            r#"{summary}<h1>{sign_in}</h1>
<form method="post" action="/login?{query}">
{note}<label for="username">{user_label}</label>
<input id="username" name="username" type="text" autocomplete="username" autocapitalize="off" spellcheck="false" required value="{user}"{marks}>
<label for="password">{password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{marks}>
<button>{log_in}</button>
</form>
<p><a href="/forgotPassword?{query}">{forgotten}</a></p>"#
        );
        let (status, prefix) = match wrong_for {
            Some(_) => (StatusCode::UNAUTHORIZED, words.error_prefix),
            None => (StatusCode::OK, ""),
        };
        self.page(status, &format!("{prefix}{sign_in}"), &main)
    }

    /// Says why a person can't go on.
    pub(super) fn refused(&self, reason: Reason) -> Response {
        let words = self.language.words();
        let main = format!(
            "<h1>{}</h1>\n<p>{}</p>\n<p>{}</p>",
            words.refused,
            words.reason(reason),
            words.start_again
        );
        let status = match reason {
            Reason::Client | Reason::Address => StatusCode::BAD_REQUEST,
            Reason::Origin => StatusCode::FORBIDDEN,
        };
        self.page(status, words.refused, &main)
    }

    /// Says what a real user pool would do for somebody who forgot their password.
    pub(super) fn forgotten(&self, back: Option<&str>) -> Response {
        let words = self.language.words();
        let back = back.map_or_else(String::new, |back| {
            format!("\n<p><a href=\"{}\">{}</a></p>", escaped(back), words.back)
        });
        let main = format!(
            "<h1>{}</h1>\n<p>{}</p>\n<p>{} <code>{PASSWORD}</code></p>{back}",
            words.forgotten_title, words.forgotten_real, words.forgotten_here
        );
        self.page(StatusCode::OK, words.forgotten_title, &main)
    }

    fn page(&self, status: StatusCode, title: &str, main: &str) -> Response {
        let (words, other) = (self.language.words(), self.language.other());
        let (lang, other_lang) = (self.language.tag(), other.tag());
        let (stand_in, other_name) = (words.stand_in, other.words().name);
        let link = escaped(&self.other);
        let html = format!(
            r#"<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Countersign</title>
<link rel="stylesheet" href="{STYLE_PATH}">
<link rel="icon" href="data:,">
</head>
<body>
<header><p>Countersign</p><a href="{link}" lang="{other_lang}" hreflang="{other_lang}">{other_name}</a></header>
<main>
{main}
</main>
<footer><p>{stand_in}</p></footer>
</body>
</html>
"#
        );
        // A browser holds the redirect that follows a form to `form-action` too.
        let client = self.client.unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' {client}; base-uri 'none'; \
             frame-ancestors 'none'"
        );
        let headers = [
            (CACHE_CONTROL, "no-store"),
            (CONTENT_LANGUAGE, lang),
            (CONTENT_SECURITY_POLICY, policy.trim()),
            // Without an origin of its own in it, the form would look like a stranger's.
            (REFERRER_POLICY, "same-origin"),
            (VARY, "accept-language"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (HeaderName::from_static("x-frame-options"), "DENY"),
        ];
        (status, headers, Html(html)).into_response()
    }
}

/// What marks a field after a wrong try.
const WRONG: &str = r#" aria-invalid="true" aria-describedby="wrong""#;

/// The pages' style.
pub(super) async fn style() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("style.css")).into_response()
}

fn problem(words: &Words) -> String {
    format!(
        "<div class=\"problem\" role=\"alert\"><h2>{}</h2><p><a href=\"#username\">{}</a></p></div>\n",
        words.problem, words.wrong
    )
}

fn wrong(words: &Words) -> String {
    format!("<p id=\"wrong\" class=\"wrong\">{}</p>\n", words.wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_came_from_outside_is_escaped() {
        let frame = Frame {
            language: Language::English,
            other: r#"/login?"><script>"#.to_owned(),
            client: None,
        };
        let response = frame.login(r#"state="><script>"#, Some(r#""'><script>alert(1)</script>"#));
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        let body = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
        let html = String::from_utf8(body.to_vec()).unwrap();
        assert!(!html.contains("<script") && !html.contains(r#""">"#), "{html}");
        assert!(html.contains("value=\"&quot;&#39;&gt;&lt;script&gt;"), "{html}");
    }
}
