//! Finds the pending requests for administrators who have no address yet, and the addresses from which mail comes back.
//!
//! The lock of a User ID names the request that last took it, and the form that named the User ID at that time. The
//! request's head tells whether it is still pending, and with which form.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::campaign::Campaign;
use countersign_domain::contact::EmailAddress;
use countersign_domain::id::{Digest, ParticipantId, RequestId};
use countersign_domain::mail::MailStatus;
use countersign_domain::register::{DelegatedAdministrator, Pending};
use jiff::Timestamp;

use super::item::{StoredHead, text};
use super::key::{self, PK};
use super::page::MAX_LIMIT;
use super::{Store, StoreError};

impl Store {
    /// Reads every administrator of a participant, with the pending requests for those without an address, and with the
    /// bounces of the others' addresses.
    pub async fn all_administrators(
        &self,
        participant: &ParticipantId,
        at: (&Campaign, Timestamp),
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
        self.note_standing(participant, &mut all, at).await?;
        Ok(all)
    }

    /// Adds the pending requests to those administrators of a participant who have no address, and to the others
    /// when mail to their address last bounced. What bounced before the address was registered says nothing about it now.
    pub async fn note_standing(
        &self,
        participant: &ParticipantId,
        administrators: &mut [DelegatedAdministrator],
        (campaign, now): (&Campaign, Timestamp),
    ) -> Result<(), StoreError> {
        let unregistered = administrators
            .iter()
            .filter(|listed| listed.registration.is_none());
        let user_ids = unregistered.map(|listed| listed.user_id.clone()).collect();
        let addresses: Vec<EmailAddress> = administrators
            .iter()
            .filter_map(|listed| EmailAddress::parse(&listed.registration.as_ref()?.email).ok())
            .collect();
        let (under_way, suppressions) = tokio::join!(
            self.requests_with_locks(participant, &user_ids),
            self.suppressions(&addresses)
        );
        let (under_way, suppressions) = (under_way?, suppressions?);
        for listed in administrators {
            let Some(registered) = &mut listed.registration else {
                listed.pending = under_way
                    .get(&listed.user_id)
                    .and_then(|stored| Pending::of(&stored.head, campaign, now));
                continue;
            };
            let suppression = match EmailAddress::parse(&registered.email) {
                Ok(address) => suppressions.of(&address)?,
                Err(_) => None,
            };
            registered.bounced = suppression
                .filter(|found| found.why == MailStatus::Bounced && found.since >= registered.since)
                .map(|found| found.since);
        }
        Ok(())
    }

    /// Reads the requests that last took the locks of these User IDs, where their form still is the one that took them.
    /// They may have closed since.
    pub async fn requests_with_locks(
        &self,
        participant: &ParticipantId,
        user_ids: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, StoredHead>, StoreError> {
        let keys = user_ids.iter().map(|user_id| key::lock(participant, user_id));
        let locks: BTreeMap<String, (RequestId, Digest)> = self
            .get_all(keys.collect())
            .await?
            .iter()
            .filter_map(|lock| {
                let request = RequestId::parse(text(lock, "request")?)?;
                let form = Digest::parse(text(lock, "form_hash")?)?;
                Some((text(lock, PK)?.to_owned(), (request, form)))
            })
            .collect();
        let requests = locks.values().map(|(request, _)| *request).collect();
        let heads: BTreeMap<(RequestId, Digest), StoredHead> = self
            .heads(&requests)
            .await?
            .into_iter()
            .map(|stored| ((stored.head.id, stored.head.form_hash), stored))
            .collect();
        let holder = |user_id: &String| {
            let taken = locks.get(&key::lock(participant, user_id).pk)?;
            Some((user_id.clone(), heads.get(taken)?.clone()))
        };
        Ok(user_ids.iter().filter_map(holder).collect())
    }
}
