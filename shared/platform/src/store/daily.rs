//! Collects the news that people want once a day, and turns it into digests.

use countersign_domain::daily::{DailyDigest, PieceOfNews};
use countersign_domain::id::{CompanyId, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::condition::Expressions;
use super::item::{self, text};
use super::key::{self, Key, PK, SK};
use super::mail::{Entry, EntryItem, MailId};
use super::reminder::KEPT;
use super::transaction::{Outcome, Part};
use super::{SortKeys, Store, StoreError};

/// A piece of news that waits for its person's digest.
#[derive(Debug, Clone)]
pub struct Collected {
    /// The person it is for.
    pub person: PersonId,
    /// The news.
    pub piece: PieceOfNews,
    key: Key,
}

#[derive(Serialize, Deserialize)]
struct NewsItem {
    person: PersonId,
    piece: PieceOfNews,
    /// When DynamoDB deletes the item, in seconds since 1970.
    expires_at: i64,
}

#[derive(Serialize)]
struct DigestItem<'a> {
    #[serde(flatten)]
    digest: &'a DailyDigest,
    /// When DynamoDB deletes the item, in seconds since 1970.
    expires_at: i64,
}

impl Store {
    /// Collects a piece of news for a person, and enters into the request's ledger that it is, both or neither. Does
    /// nothing if the ledger has an entry for that news already: then it was collected or sent before.
    pub async fn collect_news(
        &self,
        id: &MailId,
        entry: &Entry,
        (company, person): (&CompanyId, &PersonId),
        piece: PieceOfNews,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = key::piece_of_news(company, person, &piece.step);
        let news = NewsItem {
            person: person.clone(),
            piece,
            expires_at: now.as_second() + KEPT,
        };
        let mut transaction = self.transaction();
        transaction.put_new(
            Part::Mail,
            item::write(id.key(), &EntryItem::of(entry, now, None))?,
        );
        transaction.put(Part::News, item::write(key, &news)?);
        transaction.commit().await.map(|_| ())
    }

    /// Reads the news that waits for a company's people: one person after the other, and each one's in the order of the
    /// steps.
    pub async fn collected_news(&self, company: &CompanyId) -> Result<Vec<Collected>, StoreError> {
        let items = self
            .partition(key::news(company), SortKeys::StartingWith(key::FOR))
            .await?;
        items
            .into_iter()
            .map(|found| {
                let key = text(&found, PK).zip(text(&found, SK));
                let key = key.map(|(pk, sk)| Key {
                    pk: pk.to_owned(),
                    sk: sk.to_owned(),
                });
                let key = key.ok_or_else(|| StoreError::Corrupt("news without a key".to_owned()))?;
                let news: NewsItem = item::read(found)?;
                Ok(Collected {
                    person: news.person,
                    piece: news.piece,
                    key,
                })
            })
            .collect()
    }

    /// Moves collected news into a person's digest of a day, all or nothing. Like a history row, the digest is the order to
    /// send the e-mail. Returns whether it is new: there is one for each day at most.
    pub async fn keep_daily_digest(
        &self,
        digest: &DailyDigest,
        collected: &[Collected],
    ) -> Result<bool, StoreError> {
        let item = DigestItem {
            digest,
            expires_at: digest.as_of.as_second() + KEPT,
        };
        let key = key::daily_digest(digest.day, &digest.company, &digest.person);
        let mut transaction = self.transaction();
        transaction.put_new(Part::Digest, item::write(key, &item)?);
        for news in collected {
            let mut expressions = Expressions::default();
            let condition = format!("attribute_exists({})", expressions.name(PK));
            transaction.delete_if(Part::News, news.key.clone(), condition, &expressions);
        }
        Ok(matches!(transaction.commit().await?, Outcome::Committed))
    }
}
