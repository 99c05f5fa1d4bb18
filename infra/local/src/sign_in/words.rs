//! What people read on the stand-in's pages, in both languages.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use super::authorization::Reason;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    TraditionalChinese,
}

impl Language {
    /// The one that was asked for, else the one that the browser puts first.
    pub(super) fn of(asked: Option<&str>, headers: &HeaderMap) -> Self {
        let accepted = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        asked
            .and_then(Self::parse)
            .or_else(|| first_of(accepted))
            .unwrap_or(Self::English)
    }

    /// Its BCP 47 tag.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::TraditionalChinese => "zh-HK",
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::English => Self::TraditionalChinese,
            Self::TraditionalChinese => Self::English,
        }
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::TraditionalChinese => &TRADITIONAL_CHINESE,
        }
    }

    /// Whoever reads any Chinese is served better by this one than by English.
    fn parse(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::TraditionalChinese),
            _ => None,
        }
    }
}

/// The language that a list such as `zh-HK, en;q=0.8` puts first.
fn first_of(accepted: &str) -> Option<Language> {
    let weighted = accepted.split(',').filter_map(|entry| {
        let (tag, weight) = entry.split_once(";q=").unwrap_or((entry, "1"));
        let weight: f32 = weight.trim().parse().ok()?;
        (weight > 0.0).then_some((Language::parse(tag.trim())?, weight))
    });
    // Of equal weights the earlier one is meant.
    weighted
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
        .map(|(language, _)| language)
}

/// The pages' words.
pub(super) struct Words {
    /// The language's own name.
    pub(super) name: &'static str,
    pub(super) stand_in: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) user: &'static str,
    pub(super) password: &'static str,
    pub(super) log_in: &'static str,
    pub(super) forgotten: &'static str,
    pub(super) error_prefix: &'static str,
    pub(super) problem: &'static str,
    pub(super) wrong: &'static str,
    pub(super) refused: &'static str,
    pub(super) start_again: &'static str,
    client: &'static str,
    address: &'static str,
    origin: &'static str,
    pub(super) forgotten_title: &'static str,
    pub(super) forgotten_real: &'static str,
    /// What stands before the password.
    pub(super) forgotten_here: &'static str,
    pub(super) back: &'static str,
}

impl Words {
    /// Says why a person can't go on.
    pub(super) fn reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::Client => self.client,
            Reason::Address => self.address,
            Reason::Origin => self.origin,
        }
    }
}

static ENGLISH: Words = Words {
    name: "English",
    stand_in: "This page stands in for the user pool's sign-in page on this machine. In the cloud, Amazon Cognito shows \
               a page of its own.",
    sign_in: "Sign in",
    user: "User ID/Email",
    password: "Password",
    log_in: "Log in",
    forgotten: "Forgot/Reset your password?",
    error_prefix: "Error: ",
    problem: "There is a problem",
    wrong: "The User ID/Email or the password is not correct. Check both and try again.",
    refused: "You can't sign in from here",
    start_again: "Nothing was signed in or out. Go back to the portal and start again from its own page.",
    client: "The link names no client that is registered here.",
    address: "The link leads back to an address that is not registered here.",
    origin: "The form was sent from a page that is not this one.",
    forgotten_title: "Forgot or reset your password",
    forgotten_real: "A real user pool would now ask for your e-mail address, send a code there and let you choose a new \
                     password with it.",
    forgotten_here: "This stand-in sends nothing. On this machine everybody's password is",
    back: "Back to sign-in",
};

static TRADITIONAL_CHINESE: Words = Words {
    name: "繁體中文",
    stand_in: "此頁面在本機代替用戶池的登入頁面。在雲端環境，Amazon Cognito 會顯示其自身的頁面。",
    sign_in: "登入",
    user: "用戶識別碼／電郵",
    password: "密碼",
    log_in: "登入",
    forgotten: "忘記／重設密碼？",
    error_prefix: "錯誤：",
    problem: "出現問題",
    wrong: "用戶識別碼／電郵或密碼不正確。請檢查後再試。",
    refused: "無法從此處登入",
    start_again: "系統並無執行登入或登出。請返回 Countersign，從其頁面重新開始。",
    client: "該連結沒有指明已在此登記的用戶端。",
    address: "該連結要返回的網址並未在此登記。",
    origin: "該表格並非由本頁面送出。",
    forgotten_title: "忘記或重設密碼",
    forgotten_real: "真正的用戶池會在此要求輸入電郵地址，將驗證碼發送至該地址，讓你以驗證碼設定新密碼。",
    forgotten_here: "此替代頁面不會發出任何電郵。在本機，所有人的密碼均為",
    back: "返回登入頁面",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_asked_for_or_the_browsers_first() {
        for (asked, accepted, tag) in [
            (None, "", "en"),
            (None, "zh-HK,zh;q=0.9,en;q=0.8", "zh-HK"),
            (None, "en-GB, zh-TW", "en"),
            (None, "en;q=0.5, zh-Hant;q=0.9", "zh-HK"),
            (None, "fr, zh;q=0", "en"),
            (Some("zh-TW"), "en", "zh-HK"),
            (Some("en"), "zh-HK", "en"),
            (Some("fr"), "zh-HK", "zh-HK"),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, accepted.parse().unwrap())]);
            assert_eq!(Language::of(asked, &headers).tag(), tag, "{asked:?} {accepted}");
        }
    }
}
