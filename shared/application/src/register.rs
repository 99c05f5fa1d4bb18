//! The register of Delegated Administrators: whose register the caller may see, and how much of a pending request.

use countersign_domain::actor::Actor;
use countersign_domain::id::{ParticipantId, Reference, RequestId};
use countersign_domain::language::Language;
use countersign_domain::participantship::Participantship;
use countersign_domain::register::{DelegatedAdministrator, Pending};
use countersign_domain::request::{DeskKind, State};
use countersign_domain::wording;
use countersign_platform::App;
use countersign_platform::store::page::{Cursor, Page};
use countersign_platform::store::register::list;
use jiff::Timestamp;

use crate::access::{AccessError, Caller};
use crate::people;

/// The participant whose register the call asks for.
#[derive(Debug, Default)]
pub struct Chosen {
    /// The participant. `None` if an officer has not named one.
    pub participant: Option<ParticipantId>,
    /// The participantships of the caller's company. Empty for officers.
    pub own: Vec<Participantship>,
}

/// Chooses the participant whose register the call asks for. For a company it is the named one of its own participants,
/// or the first. For an officer it is whichever they name. Another company's participant does not exist for the caller.
pub async fn choose(app: &App, caller: &Caller, named: Option<&str>) -> Result<Chosen, AccessError> {
    if caller.member.is_officer() {
        let participant = named
            .map(|named| ParticipantId::parse(named).ok_or(AccessError::NotFound))
            .transpose()?;
        return Ok(Chosen {
            participant,
            own: Vec::new(),
        });
    }
    let own: Vec<Participantship> = people::participantships(app, caller).await?.into_iter().collect();
    let mut ids = own.iter().map(|own| &own.id);
    let participant = match named {
        None => ids.next(),
        Some(named) => Some(ids.find(|id| id.as_str() == named).ok_or(AccessError::NotFound)?),
    };
    Ok(Chosen {
        participant: participant.cloned(),
        own,
    })
}

/// The name of a participant's list. Its cursors work for no other list.
pub fn list_name(participant: &ParticipantId) -> String {
    list(participant)
}

/// Reads a page of the administrators of a participant that [`choose`] returned, with the pending requests for those
/// without an address and the bounces of the others' addresses.
pub async fn administrators(
    app: &App,
    participant: &ParticipantId,
    limit: usize,
    start: Option<&Cursor>,
) -> Result<Page<DelegatedAdministrator>, AccessError> {
    let mut page = app.store().administrators(participant, limit, start).await?;
    let at = (&app.config().campaign, app.now());
    app.store()
        .note_standing(participant, &mut page.items, at)
        .await?;
    Ok(page)
}

/// What the caller may know of a pending request: whose desk it is on, since when, and whether it came in time.
/// Everyone with access to the register sees that. The rest is for those who may see the request, since what a company
/// has not sent is its own.
#[derive(Debug)]
pub struct UnderWay<'a> {
    /// The request, if the caller may see it.
    pub request: Option<KnownRequest<'a>>,
    /// Whose desk it is on.
    pub desk: DeskKind,
    /// Since when it has been there.
    pub since: Timestamp,
    /// Whether it is in time for the parallel run, as far as is known yet.
    pub guaranteed: bool,
}

/// What those who may see a pending request know of it.
#[derive(Debug)]
pub struct KnownRequest<'a> {
    /// Its ID.
    pub id: RequestId,
    /// Its reference number.
    pub reference: &'a Reference,
    /// Its state.
    pub state: &'a State,
}

impl KnownRequest<'_> {
    /// Its status.
    pub fn status(&self, language: Language) -> String {
        wording::status(self.state, self.reference.eservice().definition().end, language)
    }
}

impl<'a> UnderWay<'a> {
    /// Returns what an actor may know of a pending request.
    pub fn of(pending: &'a Pending, actor: &Actor) -> Self {
        let known = || KnownRequest {
            id: pending.request,
            reference: &pending.reference,
            state: &pending.state,
        };
        Self {
            request: pending.is_visible_to(actor).then(known),
            desk: pending.desk,
            since: pending.since,
            guaranteed: pending.guaranteed,
        }
    }
}
