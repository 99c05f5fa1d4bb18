//! The locks of User IDs: free, left behind by a request that is closed by now, or held by an open one.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::form::{CompleteForm, RegisterChange};
use countersign_domain::id::{CompanyId, Digest, ParticipantId, RequestId};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::requests::LockHolder;
use countersign_platform::store::transaction::{MAX_OPERATIONS, Outcome, Refused, Transaction};

use super::Rejection;

/// Locks taken over in one transaction of their own.
const LOCKS_AT_ONCE: usize = MAX_OPERATIONS / 2;

/// The locks that a submission takes.
pub(super) struct Locks {
    id: RequestId,
    company: CompanyId,
    form_hash: Digest,
    participant: ParticipantId,
    changes: Vec<RegisterChange>,
    /// Who held a lock when it was last looked at, by the registration's index.
    holders: BTreeMap<usize, LockHolder>,
}

impl Locks {
    /// Those of the User IDs in a form.
    pub(super) fn of(id: RequestId, company: &CompanyId, form: &CompleteForm) -> Self {
        Self {
            id,
            company: company.clone(),
            form_hash: form.form().digest(),
            participant: form.form().participantship().id.clone(),
            changes: form.register_changes(),
            holders: BTreeMap::new(),
        }
    }

    /// Takes all of them.
    pub(super) fn take(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        (0..self.changes.len()).try_for_each(|index| self.take_one(transaction, index))
    }

    fn take_one(&self, transaction: &mut Transaction<'_>, index: usize) -> Result<(), StoreError> {
        let user_id = &self.changes[index].user_id;
        let seen = self.holders.get(&index);
        transaction.take_lock(
            index,
            (&self.participant, user_id),
            (self.id, &self.form_hash),
            seen,
        )
    }

    /// The requests to take the locks of some registrations from, each with the first registration that meets it and the forms
    /// that it took them for.
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

    /// Whether the requests that locks are taken from still fit into the transaction.
    pub(super) fn fit(&self, transaction: &Transaction<'_>) -> bool {
        transaction.len() + self.blockers(self.holders.keys()).len() <= MAX_OPERATIONS
    }

    /// Holds every request that locks are taken from to having left them behind, in the same transaction.
    pub(super) fn hold_blockers_released(&self, transaction: &mut Transaction<'_>) {
        self.hold_released(transaction, self.holders.keys());
    }

    /// When locks and the requests that hold them are too many for one transaction, takes locks over ahead of it. A
    /// draft's locks keep nobody out, so nothing is lost if the submission fails later.
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

    /// Learns who holds the locks that were not free. Holders that proved to be open end the submission, with every row that
    /// one of them has, and its reference.
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

    /// The faults of the rows whose locks this request has for the form that it is open with, by the registration's index.
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
            let kind = FaultKind::InOpenRequest(reference.clone());
            (row, Fault::new(self.changes[row].pointer.clone(), kind))
        };
        rows.map(fault).collect()
    }
}
