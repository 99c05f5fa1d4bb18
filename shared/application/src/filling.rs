//! What a maker should know while filling in a form, so that it is not told only when the form is submitted.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::actor::{Person, Right};
use countersign_domain::eservice::EServiceId;
use countersign_domain::fault::FaultKind;
use countersign_domain::id::{ParticipantId, PersonId};
use countersign_domain::participantship::Participantship;
use countersign_domain::register::Standings;
use countersign_domain::request::{Checks, StateName};
use countersign_platform::App;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::item::StoredHead;
use futures_util::future::try_join_all;

use crate::access::{AccessError, Caller};

/// How many User IDs of a register are looked for in other requests. Those that are typed are looked for besides.
const MOST_LOOKED_FOR: usize = 200;

/// What a maker should know while filling in a form.
#[derive(Debug, Default)]
pub struct Known {
    /// The participantships of the maker's company.
    pub own: BTreeSet<Participantship>,
    /// The people of the maker's company, by name, if the form names any.
    pub people: Vec<Person>,
    /// The checks that the request needs, if too few others at the company could check it.
    pub lacks_checkers: Option<Checks>,
    /// The registered addresses of the administrators. `None` if the form does not depend on the register.
    pub standings: Option<Standings>,
    /// The User IDs that are in another open request, and why that matters.
    pub taken: BTreeMap<String, FaultKind>,
}

/// What a form that is being filled in says so far.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// Its eService.
    pub eservice: EServiceId,
    /// The request, once it is saved.
    pub request: Option<&'a StoredHead>,
    /// Its participantship, as it is shown. Until one is chosen, all of the company's count.
    pub participantship: &'a str,
    /// The User IDs that are typed.
    pub user_ids: BTreeSet<String>,
}

/// Returns what the caller should know while filling in a form.
pub async fn known(app: &App, caller: &Caller, draft: Draft<'_>) -> Result<Known, AccessError> {
    let directory = app.store().directory(&caller.member.company).await?;
    let Some((company, people)) = directory else {
        return Ok(Known {
            lacks_checkers: Some(Checks::One),
            ..Known::default()
        });
    };
    let others = people
        .iter()
        .filter(|person| person.id != caller.member.person.id);
    let checkers = others.filter(|person| match draft.request {
        Some(stored) => stored.head.could_be_checked_by(&person.id, &person.rights),
        None => person.rights.contains(&draft.eservice.definition().right),
    });
    let checks = draft.eservice.definition().checkers.checks(company.checkers);
    let lacks_checkers = (checkers.count() < checks.needed()).then_some(checks);
    let mut colleagues = Vec::new();
    if draft.eservice.definition().names_people() {
        colleagues.extend(people.iter().map(DirectoryPerson::named));
        colleagues.sort_by(|one, other| one.name.cmp(&other.name));
    }
    let own = company.participantships;
    let chosen = own.iter().find(|own| own.to_string() == draft.participantship);
    let participants: BTreeSet<&ParticipantId> = match chosen {
        Some(chosen) => [&chosen.id].into(),
        None => own.iter().map(|own| &own.id).collect(),
    };
    let mut known = Known {
        lacks_checkers,
        people: colleagues,
        ..Known::default()
    };
    if draft.eservice.definition().relies_on_the_register() {
        let reads = participants.into_iter().map(async |participant| {
            let standings = app.store().standings(participant).await?;
            let taken = taken(app, caller, &draft, participant, &standings).await?;
            Ok::<_, AccessError>((standings, taken))
        });
        let mut all = Standings::new();
        for (standings, taken) in try_join_all(reads).await? {
            all.extend(standings);
            known.taken.extend(taken);
        }
        known.standings = Some(all);
    }
    known.own = own;
    Ok(known)
}

/// Returns the User IDs of a participant that are in another open request. Only a request of the caller's own company is
/// named.
async fn taken(
    app: &App,
    caller: &Caller,
    draft: &Draft<'_>,
    participant: &ParticipantId,
    standings: &Standings,
) -> Result<BTreeMap<String, FaultKind>, AccessError> {
    let registered = standings.keys().take(MOST_LOOKED_FOR).cloned();
    let user_ids = registered.chain(draft.user_ids.iter().cloned()).collect();
    let holders = app.store().requests_with_locks(participant, &user_ids).await?;
    let this = draft.request.map(|stored| stored.head.id);
    let others = holders
        .into_iter()
        .filter(|(_, stored)| Some(stored.head.id) != this && stored.head.state.name().is_open());
    let named = |(user_id, stored): (String, StoredHead)| {
        let is_own = stored.head.company == caller.member.company;
        let reference = stored.head.reference.filter(|_| is_own);
        (user_id, FaultKind::InOpenRequest(reference))
    };
    Ok(others.map(named).collect())
}

/// Returns what the directory has of a colleague, to whoever may ask for a change of them by this eService. `None` if nobody
/// of that ID is there.
pub async fn rights(
    app: &App,
    caller: &Caller,
    eservice: EServiceId,
    person: &PersonId,
) -> Result<Option<BTreeSet<Right>>, AccessError> {
    caller.as_a_maker(eservice)?;
    let found = app.store().person(&caller.member.company, person).await?;
    let found = found.filter(|found| !found.is_removed() && !found.is_system);
    Ok(found.map(|found| found.rights))
}

/// Returns the caller's own drafts of an eService, newest first.
pub async fn own_drafts(
    app: &App,
    caller: &Caller,
    eservice: EServiceId,
) -> Result<Vec<StoredHead>, AccessError> {
    let company = &caller.member.company;
    let mut drafts = app
        .store()
        .company_requests_in(company, &[StateName::Draft])
        .await?;
    drafts
        .retain(|stored| stored.head.eservice == eservice && stored.head.maker.id == caller.member.person.id);
    Ok(drafts)
}
