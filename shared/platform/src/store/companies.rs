//! Companies as the table has them: each one's entry, the list of them, and its progress in registering its administrators.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::directory::MOST_CHECKERS;
use countersign_domain::id::CompanyId;
use countersign_domain::participantship::Participantship;
use countersign_domain::register::{Counts, Progress};
use countersign_domain::shortage::Shortage;
use countersign_domain::time;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::condition::Expressions;
use super::directory::Company;
use super::item::{self, Item, text};
use super::key::{self, PK, SK};
use super::page::{Cursor, Page};
use super::{Store, StoreError};

/// The name of the list of companies. Its cursors work for no other list.
pub const LIST: &str = "companies";

/// A company in the list of companies.
#[derive(Debug, Clone)]
pub struct ListedCompany {
    /// Its ID.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// Its progress, and when that was counted. `None` before the first count.
    pub progress: Option<(Progress, Timestamp)>,
    /// That too few of its people were there when it was counted.
    pub shortage: Option<Shortage>,
}

#[derive(Deserialize)]
struct CompanyItem {
    name: String,
    #[serde(default)]
    participantships: BTreeSet<String>,
    #[serde(default)]
    approves_by_mail: bool,
    checkers: Option<u8>,
    #[serde(default)]
    records_views: bool,
    #[serde(default)]
    revision: u32,
    #[serde(default)]
    imports: u32,
}

#[derive(Deserialize)]
struct ListedItem {
    name: String,
    progress: Option<ProgressItem>,
    counted_at: Option<String>,
    shortage: Option<Shortage>,
}

#[derive(Serialize, Deserialize)]
struct ProgressItem {
    #[serde(flatten)]
    counts: Counts,
    by_day: BTreeMap<Date, u32>,
}

impl Store {
    /// Reads the list of companies by ID, from the one after `after`, up to `limit` or to the end.
    pub async fn companies(
        &self,
        after: Option<&CompanyId>,
        limit: Option<usize>,
    ) -> Result<Vec<ListedCompany>, StoreError> {
        let mut start = after.map(|after| key::listed_company(after).into_attributes());
        let mut companies = Vec::new();
        loop {
            let left = limit.map(|limit| limit.saturating_sub(companies.len()));
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", AttributeValue::S(key::COMPANIES.to_owned()))
                .set_limit(left.and_then(|left| i32::try_from(left).ok()))
                .set_exclusive_start_key(start)
                .send()
                .await?;
            for item in answer.items.unwrap_or_default() {
                companies.push(listed(item)?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() || limit.is_some_and(|limit| companies.len() >= limit) {
                return Ok(companies);
            }
        }
    }

    /// Reads a page of the list of companies, by ID.
    pub async fn companies_page(
        &self,
        limit: usize,
        start: Option<&Cursor>,
    ) -> Result<Page<ListedCompany>, StoreError> {
        let after = start.and_then(|cursor| CompanyId::parse(cursor.sort_key().strip_prefix(key::LISTED)?));
        let items = self.companies(after.as_ref(), Some(limit)).await?;
        let last = items.last().filter(|_| items.len() >= limit);
        let next =
            last.and_then(|last| Cursor::after(LIST, &key::listed_company(&last.id).into_attributes(), None));
        Ok(Page { items, next })
    }

    /// Stores a listed company's progress, and whether too few of its people are there, unless a later count is there.
    pub async fn keep_progress(
        &self,
        id: &CompanyId,
        progress: &Progress,
        shortage: Option<&Shortage>,
        counted_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let progress = ProgressItem {
            counts: progress.counts,
            by_day: progress.by_day.clone(),
        };
        let corrupt = |error: serde_dynamo::Error| StoreError::Corrupt(error.to_string());
        let progress = serde_dynamo::to_attribute_value(progress).map_err(corrupt)?;
        let (pk, at) = (expressions.name(PK), expressions.name("counted_at"));
        let now = expressions.value(AttributeValue::S(time::stored(counted_at)));
        let short = expressions.name("shortage");
        let shortage = match shortage {
            Some(shortage) => {
                let shortage = serde_dynamo::to_attribute_value(shortage).map_err(corrupt)?;
                format!(", {short} = {}", expressions.value(shortage))
            }
            None => format!(" REMOVE {short}"),
        };
        let update = format!(
            "SET {at} = {now}, {} = {}{shortage}",
            expressions.name("progress"),
            expressions.value(progress)
        );
        let condition = format!("attribute_exists({pk}) AND (attribute_not_exists({at}) OR {at} < {now})");
        self.update_where(key::listed_company(id), update, condition, &expressions)
            .await
            .map(|_| ())
    }
}

fn listed(item: Item) -> Result<ListedCompany, StoreError> {
    let id = text(&item, SK).and_then(|sk| CompanyId::parse(sk.strip_prefix(key::LISTED)?));
    let id = id.ok_or_else(|| StoreError::Corrupt("a listed company without an ID".to_owned()))?;
    let item: ListedItem = item::read(item)?;
    let progress = item.progress.map(|item| Progress {
        counts: item.counts,
        by_day: item.by_day,
    });
    Ok(ListedCompany {
        id,
        name: item.name,
        shortage: item.shortage,
        progress: progress.zip(item.counted_at.as_deref().and_then(time::parse)),
    })
}

pub(super) fn read_company(item: Item) -> Result<Company, StoreError> {
    let CompanyItem {
        name,
        participantships,
        approves_by_mail,
        checkers,
        records_views,
        revision,
        imports,
    } = item::read(item)?;
    let participantships = participantships
        .iter()
        .map(|own| Participantship::parse(own))
        .collect::<Option<_>>()
        .ok_or_else(|| StoreError::Corrupt("a participantship that is none".to_owned()))?;
    Ok(Company {
        name,
        participantships,
        approves_by_mail,
        checkers: checkers.unwrap_or(1).clamp(1, MOST_CHECKERS),
        records_views,
        revision,
        imports,
    })
}
