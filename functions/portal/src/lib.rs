//! The portal: makers, checkers and officers work in a browser.
//!
//! Pages call the same commands and reads as the API, so there is no second business rule: which buttons a page has
//! is [`allowed_actions`](countersign_domain::workflow::allowed_actions), and what went wrong is the domain's own type
//! in the reader's language. Everything works without script; see `assets/portal.js` for what it adds.

use countersign_platform::App;
use countersign_platform::http::{route, takes_gzip};
use lambda_http::{Body, Request, RequestExt as _, Response};

mod asset;
mod body;
mod difference;
mod done;
mod form_input;
mod frame;
mod import;
mod origin;
mod pages;
mod reply;
mod visit;
mod wording;

pub use asset::tokens;

use reply::{Answer, Stop};
use visit::Visit;

#[derive(Clone, Copy)]
enum Route {
    Home,
    SignIn,
    LogIn,
    SignedIn,
    SignOut,
    Language,
    Profile,
    KeepProfile,
    Help,
    Terms,
    Asset,
    UserMaintenance,
    Tasks,
    TasksCsv,
    TakeSeveral,
    Requests,
    RequestsCsv,
    NewForm,
    KeepNew,
    Request,
    Record,
    EditForm,
    Keep,
    Step,
    TakeStep,
    Company,
    Audit,
    AuditCsv,
    AuditLines,
    Register,
    Readiness,
    TryAddressAgain,
    ReadinessCsv,
    LookUp,
    Nowhere,
}

/// Every route is open at the gateway: the function that answers it checks who may call it, and explains a refusal.
const ROUTES: [(&str, Route); 35] = [
    ("GET /", Route::Home),
    ("GET /sign-in", Route::SignIn),
    ("POST /sign-in", Route::LogIn),
    ("GET /signed-in", Route::SignedIn),
    ("POST /sign-out", Route::SignOut),
    ("GET /assets/{file}", Route::Asset),
    ("POST /portal/language", Route::Language),
    ("GET /portal/profile", Route::Profile),
    ("POST /portal/profile", Route::KeepProfile),
    ("GET /portal/help", Route::Help),
    ("GET /portal/terms", Route::Terms),
    ("GET /portal/user-maintenance", Route::UserMaintenance),
    ("GET /portal/tasks", Route::Tasks),
    ("GET /portal/tasks.csv", Route::TasksCsv),
    ("POST /portal/tasks", Route::TakeSeveral),
    ("GET /portal/requests", Route::Requests),
    ("GET /portal/requests.csv", Route::RequestsCsv),
    ("GET /portal/requests/new", Route::NewForm),
    ("POST /portal/requests/new", Route::KeepNew),
    ("GET /portal/requests/{id}", Route::Request),
    ("GET /portal/requests/{id}/record", Route::Record),
    ("GET /portal/requests/{id}/edit", Route::EditForm),
    ("POST /portal/requests/{id}/edit", Route::Keep),
    ("GET /portal/requests/{id}/{action}", Route::Step),
    ("POST /portal/requests/{id}/{action}", Route::TakeStep),
    ("GET /portal/company", Route::Company),
    ("GET /portal/audit", Route::Audit),
    ("GET /portal/audit.csv", Route::AuditCsv),
    ("GET /portal/audit.jsonl", Route::AuditLines),
    ("GET /portal/delegated-administrators", Route::Register),
    ("GET /portal/readiness", Route::Readiness),
    ("POST /portal/readiness", Route::TryAddressAgain),
    ("GET /portal/readiness.csv", Route::ReadinessCsv),
    ("GET /portal/look-up", Route::LookUp),
    ("GET /portal/{proxy+}", Route::Nowhere),
];

/// Answers with a page, a file, or the way to one.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    let route = route(&request, &ROUTES).unwrap_or(Route::Nowhere);
    if let Route::Asset = route {
        let file = request
            .path_parameters()
            .first("file")
            .unwrap_or_default()
            .to_owned();
        return asset::serve(&file, takes_gzip(&request));
    }
    let mut visit = Visit::begin(app, request).await;
    let answer = match origin::check(&visit) {
        Ok(()) => Box::pin(answer(&mut visit, route)).await,
        Err(stop) => Err(stop),
    };
    let reply = match answer {
        Ok(reply) => reply,
        Err(stop) => pages::problem::page(&visit, stop).await,
    };
    reply.into_response(&visit)
}

async fn answer(visit: &mut Visit, route: Route) -> Answer {
    match route {
        Route::Home => pages::home::page(visit).await,
        Route::SignIn => pages::sign_in::page(visit).await,
        Route::LogIn => pages::sign_in::leave(visit).await,
        Route::SignedIn => pages::sign_in::come_back(visit).await,
        Route::SignOut => pages::sign_in::sign_out(visit).await,
        Route::Language => pages::language::choose(visit).await,
        Route::Profile => pages::profile::page(visit).await,
        Route::KeepProfile => pages::profile::keep(visit).await,
        Route::Help => pages::help::page(visit).await,
        Route::Terms => pages::sign_in::terms(visit).await,
        Route::UserMaintenance => pages::catalogue::page(visit).await,
        Route::Tasks => pages::list::tasks(visit).await,
        Route::TasksCsv => pages::list_row::tasks_csv(visit).await,
        Route::TakeSeveral => pages::list::take_several(visit).await,
        Route::Requests => pages::list::requests(visit).await,
        Route::RequestsCsv => pages::list_row::requests_csv(visit).await,
        Route::NewForm => pages::form::new(visit).await,
        Route::KeepNew => pages::form::keep_new(visit).await,
        Route::Request => Box::pin(pages::request::page(visit)).await,
        Route::Record => pages::record::page(visit).await,
        Route::EditForm => pages::form::edit(visit).await,
        Route::Keep => pages::form::keep(visit).await,
        Route::Step => pages::step::page(visit).await,
        Route::TakeStep => pages::step::take(visit).await,
        Route::Company => pages::company::page(visit).await,
        Route::Audit => pages::audit::page(visit).await,
        Route::AuditCsv => pages::audit::csv(visit).await,
        Route::AuditLines => pages::audit::json_lines(visit).await,
        Route::Register => pages::register::page(visit).await,
        Route::Readiness => pages::readiness::page(visit).await,
        Route::TryAddressAgain => pages::readiness::try_again(visit).await,
        Route::ReadinessCsv => pages::readiness::csv(visit).await,
        Route::LookUp => pages::register::look_up(visit).await,
        Route::Nowhere | Route::Asset => Err(Stop::NotFound),
    }
}
