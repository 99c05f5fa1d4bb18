//! Keeps attempts that were refused on the request's record.

use countersign_domain::actor::Member;
use countersign_domain::audit::Reason;
use countersign_platform::store::StoreError;

use super::{Execution, Rejection, Subject};

/// Why an attempt stays on record as refused. `None` for what is no attempt at a step of this request: a form with
/// faults, a call that was made twice, and a store that gave no answer.
fn reason(rejection: &Rejection) -> Option<Reason> {
    match rejection {
        Rejection::Refused { refusal, .. } => Reason::of(refusal),
        Rejection::NoOtherChecker(_) => Some(Reason::NoOtherChecker),
        Rejection::TokenEnded => Some(Reason::TokenEnded),
        Rejection::Invalid(_) | Rejection::KeyReused | Rejection::OnRecord | Rejection::Store(_) => None,
    }
}

impl Execution<'_> {
    /// Keeps a rejected command on the record of its request, if the actor may see the request. The answer is the same
    /// if it can't be kept.
    pub(super) async fn remember(&self, rejection: &Rejection) {
        let (Some(member), Some(reason)) = (self.command.actor.member(), reason(rejection)) else {
            return;
        };
        if let Err(error) = self.keep(member, reason).await {
            tracing::warn!(%error, "keeping an attempt that was refused");
        }
    }

    async fn keep(&self, member: &Member, reason: Reason) -> Result<(), StoreError> {
        let Subject::Request(id) = self.command.subject else {
            return Ok(());
        };
        let store = self.app.store();
        let is_visible = if let Some(is_visible) = self.is_visible.get() {
            *is_visible
        } else {
            let head = store.head(id).await?;
            head.is_some_and(|stored| stored.head.is_visible_to(&self.command.actor))
        };
        if !is_visible {
            return Ok(());
        }
        store
            .record_attempt(id, member, (self.command.action, reason), self.now)
            .await
    }
}
