//! Stages a row: puts everything that it writes into one conditional transaction, and explains a refusal.

use countersign_domain::actor::{Actor, Member, Right};
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::form::{CompleteForm, RegisterChangeKind};
use countersign_domain::history::{HistoryRow, RowSalts};
use countersign_domain::workflow::{
    Action, Creation, Details, Plan, Refusal, Row, Saved, Write, plan_new, plan_step,
};
use countersign_platform::store::StoreError;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::reference::Drawn;
use countersign_platform::store::register::Entry;
use countersign_platform::store::requests::StoredForm;
use countersign_platform::store::transaction::{Outcome, Part, Refused, Transaction};
use jiff::Timestamp;

use super::draw::salt;
use super::locks::Locks;
use super::prepare::Prepared;
use super::{Executed, Execution, Rejection, Subject, Untaken};

/// How often a transaction is tried while locks change hands.
const MAX_TRIES: usize = 4;

/// A row that is ready for the store.
enum Planned {
    New(Creation),
    Step(Plan),
}

impl Planned {
    fn history(&self) -> &HistoryRow {
        match self {
            Self::New(creation) => &creation.history,
            Self::Step(plan) => &plan.history,
        }
    }
}

impl Execution<'_> {
    /// Applies a row: prepares it, draws a reference number if it needs one, stages and commits it.
    pub(super) async fn take(&self, row: &'static Row) -> Result<Executed, Untaken> {
        for _ in 1..MAX_TRIES {
            match self.try_once(row).await {
                Err(Untaken::Moved) => {}
                answer => return answer,
            }
        }
        self.try_once(row).await
    }

    async fn try_once(&self, row: &'static Row) -> Result<Executed, Untaken> {
        let prepared = self.prepare(row).await?;
        let drawn = self.draw(row).await?;
        let answer = self.stage_and_commit(row, &prepared, drawn.as_ref()).await;
        if let Some(drawn) = drawn {
            self.give_back_unused(&drawn, &answer).await;
        }
        answer
    }

    /// Draws a reference number for a request that has none. All guards that don't need the transaction hold by now.
    async fn draw(&self, row: &Row) -> Result<Option<Drawn>, StoreError> {
        match self.command.receipt.receipt() {
            Some(receipt) if row.has(Write::GiveReference) && receipt.reference.is_none() => {
                self.app.store().draw_reference(receipt.eservice).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Gives back a number that no step used. A number is lost if it is unknown whether a step used it, or if another
    /// was drawn since.
    async fn give_back_unused(&self, drawn: &Drawn, answer: &Result<Executed, Untaken>) {
        let may_be_used = match answer {
            Ok(executed) => executed.row.reference.as_ref() == Some(&drawn.reference),
            Err(Untaken::Rejected(Rejection::Store(_))) => true,
            Err(Untaken::Rejected(_) | Untaken::Unmet(_) | Untaken::Unexplained | Untaken::Moved) => false,
        };
        let (false, Some(receipt)) = (may_be_used, self.command.receipt.receipt()) else {
            return;
        };
        if let Err(error) = self.app.store().give_back(receipt.eservice, drawn).await {
            tracing::warn!(%error, "a reference number was not given back");
        }
    }

    async fn stage_and_commit(
        &self,
        row: &'static Row,
        prepared: &Prepared,
        drawn: Option<&Drawn>,
    ) -> Result<Executed, Untaken> {
        let planned = self.plan(row, prepared, drawn)?;
        let mut locks = match (&prepared.complete, self.command.actor.member()) {
            (Some(form), Some(member)) if row.has(Write::TakeLocks) => {
                let form_hash = self.command.receipt.receipt().map(|receipt| receipt.form_hash);
                form_hash.map(|hash| Locks::of(self.id, member, (form, hash), self.now))
            }
            _ => None,
        };
        for _ in 0..MAX_TRIES {
            let mut transaction = self.app.store().transaction();
            self.stage(&mut transaction, &planned, row, prepared, locks.as_ref())?;
            if let Some(locks) = &mut locks {
                if !locks.fit(&transaction) {
                    locks.take_ahead(self.app).await.map_err(Untaken::Rejected)?;
                    continue;
                }
                locks.hold_blockers_released(&mut transaction);
            }
            let refused = match transaction.commit().await? {
                Outcome::Committed => {
                    return Ok(Executed {
                        row: planned.history().clone(),
                        is_replay: false,
                    });
                }
                Outcome::Refused(refused) => refused,
            };
            if refused.has(Part::Company) && !refused.has(Part::Head) {
                return Err(Untaken::Moved);
            }
            match (self.interpret_refusal(row, &refused, prepared).await?, &mut locks) {
                (Some(answer), _) => return answer.map_err(Untaken::Rejected),
                (None, Some(locks)) => locks.learn(&refused).map_err(Untaken::Rejected)?,
                (None, None) => break,
            }
        }
        // Other requests keep taking the same locks. The caller has to retry.
        Err(StoreError::Busy.into())
    }

    fn plan(
        &self,
        row: &'static Row,
        prepared: &Prepared,
        drawn: Option<&Drawn>,
    ) -> Result<Planned, Untaken> {
        let attempt = self.attempt();
        let saved = prepared.kept.as_ref();
        let form_hash = prepared.sealed.as_ref().map(StoredForm::hash).transpose()?;
        let details = Details {
            salts: RowSalts {
                name: salt()?,
                message: salt()?,
                handed_to: salt()?,
            },
            message: self.command.payload.message().cloned(),
            command: self.command.key.clone(),
            reference: drawn.map(|drawn| drawn.reference.clone()),
            in_time: self.eservice().and_then(|id| {
                let campaign = &self.app.config().campaign;
                id.definition().guarantees(campaign, self.now)
            }),
            checks: self.checks(prepared),
            saved: saved.zip(form_hash).map(|(form, form_hash)| Saved {
                form_hash,
                participantship: form.participantship().cloned(),
                about: form.about(),
                is_complete: form.clone().complete().is_ok(),
            }),
            lease_ends: self.lease_ends(row),
            handed_to: prepared.colleague.as_ref().map(DirectoryPerson::named),
        };
        let planned = match (self.command.receipt.receipt(), saved) {
            (_, Some(form)) if self.makes_a_request() => {
                let source = prepared.source.as_ref();
                let creation = plan_new(row, self.id, form.eservice(), &attempt, &details, source);
                creation.map(Planned::New)
            }
            (Some(receipt), _) => plan_step(row, self.id, receipt, &attempt, &details).map(Planned::Step),
            (None, _) => return Err(Untaken::Unexplained),
        };
        planned.map_err(|refusal| Untaken::Rejected(self.refused(refusal, None)))
    }

    fn makes_a_request(&self) -> bool {
        match (self.command.subject, self.command.action) {
            (Subject::New, _) | (Subject::Request(_), Action::Clone) => true,
            (Subject::Request(_), _) => false,
        }
    }

    /// Returns when the lease that the row starts ends. If the list of holidays is too old to tell, the claim succeeds
    /// without an end, and the job that ends claims fails instead.
    fn lease_ends(&self, row: &Row) -> Option<Timestamp> {
        let lease = self.app.config().leases.of(row.to);
        let ends = lease.filter(|_| row.has(Write::StartLease))?.ends(self.now);
        ends.inspect_err(|error| tracing::error!(%error, "a claim has no end"))
            .ok()
    }

    /// Adds everything to a transaction: the mark of the key, the head, the history row, and each write of the row.
    fn stage(
        &self,
        transaction: &mut Transaction<'_>,
        planned: &Planned,
        row: &Row,
        prepared: &Prepared,
        locks: Option<&Locks>,
    ) -> Result<(), Untaken> {
        let history = planned.history();
        if let Some(key) = &self.command.key {
            transaction.mark(self.id, key, history.version)?;
        }
        match planned {
            Planned::New(creation) => transaction.new_head(self.id, &creation.facts),
            Planned::Step(plan) => transaction.change_head(self.id, &plan.tests, &plan.changes),
        }
        transaction.add_to_history(history)?;
        if let Some((member, right)) = self.entitlement(row, prepared) {
            transaction.hold_entitled(&member.company, &member.person.id, right);
        }
        for write in row.writes {
            match write {
                Write::KeepForm => {
                    if let Some(form) = &prepared.sealed {
                        transaction.keep_form(self.id, history.version, form)?;
                    }
                }
                Write::TakeLocks => {
                    if let Some(locks) = locks {
                        locks.take(transaction)?;
                    }
                }
                Write::SpendToken | Write::RecordMail => self.stage_mail(transaction, *write)?,
                Write::Register => self.register(transaction, prepared),
                Write::ChangeDirectory => self.change_directory(transaction, prepared),
                // The head has these, among its changes or its first facts.
                Write::InheritEditors
                | Write::GiveReference
                | Write::MarkSubmitted
                | Write::SettleChecks
                | Write::FirstCheck
                | Write::VoidChecks
                | Write::SettleGuarantee
                | Write::EnterDesk(_)
                | Write::LeaveDesk
                | Write::Hold
                | Write::HoldForColleague
                | Write::BecomeMaker
                | Write::Unhold
                | Write::StartLease
                | Write::Confirm
                | Write::Unconfirm => {}
            }
        }
        for guard in row.guards {
            self.stage_guard(transaction, *guard, prepared);
        }
        Ok(())
    }

    /// Who has to have which right in the directory for a row, if it tests that.
    fn entitlement(&self, row: &Row, prepared: &Prepared) -> Option<(&Member, Right)> {
        // A clone's command need not name the eService.
        let read = prepared.head.as_ref().map(|stored| stored.head.eservice);
        let eservice = self.eservice().or(read)?;
        let right = row
            .right(eservice)
            .filter(|_| row.tests_the_directory(eservice))?;
        Some((self.command.actor.member()?, right))
    }

    fn stage_mail(&self, transaction: &mut Transaction<'_>, write: Write) -> Result<(), Untaken> {
        // Without an e-mail there is no token.
        let (Some(mail), Actor::Member(member)) = (self.command.payload.mail(), &self.command.actor) else {
            return Err(Untaken::Rejected(Rejection::TokenEnded));
        };
        if write == Write::SpendToken {
            transaction.spend_token(&mail.token, &member.person.id, self.now);
        } else {
            transaction.record_mail(self.id, &mail.record)?;
        }
        Ok(())
    }

    fn register(&self, transaction: &mut Transaction<'_>, prepared: &Prepared) {
        let (Some(stored), Some(form)) = (&prepared.head, &prepared.complete) else {
            return;
        };
        let Some(participant) = form.form().participantship().map(|own| &own.id) else {
            return;
        };
        for (index, change) in form.register_changes().iter().enumerate() {
            let part = Part::Register(index);
            let entry = |email| Entry {
                participant,
                user_id: &change.user_id,
                email,
                since: self.now,
                request: self.id,
                guaranteed: stored.head.guaranteed.unwrap_or(false),
            };
            match &change.kind {
                RegisterChangeKind::ChangeEmail(email) => transaction.register(part, &entry(email)),
                RegisterChangeKind::Add(email) => transaction.add_to_register(part, &entry(email)),
                RegisterChangeKind::Remove => {
                    transaction.remove_from_register(part, participant, &change.user_id);
                }
            }
        }
    }

    /// Returns the faults of the rows that the register contradicts: an addition that is already there, a change or
    /// removal that is not.
    fn register_faults(refused: &Refused, prepared: &Prepared) -> Vec<Fault> {
        let changes = prepared.complete.as_ref().map(CompleteForm::register_changes);
        let changes = changes.unwrap_or_default().into_iter().enumerate();
        changes
            .filter(|(index, _)| refused.has(Part::Register(*index)))
            .map(|(_, change)| {
                let kind = match change.kind {
                    RegisterChangeKind::Add(_) => FaultKind::InRegister,
                    RegisterChangeKind::ChangeEmail(_) | RegisterChangeKind::Remove => {
                        FaultKind::NotInRegister
                    }
                };
                Fault::new(change.pointer, kind)
            })
            .collect()
    }

    /// Interprets a refused transaction: the first answer of a repeated command, or the reason. `None` if only locks
    /// were not free or not released: then a retry may succeed.
    async fn interpret_refusal(
        &self,
        row: &Row,
        refused: &Refused,
        prepared: &Prepared,
    ) -> Result<Option<Result<Executed, Rejection>>, StoreError> {
        if let Some(mark) = refused.mark()? {
            return Ok(Some(self.first_answer(mark).await));
        }
        let rejection = if refused.has(Part::Inbound) {
            Rejection::OnRecord
        } else if refused.has(Part::Head) {
            if self.makes_a_request() {
                // Another request has the same random ID. A retry draws another.
                StoreError::Busy.into()
            } else {
                self.reason(refused.head()?.as_ref())
            }
        } else if let (true, Some((_, right))) =
            (refused.has(Part::Entitled), self.entitlement(row, prepared))
        {
            self.refused(Refusal::RightWithdrawn(right), None)
        } else if refused.has(Part::Token) {
            Rejection::TokenEnded
        } else if let Some(rejection) = self.refused_by_people(refused) {
            rejection
        } else if refused.has(Part::History) {
            StoreError::Corrupt("a history that is ahead of its head".to_owned()).into()
        } else {
            let faults = [
                Self::register_faults(refused, prepared),
                self.directory_faults(refused, prepared),
            ]
            .concat();
            if faults.is_empty() {
                return Ok(None);
            }
            Rejection::Invalid(faults)
        };
        Ok(Some(Err(rejection)))
    }
}
