//! Rows that are pasted or uploaded as a spreadsheet writes them.

use countersign_domain::eservice::EServiceId;
use countersign_domain::field::{Rows, ValueKind};
use countersign_domain::language::Language;
use countersign_tests::portal::{NEW_FORM, Page};

use super::{address, choices, filled_in, nth_typed, send, typed, with_button, world};

/// Two rows as a spreadsheet writes them, with a heading in this language.
fn spreadsheet(rows: &Rows, language: Language) -> String {
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.join(",") + "\r\n";
    let heading = rows
        .columns
        .iter()
        .map(|column| quoted(column.label.text(language)));
    let mut text = line(heading.collect());
    for n in 1..=2 {
        let cells = rows
            .columns
            .iter()
            .map(|column| quoted(&nth_typed(&column.kind, n)));
        text += &line(cells.collect());
    }
    text
}

/// Checks that a form has two rows with the cells of [`spreadsheet`]. For a choice it only checks that the field is
/// there.
fn assert_rows(page: &Page, name: &str, rows: &Rows) {
    for column in rows.columns {
        for n in 1..=2 {
            assert!(page.shows(&format!("id=\"{name}-{}-{}\"", n - 1, column.name)));
            let cell = format!("value=\"{}\"", nth_typed(&column.kind, n));
            let is_choice = matches!(column.kind, ValueKind::Choice(_));
            assert!(is_choice || page.shows(&cell), "{name}: {cell}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_every_form_are_pasted_and_uploaded_as_csv_in_both_languages() {
    let world = world().await;
    world.at("2023-06-01T10:00:00+08:00");
    let maker = world.browser("maker@abc.example").await;
    let all = EServiceId::ALL.map(EServiceId::definition).into_iter();
    let forms = all.flat_map(|eservice| {
        choices(eservice)
            .into_iter()
            .map(move |choices| (eservice, choices))
    });
    for (eservice, choices) in forms {
        let shown = eservice
            .fields()
            .filter(|field| eservice.is_shown(field, &choices, None));
        for field in shown {
            let Some(rows) = field.rows().filter(|rows| rows.import) else {
                continue;
            };
            let name = field.name;
            let (lines, file, button) = (
                format!("lines.{name}"),
                format!("file.{name}"),
                format!("import-{name}"),
            );
            let mut fields = filled_in(eservice, &choices, typed);
            fields.retain(|(field, _)| !field.starts_with(&format!("{name}.")));
            for language in Language::ALL {
                let text = spreadsheet(rows, language);
                let mut pasted = fields.clone();
                pasted.push((lines.clone(), text.clone()));
                let page = send(&maker, eservice, &pasted, &button).await.expect(200);
                assert_rows(&page, name, rows);

                let blank = maker.get(&address(eservice)).await.expect(200);
                let (tag, key) = blank.form(NEW_FORM);
                let sent = with_button(&fields, (&tag, &key), &button);
                let page = maker.upload(NEW_FORM, &sent, (&file, &text)).await.expect(200);
                assert_rows(&page, name, rows);
            }
        }
    }
    world.local.stop().await;
}
