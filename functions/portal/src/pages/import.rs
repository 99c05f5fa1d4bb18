//! Adding rows from lines that somebody pasted, uploaded or both: all of them, or none and every line's fault.

use std::collections::BTreeMap;

use countersign_domain::eservice::Field;
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::field::{Milestones, Rows};
use countersign_domain::form::{Form, Terms};
use countersign_domain::language::Language;

use crate::body::Fields;
use crate::form_input::{FormInput, holds_anything, row_of};
use crate::import::{self, Column, ImportFault, Line, Source, SourceFault, Table};

/// The result of importing lines: the columns that were left out, or the faults.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) left_out: Vec<String>,
    pub(crate) faults: Vec<SourceFault>,
}

/// The results of importing lines, by the name of their field.
pub(crate) type Imports = BTreeMap<&'static str, Import>;

impl Import {
    fn failed(faults: Vec<SourceFault>) -> Self {
        Self {
            faults,
            ..Self::default()
        }
    }
}

/// Takes in the lines of the files that were chosen, which no page can choose again for the reader. Returns the fields of the
/// form whose file holds no text.
pub(crate) fn take_files(input: &mut FormInput, fields: &Fields, milestones: Option<Milestones>) -> Imports {
    let mut unreadable = Imports::new();
    let form = input.to_json(milestones);
    for field in input.eservice.fields() {
        let file = fields.file(&format!("file.{}", field.name));
        match file.map(import::text) {
            Some(Some(text)) => input.set_filed(field, text),
            Some(None) if input.eservice.is_shown(field, &form, milestones) => {
                let fault = SourceFault {
                    source: None,
                    fault: ImportFault::NotText,
                };
                unreadable.insert(field.name, Import::failed(vec![fault]));
            }
            Some(None) | None => {}
        }
    }
    unreadable
}

/// The rows that are part of the form and have lines or a file waiting.
pub(crate) fn waiting(input: &FormInput, milestones: Option<Milestones>) -> Vec<&'static Field> {
    let form = input.to_json(milestones);
    let waits = |field: &&'static Field| {
        let has_lines = !input.lines(field).trim().is_empty() || input.filed(field).is_some();
        has_lines && input.eservice.is_shown(field, &form, milestones)
    };
    input.eservice.fields().filter(waits).collect()
}

/// A line, and where it comes from.
struct Sourced {
    source: Source,
    line: Line,
}

