//! Adding rows from lines that somebody pasted or uploaded: all of them, or none and every line's fault.

use countersign_domain::eservice::Field;
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::field::Rows;
use countersign_domain::form::{Form, Terms};
use countersign_domain::language::Language;

use crate::form_input::{FormInput, holds_anything, row_of};
use crate::import::{self, Column, ImportFault, Line};

/// The result of importing lines: the columns that were left out, or the faults.
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

/// Adds the lines of a field to its rows. The domain judges every cell, together with the rows that are there already.
pub(crate) fn add(
    input: &mut FormInput,
    field: &'static Field,
    file: Option<&[u8]>,
    terms: &Terms<'_>,
    language: Language,
) -> Import {
    let Some(rows) = field.rows().filter(|rows| rows.import) else {
        return Import::default();
    };
    if let Some(octets) = file {
        match import::text(octets) {
            Some(text) => input.set_lines(field, &text),
            None => return Import::failed(vec![ImportFault::NotText]),
        }
    }
    let table = import::read(input.lines(field), &columns(rows, language), |heading| {
        let named = rows.column_headed(heading)?;
        rows.columns.iter().position(|column| column.name == named.name)
    });
    let (lines, mut faults) = (table.lines, table.faults);
    let mut with = input.clone();
    let into = with.rows_mut(field);
    into.retain(holds_anything);
    let first = into.len();
    into.extend(lines.iter().map(|line| row_of(rows, &line.cells)));
    if into.len() > rows.max {
        let (most, found) = (rows.max, into.len());
        faults.push(ImportFault::TooMany { most, found });
        return Import::failed(faults);
    }
    if let Err(found) = Form::parse(&with.to_json(terms.milestones()), terms) {
        let of_lines = found
            .iter()
            .filter_map(|fault| of_line(fault, field, first, &lines));
        faults.extend(of_lines);
    }
    faults.sort_by_key(ImportFault::line);
    if !faults.is_empty() {
        return Import::failed(faults);
    }
    with.set_lines(field, "");
    *input = with;
    Import {
        left_out: table.left_out,
        faults,
    }
}

/// The columns of rows. A row may wait for a cell in a draft; a line of a list should not.
fn columns(rows: &Rows, language: Language) -> Vec<Column> {
    let column = |column: &countersign_domain::field::Column| Column {
        label: column.label.text(language),
        is_required: column.required,
    };
    rows.columns.iter().map(column).collect()
}

/// A fault of a row that came from a line. Faults of earlier rows are reported when the form is saved.
fn of_line(fault: &Fault, field: &Field, first: usize, lines: &[Line]) -> Option<ImportFault> {
    let rest = fault
        .pointer
        .strip_prefix('/')?
        .strip_prefix(field.name)?
        .strip_prefix('/')?;
    let index: usize = rest.split('/').next()?.parse().ok()?;
    let line = lines.get(index.checked_sub(first)?)?.number;
    // What repeats another line has no row yet.
    if let FaultKind::Duplicate(row) = fault.kind
        && let Some(earlier) = row.checked_sub(first + 1).and_then(|earlier| lines.get(earlier))
    {
        let earlier = earlier.number;
        return Some(ImportFault::Repeated { line, earlier });
    }
    let kind = fault.kind.clone();
    Some(ImportFault::Cell { line, kind })
}

#[cfg(test)]
mod tests {
    use countersign_domain::contact::UserIdRule;
    use countersign_domain::eservice::{EService, EServiceId};
    use serde_json::json;

    use super::*;

    fn form(eservice: EServiceId, rows: &str, lines: &str) -> (FormInput, &'static Field) {
        let eservice: &'static EService = eservice.definition();
        let mut draft = json!({"participantship": {"kind": "HKSCC Participant", "id": "B01234"}});
        draft[rows] = json!([{"userId": "B01234X1", "email": "not yet right", "holder": "A"}, {}]);
        let mut input = FormInput::of_json(eservice, &draft);
        let field = eservice.field(rows).unwrap();
        input.set_lines(field, lines);
        (input, field)
    }

    fn changes(lines: &str) -> (FormInput, &'static Field) {
        form(EServiceId::Da3, "changes", lines)
    }

    fn add_to((input, field): &mut (FormInput, &'static Field), file: Option<&[u8]>) -> Import {
        let rule = UserIdRule::new("X[0-9]{1,3}").unwrap();
        add(input, field, file, &Terms::kept(&rule), Language::English)
    }

    fn user_ids((input, field): &(FormInput, &'static Field)) -> Vec<String> {
        input
            .rows(field)
            .iter()
            .map(|row| row["userId"].clone())
            .collect()
    }

    #[test]
    fn good_lines_follow_the_rows_that_were_there() {
        let mut form = changes("Mail,User ID,Desk\na@b.example,B01234X2,1\nc@d.example,b01234x3,2\n");
        let import = add_to(&mut form, None);
        assert_eq!(
            (import.faults, import.left_out),
            (vec![], vec!["Desk".to_owned()])
        );
        assert_eq!(user_ids(&form), ["B01234X1", "B01234X2", "b01234x3"]);
        assert!(form.0.lines(form.1).is_empty());
    }

    #[test]
    fn bad_lines_add_nothing_and_each_is_told() {
        let text = "B01234X2,a@b.example\nB01234X2,c@d.example\nB01234X4,x\nB01234X5\nB01234X6,\nB01234X1,e@f.example";
        let mut form = changes(text);
        let faults = add_to(&mut form, None).faults;
        let cell = |line, kind| ImportFault::Cell { line, kind };
        let columns = |line| ImportFault::Columns {
            line,
            labels: vec!["User ID", "Email Address"],
        };
        assert_eq!(
            faults,
            [
                ImportFault::Repeated { line: 2, earlier: 1 },
                cell(3, FaultKind::Email),
                columns(4),
                columns(5),
                cell(6, FaultKind::Duplicate(1)),
            ]
        );
        assert_eq!((form.0.rows(form.1).len(), form.0.lines(form.1)), (2, text));
    }

    #[test]
    fn a_form_takes_fifty_rows() {
        let lines = |count: usize| {
            let lines = (2..2 + count).map(|n| format!("B01234X{n},a@b.example"));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(add_to(&mut changes(&lines(49)), None).faults, []);
        let too_many = ImportFault::TooMany { most: 50, found: 51 };
        assert_eq!(add_to(&mut changes(&lines(50)), None).faults, [too_many]);
    }

    #[test]
    fn a_file_takes_the_place_of_what_was_pasted() {
        let mut form = changes("x");
        assert_eq!(add_to(&mut form, Some(b"B01234X2,a@b.example")).faults, []);
        assert_eq!(user_ids(&form), ["B01234X1", "B01234X2"]);
        let workbook = add_to(&mut form, Some(b"PK\x03\x04\0\0\0"));
        assert_eq!(workbook.faults, [ImportFault::NotText]);
    }

    #[test]
    fn options_are_taken_in_the_words_that_people_read() {
        let mut form = form(
            EServiceId::SCard1,
            "replacements",
            "用戶編號,姓名,原因\nB01234X2,陳大文,遺失\nB01234X3,B,damaged",
        );
        assert_eq!(add_to(&mut form, None).faults, []);
        let reasons: Vec<&str> = form.0.rows(form.1)[1..]
            .iter()
            .map(|row| row["reason"].as_str())
            .collect();
        assert_eq!(reasons, ["Lost", "Damaged"]);
    }
}
