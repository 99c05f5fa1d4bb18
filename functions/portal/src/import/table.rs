//! Lines of text as rows of the wanted columns.

use csv::{ReaderBuilder, StringRecord};

use super::{Column, ImportFault, Line, Table};

/// Separators of cells. If several are equally frequent on the first line, the last of them wins.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// What separates the cells of a single line that has none of the text's own separators.
const OTHER_SEPARATORS: [char; 5] = [',', ';', '\t', '\u{ff0c}', '\u{ff1b}'];

/// Marks the end, on a line below the text. An unclosed quotation mark swallows it.
const END: &str = "\0";

/// How cells begin that have an apostrophe in front, so that no spreadsheet takes them for a formula.
const GUARDED: [&str; 4] = ["'=", "'+", "'-", "'@"];

/// Reads rows of these columns. With a heading, columns are found by what they are called, in any order; without one they
/// are in the order given. The caller validates the cells.
pub(crate) fn read(text: &str, columns: &[Column], called: impl Fn(&str) -> Option<usize>) -> Table {
    let mut table = Table::default();
    let mut records = records(text, columns.len(), &mut table.faults)
        .into_iter()
        .peekable();
    // Text in brackets after a name is an explanation.
    let column = |heading: &str| {
        let name = heading.split(['(', '\u{ff08}', '[']).next().unwrap_or_default();
        called(heading).or_else(|| called(name))
    };
    let is_heading = |record: &Record| record.cells.iter().any(|cell| column(cell).is_some());
    let layout = match records.next_if(is_heading) {
        Some(heading) => match Layout::of(&heading.cells, columns, &column, &mut table.left_out) {
            Ok(layout) => layout,
            Err(fault) => {
                table.faults.push(fault);
                return table;
            }
        },
        None => Layout::in_order(columns),
    };
    for record in records {
        match layout.line(&record, columns) {
            Ok(line) => table.lines.push(line),
            Err(fault) => table.faults.push(fault),
        }
    }
    if table.lines.is_empty() && table.faults.is_empty() {
        table.faults.push(ImportFault::Nothing);
    }
    table
}

/// A row of the text.
struct Record {
    number: usize,
    cells: Vec<String>,
}

/// The rows that have anything in them.
fn records(text: &str, columns: usize, faults: &mut Vec<ImportFault>) -> Vec<Record> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (separator, text, lines_before) = match declared_separator(&text) {
        Some((separator, rest)) => (separator, rest, 1),
        None => (likely_separator(&text), text.as_str(), 0),
    };
    let text = [text, "\n", END].concat();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    // Reading from memory what is text already does not fail.
    for record in reader.records().map_while(Result::ok) {
        if record.as_slice() == END {
            return records;
        }
        let number = lines_before + line_of(&record, &text);
        if record.as_slice().ends_with(END) {
            faults.push(ImportFault::Quotes { line: number });
            return records;
        }
        let cells = cells(&record, columns);
        if cells.iter().any(|cell| !cell.is_empty()) {
            records.push(Record { number, cells });
        }
    }
    records
}

/// The first line `sep=;`, which tells Excel what cells are separated by; and the text below it.
fn declared_separator(text: &str) -> Option<(u8, &str)> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_start().trim_matches('"');
    let (name, declared) = first.split_at_checked(4)?;
    let mut declared = declared.chars();
    let separator = declared.next()?;
    let is_separator = separator == '\t' || separator.is_ascii_punctuation() && separator != '"';
    // A spreadsheet that saved this line as cells left separators behind it.
    let is_whole = declared.all(|c| c == separator || c == ' ');
    (name.eq_ignore_ascii_case("sep=") && is_separator && is_whole)
        .then(|| u8::try_from(separator).ok())
        .flatten()
        .map(|separator| (separator, rest))
}

/// The most frequent separator on the first line that is not blank, outside of quotation marks.
fn likely_separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let outside = || first.unwrap_or_default().split('"').step_by(2);
    let count = |separator: char| {
        outside()
            .map(|part| part.matches(separator).count())
            .sum::<usize>()
    };
    let most = SEPARATORS.into_iter().max_by_key(|separator| count(*separator));
    most.and_then(|separator| u8::try_from(separator).ok())
        .unwrap_or(b',')
}

/// The line that a record begins on. The reader has its position before the empty lines that it skips.
fn line_of(record: &StringRecord, text: &str) -> usize {
    let Some(position) = record.position() else {
        return 0;
    };
    let (line, octet) = (position.line(), position.byte());
    let from = text.bytes().skip(usize::try_from(octet).unwrap_or_default());
    usize::try_from(line).unwrap_or_default() + from.take_while(|octet| *octet == b'\n').count()
}

/// The cells of a record, without the empty ones that spreadsheets leave at its end.
fn cells(record: &StringRecord, columns: usize) -> Vec<String> {
    let mut cells: Vec<String> = match record.iter().next() {
        Some(only) if record.len() == 1 && columns > 1 => {
            let separator = OTHER_SEPARATORS
                .into_iter()
                .find(|separator| only.contains(*separator));
            separator.map_or_else(
                || vec![cell(only)],
                |separator| only.split(separator).map(cell).collect(),
            )
        }
        _ => record.iter().map(cell).collect(),
    };
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

/// The content of a cell. The reader leaves a quotation mark in place if a blank precedes it.
fn cell(text: &str) -> String {
    let text = text.trim();
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let text = quoted.map_or_else(|| text.to_owned(), |text| text.trim().replace("\"\"", "\""));
    if GUARDED.iter().any(|guarded| text.starts_with(guarded)) {
        text[1..].to_owned()
    } else {
        text
    }
}

/// Where the wanted columns stand.
struct Layout {
    /// The place of each wanted column.
    places: Vec<Option<usize>>,
    /// How many columns there are.
    width: usize,
}

impl Layout {
    fn in_order(columns: &[Column]) -> Self {
        Self {
            places: (0..columns.len()).map(Some).collect(),
            width: columns.len(),
        }
    }

    /// As a heading names them.
    fn of(
        heading: &[String],
        columns: &[Column],
        column: &impl Fn(&str) -> Option<usize>,
        left_out: &mut Vec<String>,
    ) -> Result<Self, ImportFault> {
        let mut places = vec![None; columns.len()];
        for (place, name) in heading.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let Some(index) = column(name) else {
                left_out.push(name.clone());
                continue;
            };
            match (places.get_mut(index), columns.get(index)) {
                (Some(found @ None), _) => *found = Some(place),
                (_, Some(column)) => return Err(ImportFault::ColumnTwice(column.label)),
                (_, None) => {}
            }
        }
        let mut missing = places.iter().zip(columns);
        match missing.find(|(place, column)| place.is_none() && column.is_required) {
            Some((_, column)) => Err(ImportFault::NoColumn(column.label)),
            None => Ok(Self {
                places,
                width: heading.len(),
            }),
        }
    }

    fn line(&self, record: &Record, columns: &[Column]) -> Result<Line, ImportFault> {
        let at = |place: &Option<usize>| place.and_then(|place| record.cells.get(place).cloned());
        let cells: Vec<String> = self
            .places
            .iter()
            .map(|place| at(place).unwrap_or_default())
            .collect();
        let is_gap = |(cell, column): (&String, &Column)| cell.is_empty() && column.is_required;
        if record.cells.len() > self.width || cells.iter().zip(columns).any(is_gap) {
            return Err(ImportFault::Columns {
                line: record.number,
                labels: columns.iter().map(|column| column.label).collect(),
            });
        }
        Ok(Line {
            number: record.number,
            cells,
        })
    }
}

#[cfg(test)]
mod tests;
