//! The record of a request, made for print: its form, its whole history, what was refused, and who printed it when.

use askama::Template;
use countersign_application::{audit, people, seen};
use countersign_domain::audit::Attempt;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::RequestId;
use countersign_domain::names::Names;
use countersign_domain::request::Taken;
use countersign_domain::time;

use super::history;
use super::request::{find, kept};
use super::shown::{Shown, ShownContent};
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "record.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    id: RequestId,
    title: String,
    function: String,
    facts: Vec<(&'static str, String)>,
    hashes: [(&'static str, Vec<String>); 2],
    shown: Shown,
    history: Vec<Entry>,
    refused: Vec<Refused>,
    printed: [(&'static str, String); 2],
}

/// Attempts at a step that were refused.
struct Refused {
    what: String,
    why: String,
    who: String,
    at: String,
}

/// A row of the history.
struct Entry {
    version: u32,
    what: String,
    who: String,
    at: String,
    message: Option<String>,
    hashes: [(&'static str, Vec<String>); 2],
}

/// `GET /portal/requests/{id}/record`: anyone who may see the request.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let (request, frame, own_asks) = tokio::join!(
        find(visit),
        Frame::of(visit, Place::Elsewhere),
        seen::own_company_asks(&visit.app, caller)
    );
    let request = request?;
    seen::record_view(&visit.app, caller, &request.stored.head, own_asks?).await;
    let (w, head) = (visit.words(), &request.stored.head);
    let own = w.on_own;
    let people = people::names(&visit.app, &head.company, head.eservice).await?;
    let form = kept(visit, &request.form)?.naming(people);
    let reader = &caller.member;
    let eservice = head.eservice.definition();
    let reference = head.reference.as_ref().map(ToString::to_string);
    let confirmed = head.state.confirmed();
    let attempts = audit::attempts(caller, &request);
    let rows = request.history.iter();
    let others = rows
        .flat_map(|row| [Some(&row.actor), row.handed_to.as_ref()])
        .flatten();
    let names = Names::of_request(head, others.chain(attempts.iter().map(|attempt| &attempt.actor)));
    let mut facts = vec![
        (
            w.status_label.trim_end_matches([':', '：']),
            w.status_among(head, &names),
        ),
        (own.version, head.version.to_string()),
        (own.request_id, head.id.to_string()),
        (own.made_by, w.named(&names.of(&head.maker))),
    ];
    facts.extend(head.submitted_at.map(|at| (own.submitted_at, seconds(at))));
    let by = |taken: &Taken| format!("{}, {}", w.named(&names.of(&taken.by)), seconds(taken.at));
    facts.extend(
        head.state
            .first_check()
            .map(|taken| (own.first_checked_by, by(taken))),
    );
    facts.extend(confirmed.map(|taken| (own.checked_by, by(taken))));
    let campaign = &visit.app.config().campaign;
    if head.is_late(campaign, visit.now) {
        facts.push((w.not_guaranteed_tag, (w.late)(campaign)));
    }
    let printed_by = format!("{}, {}", reader.person.name, reader.company_name);
    Reply::page(&Page {
        frame,
        w,
        id: head.id,
        title: reference.unwrap_or_else(|| format!("{} {}", eservice.label, w.draft)),
        function: format!("{} {}", eservice.label, (w.function_name)(eservice)),
        facts,
        hashes: hashes(request.history.last(), w),
        shown: Shown::of(&form, &head.company_name, None, w),
        refused: attempts
            .iter()
            .map(|attempt| refused(attempt, &names, w))
            .collect(),
        history: request.history.iter().map(|row| entry(row, &names, w)).collect(),
        printed: [(own.printed_by, printed_by), (own.printed_at, seconds(visit.now))],
    })
}

fn refused(attempt: &Attempt, names: &Names, w: &Words) -> Refused {
    let (what, why) = super::audit::refused(attempt, w);
    Refused {
        what,
        why,
        who: w.named(&names.of(&attempt.actor)),
        at: seconds(attempt.last),
    }
}

fn seconds(at: jiff::Timestamp) -> String {
    time::shown_to_the_second(at)
}

fn entry(row: &HistoryRow, names: &Names, w: &Words) -> Entry {
    let (what, who) = history::entry(row, names, w);
    Entry {
        version: row.version,
        what,
        who,
        at: seconds(row.at),
        message: row.message.clone(),
        hashes: hashes(Some(row), w),
    }
}

/// The hashes as the API gives them, in groups after which a line may break.
fn hashes(row: Option<&HistoryRow>, w: &Words) -> [(&'static str, Vec<String>); 2] {
    let groups = |hash: Option<String>| -> Vec<String> {
        let characters: Vec<char> = hash.unwrap_or_default().chars().collect();
        characters
            .chunks(16)
            .map(|group| group.iter().collect())
            .collect()
    };
    let own = w.on_own;
    [
        (own.form_hash, groups(row.map(|row| row.form_hash.to_string()))),
        (own.chain_hash, groups(row.map(|row| row.digest().to_string()))),
    ]
}
