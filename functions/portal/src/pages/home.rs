//! The home page: what waits for the reader, and what they wait for.

use askama::Template;
use countersign_application::home::{self, Home as Work};
use countersign_domain::eservice::{ACTING_AS, EService, EServiceId, Period};
use countersign_domain::language::Bilingual;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::{Head, StateName};
use countersign_domain::time;
use countersign_domain::workflow::Action;
use countersign_platform::store::item::StoredHead;

use super::request::{Done, done_before};
use super::steps::new_key;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::{Words, tag_of};

/// How many requests a list shows.
const MOST: usize = 5;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    w: &'static Words,
    name: String,
    /// That a right is missing, for someone who has none.
    missing: Option<String>,
    /// What *Confirm and next* did to the request before this page.
    done: Option<Done>,
    campaign: String,
    /// The eServices that can be started, the campaign's first.
    starts: Vec<&'static EService>,
    acting_as: &'static str,
    participantships: Vec<String>,
    lists: Vec<List>,
    not_ready: Option<NotReady>,
}

/// A short list of requests.
struct List {
    id: &'static str,
    title: &'static str,
    empty: &'static str,
    rows: Vec<Row>,
    /// Where the whole list is, and how long it is, if it is longer than this one.
    all: Option<(&'static str, String)>,
}

struct Row {
    id: String,
    title: String,
    form: &'static str,
    status: String,
    tag: &'static str,
    since: String,
    /// Why it was returned, or when the claim ends.
    more: Option<String>,
    who: String,
    act: Act,
}

enum Act {
    Open(&'static str, &'static str),
    Claim { tag: String, key: String },
}

/// Administrators without an address.
struct NotReady {
    user_ids: Vec<String>,
    all: Option<String>,
}

/// `GET /`: anyone of the directory; anyone else is led to the sign-in page.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller()?;
    let w = visit.words();
    let missing = match visit.caller_with_a_right() {
        Err(Stop::RightMissing(right)) => Some([&(w.right_missing)(right), w.right_missing_ask].concat()),
        _ => None,
    };
    let (frame, work) = tokio::join!(Frame::of(visit, Place::Home), Box::pin(work(visit)));
    let (work, is_officer) = (work?, caller.member.is_officer());
    let has_work = missing.is_none() && !is_officer;
    Reply::page(&Home {
        frame,
        w,
        name: caller.member.person.name.clone(),
        missing,
        done: done(visit, w),
        campaign: (w.campaign)(&visit.app.config().campaign, visit.now),
        starts: if has_work { starts() } else { Vec::new() },
        acting_as: ACTING_AS.text(w.language),
        participantships: caller
            .member
            .participantships
            .iter()
            .map(ToString::to_string)
            .collect(),
        not_ready: has_work.then(|| not_ready(&work.not_ready, w)),
        lists: if is_officer {
            of_officer(&work, w)
        } else {
            of_company(&work, w)
        },
    })
}

fn starts() -> Vec<&'static EService> {
    let mut starts: Vec<EServiceId> = EServiceId::ALL.into();
    starts.sort_by_key(|id| Some(*id) != EServiceId::of_campaign());
    starts.into_iter().map(EServiceId::definition).collect()
}

/// The reader's work; none for someone without a right.
async fn work(visit: &Visit) -> Result<Work, Stop> {
    match visit.caller_with_a_right() {
        Ok(caller) => Ok(home::read(&visit.app, caller).await?),
        Err(_) => Ok(Work::default()),
    }
}

/// What was done to the request before this page, and that no other one waits.
fn done(visit: &Visit, w: &Words) -> Option<Done> {
    let done = done_before(visit, w)?;
    Some(Done {
        text: done.text + w.on_desk.nothing_next,
        ..done
    })
}

