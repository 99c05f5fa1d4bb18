//! What is under way for administrators who have no address yet.
//!
//! The lock of a User ID names the request that took it last. Whether that one is still under way its head says, and
//! whether the User ID is still in it its form.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::id::{ParticipantId, RequestId};
use countersign_domain::register::{DelegatedAdministrator, Pending};

use super::item::{self, StoredHead, text};
use super::key::{self, PK, SK};
use super::page::MAX_LIMIT;
use super::requests::StoredForm;
use super::{Store, StoreError};

impl Store {
    /// Every administrator of a participant, with what is under way for those who have no address.
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

    /// Notes what is under way for those administrators of a participant who have no address.
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
        let named: BTreeMap<String, RequestId> = self
            .get_all(locks)
            .await?
            .iter()
            .filter_map(|lock| {
                let request = RequestId::parse(text(lock, "request")?)?;
                Some((text(lock, PK)?.to_owned(), request))
            })
            .collect();
        let under_way = self.under_way(&named.values().copied().collect()).await?;
        for listed in administrators
            .iter_mut()
            .filter(|listed| listed.registration.is_none())
        {
            let lock = key::lock(participant, &listed.user_id).pk;
            let found = named.get(&lock).and_then(|request| under_way.get(request));
            listed.pending = found
                .filter(|(_, form)| form.contains(&listed.user_id))
                .map(|(pending, _)| pending.clone());
        }
        Ok(())
    }

    /// Those of some requests that are under way, with the User IDs in their forms.
    async fn under_way(
        &self,
        requests: &BTreeSet<RequestId>,
    ) -> Result<BTreeMap<RequestId, (Pending, BTreeSet<String>)>, StoreError> {
        let keys = requests.iter().flat_map(|id| [key::head(*id), key::form(*id)]);
        let (mut heads, mut forms) = (Vec::new(), BTreeMap::new());
        for item in self.get_all(keys.collect()).await? {
            if text(&item, SK) == Some(key::HEAD) {
                heads.push(StoredHead::read(&item)?.head);
            } else if let Some(pk) = text(&item, PK).map(str::to_owned) {
                forms.insert(pk, item::read::<StoredForm>(item)?);
            }
        }
        let mut under_way = BTreeMap::new();
        for head in heads {
            if let (Some(pending), Some(form)) = (Pending::of(&head), forms.get(&key::request(head.id))) {
                under_way.insert(head.id, (pending, form.user_ids()?));
            }
        }
        Ok(under_way)
    }
}
