//! Adding rows from lines that somebody pasted or uploaded: all of them, or none and every line's fault.

use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::form::{Form, Terms};

use super::rows::definition;
use crate::import::{self, Column, ImportFault, Line};
use crate::typed::{Change, Typed};
use crate::wording::Words;

/// What came of lines: the columns that were left out, or what is wrong.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) left_out: Vec<String>,
    pub(crate) faults: Vec<ImportFault>,
}

impl Import {
    fn failed(faults: Vec<ImportFault>) -> Self {
        Self {
            faults,
            ..Self::default()
        }
    }
}

/// Adds the lines to the rows. The domain judges every cell, together with the rows that are there already.
pub(crate) fn add(typed: &mut Typed, file: Option<&[u8]>, terms: &Terms<'_>, w: &Words) -> Import {
    if let Some(octets) = file {
        match import::text(octets) {
            Some(text) => typed.csv = text,
            None => return Import::failed(vec![ImportFault::NotText]),
        }
    }
    let table = import::read(&typed.csv, &columns(w));
    let (lines, mut faults) = (table.lines, table.faults);
    let mut with = typed.clone();
    with.changes.retain(|row| *row != Change::default());
    let first = with.changes.len();
    with.changes.extend(lines.iter().filter_map(change));
    let most = definition("changes").map_or(0, |rows| rows.max);
    if with.changes.len() > most {
        let found = with.changes.len();
        faults.push(ImportFault::TooMany { most, found });
        return Import::failed(faults);
    }
    if let Err(found) = Form::parse(&with.to_json(), terms) {
        faults.extend(found.iter().filter_map(|fault| of_line(fault, first, &lines)));
    }
    faults.sort_by_key(ImportFault::line);
    if !faults.is_empty() {
        return Import::failed(faults);
    }
    with.csv.clear();
    *typed = with;
    Import {
        left_out: table.left_out,
        faults,
    }
}

/// The columns of the details, with the names that people give them.
fn columns(w: &Words) -> [Column; 2] {
    let column = |label, names| Column {
        label,
        names,
        is_required: true,
    };
    [
        column(w.user_id, &["User ID", "User", "用戶編號", "用戶識別碼"]),
        column(
            w.email_address,
            &[
                "Email",
                "Mail",
                "Email Address",
                "電郵",
                "電郵地址",
                "電子郵件",
                "電子郵件地址",
            ],
        ),
    ]
}

fn change(line: &Line) -> Option<Change> {
    let [user_id, email] = line.cells.as_slice() else {
        return None;
    };
    Some(Change {
        user_id: user_id.clone(),
        email: email.clone(),
    })
}

/// A fault of a row that came from a line. Those of rows that were there before are told when they are saved.
fn of_line(fault: &Fault, first: usize, lines: &[Line]) -> Option<ImportFault> {
    let rest = fault.pointer.strip_prefix("/changes/")?;
    let index: usize = rest.split('/').next()?.parse().ok()?;
    let line = lines.get(index.checked_sub(first)?)?;
    // A row's number says little about lines; the line that it repeats says more.
    let kind = match &fault.kind {
        FaultKind::Duplicate(row) => {
            match row.checked_sub(first + 1).and_then(|earlier| lines.get(earlier)) {
                Some(earlier) => FaultKind::Duplicate(earlier.number),
                None => FaultKind::Duplicate(*row),
            }
        }
        kind => kind.clone(),
    };
    Some(ImportFault::Cell {
        line: line.number,
        kind,
    })
}

#[cfg(test)]
mod tests {
    use countersign_domain::contact::UserIdRule;

    use super::*;
    use crate::wording::{Language, words};

    fn typed(csv: &str) -> Typed {
        Typed {
            participantship: "HKSCC Participant (B01234)".into(),
            maintenance_request: "Change".into(),
            changes: vec![
                Change {
                    user_id: "B01234X1".into(),
                    email: "not yet right".into(),
                },
                Change::default(),
            ],
            csv: csv.into(),
            ..Typed::default()
        }
    }

    fn add_to(typed: &mut Typed, file: Option<&[u8]>) -> Import {
        let rule = UserIdRule::new("X[0-9]{1,3}").unwrap();
        add(typed, file, &Terms::kept(&rule), words(Language::English))
    }

    #[test]
    fn good_lines_follow_the_rows_that_were_there() {
        let mut typed = typed("Mail,User ID,Desk\na@b.example,B01234X2,1\nc@d.example,b01234x3,2\n");
        let import = add_to(&mut typed, None);
        assert_eq!(
            (import.faults, import.left_out),
            (vec![], vec!["Desk".to_owned()])
        );
        let rows: Vec<_> = typed.changes.iter().map(|row| row.user_id.as_str()).collect();
        assert_eq!(rows, ["B01234X1", "B01234X2", "b01234x3"]);
        assert!(typed.csv.is_empty());
    }

    #[test]
    fn bad_lines_add_nothing_and_each_is_told() {
        let text = "B01234X2,a@b.example\nB01234X2,c@d.example\nB99999X1,c@d.example\nB01234X4,x\nB01234X5\nB01234X6,\nB01234X1,e@f.example";
        let mut typed = typed(text);
        let faults = add_to(&mut typed, None).faults;
        let cell = |line, kind| ImportFault::Cell { line, kind };
        let columns = |line| ImportFault::Columns {
            line,
            labels: vec!["User ID", "Email Address"],
        };
        assert_eq!(
            faults,
            [
                cell(2, FaultKind::Duplicate(1)),
                cell(
                    3,
                    FaultKind::UserId {
                        participant: "B01234".into(),
                        suffix: "X[0-9]{1,3}".into()
                    }
                ),
                cell(4, FaultKind::Email),
                columns(5),
                columns(6),
                cell(7, FaultKind::Duplicate(1)),
            ]
        );
        assert_eq!((typed.changes.len(), typed.csv.as_str()), (2, text));
    }

    #[test]
    fn a_form_takes_fifty_rows() {
        let lines = |count: usize| {
            let lines = (2..2 + count).map(|n| format!("B01234X{n},a@b.example"));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(add_to(&mut typed(&lines(49)), None).faults, []);
        let too_many = ImportFault::TooMany { most: 50, found: 51 };
        assert_eq!(add_to(&mut typed(&lines(50)), None).faults, [too_many]);
    }

    #[test]
    fn a_file_takes_the_place_of_what_was_pasted() {
        let mut typed = typed("x");
        assert_eq!(add_to(&mut typed, Some(b"B01234X2,a@b.example")).faults, []);
        assert_eq!(typed.changes.len(), 2);
        assert_eq!(
            add_to(&mut typed, Some(b"PK\x03\x04\0\0\0")).faults,
            [ImportFault::NotText]
        );
    }
}
