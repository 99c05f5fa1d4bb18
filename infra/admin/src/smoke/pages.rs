//! What anybody may open, and what nobody may without signing in.

use std::collections::BTreeSet;

use countersign_platform::outgoing::{Answer, Outgoing};
use futures_util::future::join_all;
use serde_json::Value;

use crate::doctor::finding::Finding;

const SEE_LOG: &str = "See the functions' log, and ApiErrorsAlarm in docs/RUNBOOK.md";

/// What every page of the portal is sent with: a header, and what its value has to contain.
const HEADERS: [(&str, &str); 3] = [
    ("content-security-policy", "default-src 'none'"),
    ("strict-transport-security", "max-age="),
    ("x-content-type-options", "nosniff"),
];

/// The API serves its description.
pub(super) async fn description(caller: &Outgoing, api: &str) -> Finding {
    const CHECK: &str = "description";
    let answer = match get(caller, &format!("{api}/openapi.json")).await {
        Ok(answer) => answer,
        Err(reason) => return Finding::not_ok(CHECK, reason, SEE_LOG),
    };
    let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    match document["paths"].as_object().map(serde_json::Map::len) {
        Some(paths) if answer.status == 200 && paths > 0 => Finding::ok(CHECK, format!("{paths} paths")),
        _ => Finding::not_ok(CHECK, format!("/openapi.json answers {}", answer.status), SEE_LOG),
    }
}

/// Nobody is let in without a token, a person and a system alike.
pub(super) async fn locked(caller: &Outgoing, api: &str) -> Finding {
    const CHECK: &str = "locked";
    let paths = ["/me", "/systems/me"];
    let answers = paths.map(|path| async move {
        match get(caller, &format!("{api}{path}")).await {
            Ok(answer) if answer.status == 401 => None,
            Ok(answer) => Some(format!("{path} answers {} without a token", answer.status)),
            Err(reason) => Some(reason),
        }
    });
    let wrong: Vec<String> = join_all(answers).await.into_iter().flatten().collect();
    let remedy = "Roll the release back (docs/DEPLOY.md, Roll back)";
    Finding::of(CHECK, &wrong, "no answer without a token", remedy)
}

/// The sign-in page comes with its headers, and so does whatever it loads.
pub(super) async fn portal(caller: &Outgoing, origin: &str) -> [Finding; 2] {
    const PAGE: &str = "portal";
    const ASSETS: &str = "assets";
    let page = match get(caller, &format!("{origin}/sign-in")).await {
        Ok(page) if page.status == 200 => page,
        other => {
            let reason = other.map_or_else(
                |reason| reason,
                |page| format!("{origin}/sign-in answers {}", page.status),
            );
            let remedy =
                "Point PortalUrl at the API (docs/DEPLOY.md, Build and deploy), or see the functions' log";
            return [
                Finding::not_ok(PAGE, reason, remedy),
                Finding::not_answered(ASSETS, "the page that loads them did not come"),
            ];
        }
    };
    let missing = HEADERS.iter().filter(|(name, part)| {
        let value = page.headers.get(*name);
        !value.is_some_and(|value| value.contains(part))
    });
    let missing: Vec<String> = missing.map(|(name, _)| format!("{name} is missing")).collect();
    let remedy = "Something in front of the portal takes headers away: let it pass them";
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let assets = assets(&html);
    let loads = assets.iter().map(|path| async move {
        match get(caller, &format!("{origin}{path}")).await {
            Ok(answer) if answer.status == 200 && !answer.body.is_empty() => None,
            Ok(answer) => Some(format!("{path} answers {}", answer.status)),
            Err(reason) => Some(reason),
        }
    });
    let mut wrong: Vec<String> = join_all(loads).await.into_iter().flatten().collect();
    if assets.is_empty() {
        wrong.push("the page loads none".to_owned());
    }
    [
        Finding::of(
            PAGE,
            &missing,
            format!("{origin}/sign-in with its headers"),
            remedy,
        ),
        Finding::of(ASSETS, &wrong, format!("{} come", assets.len()), SEE_LOG),
    ]
}

/// The paths of styles, scripts and pictures in a page.
fn assets(html: &str) -> BTreeSet<&str> {
    let quoted = html.split('"');
    quoted.filter(|text| text.starts_with("/assets/")).collect()
}

/// The user pool publishes the keys by which tokens are verified, under the issuer that the API expects.
pub(super) async fn issuer(caller: &Outgoing, issuer: Option<String>) -> Finding {
    const CHECK: &str = "issuer";
    let remedy = "Look whether the user pool is there (docs/RUNBOOK.md, Data is lost)";
    let Some(issuer) = issuer else {
        return Finding::not_ok(CHECK, "the stack has no user pool", remedy);
    };
    let read = async |path: &str| {
        let answer = get(caller, &format!("{issuer}/.well-known/{path}")).await?;
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        Ok::<_, String>((answer.status, document))
    };
    let (configuration, keys) = match tokio::try_join!(read("openid-configuration"), read("jwks.json")) {
        Ok(answers) => answers,
        Err(reason) => return Finding::not_ok(CHECK, reason, remedy),
    };
    let mut wrong = Vec::new();
    if configuration.1["issuer"] != issuer.as_str() {
        wrong.push(format!("openid-configuration answers {}", configuration.0));
    }
    let count = keys.1["keys"].as_array().map_or(0, Vec::len);
    if count == 0 {
        wrong.push(format!("jwks.json answers {} without a key", keys.0));
    }
    Finding::of(CHECK, &wrong, format!("{count} keys"), remedy)
}

async fn get(caller: &Outgoing, url: &str) -> Result<Answer, String> {
    let answer = caller.get(url).await;
    answer.map_err(|error| format!("{url}: {}", error.0))
}
