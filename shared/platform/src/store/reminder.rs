//! Stores reminders to be sent, and the progress of the job that makes them.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::id::CompanyId;
use countersign_domain::reminder::Digest;
use jiff::civil::Date;
use serde::Serialize;

use super::condition::Expressions;
use super::item::text;
use super::key::{self, PK};
use super::{Store, StoreError};

/// How long reminders and the progress of jobs are kept, in seconds: 396 days.
pub(super) const KEPT: i64 = 396 * 24 * 60 * 60;

#[derive(Serialize)]
struct DigestItem<'a> {
    #[serde(flatten)]
    digest: &'a Digest,
    /// When DynamoDB deletes the item, in seconds since 1970.
    expires_at: i64,
}

/// How far a day's job has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobProgress {
    /// It has to start from the first company: it has not begun, or could not deal with all of them.
    ToDo,
    /// It was cut off after this company.
    Reached {
        /// The company.
        last: CompanyId,
        /// Whether it could not deal with some company before, so that it has to start again in the end.
        has_failed: bool,
    },
    /// It has dealt with all companies.
    Done,
}

impl Store {
    /// Stores what a person is reminded of on a day, once: a second call changes nothing. Like a history row, the item
    /// is the order to send the e-mail. Returns whether it is new.
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

    /// Returns how far a day's job has come.
    pub async fn job_progress(&self, job: &str, day: Date) -> Result<JobProgress, StoreError> {
        let Some(item) = self.get(key::job(job, day)).await? else {
            return Ok(JobProgress::ToDo);
        };
        let reached = text(&item, "reached").and_then(CompanyId::parse);
        Ok(match reached {
            Some(last) => JobProgress::Reached {
                last,
                has_failed: item.contains_key("failed"),
            },
            None if item.contains_key("done") => JobProgress::Done,
            None => JobProgress::ToDo,
        })
    }

    /// Stores how far a day's job has come.
    pub async fn keep_job_progress(
        &self,
        job: &str,
        day: Date,
        progress: &JobProgress,
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = key::job(job, day).into_attributes();
        let expires_at = AttributeValue::N((now.as_second() + KEPT).to_string());
        item.insert("expires_at".to_owned(), expires_at);
        match progress {
            JobProgress::ToDo => None,
            JobProgress::Reached { last, has_failed } => {
                if *has_failed {
                    item.insert("failed".to_owned(), AttributeValue::Bool(true));
                }
                item.insert("reached".to_owned(), AttributeValue::S(last.to_string()))
            }
            JobProgress::Done => item.insert("done".to_owned(), AttributeValue::Bool(true)),
        };
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await?;
        Ok(())
    }
}
