//! The caller, the catalogue of eServices, and the API's description.

use countersign_api::{caller, denied};
use countersign_application::people;
use countersign_domain::actor::Right;
use countersign_domain::eservice::EServiceId;
use countersign_domain::participantship::Participantship;
use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::http::{Answer, Json, Query, document};
use lambda_http::Request;
use serde::Serialize;

use crate::openapi::description;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    user: User,
    company: Company,
    participantships: Vec<Participantship>,
    rights: Vec<Right>,
}

#[derive(Serialize)]
struct User {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

#[derive(Serialize)]
struct Company {
    id: String,
    name: String,
}

/// `GET /me`: anyone who signed in and is in the directory, with or without a right.
pub(super) async fn me(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?;
    Query::read(request, &[])?;
    let own = people::participantships(app, &caller).await.map_err(denied)?;
    let member = caller.member;
    Json::ok(Me {
        user: User {
            id: member.person.id.to_string(),
            name: member.person.name,
            email: member.email.map(|email| email.to_string()),
        },
        company: Company {
            id: member.company.to_string(),
            name: member.company_name,
        },
        participantships: own.into_iter().collect(),
        rights: member.rights.into_iter().collect(),
    })
    .into_answer()
}

#[derive(Serialize)]
struct Catalogue {
    items: Vec<Entry>,
    campaign: Dates,
}

#[derive(Serialize)]
struct Entry {
    id: &'static str,
    classification: &'static str,
    label: &'static str,
    function: &'static str,
}

#[derive(Serialize)]
struct Dates {
    opens: String,
    deadline: String,
    open: bool,
}

/// `GET /eservices`: anyone who signed in and is in the directory.
pub(super) fn eservices(app: &App, request: &Request) -> Answer {
    caller(request)?;
    Query::read(request, &[])?;
    let entry = |id: EServiceId| {
        let row = id.definition();
        Entry {
            id: id.code(),
            classification: row.classification.en,
            label: row.label,
            function: row.function.en,
        }
    };
    let campaign = &app.config().campaign;
    let dates = Dates {
        opens: time::shown_day(campaign.opens()),
        deadline: time::shown_day(campaign.deadline()),
        open: campaign.is_open(app.now()),
    };
    Json::ok(Catalogue {
        items: EServiceId::ALL.map(entry).into(),
        campaign: dates,
    })
    .into_answer()
}

/// `GET /openapi.json`: anyone.
pub(super) fn openapi(app: &App, request: &Request) -> Answer {
    Query::read(request, &[])?;
    let config = app.config();
    let issuer = config.token_issuer.as_deref().unwrap_or_default();
    document(description(config.user_id_rule.suffix(), issuer))
}
