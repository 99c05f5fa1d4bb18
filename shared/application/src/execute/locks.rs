//! The locks of User IDs, and of what a request changes in the directory: free, left over from a request that has closed,
//! or held by an open one.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::actor::Member;
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::form::CompleteForm;
use countersign_domain::id::{CompanyId, Digest, Reference, RequestId};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::key::{self, Key};
use countersign_platform::store::requests::LockHolder;
use countersign_platform::store::transaction::{MAX_OPERATIONS, Outcome, Refused, Transaction};

use jiff::Timestamp;

use super::Rejection;

/// How many locks one separate transaction takes over.
const LOCKS_AT_ONCE: usize = MAX_OPERATIONS / 2;

/// The locks that a submission takes.
pub(super) struct Locks {
    id: RequestId,
    company: CompanyId,
    form_hash: Digest,
    subjects: Vec<Subject>,
    /// Who held each lock when it was last read, by the index of its subject.
    holders: BTreeMap<usize, LockHolder>,
}

/// What no two open requests may be about.
struct Subject {
    key: Key,
    /// Its place in the form.
    pointer: String,
    /// The fault if another open request is about it.
    fault: fn(Option<Reference>) -> FaultKind,
}

/// Returns the User IDs in a form, or what it changes in the company's directory.
fn subjects(member: &Member, form: &CompleteForm, now: Timestamp) -> Vec<Subject> {
    let user_ids = form.form().participantship().into_iter().flat_map(|own| {
        form.register_changes().into_iter().map(|change| Subject {
            key: key::lock(&own.id, &change.user_id),
            pointer: change.pointer,
            fault: FaultKind::InOpenRequest,
        })
    });
    let change = form.directory_change(now).map(|change| Subject {
        key: key::company_lock(&member.company, &change.subject(&member.person.id)),
        pointer: change.pointer,
        fault: FaultKind::SubjectInOpenRequest,
    });
    user_ids.chain(change).collect()
}

impl Locks {
    /// Starts with what a form is about, which has this hash.
    pub(super) fn of(
        id: RequestId,
        member: &Member,
        (form, form_hash): (&CompleteForm, Digest),
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            company: member.company.clone(),
            form_hash,
            subjects: subjects(member, form, now),
            holders: BTreeMap::new(),
        }
    }

    /// Adds the operations that take all locks.
    pub(super) fn take(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        (0..self.subjects.len()).try_for_each(|index| self.take_one(transaction, index))
    }

    fn take_one(&self, transaction: &mut Transaction<'_>, index: usize) -> Result<(), StoreError> {
        let key = self.subjects[index].key.clone();
        let seen = self.holders.get(&index);
        transaction.take_lock(index, key, (self.id, &self.form_hash), seen)
    }

    /// Returns the requests that hold the locks of these subjects. Each comes with the first index that it
    /// blocks and the forms that it took the locks for.
    fn blockers<'a>(
        &self,
        indices: impl IntoIterator<Item = &'a usize>,
    ) -> BTreeMap<RequestId, (usize, BTreeSet<Digest>)> {
        let mut blockers = BTreeMap::new();
        for index in indices {
            let holder = &self.holders[index];
            let (_, forms) = blockers
                .entry(holder.request)
                .or_insert_with(|| (*index, BTreeSet::new()));
            forms.insert(holder.form_hash);
        }
        blockers
    }

    fn hold_released<'a>(
        &self,
        transaction: &mut Transaction<'_>,
        indices: impl IntoIterator<Item = &'a usize>,
    ) {
        for (holder, (index, forms)) in self.blockers(indices) {
            transaction.hold_released(index, holder, &forms);
        }
    }

    /// Whether the checks on the requests that hold locks fit into the transaction.
    pub(super) fn fit(&self, transaction: &Transaction<'_>) -> bool {
        transaction.len() + self.blockers(self.holders.keys()).len() <= MAX_OPERATIONS
    }

    /// Checks in the same transaction that every request has released the locks taken from it.
    pub(super) fn hold_blockers_released(&self, transaction: &mut Transaction<'_>) {
        self.hold_released(transaction, self.holders.keys());
    }

    /// Takes locks over ahead of the transaction, when the locks and the checks on their holders are too many for one.
    /// A draft's locks block nobody, so nothing is lost if the submission fails later.
    pub(super) async fn take_ahead(&mut self, app: &App) -> Result<(), Rejection> {
        let indices: Vec<usize> = self.holders.keys().copied().collect();
        for chunk in indices.chunks(LOCKS_AT_ONCE) {
            let mut transaction = app.store().transaction();
            for index in chunk {
                self.take_one(&mut transaction, *index)?;
            }
            self.hold_released(&mut transaction, chunk);
            if let Outcome::Refused(refused) = transaction.commit().await? {
                return self.learn(&refused);
            }
        }
        self.holders.clear();
        Ok(())
    }

    /// Notes who holds the locks that were not free. If a holder turns out to be open, ends the submission with a fault
    /// for every row that it blocks. A fault names its reference number if it is the company's own.
    pub(super) fn learn(&mut self, refused: &Refused) -> Result<(), Rejection> {
        self.holders.extend(refused.lock_holders()?);
        let mut faults = BTreeMap::new();
        for blocker in refused.blockers()? {
            faults.extend(self.blocked(&blocker));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Rejection::Invalid(faults.into_values().collect()))
        }
    }

    /// Returns the faults of the rows that this request blocks with its current form, by the index of the register
    /// change.
    fn blocked(&self, blocker: &StoredHead) -> BTreeMap<usize, Fault> {
        let own = blocker.head.company == self.company;
        let reference = blocker.head.reference.clone().filter(|_| own);
        let rows = self
            .holders
            .iter()
            .filter(|(_, holder)| {
                holder.request == blocker.head.id && holder.form_hash == blocker.head.form_hash
            })
            .map(|(index, _)| *index);
        let fault = |row: usize| {
            let subject = &self.subjects[row];
            let kind = (subject.fault)(reference.clone());
            (row, Fault::new(subject.pointer.clone(), kind))
        };
        rows.map(fault).collect()
    }
}
