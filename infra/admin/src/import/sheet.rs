//! CSV files, and what is wrong with them by file, line and column.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use countersign_platform::decode;
use csv::ReaderBuilder;

use crate::AdminError;

/// How cells begin that have an apostrophe in front, so that no spreadsheet takes them for a formula.
const GUARDED: [&str; 4] = ["'=", "'+", "'-", "'@"];

/// A column of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its name in the heading.
    pub(super) name: &'static str,
    /// Whether every line has to fill it in.
    pub(super) is_required: bool,
}

/// A column that every line fills in.
pub(super) const fn required(name: &'static str) -> Column {
    Column {
        name,
        is_required: true,
    }
}

/// A column that a file or a line may leave out.
pub(super) const fn optional(name: &'static str) -> Column {
    Column {
        name,
        is_required: false,
    }
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fault {
    /// The file's name.
    pub(super) file: &'static str,
    /// The line, from 1; 0 if it is in no one line.
    pub(super) line: usize,
    /// The column's name, if it is in one column.
    pub(super) column: Option<&'static str>,
    /// What is wrong, in a sentence.
    pub(super) text: String,
}

/// A file as lines of the wanted columns.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) lines: Vec<Line>,
}

/// A line that has anything in it.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub(super) number: usize,
    cells: HashMap<&'static str, String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if let Some(column) = self.column {
            write!(f, ": {column}")?;
        }
        write!(f, ": {}", self.text)
    }
}

impl Sheet {
    /// Reads a file of a folder. A file that is not there has no lines.
    pub(super) fn load(
        folder: &Path,
        file: &'static str,
        columns: &[Column],
        faults: &mut Vec<Fault>,
    ) -> Result<Self, AdminError> {
        let path = folder.join(file);
        let octets = match std::fs::read(&path) {
            Ok(octets) => octets,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(AdminError::File(path.display().to_string(), error)),
        };
        Ok(Self::read(&octets, file, columns, faults))
    }

    /// Reads a file's contents. The heading names the columns, in any order; a heading that is not known is a fault, since
    /// it may be a misspelt one.
    pub(super) fn read(
        octets: &[u8],
        file: &'static str,
        columns: &[Column],
        faults: &mut Vec<Fault>,
    ) -> Self {
        let whole = |text: String| Fault {
            file,
            line: 0,
            column: None,
            text,
        };
        let Some(text) = decode::text(octets) else {
            faults.push(whole(
                "This is no text: save it as CSV in UTF-8, UTF-16 or Big5.".to_owned(),
            ));
            return Self::default();
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .delimiter(separator(text))
            .from_reader(text.as_bytes());
        let heading = reader.headers().cloned().unwrap_or_default();
        let places = match places(&heading, columns) {
            Ok(places) => places,
            Err(wrong) => {
                faults.extend(wrong.into_iter().map(whole));
                return Self::default();
            }
        };
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    faults.push(whole(error.to_string()));
                    break;
                }
            };
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let number = line_of(&record, text);
            if record.len() != heading.len() {
                let text = format!(
                    "The heading has {} columns, and this line {}.",
                    heading.len(),
                    record.len()
                );
                faults.push(Fault {
                    line: number,
                    ..whole(text)
                });
                continue;
            }
            let cell = |(name, place): &(&'static str, usize)| {
                let cell = record.get(*place).unwrap_or_default().trim();
                (*name, unguarded(cell).to_owned())
            };
            lines.push(Line {
                number,
                cells: places.iter().map(cell).collect(),
            });
        }
        Self { lines }
    }
}

