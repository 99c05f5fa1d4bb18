//! Lets a function's call of AWS's services through only if the function's own policies allow it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;

use super::{Access, Statement, accesses};
use crate::cloudformation::{Function, Table};
use crate::one_line;
use crate::ses::MAIL_LIMIT;

/// The policies of every function, by the access key that it signs with.
#[derive(Clone)]
pub struct Guard(Arc<Policies>);

struct Policies {
    table: Table,
    roles: BTreeMap<String, Role>,
}

struct Role {
    /// The function's package.
    function: String,
    statements: Vec<Statement>,
}

/// Why a call does not get through.
struct Refusal {
    service: String,
    exception: &'static str,
    message: String,
}

impl Guard {
    /// The guard of a table's functions. `access_key` gives the key of each, by its package.
    pub fn of(table: Table, functions: &[Function], access_key: impl Fn(&str) -> String) -> Self {
        let role = |function: &Function| {
            let role = Role {
                function: function.binary.clone(),
                statements: function.policies.clone(),
            };
            (access_key(&function.binary), role)
        };
        Self(Arc::new(Policies {
            table,
            roles: functions.iter().map(role).collect(),
        }))
    }

    fn check(&self, request: &Request<Bytes>) -> Result<(), Refusal> {
        let Some((key, service)) = signed(request.headers()) else {
            return Err(Refusal {
                service: String::new(),
                exception: "MissingAuthenticationTokenException",
                message: "Request is missing Authentication Token".to_owned(),
            });
        };
        // Any other key, such as the operator's: the template does not limit it.
        let Some(role) = self.0.roles.get(key) else {
            return Ok(());
        };
        let refusal = |message: String| Refusal {
            service: service.to_owned(),
            exception: "AccessDeniedException",
            message,
        };
        let target = request.headers().get("x-amz-target");
        let operation = target.and_then(|target| target.to_str().ok()?.rsplit('.').next());
        let operation = operation.unwrap_or_default();
        let line = (request.method(), request.uri());
        let needed = accesses(&self.0.table, service, line, operation, request.body());
        let needed = needed.ok_or_else(|| refusal(format!("{service}: a call that is not understood")))?;
        let is_allowed = |access: &Access| role.statements.iter().any(|statement| statement.allows(access));
        match needed.iter().find(|access| !is_allowed(access)) {
            None => Ok(()),
            Some(Access { action, resource, .. }) => {
                tracing::warn!(
                    function = role.function,
                    action,
                    resource,
                    "a policy allows no such call"
                );
                Err(refusal(format!(
                    "User: {} is not authorized to perform: {action} on resource: {resource} because no identity-based \
                     policy allows the {action} action",
                    role.function
                )))
            }
        }
    }
}

/// The access key of a signature and the service that it is for.
fn signed(headers: &HeaderMap) -> Option<(&str, &str)> {
    let signature = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let scope = signature.split_once("Credential=")?.1.split(',').next()?;
    let mut parts = scope.split('/');
    Some((parts.next()?, parts.nth(2)?))
}

/// The same wire, behind the guard.
pub fn guarded(wire: Router, guard: Guard) -> Router {
    wire.layer(middleware::from_fn_with_state(guard, check))
}

async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // The largest call of all is a mail.
    let Ok(body) = to_bytes(body, MAIL_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = Request::from_parts(parts, body);
    match guard.check(&request) {
        Ok(()) => next.run(request.map(Body::from)).await,
        Err(refusal) => refusal.into_response(),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self {
            service,
            exception,
            message,
        } = self;
        if service == "s3" {
            let body = format!("<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>");
            return (StatusCode::FORBIDDEN, [(CONTENT_TYPE, "application/xml")], body).into_response();
        }
        let status = match service.as_str() {
            "ses" => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = json!({ "__type": exception, "message": message });
        let headers = [(HeaderName::from_static("x-amzn-errortype"), exception)];
        (status, headers, axum::Json(body)).into_response()
    }
}

/// A wire that passes calls of the table on to the engine at an address.
pub fn table(engine: &str) -> Router {
    let client = Client::builder(TokioExecutor::new()).build_http();
    Router::new()
        .fallback(pass_on)
        .with_state((client, Arc::from(engine)))
}

type Engine = (Client<HttpConnector, Full<Bytes>>, Arc<str>);

async fn pass_on(State((client, engine)): State<Engine>, request: Request) -> Response {
    let passed = async {
        let (mut parts, body) = request.into_parts();
        let body = to_bytes(body, MAIL_LIMIT)
            .await
            .map_err(|error| one_line(&error))?;
        parts.uri = format!("{engine}/")
            .parse::<Uri>()
            .map_err(|error| one_line(&error))?;
        parts.headers.remove(HOST);
        let request = Request::from_parts(parts, Full::new(body));
        client.request(request).await.map_err(|error| one_line(&error))
    };
    match passed.await {
        Ok(answer) => answer.map(Body::new).into_response(),
        Err(error) => {
            tracing::error!(error, "the table could not be called");
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}
