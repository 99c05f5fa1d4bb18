//! The User Profile Listing of a participant.

use countersign_api::view::List;
use countersign_api::{caller_with_a_right, denied};
use countersign_application::access::Caller;
use countersign_application::register::{self, list_name};
use countersign_domain::actor::Actor;
use countersign_domain::id::ParticipantId;
use countersign_domain::register::{DelegatedAdministrator, Registered};
use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::http::{Answer, HttpError, Malformed, PageQuery, Problem, Query};
use countersign_platform::store::page::Cursor;
use lambda_http::Request;
use serde::Serialize;

use crate::pending::UnderWay;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    participant: String,
    user_id: String,
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_ascii: Option<String>,
    since: Option<String>,
    request: Option<String>,
    two_factor: &'static str,
    pending: Option<UnderWay>,
}

impl Row {
    fn of(participant: &ParticipantId, administrator: DelegatedAdministrator, actor: &Actor) -> Self {
        let pending = administrator.pending.as_ref();
        let pending = pending.map(|pending| UnderWay::of(pending, actor));
        let two_factor = administrator.readiness().as_str();
        let email_ascii = administrator
            .registration
            .as_ref()
            .and_then(Registered::ascii_form);
        let (email, since, request) = match administrator.registration {
            Some(registered) => (
                Some(registered.email),
                Some(time::stored(registered.since)),
                Some(registered.request.to_string()),
            ),
            None => (None, None, None),
        };
        Self {
            participant: participant.to_string(),
            user_id: administrator.user_id,
            email,
            email_ascii,
            since,
            request,
            two_factor,
            pending,
        }
    }
}

/// `GET /delegated-administrators`: the register of one of the company's own participants; for officers, of any.
/// Without `participant` it is the company's first one.
pub(super) async fn list(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let query = Query::read(request, &["participant", "limit", "cursor"])?;
    let participant = participant(app, query.get("participant"), &caller).await?;
    let query = PageQuery::read(&query)?;
    let cursor = query.cursor(|text| Cursor::parse(text, &list_name(&participant)))?;
    let page = register::administrators(app, &participant, query.limit, cursor.as_ref()).await;
    let page = page.map_err(denied)?;
    let actor = caller.actor();
    let items = page
        .items
        .into_iter()
        .map(|administrator| Row::of(&participant, administrator, &actor))
        .collect();
    let parameters = [("participant", participant.to_string())];
    List::answer(items, page.next.as_ref(), |cursor| {
        query.link("/delegated-administrators", &parameters, cursor)
    })
}

/// Returns the participant that the call names. Another company's participant does not exist for the caller.
async fn participant(app: &App, asked: Option<&str>, caller: &Caller) -> Result<ParticipantId, Problem> {
    let chosen = register::choose(app, caller, asked).await.map_err(denied)?;
    chosen.participant.ok_or_else(|| {
        if caller.member.is_officer() {
            HttpError::Malformed(Malformed::Participant).into()
        } else {
            HttpError::NotFound.into()
        }
    })
}
