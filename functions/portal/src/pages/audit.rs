//! The audit of a company's requests: a page, and the same as files.

use askama::Template;
use countersign_application::access::AccessError;
use countersign_application::audit::document::{self, Format};
use countersign_application::audit::{self, Filter, MOST_REQUESTS, Size};
use countersign_application::people;
use countersign_domain::actor::Person;
use countersign_domain::audit::{Attempt, Entry, Event, Kind};
use countersign_domain::id::{PersonId, Reference};
use countersign_domain::names::Names;
use countersign_domain::time;
use countersign_domain::workflow::Action;
use countersign_platform::http::percent_encoded;
use countersign_platform::store::page::DEFAULT_LIMIT;

use super::history;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

const PATH: &str = "/portal/audit";
const LINES_PATH: &str = "/portal/audit.jsonl";

/// The parameters of the filter, in the order in which the page has them.
const PARAMETERS: [&str; 6] = ["kind", "person", "action", "reference", "from", "to"];

/// How long the page is. Its entries are counted, not measured.
const SIZE: Size = Size {
    entries: DEFAULT_LIMIT,
    octets: usize::MAX,
};

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    lead: &'static str,
    fields: Vec<Field>,
    is_narrowed: bool,
    rows: Vec<Row>,
    bounded: String,
    downloads: [String; 2],
    /// Where the next file of JSON Lines comes from, and what else was asked for.
    next_file: &'static str,
    asked: Vec<(&'static str, String)>,
    first: Option<&'static str>,
    next: Option<String>,
}

struct Field {
    name: &'static str,
    label: &'static str,
    typed: String,
    fault: Option<&'static str>,
    kind: FieldKind,
}

enum FieldKind {
    /// Values to choose from, each with its name.
    Choice(Vec<(String, String)>),
    Day,
    Text,
}

struct Row {
    at: String,
    what: String,
    /// Why it was refused, and how often.
    detail: Option<String>,
    is_refused: bool,
    message: Option<String>,
    who: String,
    link: String,
    name: String,
}

/// What is asked for, as it was typed and as it was read.
struct Asked {
    filter: Filter,
    typed: Vec<(&'static str, String)>,
    faults: Vec<(&'static str, &'static str)>,
}

impl Asked {
    fn read(visit: &Visit) -> Self {
        let w = visit.words();
        let typed = PARAMETERS
            .iter()
            .filter_map(|name| Some((*name, visit.query(name)?)));
        let mut asked = Self {
            filter: Filter::default(),
            typed: typed.collect(),
            faults: Vec::new(),
        };
        let (choice, date) = (w.on_lists.fault_choice, w.on_lists.fault_date);
        asked.filter = Filter {
            kind: asked.value("kind", choice, Kind::parse),
            person: asked.value("person", choice, PersonId::parse),
            action: asked.value("action", choice, Action::parse),
            reference: asked.value("reference", w.look_up_malformed, Reference::parse_typed),
            from: asked.value("from", date, |text| text.parse().ok()),
            to: asked.value("to", date, |text| text.parse().ok()),
        };
        let range = asked.filter.from.zip(asked.filter.to);
        if range.is_some_and(|(from, to)| to < from) {
            asked.faults.push(("to", w.on_lists.fault_order));
        }
        asked
    }

    fn text(&self, name: &str) -> &str {
        let found = self.typed.iter().find(|(typed, _)| *typed == name);
        found.map_or("", |(_, text)| text)
    }

    fn value<T>(
        &mut self,
        name: &'static str,
        fault: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name);
        let value = parse(text);
        if value.is_none() && !text.is_empty() {
            self.faults.push((name, fault));
        }
        value
    }

    /// The address of the same question at a path, from a place on.
    fn address(&self, path: &str, cursor: Option<&str>) -> String {
        let pairs: Vec<String> = self
            .typed
            .iter()
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .chain(cursor.map(|cursor| format!("cursor={cursor}")))
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }
}

/// Where the page starts. A cursor that no page gave leads nowhere.
fn place(visit: &Visit) -> Result<Option<audit::Place>, Stop> {
    let cursor = visit.query("cursor");
    let read = cursor.map(|cursor| audit::Place::parse(&cursor).ok_or(Stop::NotFound));
    read.transpose()
}

/// `GET /portal/audit`: someone who may see their company's requests.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let (asked, place) = (Asked::read(visit), place(visit)?);
    let found = async {
        if !asked.faults.is_empty() {
            return Ok((Vec::new(), None));
        }
        let page = audit::page(&visit.app, caller, &asked.filter, place.as_ref(), SIZE).await?;
        Ok::<_, AccessError>((page.entries, page.next))
    };
    let (found, people, frame) = tokio::join!(
        Box::pin(found),
        people::everybody(&visit.app, caller),
        Frame::of(visit, Place::Audit)
    );
    let ((entries, next), people) = (found?, people?);
    let acting = entries.iter().map(Entry::actor);
    let others = acting.chain(entries.iter().filter_map(Entry::colleague));
    let names = Names::among(people.iter().chain(others));
    let w = visit.words();
    let has_faults = !asked.faults.is_empty();
    let downloads = ["csv", "jsonl"].map(|ending| asked.address(&format!("{PATH}.{ending}"), None));
    let page = Page {
        w,
        lead: if caller.member.is_officer() {
            w.on_audit.lead_officer
        } else {
            w.on_audit.lead
        },
        fields: fields(&asked, &people, &names, w),
        is_narrowed: !asked.typed.is_empty(),
        rows: entries.iter().map(|entry| row(entry, &names, w)).collect(),
        bounded: (w.on_audit.bounded)(MOST_REQUESTS),
        downloads,
        next_file: LINES_PATH,
        asked: asked.typed.clone(),
        first: place.is_some().then_some(PATH),
        next: next.map(|next| asked.address(PATH, Some(&next.encode()))),
        frame: if has_faults { frame.of_problem() } else { frame },
    };
    Reply::page_with(if has_faults { 422 } else { 200 }, &page)
}

