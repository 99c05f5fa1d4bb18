//! Lists of requests: what they are asked for, and how it is found without a scan.
//!
//! A list without a question is a page of an index, whatever its length. Filters and orders look at the first
//! [`MOST_READ`] requests of the list. A search also looks into the forms of those that pass the filters, up to
//! [`MOST_FORMS`]. A reference number, and a User ID in a request under way, are found by their keys, wherever the
//! request stands.

use std::cmp::{Ordering, Reverse};

use countersign_domain::eservice::EServiceId;
use countersign_domain::id::{ParticipantId, PersonId};
use countersign_domain::participantship::Participantship;
use countersign_domain::request::{Desk, DeskKind, Head, HeldBy, StateName};
use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::page::{Cursor, DEFAULT_LIMIT};
use jiff::civil::Date;

use crate::access::Caller;
use crate::requests::List;

mod search;

/// How many requests of a list filters, orders and searches look at.
pub const MOST_READ: usize = 1_000;
/// How many forms a search looks into.
pub const MOST_FORMS: usize = 200;
/// How many rows one query asks for: about a megabyte, which is what DynamoDB returns at once.
const AT_ONCE: usize = 500;

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// A reference number, User ID, address or name, or a part of one. Empty without a search.
    pub text: String,
    /// Which requests to leave out.
    pub filter: Filter,
    /// The order. `None` for the list's own.
    pub sort: Option<Sort>,
    /// Where to go on in a list that is asked for nothing else.
    pub cursor: Option<Cursor>,
    /// The page of any other list, from 0.
    pub page: usize,
}

/// Which requests of a list are asked for. Nothing is left out by what is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of an eService.
    pub eservice: Option<EServiceId>,
    /// Those in a state.
    pub state: Option<StateName>,
    /// Those for a participant, or for one of its roles.
    pub participant: Option<ByParticipant>,
    /// Those that a person made.
    pub maker: Option<PersonId>,
    /// Those that someone has.
    pub with: Option<With>,
    /// Those last changed on this day or later.
    pub from: Option<Date>,
    /// Those last changed on this day or earlier.
    pub to: Option<Date>,
}

/// A participant, or one of its roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByParticipant {
    /// The participant in any role.
    Any(ParticipantId),
    /// The participant in this role.
    In(Participantship),
}

/// Who has a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum With {
    /// This person.
    Person(PersonId),
    /// This desk: nobody has claimed it.
    Desk(DeskKind),
}

/// A column that a list can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The eService's classification.
    Classification,
    /// The company and its participant.
    Company,
    /// The reference number.
    Details,
    /// Who has it.
    With,
    /// When the last step was taken.
    Updated,
    /// How far it has come.
    Status,
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Whether the last comes first.
    pub is_descending: bool,
}

/// Requests that were found.
#[derive(Debug, Default)]
pub struct Found {
    /// The requests.
    pub heads: Vec<StoredHead>,
    /// Whether the list has more requests than were looked at.
    pub is_bounded: bool,
    /// Whether more forms than were looked into could have contained the text.
    pub forms_are_bounded: bool,
}

/// Where a list goes on.
#[derive(Debug)]
pub enum Next {
    /// After this request.
    Cursor(Cursor),
    /// On this page, counted from 0.
    Page(usize),
}

impl Query {
    /// Whether the store has the rows in the order that is asked for, and all of them are.
    fn is_plain(&self) -> bool {
        self.text.is_empty() && self.filter == Filter::default() && self.sort.is_none()
    }
}

impl Filter {
    /// Whether a request is asked for.
    pub fn takes(&self, head: &Head) -> bool {
        let day = time::day_of(head.updated_at);
        self.eservice.is_none_or(|eservice| head.eservice == eservice)
            && self.state.is_none_or(|state| head.state.name() == state)
            && self.participant.as_ref().is_none_or(|asked| asked.is_of(head))
            && self.maker.as_ref().is_none_or(|maker| head.maker.id == *maker)
            && self.with.as_ref().is_none_or(|with| with.has(head))
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
    }
}

impl ByParticipant {
    /// Reads a participant's ID, or a role as it is shown.
    pub fn parse(text: &str) -> Option<Self> {
        let role = Participantship::parse(text).map(Self::In);
        role.or_else(|| ParticipantId::parse(&text.to_uppercase()).map(Self::Any))
    }

    fn is_of(&self, head: &Head) -> bool {
        head.participantship.as_ref().is_some_and(|own| match self {
            Self::Any(participant) => own.id == *participant,
            Self::In(role) => own == role,
        })
    }
}

impl With {
    fn has(&self, head: &Head) -> bool {
        match (self, head.held_by()) {
            (Self::Person(id), HeldBy::Person(person)) => person.id == *id,
            (Self::Desk(asked), HeldBy::Desk(desk)) => *asked == desk,
            (Self::Person(_), HeldBy::Desk(_) | HeldBy::Nobody)
            | (Self::Desk(_), HeldBy::Person(_) | HeldBy::Nobody) => false,
        }
    }
}

