//! Finding the rows of a list: a page of the store's own order, or a search through the first rows of it.

use std::cmp::{Ordering, Reverse};

use countersign_application::requests::List;
use countersign_domain::id::PersonId;
use countersign_domain::request::StateName;
use countersign_domain::{time, wording as domain_wording};
use countersign_platform::http::percent_encoded;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::page::{Cursor, DEFAULT_LIMIT};

use crate::visit::Visit;
use crate::wording::{Words, tag_of};

/// Rows that a search looks through at most. A desk that is longer is searched by reference number.
pub(crate) const MOST_SEARCHED: usize = 1_000;
/// Rows that one query of a search asks for: about a megabyte, which is what DynamoDB gives at once.
const AT_ONCE: usize = 500;

/// The query of a list.
pub(crate) struct Asked {
    pub(crate) text: String,
    pub(crate) state: Option<StateName>,
    pub(crate) maker: Option<PersonId>,
    pub(crate) sort: Option<(Column, bool)>,
    pub(crate) cursor: Option<String>,
    pub(crate) page: usize,
}

/// The columns of a list (guideline, step k).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Classification,
    Company,
    Details,
    Updated,
    Status,
}

impl Column {
    pub(crate) const ALL: [Self; 5] = [
        Self::Classification,
        Self::Company,
        Self::Details,
        Self::Updated,
        Self::Status,
    ];

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Classification => "classification",
            Self::Company => "company",
            Self::Details => "details",
            Self::Updated => "updated",
            Self::Status => "status",
        }
    }

    pub(crate) fn name(self, w: &Words) -> &'static str {
        match self {
            Self::Classification => w.classification,
            Self::Company => w.company_participant_id,
            Self::Details => w.details,
            Self::Updated => w.last_update_date,
            Self::Status => w.job_status,
        }
    }
}

/// A row as it is shown.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) classification: &'static str,
    pub(crate) company: String,
    pub(crate) details: String,
    pub(crate) updated: String,
    pub(crate) status: String,
    /// The class of the status's tag.
    pub(crate) tag: &'static str,
    pub(crate) is_late: bool,
}

/// The rows that were found, and where others are.
pub(crate) struct Found {
    pub(crate) heads: Vec<StoredHead>,
    /// The part of the next page's address that the query doesn't have.
    pub(crate) next: Option<String>,
    pub(crate) is_first: bool,
    /// Whether there were more rows than a search looks through.
    pub(crate) is_bounded: bool,
}

impl Asked {
    /// Reads the query. Invalid values are ignored.
    pub(crate) fn read(visit: &Visit) -> Self {
        let sort = visit.query("sort").and_then(|text| {
            let (key, descending) = text
                .strip_prefix('-')
                .map_or((text.as_str(), false), |key| (key, true));
            let column = Column::ALL.into_iter().find(|column| column.key() == key)?;
            Some((column, descending))
        });
        Self {
            text: visit.query("q").unwrap_or_default(),
            state: visit.query("state").and_then(|state| StateName::parse(&state)),
            maker: None,
            sort,
            cursor: visit.query("cursor"),
            page: visit
                .query("page")
                .and_then(|page| page.parse().ok())
                .unwrap_or(1)
                .max(1),
        }
    }

    /// As an address has it.
    pub(crate) fn sort_key(&self) -> String {
        match self.sort {
            None => String::new(),
            Some((column, false)) => column.key().to_owned(),
            Some((column, true)) => format!("-{}", column.key()),
        }
    }

    /// The query for another address of the same list, with a sort order.
    pub(crate) fn address(&self, path: &str, sort: &str, more: &[(&str, &str)]) -> String {
        let state = self.state.map(StateName::as_str).unwrap_or_default();
        let asked = [("q", self.text.as_str()), ("state", state), ("sort", sort)];
        let given = asked.iter().chain(more).filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = given
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }

    fn is_in_the_stores_own_order(&self) -> bool {
        self.text.is_empty() && self.state.is_none() && self.maker.is_none() && self.sort.is_none()
    }

