//! Stands in for API Gateway's HTTP API: routes, authorizer, events, answers and limits.

mod answer;
mod authorizer;
mod event;
mod problem;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::Value as Json;

use crate::Clock;
use crate::cloudformation::{Access, Route, Template, TemplateError};
use crate::lambda::{Functions, Invoke};

pub use authorizer::Authorizer;

use event::Call;
use problem::Refusal;

/// What API Gateway lets a function take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// The longest body that API Gateway takes.
const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The longest request line and headers together that API Gateway takes.
const HEAD_LIMIT: usize = 10_240;

/// The HTTP API of the template.
pub struct ApiGateway {
    /// The routes by their method, each with the function that serves it; of those that fit, the most specific one does.
    routes: HashMap<String, matchit::Router<(Route, Invoke)>>,
    authorizer: Authorizer,
    clock: Clock,
    problem_types: &'static str,
}

impl ApiGateway {
    /// Puts the template's routes in front of its functions. `problem_types` is what the types of problems start with.
    pub fn new(
        template: &Template,
        functions: &Functions,
        authorizer: Authorizer,
        clock: Clock,
        problem_types: &'static str,
    ) -> Result<Self, TemplateError> {
        let mut routes: HashMap<String, matchit::Router<_>> = HashMap::new();
        for (route, function) in template.routes() {
            // Every function of the template has been built, or the start would have failed before.
            let Some(invoke) = functions.get(function.binary.as_str()) else {
                continue;
            };
            let of_method = routes.entry(route.method.clone()).or_default();
            let added = of_method.insert(pattern(&route.path), (route.clone(), invoke.clone()));
            added.map_err(|error| TemplateError::Content {
                place: format!("Resources.{}", function.logical_id),
                reason: error.to_string(),
            })?;
        }
        Ok(Self {
            routes,
            authorizer,
            clock,
            problem_types,
        })
    }
}

/// A path of the template as the router writes it: `{proxy+}` is `{*proxy}`.
fn pattern(path: &str) -> String {
    match path.strip_suffix("+}").and_then(|start| start.rsplit_once('{')) {
        Some((before, name)) => format!("{before}{{*{name}}}"),
        None => path.to_owned(),
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
        Err(refusal) => refusal.response(gateway.problem_types),
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
        let of_method = self.routes.get(parts.method.as_str());
        let found = of_method.and_then(|routes| routes.at(parts.uri.path()).ok());
        let found = found.ok_or(Refusal::NotFound)?;
        let (route, function) = found.value;
        let now = self.clock.now();
        let claims = match route.access {
            Access::Open => None,
            Access::SignedIn => {
                let claims = self.authorizer.authorize(&parts.headers, now);
                Some(claims.map_err(Refusal::Unauthorized)?)
            }
        };
        let decoded = |(name, value): (&str, &str)| Some((name.to_owned(), event::decoded(value)?));
        let call = Call {
            route,
            parameters: found.params.iter().filter_map(decoded).collect(),
            claims,
            path,
            caller,
            id,
            at: now,
        };
        let event = call.event(&parts, &read(body).await?);
        let answer = invoke(function, event).await?;
        answer::response(answer).ok_or(Refusal::FunctionFailed)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_route_is_found_and_parameters_are_one_part_of_the_path() {
        let mut routes = matchit::Router::new();
        for path in [
            "/{proxy+}",
            "/requests/{id}",
            "/requests/open",
            "/requests/{id}/claim",
            "/requests",
        ] {
            routes.insert(pattern(path), path).unwrap();
        }
        for (call, path, parameter) in [
            ("/requests", "/requests", None),
            ("/requests/open", "/requests/open", None),
            ("/requests/a%2Fb", "/requests/{id}", Some(("id", "a%2Fb"))),
            (
                "/requests/open/claim",
                "/requests/{id}/claim",
                Some(("id", "open")),
            ),
            ("/requests/1/x", "/{proxy+}", Some(("proxy", "requests/1/x"))),
            ("/requests/", "/{proxy+}", Some(("proxy", "requests/"))),
        ] {
            let found = routes.at(call).unwrap();
            assert_eq!(*found.value, path, "{call}");
            assert_eq!(found.params.iter().next(), parameter, "{call}");
        }
        assert!(routes.at("/").is_err());
    }
}
