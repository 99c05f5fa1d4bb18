//! The register of Delegated Administrators: whose someone may see, and how much of what is under way.

use countersign_domain::actor::Actor;
use countersign_domain::id::{ParticipantId, Reference, RequestId};
use countersign_domain::participantship::Participantship;
use countersign_domain::register::{DelegatedAdministrator, Pending, Standings};
use countersign_domain::request::{DeskKind, State};
use countersign_platform::App;
use countersign_platform::store::page::{Cursor, Page};
use countersign_platform::store::register::list;
use jiff::Timestamp;

use crate::access::{AccessError, Caller};
use crate::people;

/// Whose register is asked for.
#[derive(Debug, Default)]
pub struct Chosen {
    /// The participant; none while an officer has named none.
    pub participant: Option<ParticipantId>,
    /// The participantships of the caller's company; none for officers.
    pub own: Vec<Participantship>,
}

/// The participant whose register is asked for: one of the company's own, the first unless another is named, or whichever
/// an officer names. Another company's does not exist.
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

/// The name of a participant's list, to which its cursors are bound.
pub fn list_name(participant: &ParticipantId) -> String {
    list(participant)
}

/// A page of the administrators of a participant that was [chosen](choose), with what is under way for those without an
/// address.
pub async fn administrators(
    app: &App,
    participant: &ParticipantId,
    limit: usize,
    start: Option<&Cursor>,
) -> Result<Page<DelegatedAdministrator>, AccessError> {
    let mut page = app.store().administrators(participant, limit, start).await?;
    app.store().note_pending(participant, &mut page.items).await?;
    Ok(page)
}

/// What the register has of every administrator of a participant that the caller may see.
pub async fn standings(app: &App, participant: &ParticipantId) -> Result<Standings, AccessError> {
    Ok(app.store().standings(participant).await?)
}

/// What someone may know of a request that is under way: on whose desk it is, since when, and whether in time. What a
/// company has not sent is its own, so the rest is for those who may see the request.
#[derive(Debug)]
pub struct UnderWay<'a> {
    /// The request, for whoever may see it.
    pub request: Option<KnownRequest<'a>>,
    /// Whose desk has it.
    pub desk: DeskKind,
    /// Since when.
    pub since: Timestamp,
    /// Whether it came in time.
    pub guaranteed: bool,
}

/// What is known of a request that someone may see.
#[derive(Debug)]
pub struct KnownRequest<'a> {
    /// Its ID.
    pub id: RequestId,
    /// Its reference number.
    pub reference: &'a Reference,
    /// Where it stands.
    pub state: &'a State,
}

impl<'a> UnderWay<'a> {
    /// What someone may know of what is pending.
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
