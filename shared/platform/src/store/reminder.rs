//! Reminders that are to go out, and how far the job that makes them has come.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::id::CompanyId;
use countersign_domain::reminder::Digest;
use jiff::civil::Date;
use serde::Serialize;

use super::condition::Expressions;
use super::item::text;
use super::key::{self, PK};
use super::{Store, StoreError};

/// How long reminders and what is known of jobs are kept, in seconds: a year and a month.
pub(super) const KEPT: i64 = 396 * 24 * 60 * 60;

#[derive(Serialize)]
struct DigestItem<'a> {
    #[serde(flatten)]
    digest: &'a Digest,
    /// Seconds since 1970; DynamoDB deletes it then.
    expires_at: i64,
}

impl Store {
    /// Keeps what a person is reminded of on its day, once: whoever comes second changes nothing. It is the intent to
    /// tell, like a history row. Says whether it is new.
    pub async fn keep_digest(&self, digest: &Digest) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        let item = DigestItem {
            digest,
            expires_at: digest.as_of.as_second() + KEPT,
        };
        let key = key::digest(digest.day, &digest.company, &digest.person);
        let kept = self.put_where(key, &item, condition, &expressions).await?;
        Ok(kept.is_ok())
    }

    /// The company up to which a job of a day has come, if it was begun and has not ended.
    pub async fn job_reached(&self, job: &str, day: Date) -> Result<Option<CompanyId>, StoreError> {
        let item = self.get(key::job(job, day)).await?;
        let reached = item.as_ref().and_then(|item| text(item, "reached"));
        Ok(reached.and_then(CompanyId::parse))
    }

    /// Keeps the company up to which a job of a day has come; nothing once it has ended.
    pub async fn job_reaches(
        &self,
        job: &str,
        day: Date,
        company: Option<&CompanyId>,
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = key::job(job, day).into_attributes();
        let expires_at = AttributeValue::N((now.as_second() + KEPT).to_string());
        item.insert("expires_at".to_owned(), expires_at);
        if let Some(company) = company {
            item.insert("reached".to_owned(), AttributeValue::S(company.to_string()));
        }
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await?;
        Ok(())
    }
}
