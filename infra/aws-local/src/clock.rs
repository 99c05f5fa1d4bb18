//! The clock that the stand-ins share with whoever embeds them.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time. It can be set at any moment by whoever made it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that shows what `now` returns.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time it shows.
    pub fn now(&self) -> Timestamp {
        self.0()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Mutex;
    use std::time::Instant;

    use super::*;

    /// A clock that a test sets, and that runs on from there.
    #[derive(Clone)]
    pub(crate) struct TestClock(Arc<Mutex<(Timestamp, Instant)>>);

    impl TestClock {
        pub(crate) fn at(time: &str) -> Self {
            Self(Arc::new(Mutex::new((time.parse().unwrap(), Instant::now()))))
        }

        pub(crate) fn set(&self, now: Timestamp) {
            *self.0.lock().unwrap() = (now, Instant::now());
        }

        pub(crate) fn clock(&self) -> Clock {
            let set = self.0.clone();
            Clock::new(move || {
                let (at, since) = *set.lock().unwrap();
                at + since.elapsed()
            })
        }
    }
}
