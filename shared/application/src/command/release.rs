//! The clock's release: a claim ends by itself.

use countersign_domain::actor::Actor;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::{self, Action, Details};

use super::{Command, stage};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::transaction::{Outcome, Part};

/// Releases a request whose lease has ended, as it was read: one transaction, nothing read before it. Says whether it did.
/// If somebody acted meanwhile, that claim is over.
pub async fn release(app: &App, claimed: &StoredHead) -> Result<bool, StoreError> {
    let receipt = Receipt::of(&claimed.head);
    let command = Command {
        id: claimed.head.id,
        action: Action::Release,
        actor: Actor::Clock,
        receipt: Some(receipt.clone()),
        message: None,
        key: None,
    };
    let attempt = command.attempt(app.now());
    let Ok(plan) = workflow::plan(command.id, &receipt, &attempt, &Details::default()) else {
        return Ok(false);
    };
    let mut transaction = app.store().transaction();
    stage(&mut transaction, &command, &plan)?;
    match transaction.commit().await? {
        Outcome::Committed => Ok(true),
        Outcome::Refused(refused) if refused.iter().any(|(part, _)| *part == Part::Head) => Ok(false),
        Outcome::Refused(_) => Err(StoreError::Corrupt(
            "a history that is ahead of its head".to_owned(),
        )),
    }
}
