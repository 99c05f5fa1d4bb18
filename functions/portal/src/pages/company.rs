//! The reader's own company: its people, who can check what, its settings, and what changed.

use askama::Template;
use countersign_application::company::{self, AddressProblem, Change, MOST_CHANGES, OwnCompany};
use countersign_domain::actor::Right;
use countersign_domain::eservice::EServiceId;
use countersign_domain::time::{self, shown_day};
use countersign_platform::store::directory::DirectoryPerson;

use super::request::kept;
use super::shown::Shown;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "company.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    name: String,
    facts: Vec<(&'static str, String)>,
    /// Where the reader asks for a change, if they may.
    change: Option<String>,
    shows_sign_ins: bool,
    people: Vec<Person>,
    removed: Vec<(String, String)>,
    duties: Vec<Duty>,
    changes: Vec<Row>,
    bounded: String,
}

struct Person {
    name: String,
    is_reader: bool,
    is_system: bool,
    email: String,
    /// That somebody else signs in with the address.
    caution: Option<&'static str>,
    former: Option<String>,
    rights: Vec<(&'static str, &'static str)>,
    absence: Option<String>,
    is_away: bool,
    last_sign_in: Option<String>,
}

struct Duty {
    eservice: String,
    checkers: Vec<Checker>,
    short: Option<String>,
}

struct Checker {
    name: String,
    absence: Option<String>,
}

/// A change that a request made.
struct Row {
    at: String,
    link: String,
    reference: String,
    /// What it asked for: labels and values.
    lines: Vec<(&'static str, String)>,
    made_by: String,
    checked_by: String,
}

/// `GET /portal/company`: someone who may see their company's requests.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let (own, frame) = tokio::join!(
        Box::pin(company::own(&visit.app, caller)),
        Frame::of(visit, Place::Company)
    );
    let own = own?;
    let (w, member) = (visit.words(), &caller.member);
    let is_needed = |id: &EServiceId| id.definition().right == Right::ManageUsers && member.may_make(*id);
    let change = EServiceId::ALL.into_iter().find(is_needed);
    let changes = own.changes.iter().map(|change| row(visit, change, &own));
    Reply::page(&Page {
        frame,
        w,
        name: own.company.name.clone(),
        facts: facts(&own, w),
        change: change.map(|id| format!("/portal/requests/new?form={}", id.code())),
        shows_sign_ins: member.may_manage_users(),
        people: own.people.iter().map(|one| person(visit, one, &own)).collect(),
        removed: removed(&own),
        duties: duties(visit, &own),
        changes: changes.collect::<Result<_, _>>()?,
        bounded: (w.on_company.bounded)(MOST_CHANGES),
    })
}

fn facts(own: &OwnCompany, w: &Words) -> Vec<(&'static str, String)> {
    let c = w.on_company;
    let on = |is_on: bool| if is_on { c.yes } else { c.no }.to_owned();
    let roles: Vec<String> = own
        .company
        .participantships
        .iter()
        .map(|own| own.shown(w.language))
        .collect();
    let roles = if roles.is_empty() {
        c.none.to_owned()
    } else {
        roles.join(w.on_desk.list_separator)
    };
    vec![
        (c.participantships, roles),
        (c.checkers_label, (c.checkers)(own.company.checkers)),
        (c.replies, on(own.company.approves_by_mail)),
        (c.views, on(own.company.records_views)),
    ]
}

fn absence(person: &DirectoryPerson, w: &Words) -> Option<String> {
    let absence = person.absence?;
    Some((w.on_company.away)(
        &shown_day(absence.from),
        &shown_day(absence.until),
    ))
}

fn person(visit: &Visit, person: &DirectoryPerson, own: &OwnCompany) -> Person {
    let c = visit.words().on_company;
    let caution = own.addresses.get(&person.id).map(|problem| match problem {
        AddressProblem::NoAccount => c.no_account,
        AddressProblem::SignsInAsBefore => c.earlier_address,
        AddressProblem::Suppressed => c.suppressed_address,
    });
    let former = person
        .former_names
        .iter()
        .filter(|former| **former != person.name);
    let former: Vec<&str> = former.map(String::as_str).collect();
    let w = visit.words();
    let today = time::day_of(visit.now);
    let is_over = person.absence.is_some_and(|absence| absence.until < today);
    let reader = visit.caller().ok().map(|caller| &caller.member.person.id);
    Person {
        name: own.names.of(&person.named()),
        is_reader: reader == Some(&person.id),
        is_system: person.is_system,
        email: person.email.clone(),
        caution,
        former: (!former.is_empty()).then(|| former.join(w.on_desk.list_separator)),
        rights: person
            .rights
            .iter()
            .map(|right| ((w.on_company.right)(*right), right.as_str()))
            .collect(),
        absence: absence(person, w).filter(|_| !is_over),
        is_away: person.is_away(visit.now),
        last_sign_in: person.sign_ins.first().map(|at| time::shown(*at)),
    }
}

fn removed(own: &OwnCompany) -> Vec<(String, String)> {
    let removed = own.removed.iter().map(|person| {
        let at = person.removed_at.map(time::shown).unwrap_or_default();
        (own.names.of(&person.named()), at)
    });
    removed.collect()
}

fn duties(visit: &Visit, own: &OwnCompany) -> Vec<Duty> {
    let w = visit.words();
    let checker = |number: &usize| {
        let person = own.people.get(*number)?;
        Some(Checker {
            name: own.names.of(&person.named()),
            absence: absence(person, w).filter(|_| person.is_away(visit.now)),
        })
    };
    let duties = own.duties.iter().map(|duty| {
        let eservice = duty.eservice.definition();
        let short = (w.on_company.short)(duty.present, duty.needed);
        Duty {
            eservice: format!("{} {}", eservice.label, (w.function_name)(eservice)),
            checkers: duty.checkers.iter().filter_map(checker).collect(),
            short: duty.is_short().then_some(short),
        }
    });
    duties.collect()
}

fn row(visit: &Visit, change: &Change, own: &OwnCompany) -> Result<Row, Stop> {
    let (w, head, names) = (visit.words(), &change.head, &own.names);
    let people = own.people.iter().chain(&own.removed).map(DirectoryPerson::named);
    let people = people.map(|person| (person.id.to_string(), names.of(&person)));
    let form = kept(visit, &change.form)?.naming(people.collect());
    let shown = Shown::of(&form, &head.company_name, None, w);
    let reference = head.reference.as_ref().map(ToString::to_string);
    let confirmed = head.state.confirmed();
    Ok(Row {
        at: time::shown(head.updated_at),
        link: format!("/portal/requests/{}", head.id),
        reference: reference.unwrap_or_default(),
        lines: shown.lines(),
        made_by: names.of(&head.maker),
        checked_by: confirmed.map(|taken| names.of(&taken.by)).unwrap_or_default(),
    })
}
