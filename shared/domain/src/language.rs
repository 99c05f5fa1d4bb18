//! The languages that people can read Countersign in.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, the default.
    #[default]
    English,
    /// Traditional Chinese as written in Hong Kong.
    TraditionalChinese,
}

/// A text in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bilingual {
    /// English.
    pub en: &'static str,
    /// Traditional Chinese as written in Hong Kong.
    pub zh: &'static str,
}

impl Bilingual {
    /// The text in a language.
    pub fn text(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::TraditionalChinese => self.zh,
        }
    }
}

/// A text in both languages. The name is short because definitions use it all the time.
pub(crate) const fn both(en: &'static str, zh: &'static str) -> Bilingual {
    Bilingual { en, zh }
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::TraditionalChinese];

    /// The BCP 47 tag, which the directory stores as a person's choice.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::TraditionalChinese => "zh-Hant-HK",
        }
    }

    /// The name that its readers call it by.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::TraditionalChinese => "繁體中文",
        }
    }

    /// Parses what [`Self::tag`] returns.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The other language.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::English => Self::TraditionalChinese,
            Self::TraditionalChinese => Self::English,
        }
    }

    /// The language that `Accept-Language` prefers (RFC 9110, section 12.5.4); English if it accepts neither. Any
    /// Chinese counts: readers of simplified Chinese read the traditional script more easily than English.
    pub fn accepted(header: &str) -> Self {
        let mut best = (0.0, Self::English);
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
            let language = match tag.split('-').next() {
                Some("zh" | "yue") => Self::TraditionalChinese,
                Some("en") => Self::English,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_is_taken() {
        for (header, language) in [
            ("zh-HK,zh;q=0.9,en;q=0.8", Language::TraditionalChinese),
            ("en-GB,en;q=0.9,zh-HK;q=0.8", Language::English),
            ("fr, zh-Hant;q=0.4", Language::TraditionalChinese),
            ("en;q=0.1, yue", Language::TraditionalChinese),
            ("zh;q=0, en", Language::English),
            ("fr", Language::English),
            ("", Language::English),
            ("zh;q=x", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
