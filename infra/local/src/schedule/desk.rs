//! Where a schedule is run because somebody asks for it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::{ScheduleError, ScheduleRun, Schedules};

/// How long what a run caused is waited for. A stream that is stuck holds nobody up for longer.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);

/// Waits until what has been done so far has had its effects.
pub(crate) type Settle = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Runs schedules for whoever asks, and waits for what comes of it.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(super) schedules: Arc<Schedules>,
    settle: Settle,
}

impl Desk {
    pub(crate) fn new(schedules: Arc<Schedules>, settle: Settle) -> Self {
        Self { schedules, settle }
    }

    /// Runs a schedule now, enabled or not. When this returns, the mails that it caused are in the mailbox.
    pub(crate) async fn run(&self, name: &str) -> Result<ScheduleRun, ScheduleError> {
        let Some(scheduled) = self.schedules.find(name) else {
            return Err(self.schedules.unknown(name));
        };
        let ended = scheduled.run(self.schedules.clock.now()).await;
        let settled = tokio::time::timeout(SETTLES_WITHIN, (self.settle)()).await;
        if settled.is_err() {
            tracing::warn!(schedule = name, "what a run caused is still under way");
        }
        scheduled.last(|last| *last = Some(ended.clone()));
        ended
    }
}
