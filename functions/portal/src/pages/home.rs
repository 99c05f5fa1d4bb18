//! The home page, and the catalogue of eServices.

use askama::Template;
use countersign_application::people;
use countersign_domain::eservice::{EService, EServiceId, Period};
use countersign_domain::language::Bilingual;

use crate::body::Fields;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    w: &'static Words,
    name: String,
    /// That a right is missing, for someone who has none.
    missing: Option<String>,
    campaign: String,
    ways: Vec<Way>,
    /// Whether they approve by replying, where their company lets them.
    replies: Option<bool>,
}

struct Way {
    path: &'static str,
    name: &'static str,
    text: &'static str,
}

/// `GET /`: anyone of the directory; anyone else is led to the sign-in page.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller()?;
    let w = visit.words();
    let missing = match visit.caller_with_a_right() {
        Err(Stop::RightMissing(right)) => Some([&(w.right_missing)(right), w.right_missing_ask].concat()),
        _ => None,
    };
    let way = |path, name, text| Way { path, name, text };
    let mut ways = vec![way("/portal/tasks", w.tasks, w.way_tasks)];
    if caller.member.is_officer() {
        ways.push(way("/portal/look-up", w.look_up, w.way_look_up));
    } else {
        ways.push(way(
            "/portal/user-maintenance",
            w.participant_management,
            w.way_form,
        ));
        ways.push(way("/portal/requests", w.requests, w.way_requests));
    }
    ways.push(way("/portal/delegated-administrators", w.listing, w.way_listing));
    let on_readiness = w.on_readiness;
    ways.push(way("/portal/readiness", on_readiness.title, on_readiness.way));
    let (frame, replies) = tokio::join!(
        Frame::of(visit, Place::Home),
        Box::pin(people::approves_by_mail(&visit.app, caller))
    );
    Reply::page(&Home {
        frame,
        w,
        name: caller.member.person.name.clone(),
        missing,
        campaign: (w.campaign)(&visit.app.config().campaign, visit.now),
        ways,
        replies: replies?,
    })
}

/// `POST /portal/approval-by-mail`: a maker or checker, for themselves.
pub(crate) async fn choose_replies(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let fields = Fields::read(&visit.request).await?;
    let wants = match fields.get("replies") {
        "on" => true,
        "off" => false,
        _ => return Err(Stop::Malformed),
    };
    people::choose_approval_by_mail(&visit.app, caller, wants).await?;
    Ok(Reply::see("/"))
}

#[derive(Template)]
#[template(path = "catalogue.html")]
struct Catalogue {
    frame: Frame,
    w: &'static Words,
    rows: Vec<&'static EService>,
}

impl Catalogue {
    fn text(&self, words: &Bilingual) -> &'static str {
        words.text(self.w.language)
    }
}

/// `GET /portal/user-maintenance`: someone with a right (guideline, step b).
pub(crate) async fn catalogue(visit: &Visit) -> Answer {
    visit.caller_with_a_right()?;
    Reply::page(&Catalogue {
        frame: Frame::of(visit, Place::UserMaintenance).await,
        w: visit.words(),
        rows: EServiceId::ALL.map(EServiceId::definition).into(),
    })
}
