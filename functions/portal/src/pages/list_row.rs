//! The rows of a list, on the page and in the file.

use countersign_application::lists::{self, Column};
use countersign_application::readiness::Document;
use countersign_application::requests::allowed_actions;
use countersign_domain::names::Names;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::{Head, HeldBy};
use countersign_domain::time;
use countersign_domain::workflow::Action;
use countersign_platform::csv::{self, Table};
use countersign_platform::store::item::StoredHead;

use super::claim::{ends_soon, is_keeping};
use super::list::{Which, desk_name, names, notes};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::{Words, tag_of};

/// A row as the page shows it.
pub(super) struct Row {
    pub(super) id: String,
    /// The reference number; without one, that it is a draft.
    pub(super) name: String,
    pub(super) function: &'static str,
    pub(super) classification: &'static str,
    pub(super) company: String,
    pub(super) participant: String,
    pub(super) with: String,
    pub(super) day: String,
    pub(super) time: String,
    pub(super) status: &'static str,
    pub(super) tag: &'static str,
    pub(super) is_late: bool,
    /// That the reader's claim ends soon.
    pub(super) ends_soon: Option<String>,
    /// What the reader could do with it if they pick it, and the value of the box that does.
    pub(super) pick: Option<(Action, String)>,
}

impl Row {
    /// The row of a request. It can be picked if the list has boxes and the reader could claim or confirm the request.
    pub(super) fn of(
        visit: &Visit,
        stored: &StoredHead,
        names: &Names,
        has_boxes: bool,
    ) -> Result<Self, Stop> {
        let (w, head) = (visit.words(), &stored.head);
        let eservice = head.eservice.definition();
        let reference = head.reference.as_ref().map(ToString::to_string);
        let allowed = if has_boxes {
            allowed_actions(&visit.app, &visit.actor()?, stored)
        } else {
            Vec::new()
        };
        let step = [Action::Confirm, Action::Claim]
            .into_iter()
            .find(|action| allowed.contains(action) && !is_keeping(*action, head.state.name()));
        let reader = &visit.caller()?.member.person.id;
        let is_held = head.state.holder().is_some_and(|taken| taken.by.id == *reader);
        Ok(Self {
            id: head.id.to_string(),
            name: reference.unwrap_or_else(|| format!("{} {}", eservice.label, w.draft)),
            function: (w.function_name)(eservice),
            classification: eservice.classification.text(w.language),
            company: head.company_name.clone(),
            participant: head
                .participantship
                .as_ref()
                .map(|own| own.id.to_string())
                .unwrap_or_default(),
            with: with(visit, head, names)?,
            day: time::shown_date(head.updated_at),
            time: time::shown_time(head.updated_at),
            status: (w.brief_status)(&head.state, eservice.end),
            tag: tag_of(head.state.name()),
            ends_soon: ends_soon(&head.state, visit.now, w).filter(|_| is_held),
            is_late: head.is_late(&visit.app.config().campaign, visit.now),
            pick: step.map(|step| (step, format!("{} {}", head.id, Receipt::of(head).tag()))),
        })
    }
}

/// Who has a request, in the reader's words.
fn with(visit: &Visit, head: &Head, names: &Names) -> Result<String, Stop> {
    let w = visit.words();
    Ok(match head.held_by() {
        HeldBy::Person(person) if person.id == visit.caller()?.member.person.id => {
            w.on_lists.with_you.to_owned()
        }
        HeldBy::Person(person) => names.of(person),
        HeldBy::Desk(desk) => desk_name(desk, w).to_owned(),
        HeldBy::Nobody => w.on_lists.with_nobody.to_owned(),
    })
}

/// The heading of a column: the guideline's, and who has the request.
pub(super) fn column_name(column: Column, w: &Words) -> &'static str {
    match column {
        Column::Classification => w.classification,
        Column::Company => w.company_participant_id,
        Column::Details => w.details,
        Column::With => w.on_lists.with,
        Column::Updated => w.last_update_date,
        Column::Status => w.job_status,
    }
}

/// `GET /portal/tasks.csv`: the same people as the page, and the rows of all its pages.
pub(crate) async fn tasks_csv(visit: &Visit) -> Answer {
    csv(visit, Which::Tasks, "tasks").await
}

/// `GET /portal/requests.csv`: the same people as the page, and the rows of all its pages.
pub(crate) async fn requests_csv(visit: &Visit) -> Answer {
    csv(visit, Which::Requests, "requests").await
}

/// How many columns the CSV has.
const COLUMNS: usize = 10;

async fn csv(visit: &Visit, which: Which, name: &str) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let (list, asked) = which.read(visit)?;
    if !asked.faults.is_empty() {
        return Err(Stop::Malformed);
    }
    let found = Box::pin(lists::all(&visit.app, caller, &list, &asked.query)).await?;
    let w = visit.words();
    let header: [&str; COLUMNS] = [
        w.details,
        w.function,
        w.classification,
        w.company_participant_id,
        w.participant,
        w.on_lists.maker,
        w.on_lists.with,
        w.last_update_date,
        w.job_status,
        w.not_guaranteed_tag,
    ];
    let names = names(&found.heads, &[]);
    let mut table = Table::with(&header);
    for stored in &found.heads {
        let row = Row::of(visit, stored, &names, false)?;
        let late = if row.is_late { w.not_guaranteed_tag } else { "" };
        table.line(&[
            &row.name,
            row.function,
            // Programs read files too.
            stored.head.eservice.definition().classification.en,
            &row.company,
            &row.participant,
            &w.named(&names.of(&stored.head.maker)),
            &row.with,
            &time::shown(stored.head.updated_at),
            row.status,
            late,
        ]);
    }
    // A reader must not take the file for the whole list.
    for note in notes(&found, w) {
        let mut line = [""; COLUMNS];
        line[0] = &note;
        table.line(&line);
    }
    Ok(Reply::download(Document {
        name: format!("{name}-{}.csv", time::day_of(visit.now)),
        media: csv::MEDIA_TYPE,
        text: table.into_text(),
    }))
}
