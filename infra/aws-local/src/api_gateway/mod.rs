//! Stands in for API Gateway's HTTP API: routes, authorizer, events, answers and limits.

mod answer;
mod authorizer;
mod event;
mod problem;
mod routes;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::lambda::{Functions, Invoke};
use crate::{Clock, Site};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, request::Parts};
use axum::response::Response;
use serde_json::{Map, Value as Json};

use crate::cloudformation::{Access, Template};

pub use authorizer::{Authorizer, VerificationKey};

use event::Call;
use problem::Refusal;
use routes::Routes;

/// What API Gateway lets a function take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// The longest body that API Gateway takes.
const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The longest request line and headers together that API Gateway takes.
const HEAD_LIMIT: usize = 10_240;

/// The HTTP API of the template.
pub struct ApiGateway {
    routes: Routes<Invoke>,
    authorizer: Authorizer,
    clock: Clock,
    site: Site,
}

impl ApiGateway {
    /// Puts the template's routes in front of its functions.
    pub fn new(
        template: &Template,
        functions: &Functions,
        authorizer: Authorizer,
        clock: Clock,
        site: Site,
    ) -> Self {
        let mut routes = Routes::default();
        for (route, function) in template.routes() {
            // Every function of the template has been built, or the start would have failed before.
            if let Some(invoke) = functions.get(function.binary.as_str()) {
                routes.add(route.clone(), invoke.clone());
            }
        }
        Self {
            routes,
            authorizer,
            clock,
            site,
        }
    }
}

/// Answers every call.
pub fn router(gateway: ApiGateway) -> Router {
    Router::new().fallback(serve).with_state(Arc::new(gateway))
}

async fn serve(
    State(gateway): State<Arc<ApiGateway>>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let id = event::request_id();
    let mut response = match gateway.answer(caller, &id, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.response(gateway.site),
    };
    if let Ok(id) = id.parse() {
        response.headers_mut().insert("apigw-requestid", id);
    }
    response
}

impl ApiGateway {
    async fn answer(&self, caller: SocketAddr, id: &str, request: Request) -> Result<Response, Refusal> {
        let (parts, body) = request.into_parts();
        if head_length(&parts) > HEAD_LIMIT {
            return Err(Refusal::HeadTooLarge);
        }
        let path = event::decoded(parts.uri.path()).ok_or(Refusal::BadRequest)?;
        let Some(found) = self.routes.find(&parts.method, parts.uri.path()) else {
            return Err(Refusal::NotFound);
        };
        let claims = match found.route.access {
            Access::Open => None,
            Access::SignedIn => Some(self.authorize(&parts.headers)?),
        };
        let call = Call {
            route: found.route,
            parameters: found.parameters,
            claims,
            path,
            caller,
            id,
            at: self.clock.now(),
        };
        let event = call.event(&parts, &read(body).await?);
        let answer = invoke(found.target, event).await?;
        answer::response(&answer).ok_or(Refusal::FunctionFailed)
    }

    fn authorize(&self, headers: &HeaderMap) -> Result<Map<String, Json>, Refusal> {
        self.authorizer
            .authorize(headers, self.clock.now())
            .map_err(Refusal::Unauthorized)
    }
}

/// Calls a function. It runs on when its caller goes away, and what it does is done, as on Lambda; a panic ends the
/// call alone.
async fn invoke(function: &Invoke, event: Json) -> Result<Json, Refusal> {
    let running = tokio::spawn(function(event));
    match tokio::time::timeout(ANSWER_WITHIN, running).await {
        Ok(Ok(Ok(answer))) => Ok(answer),
        Ok(Ok(Err(_)) | Err(_)) => Err(Refusal::FunctionFailed),
        Err(_) => Err(Refusal::TooSlow),
    }
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, BODY_LIMIT).await.map_err(|error| {
        let is_too_large = std::error::Error::source(&error)
            .is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>);
        if is_too_large {
            Refusal::BodyTooLarge
        } else {
            // One that broke off reaches nobody's eyes; one that took too long is what is left.
            Refusal::BodyTooSlow
        }
    })
}

fn head_length(parts: &Parts) -> usize {
    let line = parts.method.as_str().len() + parts.uri.to_string().len();
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len());
    line + headers.sum::<usize>()
}
