//! A company's audit: the steps on its requests, newest first, the attempts that were refused, and who opened what if
//! the company asks for that.
//!
//! A page reads one block of requests, [`MOST_REQUESTS`] at most, and the history of each: one query for the block and
//! one for each of its requests, whatever is asked for. Entries are newest first within a block; the next block has the
//! requests that were made before.
//!
//! A file of JSON Lines is another thing than a page: it has whole requests, so that it can be verified.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use countersign_domain::audit::{Attempt, Entry, Event, Kind, View};
use countersign_domain::id::{PersonId, Reference};
use countersign_domain::request::{Desk, Head};
use countersign_domain::time;
use countersign_domain::trail::Kept;
use countersign_domain::workflow::Action;
use countersign_platform::App;
pub use countersign_platform::store::audit::Place;
use countersign_platform::store::audit::{Position, Trail};
use countersign_platform::store::requests::StoredRequest;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::civil::Date;

use crate::access::{AccessError, Caller};
use crate::requests::{self, List};

pub mod document;
mod whole;

/// How many requests a page looks at.
pub const MOST_REQUESTS: usize = 500;
/// About how many octets an entry has as a row of a file, without its message.
const ROW_OCTETS: usize = 400;
/// How many histories are read side by side.
const AT_ONCE: usize = 16;

/// Which entries are asked for. Nothing is left out by what is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of a kind.
    pub kind: Option<Kind>,
    /// Those of a person.
    pub person: Option<PersonId>,
    /// Those of a step.
    pub action: Option<Action>,
    /// Those of the request with this number.
    pub reference: Option<Reference>,
    /// Those of this day or later.
    pub from: Option<Date>,
    /// Those of this day or earlier.
    pub to: Option<Date>,
}

/// How long a page may be.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// The most entries.
    pub entries: usize,
    /// About how many octets the entries may have as rows of a file.
    pub octets: usize,
}

/// A page of the audit.
#[derive(Debug)]
pub struct Page {
    /// The entries, newest first.
    pub entries: Vec<Entry>,
    /// Where the next page starts. `None` on the last one.
    pub next: Option<Place>,
}

impl Filter {
    /// What is asked for, by the names that the API has for it.
    fn asked(&self) -> BTreeMap<String, String> {
        let asked = [
            ("kind", self.kind.map(|kind| kind.as_str().to_owned())),
            ("person", self.person.as_ref().map(ToString::to_string)),
            ("action", self.action.map(|action| action.as_str().to_owned())),
            ("reference", self.reference.as_ref().map(ToString::to_string)),
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
        ];
        let asked = asked.into_iter();
        asked
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }

    fn takes(&self, entry: &Entry) -> bool {
        let day = time::day_of(entry.at());
        self.kind.is_none_or(|kind| entry.kind() == kind)
            && self
                .person
                .as_ref()
                .is_none_or(|person| entry.actor().id == *person)
            && self.action.is_none_or(|action| entry.action() == Some(action))
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
    }

    /// Whether a request can have entries that are asked for.
    fn may_take(&self, head: &Head) -> bool {
        self.to.is_none_or(|to| time::day_of(head.created_at) <= to)
    }
}

/// The lists of requests that the caller's audit goes through: all of their company, and for officers first those on the
/// exchange's desk. Officers find any other request that has come before the exchange by its reference number.
fn lists(caller: &Caller) -> Vec<List> {
    let own = List::Company(caller.member.company.clone());
    if caller.member.is_officer() {
        vec![List::Desk(Desk::Exchange), own]
    } else {
        vec![own]
    }
}

/// Where an audit starts.
const FIRST: Place = Place {
    list: 0,
    block: None,
    after: None,
};

/// Reads a page of the caller's audit, from a place on. A place that no page of theirs gave is not found.
pub async fn page(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    start: Option<&Place>,
    size: Size,
) -> Result<Page, AccessError> {
    let place = start.unwrap_or(&FIRST);
    let (heads, next_block) = asked(app, caller, filter, place).await?;
    let entries: Vec<Vec<Entry>> = stream::iter(heads)
        .map(|head| async move { of_request(app, caller, head).await })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let mut entries: Vec<(Position, Entry)> = entries
        .into_iter()
        .flatten()
        .filter(|entry| filter.takes(entry))
        .map(|entry| (position(&entry), entry))
        .filter(|(position, _)| place.after.as_ref().is_none_or(|after| position < after))
        .collect();
    entries.sort_by(|(one, _), (other, _)| other.cmp(one));
    let shown = fitting(&entries, size);
    let is_cut = shown < entries.len();
    entries.truncate(shown);
    let last = entries.last().map(|(position, _)| position.clone());
    let next = if is_cut {
        Some(Place {
            after: last,
            ..place.clone()
        })
    } else {
        next_block
    };
    let entries = entries.into_iter().map(|(_, entry)| entry).collect();
    Ok(Page { entries, next })
}

