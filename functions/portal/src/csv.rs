//! Lines of `User ID,Email` that somebody pasted or uploaded.

use countersign_domain::fault::FaultKind;
use countersign_platform::csv::cells;

use crate::typed::Change;

/// What is wrong with a line, or with all of them. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CsvFault {
    /// There are not two columns.
    Columns { line: usize },
    /// A quotation mark is not closed.
    Quotes { line: usize },
    /// A cell is not right.
    Cell { line: usize, kind: FaultKind },
    /// With these there would be too many rows.
    TooMany { most: usize, found: usize },
    /// There is nothing.
    Nothing,
    /// The file holds no text.
    NotText,
}

/// A row and the line it stands in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) row: Change,
}

/// Reads lines. Cells are parted by commas, semicolons or tabs, as spreadsheets write and paste them; a cell may stand
/// in quotation marks (RFC 4180). Empty lines and a heading are passed over. What the cells hold the domain judges.
pub(crate) fn read(text: &str) -> (Vec<Line>, Vec<CsvFault>) {
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.trim().is_empty() {
            continue;
        }
        match cells(line).as_deref() {
            None => faults.push(CsvFault::Quotes { line: number }),
            Some([user_id, email]) if is_heading(user_id, email) && lines.is_empty() => {}
            Some([user_id, email]) => lines.push(Line {
                number,
                row: Change {
                    user_id: user_id.clone(),
                    email: email.clone(),
                },
            }),
            Some(_) => faults.push(CsvFault::Columns { line: number }),
        }
    }
    if lines.is_empty() && faults.is_empty() {
        faults.push(CsvFault::Nothing);
    }
    (lines, faults)
}

fn is_heading(user_id: &str, email: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace([' ', '-', '_'], "");
    plain(user_id) == "userid" && plain(email).starts_with("email")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, String, String)> {
        let (lines, faults) = read(text);
        assert_eq!(faults, []);
        lines
            .into_iter()
            .map(|line| (line.number, line.row.user_id, line.row.email))
            .collect()
    }

    #[test]
    fn lines_come_as_spreadsheets_write_them() {
        let text = "\u{feff}User ID,Email\r\nB01234X1,a@b.example\n\n\"B01234X2\" , \"c\"\"d@e.example\"\nB01234X3\tf@g.example\nB01234X4;h@i.example";
        assert_eq!(
            rows(text),
            [
                (2, "B01234X1".into(), "a@b.example".into()),
                (4, "B01234X2".into(), "c\"d@e.example".into()),
                (5, "B01234X3".into(), "f@g.example".into()),
                (6, "B01234X4".into(), "h@i.example".into()),
            ]
        );
    }

    #[test]
    fn every_line_that_cannot_be_read_is_named() {
        let (lines, faults) = read("B01234X1\nB01234X2,a@b.example\n\"B01234X3,c@d.example\na,b,c");
        assert_eq!(lines.len(), 1);
        assert_eq!(
            faults,
            [
                CsvFault::Columns { line: 1 },
                CsvFault::Quotes { line: 3 },
                CsvFault::Columns { line: 4 },
            ]
        );
        assert_eq!(read(" \n").1, [CsvFault::Nothing]);
    }
}
