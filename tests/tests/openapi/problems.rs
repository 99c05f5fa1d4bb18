//! The document has every problem that the code can return, with its status, and no other.

use std::collections::BTreeSet;

use countersign_api::{denied, invalid, rejected};
use countersign_application::access::AccessError;
use countersign_application::execute::Rejection;
use countersign_domain::actor::Right;
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::request::Checks;
use countersign_domain::workflow::{Action, Refusal};
use countersign_platform::http::{HttpError, Malformed, ParameterFault, Problem};
use countersign_platform::store::StoreError;
use countersign_platform::{App, Clock, Config};
use countersign_tests::contract::{documented, validator};
use countersign_tests::of_the_template;
use serde_json::Value;

use super::routes::is_for_systems;
use super::{node, operation, problem_name, problems};

/// The problem that only API Gateway returns.
const OF_THE_GATEWAY: &str = "headers-too-large";

fn app() -> App {
    let config = Config::from_vars(|name| {
        let value = match name {
            // Only the portal and the functions for e-mail and accounts have these settings, the API's functions don't.
            "APPROVAL_BY_REPLY" | "CLIENT_ID" | "MAIL_FROM" | "INBOUND_BUCKET" | "USER_POOL" => return None,
            "AWS_ENDPOINT_URL_DYNAMODB" => "http://localhost:1",
            _ => return of_the_template(name).or_else(|| Some("x".to_owned())),
        };
        Some(value.to_owned())
    });
    App::new(config.unwrap(), Clock::system())
}

fn faults(kind: FaultKind) -> Vec<Fault> {
    vec![Fault::new("/changes/0/userId", kind)]
}

/// One error of each kind; a new kind does not compile until it is here.
fn of_calls() -> Vec<HttpError> {
    use HttpError as E;
    let all = vec![
        E::NotFound,
        E::Malformed(Malformed::Limit),
        E::Parameter("state".to_owned(), ParameterFault::Repeated),
        E::RepeatedMember("/changes/0/email".to_owned()),
        E::NotJson,
        E::TooLarge(256 * 1024),
        E::TooManyCalls(17),
        E::TagMissing,
        E::Internal,
    ];
    for error in &all {
        match error {
            E::NotFound
            | E::Malformed(_)
            | E::Parameter(..)
            | E::RepeatedMember(_)
            | E::NotJson
            | E::TooLarge(_)
            | E::TooManyCalls(_)
            | E::TagMissing
            | E::Internal => {}
        }
    }
    all
}

/// One error of each kind; a new kind does not compile until it is here.
fn of_access() -> Vec<AccessError> {
    use AccessError as E;
    let all = vec![
        E::NotSignedIn,
        E::NotInDirectory,
        E::RightMissing(Right::UserMaintenance),
        E::NotFound,
        E::Store(StoreError::Busy),
        E::Store(StoreError::Unavailable("x".to_owned())),
        E::Store(StoreError::Refused("x".to_owned())),
        E::Store(StoreError::Corrupt("x".to_owned())),
        E::Store(StoreError::OtherLayout(None)),
    ];
    for error in &all {
        match error {
            E::NotSignedIn
            | E::NotInDirectory
            | E::RightMissing(_)
            | E::NotFound
            | E::Store(
                StoreError::Busy
                | StoreError::Unavailable(_)
                | StoreError::Refused(_)
                | StoreError::Corrupt(_)
                | StoreError::OtherLayout(_),
            ) => {}
        }
    }
    all
}

/// One refusal of each kind; a new kind does not compile until it is here.
fn refusals() -> Vec<Refusal> {
    use Refusal as R;
    let all = vec![
        R::NotFound,
        R::RightMissing(Right::Operations),
        R::RightWithdrawn(Right::Operations),
        R::OwnRequest,
        R::CheckedFirst,
        R::AboutActor,
        R::TooFewManagers,
        R::NotItsMaker,
        R::NotItsConfirmer,
        R::NoLongerPossible,
        R::Stale,
        R::NotOpenYet,
        R::MessageMissing,
        R::MakerIsThere,
        R::ColleagueMissing,
        R::ColleagueCannotCheck,
    ];
    for refusal in &all {
        match refusal {
            R::NotFound
            | R::RightMissing(_)
            | R::RightWithdrawn(_)
            | R::OwnRequest
            | R::CheckedFirst
            | R::AboutActor
            | R::TooFewManagers
            | R::NotItsMaker
            | R::NotItsConfirmer
            | R::NoLongerPossible
            | R::Stale
            | R::NotOpenYet
            | R::MessageMissing
            | R::MakerIsThere
            | R::ColleagueMissing
            | R::ColleagueCannotCheck => {}
        }
    }
    all
}