/// How many of the entries fit on a page. One always does.
fn fitting(entries: &[(Position, Entry)], size: Size) -> usize {
    let mut octets = 0;
    let fits = |(_, entry): &&(Position, Entry)| {
        octets += ROW_OCTETS + entry.message().map_or(0, str::len);
        octets <= size.octets
    };
    let count = entries.iter().take(size.entries).take_while(fits).count();
    count.max(1).min(entries.len())
}

/// Reads the requests at a place that can have entries which are asked for, and where the next ones are.
async fn asked(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    place: &Place,
) -> Result<(Vec<Head>, Option<Place>), AccessError> {
    let (mut heads, next) = match &filter.reference {
        Some(reference) => (by_reference(app, caller, reference).await?, None),
        None => block(app, caller, place).await?,
    };
    heads.retain(|head| filter.may_take(head));
    Ok((heads, next))
}

/// Reads the block of requests at a place, and where the next one is.
async fn block(app: &App, caller: &Caller, place: &Place) -> Result<(Vec<Head>, Option<Place>), AccessError> {
    let lists = lists(caller);
    let list = lists.get(place.list).ok_or(AccessError::NotFound)?;
    let start = match &place.block {
        Some(cursor) => Some(list.cursor(cursor).ok_or(AccessError::NotFound)?),
        None => None,
    };
    let page = list.page(app, MOST_REQUESTS, start).await?;
    let at = |list, block| Place {
        list,
        block,
        after: None,
    };
    let next = match page.next {
        Some(cursor) => Some(at(place.list, Some(cursor.encode()))),
        None => (place.list + 1 < lists.len()).then(|| at(place.list + 1, None)),
    };
    let actor = caller.actor();
    let heads = page.items.into_iter().map(|stored| stored.head);
    Ok((heads.filter(|head| head.is_visible_to(&actor)).collect(), next))
}

/// The request with a reference number, if the caller may see it.
async fn by_reference(app: &App, caller: &Caller, reference: &Reference) -> Result<Vec<Head>, AccessError> {
    let found = requests::by_reference(app, caller, reference).await?;
    Ok(found.map(|stored| stored.head).into_iter().collect())
}

/// Reads the entries of a request that the caller may know of.
async fn of_request(app: &App, caller: &Caller, head: Head) -> Result<Vec<Entry>, AccessError> {
    let actor = caller.actor();
    let shows_views = View::is_visible_to(&actor, &head.company);
    let Trail {
        history,
        attempts,
        views,
    } = app.store().trail(head.id, shows_views).await?;
    let kept = Kept {
        head,
        history,
        forms: BTreeMap::new(),
        attempts,
        views,
    };
    Ok(kept.as_visible_to(&actor).entries().collect())
}

/// The position of an entry. Of two steps of one millisecond the later version is the later one.
fn position(entry: &Entry) -> Position {
    let key = match &entry.event {
        Event::Step(row) => format!("{:010}", row.version),
        Event::Refused(attempt) => {
            let (action, reason) = (attempt.action.as_str(), attempt.reason.as_str());
            format!("refused {} {action} {reason}", attempt.actor.id)
        }
        Event::Viewed(view) => format!("viewed {} {}", view.actor.id, view.version),
    };
    Position {
        at: entry.at().as_millisecond(),
        key: format!("{} {key}", entry.request),
    }
}

/// The attempts on a request that the caller may know of, latest first.
pub fn attempts(caller: &Caller, request: &StoredRequest) -> Vec<Attempt> {
    let (actor, owner) = (caller.actor(), &request.stored.head.company);
    let mut attempts: Vec<_> = request
        .attempts
        .iter()
        .filter(|attempt| attempt.is_visible_to(&actor, owner))
        .cloned()
        .collect();
    attempts.sort_by_key(|attempt| Reverse(attempt.last));
    attempts
}
