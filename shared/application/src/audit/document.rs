//! The audit as a file: CSV for spreadsheets, JSON Lines for programs.

use countersign_domain::audit::{Entry, Event};
use countersign_domain::time;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::csv::{self, Table};

use super::{Filter, Page, Place, Size, page, whole};
use crate::access::{AccessError, Caller};
use crate::readiness::Document;

/// The media type of JSON Lines.
const JSON_LINES: &str = "application/jsonl";

/// How long a CSV file may be. Lambda answers with 6 MB at most.
const SIZE: Size = Size {
    entries: 10_000,
    octets: 3_000_000,
};

/// That a file does not end where the audit does.
const MORE: &str = "There is more: the file ends here, the audit goes on.";

const COLUMNS: [&str; 19] = [
    "Time",
    "Kind",
    "Request",
    "Reference Number",
    "eService",
    "Version",
    "Action",
    "Person",
    "Person ID",
    "Handed Over To",
    "Handed Over To ID",
    "From",
    "To",
    "Message",
    "Reason",
    "Times",
    "First",
    "Form Hash",
    "Hash",
];

/// The formats of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A line for each entry, as spreadsheets read it.
    Csv,
    /// The requests that have such an entry, each whole, so that the file can be verified.
    JsonLines,
}

/// Reads as much of the caller's audit as a file holds. Also returns where the next file starts.
pub async fn file(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    start: Option<&Place>,
    format: Format,
) -> Result<(Document, Option<Place>), AccessError> {
    let (ending, media, text, next) = match format {
        Format::Csv => {
            let Page { entries, next } = page(app, caller, filter, start, SIZE).await?;
            ("csv", csv::MEDIA_TYPE, table(&entries, next.is_some()), next)
        }
        Format::JsonLines => {
            let (text, next) = whole::file(app, caller, filter, start).await?;
            ("jsonl", JSON_LINES, text, next)
        }
    };
    let document = Document {
        name: format!("audit-{}.{ending}", time::day_of(app.now())),
        media,
        text,
    };
    Ok((document, next))
}

fn table(entries: &[Entry], has_more: bool) -> String {
    let mut table = Table::with(&COLUMNS);
    for entry in entries {
        table.line(&cells(entry).each_ref().map(String::as_str));
    }
    if has_more {
        let mut line = [""; COLUMNS.len()];
        line[0] = MORE;
        table.line(&line);
    }
    table.into_text()
}

fn cells(entry: &Entry) -> [String; COLUMNS.len()] {
    let or_nothing = Option::unwrap_or_default;
    let (step, refused, viewed) = match &entry.event {
        Event::Step(row) => (Some(row), None, None),
        Event::Refused(attempt) => (None, Some(attempt), None),
        Event::Viewed(view) => (None, None, Some(view)),
    };
    let version = step.map(|row| row.version).or(viewed.map(|view| view.version));
    let times = refused.map(|attempt| (attempt.times, attempt.first));
    let times = times.or(viewed.map(|view| (view.times, view.first)));
    let from = step.and_then(|row| row.from);
    let colleague = entry.colleague();
    [
        time::shown_to_the_second(entry.at()),
        entry.kind().as_str().to_owned(),
        entry.request.to_string(),
        or_nothing(entry.reference.as_ref().map(ToString::to_string)),
        entry.eservice.code().to_owned(),
        or_nothing(version.map(|version| version.to_string())),
        entry.action().map_or("", Action::as_str).to_owned(),
        entry.actor().name.clone(),
        entry.actor().id.to_string(),
        or_nothing(colleague.map(|colleague| colleague.name.clone())),
        or_nothing(colleague.map(|colleague| colleague.id.to_string())),
        or_nothing(from.map(|from| from.as_str().to_owned())),
        or_nothing(step.map(|row| row.to.as_str().to_owned())),
        entry.message().unwrap_or_default().to_owned(),
        or_nothing(refused.map(|attempt| attempt.reason.as_str().to_owned())),
        or_nothing(times.map(|(times, _)| times.to_string())),
        or_nothing(times.map(|(_, first)| time::shown_to_the_second(first))),
        or_nothing(step.map(|row| row.form_hash.to_string())),
        or_nothing(step.map(|row| row.digest().to_string())),
    ]
}
