//! A role at a clearing house, with the participant's ID.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::ParticipantId;

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

    /// The name in the guideline, such as `HKSCC Participant`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HksccParticipant => "HKSCC Participant",
            Self::HkccParticipant => "HKCC Participant",
            Self::SeochParticipant => "SEOCH Participant",
            Self::HksccDesignatedBank => "HKSCC Designated Bank",
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
        write!(f, "{} ({})", self.kind.as_str(), self.id)
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
}
