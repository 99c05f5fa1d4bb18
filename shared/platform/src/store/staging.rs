//! What a step can write: each write of the workflow as operations of a transaction. No other module writes conditions
//! for steps.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::actor::Right;
use countersign_domain::fact::{Attribute, Change, Facts, Test};
use countersign_domain::history::{CommandKey, HistoryRow};
use countersign_domain::id::{CompanyId, Digest, PersonId, RequestId};
use countersign_domain::request::StateName;
use countersign_domain::time;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::StoreError;
use super::approval::Inbound;
use super::condition::Expressions;
use super::item;
use super::key::{self, Key, PK};
use super::requests::{CommandMark, Lock, LockHolder, StoredForm};
use super::transaction::{Part, Transaction};

/// How long the count of a day's answers is kept after the day's start.
const ANSWERS_ARE_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Transaction<'_> {
    /// Adds the mark of a command with an idempotency key, on condition that there is none yet.
    pub fn mark(&mut self, id: RequestId, command: &CommandKey, version: u32) -> Result<(), StoreError> {
        let mark = item::write(key::command(id, &command.key), &CommandMark { version })?;
        self.put_new(Part::Command, mark);
        Ok(())
    }

    /// Adds the head of a new request.
    pub fn new_head(&mut self, id: RequestId, facts: &Facts) {
        self.put_new(Part::Head, item::head(key::head(id), facts));
    }

    /// Changes a head, on condition that every test holds.
    pub fn change_head(&mut self, id: RequestId, tests: &[Test], changes: &[Change]) {
        let mut expressions = Expressions::default();
        let condition = (!tests.is_empty()).then(|| expressions.condition(tests));
        let update = expressions.update(changes);
        self.update_if(Part::Head, key::head(id), update, condition, &expressions);
    }

    /// Adds a row to a request's history.
    pub fn add_to_history(&mut self, row: &HistoryRow) -> Result<(), StoreError> {
        let key = key::history(row.request, row.version);
        self.put_new(Part::History, item::history(key, row)?);
        Ok(())
    }

    /// Stores the form as a version saved it. That version's history row holds its digest.
    pub fn keep_form(&mut self, id: RequestId, version: u32, form: &StoredForm) -> Result<(), StoreError> {
        self.put(Part::Form, item::write(key::form(id, version), form)?);
        Ok(())
    }

    /// Takes a lock for a request, on condition that nobody holds it, that this request holds it, or
    /// that `seen` still holds it.
    pub fn take_lock(
        &mut self,
        index: usize,
        key: Key,
        (id, form_hash): (RequestId, &Digest),
        seen: Option<&LockHolder>,
    ) -> Result<(), StoreError> {
        let lock = Lock {
            request: id.to_string(),
            form_hash: form_hash.to_string(),
        };
        let item = item::write(key, &lock)?;
        let mut expressions = Expressions::default();
        let own = expressions.value(AttributeValue::S(lock.request));
        let request = expressions.name("request");
        let mut condition = format!(
            "attribute_not_exists({}) OR {request} = {own}",
            expressions.name(PK)
        );
        if let Some(holder) = seen {
            let holding = expressions.value(AttributeValue::S(holder.request.to_string()));
            let (form, form_hash) = (
                expressions.name("form_hash"),
                expressions.value(AttributeValue::S(holder.form_hash.to_string())),
            );
            condition = format!("{condition} OR ({request} = {holding} AND {form} = {form_hash})");
        }
        self.put_if(Part::Lock(index), item, condition, &expressions);
        Ok(())
    }

    /// Checks that a request has released the locks taken from it: it is not open, or it is open with none of the forms
    /// that it took them for.
    pub fn hold_released(&mut self, index: usize, holder: RequestId, forms: &BTreeSet<Digest>) {
        let open = StateName::ALL
            .into_iter()
            .filter(|state| state.is_open())
            .map(|state| state.as_str().to_owned());
        let mut expressions = Expressions::default();
        let is_closed = expressions.none_of(Attribute::State, open);
        let is_another = expressions.none_of(Attribute::FormHash, forms.iter().map(ToString::to_string));
        let condition = format!("{is_closed} OR {is_another}");
        self.check(Part::Blocker(index), key::head(holder), condition, &expressions);
    }

    /// Spends an e-mail token, on condition that it is this checker's, has not been spent, and has not expired.
    pub fn spend_token(&mut self, token: &Digest, checker: &PersonId, now: Timestamp) {
        let mut expressions = Expressions::default();
        let (pk, spent) = (expressions.name(PK), expressions.name("spent"));
        let (until, of) = (expressions.name("until"), expressions.name("checker"));
        let now = expressions.value(AttributeValue::S(time::stored(now)));
        let checker = expressions.value(AttributeValue::S(checker.to_string()));
        let condition = format!(
            "attribute_exists({pk}) AND attribute_not_exists({spent}) AND {until} > {now} AND {of} = {checker}"
        );
        let update = format!("SET {spent} = {now}");
        self.update_if(
            Part::Token,
            key::token(token),
            update,
            Some(condition),
            &expressions,
        );
    }

    /// Records a received e-mail, once.
    pub fn record_mail(&mut self, id: RequestId, inbound: &Inbound) -> Result<(), StoreError> {
        let item = item::write(key::inbound(id, &inbound.message), inbound)?;
        self.put_new(Part::Inbound, item);
        Ok(())
    }

    /// Checks that a person is there on a day: in the directory with a right, and not away.
    pub fn hold_there(
        &mut self,
        part: Part,
        company: &CompanyId,
        person: &PersonId,
        right: Right,
        today: Date,
    ) {
        let mut expressions = Expressions::default();
        let may = may(&mut expressions, &[right]);
        let away = away(&mut expressions, None, today);
        self.check(
            part,
            key::person(company, person),
            format!("{may} AND NOT ({away})"),
            &expressions,
        );
    }

    /// Checks that a person is gone on a day: not in the directory with any of these rights, or away. If `since` is
    /// given, only an absence counts that began on that day or later.
    pub fn hold_gone(
        &mut self,
        part: Part,
        company: &CompanyId,
        person: &PersonId,
        rights: &[Right],
        (since, today): (Option<Date>, Date),
    ) {
        let mut expressions = Expressions::default();
        let may = may(&mut expressions, rights);
        let away = away(&mut expressions, since, today);
        self.check(
            part,
            key::person(company, person),
            format!("NOT ({may}) OR ({away})"),
            &expressions,
        );
    }

    /// Counts an answer to a person on a day, on condition that they have had this many.
    pub fn count_answer(&mut self, key: Key, given: u32, day: Date) {
        let mut expressions = Expressions::default();
        let (answers, expires_at) = (expressions.name("answers"), expressions.name("expires_at"));
        let number = |number: i64| AttributeValue::N(number.to_string());
        let now = expressions.value(number(i64::from(given) + 1));
        let end = time::start_of_day(day).map_or(0, Timestamp::as_second);
        let kept_until = expressions.value(number(end + ANSWERS_ARE_KEPT.as_secs()));
        let condition = if given == 0 {
            format!("attribute_not_exists({})", expressions.name(PK))
        } else {
            let before = expressions.value(number(i64::from(given)));
            format!("{answers} = {before}")
        };
        let update = format!("SET {answers} = {now}, {expires_at} = {kept_until}");
        self.update_if(Part::Answers, key, update, Some(condition), &expressions);
    }
}

/// The condition that a person has not been removed and has one of these rights.
fn may(expressions: &mut Expressions, rights: &[Right]) -> String {
    let (has, removed) = (expressions.name("rights"), expressions.name("removed_at"));
    let rights: Vec<String> = rights
        .iter()
        .map(|right| expressions.value(AttributeValue::S(right.as_str().to_owned())))
        .map(|right| format!("contains({has}, {right})"))
        .collect();
    format!("attribute_not_exists({removed}) AND ({})", rights.join(" OR "))
}

/// The condition that a person is away on a day, by an absence that began on the day `since` or later.
fn away(expressions: &mut Expressions, since: Option<Date>, today: Date) -> String {
    let (from, until) = (expressions.name("away_from"), expressions.name("away_until"));
    let now = expressions.value(AttributeValue::S(today.to_string()));
    let covers = format!("{from} <= {now} AND {until} >= {now}");
    match since {
        Some(since) => {
            let since = expressions.value(AttributeValue::S(since.to_string()));
            format!("{covers} AND {from} >= {since}")
        }
        None => covers,
    }
}