fn of_company(work: &Work, w: &Words) -> Vec<List> {
    let d = w.on_desk;
    let opens = |name| move |stored: &StoredHead| row(&stored.head, w, Act::Open("", name));
    let edits = |stored: &StoredHead| row(&stored.head, w, Act::Open("/edit", (w.action)(Action::Save)));
    let returned = work.returned.iter().map(|(stored, reason)| Row {
        more: reason.clone(),
        ..edits(stored)
    });
    vec![
        list(
            ("returned", d.returned, d.returned_empty),
            returned.collect(),
            REQUESTS,
            w,
        ),
        list(
            ("check", d.to_check, d.to_check_empty),
            claims(&work.to_check, w),
            TASKS,
            w,
        ),
        list(
            ("claimed", d.claimed, d.claimed_empty),
            held(&work.claimed, w),
            TASKS,
            w,
        ),
        list(
            ("drafts", d.drafts, d.drafts_empty),
            work.drafts.iter().map(edits).collect(),
            REQUESTS,
            w,
        ),
        list(
            ("waiting", d.waiting, d.waiting_empty),
            work.waiting.iter().map(opens(d.open)).collect(),
            REQUESTS,
            w,
        ),
    ]
}

fn of_officer(work: &Work, w: &Words) -> Vec<List> {
    let d = w.on_desk;
    let late = work
        .late
        .iter()
        .map(|stored| row(&stored.head, w, Act::Open("", d.open)));
    vec![
        list(
            ("claimed", d.claimed, d.claimed_empty),
            held(&work.claimed, w),
            TASKS,
            w,
        ),
        list(
            ("desk", d.desk, d.desk_empty),
            claims(&work.to_check, w),
            TASKS,
            w,
        ),
        list(("late", d.late, d.late_empty), late.collect(), TASKS, w),
    ]
}

const TASKS: &str = "/portal/tasks";
const REQUESTS: &str = "/portal/requests";

fn list(
    (id, title, empty): (&'static str, &'static str, &'static str),
    mut rows: Vec<Row>,
    all: &'static str,
    w: &Words,
) -> List {
    let count = rows.len();
    rows.truncate(MOST);
    List {
        id,
        title,
        empty,
        rows,
        all: (count > MOST).then(|| (all, (w.on_desk.all_of)(count))),
    }
}

fn claims(stored: &[StoredHead], w: &Words) -> Vec<Row> {
    let claim = |stored: &StoredHead| {
        let act = Act::Claim {
            tag: Receipt::of(&stored.head).tag(),
            key: new_key(),
        };
        row(&stored.head, w, act)
    };
    stored.iter().map(claim).collect()
}

fn held(stored: &[StoredHead], w: &Words) -> Vec<Row> {
    let held = |stored: &StoredHead| {
        let ends = stored.head.state.lease_ends();
        Row {
            more: ends.map(|ends| [w.claim_ends, " ", &time::shown(ends)].concat()),
            ..row(&stored.head, w, Act::Open("", w.on_desk.open))
        }
    };
    stored.iter().map(held).collect()
}

fn row(head: &Head, w: &Words, act: Act) -> Row {
    let eservice = head.eservice.definition();
    let is_claimed = head.state.name() == StateName::Claimed;
    Row {
        id: head.id.to_string(),
        title: head
            .reference
            .as_ref()
            .map_or_else(|| format!("{} {}", eservice.label, w.draft), ToString::to_string),
        form: (w.function_name)(eservice),
        status: if is_claimed {
            (w.state)(StateName::Claimed).to_owned()
        } else {
            (w.status)(&head.state)
        },
        tag: tag_of(head.state.name()),
        since: time::shown(head.desk_since.unwrap_or(head.updated_at)),
        more: None,
        who: head
            .state
            .holder()
            .map_or(&head.maker, |taken| &taken.by)
            .name
            .clone(),
        act,
    }
}

fn not_ready(user_ids: &[String], w: &Words) -> NotReady {
    NotReady {
        user_ids: user_ids.iter().take(MOST).cloned().collect(),
        all: (user_ids.len() > MOST).then(|| (w.on_desk.all_of)(user_ids.len())),
    }
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
