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
}

impl List {
    /// The requests on the caller's desk: the desk of their company's checkers, or the exchange's.
    pub fn tasks(caller: &Caller) -> Self {
        if caller.member.is_officer() {
            Self::Desk(Desk::Exchange)
        } else {
            Self::Desk(Desk::Company(caller.member.company.clone()))
        }
    }

    /// All requests of the caller's company. For officers, the requests on the exchange's desk.
    pub fn requests(caller: &Caller) -> Self {
        if caller.member.is_officer() {
            Self::Desk(Desk::Exchange)
        } else {
            Self::Company(caller.member.company.clone())
        }
    }

    /// The list's name. Its cursors work for no other list.
    pub fn name(&self) -> String {
        match self {
            Self::Desk(desk) => desk_list(desk),
            Self::Company(company) => company_list(company),
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
        }
    }
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
/// query, which costs half a read unit for every 4 KB of those.
pub async fn count_to_do(app: &App, caller: &Caller) -> Result<ToDo, StoreError> {
    let List::Desk(desk) = List::tasks(caller) else {
        return Ok(ToDo {
            count: 0,
            may_be_more: false,
        });
    };
    let groups = workflow::tests_for(&TO_DO, &caller.actor(), app.now());
    let (count, may_be_more) = app.store().desk_count(&desk, &groups, MOST_COUNTED).await?;
    Ok(ToDo { count, may_be_more })
}