impl Line {
    /// A cell; empty if the file does not have the column.
    pub(super) fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// The line that a record begins on. The reader's own position is before the empty lines above it.
fn line_of(record: &csv::StringRecord, text: &str) -> usize {
    let position = record
        .position()
        .map_or((0, 0), |position| (position.line(), position.byte()));
    let (line, byte) = (usize::try_from(position.0), usize::try_from(position.1));
    let rest = text
        .as_bytes()
        .get(byte.unwrap_or_default()..)
        .unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    line.unwrap_or_default() + ends.filter(|byte| **byte == b'\n').count()
}

/// Where each column is in the heading.
fn places(
    heading: &csv::StringRecord,
    columns: &[Column],
) -> Result<Vec<(&'static str, usize)>, Vec<String>> {
    let (mut places, mut wrong) = (Vec::new(), Vec::new());
    for (place, name) in heading.iter().enumerate() {
        match columns.iter().find(|column| plain(column.name) == plain(name)) {
            Some(column) if places.iter().any(|(known, _)| *known == column.name) => {
                wrong.push(format!("The heading has the column {} twice.", column.name));
            }
            Some(column) => places.push((column.name, place)),
            None => {
                let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
                wrong.push(format!(
                    "There is no column {name:?}; there are: {}.",
                    names.join(", ")
                ));
            }
        }
    }
    for column in columns.iter().filter(|column| column.is_required) {
        if !places.iter().any(|(known, _)| *known == column.name) {
            wrong.push(format!("The heading lacks the column {}.", column.name));
        }
    }
    if wrong.is_empty() { Ok(places) } else { Err(wrong) }
}

/// A heading as headings are compared: `Company ID` is `company_id`.
fn plain(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// What separates the heading's cells.
fn separator(text: &str) -> u8 {
    let heading = text.lines().next().unwrap_or_default();
    let count = |separator: u8| heading.bytes().filter(|byte| *byte == separator).count();
    let separators = [b'\t', b';', b','];
    separators
        .into_iter()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}

fn unguarded(cell: &str) -> &str {
    if GUARDED.iter().any(|guarded| cell.starts_with(guarded)) {
        &cell[1..]
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [required("company_id"), required("name"), optional("telephone")];

    fn read(text: &str) -> (Vec<(usize, String, String)>, Vec<String>) {
        let mut faults = Vec::new();
        let sheet = Sheet::read(text.as_bytes(), "x.csv", &COLUMNS, &mut faults);
        let line = |line: &Line| {
            let (name, telephone) = (line.cell("name"), line.cell("telephone"));
            (line.number, name.to_owned(), telephone.to_owned())
        };
        let faults = faults.iter().map(ToString::to_string).collect();
        (sheet.lines.iter().map(line).collect(), faults)
    }

    #[test]
    fn a_file_is_read_however_a_spreadsheet_writes_it() {
        for text in [
            "company_id,name,telephone\nA,First,'+85229797111\n",
            "\u{feff}Name;Company ID;Telephone\r\nFirst;A;'+85229797111\r\n",
            "NAME\ttelephone\tcompany-id\n \"First\" \t'+85229797111\tA\n\n",
        ] {
            let (lines, faults) = read(text);
            let expected = (2, "First".to_owned(), "+85229797111".to_owned());
            let first = lines
                .first()
                .map(|(line, name, tel)| (*line, name.replace('"', ""), tel.clone()));
            assert_eq!((first, faults), (Some(expected), vec![]), "{text:?}");
        }
        let utf_16: Vec<u8> = "\u{feff}company_id,name\nA,第一證券\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let mut faults = Vec::new();
        let sheet = Sheet::read(&utf_16, "x.csv", &COLUMNS, &mut faults);
        assert_eq!((sheet.lines[0].cell("name"), faults), ("第一證券", vec![]));
    }

    #[test]
    fn a_cell_may_go_over_several_lines_and_faults_still_name_the_right_one() {
        let (_, faults) = read("company_id,name\nA,\"First\nfirm\"\n\n\nB\n");
        assert_eq!(faults, ["x.csv:6: The heading has 2 columns, and this line 1."]);
    }

    #[test]
    fn a_heading_that_is_missing_or_unknown_is_refused() {
        let (lines, faults) = read("company_id,nmae\nA,First\n");
        assert!(lines.is_empty());
        assert_eq!(
            faults,
            [
                "x.csv: There is no column \"nmae\"; there are: company_id, name, telephone.",
                "x.csv: The heading lacks the column name."
            ]
        );
        assert_eq!(read("").1.len(), 2);
    }

    #[test]
    fn a_file_that_is_no_text_is_refused() {
        let mut faults = Vec::new();
        Sheet::read(
            b"PK\x03\x04\x14\0\x06\0\x08\0\0\0",
            "x.csv",
            &COLUMNS,
            &mut faults,
        );
        assert_eq!(faults.len(), 1);
    }
}
