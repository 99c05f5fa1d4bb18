//! The User Profile Listing, and looking up a request by its reference number.

use askama::Template;
use countersign_domain::id::{ParticipantId, Reference};
use countersign_domain::participantship::Participantship;
use countersign_domain::register::DelegatedAdministrator;
use countersign_domain::time;
use countersign_platform::http::percent_encoded;
use countersign_platform::store::page::{Cursor, DEFAULT_LIMIT};
use countersign_platform::store::register::list as list_name;

use super::pending::{UnderWay, colour};
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "register.html")]
struct Register {
    frame: Frame,
    w: &'static Words,
    /// The company's own participants, ID and name; none for officers, who name one.
    participants: Vec<(String, String)>,
    chosen: String,
    rows: Option<Vec<Row>>,
    next: Option<String>,
}

struct Row {
    user_id: String,
    email: Option<String>,
    /// Since when, and by which request.
    since: Option<(String, String)>,
    readiness: &'static str,
    colour: &'static str,
    pending: Option<UnderWay>,
}

/// `GET /portal/delegated-administrators`: someone with a right; their company's own participants, any for officers.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let is_officer = caller.member.is_officer();
    let company = async {
        if is_officer {
            return Ok(None);
        }
        visit.app.store().company(&caller.member.company).await
    };
    let (company, frame) = tokio::join!(company, Frame::of(visit, Place::Register));
    let own = company?
        .map(|company| company.participantships)
        .unwrap_or_default();
    let participants = named(own);
    let asked = visit.query("participant");
    let chosen = match (is_officer, &asked) {
        (true, None) => None,
        (true, Some(asked)) => ParticipantId::parse(asked),
        (false, None) => participants.first().and_then(|(id, _)| ParticipantId::parse(id)),
        (false, Some(asked)) => {
            let found = participants.iter().find(|(id, _)| id == asked);
            Some(
                found
                    .and_then(|(id, _)| ParticipantId::parse(id))
                    .ok_or(Stop::NotFound)?,
            )
        }
    };
    let w = visit.words();
    let (rows, next) = match &chosen {
        None => (None, None),
        Some(participant) => {
            let start = visit
                .query("cursor")
                .and_then(|cursor| Cursor::parse(&cursor, &list_name(participant)));
            let store = visit.app.store();
            let mut page = store
                .administrators(participant, DEFAULT_LIMIT, start.as_ref())
                .await?;
            store.note_pending(participant, &mut page.items).await?;
            let rows = page.items.into_iter().map(|listed| row(visit, listed));
            let rows = rows.collect::<Result<_, _>>()?;
            let link = |cursor: Cursor| {
                let participant = percent_encoded(participant.as_str());
                let cursor = cursor.encode();
                format!("/portal/delegated-administrators?participant={participant}&cursor={cursor}")
            };
            (Some(rows), page.next.map(link))
        }
    };
    Reply::page(&Register {
        frame,
        w,
        participants,
        chosen: chosen
            .map(|chosen| chosen.to_string())
            .or(asked)
            .unwrap_or_default(),
        rows,
        next,
    })
}

/// Participants, each with its ID and what it is called. One may have several roles; its register is one.
fn named(own: impl IntoIterator<Item = Participantship>) -> Vec<(String, String)> {
    let mut participants: Vec<(String, String)> = Vec::new();
    for own in own {
        match participants.iter_mut().find(|(id, _)| id == own.id.as_str()) {
            Some((_, name)) => *name = format!("{name}, {own}"),
            None => participants.push((own.id.to_string(), own.to_string())),
        }
    }
    participants
}

fn row(visit: &Visit, administrator: DelegatedAdministrator) -> Result<Row, Stop> {
    let readiness = administrator.readiness();
    let pending = administrator.pending.as_ref();
    let pending = pending.map(|pending| UnderWay::of(visit, pending)).transpose()?;
    let (email, since) = match administrator.registration {
        Some(registered) => {
            let since = (time::shown(registered.since), registered.request.to_string());
            (Some(registered.email), Some(since))
        }
        None => (None, None),
    };
    Ok(Row {
        user_id: administrator.user_id,
        email,
        since,
        readiness: (visit.words().on_readiness.name_of)(readiness),
        colour: colour(readiness),
        pending,
    })
}

#[derive(Template)]
#[template(path = "look_up.html")]
struct LookUp {
    frame: Frame,
    w: &'static Words,
    reference: String,
    error: Option<&'static str>,
}

/// `GET /portal/look-up`: someone with a right; leads to the request if it is there for them.
pub(crate) async fn look_up(visit: &Visit) -> Answer {
    let actor = visit.actor()?;
    let w = visit.words();
    let typed = visit.query("reference").unwrap_or_default();
    let error = match Reference::parse_typed(&typed) {
        None if typed.is_empty() => None,
        None => Some(w.look_up_malformed),
        Some(reference) => {
            if let Some(id) = visit.app.store().by_reference(&reference).await? {
                let found = visit.app.store().head(id).await?;
                if found.is_some_and(|found| found.head.is_visible_to(&actor)) {
                    return Ok(Reply::see(format!("/portal/requests/{id}")));
                }
            }
            Some(w.look_up_none)
        }
    };
    let frame = Frame::of(visit, Place::LookUp).await;
    let (status, frame) = if error.is_some() {
        (404, frame.of_problem())
    } else {
        (200, frame)
    };
    let page = LookUp {
        frame,
        w,
        reference: typed,
        error,
    };
    Reply::page_with(status, &page)
}
