//! What must hold whatever people do.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::history::{HistoryRow, is_unbroken};
use countersign_domain::id::{ParticipantId, PersonId, Reference, RequestId};
use countersign_domain::request::{Checks, Head, StateName};
use countersign_domain::workflow::Action;
use countersign_platform::store::index::INDEXES;
use countersign_platform::store::key;
use jiff::Timestamp;

use crate::machine::model::{DEADLINE_PASSED, Model, Request, Who, firm, person, who_is};
use crate::machine::snapshot::{Snapshot, Table};

pub(crate) fn id_of(request: &Request) -> RequestId {
    RequestId::parse(&request.id).unwrap_or_else(|| panic!("{} is no ID", request.id))
}

/// Checks one request: its history is complete, its head is what the history makes of it, and four eyes have seen it.
pub(crate) fn hold_request(snapshot: &Snapshot, request: &Request) {
    let id = id_of(request);
    let (head, history) = (snapshot.head(id), snapshot.history(id));
    assert!(
        is_unbroken(&history),
        "the history of {id} is broken: {history:?}"
    );
    assert_eq!(
        history.len(),
        request.version(),
        "{id} has a version too many or too few"
    );
    hold_replay(&head, &history);
    hold_form(snapshot, request, &history);
    hold_model(&head, request);
    hold_two_checks(&history);
    for row in &history {
        hold_four_eyes(row, request);
    }
}

/// The head is what its history makes of it.
fn hold_replay(head: &Head, history: &[HistoryRow]) {
    let id = head.id;
    let (first, last) = (&history[0], &history[history.len() - 1]);
    assert_eq!(head.state.name(), last.to, "{id}: state");
    assert_eq!(head.version, last.version, "{id}: version");
    assert_eq!(head.chain, last.digest(), "{id}: chain");
    assert_eq!(head.form_hash, last.form_hash, "{id}: form");
    let takes_over = |row: &&HistoryRow| row.action == Action::TakeOver && row.to == StateName::Draft;
    let maker = history.iter().rfind(takes_over).unwrap_or(first);
    assert_eq!(head.maker.id, maker.actor.id, "{id}: maker");
    assert_eq!(
        (head.created_at, head.updated_at),
        (first.at, last.at),
        "{id}: times"
    );
    let is_held = matches!(last.to, StateName::Claimed | StateName::Processing);
    let holder = head.state.holder().map(|taken| (&taken.by.id, taken.at));
    assert_eq!(
        holder,
        is_held.then_some((&last.handed_to.as_ref().unwrap_or(&last.actor).id, last.at)),
        "{id}: holder"
    );
    let lease = head.state.lease_ends();
    assert_eq!(lease.is_some(), is_held, "{id}: lease");
    assert!(
        lease.is_none_or(|ends| ends > last.at),
        "{id}: a claim that has ended when it starts"
    );
    let confirms = |row: &&HistoryRow| matches!(row.action, Action::Confirm | Action::ConfirmByMail);
    let confirmation = history
        .iter()
        .rfind(confirms)
        .filter(|_| is_before_the_exchange(last.to));
    let confirmed = head.state.confirmed().map(|taken| (&taken.by.id, taken.at));
    assert_eq!(
        confirmed,
        confirmation.map(|row| (&row.actor.id, row.at)),
        "{id}: confirmation"
    );
    let submits = |row: &&HistoryRow| row.action == Action::Submit;
    let submission = history.iter().rfind(submits);
    assert_eq!(
        head.submitted_at,
        submission.map(|row| row.at),
        "{id}: submission"
    );
    let settles = |row: &&HistoryRow| submits(row) || confirms(row) && row.to == StateName::Sent;
    let deadline: Timestamp = DEADLINE_PASSED.parse().unwrap_or(Timestamp::MIN);
    let guaranteed = history.iter().rfind(settles).map(|row| row.at < deadline);
    assert_eq!(head.guaranteed, guaranteed, "{id}: guarantee");
    let arrival = history
        .iter()
        .rfind(|row| row.from.map(desk) != Some(desk(row.to)));
    let since = arrival.filter(|_| desk(last.to).is_some()).map(|row| row.at);
    assert_eq!(head.desk_since, since, "{id}: desk");
    hold_reference(head, history);
}

