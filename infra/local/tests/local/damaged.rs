//! A data folder that something has damaged: the start says what, and how to go on.

use std::path::Path;

use countersign_local::Local;
use countersign_local::options::{Data, Options};

use super::support::{Caller, form};

fn kept_in(place: &Path) -> Options {
    Options {
        data: Data::Folder(place.to_owned()),
        ..Options::in_memory()
    }
}

/// A folder with a request and a mail in it.
async fn used() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let local = Local::start(kept_in(place.path())).await.unwrap();
    let maker = Caller::signed_in(local.url(), "maker@abc.example").await.unwrap();
    let created = maker
        .send("POST", "/requests", "", &form("B01234X1"))
        .await
        .unwrap();
    assert_eq!(created.status, 201, "{}", created.body);
    local.stop().await;
    place
}

/// What the start says of a folder, in one line.
async fn refusal(place: &Path) -> String {
    match Local::start(kept_in(place)).await {
        Err(error) => error.to_string(),
        Ok(_) => panic!("it started"),
    }
}

#[tokio::test]
async fn a_table_or_mails_that_are_empty_or_overwritten_are_named_with_a_way_to_go_on() {
    for file in ["table.sqlite", "mails.jsonl"] {
        for damage in ["empty", "cut", "overwritten"] {
            let place = used().await;
            let path = place.path().join(file);
            let mut content = std::fs::read(&path).unwrap();
            match damage {
                "empty" => content.clear(),
                "cut" => content.truncate(content.len() / 2),
                _ => content.iter_mut().skip(16).for_each(|byte| *byte = b'x'),
            }
            std::fs::write(&path, &content).unwrap();
            if (file, damage) == ("mails.jsonl", "cut") {
                // A line that a kill cut short: the sender never heard that its mail was taken, and sends it again.
                Local::start(kept_in(place.path())).await.unwrap().stop().await;
                continue;
            }
            let said = refusal(place.path()).await;
            assert!(
                said.contains(file) && said.contains("is damaged"),
                "{file}, {damage}: {said}"
            );
            assert!(said.contains("--data") && said.lines().count() == 1, "{said}");
        }
    }
}

#[tokio::test]
async fn any_other_file_that_does_not_hold_what_was_kept_is_named_too() {
    for (file, content) in [
        ("clock.json", "noon"),
        ("inbound.json", ""),
        ("mails.jsonl", "nonsense\n{}\n"),
        ("queues.json", "{"),
        ("signing-key.der", "no key"),
        ("stream-NotifyFunctionNewRows.json", "[]"),
        ("suppressed.json", "7"),
    ] {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join(file), content).unwrap();
        let said = refusal(place.path()).await;
        assert!(said.contains(file) && said.contains("--data"), "{said}");
    }
}
