//! Calls of companies' own systems, below `/systems`.
//!
//! API Gateway's authorizer knows a token by the client that it was issued to, and can know 50 at most. There may be a
//! client for each of 2,000 companies, so API Gateway lets these calls through, and a system's token is verified here. The
//! routes are those that a system may use, and what follows is the same for people and systems.

use countersign_application::access::{AccessError, Caller};
use countersign_application::systems;
use countersign_platform::App;
use countersign_platform::http::{HttpError, Problem, respond, route_key};
use countersign_platform::identity::{Claims, SignInError};
use countersign_platform::store::StoreError;
use lambda_http::aws_lambda_events::apigw::{
    ApiGatewayRequestAuthorizer, ApiGatewayRequestAuthorizerJwtDescription,
};
use lambda_http::http::HeaderValue;
use lambda_http::http::header::{AUTHORIZATION, LINK, LOCATION};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, Response};

use crate::problem::denied;

/// What the paths of systems' routes start with.
const PREFIX: &str = "/systems";

/// Serves a call: one of a person, whose token API Gateway has verified, or one of a system.
pub async fn serve<F>(app: App, request: Request, answer: impl FnOnce(App, Request) -> F) -> Response<Body>
where
    F: Future<Output = Response<Body>>,
{
    let path = route_key(&request).and_then(|key| key.split_once(' '));
    if !path.is_some_and(|(_, path)| path.starts_with(PREFIX)) {
        return answer(app, request).await;
    }
    match admit(&app, request).await {
        Ok(request) => with_own_addresses(answer(app, request).await),
        Err(problem) => respond(Err(problem)),
    }
}

/// Verifies the token and counts the call. The claims go where API Gateway would have put them.
async fn admit(app: &App, mut request: Request) -> Result<Request, Problem> {
    let claims = claims(app, &request).await?;
    let caller = Caller::of_claims(&claims).map_err(denied)?;
    if let Some(seconds) = systems::count_call(app, &caller).await? {
        return Err(HttpError::TooManyCalls(seconds).into());
    }
    if let Some(RequestContext::ApiGatewayV2(context)) = request.extensions_mut().get_mut() {
        let mut jwt = ApiGatewayRequestAuthorizerJwtDescription::default();
        jwt.claims = claims;
        let mut authorizer = ApiGatewayRequestAuthorizer::default();
        authorizer.jwt = Some(jwt);
        context.authorizer = Some(authorizer);
    }
    Ok(request)
}

async fn claims(app: &App, request: &Request) -> Result<Claims, Problem> {
    let nobody = || denied(AccessError::NotSignedIn);
    let header = request.headers().get(AUTHORIZATION);
    let header = header
        .and_then(|header| header.to_str().ok())
        .ok_or_else(nobody)?;
    let (scheme, token) = header.split_once(' ').ok_or_else(nobody)?;
    let issuer = app.issuer().filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    let issuer = issuer.ok_or_else(nobody)?;
    match issuer.of_system(token.trim(), app.now()).await {
        Ok(claims) => Ok(claims),
        Err(SignInError::Refused(why)) => {
            tracing::info!(why, "a system's token is refused");
            Err(nobody())
        }
        Err(SignInError::Unavailable(why)) => Err(StoreError::Unavailable(why).into()),
    }
}

/// Has the answer's addresses lead to where the caller came from.
fn with_own_addresses(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    for (name, start) in [(LOCATION, ""), (LINK, "<")] {
        let address = headers.get(&name).and_then(|address| address.to_str().ok());
        let own = address.and_then(|address| {
            let path = address.strip_prefix(start)?;
            HeaderValue::try_from(format!("{start}{PREFIX}{path}")).ok()
        });
        if let Some(own) = own {
            headers.insert(name, own);
        }
    }
    response
}