/// Adds the lines of a field to its rows, the pasted ones first. The domain judges every cell, together with the rows that are
/// there already.
pub(crate) fn add(
    input: &mut FormInput,
    field: &'static Field,
    terms: &Terms<'_>,
    language: Language,
) -> Import {
    let Some(rows) = field.rows().filter(|rows| rows.import) else {
        return Import::default();
    };
    let (pasted, filed) = (input.lines(field), input.filed(field));
    let has_both = filed.is_some() && !pasted.trim().is_empty();
    let pasted = (has_both || filed.is_none()).then_some((Source::Pasted, pasted));
    let named = |source: Source, fault| SourceFault {
        source: has_both.then_some(source),
        fault,
    };
    let (mut lines, mut faults, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for (source, text) in pasted.into_iter().chain(filed.map(|text| (Source::File, text))) {
        let table = read(text, rows, language);
        lines.extend(table.lines.into_iter().map(|line| Sourced { source, line }));
        faults.extend(table.faults.into_iter().map(|fault| named(source, fault)));
        left_out.extend(table.left_out);
    }
    let mut with = input.clone();
    let into = with.rows_mut(field);
    into.retain(holds_anything);
    let first = into.len();
    into.extend(lines.iter().map(|sourced| row_of(rows, &sourced.line.cells)));
    if into.len() > rows.max {
        let (most, found) = (rows.max, into.len());
        faults.push(SourceFault {
            source: None,
            fault: ImportFault::TooMany { most, found },
        });
        return Import::failed(faults);
    }
    if let Err(found) = Form::parse(&with.to_json(terms.milestones()), terms) {
        let of_lines = found
            .iter()
            .filter_map(|fault| of_line(fault, field, first, &lines));
        faults.extend(of_lines.map(|(source, fault)| named(source, fault)));
    }
    faults.sort_by_key(|told| (told.source, told.fault.line()));
    if !faults.is_empty() {
        return Import::failed(faults);
    }
    with.clear_lines(field);
    *input = with;
    Import { left_out, faults }
}

fn read(text: &str, rows: &Rows, language: Language) -> Table {
    import::read(text, &columns(rows, language), |heading| {
        let named = rows.column_headed(heading)?;
        rows.columns.iter().position(|column| column.name == named.name)
    })
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
fn of_line(fault: &Fault, field: &Field, first: usize, lines: &[Sourced]) -> Option<(Source, ImportFault)> {
    let rest = fault
        .pointer
        .strip_prefix('/')?
        .strip_prefix(field.name)?
        .strip_prefix('/')?;
    let index: usize = rest.split('/').next()?.parse().ok()?;
    let Sourced { source, line } = lines.get(index.checked_sub(first)?)?;
    let line = line.number;
    // What repeats another line has no row yet.
    if let FaultKind::Duplicate(row) = fault.kind
        && let Some(earlier) = row.checked_sub(first + 1).and_then(|earlier| lines.get(earlier))
    {
        let fault = if earlier.source == *source {
            ImportFault::Repeated {
                line,
                earlier: earlier.line.number,
            }
        } else {
            ImportFault::RepeatsPasted {
                line,
                earlier: earlier.line.number,
            }
        };
        return Some((*source, fault));
    }
    let kind = fault.kind.clone();
    Some((*source, ImportFault::Cell { line, kind }))
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

    fn add_to((input, field): &mut (FormInput, &'static Field), file: Option<&str>) -> Import {
        let rule = UserIdRule::new("X[0-9]{1,3}").unwrap();
        if let Some(file) = file {
            input.set_filed(field, file.to_owned());
        }
        add(input, field, &Terms::kept(&rule), Language::English)
    }

    /// The faults of lines that have one source, which is not named.
    fn faults_of(import: Import) -> Vec<ImportFault> {
        let faults = import.faults.into_iter();
        faults
            .map(|told| {
                assert_eq!(told.source, None);
                told.fault
            })
            .collect()
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
        let faults = faults_of(add_to(&mut form, None));
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
        assert_eq!(faults_of(add_to(&mut changes(&lines(50)), None)), [too_many]);
    }

    #[test]
    fn a_file_follows_what_was_pasted_and_each_fault_names_the_one_that_it_is_in() {
        let mut form = changes("B01234X2,a@b.example");
        assert_eq!(add_to(&mut form, Some("B01234X3,c@d.example")).faults, []);
        assert_eq!(user_ids(&form), ["B01234X1", "B01234X2", "B01234X3"]);
        assert!(form.0.lines(form.1).is_empty() && form.0.filed(form.1).is_none());

        let mut form = changes("B01234X2,x\nB01234X3,c@d.example");
        let faults = add_to(
            &mut form,
            Some("E-mail,User ID\nc@d.example,B01234X3\ny,B01234X4"),
        )
        .faults;
        let told = |source, fault| SourceFault {
            source: Some(source),
            fault,
        };
        let (kind, other) = (FaultKind::Email, FaultKind::Email);
        assert_eq!(
            faults,
            [
                told(Source::Pasted, ImportFault::Cell { line: 1, kind }),
                told(Source::File, ImportFault::RepeatsPasted { line: 2, earlier: 2 }),
                told(Source::File, ImportFault::Cell { line: 3, kind: other }),
            ]
        );
        assert_eq!(user_ids(&form).len(), 2, "the rows that were there");
    }

    #[test]
    fn a_file_alone_is_not_named_and_an_empty_one_is_told() {
        let mut form = changes(" \n");
        let cell = ImportFault::Cell {
            line: 1,
            kind: FaultKind::Email,
        };
        assert_eq!(faults_of(add_to(&mut form, Some("B01234X2,x"))), [cell]);
        assert_eq!(
            faults_of(add_to(&mut changes(""), Some("\n"))),
            [ImportFault::Nothing]
        );
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
