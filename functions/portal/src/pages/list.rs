//! Tasks (guideline, step k) and My requests.

use askama::Template;
use countersign_application::lists::{self, Found, MOST_FORMS, MOST_READ, Next};
use countersign_application::requests::List;
use countersign_application::{people, several};
use countersign_domain::actor::Person;
use countersign_domain::names::Names;
use countersign_domain::request::DeskKind;
use countersign_domain::workflow::Action;
use countersign_platform::store::item::StoredHead;

use super::list_filters::{Field, FieldKind, fields};
use super::list_query::{Asked, COLUMNS, Makers};
use super::list_row::{Row, column_name};
use super::several::{Told, pick};
use crate::body::Fields;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

/// Which of the two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Tasks,
    Requests,
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct ListPage {
    frame: Frame,
    w: &'static Words,
    title: &'static str,
    lead: &'static str,
    /// What to say where there are no rows, and where to go from there.
    empty: (&'static str, Option<(&'static str, &'static str)>),
    path: &'static str,
    asked: Asked,
    fields: Vec<Field>,
    columns: Vec<Heading>,
    rows: Vec<Row>,
    /// The steps that can be taken on rows that are picked: their names in the form, and the names of their buttons.
    steps: Vec<(&'static str, &'static str)>,
    /// The address that the picked rows are sent to.
    here: String,
    key: String,
    told: Option<Told>,
    notes: Vec<String>,
    download: String,
    first: Option<String>,
    next: Option<String>,
}

struct Heading {
    name: &'static str,
    link: String,
    order: Option<&'static str>,
}

impl Which {
    fn path(self) -> &'static str {
        match self {
            Self::Tasks => "/portal/tasks",
            Self::Requests => "/portal/requests",
        }
    }

    /// The list and what it is asked for. The exchange's own requests are for the officers who manage its users.
    pub(super) fn read(self, visit: &Visit) -> Result<(List, Asked), Stop> {
        let caller = visit.caller_with_a_right()?;
        let (list, makers) = match self {
            Self::Tasks => (List::tasks(caller), Makers::All),
            Self::Requests => {
                let own = List::of_own_company(caller).ok_or(Stop::NotFound)?;
                (own, Makers::Reader)
            }
        };
        let asked = Asked::read(visit, &list, makers);
        Ok((list, asked))
    }
}

/// `GET /portal/tasks`: someone with a right; the desk of their company, or the exchange's.
pub(crate) async fn tasks(visit: &Visit) -> Answer {
    page(visit, Which::Tasks, None).await
}

/// `GET /portal/requests`: someone of a company with the right; their own requests, or all of their company's. An officer
/// who does not manage users is led to the desk.
pub(crate) async fn requests(visit: &Visit) -> Answer {
    if List::of_own_company(visit.caller_with_a_right()?).is_none() {
        return Ok(Reply::see("/portal/tasks"));
    }
    page(visit, Which::Requests, None).await
}

/// `POST /portal/tasks`: someone with a right. Claims or confirms the requests that were picked, and shows the list
/// again.
pub(crate) async fn take_several(visit: &Visit) -> Answer {
    let (app, caller) = (&visit.app, visit.caller_with_a_right()?);
    let fields = Fields::read(&visit.request).await?;
    let (picked, key) = pick(&fields).ok_or(Stop::Malformed)?;
    let told = match fields.get("do") {
        "claim" | "confirm" if picked.is_empty() => Told::nothing(visit),
        "claim" => {
            let outcomes = Box::pin(several::claim(app, caller, picked, key)).await;
            Told::of(visit, Action::Claim, &outcomes)
        }
        "confirm" => {
            let outcomes = Box::pin(several::confirm(app, caller, picked, key)).await?;
            Told::of(visit, Action::Confirm, &outcomes)
        }
        _ => return Err(Stop::Malformed),
    };
    page(visit, Which::Tasks, Some(told)).await
}

