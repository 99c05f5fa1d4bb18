//! What people read on the pool's pages.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use super::authorization::Reason;
use super::users::Note;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    TraditionalChinese,
}

impl Language {
    /// The one that was asked for, else the first one of the browser's that there is.
    pub(super) fn of(asked: Option<&str>, headers: &HeaderMap) -> Self {
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let accepted = accepted.unwrap_or_default().split([',', ';']);
        let mut tags = asked.into_iter().chain(accepted);
        tags.find_map(Self::parse).unwrap_or(Self::English)
    }

    /// Whoever reads any Chinese is served better by Traditional Chinese than by English.
    fn parse(tag: &str) -> Option<Self> {
        match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::TraditionalChinese),
            _ => None,
        }
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

    pub(super) fn of_note(self, note: &Note) -> &'static str {
        match self {
            Self::English => note.english,
            Self::TraditionalChinese => note.traditional_chinese,
        }
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::TraditionalChinese => &TRADITIONAL_CHINESE,
        }
    }
}

pub(super) struct Words {
    /// The language's own name.
    pub(super) name: &'static str,
    pub(super) stand_in: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) known: &'static str,
    pub(super) known_hint: &'static str,
    pub(super) typed: &'static str,
    pub(super) user: &'static str,
    pub(super) password: &'static str,
    pub(super) log_in: &'static str,
    pub(super) forgot: &'static str,
    pub(super) error_prefix: &'static str,
    pub(super) problem: &'static str,
    pub(super) wrong: &'static str,
    pub(super) attempts_exceeded: &'static str,
    pub(super) expired: &'static str,
    pub(super) new_password_title: &'static str,
    pub(super) new_password_hint: &'static str,
    pub(super) new_password: &'static str,
    pub(super) new_password_again: &'static str,
    pub(super) change_password: &'static str,
    pub(super) passwords_differ: &'static str,
    pub(super) password_too_simple: &'static str,
    pub(super) refused: &'static str,
    unknown_client: &'static str,
    unknown_address: &'static str,
    other_origin: &'static str,
    pub(super) forgot_title: &'static str,
    pub(super) forgot_text: &'static str,
}

impl Words {
    /// Says why a person can't go on.
    pub(super) fn reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::UnknownClient => self.unknown_client,
            Reason::UnknownAddress => self.unknown_address,
            Reason::OtherOrigin => self.other_origin,
        }
    }
}

static ENGLISH: Words = Words {
    name: "English",
    stand_in: "This page stands in for the user pool's sign-in page on this machine. In the cloud, Amazon Cognito shows \
               a page of its own.",
    sign_in: "Sign in",
    known: "As somebody of the demonstration",
    known_hint: "One click signs you in. No password needs to be typed.",
    typed: "With User ID and password",
    user: "User ID/Email",
    password: "Password",
    log_in: "Log in",
    forgot: "Forgot/Reset your password?",
    error_prefix: "Error: ",
    problem: "There is a problem",
    wrong: "The User ID/Email or the password is not correct. Check both and try again.",
    attempts_exceeded: "Too many wrong passwords. Wait a moment, then try again.",
    expired: "This temporary password has expired. Ask for a new invitation.",
    new_password_title: "Choose your password",
    new_password_hint: "Your password is temporary. Choose one of your own: 14 characters or more, among them a small letter, \
                        a capital letter, a digit and a symbol.",
    new_password: "New password",
    new_password_again: "New password again",
    change_password: "Save password",
    passwords_differ: "The two passwords differ.",
    password_too_simple: "The password is too short or lacks a kind of character.",
    refused: "You can't sign in from here",
    unknown_client: "The link names no client that is registered here.",
    unknown_address: "The link leads back to an address that is not registered here.",
    other_origin: "The form was sent from a page that is not this one.",
    forgot_title: "Forgot or reset your password",
    forgot_text: "A real user pool would now ask for your e-mail address, send a code there and let you choose a new \
                  password with it. This stand-in sends nothing and changes no password.",
};

static TRADITIONAL_CHINESE: Words = Words {
    name: "繁體中文",
    stand_in: "此頁面在本機代替用戶池的登入頁面。在雲端環境，Amazon Cognito 會顯示其自身的頁面。",
    sign_in: "登入",
    known: "以示範人員身分登入",
    known_hint: "按一下即可登入，無須輸入密碼。",
    typed: "以用戶識別碼及密碼登入",
    user: "用戶識別碼／電郵",
    password: "密碼",
    log_in: "登入",
    forgot: "忘記／重設密碼？",
    error_prefix: "錯誤：",
    problem: "出現問題",
    wrong: "用戶識別碼／電郵或密碼不正確。請檢查後再試。",
    attempts_exceeded: "密碼錯誤次數過多。請稍候再試。",
    expired: "此臨時密碼已過期。請索取新的邀請。",
    new_password_title: "設定你的密碼",
    new_password_hint: "你的密碼是臨時密碼。請自設密碼：最少 14 個字元，並包括小寫字母、大寫字母、數字及符號。",
    new_password: "新密碼",
    new_password_again: "再次輸入新密碼",
    change_password: "儲存密碼",
    passwords_differ: "兩次輸入的密碼不同。",
    password_too_simple: "密碼太短，或欠缺其中一種字元。",
    refused: "無法從此處登入",
    unknown_client: "該連結沒有指明已在此登記的用戶端。",
    unknown_address: "該連結要返回的網址並未在此登記。",
    other_origin: "該表格並非由本頁面送出。",
    forgot_title: "忘記或重設密碼",
    forgot_text: "真正的用戶池會在此要求輸入電郵地址，將驗證碼發送至該地址，讓你以驗證碼設定新密碼。此替代頁面不會發出任何\
                  電郵，亦不會更改密碼。",
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
            (None, "fr, zh-Hant;q=0.9", "zh-HK"),
            (Some("zh-TW"), "en", "zh-HK"),
            (Some("en"), "zh-HK", "en"),
            (Some("fr"), "zh-HK", "zh-HK"),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, accepted.parse().unwrap())]);
            assert_eq!(Language::of(asked, &headers).tag(), tag, "{asked:?} {accepted}");
        }
    }
}
