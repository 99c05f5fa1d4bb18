//! Rows that are pasted or uploaded as a spreadsheet writes them.

use countersign_domain::eservice::EServiceId;
use countersign_domain::field::{Rows, ValueKind};
use countersign_domain::language::Language;
use countersign_tests::portal::{NEW_FORM, Page};

use serde_json::json;

use super::{Fields, address, choices, filled_in, nth_typed, send, typed, with_button, world};

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

/// DA 3's fields without rows, and with these lines pasted.
fn pasted(lines: &str) -> Fields {
    let mut fields = filled_in(
        EServiceId::Da3.definition(),
        &json!({"maintenanceRequest": "Change"}),
        typed,
    );
    fields.retain(|(field, _)| !field.starts_with("changes."));
    fields.push(("lines.changes".into(), lines.into()));
    fields
}

/// The User IDs in the rows of a page, in their order.
fn user_ids(page: &Page) -> Vec<String> {
    let value = |n: usize| {
        let mark = format!("name=\"changes.{n}.userId\"");
        let rest = page.body.split(&mark).nth(1)?;
        Some(rest.split("value=\"").nth(1)?.split('"').next()?.to_owned())
    };
    (0..).map_while(value).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_were_pasted_and_a_file_are_both_added_the_pasted_ones_first() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let file = ("file.changes", "Email;User ID\nfiled@a.example;B01234X2\n");
    for button in ["import-changes", "save", "preview"] {
        let (tag, key) = maker.get(NEW_FORM).await.expect(200).form(NEW_FORM);
        let fields = pasted("B01234X1,pasted@a.example");
        let sent = with_button(&fields, (&tag, &key), button);
        let mut page = maker.upload(NEW_FORM, &sent, file).await;
        if page.status == 303 {
            let address = maker.follow(&page).await.request();
            page = maker.get(&format!("{address}/edit")).await;
        }
        let page = page.expect(200);
        assert_eq!(
            user_ids(&page),
            ["B01234X1", "B01234X2"],
            "{button}: {}",
            page.body
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_in_pasted_lines_and_in_a_file_say_which_of_the_two_they_are_in_and_lose_neither() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let (tag, key) = maker.get(NEW_FORM).await.expect(200).form(NEW_FORM);
    let fields = pasted("B01234X1,pasted@a.example\nB01234X2,no address");
    let file = (
        "file.changes",
        "B01234X3,no address either\nB01234X1,again@a.example",
    );
    let sent = with_button(&fields, (&tag, &key), "import-changes");
    let page = maker.upload(NEW_FORM, &sent, file).await.expect(422);
    for text in [
        "Pasted lines: Line 2: Give one e-mail address",
        "File: Line 1: Give one e-mail address",
        "File: Line 2: This is in line 1 of the pasted lines already.",
        "B01234X2,no address\n",
        "B01234X1,again@a.example",
    ] {
        assert!(
            page.shows(text) || page.shows(&text.replace('\n', "<")),
            "{text}: {}",
            page.body
        );
    }
    // Both come back with the page, and with the next button.
    let mut again = pasted("B01234X1,pasted@a.example");
    again.push(("filed.changes".into(), "B01234X3,filed@a.example".into()));
    let (tag, key) = page.form(NEW_FORM);
    let page = maker
        .post(NEW_FORM, &with_button(&again, (&tag, &key), "import-changes"))
        .await
        .expect(200);
    assert_eq!(user_ids(&page), ["B01234X1", "B01234X3"]);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_chosen_is_kept_whatever_button_is_pressed() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let file = ("file.changes", "B01234X2,filed@a.example");
    for button in [
        "add-changes",
        "add-contacts",
        "remove-contacts-0",
        "choose",
        "language-en",
    ] {
        let (tag, key) = maker.get(NEW_FORM).await.expect(200).form(NEW_FORM);
        let fields = pasted("B01234X1,pasted@a.example");
        let sent = with_button(&fields, (&tag, &key), button);
        let page = maker.upload(NEW_FORM, &sent, file).await.expect(200);
        assert!(page.shows("B01234X1,pasted@a.example"), "{button}");
        assert!(
            page.shows("name=\"filed.changes\"") && page.shows(file.1),
            "{button}: {}",
            page.body
        );
        // A file that holds no text is told at once.
        let page = maker
            .upload(NEW_FORM, &sent, ("file.changes", "PK\u{3}\u{4}\0\0"))
            .await;
        assert!(
            page.expect(422).shows("The file can&#39;t be read as text"),
            "{button}"
        );
    }
    world.local.stop().await;
}
