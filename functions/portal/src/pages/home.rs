//! The home page: what waits for the reader, and what they wait for.

use askama::Template;
use countersign_application::home::{self, Home as Work};
use countersign_domain::actor::{Member, Person};
use countersign_domain::eservice::{ACTING_AS, EService, EServiceId, Period};
use countersign_domain::names::Names;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::Head;
use countersign_domain::workflow::Action;
use countersign_domain::{time, wording};
use countersign_platform::store::item::StoredHead;

use super::claim::ends_soon;
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
    /// That too few people are there.
    shortage: Option<String>,
    /// The eServices that can be started, the campaign's first.
    starts: Vec<&'static EService>,
    acting_as: &'static str,
    /// Each participantship as it is sent and as it is shown.
    participantships: Vec<(String, String)>,
    /// The lists that have entries.
    lists: Vec<List>,
    not_ready: Option<NotReady>,
    /// The titles of the lists without entries, each with what that means.
    empty: Vec<(&'static str, String)>,
    /// What was not looked through: the sentence, and the list that has it.
    cuts: Vec<Cut>,
}

/// That only a part of a list was looked through, and the way to the whole list.
struct Cut {
    text: String,
    path: &'static str,
    name: &'static str,
}

/// A short list of requests.
struct List {
    id: &'static str,
    title: &'static str,
    empty: &'static str,
    rows: Vec<Row>,
    from: Source,
    /// Where the whole list is, and how long it is as far as that is known, if it is longer than this one.
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
    /// That the claim ends soon.
    ends_soon: Option<String>,
    who: String,
    act: Act,
}

/// What a list is picked out of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Desk,
    Company,
}

impl Source {
    fn path(self) -> &'static str {
        match self {
            Self::Desk => "/portal/tasks",
            Self::Company => "/portal/requests",
        }
    }

    /// Whether there is more of it than was looked through.
    fn is_cut(self, work: &Work) -> bool {
        match self {
            Self::Desk => work.desk_is_cut,
            Self::Company => work.company_is_cut,
        }
    }
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
    let starts = starts(&caller.member);
    let registers = starts.iter().any(|eservice| eservice.period == Period::Campaign);
    let names = names(&work);
    let lists = if is_officer {
        of_officer(visit, &work, &names)
    } else {
        of_company(visit, &work, &names)
    };
    let (lists, without): (Vec<List>, Vec<List>) = lists.into_iter().partition(|list| !list.rows.is_empty());
    let none_not_ready = registers && work.not_ready.is_empty();
    let none_not_ready = none_not_ready.then(|| (w.on_desk.not_ready, w.on_desk.not_ready_empty.to_owned()));
    let empty = without.into_iter().map(|list| (list.title, list.empty(&work, w)));
    Reply::page(&Home {
        frame,
        w,
        name: caller.member.person.name.clone(),
        missing,
        done: done(visit, &work),
        campaign: (w.campaign)(&visit.app.config().campaign, visit.now),
        shortage: work
            .shortage
            .map(|shortage| wording::shortage(&shortage, w.language)),
        starts,
        acting_as: ACTING_AS.text(w.language),
        participantships: caller
            .member
            .participantships
            .iter()
            .map(|own| (own.to_string(), own.shown(w.language)))
            .collect(),
        not_ready: (!work.not_ready.is_empty()).then(|| not_ready(&work.not_ready, w)),
        empty: empty.chain(none_not_ready).collect(),
        cuts: cuts(&work, w),
        lists,
    })
}

/// The eServices whose requests the reader may make, the campaign's first.
fn starts(member: &Member) -> Vec<&'static EService> {
    let mut starts: Vec<EServiceId> = EServiceId::ALL
        .into_iter()
        .filter(|id| member.may_make(*id))
        .collect();
    starts.sort_by_key(|id| Some(*id) != EServiceId::of_campaign());
    starts.into_iter().map(EServiceId::definition).collect()
}

/// The reader's work; none for someone without a right.
async fn work(visit: &Visit) -> Result<Work, Stop> {
    match visit.caller_with_a_right() {
        Ok(caller) => Ok(Box::pin(home::read(&visit.app, caller)).await?),
        Err(_) => Ok(Work::default()),
    }
}

/// What tells apart those whom the page names.
fn names(work: &Work) -> Names {
    let returned = work.returned.iter().map(|(stored, _)| stored);
    let others = [
        &work.to_check,
        &work.claimed,
        &work.drafts,
        &work.waiting,
        &work.late,
    ];
    let all = returned.chain(others.into_iter().flatten());
    Names::among(all.map(|stored| who(&stored.head)))
}

/// Who has a request, or made it.
fn who(head: &Head) -> &Person {
    head.state.holder().map_or(&head.maker, |taken| &taken.by)
}

/// What was done to the request before this page, and that no other one waits, if the whole desk was looked through.
fn done(visit: &Visit, work: &Work) -> Option<Done> {
    let w = visit.words();
    let done = done_before(visit, w)?;
    let rest = if work.desk_is_cut {
        ""
    } else {
        w.on_desk.nothing_next
    };
    Some(Done {
        text: done.text + rest,
        ..done
    })
}

