//! News that asks for nothing, for those who want it once a day.
//!
//! A piece is collected when its step is announced. On the evening of a working day, what was collected for a person
//! becomes that person's digest, from which one e-mail is written.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::history::HistoryRow;
use crate::id::{CompanyId, PersonId};
use crate::spelled::instant;
use crate::workflow::Audience;

/// The most pieces in one digest: with the digest itself, they fill a transaction. The rest waits for the next working day.
pub const MOST_NEWS: usize = 99;

/// A step that a person is told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceOfNews {
    /// The step, without the message and the command.
    pub step: HistoryRow,
    /// The audience that the person belongs to.
    pub audience: Audience,
}

/// What one person reads on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyDigest {
    /// The day.
    pub day: Date,
    /// The company.
    pub company: CompanyId,
    /// The person it is for.
    pub person: PersonId,
    /// What happened, in the order of the steps.
    pub news: Vec<PieceOfNews>,
    /// When it was put together.
    #[serde(with = "instant")]
    pub as_of: Timestamp,
}

impl PieceOfNews {
    /// A step as news. It says what happened and who did it; the rest is in the portal.
    pub fn of(step: &HistoryRow, audience: Audience) -> Self {
        Self {
            step: HistoryRow {
                message: None,
                command: None,
                ..step.clone()
            },
            audience,
        }
    }
}
