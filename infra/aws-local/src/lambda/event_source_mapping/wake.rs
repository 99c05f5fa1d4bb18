//! What wakes pollers, and hurries them.

use tokio::sync::watch;

/// Wakes idle pollers when a function has been called, which may have written something, and hurries all of them while
/// somebody waits.
#[derive(Clone)]
pub struct Wake(watch::Sender<usize>);

/// A poller's end.
pub(super) struct Woken(watch::Receiver<usize>);

/// Somebody waits for what the sources hold.
pub(super) struct Hurry(Wake);

impl Default for Wake {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Wake {
    /// Wakes every idle poller.
    pub fn wake(&self) {
        self.0.send_modify(|_| {});
    }

    /// While this exists, no poller keeps its period or its batching window.
    pub(super) fn hurry(&self) -> Hurry {
        self.0.send_modify(|waiting| *waiting += 1);
        Hurry(self.clone())
    }

    pub(super) fn subscribe(&self) -> Woken {
        Woken(self.0.subscribe())
    }
}

impl Drop for Hurry {
    fn drop(&mut self) {
        self.0.0.send_if_modified(|waiting| {
            *waiting -= 1;
            false
        });
    }
}

impl Woken {
    /// What is written from here on wakes it again.
    pub(super) fn reset(&mut self) {
        self.0.mark_unchanged();
    }

    /// Waits until it is woken.
    pub(super) async fn woken(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(super) fn is_hurried(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// Waits until somebody waits.
    pub(super) async fn hurried(&mut self) {
        if self.0.wait_for(|&waiting| waiting > 0).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