    fn takes(&self, row: &Row, head: &StoredHead) -> bool {
        let text = self.text.to_lowercase();
        let shown = [
            row.classification,
            &row.company,
            &row.details,
            &row.status,
            &head.head.maker.name,
        ];
        let holds = text.is_empty() || shown.iter().any(|shown| shown.to_lowercase().contains(&text));
        let state = self.state.is_none_or(|state| head.head.state.name() == state);
        holds
            && state
            && self
                .maker
                .as_ref()
                .is_none_or(|maker| head.head.maker.id == *maker)
    }
}

impl Row {
    pub(crate) fn of(visit: &Visit, stored: &StoredHead) -> Self {
        let w = visit.words();
        let head = &stored.head;
        let eservice = head.eservice.definition();
        let function = (w.function_name)(eservice);
        Self {
            id: head.id.to_string(),
            classification: eservice.classification,
            company: domain_wording::company_participant_id(head),
            details: match &head.reference {
                Some(reference) => format!("{reference} - {function}"),
                None => function.to_owned(),
            },
            updated: time::shown_date(head.updated_at),
            status: (w.status)(&head.state),
            tag: tag_of(head.state.name()),
            is_late: head.is_late(&visit.app.config().campaign, visit.now),
        }
    }
}

/// Finds the rows that were asked for.
pub(crate) async fn find(visit: &Visit, list: &List, asked: &Asked) -> Result<Found, StoreError> {
    if asked.is_in_the_stores_own_order() {
        let start = asked
            .cursor
            .as_deref()
            .and_then(|cursor| Cursor::parse(cursor, &list.name()));
        let is_first = start.is_none();
        let mut page = list.page(&visit.app, DEFAULT_LIMIT, start).await?;
        if matches!(list, List::Company(_)) {
            // The store has them by when they were made; what changed last is looked for first.
            page.items.sort_by_key(|stored| Reverse(stored.head.updated_at));
        }
        return Ok(Found {
            heads: page.items,
            next: page.next.map(|cursor| format!("cursor={}", cursor.encode())),
            is_first,
            is_bounded: false,
        });
    }
    let (all, is_bounded) = first(visit, list).await?;
    let mut rows: Vec<(Row, StoredHead)> = all
        .into_iter()
        .map(|head| (Row::of(visit, &head), head))
        .filter(|(row, head)| asked.takes(row, head))
        .collect();
    if let Some((column, descending)) = asked.sort {
        rows.sort_by(|one, other| {
            let order = compare(column, one, other);
            if descending { order.reverse() } else { order }
        });
    }
    let skipped = (asked.page - 1).saturating_mul(DEFAULT_LIMIT);
    let has_more = rows.len() > skipped.saturating_add(DEFAULT_LIMIT);
    Ok(Found {
        heads: rows
            .into_iter()
            .skip(skipped)
            .take(DEFAULT_LIMIT)
            .map(|(_, head)| head)
            .collect(),
        next: has_more.then(|| format!("page={}", asked.page + 1)),
        is_first: asked.page == 1,
        is_bounded,
    })
}

fn compare(
    column: Column,
    (one, first): &(Row, StoredHead),
    (other, second): &(Row, StoredHead),
) -> Ordering {
    match column {
        Column::Classification => one.classification.cmp(other.classification),
        Column::Company => one.company.cmp(&other.company),
        Column::Details => one.details.cmp(&other.details),
        Column::Updated => first.head.updated_at.cmp(&second.head.updated_at),
        Column::Status => one.status.cmp(&other.status),
    }
}

/// The first rows of a list, and whether there are others.
async fn first(visit: &Visit, list: &List) -> Result<(Vec<StoredHead>, bool), StoreError> {
    let mut rows = Vec::new();
    let mut start = None;
    loop {
        let limit = AT_ONCE.min(MOST_SEARCHED - rows.len());
        let page = list.page(&visit.app, limit, start).await?;
        rows.extend(page.items);
        start = page.next;
        if start.is_none() || rows.len() >= MOST_SEARCHED {
            return Ok((rows, start.is_some()));
        }
    }
}
