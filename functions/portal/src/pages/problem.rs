//! The pages that say why there is no other one, and what to do.

use askama::Template;
use countersign_domain::workflow::Refusal;
use countersign_platform::http::percent_encoded;
use lambda_http::http::Method;

use crate::body::Fields;
use crate::frame::{Frame, Place};
use crate::reply::{Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem {
    frame: Frame,
    w: &'static Words,
    title: &'static str,
    text: String,
    link: (&'static str, &'static str),
}

/// The page for what stopped a call.
pub(crate) async fn page(visit: &Visit, stop: Stop) -> Reply {
    let w = visit.words();
    let home = ("/", w.back_home);
    let (status, title, text, link) = match stop {
        Stop::NoSession if visit.request.method() == Method::GET => return sign_in(visit),
        Stop::NoSession => return expired(visit).await,
        Stop::NotInDirectory => (
            403,
            w.not_in_directory_title,
            w.not_in_directory_text.to_owned(),
            ("/sign-in", w.to_sign_in),
        ),
        Stop::RightMissing(right) => {
            let text = [&(w.right_missing)(right), w.right_missing_ask].concat();
            (403, w.right_missing_title, text, home)
        }
        Stop::NotFound => (404, w.not_found_title, w.not_found_text.to_owned(), home),
        Stop::OtherOrigin => (403, w.other_origin_title, w.other_origin_text.to_owned(), home),
        Stop::Malformed => (400, w.malformed_title, w.malformed_text.to_owned(), home),
        Stop::TooLarge => (413, w.too_large_title, w.too_large_text.to_owned(), home),
        Stop::Busy => (503, w.busy_title, w.busy_text.to_owned(), home),
        Stop::Failed => (500, w.failed_title, w.failed_text.to_owned(), home),
    };
    let page = Problem {
        frame: Frame::of(visit, Place::Elsewhere).await.of_problem(),
        w,
        title,
        text,
        link,
    };
    Reply::html(status, page.render().unwrap_or_default())
}

#[derive(Template)]
#[template(path = "expired.html")]
struct Expired {
    frame: Frame,
    w: &'static Words,
    /// What was typed for the next step user.
    typed: String,
    /// Where the question is asked again after signing in.
    link: String,
}

/// The page for a form that came without a session: what was typed for a step is on it, and the way back to the step.
async fn expired(visit: &Visit) -> Reply {
    let fields = Fields::read(&visit.request).await.unwrap_or_default();
    let is_step = visit.path("action").is_some();
    let link = if is_step {
        format!("/sign-in?to={}", percent_encoded(&visit.address()))
    } else {
        "/sign-in".to_owned()
    };
    let page = Expired {
        frame: Frame::of(visit, Place::Elsewhere).await.of_problem(),
        w: visit.words(),
        typed: fields.get("message").to_owned(),
        link,
    };
    Reply::html(401, page.render().unwrap_or_default())
}

/// The way to the sign-in page, and from there back to where one was going.
fn sign_in(visit: &Visit) -> Reply {
    let to = visit.address();
    let over = if visit.session_is_over() {
        "&notice=over"
    } else {
        ""
    };
    if to == "/" {
        return Reply::see(format!("/sign-in{}", over.replace('&', "?")));
    }
    Reply::see(format!("/sign-in?to={}{over}", percent_encoded(&to)))
}

/// The status of the page that answers a refused step, or what stops the page altogether.
pub(super) fn status_of(refusal: &Refusal) -> Result<u16, Stop> {
    match refusal {
        Refusal::NotFound => Err(Stop::NotFound),
        Refusal::RightMissing(right) => Err(Stop::RightMissing(*right)),
        Refusal::RightWithdrawn(_)
        | Refusal::OwnRequest
        | Refusal::CheckedFirst
        | Refusal::AboutActor
        | Refusal::NotItsMaker
        | Refusal::NotItsConfirmer => Ok(403),
        Refusal::Stale => Ok(412),
        Refusal::NoLongerPossible
        | Refusal::NotOpenYet
        | Refusal::MessageMissing
        | Refusal::TooFewManagers
        | Refusal::MakerIsThere
        | Refusal::ColleagueMissing
        | Refusal::ColleagueCannotCheck => Ok(409),
    }
}
