//! The fields of a list's filters.

use countersign_domain::actor::{Member, Person};
use countersign_domain::eservice::EServiceId;
use countersign_domain::names::Names;
use countersign_domain::request::{DeskKind, StateName};

use super::list::{Which, desk_name};
use super::list_query::{ALL_MAKERS, Asked, DESKS};
use crate::reply::Stop;
use crate::visit::Visit;
use crate::wording::{ListWords, Words};

/// A field of the filters.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: FieldKind,
}

pub(super) enum FieldKind {
    Choice(Vec<Choice>),
    Day,
    /// A text, with a hint.
    Text(&'static str),
}

pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) is_chosen: bool,
}

/// Values to choose from, each with its name.
type Values = Vec<(String, String)>;

/// The fields of a list. Notes a fault in each whose value is none to choose.
pub(super) fn fields(
    visit: &Visit,
    which: Which,
    asked: &mut Asked,
    (people, names): (&[Person], &Names),
) -> Result<Vec<Field>, Stop> {
    let member = &visit.caller_with_a_right()?.member;
    let (words, w) = (visit.words(), visit.words().on_lists);
    let everyone: Values = people
        .iter()
        .map(|person| {
            let is_reader = person.id == member.person.id;
            let name = if is_reader {
                w.with_you.to_owned()
            } else {
                names.of(person)
            };
            (person.id.to_string(), name)
        })
        .collect();
    let mut fields = vec![
        choice(
            asked,
            "state",
            (words.job_status, w.any),
            states(which, member, words),
            w,
        ),
        choice(asked, "eservice", (w.eservice, w.any), eservices(words), w),
    ];
    if member.is_officer() && which == Which::Tasks {
        fields.push(Field {
            name: "participant",
            label: w.participantship,
            kind: FieldKind::Text(w.participant_hint),
        });
    } else {
        let roles = member.participantships.iter();
        let roles: Values = roles
            .map(|role| (role.to_string(), role.shown(words.language)))
            .collect();
        if !roles.is_empty() {
            fields.push(choice(asked, "participant", (w.participantship, w.any), roles, w));
        }
        let (any, all) = match which {
            Which::Tasks => (w.any, None),
            Which::Requests => (
                w.makers_mine,
                Some((ALL_MAKERS.to_owned(), w.makers_all.to_owned())),
            ),
        };
        let others = everyone.iter().cloned();
        // The reader is the one whose requests are shown first.
        let others = others.filter(|(id, _)| all.is_none() || id != member.person.id.as_str());
        let makers = all.iter().cloned().chain(others).collect();
        fields.push(choice(asked, "maker", (w.maker, any), makers, w));
    }
    let holders = desks(which, member, words).into_iter().chain(everyone);
    fields.push(choice(asked, "with", (w.with, w.any), holders.collect(), w));
    let day = |(name, label)| Field {
        name,
        label,
        kind: FieldKind::Day,
    };
    fields.extend([("from", w.from), ("to", w.to)].map(day));
    Ok(fields)
}

/// The states that a list has.
fn states(which: Which, member: &Member, w: &Words) -> Values {
    let states: &[StateName] = match which {
        Which::Tasks if member.is_officer() && member.may_manage_users() => &[
            StateName::ReadyToSend,
            StateName::Claimed,
            StateName::Sent,
            StateName::Processing,
        ],
        Which::Tasks if member.is_officer() => &[StateName::Sent, StateName::Processing],
        Which::Tasks => &[StateName::ReadyToSend, StateName::Claimed],
        Which::Requests => &StateName::ALL,
    };
    let named = |state: &StateName| (state.as_str().to_owned(), (w.state)(*state).to_owned());
    states.iter().map(named).collect()
}

fn eservices(w: &Words) -> Values {
    let named = |id: EServiceId| {
        let eservice = id.definition();
        let name = format!("{} {}", eservice.label, (w.function_name)(eservice));
        (id.code().to_owned(), name)
    };
    EServiceId::ALL.map(named).into()
}

/// The desks that requests of a list wait on.
fn desks(which: Which, member: &Member, w: &Words) -> Values {
    let has = |desk: DeskKind| match which {
        Which::Tasks if member.is_officer() => desk == DeskKind::Exchange || member.may_manage_users(),
        Which::Tasks => desk == DeskKind::Checkers,
        Which::Requests => true,
    };
    let desks = DESKS.into_iter().filter(|(desk, _)| has(*desk));
    desks
        .map(|(desk, value)| (value.to_owned(), desk_name(desk, w).to_owned()))
        .collect()
}

/// A field with choices, the first of which is any. Notes a fault if something else was chosen.
fn choice(
    asked: &mut Asked,
    name: &'static str,
    (label, any): (&'static str, &str),
    values: Values,
    w: &ListWords,
) -> Field {
    asked.expect(name, w.fault_choice, &values);
    let chosen = asked.text(name);
    let choice = |(value, name): (String, String)| Choice {
        is_chosen: value == chosen,
        value,
        name,
    };
    let any = (String::new(), any.to_owned());
    Field {
        name,
        label,
        kind: FieldKind::Choice([any].into_iter().chain(values).map(choice).collect()),
    }
}
