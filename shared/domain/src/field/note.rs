//! What a reader should know besides a value.

use crate::contact::Caution;
use crate::language::{Language, both};

/// What a reader should know besides a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The address as it goes on the wire, if that is not how it is written.
    AsciiForm(String),
    /// A reason to check the address again.
    Caution(Caution),
    /// What the register says about a User ID.
    Register(Standing),
}

/// What the register says about a User ID in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// An administrator with this address.
    Registered(String),
    /// An administrator without an address.
    WithoutAddress,
    /// No administrator, but the request needs one.
    Unknown,
    /// An administrator, but the request adds one.
    Taken,
}

impl Note {
    /// The text that people read.
    pub fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::AsciiForm(ascii), Language::English) => format!("Mail goes to {ascii}"),
            (Self::AsciiForm(ascii), Language::TraditionalChinese) => format!("電郵寄往 {ascii}"),
            (Self::Caution(caution), language) => caution.text(language).to_owned(),
            (Self::Register(standing), language) => standing.text(language),
        }
    }

    /// Whether the reader should check the value again.
    pub fn is_caution(&self) -> bool {
        match self {
            Self::Caution(_) | Self::Register(Standing::Unknown | Standing::Taken) => true,
            Self::AsciiForm(_) | Self::Register(Standing::Registered(_) | Standing::WithoutAddress) => false,
        }
    }
}

impl Caution {
    /// The text that people read.
    pub fn text(self, language: Language) -> &'static str {
        match self {
            Self::MixedScripts => both(
                "Check this address: its domain mixes letters of several scripts.",
                "請核對此地址：其網域混用多種文字的字母。",
            ),
            Self::LooksLatin => both(
                "Check this address: its domain looks like Latin letters, but is not.",
                "請核對此地址：其網域貌似拉丁字母，但並非拉丁字母。",
            ),
        }
        .text(language)
    }
}

impl Standing {
    /// The text that people read.
    pub fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::Registered(email), Language::English) => format!("In the register with {email}"),
            (Self::Registered(email), Language::TraditionalChinese) => {
                format!("登記冊現有電郵地址：{email}")
            }
            (Self::WithoutAddress, language) => both(
                "In the register without an e-mail address",
                "登記冊內有此用戶，但未有電郵地址",
            )
            .text(language)
            .to_owned(),
            (Self::Unknown, language) => both(
                "Not in the register: check this User ID",
                "登記冊並無此用戶識別碼，請核對",
            )
            .text(language)
            .to_owned(),
            (Self::Taken, language) => both(
                "Already in the register: check this User ID",
                "登記冊已有此用戶識別碼，請核對",
            )
            .text(language)
            .to_owned(),
        }
    }
}
