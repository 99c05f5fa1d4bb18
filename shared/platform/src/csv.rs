//! CSV as spreadsheets read and write it (RFC 4180).

use std::fmt::Write as _;

/// The media type of what [`Table`] writes.
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8; header=present";

/// The characters that make a spreadsheet read a cell as a formula (OWASP, "CSV Injection"). They include the
/// full-width forms, which East Asian spreadsheets read alike.
const FORMULA: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// A table that is written line by line, heading first.
#[derive(Debug)]
pub struct Table {
    text: String,
}

impl Table {
    /// Starts a table with a heading. The text begins with the byte order mark by which Excel recognises UTF-8.
    pub fn with(heading: &[&str]) -> Self {
        let mut table = Self {
            text: "\u{feff}".to_owned(),
        };
        table.line(heading);
        table
    }

    /// Adds a line.
    pub fn line(&mut self, cells: &[&str]) {
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.cell(cell);
        }
        self.text.push_str("\r\n");
    }

    /// Returns the whole text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Writes a cell. A cell that would be read as a formula gets a leading apostrophe, which spreadsheets show or hide
    /// but never compute. A program that reads the file strips an apostrophe in front of one of those characters. All
    /// other cells stay unchanged.
    fn cell(&mut self, cell: &str) {
        let guard = if cell.starts_with(FORMULA) { "'" } else { "" };
        let is_plain = |c: char| c.is_alphanumeric() || " ._:@/()-".contains(c);
        if guard.is_empty() && cell.chars().all(is_plain) {
            self.text.push_str(cell);
        } else {
            // Writing to a `String` can't fail.
            let _ = write!(self.text, "\"{guard}{}\"", cell.replace('"', "\"\""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut table = Table::with(&["a"]);
        table.line(cells);
        table.into_text()
    }

    #[test]
    fn a_table_begins_with_excels_mark_and_its_lines_end_as_the_rfc_says() {
        assert_eq!(written(&["b"]), "\u{feff}a\r\nb\r\n");
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_text_and_everything_else_is_as_it_was() {
        for (cell, expected) in [
            ("=1+1", "\"'=1+1\""),
            ("+a@b.example", "\"'+a@b.example\""),
            ("-2", "\"'-2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("a;=1", "\"a;=1\""),
            ("Example Bank, Ltd.", "\"Example Bank, Ltd.\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("a@b.example", "a@b.example"),
            ("07-Feb-2023 10:43 HKT", "07-Feb-2023 10:43 HKT"),
            ("\u{6e2c}\u{8a66}", "\u{6e2c}\u{8a66}"),
            ("", ""),
        ] {
            assert_eq!(
                written(&[cell, "z"]),
                format!("\u{feff}a\r\n{expected},z\r\n"),
                "{cell:?}"
            );
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for cell in ["Example Bank, Ltd.", "a \"b\" c", "a;b", "B01234X1"] {
            let text = written(&[cell, "z"]);
            let mut reader = csv::ReaderBuilder::new()
                .flexible(true)
                .from_reader(text.as_bytes());
            let read = reader.records().next().unwrap().unwrap();
            assert_eq!(read, vec![cell, "z"]);
        }
    }
}
