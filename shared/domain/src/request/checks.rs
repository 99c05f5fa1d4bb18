//! How many people of its company check a request before it is sent, and how far that has come.

use serde::{Deserialize, Serialize};

/// The checks that a request needs. They are settled when it is submitted.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Checks {
    /// One person checks it.
    #[default]
    One,
    /// Two people check it, and neither has yet.
    FirstOfTwo,
    /// Two people check it, and the first has.
    LastOfTwo,
}

impl Checks {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::One, Self::FirstOfTwo, Self::LastOfTwo];

    /// The name in storage and on the wire.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// How many people have to check it.
    pub fn needed(self) -> usize {
        match self {
            Self::One => 1,
            Self::FirstOfTwo | Self::LastOfTwo => 2,
        }
    }

    /// Whether one person checks it. Most records leave that out.
    pub fn is_one(&self) -> bool {
        *self == Self::One
    }
}