fn hold_reference(head: &Head, history: &[HistoryRow]) {
    let given = history
        .iter()
        .find(|row| row.action == Action::Submit)
        .and_then(|row| row.reference.as_ref());
    assert_eq!(head.reference.as_ref(), given, "{}: reference", head.id);
    let mut before: Option<&Reference> = None;
    for row in history {
        let lost = before.is_some() && row.reference.as_ref() != before;
        assert!(
            !lost,
            "{}: version {} has another reference",
            head.id, row.version
        );
        before = row.reference.as_ref();
    }
}

/// Checks that each save's form is stored unchanged, and that the current form says what its author wrote.
fn hold_form(snapshot: &Snapshot, request: &Request, history: &[HistoryRow]) {
    let id = id_of(request);
    let mut hash = None;
    for row in history {
        if is_save(row) {
            hash = Some(snapshot.form(id, row.version).hash().unwrap());
        }
        assert_eq!(
            Some(row.form_hash),
            hash,
            "{id}: the form of version {}",
            row.version
        );
    }
    assert!(
        says_what_is_kept(snapshot, request),
        "{id} does not say what its author wrote: {request:?}"
    );
}

/// Whether the stored form says what the model expects.
pub(crate) fn says_what_is_kept(snapshot: &Snapshot, request: &Request) -> bool {
    let id = id_of(request);
    let history = snapshot.history(id);
    let last = history
        .iter()
        .rfind(|row| is_save(row))
        .map_or(1, |row| row.version);
    let form = snapshot
        .form(id, last)
        .json()
        .unwrap_or_else(|error| panic!("{id}: {error}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let rows = form["changes"].as_array().into_iter().flatten();
    let rows: BTreeMap<_, _> = rows
        .map(|row| (text(&row["userId"]), text(&row["email"])))
        .collect();
    rows == request.registrations && form["declaration"] == request.is_declared
}

fn is_save(row: &HistoryRow) -> bool {
    matches!(row.action, Action::Save | Action::Clone)
}

/// Checks that the head says what the model expects.
fn hold_model(head: &Head, request: &Request) {
    let id_of = |who: Who| person(who).id;
    let id = head.id;
    assert_eq!(head.state.name(), request.state, "{id}: state");
    assert_eq!(head.company.as_str(), request.company(), "{id}: company");
    assert_eq!(head.maker.id.as_str(), id_of(request.maker), "{id}: maker");
    let holder = head.state.holder().map(|taken| taken.by.id.as_str());
    assert_eq!(holder, request.holder.map(id_of), "{id}: holder");
    let first = head.state.first_check().map(|taken| taken.by.id.as_str());
    assert_eq!(first, request.first_checker.map(id_of), "{id}: first checker");
    assert_eq!(
        head.checks.needed() == 2,
        request.needs_two,
        "{id}: how many check it"
    );
    assert_eq!(head.reference.is_some(), request.has_reference, "{id}: reference");
    let editors: BTreeSet<&str> = head.editors.iter().map(PersonId::as_str).collect();
    let authors: BTreeSet<&str> = request.authors.iter().map(|who| id_of(*who)).collect();
    assert_eq!(editors, authors, "{id}: who may not check it");
}

/// Checks that what two people have to check goes out only after two people have checked it since it was submitted.
fn hold_two_checks(history: &[HistoryRow]) {
    let (mut needs_two, mut first) = (false, None);
    for row in history {
        let confirms = matches!(row.action, Action::Confirm | Action::ConfirmByMail);
        match row.to {
            StateName::ReadyToSend if row.action == Action::Submit => {
                (needs_two, first) = (row.checks == Checks::FirstOfTwo, None);
            }
            StateName::ReadyToSend if confirms => {
                assert!(needs_two && first.is_none(), "a first check too many: {row:?}");
                first = Some(&row.actor.id);
            }
            StateName::Sent if confirms => {
                assert_eq!(first.is_some(), needs_two, "a check is missing: {row:?}");
                assert_ne!(first, Some(&row.actor.id), "one person checked it twice: {row:?}");
            }
            _ => {}
        }
    }
}

/// Checks that nobody checks what they filled in or took over, or a clone of it, and that nobody is handed it. Who has
/// returned a request may take it over afterwards, and can't check it any more then.
fn hold_four_eyes(row: &HistoryRow, request: &Request) {
    let authors = &request.authors_at[row.version as usize - 1];
    let takes = row.action == Action::Claim && row.to == StateName::Claimed;
    let gives = row.action == Action::Return && row.from == Some(StateName::Claimed);
    let decides = matches!(
        row.action,
        Action::Confirm | Action::ConfirmByMail | Action::ReturnByMail
    );
    let checker = Some(&row.actor).filter(|_| takes || gives || decides);
    for person in checker.into_iter().chain(&row.handed_to) {
        let is_author = who_is(person.id.as_str()).is_some_and(|who| authors.contains(&who));
        assert!(
            !is_author,
            "{} checks {} and is among its authors: {row:?}",
            person.name, request.id
        );
    }
}

fn is_before_the_exchange(state: StateName) -> bool {
    matches!(
        state,
        StateName::Sent | StateName::Processing | StateName::Completed | StateName::Rejected
    )
}

/// Whose desk has a request in this state: the company's (false), the exchange's (true), or none.
pub(crate) fn desk(state: StateName) -> Option<bool> {
    match state {
        StateName::ReadyToSend | StateName::Claimed => Some(false),
        StateName::Sent | StateName::Processing => Some(true),
        StateName::Draft | StateName::Completed | StateName::Rejected | StateName::Discarded => None,
    }
}

/// Checks everything outside the requests: locks, references, the register.
pub(crate) fn hold_all(snapshot: &Snapshot, model: &Model) {
    let stored: BTreeSet<_> = snapshot.requests().into_iter().collect();
    let known: BTreeSet<_> = model.requests.iter().map(id_of).collect();
    assert_eq!(stored, known, "requests that nobody made, or that are gone");
    hold_locks(snapshot, model);
    hold_references(snapshot, model);
    hold_register(snapshot, model);
}

/// Checks that each open request has the locks of all its User IDs.
fn hold_locks(snapshot: &Snapshot, model: &Model) {
    for (_, request) in model.open_requests() {
        let participant = participant(request);
        for user in request.registrations.keys() {
            let lock = snapshot.text(key::lock(&participant, user), "request");
            assert_eq!(
                lock,
                Some(request.id.as_str()),
                "who locks {user}, which is in {}",
                request.id
            );
        }
    }
}

/// Checks that references are unique.
fn hold_references(snapshot: &Snapshot, model: &Model) {
    let mut given = BTreeMap::new();
    for request in &model.requests {
        if let Some(reference) = snapshot.head(id_of(request)).reference {
            let twin = given.insert(reference.to_string(), &request.id);
            assert_eq!(twin, None, "{reference} is given twice");
        }
    }
}

/// Checks that the register has what completed requests wrote there, and nothing else.
fn hold_register(snapshot: &Snapshot, model: &Model) {
    for company in ["abc", "bank", "solo"] {
        let firm = firm(company);
        let participant =
            ParticipantId::parse(firm.participant).unwrap_or_else(|| panic!("{}", firm.participant));
        for user in firm.users {
            let entry = key::administrator(&participant, user);
            let registered = snapshot
                .text(entry.clone(), "email")
                .zip(snapshot.text(entry, "request"));
            let expected = model.register.get(*user);
            let expected =
                expected.map(|(address, which)| (address.as_str(), model.requests[*which].id.as_str()));
            assert_eq!(registered, expected, "what the register says of {user}");
        }
    }
}

fn participant(request: &Request) -> ParticipantId {
    let participant = firm(request.company()).participant;
    ParticipantId::parse(participant).unwrap_or_else(|| panic!("{participant}"))
}

/// Checks that the indexes list each request where its state belongs and nowhere else, and that a reference leads to
/// its request.
pub(crate) async fn hold_indexes(table: &Table, snapshot: &Snapshot, model: &Model) {
    for index in INDEXES {
        let place = |request: &Request| match index.name {
            "by_desk" => desk(request.state).map(|is_exchange| {
                if is_exchange {
                    "EXCHANGE".to_owned()
                } else {
                    format!("COMPANY#{}", request.company())
                }
            }),
            "by_company" => Some(request.company().to_owned()),
            "by_reference" => snapshot
                .head(id_of(request))
                .reference
                .map(|given| given.to_string()),
            other => panic!("no index is called {other}"),
        };
        let expected = model.requests.iter();
        let mut expected: Vec<_> = expected
            .filter_map(|request| Some((format!("REQ#{}", request.id), place(request)?)))
            .collect();
        expected.sort();
        assert_eq!(table.indexed(index).await, expected, "{}", index.name);
    }
}
