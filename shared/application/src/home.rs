//! What waits for a person, and what they wait for.

use std::collections::{BTreeSet, HashMap};

use countersign_domain::eservice::EServiceId;
use countersign_domain::id::{PersonId, RequestId};
use countersign_domain::register::Standings;
use countersign_domain::request::StateName;
use countersign_domain::shortage::Shortage;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use futures_util::future::try_join_all;

use crate::access::Caller;
use crate::colleagues;
use crate::requests::{List, allowed_actions};

/// How many requests of a desk, and of a company, are looked through: the longest waiting, and the newest.
pub const MOST: usize = 100;

/// A person's work.
#[derive(Debug, Default)]
pub struct Home {
    /// Drafts of theirs that somebody returned, each with the reason.
    pub returned: Vec<(StoredHead, Option<String>)>,
    /// Requests that they can claim, longest waiting first.
    pub to_check: Vec<StoredHead>,
    /// Requests that they hold.
    pub claimed: Vec<StoredHead>,
    /// Their other drafts, newest first.
    pub drafts: Vec<StoredHead>,
    /// Their requests that others have.
    pub waiting: Vec<StoredHead>,
    /// Requests on an officer's desk that are not guaranteed.
    pub late: Vec<StoredHead>,
    /// User IDs of their company's administrators without an address.
    pub not_ready: Vec<String>,
    /// That too few people of their company are there to get a request through.
    pub shortage: Option<Shortage>,
    /// Whether the desk has more requests than were looked through.
    pub desk_is_cut: bool,
    /// Whether the company has more requests than were looked through.
    pub company_is_cut: bool,
}

/// Reads what waits for the caller, side by side, and then why their drafts came back.
pub async fn read(app: &App, caller: &Caller) -> Result<Home, StoreError> {
    let (desk, company, not_ready, shortage) = tokio::join!(
        desk(app, caller),
        own(app, caller),
        not_ready(app, caller),
        colleagues::shortage(app, caller)
    );
    let ((desk, desk_is_cut), (company, company_is_cut)) = (desk?, company?);
    let reasons = returned(app, &company).await?;
    let mut home = Home {
        not_ready: not_ready?,
        shortage: shortage?,
        desk_is_cut,
        company_is_cut,
        ..Home::default()
    };
    for stored in desk {
        home.late.extend(
            (caller.member.is_officer() && stored.head.guaranteed == Some(false)).then(|| stored.clone()),
        );
        if is_held(&stored, &caller.member.person.id) {
            home.claimed.push(stored);
        } else if can_claim(app, caller, &stored) {
            home.to_check.push(stored);
        }
    }
    for stored in company {
        match (stored.head.state.name(), reasons.get(&stored.head.id)) {
            (StateName::Draft, Some(reason)) => home.returned.push((stored, reason.clone())),
            (StateName::Draft, None) => home.drafts.push(stored),
            (state, _) if state.is_open() => home.waiting.push(stored),
            _ => {}
        }
    }
    Ok(home)
}

/// The request that comes next for the caller: what they hold, else what they can claim, longest waiting first. The
/// desk may still list the one that they have just decided on.
pub async fn next(app: &App, caller: &Caller, decided: RequestId) -> Result<Option<RequestId>, StoreError> {
    let (desk, _) = desk(app, caller).await?;
    let others = || desk.iter().filter(|stored| stored.head.id != decided);
    let held = others().find(|stored| is_held(stored, &caller.member.person.id));
    let next = held.or_else(|| others().find(|stored| can_claim(app, caller, stored)));
    Ok(next.map(|stored| stored.head.id))
}

fn is_held(stored: &StoredHead, person: &PersonId) -> bool {
    stored
        .head
        .state
        .holder()
        .is_some_and(|holder| holder.by.id == *person)
}

fn can_claim(app: &App, caller: &Caller, stored: &StoredHead) -> bool {
    allowed_actions(app, &caller.actor(), stored).contains(&Action::Claim)
}

/// The requests of the caller's desk that have waited longest, and whether there are others. For an officer who manages
/// the exchange's people, those about them come first: they are on a desk of their own.
async fn desk(app: &App, caller: &Caller) -> Result<(Vec<StoredHead>, bool), StoreError> {
    let desks = List::tasks(caller).parts();
    let pages = try_join_all(desks.iter().map(|desk| desk.page(app, MOST, None))).await?;
    let is_cut = pages.iter().any(|page| page.next.is_some());
    Ok((pages.into_iter().flat_map(|page| page.items).collect(), is_cut))
}

/// Those of the newest requests of the caller's company that they made themselves, and whether the company has others.
async fn own(app: &App, caller: &Caller) -> Result<(Vec<StoredHead>, bool), StoreError> {
    let Some(list) = List::of_own_company(caller) else {
        return Ok((Vec::new(), false));
    };
    let page = list.page(app, MOST, None).await?;
    let mut own = page.items;
    own.retain(|stored| stored.head.maker.id == caller.member.person.id);
    Ok((own, page.next.is_some()))
}

/// The drafts among these that somebody returned, each with the reason. Only what was submitted before can be returned.
async fn returned(app: &App, own: &[StoredHead]) -> Result<HashMap<RequestId, Option<String>>, StoreError> {
    let submitted = own
        .iter()
        .map(|stored| &stored.head)
        .filter(|head| head.state.name() == StateName::Draft && head.submitted_at.is_some());
    let last = submitted.map(|head| (head.id, head.version)).collect();
    let rows = app.store().history_rows(last).await?;
    let returned = rows
        .into_iter()
        .filter(|row| matches!(row.action, Action::Return | Action::ReturnByMail));
    Ok(returned.map(|row| (row.request, row.message)).collect())
}

/// The User IDs of the caller's company that have no address yet, if the caller may do something about them.
async fn not_ready(app: &App, caller: &Caller) -> Result<Vec<String>, StoreError> {
    if !EServiceId::of_campaign().is_some_and(|id| caller.member.may_make(id)) {
        return Ok(Vec::new());
    }
    let own = &caller.member.participantships;
    let participants: BTreeSet<_> = own.iter().map(|own| &own.id).collect();
    let registers = participants.into_iter().map(|id| app.store().standings(id));
    let registers: Vec<Standings> = try_join_all(registers).await?;
    let all = registers.into_iter().flatten();
    Ok(all
        .filter(|(_, address)| address.is_none())
        .map(|(user_id, _)| user_id)
        .collect())
}
