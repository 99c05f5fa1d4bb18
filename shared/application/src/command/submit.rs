//! Submitting: the form has to be complete, someone has to be there to check it, and its User IDs have to be free.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::actor::Member;
use countersign_domain::fact::Attribute;
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::form::{CompleteForm, Form, Registration, Terms};
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{ParticipantId, RequestId};
use countersign_domain::request::StateName;
use countersign_domain::workflow::{self, Details, Plan};

use super::{Command, CommandError, explained, first_answer_or, old, planned, resolved, stage};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::condition::Expressions;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::item::{self, Item, StoredHead};
use countersign_platform::store::key;
use countersign_platform::store::requests::{Pointer, StoredForm};
use countersign_platform::store::transaction::{MAX_OPERATIONS, Outcome, Part, Transaction};

/// Tries when locks change hands under way.
const MAX_TRIES: usize = 4;
/// Locks taken over in one transaction of their own.
const LOCKS_AT_ONCE: usize = MAX_OPERATIONS / 2;

/// A submission on its way into the store.
struct Submission<'a> {
    command: &'a Command,
    member: &'a Member,
    plan: Plan,
    participant: ParticipantId,
    registrations: Vec<Registration>,
    /// Who held a lock when it was last looked at, by the registration's index.
    holders: BTreeMap<usize, RequestId>,
}

/// Submits a draft: form, directory and next reference side by side, then one transaction. Locks that a closed
/// request left behind are taken over by another try.
pub async fn submit(app: &App, command: &Command) -> Result<HistoryRow, CommandError> {
    // The three calls that go side by side make a large future; it has no place on the caller's stack.
    match Box::pin(attempt(app, command)).await {
        Err(error @ (CommandError::Invalid(_) | CommandError::NoOtherChecker)) => {
            first_answer_or(app, command.id, command.key.as_ref(), error).await
        }
        answer => answer,
    }
}

async fn attempt(app: &App, command: &Command) -> Result<HistoryRow, CommandError> {
    let now = app.now();
    let mut details = Details {
        message: command.message.clone(),
        command: command.key.clone(),
        in_time: app.config().campaign.guarantees(now),
        ..Details::default()
    };
    let (Some(receipt), Some(member), Some(_)) = (
        &command.receipt,
        command.actor.member(),
        planned(app, command, &details, now)?,
    ) else {
        return explained(app, command, now).await;
    };
    let store = app.store();
    let reference = async {
        match receipt.reference {
            Some(_) => Ok(None),
            None => store.next_reference(receipt.eservice).await.map(Some),
        }
    };
    let (stored, people, reference) = tokio::join!(
        store.head_and_form(command.id),
        store.people(&member.company),
        reference
    );
    let Some((head, stored)) = stored? else {
        return explained(app, command, now).await;
    };
    // A form that is not the one that was read belongs to a save that came in between.
    let is_current = workflow::judge(&head.head, &head.facts, &command.attempt(now)).is_ok();
    if !is_current || stored.digest() != receipt.form_hash {
        return explained(app, command, now).await;
    }
    let form = complete_form(&stored, &app.terms())?;
    let can_check = |person: &DirectoryPerson| head.head.could_be_checked_by(&person.id, &person.rights);
    if !people?.iter().any(can_check) {
        return Err(CommandError::NoOtherChecker);
    }
    details.reference = reference?;
    let attempt = command.attempt(now);
    let plan = workflow::plan(command.id, receipt, &attempt, &details);
    let plan = plan.map_err(|refusal| command.refused(refusal, None))?;
    let participant = form.form().participantship().id.clone();
    let registrations = form.registrations();
    let submission = Submission {
        command,
        member,
        plan,
        participant,
        registrations,
        holders: BTreeMap::new(),
    };
    submission.carry_out(app).await
}

/// The stored form, if nothing is missing in it.
pub(super) fn complete_form(stored: &StoredForm, terms: &Terms<'_>) -> Result<CompleteForm, CommandError> {
    let form = Form::parse(&stored.json()?, terms);
    form.and_then(Form::complete).map_err(CommandError::Invalid)
}

