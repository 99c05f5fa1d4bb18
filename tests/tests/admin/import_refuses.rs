//! What an import refuses, by file, line and column.

use countersign_tests::World;
use countersign_tests::admin::{admin, companies, folder, write};

use super::items;

/// A file, what to replace in it, with what, and what the tool says then.
const WRONG: [(&str, &str, &str, &str); 18] = [
    (
        "companies.csv",
        "new0002,",
        "new#2,",
        "companies.csv:3: company_id: An ID has",
    ),
    (
        "companies.csv",
        "new0002,",
        "new0001,",
        "companies.csv:3: company_id: The company new0001 is on another line already.",
    ),
    (
        "companies.csv",
        "New Company 2",
        "New\u{200b}Company",
        "companies.csv:3: name: Take out the character at position 4",
    ),
    (
        "companies.csv",
        "New Company 2",
        "",
        "companies.csv:3: name: Fill this in.",
    ),
    (
        "participantships.csv",
        "HKSCC Participant,N0002",
        "HKSCC,N0002",
        "participantships.csv:3: participantship: Give one of: HKSCC Participant",
    ),
    (
        "participantships.csv",
        "N0002",
        "N0001",
        "participantships.csv:3: participant_id: The participant N0001 is of the company new0001 already.",
    ),
    (
        "participantships.csv",
        "new0002",
        "newer",
        "participantships.csv:3: company_id: companies.csv has no company newer.",
    ),
    (
        "participantships.csv",
        "new0002,HKSCC Participant,N0002\n",
        "",
        "companies.csv:3: company_id: participantships.csv has no participantship of the company new0002.",
    ),
    (
        "administrators.csv",
        "N0002,N0002X1",
        "N0002,N0001X9",
        "administrators.csv:3: user_id: This is not a User ID of participant N0002",
    ),
    (
        "administrators.csv",
        "N0002,N0002X1",
        "N0001,N0001X1",
        "administrators.csv:3: user_id: The User ID N0001X1 is on line 2 already.",
    ),
    (
        "administrators.csv",
        "N0002,N0002X1",
        "N0009,N0009X1",
        "administrators.csv:3: participant_id: participantships.csv has no participant N0009.",
    ),
    (
        "people.csv",
        "person1@new0002.example",
        "person1",
        "people.csv:6: email: Give one e-mail address",
    ),
    (
        "people.csv",
        "person1@new0002.example",
        "person1@new0001.example",
        "people.csv:6: email: The person on line 2 has this address already.",
    ),
    (
        "people.csv",
        "new0002,Person 2",
        "new0002,person  1",
        "people.csv:7: name: The person on line 6 has this name already, or one that looks like it.",
    ),
    (
        "people.csv",
        "EU_ManageUsers,en,Contact,contact@new0002",
        "HKEX_Operations,en,Contact,contact@new0002",
        "people.csv:6: rights: HKEX_Operations is no right of a person at a company.",
    ),
    (
        "people.csv",
        "en,Contact,contact@new0002",
        "fr,Contact,contact@new0002",
        "people.csv:6: language: Give one of: en, zh-Hant-HK.",
    ),
    (
        "people.csv",
        "contact@new0002.example,29797111",
        "contact@new0002.example,1234",
        "people.csv:6: contact_telephone: Give a Hong Kong number",
    ),
    (
        "people.csv",
        "EU_ManageUsers,en,Contact,contact@new0002",
        "EU_ViewOnly,en,Contact,contact@new0002",
        "companies.csv:3: company_id: The company new0002 would have 1 people with the right EU_ManageUsers.",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_the_domain_refuses_is_refused_by_file_line_and_column_and_nothing_is_written() {
    let world = World::start().await;
    let before = items(&world).await;
    let right = companies(2, 1);
    for (file, from, to, expected) in WRONG {
        let folder = folder(&right);
        let (_, text) = right.iter().find(|(name, _)| *name == file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        write(folder.path(), &[(file, text.replacen(from, to, 1))]);
        let told = admin(&world, &["import", folder.path().to_str().unwrap(), "--write"]).await;
        assert!(!told.is_success, "{expected}");
        assert!(
            told.output.lines().any(|line| line.starts_with(expected)),
            "{expected}\n{}",
            told.output
        );
        assert!(told.output.ends_with("Nothing was written.\n"));
    }
    assert_eq!(items(&world).await, before);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_without_companies_is_refused() {
    let world = World::start().await;
    let folder = folder(&[]);
    let told = admin(&world, &["import", folder.path().to_str().unwrap()]).await;
    assert!(
        !told.is_success && told.output.contains("no companies.csv with a company in it"),
        "{}",
        told.output
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_can_be_imported() {
    let world = World::start().await;
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/admin/examples");
    let written = admin(&world, &["import", examples, "--write"]).await;
    assert!(written.is_success, "{}", written.output);
    world.local.stop().await;
}
