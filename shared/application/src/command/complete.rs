//! Completing: the register takes every row of the form.

use countersign_domain::history::HistoryRow;
use countersign_domain::workflow::{self, Details};

use super::submit::complete_form;
use super::{Command, CommandError, explained, planned, resolved, stage};
use countersign_platform::App;
use countersign_platform::store::register::Entry;
use countersign_platform::store::transaction::{Outcome, Part};

/// Completes a request: reads its form, then one transaction with every row of the register.
pub async fn complete(app: &App, command: &Command) -> Result<HistoryRow, CommandError> {
    let now = app.now();
    let details = Details {
        message: command.message.clone(),
        command: command.key.clone(),
        ..Details::default()
    };
    let Some(plan) = planned(app, command, &details, now)? else {
        return explained(app, command, now).await;
    };
    let Some((stored, form)) = app.store().head_and_form(command.id).await? else {
        return explained(app, command, now).await;
    };
    let is_current = workflow::judge(&stored.head, &stored.facts, &command.attempt(now)).is_ok();
    if !is_current || form.digest() != plan.history.form_hash {
        return explained(app, command, now).await;
    }
    let form = complete_form(&form, &app.kept_terms())?;
    let mut transaction = app.store().transaction();
    stage(&mut transaction, command, &plan)?;
    for (index, registration) in form.registrations().iter().enumerate() {
        let entry = Entry {
            participant: &form.form().participantship().id,
            user_id: &registration.user_id,
            email: &registration.email,
            since: now,
            request: command.id,
            guaranteed: stored.head.guaranteed.unwrap_or(false),
        };
        transaction.register(Part::Register(index), &entry);
    }
    match transaction.commit().await? {
        Outcome::Committed => Ok(plan.history),
        Outcome::Refused(refused) => resolved(app, command, now, &refused).await,
    }
}
