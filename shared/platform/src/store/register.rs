//! The register of Delegated Administrators.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::id::{ParticipantId, RequestId};
use countersign_domain::register::{DelegatedAdministrator, Registered, Standings};
use countersign_domain::time;
use jiff::Timestamp;
use serde::Deserialize;

use super::condition::Expressions;
use super::item;
use super::key::{self, PK, SK};
use super::page::{Cursor, Page};
use super::transaction::{Part, Transaction};
use super::{Store, StoreError};

/// How many administrators one read asks for at most.
const AT_ONCE: usize = 1_000;

#[derive(Deserialize)]
struct AdministratorItem {
    user_id: String,
    email: Option<String>,
    since: Option<String>,
    /// When the administrator first got an address. Missing in rows written before this was stored.
    first: Option<String>,
    request: Option<String>,
    guaranteed: Option<bool>,
}

impl Store {
    /// Reads a page of a participant's administrators, by User ID.
    pub async fn administrators(
        &self,
        participant: &ParticipantId,
        limit: usize,
        start: Option<&Cursor>,
    ) -> Result<Page<DelegatedAdministrator>, StoreError> {
        // DynamoDB rejects a start key outside the list, which a cursor of another kind of list would give.
        let start = start.filter(|cursor| cursor.sort_key().starts_with(key::USER));
        let start = start.map(|cursor| {
            let sk = cursor.sort_key().to_owned();
            key::Key {
                pk: key::register(participant),
                sk,
            }
            .into_attributes()
        });
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :user)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", AttributeValue::S(key::register(participant)))
            .expression_attribute_values(":user", AttributeValue::S(key::USER.to_owned()))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .consistent_read(true)
            .set_exclusive_start_key(start)
            .send()
            .await?;
        let next = answer
            .last_evaluated_key
            .and_then(|last| Cursor::after(&list(participant), &last, None));
        let items = answer
            .items
            .unwrap_or_default()
            .into_iter()
            .map(|item| administrator(item::read(item)?));
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next,
        })
    }

    /// Reads the registered address, if any, of every administrator of a participant.
    pub async fn standings(&self, participant: &ParticipantId) -> Result<Standings, StoreError> {
        let (mut standings, mut start) = (Standings::new(), None);
        loop {
            let page = self.administrators(participant, AT_ONCE, start.as_ref()).await?;
            let standing = |one: DelegatedAdministrator| {
                (one.user_id, one.registration.map(|registered| registered.email))
            };
            standings.extend(page.items.into_iter().map(standing));
            start = page.next;
            if start.is_none() {
                return Ok(standings);
            }
        }
    }
}

/// The name of a participant's list. Its cursors work for no other list.
pub fn list(participant: &ParticipantId) -> String {
    format!("administrators {participant}")
}

fn administrator(item: AdministratorItem) -> Result<DelegatedAdministrator, StoreError> {
    let registration = match (item.email, item.since, item.request) {
        (None, None, None) => None,
        (Some(email), Some(since), Some(request)) => {
            let read = time::parse(&since).zip(RequestId::parse(&request));
            let (since, request) = read.ok_or_else(|| StoreError::Corrupt("a registration".to_owned()))?;
            let first = item.first.as_deref().and_then(time::parse);
            Some(Registered {
                email,
                since,
                first: first.unwrap_or(since),
                request,
                guaranteed: item.guaranteed.unwrap_or(false),
                bounced: None,
            })
        }
        _ => return Err(StoreError::Corrupt("half a registration".to_owned())),
    };
    Ok(DelegatedAdministrator {
        user_id: item.user_id,
        registration,
        pending: None,
    })
}

/// What a completed request writes into the register for one User ID.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The participant whose register it is.
    pub participant: &'a ParticipantId,
    /// The User ID.
    pub user_id: &'a str,
    /// The address.
    pub email: &'a str,
    /// When the request was completed.
    pub since: Timestamp,
    /// The completed request.
    pub request: RequestId,
    /// Whether that request came in time to be guaranteed.
    pub guaranteed: bool,
}

impl Transaction<'_> {
    /// Sets the address of an administrator who is listed.
    pub fn register(&mut self, part: Part, entry: &Entry<'_>) {
        self.write_entry(part, entry, "attribute_exists");
    }

    /// Adds an administrator whose User ID is not listed.
    pub fn add_to_register(&mut self, part: Part, entry: &Entry<'_>) {
        self.write_entry(part, entry, "attribute_not_exists");
    }

    /// Removes an administrator who is listed.
    pub fn remove_from_register(&mut self, part: Part, participant: &ParticipantId, user_id: &str) {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_exists({})", expressions.name(PK));
        self.delete_if(
            part,
            key::administrator(participant, user_id),
            condition,
            &expressions,
        );
    }

    fn write_entry(&mut self, part: Part, entry: &Entry<'_>, condition: &str) {
        let mut expressions = Expressions::default();
        let condition = format!("{condition}({})", expressions.name(PK));
        let mut set =
            |name: &str, value| format!("{} = {}", expressions.name(name), expressions.value(value));
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let since = text(&time::stored(entry.since));
        let mut assignments = vec![
            set("user_id", text(entry.user_id)),
            set("email", text(entry.email)),
            set("since", since.clone()),
            set("request", text(&entry.request.to_string())),
            set("guaranteed", AttributeValue::Bool(entry.guaranteed)),
        ];
        let (first, since) = (expressions.name("first"), expressions.value(since));
        assignments.push(format!("{first} = if_not_exists({first}, {since})"));
        let key = key::administrator(entry.participant, entry.user_id);
        self.update_if(
            part,
            key,
            format!("SET {}", assignments.join(", ")),
            Some(condition),
            &expressions,
        );
    }
}
