//! Requests that the caller may see: a single request, a desk's tasks, a company's list.

use countersign_domain::actor::Actor;
use countersign_domain::id::{CompanyId, Reference, RequestId};
use countersign_domain::mail::Mail;
use countersign_domain::register::Standings;
use countersign_domain::request::{Desk, StateName};
use countersign_domain::workflow::{self, Action};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::index::{company_list, desk_list};
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::page::{Cursor, Page};
use countersign_platform::store::requests::{StoredForm, StoredRequest};
use futures_util::future::try_join_all;

use crate::access::{AccessError, Caller};

/// How many requests on a desk are looked at to count what a person can do.
const MOST_COUNTED: usize = 100;

/// Returns a request to a colleague with the right, and to an officer once it has reached the exchange. For anyone else
/// it does not exist.
pub async fn find(app: &App, caller: &Caller, id: RequestId) -> Result<StoredRequest, AccessError> {
    // Boxed, since two queries side by side make a large future.
    let found = Box::pin(app.store().request(id)).await?;
    found
        .filter(|found| found.stored.head.is_visible_to(&caller.actor()))
        .ok_or(AccessError::NotFound)
}

/// Returns a request, and the undelivered e-mails about it that the caller may know of.
pub async fn find_with_undelivered(
    app: &App,
    caller: &Caller,
    id: RequestId,
) -> Result<(StoredRequest, Vec<Mail>), AccessError> {
    let (found, mails) = tokio::join!(find(app, caller, id), app.store().mails(id));
    let found = found?;
    let mails = for_reader(mails?, &caller.actor(), &found.stored.head.company);
    Ok((found, mails))
}

/// Returns the e-mails about a request that the caller may know of.
pub async fn mails(app: &App, caller: &Caller, request: &StoredRequest) -> Result<Vec<Mail>, AccessError> {
    let mut mails = app.store().mails(request.stored.head.id).await?;
    let company = &request.stored.head.company;
    mails.retain(|mail| mail.is_visible_to(&caller.actor(), company));
    Ok(mails)
}

fn for_reader(mut mails: Vec<Mail>, actor: &Actor, company: &CompanyId) -> Vec<Mail> {
    mails.retain(|mail| mail.status.is_worth_telling() && mail.is_visible_to(actor, company));
    mails
}

/// Returns the registered addresses of the administrators of a request's participant, if its form depends on the
/// register. `None` once the request is closed: today's register says nothing about how it was decided.
pub async fn standings(app: &App, stored: &StoredHead) -> Result<Option<Standings>, StoreError> {
    let head = &stored.head;
    let state = head.state.name();
    let is_under_way = state.is_open() || state == StateName::Draft;
    if !is_under_way || !head.eservice.definition().relies_on_the_register() {
        return Ok(None);
    }
    match &head.participantship {
        Some(participantship) => app.store().standings(&participantship.id).await.map(Some),
        None => Ok(None),
    }
}

/// Returns the form of a request as this version saved it.
pub async fn form_of_version(
    app: &App,
    request: &StoredRequest,
    version: u32,
) -> Result<Option<StoredForm>, AccessError> {
    Ok(app
        .store()
        .form_of_version(request.stored.head.id, version)
        .await?)
}

/// Returns the request with a reference number, if the caller may see it.
pub async fn by_reference(
    app: &App,
    caller: &Caller,
    reference: &Reference,
) -> Result<Option<StoredHead>, AccessError> {
    let Some(id) = app.store().by_reference(reference).await? else {
        return Ok(None);
    };
    let found = app.store().head(id).await?;
    Ok(found.filter(|found| found.head.is_visible_to(&caller.actor())))
}

/// Returns the steps that the actor can take on a request: the buttons to show.
pub fn allowed_actions(app: &App, actor: &Actor, stored: &StoredHead) -> Vec<Action> {
    workflow::allowed_actions(
        &stored.head,
        &stored.facts,
        actor,
        &app.config().campaign,
        app.now(),
    )
}

/// A list of requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum List {
    /// The requests on a desk, longest waiting first.
    Desk(Desk),
    /// All requests of a company, newest first.
    Company(CompanyId),
    /// An officer's who manages users: first this list of those about the exchange's own people, then the exchange's
    /// desk.
    OwnThenDesk(Box<Self>),
}

impl List {
    /// The requests on the caller's desk: the desk of their company's checkers, or the exchange's.
    pub fn tasks(caller: &Caller) -> Self {
        let company = caller.member.company.clone();
        Self::for_caller(caller, Self::Desk(Desk::Company(company)))
    }

