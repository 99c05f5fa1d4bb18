//! The API's reads: the caller, the catalogue, the company's requests and their audit, the register, its readiness, and
//! the API's description. Below `/systems`, a company's own system reads who it is and the company's requests.

use countersign_api::systems;
use countersign_platform::App;
use countersign_platform::http::{Answer, respond, route};
use lambda_http::{Body, Request, Response};

pub mod openapi;

mod audit;
mod catalogue;
mod listing;
mod pending;
mod readiness;
mod register;

#[derive(Clone, Copy)]
enum Route {
    Me,
    EServices,
    AuditCsv,
    AuditLines,
    Listing,
    One,
    Administrators,
    Readiness,
    ReadinessCsv,
    ReadinessCompanies,
    OpenApi,
}

const ROUTES: [(&str, Route); 14] = [
    ("GET /me", Route::Me),
    ("GET /eservices", Route::EServices),
    ("GET /audit.csv", Route::AuditCsv),
    ("GET /audit.jsonl", Route::AuditLines),
    ("GET /requests", Route::Listing),
    ("GET /requests/{id}", Route::One),
    ("GET /delegated-administrators", Route::Administrators),
    ("GET /readiness", Route::Readiness),
    ("GET /readiness.csv", Route::ReadinessCsv),
    ("GET /readiness/companies", Route::ReadinessCompanies),
    ("GET /openapi.json", Route::OpenApi),
    ("GET /systems/me", Route::Me),
    ("GET /systems/requests", Route::Listing),
    ("GET /systems/requests/{id}", Route::One),
];

/// Answers a call that reads.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    let answer = async |app: App, request: Request| respond(answer(&app, &request).await);
    systems::serve(app, request, answer).await
}

async fn answer(app: &App, request: &Request) -> Answer {
    match route(request, &ROUTES)? {
        Route::Me => catalogue::me(app, request).await,
        Route::EServices => catalogue::eservices(app, request),
        Route::AuditCsv => audit::csv(app, request).await,
        Route::AuditLines => audit::lines(app, request).await,
        Route::Listing => listing::list(app, request).await,
        Route::One => Box::pin(listing::one(app, request)).await,
        Route::Administrators => register::list(app, request).await,
        Route::Readiness => readiness::counts(app, request).await,
        Route::ReadinessCsv => readiness::csv(app, request).await,
        Route::ReadinessCompanies => readiness::companies(app, request).await,
        Route::OpenApi => catalogue::openapi(app, request),
    }
}
