//! Steps in the store, and how the model changes with them.

use countersign_domain::history::HistoryRow;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::Action;

use crate::machine::doors::{Answer, Sent};
use crate::machine::model::{Model, Who, who_is};
use crate::machine::story::Verb;

/// A step that is in the store but not yet in the model.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) row: HistoryRow,
    /// Who took it, or `None` if it was the clock.
    pub(super) who: Option<Who>,
    pub(super) verb: Verb,
}

impl Event {
    pub(super) fn of(row: HistoryRow) -> Self {
        let verb = match row.action {
            Action::Save if row.version == 1 => Verb::Create,
            Action::Save => Verb::Save,
            Action::Clone => Verb::Clone,
            Action::Discard => Verb::Discard,
            Action::Submit => Verb::Submit,
            Action::Reclaim => Verb::Reclaim,
            Action::Claim => Verb::Claim,
            Action::Release | Action::ReleaseForAbsence => Verb::Release,
            Action::HandOver => Verb::HandOver,
            Action::TakeOver => Verb::TakeOver,
            Action::Return | Action::ReturnByMail => Verb::Return,
            Action::Confirm | Action::ConfirmByMail => Verb::Confirm,
            Action::Complete => Verb::Complete,
            Action::Reject => Verb::Reject,
        };
        Self {
            who: who_is(row.actor.id.as_str()),
            verb,
            row,
        }
    }
}

/// Whether a step is the result of this command.
pub(super) fn is_of(event: &Event, (sent, answer): &(Sent, Answer)) -> bool {
    let request = Some(event.row.request.to_string());
    let is_subject = if sent.verb.makes_one() {
        made(answer) == request
    } else {
        sent.id == request
    };
    answer.is_taken && event.who == Some(sent.who) && event.verb == sent.verb && is_subject
}

/// Records a step in the model.
pub(super) fn record(model: &mut Model, event: &Event, sent: &[(Sent, Answer)]) {
    let row = &event.row;
    let tag = Receipt::after(row).tag();
    let form = sent
        .iter()
        .find(|sent| is_of(event, sent))
        .and_then(|(sent, _)| sent.form);
    let find = |id: String| model.requests.iter().position(|request| request.id == id);
    let which = find(row.request.to_string());
    match (which, event.who) {
        (Some(which), who) => {
            model.stepped(who, event.verb, which, tag, form, row.at);
            if let Some(colleague) = &row.handed_to {
                model.requests[which].holder = who_is(colleague.id.as_str());
            }
        }
        (None, Some(who)) => {
            let source = row.cloned_from.and_then(|source| find(source.to_string()));
            model.made(who, row.request.to_string(), tag, source, form, row.at);
        }
        (None, None) => panic!("the clock made a request: {row:?}"),
    }
}

/// Checks that a step has changed no other request.
pub(super) fn hold_own(differences: &[(String, String)], row: &HistoryRow) {
    let own = format!("REQ#{}", row.request);
    for (pk, sk) in differences {
        let is_own = pk == &own
            || match row.action {
                Action::Submit => ["LOCK#", "SEQ#"].iter().any(|kind| pk.starts_with(kind)),
                Action::Complete => pk.starts_with("DA#"),
                _ => false,
            };
        assert!(is_own, "{:?} changed {pk} {sk}", row.action);
    }
}

/// The ID of the request that a command made or changed, if the answer contains it.
pub(super) fn made(answer: &Answer) -> Option<String> {
    let is_id =
        |text: &&str| text.len() == 26 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let mut words = answer.says.split(|c: char| !c.is_ascii_alphanumeric());
    words.find(is_id).filter(|_| answer.is_taken).map(str::to_owned)
}
