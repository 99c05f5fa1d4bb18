//! The one place that turns a refusal into an HTTP status and a text.

use countersign_application::access::AccessError;
use countersign_application::execute::Rejection;
use countersign_domain::campaign::Campaign;
use countersign_domain::fault::{self, Fault, FaultClass, FaultKind};
use countersign_domain::wording;
use countersign_domain::workflow::{Action, Refusal};
use countersign_platform::App;
use countersign_platform::http::{HttpError, InvalidPart, Problem};

/// Turns a denied access into a problem.
pub fn denied(error: AccessError) -> Problem {
    match error {
        AccessError::NotSignedIn => Problem::new(
            401,
            "not-signed-in",
            "Not signed in",
            "Sign in, then try again.".to_owned(),
        ),
        AccessError::NotInDirectory => Problem::new(
            403,
            "not-in-directory",
            "Not in the directory",
            "Your sign-in belongs to no company here. Ask your administrator to register you.".to_owned(),
        ),
        AccessError::RightMissing(right) => Problem::new(
            403,
            "right-missing",
            "Access right missing",
            wording::right_missing(right),
        ),
        AccessError::NotFound => HttpError::NotFound.into(),
        AccessError::Store(error) => error.into(),
    }
}

/// Turns the faults of a form into one problem that lists them all.
pub fn invalid(faults: &[Fault]) -> Problem {
    let detail = match faults {
        [fault] => wording::fault(&fault.kind),
        faults => format!("{} things need your attention.", faults.len()),
    };
    invalid_with(faults, detail)
}

fn invalid_with(faults: &[Fault], detail: String) -> Problem {
    let class = fault::class(faults);
    let (status, title) = match class {
        FaultClass::InOpenRequest => (409, "In another open request"),
        FaultClass::RegisterDisagrees => (409, "Not as the register has it"),
        FaultClass::DirectoryDisagrees => (409, "Not as the directory has it"),
        FaultClass::Invalid => (422, "Not filled in right"),
    };
    let part = |fault: &Fault| InvalidPart {
        pointer: fault.pointer.clone(),
        detail: wording::fault(&fault.kind),
    };
    Problem::new(status, class.as_str(), title, detail).with_errors(faults.iter().map(part).collect())
}

/// Turns a rejected command into a problem.
pub fn rejected(error: Rejection, app: &App) -> Problem {
    match error {
        Rejection::Refused {
            refusal,
            action,
            status,
        } => refused(&refusal, action, status, &app.config().campaign),
        Rejection::Invalid(faults) => invalid(&faults),
        Rejection::NoOtherChecker(checks) => Problem::new(
            409,
            "no-other-checker",
            "Nobody to check it",
            wording::no_other_checker(checks).to_owned(),
        ),
        Rejection::KeyReused => Problem::new(
            422,
            "key-reused",
            "Idempotency key used before",
            "This Idempotency-Key came with another command before. Give every command a key of its own."
                .to_owned(),
        ),
        // Only commands by e-mail end in these.
        Rejection::TokenEnded | Rejection::OnRecord => HttpError::internal(&error),
        Rejection::Store(error) => error.into(),
    }
}

fn refused(refusal: &Refusal, action: Action, status: Option<String>, campaign: &Campaign) -> Problem {
    let detail = wording::refusal(refusal, action, status.as_deref(), campaign);
    let (code, kind, title) = match refusal {
        Refusal::NotFound => (404, "not-found", "Not found"),
        Refusal::RightMissing(_) => (403, "right-missing", "Access right missing"),
        Refusal::RightWithdrawn(_) => (403, "right-withdrawn", "Access right withdrawn"),
        Refusal::OwnRequest => (403, "own-request", "Your own request"),
        Refusal::CheckedFirst => (403, "checked-first", "Your own first check"),
        Refusal::AboutActor => (403, "about-you", "A request about you"),
        Refusal::TooFewManagers => (409, "too-few-managers", "Too few people to manage users"),
        Refusal::NotItsMaker => (403, "not-its-maker", "Not your request"),
        Refusal::NotItsConfirmer => (403, "not-its-confirmer", "Not your confirmation"),
        Refusal::NoLongerPossible => (409, "not-possible", "Not possible now"),
        Refusal::NotOpenYet => (409, "not-open-yet", "Not open yet"),
        Refusal::Stale => (412, "stale", "Changed since you read it"),
        Refusal::MakerIsThere => (409, "maker-is-there", "Its maker is there"),
        Refusal::ColleagueCannotCheck => (409, "colleague-cannot-check", "The colleague can't check it"),
        Refusal::MessageMissing | Refusal::ColleagueMissing => {
            let at = if *refusal == Refusal::MessageMissing {
                "/message"
            } else {
                "/colleague"
            };
            return invalid_with(&[Fault::new(at, FaultKind::Missing)], detail);
        }
    };
    // Someone who may not know of the request is not told its status.
    let current_status = status.filter(|_| matches!(code, 409 | 412));
    Problem::new(code, kind, title, detail).with_current_status(current_status)
}