async fn page(visit: &Visit, which: Which, told: Option<Told>) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let (list, mut asked) = which.read(visit)?;
    let place = match which {
        Which::Tasks => Place::Tasks,
        Which::Requests => Place::Requests,
    };
    let (found, people, frame) = tokio::join!(
        Box::pin(find(visit, &list, &asked)),
        Box::pin(people::colleagues(&visit.app, caller)),
        Frame::of(visit, place)
    );
    let ((found, next), people, w) = (found?, people?, visit.words());
    let names = names(&found.heads, &people);
    let fields = fields(visit, which, &mut asked, (&people, &names))?;
    let is_faulty = !asked.faults.is_empty();
    let heads = if is_faulty { &[][..] } else { &found.heads[..] };
    let rows: Vec<Row> = heads
        .iter()
        .map(|head| Row::of(visit, head, &names, which == Which::Tasks))
        .collect::<Result<_, _>>()?;
    let (path, sort) = (which.path(), asked.text("sort").to_owned());
    let more = |next| match next {
        Next::Cursor(cursor) => format!("cursor={}", cursor.encode()),
        Next::Page(page) => format!("page={page}"),
    };
    let is_first = asked.query.cursor.is_none() && asked.query.page == 0;
    let is_officer = caller.member.is_officer();
    let page = ListPage {
        title: if which == Which::Tasks {
            w.tasks
        } else {
            w.requests
        },
        lead: match which {
            Which::Tasks if is_officer && caller.member.may_manage_users() => w.tasks_lead_manager,
            Which::Tasks if is_officer => w.tasks_lead_officer,
            Which::Tasks => w.tasks_lead,
            Which::Requests => w.requests_lead,
        },
        empty: empty(which, &asked, is_officer, w),
        path,
        columns: columns(&asked, path, w),
        steps: steps(&rows, w),
        rows,
        here: asked.address(path, &sort, None),
        key: super::steps::new_key(),
        told,
        notes: if is_faulty {
            Vec::new()
        } else {
            // A page of an index does not know how long the list is.
            let may_be_cut = matches!(next, Some(Next::Cursor(_)));
            let of_file = may_be_cut.then(|| (w.on_lists.file_bounded)(MOST_READ));
            notes(&found, w).into_iter().chain(of_file).collect()
        },
        download: asked.address(&format!("{path}.csv"), &sort, None),
        next: next
            .filter(|_| !is_faulty)
            .map(|next| asked.address(path, &sort, Some(more(next)))),
        first: (!is_first).then(|| asked.address(path, &sort, None)),
        fields,
        asked,
        w,
        frame: if is_faulty { frame.of_problem() } else { frame },
    };
    Reply::page_with(if is_faulty { 422 } else { 200 }, &page)
}

/// What tells apart those whom a list names.
pub(super) fn names(heads: &[StoredHead], people: &[Person]) -> Names {
    let of_request = |stored: &StoredHead| {
        let holder = stored.head.state.holder().map(|taken| taken.by.clone());
        [Some(stored.head.maker.clone()), holder]
    };
    let named: Vec<Person> = heads.iter().flat_map(of_request).flatten().collect();
    Names::among(named.iter().chain(people))
}

/// The steps that the reader could take on some of the rows.
fn steps(rows: &[Row], w: &Words) -> Vec<(&'static str, &'static str)> {
    let steps = [
        (Action::Claim, w.on_lists.claim_selected),
        (Action::Confirm, w.on_lists.confirm_selected),
    ];
    let is_possible = |(action, _): &(Action, _)| {
        let mut picks = rows.iter().filter_map(|row| row.pick.as_ref());
        picks.any(|(possible, _)| possible == action)
    };
    let steps = steps.into_iter().filter(is_possible);
    steps.map(|(action, name)| (action.as_str(), name)).collect()
}

async fn find(visit: &Visit, list: &List, asked: &Asked) -> Result<(Found, Option<Next>), Stop> {
    if asked.faults.is_empty() {
        let caller = visit.caller_with_a_right()?;
        return Ok(lists::page(&visit.app, caller, list, &asked.query).await?);
    }
    Ok((Found::default(), None))
}

fn empty(
    which: Which,
    asked: &Asked,
    is_officer: bool,
    w: &Words,
) -> (&'static str, Option<(&'static str, &'static str)>) {
    match which {
        _ if asked.narrows() => (w.on_lists.nothing_matches, Some((which.path(), w.on_lists.clear))),
        Which::Tasks => (w.tasks_empty, None),
        Which::Requests if is_officer => (w.requests_empty, Some(("/portal/company", w.on_company.title))),
        Which::Requests => (
            w.requests_empty,
            Some(("/portal/user-maintenance", w.participant_management)),
        ),
    }
}

/// What a list was not asked to the end for.
pub(super) fn notes(found: &Found, w: &Words) -> Vec<String> {
    let rows = found.is_bounded.then(|| (w.on_lists.bounded)(MOST_READ));
    let forms = found
        .forms_are_bounded
        .then(|| (w.on_lists.forms_bounded)(MOST_FORMS));
    rows.into_iter().chain(forms).collect()
}

fn columns(asked: &Asked, path: &str, w: &Words) -> Vec<Heading> {
    let heading = |(column, name): (_, &str)| {
        let order = asked
            .query
            .sort
            .filter(|sort| sort.column == column)
            .map(|sort| sort.is_descending);
        let next = if order == Some(false) {
            format!("-{name}")
        } else {
            name.to_owned()
        };
        Heading {
            name: column_name(column, w),
            link: asked.address(path, &next, None),
            order: order.map(|descending| if descending { "descending" } else { "ascending" }),
        }
    };
    COLUMNS.map(heading).into()
}

/// The name of a desk that a request waits on.
pub(super) fn desk_name(desk: DeskKind, w: &Words) -> &'static str {
    match desk {
        DeskKind::Checkers => w.on_lists.with_checkers,
        DeskKind::Exchange => w.on_lists.with_exchange,
    }
}