impl Submission<'_> {
    async fn carry_out(mut self, app: &App) -> Result<HistoryRow, CommandError> {
        for _ in 0..MAX_TRIES {
            let mut transaction = app.store().transaction();
            self.stage(&mut transaction)?;
            if transaction.len() + self.blockers().len() > MAX_OPERATIONS {
                self.take_locks_ahead(app).await?;
                continue;
            }
            self.hold_blockers_closed(&mut transaction);
            let refused = match transaction.commit().await? {
                Outcome::Committed => return Ok(self.plan.history),
                Outcome::Refused(refused) => refused,
            };
            if old(&refused, Part::Command).is_some() || refused.iter().any(|(part, _)| *part == Part::Head) {
                return resolved(app, self.command, app.now(), &refused).await;
            }
            self.learn(&refused)?;
        }
        // Others keep taking the same locks; asking again is all that is left.
        Err(CommandError::Store(StoreError::Throttled))
    }

    fn stage(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        stage(transaction, self.command, &self.plan)?;
        let given = self.plan.history.reference.as_ref();
        let is_first = self
            .command
            .receipt
            .as_ref()
            .is_some_and(|receipt| receipt.reference.is_none());
        if let Some(reference) = given.filter(|_| is_first) {
            let item = Pointer {
                request: self.command.id.to_string(),
            };
            transaction.put_new(Part::Reference, item::write(key::reference(reference), &item)?);
        }
        for index in 0..self.registrations.len() {
            self.lock(transaction, index)?;
        }
        Ok(())
    }

    /// Takes a lock: from nobody, from this very request, or from the one that was seen to hold it.
    fn lock(&self, transaction: &mut Transaction<'_>, index: usize) -> Result<(), CommandError> {
        let lock = key::lock(&self.participant, &self.registrations[index].user_id);
        let item = item::write(
            lock,
            &Pointer {
                request: self.command.id.to_string(),
            },
        )?;
        let mut expressions = Expressions::default();
        let own = expressions.value(AttributeValue::S(self.command.id.to_string()));
        let request = expressions.name("request");
        let mut condition = format!(
            "attribute_not_exists({}) OR {request} = {own}",
            expressions.name(key::PK)
        );
        if let Some(holder) = self.holders.get(&index) {
            let holder = expressions.value(AttributeValue::S(holder.to_string()));
            condition = format!("{condition} OR {request} = {holder}");
        }
        transaction.put_if(Part::Lock(index), item, condition, &expressions);
        Ok(())
    }

    /// The requests to take locks from, each with the first registration that meets it.
    fn blockers(&self) -> BTreeMap<RequestId, usize> {
        self.holders
            .iter()
            .rev()
            .map(|(index, holder)| (*holder, *index))
            .collect()
    }

    /// Holds every request that locks are taken from to not being open, in the same transaction.
    fn hold_blockers_closed(&self, transaction: &mut Transaction<'_>) {
        for (holder, index) in self.blockers() {
            hold_closed(transaction, holder, index);
        }
    }

    /// When locks and the requests that hold them are too many for one transaction, takes locks over ahead of it. A
    /// draft's locks keep nobody out, so nothing is lost if the submission fails later.
    async fn take_locks_ahead(&mut self, app: &App) -> Result<(), CommandError> {
        let indices: Vec<usize> = self.holders.keys().copied().collect();
        for chunk in indices.chunks(LOCKS_AT_ONCE) {
            let mut transaction = app.store().transaction();
            let mut held = BTreeSet::new();
            for index in chunk {
                self.lock(&mut transaction, *index)?;
                let holder = self.holders[index];
                if held.insert(holder) {
                    hold_closed(&mut transaction, holder, *index);
                }
            }
            if let Outcome::Refused(refused) = transaction.commit().await? {
                return self.learn(&refused);
            }
        }
        self.holders.clear();
        Ok(())
    }

    /// Learns who holds the refused locks. Holders that proved to be open end the submission, with every row that one
    /// of them has, and its reference.
    fn learn(&mut self, refused: &[(Part, Option<Item>)]) -> Result<(), CommandError> {
        let mut faults = BTreeMap::new();
        for (part, item) in refused {
            match (part, item) {
                (Part::Blocker(index), Some(item)) => {
                    faults.extend(self.blocked(*index, &StoredHead::read(item)?));
                }
                (Part::Lock(index), Some(item)) => {
                    let Pointer { request } = item::read(item.clone())?;
                    if let Some(holder) = RequestId::parse(&request) {
                        self.holders.insert(*index, holder);
                    }
                }
                _ => {}
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(CommandError::Invalid(faults.into_values().collect()))
        }
    }

    /// The faults of the rows whose locks this request has, by the registration's index.
    fn blocked(&self, index: usize, blocker: &StoredHead) -> BTreeMap<usize, Fault> {
        let own = blocker.head.company == self.member.company;
        let reference = blocker.head.reference.clone().filter(|_| own);
        let holder = self.holders.get(&index);
        let rows = self
            .holders
            .iter()
            .filter(|(_, request)| holder == Some(request))
            .map(|(index, _)| *index);
        let fault = |row: usize| {
            let kind = FaultKind::InOpenRequest(reference.clone());
            (row, Fault::new(self.registrations[row].pointer.clone(), kind))
        };
        rows.map(fault).collect()
    }
}

fn hold_closed(transaction: &mut Transaction<'_>, holder: RequestId, index: usize) {
    let open = StateName::ALL
        .into_iter()
        .filter(|state| state.is_open())
        .map(|state| state.as_str().to_owned());
    let mut expressions = Expressions::default();
    let condition = expressions.none_of(Attribute::State, open);
    transaction.check(Part::Blocker(index), key::head(holder), condition, &expressions);
}
