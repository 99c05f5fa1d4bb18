//! Adding rows from lines that somebody pasted or uploaded: all of them, or none and every line's fault.

use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::form::{Form, Terms};

use super::rows::definition;
use crate::csv::{self, CsvFault, Line};
use crate::typed::{Change, Typed};

/// Adds the lines to the rows. The domain judges every cell, together with the rows that are there already.
pub(crate) fn add(typed: &mut Typed, file: Option<Result<String, ()>>, terms: &Terms<'_>) -> Vec<CsvFault> {
    match file {
        None => {}
        Some(Ok(text)) => typed.csv = text,
        Some(Err(())) => return vec![CsvFault::NotText],
    }
    let (lines, mut faults) = csv::read(&typed.csv);
    let mut with = typed.clone();
    with.changes.retain(|row| *row != Change::default());
    let first = with.changes.len();
    with.changes.extend(lines.iter().map(|line| line.row.clone()));
    let most = definition("changes").map_or(0, |rows| rows.max);
    if with.changes.len() > most {
        let found = with.changes.len();
        faults.push(CsvFault::TooMany { most, found });
        return faults;
    }
    if let Err(found) = Form::parse(&with.to_json(), terms) {
        faults.extend(found.iter().filter_map(|fault| of_line(fault, first, &lines)));
    }
    faults.extend(gaps(&lines));
    faults.sort_by_key(line_of);
    if faults.is_empty() {
        with.csv.clear();
        *typed = with;
    }
    faults
}

/// A fault of a row that came from a line. Those of rows that were there before are told when they are saved.
fn of_line(fault: &Fault, first: usize, lines: &[Line]) -> Option<CsvFault> {
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
    Some(CsvFault::Cell {
        line: line.number,
        kind,
    })
}

/// Lines in which a cell is empty. A row may wait for its address in a draft; a line of a list should not.
fn gaps(lines: &[Line]) -> impl Iterator<Item = CsvFault> {
    let is_gap = |line: &&Line| line.row.user_id.is_empty() || line.row.email.is_empty();
    lines
        .iter()
        .filter(is_gap)
        .map(|line| CsvFault::Columns { line: line.number })
}

fn line_of(fault: &CsvFault) -> usize {
    match fault {
        CsvFault::Columns { line } | CsvFault::Quotes { line } | CsvFault::Cell { line, .. } => *line,
        CsvFault::TooMany { .. } | CsvFault::Nothing | CsvFault::NotText => 0,
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::contact::UserIdRule;

    use super::{Change, CsvFault, FaultKind, Terms, Typed};

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

    fn add(typed: &mut Typed, file: Option<Result<String, ()>>) -> Vec<CsvFault> {
        let rule = UserIdRule::new("X[0-9]{1,3}").unwrap();
        super::add(typed, file, &Terms::kept(&rule))
    }

    #[test]
    fn good_lines_follow_the_rows_that_were_there() {
        let mut typed = typed("User ID,Email\nB01234X2,a@b.example\nb01234x3,c@d.example\n");
        assert_eq!(add(&mut typed, None), []);
        let rows: Vec<_> = typed.changes.iter().map(|row| row.user_id.as_str()).collect();
        assert_eq!(rows, ["B01234X1", "B01234X2", "b01234x3"]);
        assert!(typed.csv.is_empty());
    }

    #[test]
    fn bad_lines_add_nothing_and_each_is_told() {
        let text = "B01234X2,a@b.example\nB01234X2,c@d.example\nB99999X1,c@d.example\nB01234X4,x\nB01234X5\nB01234X6,\nB01234X1,e@f.example";
        let mut typed = typed(text);
        let faults = add(&mut typed, None);
        let cell = |line, kind| CsvFault::Cell { line, kind };
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
                CsvFault::Columns { line: 5 },
                CsvFault::Columns { line: 6 },
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
        assert_eq!(add(&mut typed(&lines(49)), None), []);
        let too_many = CsvFault::TooMany { most: 50, found: 51 };
        assert_eq!(add(&mut typed(&lines(50)), None), [too_many]);
    }

    #[test]
    fn a_file_takes_the_place_of_what_was_pasted() {
        let mut typed = typed("x");
        assert_eq!(add(&mut typed, Some(Ok("B01234X2,a@b.example".into()))), []);
        assert_eq!(typed.changes.len(), 2);
        assert_eq!(add(&mut typed, Some(Err(()))), [CsvFault::NotText]);
    }
}