    /// All requests of the caller's company. For officers, the requests on the exchange's desk.
    pub fn requests(caller: &Caller) -> Self {
        Self::for_caller(caller, Self::Company(caller.member.company.clone()))
    }

    /// All requests of the caller's company. `None` for an officer who has nothing to do with those about the exchange's
    /// own people.
    pub fn of_own_company(caller: &Caller) -> Option<Self> {
        let has_own = !caller.member.is_officer() || caller.member.may_manage_users();
        has_own.then(|| Self::Company(caller.member.company.clone()))
    }

    fn for_caller(caller: &Caller, own: Self) -> Self {
        match (caller.member.is_officer(), caller.member.may_manage_users()) {
            (false, _) => own,
            (true, false) => Self::Desk(Desk::Exchange),
            (true, true) => Self::OwnThenDesk(Box::new(own)),
        }
    }

    /// The lists that it has one after the other.
    pub fn parts(&self) -> Vec<Self> {
        match self {
            Self::Desk(_) | Self::Company(_) => vec![self.clone()],
            Self::OwnThenDesk(own) => vec![own.as_ref().clone(), Self::Desk(Desk::Exchange)],
        }
    }

    /// Reads a cursor of the list. `None` for any other text.
    pub fn cursor(&self, text: &str) -> Option<Cursor> {
        let mut names = self.parts().into_iter().filter_map(|part| part.name());
        names.find_map(|name| Cursor::parse(text, &name))
    }

    /// The name of a list of one part. Its cursors work for no other list.
    fn name(&self) -> Option<String> {
        match self {
            Self::Desk(desk) => Some(desk_list(desk)),
            Self::Company(company) => Some(company_list(company)),
            Self::OwnThenDesk(_) => None,
        }
    }

    /// Reads a page of the list.
    pub async fn page(
        &self,
        app: &App,
        limit: usize,
        start: Option<Cursor>,
    ) -> Result<Page<StoredHead>, StoreError> {
        match self {
            Self::Desk(desk) => app.store().desk(desk, limit, start).await,
            Self::Company(company) => app.store().company_requests(company, limit, start).await,
            Self::OwnThenDesk(own) => Box::pin(own_then_desk(app, own, limit, start)).await,
        }
    }
}

/// Reads a page of two lists, one after the other. At the end of the first, both are read side by side, since they mostly
/// fit on one page together.
async fn own_then_desk(
    app: &App,
    own: &List,
    limit: usize,
    start: Option<Cursor>,
) -> Result<Page<StoredHead>, StoreError> {
    let desk = List::Desk(Desk::Exchange);
    let is_of_desk = |start: &Cursor| desk.name().is_some_and(|name| start.is_of(&name));
    if start.as_ref().is_some_and(is_of_desk) {
        return desk.page(app, limit, start).await;
    }
    let (first, then) = tokio::join!(own.page(app, limit, start), desk.page(app, limit, None));
    let (mut page, mut then) = (first?, then?);
    if page.next.is_some() {
        return Ok(page);
    }
    // The table leads on from a page that is full, so there is room left.
    let left = limit.saturating_sub(page.items.len()).max(1);
    if then.items.len() > left {
        then = desk.page(app, left, None).await?;
    }
    page.items.extend(then.items);
    page.next = then.next;
    Ok(page)
}

/// What a person can do on their desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToDo {
    /// How many requests they hold or could claim.
    pub count: usize,
    /// Whether the desk is longer than what was counted, so that there may be more.
    pub may_be_more: bool,
}

/// The steps that bring a request to a person, or keep it with them. Who may take one of them on a request has
/// something to do there.
pub const TO_DO: [Action; 2] = [Action::Claim, Action::Release];

/// Counts the requests that the caller holds or could claim, among the first `MOST_COUNTED` on their desk. Takes one
/// query, or one for each of two desks, which costs half a read unit for every 4 KB of those.
pub async fn count_to_do(app: &App, caller: &Caller) -> Result<ToDo, StoreError> {
    let groups = workflow::tests_for(&TO_DO, &caller.actor(), app.now());
    let parts = List::tasks(caller).parts();
    let desks = parts.iter().filter_map(|part| match part {
        List::Desk(desk) => Some(app.store().desk_count(desk, &groups, MOST_COUNTED)),
        List::Company(_) | List::OwnThenDesk(_) => None,
    });
    let counts = try_join_all(desks).await?;
    Ok(ToDo {
        count: counts.iter().map(|(count, _)| count).sum(),
        may_be_more: counts.iter().any(|(_, may_be_more)| *may_be_more),
    })
}