impl Column {
    fn compare(self, one: &Head, other: &Head) -> Ordering {
        let details = |head: &Head| {
            (
                head.reference.as_ref().map(ToString::to_string),
                head.eservice.code(),
            )
        };
        let company = |head: &Head| (head.company_name.clone(), head.participantship.clone());
        let with = |head: &Head| match head.held_by() {
            HeldBy::Person(person) => (0, person.name.clone()),
            HeldBy::Desk(DeskKind::Checkers) => (1, String::new()),
            HeldBy::Desk(DeskKind::Exchange) => (2, String::new()),
            HeldBy::Nobody => (3, String::new()),
        };
        let classification = |head: &Head| head.eservice.definition().classification.en;
        match self {
            Self::Classification => classification(one).cmp(classification(other)),
            Self::Company => company(one).cmp(&company(other)),
            Self::Details => details(one).cmp(&details(other)),
            Self::With => with(one).cmp(&with(other)),
            Self::Updated => one.updated_at.cmp(&other.updated_at),
            Self::Status => one.state.name().cmp(&other.state.name()),
        }
    }
}

/// Returns the requested page of a list, and where the list goes on.
pub async fn page(
    app: &App,
    caller: &Caller,
    list: &List,
    query: &Query,
) -> Result<(Found, Option<Next>), StoreError> {
    if query.is_plain() {
        let page = list.page(app, DEFAULT_LIMIT, query.cursor.clone()).await?;
        let found = Found {
            heads: in_own_order(list, page.items),
            ..Found::default()
        };
        return Ok((found, page.next.map(Next::Cursor)));
    }
    let mut found = all(app, caller, list, query).await?;
    let skipped = query.page.saturating_mul(DEFAULT_LIMIT);
    let has_more = found.heads.len() > skipped.saturating_add(DEFAULT_LIMIT);
    let shown = found.heads.into_iter().skip(skipped).take(DEFAULT_LIMIT);
    found.heads = shown.collect();
    Ok((found, has_more.then_some(Next::Page(query.page + 1))))
}

/// Returns all requests of a list that are asked for, as far as they are looked at.
pub async fn all(app: &App, caller: &Caller, list: &List, query: &Query) -> Result<Found, StoreError> {
    let named = search::named(app, caller, &query.text).await?;
    if !named.is_empty() {
        return Ok(Found {
            heads: named,
            ..Found::default()
        });
    }
    let (mut heads, is_bounded) = first(app, list).await?;
    heads.retain(|stored| query.filter.takes(&stored.head));
    let mut forms_are_bounded = false;
    if !query.text.is_empty() {
        (heads, forms_are_bounded) = search::containing(app, caller, &query.text, heads).await?;
        let known = search::with_user_id(app, caller, list, &query.text).await?;
        let known = known
            .into_iter()
            .filter(|stored| query.filter.takes(&stored.head));
        for stored in known {
            if heads.iter().all(|found| found.head.id != stored.head.id) {
                heads.push(stored);
            }
        }
    }
    let mut heads = in_own_order(list, heads);
    if let Some(Sort {
        column,
        is_descending,
    }) = query.sort
    {
        heads.sort_by(|one, other| {
            let order = column.compare(&one.head, &other.head);
            if is_descending { order.reverse() } else { order }
        });
    }
    Ok(Found {
        heads,
        is_bounded,
        forms_are_bounded,
    })
}

/// A desk is longest waiting first. The store has a company's requests by when they were made; what changed last is
/// looked for first.
fn in_own_order(list: &List, mut heads: Vec<StoredHead>) -> Vec<StoredHead> {
    match list {
        List::Desk(_) => heads.sort_by_key(|stored| stored.head.desk_since),
        List::Company(_) => heads.sort_by_key(|stored| Reverse(stored.head.updated_at)),
        List::OwnThenDesk(own) => {
            let (first, then) = heads
                .into_iter()
                .partition(|stored| stored.head.company.is_exchange());
            heads = in_own_order(own, first);
            heads.extend(in_own_order(&List::Desk(Desk::Exchange), then));
        }
    }
    heads
}

/// Reads the first requests of a list. Says whether there are others.
async fn first(app: &App, list: &List) -> Result<(Vec<StoredHead>, bool), StoreError> {
    let mut heads = Vec::new();
    let mut start = None;
    loop {
        let limit = AT_ONCE.min(MOST_READ - heads.len());
        let page = list.page(app, limit, start).await?;
        heads.extend(page.items);
        start = page.next;
        if start.is_none() || heads.len() >= MOST_READ {
            return Ok((heads, start.is_some()));
        }
    }
}