/// `GET /portal/audit.csv`: the same people as the page; the same as the API's.
pub(crate) async fn csv(visit: &Visit) -> Answer {
    file(visit, Format::Csv).await
}

/// `GET /portal/audit.jsonl`: the same people as the page; the same as the API's.
pub(crate) async fn json_lines(visit: &Visit) -> Answer {
    file(visit, Format::JsonLines).await
}

async fn file(visit: &Visit, format: Format) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let asked = Asked::read(visit);
    if !asked.faults.is_empty() {
        return Err(Stop::Malformed);
    }
    let place = place(visit)?;
    let file = document::file(&visit.app, caller, &asked.filter, place.as_ref(), format);
    let (document, _) = Box::pin(file).await?;
    Ok(Reply::download(document))
}

fn fields(asked: &Asked, people: &[Person], names: &Names, w: &Words) -> Vec<Field> {
    let a = w.on_audit;
    let kinds = Kind::ALL.map(|kind| (kind.as_str().to_owned(), (a.kind)(kind).to_owned()));
    let clock = (PersonId::CLOCK.to_owned(), w.clock.to_owned());
    let mut people: Vec<(String, String)> = people
        .iter()
        .map(|person| (person.id.to_string(), w.named(&names.of(person))))
        .chain([clock])
        .collect();
    // An officer's ID, say, is none of the list, but is asked for all the same.
    let typed = asked.filter.person.as_ref().map(ToString::to_string);
    let unlisted = typed.filter(|typed| people.iter().all(|(id, _)| id != typed));
    people.extend(unlisted.map(|id| (id.clone(), id)));
    let actions = Action::ALL.map(|action| (action.as_str().to_owned(), (w.action)(action).to_owned()));
    let choice = |values: Vec<(String, String)>| {
        let any = (String::new(), w.on_lists.any.to_owned());
        FieldKind::Choice([any].into_iter().chain(values).collect())
    };
    let field = |(name, label, kind)| Field {
        name,
        label,
        typed: asked.text(name).to_owned(),
        fault: asked
            .faults
            .iter()
            .find(|(at, _)| *at == name)
            .map(|(_, fault)| *fault),
        kind,
    };
    [
        ("kind", a.kinds, choice(kinds.into())),
        ("person", a.person, choice(people)),
        ("action", a.step, choice(actions.into())),
        ("reference", a.reference, FieldKind::Text),
        ("from", a.from, FieldKind::Day),
        ("to", a.to, FieldKind::Day),
    ]
    .map(field)
    .into()
}

fn row(entry: &Entry, names: &Names, w: &Words) -> Row {
    let a = w.on_audit;
    let (what, who, detail) = match &entry.event {
        Event::Step(row) => {
            let (what, who) = history::entry(row, names, w);
            (what, who, None)
        }
        Event::Refused(attempt) => {
            let (what, detail) = refused(attempt, w);
            (what, w.named(&names.of(&attempt.actor)), Some(detail))
        }
        Event::Viewed(view) => {
            let times = often(view.times, view.first, w);
            ((a.opened)(view.version), w.named(&names.of(&view.actor)), times)
        }
    };
    let eservice = entry.eservice.definition();
    let reference = entry.reference.as_ref().map(ToString::to_string);
    Row {
        at: time::shown_to_the_second(entry.at()),
        what,
        detail,
        is_refused: entry.kind() == Kind::Refused,
        message: entry.message().map(str::to_owned),
        who,
        link: format!("/portal/requests/{}", entry.request),
        name: reference.unwrap_or_else(|| format!("{} {}", eservice.label, w.draft)),
    }
}

/// What was tried, and why it was refused.
pub(super) fn refused(attempt: &Attempt, w: &Words) -> (String, String) {
    let reason = (w.on_audit.reason)(attempt.reason).to_owned();
    let times = often(attempt.times, attempt.first, w);
    let separator = w.on_desk.list_separator;
    let detail = times.map(|times| format!("{reason}{separator}{times}"));
    ((w.action)(attempt.action).to_owned(), detail.unwrap_or(reason))
}

/// How often something happened, if more than once.
fn often(times: u32, first: jiff::Timestamp, w: &Words) -> Option<String> {
    (times > 1).then(|| (w.on_audit.times)(times, &time::shown(first)))
}
