//! The clock. On Lambda it is the system's; a local run may set its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// A clock that runs at the system's pace with a fixed offset. Clones share the offset.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_milliseconds: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that shows `now` at this moment and runs on from there.
    pub fn starting_at(now: Timestamp) -> Self {
        let clock = Self::default();
        clock.set(now);
        clock
    }

    /// The time it shows.
    pub fn now(&self) -> Timestamp {
        let system = Timestamp::now();
        let ahead = self.ahead_milliseconds.load(Ordering::Relaxed);
        Timestamp::from_millisecond(system.as_millisecond().saturating_add(ahead)).unwrap_or(system)
    }

    /// Sets this clock and all its clones to `now`. They run on from there.
    pub fn set(&self, now: Timestamp) {
        let ahead = now.as_millisecond() - Timestamp::now().as_millisecond();
        self.ahead_milliseconds.store(ahead, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_runs_on_from_where_it_is_set_and_its_clones_with_it() {
        let start: Timestamp = "2023-02-07T02:43:00Z".parse().unwrap();
        let clock = Clock::starting_at(start);
        let clone = clock.clone();
        assert!(clock.now() >= start);
        clone.set("2023-02-07T02:45:00Z".parse().unwrap());
        assert!(clock.now() >= "2023-02-07T02:45:00Z".parse().unwrap());
    }
}
