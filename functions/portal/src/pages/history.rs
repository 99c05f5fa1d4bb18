//! The history of a request: each step, its message, who was told of it, and how far that came.

use countersign_domain::directory::name_digest;
use countersign_domain::eservice::EServiceId;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::PersonId;
use countersign_domain::mail::{Mail, MailStatus};
use countersign_domain::names::Names;
use countersign_domain::request::StateName;
use countersign_domain::time;
use countersign_domain::workflow::{Action, From, Row, TABLE, Write};

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
    let names = names(history);
    history.iter().map(|row| step(row, mails, &names, w)).collect()
}

/// What tells apart those who took the steps.
pub(crate) fn names(history: &[HistoryRow]) -> Names {
    Names::among(
        history
            .iter()
            .flat_map(|row| [Some(&row.actor), row.handed_to.as_ref()])
            .flatten(),
    )
}

/// What a step did, and who took it.
pub(super) fn entry(row: &HistoryRow, names: &Names, w: &Words) -> (String, String) {
    let by_clock = row.actor.id.as_str() == PersonId::CLOCK;
    let who = if by_clock {
        w.clock.to_owned()
    } else {
        w.named(&names.of(&row.actor))
    };
    let what = match (row.action, &row.handed_to) {
        (Action::ReleaseForAbsence, _) => (w.acted)(row.action).to_owned(),
        // The other thing that the clock does is to end a claim.
        _ if by_clock => w.claim_ended.to_owned(),
        (_, Some(colleague)) => [w.on_desk.handed_to, &w.named(&names.of(colleague))].concat(),
        _ if keeps_claim(row.action, row.from, row.to) => w.on_own.claim_kept_entry.to_owned(),
        _ => (w.did)(row.action, row.to, row.eservice.definition().end),
    };
    (what, who)
}

fn step(row: &HistoryRow, mails: &[Mail], names: &Names, w: &Words) -> Step {
    let (what, who) = entry(row, names, w);
    let told: Vec<&Mail> = mails.iter().filter(|mail| mail.version == row.version).collect();
    Step {
        what,
        who,
        at: time::shown(row.at),
        message: row.message.clone(),
        told: told.iter().map(|mail| to(mail, &told, w)).collect(),
    }
}

/// A recipient, among those of the same step. One of several who share a name has their address behind it.
fn to(mail: &Mail, among: &[&Mail], w: &Words) -> Told {
    let is_namesake = |name: &str, other: &Mail| {
        let same = |other: &String| name_digest(other) == name_digest(name);
        other.address != mail.address && other.name.as_ref().is_some_and(same)
    };
    let who = match &mail.name {
        Some(name) if among.iter().any(|other| is_namesake(name, other)) => {
            format!("{name} <{}>", mail.address)
        }
        Some(name) => name.clone(),
        None => mail.address.clone(),
    };
    Told {
        who: w.named(&who),
        how: (w.on_desk.delivery)(mail.status),
        at: (mail.status == MailStatus::Delivered).then(|| time::shown(mail.at)),
        is_undelivered: mail.status.is_undelivered(),
    }
}

/// The message that came last, which the page always shows.
pub(crate) fn newest_message(history: &[HistoryRow], w: &Words) -> Option<Message> {
    let row = history.iter().rfind(|row| row.message.is_some())?;
    Some(Message {
        who: w.named(&names(history).of(&row.actor)),
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
    let is_first_check = row.is_some_and(|row| row.has(Write::FirstCheck));
    let did = if is_kept {
        w.on_own.claim_kept
    } else {
        (w.acted)(action)
    };
    let mut text = [did, d.full_stop].concat();
    if is_first_check {
        text += d.first_check_done;
    }
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

/// The first row of the table with an action that leads requests of an eService to a state.
pub(crate) fn first_row(action: Action, to: StateName, eservice: EServiceId) -> Option<&'static Row> {
    TABLE
        .iter()
        .find(|row| row.action == action && row.to == to && row.is_for(eservice))
}
