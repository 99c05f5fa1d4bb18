//! New requests and saves: what a maker filled in goes into the store.

use countersign_domain::actor::Actor;
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::form::Form;
use countersign_domain::history::{CommandKey, HistoryRow};
use countersign_domain::id::{Digest, RequestId};
use countersign_domain::workflow::{self, Action, Attempt, Creation, Details, Reading, Refusal, Saved};

use super::{Command, CommandError, explained, first_answer_or, mark, planned, repeated, resolved, stage};
use aws_sdk_dynamodb::types::AttributeValue;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::condition::Expressions;
use countersign_platform::store::directory::PARTICIPANTSHIPS;
use countersign_platform::store::item;
use countersign_platform::store::key;
use countersign_platform::store::requests::StoredForm;
use countersign_platform::store::transaction::{Outcome, Part, Transaction};

/// Keeps a new draft: one transaction. `cloned_from` names the request that it is a clone of.
pub async fn create(
    app: &App,
    actor: &Actor,
    form: &Form,
    cloned_from: Option<RequestId>,
    command: Option<CommandKey>,
) -> Result<HistoryRow, CommandError> {
    let now = app.now();
    let action = if cloned_from.is_some() {
        Action::Clone
    } else {
        Action::Save
    };
    let refused = |refusal| CommandError::Refused {
        refusal,
        action,
        status: None,
    };
    let id = new_id(command.as_ref(), now);
    let saved = saved(form);
    let creation = workflow::create(
        id,
        form.eservice(),
        actor,
        now,
        &saved,
        cloned_from,
        command.clone(),
    );
    let Creation { row, facts, history } = creation.map_err(refused)?;
    if let Some(refusal) = workflow::requirement_refusal(row, None, &app.config().campaign, now) {
        return Err(refused(refusal));
    }
    let mut transaction = app.store().transaction();
    mark(&mut transaction, id, command.as_ref(), history.version)?;
    transaction.put_new(Part::Head, item::head(key::head(id), &facts));
    transaction.put_new(
        Part::History,
        item::history(key::history(id, history.version), &history)?,
    );
    keep_form(&mut transaction, (id, history.version), form, actor)?;
    match transaction.commit().await? {
        Outcome::Committed => Ok(history),
        Outcome::Refused(refusals) => match repeated(app, id, command.as_ref(), &refusals).await? {
            Some(answer) => Ok(answer),
            None if refusals.iter().any(|(part, _)| *part == Part::Company) => Err(not_own()),
            // Another request has drawn the same ID; drawing again is all it takes.
            None => Err(StoreError::Throttled.into()),
        },
    }
}

/// Starts a new draft from a request: reads it, then keeps its form anew, undeclared.
pub async fn clone(
    app: &App,
    actor: &Actor,
    id: RequestId,
    reading: Reading<'_>,
    command: Option<CommandKey>,
) -> Result<HistoryRow, CommandError> {
    let refused = |refusal| CommandError::Refused {
        refusal,
        action: Action::Clone,
        status: None,
    };
    let found = app.store().head_and_form(id).await?;
    let (stored, form) = found.ok_or_else(|| refused(Refusal::NotFound))?;
    let attempt = Attempt {
        actor,
        action: Action::Clone,
        reading,
        now: app.now(),
    };
    match workflow::judge(&stored.head, &stored.facts, &attempt) {
        Ok(_) => {}
        // A repeat of a clone gets its first answer, whatever has become of its source since.
        Err(Refusal::Stale) => {
            let first = new_id(command.as_ref(), app.now());
            return first_answer_or(app, first, command.as_ref(), refused(Refusal::Stale)).await;
        }
        Err(refusal) => return Err(refused(refusal)),
    }
    let form = Form::parse(&form.json()?, &app.kept_terms());
    let form = form.map_err(CommandError::Invalid)?.undeclared();
    create(app, actor, &form, Some(id), command).await
}

/// Saves a draft again: one transaction.
pub async fn save(app: &App, command: &Command, form: &Form) -> Result<HistoryRow, CommandError> {
    let now = app.now();
    let details = Details {
        command: command.key.clone(),
        saved: Some(saved(form)),
        ..Details::default()
    };
    let Some(plan) = planned(app, command, &details, now)? else {
        return explained(app, command, now).await;
    };
    if form.eservice() != plan.history.eservice {
        let options = vec![plan.history.eservice.code().to_owned()];
        return Err(CommandError::Invalid(vec![Fault::new(
            "/eService",
            FaultKind::NotAnOption(options),
        )]));
    }
    let mut transaction = app.store().transaction();
    stage(&mut transaction, command, &plan)?;
    let saved = (command.id, plan.history.version);
    keep_form(&mut transaction, saved, form, &command.actor)?;
    match transaction.commit().await? {
        Outcome::Committed => Ok(plan.history),
        Outcome::Refused(refused) => {
            let is_company_alone = refused.iter().all(|(part, _)| *part == Part::Company);
            if is_company_alone {
                Err(not_own())
            } else {
                resolved(app, command, now, &refused).await
            }
        }
    }
}

fn saved(form: &Form) -> Saved {
    Saved {
        form_hash: form.digest(),
        participantship: form.participantship().clone(),
    }
}

fn not_own() -> CommandError {
    CommandError::Invalid(vec![Fault::new(
        "/participantship",
        FaultKind::NotOwnParticipantship,
    )])
}

/// Writes the form, once as it is now and once as this version has it, and holds its participantship to the company's
/// own. The copy lets a checker see what changed since; the history row of the version holds its digest.
fn keep_form(
    transaction: &mut Transaction<'_>,
    (id, version): (RequestId, u32),
    form: &Form,
    actor: &Actor,
) -> Result<(), CommandError> {
    let stored = StoredForm::of(form);
    transaction.put(Part::Form, item::write(key::form(id), &stored)?);
    transaction.put(Part::Form, item::write(key::kept_form(id, version), &stored)?);
    let member = actor.member().ok_or(CommandError::Refused {
        refusal: Refusal::NotFound,
        action: Action::Save,
        status: None,
    })?;
    let mut expressions = Expressions::default();
    let own = expressions.value(AttributeValue::S(form.participantship().to_string()));
    let condition = format!("contains({}, {own})", expressions.name(PARTICIPANTSHIPS));
    transaction.check(
        Part::Company,
        key::profile(&member.company),
        condition,
        &expressions,
    );
    Ok(())
}

/// A new request's ID. A command with an idempotency key always names the same one, so that a repeat finds it.
fn new_id(command: Option<&CommandKey>, now: jiff::Timestamp) -> RequestId {
    if let Some(command) = command {
        let digest = Digest::of(format!("request of {}", command.key).as_bytes());
        let mut octets = [0; 16];
        octets.copy_from_slice(&digest.as_bytes()[..16]);
        return RequestId::from_bytes(octets);
    }
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
    RequestId::from_parts(milliseconds, random())
}

/// 128 random bits. The system's source fails on no platform that Lambda has; a twin would be refused by the store.
fn random() -> u128 {
    let high = u128::from(getrandom::u64().unwrap_or_default());
    high << 64 | u128::from(getrandom::u64().unwrap_or_default())
}
