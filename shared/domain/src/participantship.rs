//! A role at a clearing house, with the participant's ID.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::ParticipantId;
use crate::language::{Bilingual, Language, both};

/// The roles that the circular is addressed to (guideline, section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ParticipantshipKind {
    /// A participant of the securities clearing house.
    #[serde(rename = "HKSCC Participant")]
    HksccParticipant,
    /// A participant of the futures clearing house.
    #[serde(rename = "HKCC Participant")]
    HkccParticipant,
    /// A participant of the options clearing house.
    #[serde(rename = "SEOCH Participant")]
    SeochParticipant,
    /// A designated bank of the securities clearing house.
    #[serde(rename = "HKSCC Designated Bank")]
    HksccDesignatedBank,
}

impl ParticipantshipKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::HksccParticipant,
        Self::HkccParticipant,
        Self::SeochParticipant,
        Self::HksccDesignatedBank,
    ];

    /// The name in the guideline, such as `HKSCC Participant`, which programs read too.
    pub fn as_str(self) -> &'static str {
        self.label().en
    }

    /// The name that people read.
    pub fn label(self) -> Bilingual {
        match self {
            Self::HksccParticipant => both("HKSCC Participant", "香港結算參與者"),
            Self::HkccParticipant => both("HKCC Participant", "期貨結算公司參與者"),
            Self::SeochParticipant => both("SEOCH Participant", "聯交所期權結算所參與者"),
            Self::HksccDesignatedBank => both("HKSCC Designated Bank", "香港結算指定銀行"),
        }
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A role at a clearing house, with the participant's ID, such as `HKSCC Participant (B01234)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Participantship {
    /// The role.
    pub kind: ParticipantshipKind,
    /// The participant's ID.
    pub id: ParticipantId,
}

impl Participantship {
    /// As people read it. In English, that is what [`Self::parse`] takes.
    pub fn shown(&self, language: Language) -> String {
        let kind = self.kind.label().text(language);
        match language {
            Language::English => format!("{kind} ({})", self.id),
            Language::TraditionalChinese => format!("{kind}（{}）", self.id),
        }
    }

    /// Parses what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.strip_suffix(')')?.split_once(" (")?;
        Some(Self {
            kind: ParticipantshipKind::parse(kind)?,
            id: ParticipantId::parse(id)?,
        })
    }
}

impl fmt::Display for Participantship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(Language::English))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_participantship_reads_back_what_it_shows() {
        for kind in ParticipantshipKind::ALL {
            let own = Participantship {
                kind,
                id: ParticipantId::parse("B01234").unwrap(),
            };
            assert_eq!(Participantship::parse(&own.to_string()), Some(own));
        }
        assert_eq!(Participantship::parse("HKSCC Participant"), None);
    }

    #[test]
    fn a_participantship_is_shown_in_the_readers_language() {
        let own = Participantship {
            kind: ParticipantshipKind::HksccParticipant,
            id: ParticipantId::parse("B01234").unwrap(),
        };
        assert_eq!(own.shown(Language::English), "HKSCC Participant (B01234)");
        assert_eq!(
            own.shown(Language::TraditionalChinese),
            "香港結算參與者（B01234）"
        );
    }
}
