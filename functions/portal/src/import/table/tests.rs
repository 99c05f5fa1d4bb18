use super::*;

const COLUMNS: [Column; 2] = [
    Column {
        label: "User ID",
        is_required: true,
    },
    Column {
        label: "Email Address",
        is_required: true,
    },
];

fn read(text: &str, columns: &[Column]) -> Table {
    super::read(text, columns, |heading| {
        let letters = heading.chars().filter(|c| c.is_alphanumeric());
        match letters.collect::<String>().to_lowercase().as_str() {
            "userid" | "用戶編號" => Some(0),
            "email" | "mail" | "emailaddress" | "電郵地址" => Some(1),
            _ => None,
        }
    })
}

fn rows(text: &str) -> Vec<(usize, String, String)> {
    let table = read(text, &COLUMNS);
    assert_eq!(table.faults, [], "{text:?}");
    let cells = |line: Line| match <[String; 2]>::try_from(line.cells) {
        Ok([user_id, email]) => (line.number, user_id, email),
        Err(cells) => panic!("{cells:?}"),
    };
    table.lines.into_iter().map(cells).collect()
}

fn row(line: usize) -> (usize, String, String) {
    (line, "B01234X1".into(), "a@b.example".into())
}

fn faults(text: &str) -> Vec<ImportFault> {
    read(text, &COLUMNS).faults
}

fn columns(line: usize) -> ImportFault {
    let labels = COLUMNS.iter().map(|column| column.label).collect();
    ImportFault::Columns { line, labels }
}

#[test]
fn separators_and_line_ends_are_whatever_spreadsheets_write() {
    for text in [
        "B01234X1,a@b.example",
        "B01234X1;a@b.example\r\n",
        "B01234X1\ta@b.example\n",
        " B01234X1 , \u{3000}a@b.example\u{a0}\n",
        "\u{feff}\"B01234X1\",\"a@b.example\"",
        "\"B01234X1\" , \"a@b.example\"",
        "B01234X1，a@b.example",
    ] {
        assert_eq!(rows(text), [row(1)], "{text:?}");
    }
    for end in ["\n", "\r\n", "\r"] {
        let text = [
            "User ID,Email",
            "",
            "B01234X1,a@b.example",
            "B01234X1;a@b.example",
        ]
        .join(end);
        assert_eq!(rows(&text), [row(3), row(4)], "{end:?}");
    }
}

#[test]
fn a_first_line_may_say_what_separates_cells() {
    for text in [
        "sep=;\nB01234X1;a@b.example",
        "sep=;\r\nB01234X1;a@b.example;",
        "SEP=|\nB01234X1|a@b.example",
        "\u{feff}\"sep=,\"\nB01234X1,a@b.example",
        "sep=\t\nB01234X1\ta@b.example",
        "sep=,,\nB01234X1,a@b.example",
    ] {
        assert_eq!(rows(text), [row(2)], "{text:?}");
    }
}

#[test]
fn what_excel_leaves_at_the_end_of_lines_and_of_files_is_no_row() {
    for text in [
        "B01234X1,a@b.example,",
        "B01234X1,a@b.example,,,,",
        "B01234X1\ta@b.example\t",
        "B01234X1,a@b.example\n,\n",
        "B01234X1;a@b.example\n;\n;;;\n",
        "B01234X1,a@b.example\n \t \n\n  ",
        "B01234X1,a@b.example\n\"\",\"\"\n",
    ] {
        assert_eq!(rows(text), [row(1)], "{text:?}");
    }
}

#[test]
fn columns_are_found_by_name_in_any_order_and_language() {
    for heading in [
        "User ID,Email",
        "USER_ID,e-mail",
        "userId, Email Address (new)",
        "用戶編號,電郵地址",
        "用戶編號（必填）,電郵地址",
        "\"User\nID\",Mail",
    ] {
        let lines = heading.lines().count();
        assert_eq!(
            rows(&format!("{heading}\nB01234X1,a@b.example")),
            [row(lines + 1)],
            "{heading:?}"
        );
    }
    assert_eq!(rows("Email;User ID\na@b.example;B01234X1"), [row(2)]);
    assert_eq!(rows(",,\n,Email,,User ID\n,a@b.example,,B01234X1"), [row(3)]);
}

#[test]
fn columns_that_nobody_asked_for_are_named_and_left_out() {
    let text = "No.,User ID,部門,Email,\n1,B01234X1,\"Sales, Asia\",a@b.example,\n2,B01234X1,,a@b.example";
    let table = read(text, &COLUMNS);
    assert_eq!(table.left_out, ["No.", "部門"]);
    assert_eq!(rows(text), [row(2), row(3)]);
}

#[test]
fn a_heading_that_lacks_a_column_or_has_one_twice_is_told_once() {
    assert_eq!(
        faults("User ID,Name\nB01234X1,A\nB01234X2,B"),
        [ImportFault::NoColumn("Email Address")]
    );
    assert_eq!(
        faults("User ID,Email,E-mail\nB01234X1,a@b.example,c@d.example"),
        [ImportFault::ColumnTwice("Email Address")]
    );
}

#[test]
fn every_line_that_cannot_be_read_is_named() {
    let text = "B01234X1\nB01234X2,a@b.example\na,b,c\n,a@b.example\nB01234X6,\n\"B01234X3,c@d.example\nB01234X4,e@f.example";
    let table = read(text, &COLUMNS);
    assert_eq!(table.lines.len(), 1);
    assert_eq!(
        table.faults,
        [
            ImportFault::Quotes { line: 6 },
            columns(1),
            columns(3),
            columns(4),
            columns(5)
        ]
    );
    assert_eq!(faults("User ID,Email\nB01234X1,a@b.example,more"), [columns(2)]);
    for nothing in ["", " \n", ",\n;", "\u{feff}", "sep=;", "User ID,Email"] {
        assert_eq!(faults(nothing), [ImportFault::Nothing], "{nothing:?}");
    }
}

#[test]
fn cells_hold_what_stands_between_quotation_marks_and_lose_the_guard_against_formulas() {
    let text = "\"=c\"\"d@e.example\",\"one\ntwo\"\n'+a@b.example,'single'\nx, \"say \"\"so\"\"\"";
    let table = read(text, &COLUMNS);
    let cells: Vec<_> = table
        .lines
        .iter()
        .map(|line| (line.number, line.cells.clone()))
        .collect();
    let pair = |first: &str, second: &str| vec![first.to_owned(), second.to_owned()];
    assert_eq!(
        cells,
        [
            (1, pair("=c\"d@e.example", "one\ntwo")),
            (3, pair("+a@b.example", "'single'")),
            (4, pair("x", "say \"so\"")),
        ]
    );
}

#[test]
fn an_optional_column_may_be_missing_or_empty() {
    let mut columns = COLUMNS;
    columns[1].is_required = false;
    for text in ["User ID\nB01234X1", "B01234X1", "User ID,Email\nB01234X1,"] {
        let table = read(text, &columns);
        assert_eq!(table.faults, [], "{text:?}");
        assert_eq!(table.lines.len(), 1);
        assert_eq!(table.lines[0].cells, ["B01234X1", ""]);
    }
}
