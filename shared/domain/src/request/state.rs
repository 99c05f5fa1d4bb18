//! The states of a request, and the desks that it goes through.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Person;
use crate::id::CompanyId;

/// The name of a state.
#[derive(
    Debug,
    Clone,
    Copy,
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
pub enum StateName {
    /// The maker is filling it in.
    Draft,
    /// It waits for a checker.
    ReadyToSend,
    /// A checker holds it.
    Claimed,
    /// It waits for an officer.
    Sent,
    /// An officer holds it.
    Processing,
    /// The exchange completed it.
    Completed,
    /// The exchange refused it.
    Rejected,
    /// The maker threw it away.
    Discarded,
}

impl StateName {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::ReadyToSend,
        Self::Claimed,
        Self::Sent,
        Self::Processing,
        Self::Completed,
        Self::Rejected,
        Self::Discarded,
    ];

    /// The name on the wire and in storage.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// Whether a request in this state is under way: submitted, and not yet decided. Its User IDs are locked.
    pub fn is_open(self) -> bool {
        match self {
            Self::ReadyToSend | Self::Claimed | Self::Sent | Self::Processing => true,
            Self::Draft | Self::Completed | Self::Rejected | Self::Discarded => false,
        }
    }

    /// Whether the exchange may see a request in this state. One that the company has not sent, or has taken back, is
    /// the company's own.
    pub fn is_before_the_exchange(self) -> bool {
        match self {
            Self::Sent | Self::Processing | Self::Completed | Self::Rejected => true,
            Self::Draft | Self::ReadyToSend | Self::Claimed | Self::Discarded => false,
        }
    }

    /// Whether someone holds it.
    pub fn is_held(self) -> bool {
        match self {
            Self::Claimed | Self::Processing => true,
            Self::Draft
            | Self::ReadyToSend
            | Self::Sent
            | Self::Completed
            | Self::Rejected
            | Self::Discarded => false,
        }
    }

    /// The kind of desk that has it.
    pub fn desk(self) -> Option<DeskKind> {
        match self {
            Self::ReadyToSend | Self::Claimed => Some(DeskKind::Checkers),
            Self::Sent | Self::Processing => Some(DeskKind::Exchange),
            Self::Draft | Self::Completed | Self::Rejected | Self::Discarded => None,
        }
    }
}

/// The kinds of desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeskKind {
    /// A company's checkers.
    Checkers,
    /// The exchange's officers.
    Exchange,
}

/// A desk: a queue from which the next person claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Desk {
    /// A company's checkers.
    Company(CompanyId),
    /// The exchange's officers.
    Exchange,
}

impl fmt::Display for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Company(company) => write!(f, "COMPANY#{company}"),
            Self::Exchange => f.write_str("EXCHANGE"),
        }
    }
}

/// Who took a step, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The person who took it.
    pub by: Person,
    /// When they took it.
    pub at: Timestamp,
}

/// A state, with exactly the data that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The maker is filling it in.
    Draft,
    /// It waits for a checker.
    ReadyToSend {
        /// The first of two checks, once there is one.
        first_check: Option<Taken>,
    },
    /// A checker holds it.
    Claimed {
        /// The first of two checks, once there is one.
        first_check: Option<Taken>,
        /// The checker, and since when.
        holder: Taken,
        /// When the lease ends; `None` if the holiday list did not reach that far when it was claimed.
        lease_ends: Option<Timestamp>,
    },
    /// It waits for an officer.
    Sent {
        /// The first check, if two people checked it.
        first_check: Option<Taken>,
        /// The checker who confirmed.
        confirmed: Taken,
    },
    /// An officer holds it.
    Processing {
        /// The first check, if two people checked it.
        first_check: Option<Taken>,
        /// The checker who confirmed.
        confirmed: Taken,
        /// The officer, and since when.
        holder: Taken,
        /// When the lease ends; `None` if the holiday list did not reach that far when it was claimed.
        lease_ends: Option<Timestamp>,
    },
    /// The exchange completed it.
    Completed {
        /// The first check, if two people checked it.
        first_check: Option<Taken>,
        /// The checker who confirmed.
        confirmed: Taken,
    },
    /// The exchange refused it.
    Rejected {
        /// The first check, if two people checked it.
        first_check: Option<Taken>,
        /// The checker who confirmed.
        confirmed: Taken,
    },
    /// The maker threw it away.
    Discarded,
}

impl State {
    /// Its name.
    pub fn name(&self) -> StateName {
        match self {
            Self::Draft => StateName::Draft,
            Self::ReadyToSend { .. } => StateName::ReadyToSend,
            Self::Claimed { .. } => StateName::Claimed,
            Self::Sent { .. } => StateName::Sent,
            Self::Processing { .. } => StateName::Processing,
            Self::Completed { .. } => StateName::Completed,
            Self::Rejected { .. } => StateName::Rejected,
            Self::Discarded => StateName::Discarded,
        }
    }

    /// Who holds it, and since when.
    pub fn holder(&self) -> Option<&Taken> {
        match self {
            Self::Claimed { holder, .. } | Self::Processing { holder, .. } => Some(holder),
            Self::Draft
            | Self::ReadyToSend { .. }
            | Self::Sent { .. }
            | Self::Completed { .. }
            | Self::Rejected { .. }
            | Self::Discarded => None,
        }
    }

    /// When the holder's lease ends.
    pub fn lease_ends(&self) -> Option<Timestamp> {
        match self {
            Self::Claimed { lease_ends, .. } | Self::Processing { lease_ends, .. } => *lease_ends,
            Self::Draft
            | Self::ReadyToSend { .. }
            | Self::Sent { .. }
            | Self::Completed { .. }
            | Self::Rejected { .. }
            | Self::Discarded => None,
        }
    }

    /// Who confirmed it, and when.
    pub fn confirmed(&self) -> Option<&Taken> {
        match self {
            Self::Sent { confirmed, .. }
            | Self::Processing { confirmed, .. }
            | Self::Completed { confirmed, .. }
            | Self::Rejected { confirmed, .. } => Some(confirmed),
            Self::Draft | Self::ReadyToSend { .. } | Self::Claimed { .. } | Self::Discarded => None,
        }
    }

    /// Who checked it first, and when, if two people check it.
    pub fn first_check(&self) -> Option<&Taken> {
        match self {
            Self::ReadyToSend { first_check }
            | Self::Claimed { first_check, .. }
            | Self::Sent { first_check, .. }
            | Self::Processing { first_check, .. }
            | Self::Completed { first_check, .. }
            | Self::Rejected { first_check, .. } => first_check.as_ref(),
            Self::Draft | Self::Discarded => None,
        }
    }
}
