//! The languages that Countersign speaks to people.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, for whoever has not chosen.
    #[default]
    English,
    /// Traditional Chinese as Hong Kong writes it.
    TraditionalChinese,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::TraditionalChinese];

    /// The BCP 47 tag, as the directory keeps a person's choice.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::TraditionalChinese => "zh-Hant-HK",
        }
    }

    /// Reads what [`Self::tag`] gives.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}
