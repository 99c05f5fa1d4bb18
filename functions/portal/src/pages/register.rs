//! The User Profile Listing, and looking up a request by its reference number.

use askama::Template;
use countersign_application::access::AccessError;
use countersign_application::register::{self, Chosen, list_name};
use countersign_application::requests;
use countersign_domain::id::Reference;
use countersign_domain::participantship::Participantship;
use countersign_domain::register::{DelegatedAdministrator, Registered};
use countersign_domain::time;
use countersign_platform::http::percent_encoded;
use countersign_platform::store::page::{Cursor, DEFAULT_LIMIT};

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
    /// The address in ASCII, if it differs.
    email_ascii: Option<String>,
    /// When it was registered, and by which request.
    since: Option<(String, String)>,
    readiness: &'static str,
    colour: &'static str,
    pending: Option<UnderWay>,
}

/// `GET /portal/delegated-administrators`: someone with a right; their company's own participants, any for officers.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let asked = visit.query("participant");
    let (chosen, frame) = tokio::join!(
        register::choose(&visit.app, caller, asked.as_deref()),
        Frame::of(visit, Place::Register)
    );
    let Chosen { participant, own } = match chosen {
        // The text that an officer typed is not a participant, so the page asks again.
        Err(AccessError::NotFound) if caller.member.is_officer() => Chosen::default(),
        chosen => chosen?,
    };
    let w = visit.words();
    let participants = named(own, w);
    let (rows, next) = match &participant {
        None => (None, None),
        Some(participant) => {
            let start = visit
                .query("cursor")
                .and_then(|cursor| Cursor::parse(&cursor, &list_name(participant)));
            let page = register::administrators(&visit.app, participant, DEFAULT_LIMIT, start.as_ref());
            let page = page.await?;
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
        chosen: participant
            .map(|participant| participant.to_string())
            .or(asked)
            .unwrap_or_default(),
        rows,
        next,
    })
}

/// Participants, each with its ID and what it is called. One may have several roles; its register is one.
fn named(own: impl IntoIterator<Item = Participantship>, w: &Words) -> Vec<(String, String)> {
    let mut participants: Vec<(String, String)> = Vec::new();
    for own in own {
        let shown = own.shown(w.language);
        match participants.iter_mut().find(|(id, _)| id == own.id.as_str()) {
            Some((_, name)) => *name = [name, w.on_desk.list_separator, &shown].concat(),
            None => participants.push((own.id.to_string(), shown)),
        }
    }
    participants
}

fn row(visit: &Visit, administrator: DelegatedAdministrator) -> Result<Row, Stop> {
    let readiness = administrator.readiness();
    let pending = administrator.pending.as_ref();
    let pending = pending.map(|pending| UnderWay::of(visit, pending)).transpose()?;
    let email_ascii = administrator
        .registration
        .as_ref()
        .and_then(Registered::ascii_form);
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
        email_ascii,
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
    let caller = visit.caller_with_a_right()?;
    let w = visit.words();
    let typed = visit.query("reference").unwrap_or_default();
    let error = match Reference::parse_typed(&typed) {
        None if typed.is_empty() => None,
        None => Some(w.look_up_malformed),
        Some(reference) => {
            let found = requests::by_reference(&visit.app, caller, &reference).await?;
            if let Some(found) = found {
                return Ok(Reply::see(format!("/portal/requests/{}", found.head.id)));
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