/// One rejection of each kind; a new kind does not compile until it is here.
fn of_commands() -> Vec<Rejection> {
    use Rejection as E;
    let refused = |refusal| {
        // These are checked without the request's status.
        let unseen = matches!(
            refusal,
            Refusal::NotOpenYet
                | Refusal::MessageMissing
                | Refusal::MakerIsThere
                | Refusal::ColleagueMissing
                | Refusal::ColleagueCannotCheck
                | Refusal::TooFewManagers
        );
        E::Refused {
            refusal,
            action: Action::Claim,
            status: (!unseen).then(|| "Sent to HKEX".to_owned()),
        }
    };
    let mut all: Vec<E> = refusals().into_iter().map(refused).collect();
    all.extend([
        E::Invalid(faults(FaultKind::Email)),
        E::Invalid(faults(FaultKind::InOpenRequest(None))),
        E::Invalid(faults(FaultKind::NotInRegister)),
        E::Invalid(faults(FaultKind::InRegister)),
        E::NoOtherChecker(Checks::One),
        E::NoOtherChecker(Checks::FirstOfTwo),
        E::Invalid(faults(FaultKind::NotInDirectory)),
        E::Invalid(faults(FaultKind::NameTaken)),
        E::Invalid(faults(FaultKind::SubjectInOpenRequest(None))),
        E::KeyReused,
        E::TokenEnded,
        E::OnRecord,
        E::Store(StoreError::Busy),
    ]);
    for error in &all {
        match error {
            E::Refused { .. }
            | E::Invalid(_)
            | E::NoOtherChecker(_)
            | E::KeyReused
            | E::TokenEnded
            | E::OnRecord
            | E::Store(_) => {}
        }
    }
    all
}

fn said() -> Vec<Value> {
    let app = app();
    let of_calls = of_calls().into_iter().map(Problem::from);
    let of_access = of_access().into_iter().map(denied);
    let of_commands = of_commands().into_iter().map(|error| rejected(error, &app));
    of_calls
        .chain(of_access)
        .chain([invalid(&faults(FaultKind::Missing))])
        .chain(of_commands)
        .map(|problem| serde_json::to_value(problem).unwrap())
        .collect()
}

/// The problems' schemas: the name in the document, the problem's name, and the status.
fn kinds() -> Vec<(&'static str, &'static str, u64)> {
    let schemas = node("/components/schemas").as_object().unwrap();
    schemas
        .iter()
        .filter_map(|(name, schema)| {
            let of = &schema["properties"];
            let kind = of["type"].get("const")?;
            Some((name.as_str(), problem_name(kind), of["status"]["const"].as_u64()?))
        })
        .collect()
}

#[test]
fn the_documents_problem_types_are_those_of_the_code_and_the_gateways_own() {
    let said = said();
    let mut of_code: BTreeSet<&str> = said
        .iter()
        .map(|problem| problem_name(&problem["type"]))
        .collect();
    of_code.insert(OF_THE_GATEWAY);
    let described: BTreeSet<&str> = kinds().into_iter().map(|(_, kind, _)| kind).collect();
    assert_eq!(described, of_code);
}

#[test]
fn a_store_that_may_answer_later_has_one_name_in_problems_and_in_the_lines_of_steps() {
    for error in [StoreError::Busy, StoreError::Unavailable("x".to_owned())] {
        let of_step = error.kind();
        let problem = serde_json::to_value(Problem::from(error)).unwrap();
        assert_eq!(problem_name(&problem["type"]), of_step);
    }
}

#[test]
fn every_problem_of_the_code_is_as_documented() {
    for problem in said() {
        let kind = problem_name(&problem["type"]);
        let (name, _, status) = kinds().into_iter().find(|(_, named, _)| *named == kind).unwrap();
        assert_eq!(problem["status"], status, "{kind}");
        let faults: Vec<_> = validator(&format!("/components/schemas/{name}"))
            .iter_errors(&problem)
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{problem}: {faults:?}");
    }
}

#[test]
fn a_problem_is_documented_under_its_own_status_alone_and_every_problem_somewhere() {
    let mut somewhere = BTreeSet::new();
    for (method, path, statuses) in documented() {
        // Of too many calls at once, API Gateway says so itself, and only of a system's does a function.
        let is_gateways = |status: u16| status == 429 && !is_for_systems(operation(method, path));
        let refusals = statuses.iter().filter(|status| **status >= 400);
        for status in refusals.filter(|status| !is_gateways(**status)) {
            for kind in problems(operation(method, path), &status.to_string()) {
                let (_, _, own) = kinds().into_iter().find(|(_, named, _)| *named == kind).unwrap();
                assert_eq!(own, u64::from(*status), "{method} {path}: {kind}");
                somewhere.insert(kind);
            }
        }
    }
    assert_eq!(somewhere, kinds().into_iter().map(|(_, kind, _)| kind).collect());
}
