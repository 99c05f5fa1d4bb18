//! Who can act in someone's place, so that nobody is stuck: whom a claim can be handed to, whose draft can be taken over,
//! and whether enough people are there at all.

use countersign_domain::actor::{Actor, Person};
use countersign_domain::eservice::EServiceId;
use countersign_domain::request::State;
use countersign_domain::shortage::Shortage;
use countersign_domain::workflow::{self, Action, Attempt, Reading};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::item::StoredHead;
use jiff::Timestamp;

use crate::access::Caller;
use crate::requests;

/// What an actor can do with a request, also where that depends on who else is there.
#[derive(Debug)]
pub struct Offered {
    /// The steps. *Take over* is among them only if the maker is away or may no longer make such a request, *hand over*
    /// only if a colleague could take the request.
    pub actions: Vec<Action>,
    /// The colleagues to whom the actor could hand it, by name.
    pub colleagues: Vec<Person>,
}

/// Returns what the actor can do with a request. Reads the directory only if that matters.
pub async fn offered(app: &App, actor: &Actor, stored: &StoredHead) -> Result<Offered, StoreError> {
    let mut actions = requests::allowed_actions(app, actor, stored);
    let mut colleagues = Vec::new();
    if allows(app, actor, stored, Action::HandOver) {
        colleagues = could_take(app, actor, stored).await?;
    }
    if !colleagues.is_empty() {
        actions.push(Action::HandOver);
    }
    let is_draft = stored.head.state == State::Draft;
    if is_draft && allows(app, actor, stored, Action::TakeOver) && is_maker_gone(app, stored).await? {
        actions.push(Action::TakeOver);
    }
    actions.sort();
    Ok(Offered { actions, colleagues })
}

/// Whether the workflow lets the actor take a step, as far as the request tells.
fn allows(app: &App, actor: &Actor, stored: &StoredHead, action: Action) -> bool {
    let attempt = Attempt {
        actor,
        action,
        reading: Reading::Current,
        now: app.now(),
    };
    workflow::judge(&stored.head, &stored.facts, &attempt).is_ok()
}

/// Whether a draft's maker is away or may no longer make such a request.
async fn is_maker_gone(app: &App, stored: &StoredHead) -> Result<bool, StoreError> {
    let head = &stored.head;
    let maker = app.store().person(&head.company, &head.maker.id).await?;
    let rights = head.eservice.makers_rights();
    Ok(maker.is_none_or(|maker| {
        maker.is_away(app.now()) || !rights.iter().any(|right| maker.rights.contains(right))
    }))
}

/// Returns the colleagues to whom the actor, who holds a request, could hand it, by name.
async fn could_take(app: &App, actor: &Actor, stored: &StoredHead) -> Result<Vec<Person>, StoreError> {
    let people = app.store().people(&stored.head.company).await?;
    let can = people.iter().filter(|person| {
        person.id.as_str() != actor.id()
            && !person.is_away(app.now())
            && stored.head.could_be_checked_by(&person.id, &person.rights)
    });
    let mut can: Vec<Person> = can.map(DirectoryPerson::named).collect();
    can.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(can)
}

/// Returns that too few people of the caller's company are there to get a request of the campaign through. `None` for an
/// officer, who works alone.
pub async fn shortage(app: &App, caller: &Caller) -> Result<Option<Shortage>, StoreError> {
    if caller.member.company.is_exchange() {
        return Ok(None);
    }
    let directory = app.store().directory(&caller.member.company).await?;
    Ok(directory.and_then(|(company, people)| shortage_of(&company, &people, app.now())))
}

/// That too few of a company's people are there to get a request of the campaign through.
pub fn shortage_of(company: &Company, people: &[DirectoryPerson], now: Timestamp) -> Option<Shortage> {
    let right = EServiceId::of_campaign()?.checkers_right();
    let can = people.iter().filter(|person| person.rights.contains(&right));
    Shortage::of(can.map(|person| person.is_away(now)), company.checkers)
}
