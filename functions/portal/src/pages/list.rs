//! Tasks (guideline, step k) and My requests.

use askama::Template;
use countersign_application::requests;
use countersign_domain::request::StateName;

use super::listing::{Asked, Column, Found, MOST_SEARCHED, Row, find};
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "tasks.html")]
struct ListPage {
    frame: Frame,
    w: &'static Words,
    title: &'static str,
    lead: &'static str,
    empty: &'static str,
    is_company_list: bool,
    list: List,
}

struct List {
    path: &'static str,
    query: String,
    states: Vec<Choice>,
    of_all: bool,
    sort: String,
    columns: Vec<Heading>,
    rows: Vec<Row>,
    note: Option<String>,
    first: Option<String>,
    next: Option<String>,
}

struct Choice {
    value: &'static str,
    name: &'static str,
    is_chosen: bool,
}

struct Heading {
    name: &'static str,
    link: String,
    order: Option<&'static str>,
}

/// `GET /portal/tasks`: someone with a right; the desk of their company, or the exchange's.
pub(crate) async fn tasks(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let asked = Asked::read(visit);
    let source = requests::List::tasks(caller);
    let (found, frame) = tokio::join!(find(visit, &source, &asked), Frame::of(visit, Place::Tasks));
    let w = visit.words();
    let is_officer = caller.member.is_officer();
    let states = if is_officer {
        vec![StateName::Sent, StateName::Processing]
    } else {
        vec![StateName::ReadyToSend, StateName::Claimed]
    };
    Reply::page(&ListPage {
        frame,
        w,
        title: w.tasks,
        lead: if is_officer {
            w.tasks_lead_officer
        } else {
            w.tasks_lead
        },
        empty: w.tasks_empty,
        is_company_list: false,
        list: list(visit, "/portal/tasks", found?, &asked, &states, false),
    })
}

/// `GET /portal/requests`: someone of a company with the right; their own requests, or all of their company's.
pub(crate) async fn requests(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    if caller.member.is_officer() {
        return Ok(Reply::see("/portal/tasks"));
    }
    let of_all = visit.query("of").as_deref() == Some("all");
    let asked = Asked {
        maker: (!of_all).then(|| caller.member.person.id.clone()),
        ..Asked::read(visit)
    };
    let source = requests::List::requests(caller);
    let (found, frame) = tokio::join!(find(visit, &source, &asked), Frame::of(visit, Place::Requests));
    let w = visit.words();
    Reply::page(&ListPage {
        frame,
        w,
        title: w.requests,
        lead: w.requests_lead,
        empty: w.requests_empty,
        is_company_list: true,
        list: list(visit, "/portal/requests", found?, &asked, &StateName::ALL, of_all),
    })
}

fn list(
    visit: &Visit,
    path: &'static str,
    found: Found,
    asked: &Asked,
    states: &[StateName],
    of_all: bool,
) -> List {
    let w = visit.words();
    let of = if of_all { "all" } else { "" };
    let sort = asked.sort_key();
    let heading = |column: Column| {
        let order = asked
            .sort
            .filter(|(sorted, _)| *sorted == column)
            .map(|(_, descending)| descending);
        let next = if order == Some(false) {
            format!("-{}", column.key())
        } else {
            column.key().to_owned()
        };
        Heading {
            name: column.name(w),
            link: asked.address(path, &next, &[("of", of)]),
            order: order.map(|descending| if descending { "descending" } else { "ascending" }),
        }
    };
    let choice = |state: &StateName| Choice {
        value: state.as_str(),
        name: (w.state)(*state),
        is_chosen: asked.state == Some(*state),
    };
    let here = asked.address(path, &sort, &[("of", of)]);
    let mark = if here.contains('?') { '&' } else { '?' };
    List {
        path,
        query: asked.text.clone(),
        states: states.iter().map(choice).collect(),
        of_all,
        columns: Column::ALL.map(heading).into(),
        rows: found.heads.iter().map(|head| Row::of(visit, head)).collect(),
        note: found.is_bounded.then(|| (w.bounded)(MOST_SEARCHED)),
        next: found.next.map(|next| format!("{here}{mark}{next}")),
        first: (!found.is_first).then_some(here),
        sort,
    }
}
