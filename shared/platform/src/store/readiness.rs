//! Finds the pending requests for administrators who have no address yet.
//!
//! The lock of a User ID names the request that last took it, and the form that named the User ID at that time. The
//! request's head tells whether it is still pending, and with which form.

use std::collections::BTreeMap;

use countersign_domain::id::{Digest, ParticipantId, RequestId};
use countersign_domain::register::{DelegatedAdministrator, Pending};

use super::item::{StoredHead, text};
use super::key::{self, PK};
use super::page::MAX_LIMIT;
use super::{Store, StoreError};

impl Store {
    /// Reads every administrator of a participant, with the pending requests for those without an address.
    pub async fn all_administrators(
        &self,
        participant: &ParticipantId,
    ) -> Result<Vec<DelegatedAdministrator>, StoreError> {
        let (mut all, mut start) = (Vec::new(), None);
        loop {
            let page = self
                .administrators(participant, MAX_LIMIT, start.as_ref())
                .await?;
            all.extend(page.items);
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        self.note_pending(participant, &mut all).await?;
        Ok(all)
    }

    /// Adds the pending requests to those administrators of a participant who have no address.
    pub async fn note_pending(
        &self,
        participant: &ParticipantId,
        administrators: &mut [DelegatedAdministrator],
    ) -> Result<(), StoreError> {
        let unregistered = administrators
            .iter()
            .filter(|listed| listed.registration.is_none());
        let locks: Vec<_> = unregistered
            .map(|listed| key::lock(participant, &listed.user_id))
            .collect();
        let locks: BTreeMap<String, (RequestId, Digest)> = self
            .get_all(locks)
            .await?
            .iter()
            .filter_map(|lock| {
                let request = RequestId::parse(text(lock, "request")?)?;
                let form = Digest::parse(text(lock, "form_hash")?)?;
                Some((text(lock, PK)?.to_owned(), (request, form)))
            })
            .collect();
        let requests = locks.values().map(|(request, _)| *request).collect();
        let under_way: BTreeMap<(RequestId, Digest), Pending> = self
            .heads(&requests)
            .await?
            .iter()
            .filter_map(|StoredHead { head, .. }| Some(((head.id, head.form_hash), Pending::of(head)?)))
            .collect();
        for listed in administrators
            .iter_mut()
            .filter(|listed| listed.registration.is_none())
        {
            let lock = locks.get(&key::lock(participant, &listed.user_id).pk);
            listed.pending = lock.and_then(|taken| under_way.get(taken)).cloned();
        }
        Ok(())
    }
}
