//! How long a checker may sit on a claim: a number of working hours, with a warning before they end.

use jiff::Timestamp;

use crate::calendar::{BeyondCalendar, WorkingHours};

/// The rule for a checker's claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    hours: WorkingHours,
    length: u16,
    warning: u16,
}

impl Lease {
    /// A lease of so many working hours, whose holder is warned so many working hours before it ends. `None` if it has
    /// no hour, or if the warning would come with the claim.
    pub fn new(hours: WorkingHours, length: u16, warning: u16) -> Option<Self> {
        (warning < length).then_some(Self {
            hours,
            length,
            warning,
        })
    }

    /// When a claim of this instant ends.
    pub fn ends(&self, claimed: Timestamp) -> Result<Timestamp, BeyondCalendar> {
        self.hours.after(claimed, self.length)
    }

    /// When the holder of a claim that ends at this instant is warned.
    pub fn warns(&self, ends: Timestamp) -> Result<Timestamp, BeyondCalendar> {
        self.hours.before(ends, self.warning)
    }
}