fn cuts(work: &Work, w: &Words) -> Vec<Cut> {
    let (d, most) = (w.on_desk, home::MOST);
    let sources = [
        (Source::Company, (d.company_cut)(most), w.requests),
        (Source::Desk, (d.desk_cut)(most), w.tasks),
    ];
    let cut = sources.into_iter().filter(|(source, ..)| source.is_cut(work));
    cut.map(|(source, text, name)| Cut {
        text,
        path: source.path(),
        name,
    })
    .collect()
}

impl List {
    fn of(
        (id, title, empty): (&'static str, &'static str, &'static str),
        mut rows: Vec<Row>,
        from: Source,
        work: &Work,
        w: &Words,
    ) -> Self {
        let count = rows.len();
        rows.truncate(MOST);
        let all = || {
            if from.is_cut(work) {
                w.on_desk.see_all.to_owned()
            } else {
                (w.on_desk.all_of)(count)
            }
        };
        Self {
            id,
            title,
            empty,
            rows,
            from,
            all: (count > MOST).then(|| (from.path(), all())),
        }
    }

    /// What it means that the list has no entries: that there are none, or that none was found as far as it was looked.
    fn empty(&self, work: &Work, w: &Words) -> String {
        if self.from.is_cut(work) {
            (w.on_desk.none_among)(home::MOST)
        } else {
            self.empty.to_owned()
        }
    }
}

fn of_company(visit: &Visit, work: &Work, names: &Names) -> Vec<List> {
    let (w, d) = (visit.words(), visit.words().on_desk);
    let opens = |stored: &StoredHead| row(&stored.head, names, w, Act::Open("", d.open));
    let edits = |stored: &StoredHead| {
        row(
            &stored.head,
            names,
            w,
            Act::Open("/edit", (w.action)(Action::Save)),
        )
    };
    let returned = work.returned.iter().map(|(stored, reason)| Row {
        more: reason.clone(),
        ..edits(stored)
    });
    let (drafts, waiting) = (work.drafts.iter().map(edits), work.waiting.iter().map(opens));
    let list = |titles, rows, from| List::of(titles, rows, from, work, w);
    vec![
        list(
            ("returned", d.returned, d.returned_empty),
            returned.collect(),
            Source::Company,
        ),
        list(
            ("check", d.to_check, d.to_check_empty),
            claims(&work.to_check, names, w),
            Source::Desk,
        ),
        list(
            ("claimed", d.claimed, d.claimed_empty),
            held(visit, &work.claimed, names),
            Source::Desk,
        ),
        list(
            ("drafts", d.drafts, d.drafts_empty),
            drafts.collect(),
            Source::Company,
        ),
        list(
            ("waiting", d.waiting, d.waiting_empty),
            waiting.collect(),
            Source::Company,
        ),
    ]
}

fn of_officer(visit: &Visit, work: &Work, names: &Names) -> Vec<List> {
    let (w, d) = (visit.words(), visit.words().on_desk);
    let late = work
        .late
        .iter()
        .map(|stored| row(&stored.head, names, w, Act::Open("", d.open)));
    let list = |titles, rows| List::of(titles, rows, Source::Desk, work, w);
    let mut lists = vec![
        list(
            ("claimed", d.claimed, d.claimed_empty),
            held(visit, &work.claimed, names),
        ),
        list(("desk", d.desk, d.desk_empty), claims(&work.to_check, names, w)),
        list(("late", d.late, d.late_empty), late.collect()),
    ];
    // An officer's own requests are about the exchange's people. Most officers have none.
    let own = of_company(visit, work, names).into_iter();
    lists.extend(own.filter(|list| list.from == Source::Company && !list.rows.is_empty()));
    lists
}

fn claims(stored: &[StoredHead], names: &Names, w: &Words) -> Vec<Row> {
    let claim = |stored: &StoredHead| {
        let act = Act::Claim {
            tag: Receipt::of(&stored.head).tag(),
            key: new_key(),
        };
        row(&stored.head, names, w, act)
    };
    stored.iter().map(claim).collect()
}

fn held(visit: &Visit, stored: &[StoredHead], names: &Names) -> Vec<Row> {
    let w = visit.words();
    let held = |stored: &StoredHead| {
        let ends = stored.head.state.lease_ends();
        Row {
            ends_soon: ends_soon(&stored.head.state, visit.now, w),
            more: ends.map(|ends| [w.claim_ends, " ", &time::shown(ends)].concat()),
            ..row(&stored.head, names, w, Act::Open("", w.on_desk.open))
        }
    };
    stored.iter().map(held).collect()
}

fn row(head: &Head, names: &Names, w: &Words, act: Act) -> Row {
    let eservice = head.eservice.definition();
    Row {
        id: head.id.to_string(),
        title: head
            .reference
            .as_ref()
            .map_or_else(|| format!("{} {}", eservice.label, w.draft), ToString::to_string),
        form: (w.function_name)(eservice),
        status: (w.brief_status)(&head.state, eservice.end).to_owned(),
        tag: tag_of(head.state.name()),
        since: time::shown(head.desk_since.unwrap_or(head.updated_at)),
        more: None,
        ends_soon: None,
        who: w.named(&names.of(who(head))),
        act,
    }
}

fn not_ready(user_ids: &[String], w: &Words) -> NotReady {
    NotReady {
        user_ids: user_ids.iter().take(MOST).cloned().collect(),
        all: (user_ids.len() > MOST).then(|| (w.on_desk.all_of)(user_ids.len())),
    }
}
