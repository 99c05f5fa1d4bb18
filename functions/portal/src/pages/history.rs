//! The history of a request: each step, its message, who was told of it, and how far that came.

use countersign_domain::eservice::EServiceId;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::PersonId;
use countersign_domain::mail::{Mail, MailStatus};
use countersign_domain::time;
use countersign_domain::workflow::{Action, From, Row, TABLE};

use super::claim::keeps_claim;
use crate::wording::Words;

pub(crate) struct Step {
    pub(crate) what: String,
    pub(crate) who: String,
    pub(crate) at: String,
    pub(crate) message: Option<String>,
    pub(crate) told: Vec<Told>,
}

/// A recipient of an e-mail about a step.
pub(crate) struct Told {
    pub(crate) who: String,
    pub(crate) how: &'static str,
    /// When it was delivered, if it was.
    pub(crate) at: Option<String>,
    pub(crate) is_undelivered: bool,
}

/// The message that came last.
pub(crate) struct Message {
    pub(crate) who: String,
    pub(crate) at: String,
    pub(crate) text: String,
}

/// The steps, each with those of the e-mails about it that the reader may know of.
pub(crate) fn steps(history: &[HistoryRow], mails: &[Mail], w: &Words) -> Vec<Step> {
    history.iter().map(|row| step(row, mails, w)).collect()
}

/// What a step did, and who took it.
pub(super) fn entry(row: &HistoryRow, w: &Words) -> (String, String) {
    let by_clock = row.actor.id.as_str() == PersonId::CLOCK;
    let who = if by_clock {
        w.clock.to_owned()
    } else {
        row.actor.name.clone()
    };
    let what = match (row.action, &row.handed_to) {
        (Action::ReleaseForAbsence, _) => (w.acted)(row.action).to_owned(),
        // The other thing that the clock does is to end a claim.
        _ if by_clock => w.claim_ended.to_owned(),
        (_, Some(colleague)) => [w.on_desk.handed_to, &colleague.name].concat(),
        _ if keeps_claim(row.action, row.from, row.to) => w.on_own.claim_kept_entry.to_owned(),
        _ => (w.did)(row.action, row.to),
    };
    (what, who)
}

fn step(row: &HistoryRow, mails: &[Mail], w: &Words) -> Step {
    let (what, who) = entry(row, w);
    let told = mails.iter().filter(|mail| mail.version == row.version);
    Step {
        what,
        who,
        at: time::shown(row.at),
        message: row.message.clone(),
        told: told.map(|mail| to(mail, w)).collect(),
    }
}

fn to(mail: &Mail, w: &Words) -> Told {
    Told {
        who: mail.name.clone().unwrap_or_else(|| mail.address.clone()),
        how: (w.on_desk.delivery)(mail.status),
        at: (mail.status == MailStatus::Delivered).then(|| time::shown(mail.at)),
        is_undelivered: mail.status.is_undelivered(),
    }
}

/// The message that came last, which the page always shows.
pub(crate) fn newest_message(history: &[HistoryRow]) -> Option<Message> {
    let row = history.iter().rfind(|row| row.message.is_some())?;
    Some(Message {
        who: row.actor.name.clone(),
        at: time::shown(row.at),
        text: row.message.clone()?,
    })
}

/// That a step was taken, and who is told of it.
pub(crate) fn acted(action: Action, row: Option<&Row>, w: &Words) -> String {
    let d = w.on_desk;
    let is_kept = row.is_some_and(|row| match row.from {
        From::State(from) => keeps_claim(action, Some(from), row.to),
        From::Nothing | From::Any => false,
    });
    let did = if is_kept {
        w.on_own.claim_kept
    } else {
        (w.acted)(action)
    };
    let mut text = [did, d.full_stop].concat();
    let told: Vec<&str> = row
        .into_iter()
        .flat_map(|row| row.tell)
        .filter_map(|audience| (d.audience)(*audience))
        .collect();
    if !told.is_empty() {
        text += d.told_lead;
        text += &told.join(d.list_separator);
        text += d.full_stop;
    }
    text
}

/// The first row of the table with an action that requests of an eService take.
pub(crate) fn first_row(action: Action, eservice: EServiceId) -> Option<&'static Row> {
    TABLE
        .iter()
        .find(|row| row.action == action && row.is_for(eservice))
}
