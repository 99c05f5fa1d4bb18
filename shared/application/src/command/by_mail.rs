//! Approving by reply: the step, the end of its token and the record of the mail, in one transaction.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::approval::InboundResult;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::Digest;
use countersign_domain::time;
use countersign_domain::workflow::Details;

use super::{Command, CommandError, explained, planned, resolved, stage};
use countersign_platform::App;
use countersign_platform::store::approval::Inbound;
use countersign_platform::store::condition::Expressions;
use countersign_platform::store::item;
use countersign_platform::store::key::{self, PK};
use countersign_platform::store::transaction::{Outcome, Part, Transaction};

/// How a step by mail ended that was not refused by the workflow.
#[derive(Debug)]
pub enum ByMail {
    /// It was taken.
    Taken(Box<HistoryRow>),
    /// The token was spent, or its time is over.
    TokenEnded,
    /// This very mail has been dealt with.
    OnRecord,
}

/// Takes a step by mail: one transaction, nothing read before it.
pub async fn by_mail(
    app: &App,
    command: &Command,
    token: &Digest,
    inbound: &Inbound,
) -> Result<ByMail, CommandError> {
    let now = app.now();
    let details = Details {
        message: command.message.clone(),
        in_time: app.config().campaign.guarantees(now),
        ..Details::default()
    };
    let Some(plan) = planned(app, command, &details, now)? else {
        return explained(app, command, now)
            .await
            .map(|row| ByMail::Taken(Box::new(row)));
    };
    let mut transaction = app.store().transaction();
    stage(&mut transaction, command, &plan)?;
    spend(&mut transaction, command, token, &time::stored(now));
    let record = inbound.that_was(InboundResult::Taken);
    let record = item::write(key::inbound(command.id, &record.message), &record)?;
    transaction.put_new(Part::Inbound, record);
    let refused = match transaction.commit().await? {
        Outcome::Committed => return Ok(ByMail::Taken(Box::new(plan.history))),
        Outcome::Refused(refused) => refused,
    };
    let failed = |part| refused.iter().any(|(failed, _)| *failed == part);
    if failed(Part::Inbound) {
        return Ok(ByMail::OnRecord);
    }
    if failed(Part::Token) && !failed(Part::Head) {
        return Ok(ByMail::TokenEnded);
    }
    resolved(app, command, now, &refused)
        .await
        .map(|row| ByMail::Taken(Box::new(row)))
}

/// Ends the token, if it is this checker's, has not been spent, and its time is not over.
fn spend(transaction: &mut Transaction<'_>, command: &Command, token: &Digest, now: &str) {
    let mut expressions = Expressions::default();
    let (pk, spent) = (expressions.name(PK), expressions.name("spent"));
    let (until, checker) = (expressions.name("until"), expressions.name("checker"));
    let now = expressions.value(AttributeValue::S(now.to_owned()));
    let own = expressions.value(AttributeValue::S(command.actor.id().to_owned()));
    let condition = format!(
        "attribute_exists({pk}) AND attribute_not_exists({spent}) AND {until} > {now} AND {checker} = {own}"
    );
    let update = format!("SET {spent} = {now}");
    transaction.update_if(
        Part::Token,
        key::token(token),
        update,
        Some(condition),
        &expressions,
    );
}
