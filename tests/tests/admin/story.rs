//! From an empty table to a checker who comes and goes, with nothing typed but CSV files and pages.

use countersign_tests::admin::{admin, companies, folder};
use countersign_tests::portal::{Browser, NEW_FORM as NEW, Page, guideline_fields};
use countersign_tests::{World, seed};

use crate::provision::company::invitations;
use crate::provision::first_sign_in::{Tokens, is_good, signed_in};

const AM1: &str = "/portal/requests/new?form=AM1";
const JOINER: &str = "joiner@new0001.example";

/// A browser in which somebody has signed in with their invitation.
async fn browser(world: &World, email: &str) -> (Browser, Tokens) {
    let tokens = signed_in(world, email).await;
    (world.stranger().with_session(&tokens.access), tokens)
}

/// Previews a form as it is filled in, and submits what that makes.
async fn submit(maker: &Browser, fields: &[(&str, &str)]) -> Page {
    let preview = maker.submit(NEW, fields).await;
    maker.take(&preview, "submit", "").await
}

/// Claims and confirms what somebody else has submitted.
async fn check(checker: &Browser, submitted: &Page) -> Page {
    let page = checker.get(&submitted.request()).await.expect(200);
    let claimed = checker.take(&page, "claim", "").await;
    checker.take(&claimed, "confirm", "").await
}

/// Has one manager ask for a change of the company's people and another one confirm it.
async fn change(world: &World, [maker, checker]: &[Browser; 2], request: &str, fields: &[(&str, &str)]) {
    let (tag, key) = maker.get(AM1).await.expect(200).form(NEW);
    let own = [
        ("tag", tag.as_str()),
        ("key", &key),
        ("do", "preview"),
        ("eService", "AM1"),
    ];
    let own = own.into_iter().chain([("maintenanceRequest", request)]);
    let fields: Vec<(&str, &str)> = own.chain(fields.iter().copied()).collect();
    let submitted = submit(maker, &fields).await;
    let done = check(checker, &submitted).await;
    assert!(done.shows("Completed"), "{}", done.body);
    world.local.settle().await;
}

/// A registration for one of the company's User IDs.
async fn register(maker: &Browser, user_id: &str) -> Page {
    let (tag, key) = maker.get(NEW).await.expect(200).form(NEW);
    let mut fields = guideline_fields(&tag, &key, "preview");
    for (name, value) in &mut fields {
        match *name {
            "participantship" => *value = "HKSCC Participant (N0001)",
            "changes.0.userId" => *value = user_id,
            _ => {}
        }
    }
    submit(maker, &fields).await
}

/// How many e-mails the joiner has had.
async fn mails(world: &World) -> usize {
    let all = world.mails_since(0).await;
    all.iter()
        .filter(|mail| mail.message.to.iter().any(|to| to.contains(JOINER)))
        .count()
}

/// The value of the option that names somebody.
fn option(page: &Page, name: &str) -> String {
    let (before, _) = page
        .body
        .split_once(&format!(">{name}"))
        .unwrap_or_else(|| panic!("no {name}: {}", page.body));
    before
        .rsplit("<option value=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_company_adds_a_checker_who_checks_goes_away_comes_back_and_is_removed() {
    let world = World::start().await;
    seed::lose(&world, &seed::everything(&world).await).await;
    let folder = folder(&companies(1, 3));
    let told = admin(&world, &["import", folder.path().to_str().unwrap(), "--write"]).await;
    assert!(told.is_success, "{}", told.output);
    world.local.settle().await;
    let managers = [
        browser(&world, "person1@new0001.example").await.0,
        browser(&world, "person2@new0001.example").await.0,
    ];
    let maker = browser(&world, "person3@new0001.example").await.0;

    let add = [
        ("name", "N Joiner"),
        ("email", JOINER),
        ("access", "MakeAndCheck"),
        ("managesUsers", "No"),
    ];
    change(&world, &managers, "Add", &add).await;
    assert_eq!(invitations(&world, JOINER).0, 1);
    let (joiner, tokens) = browser(&world, JOINER).await;
    let before = mails(&world).await;
    let first = register(&maker, "N0001X1").await;
    assert_eq!(mails(&world).await, before + 1, "the new checker is told");
    let sent = check(&joiner, &first).await;
    assert!(sent.shows("Sent to HKEX"), "{}", sent.body);

    let form = managers[0].get(AM1).await.expect(200);
    let person = option(&form, "N Joiner");
    let about = ("person", person.as_str());
    change(
        &world,
        &managers,
        "Away",
        &[about, ("awayFrom", "2023-02-07"), ("awayUntil", "2023-02-10")],
    )
    .await;
    let before = mails(&world).await;
    let _ = register(&maker, "N0001X2").await;
    assert_eq!(mails(&world).await, before, "who is away is not told");
    change(&world, &managers, "Back", &[about]).await;
    let before = mails(&world).await;
    let last = register(&maker, "N0001X3").await;
    assert_eq!(mails(&world).await, before + 1, "who is back is told");

    change(&world, &managers, "Remove", &[about]).await;
    assert!(!is_good(&world, &tokens.refresh).await, "the session is over");
    // The last access token still says what it said, for a quarter of an hour at most. It decides nothing.
    let page = joiner.get(&last.request()).await.expect(200);
    let claimed = joiner.take(&page, "claim", "").await;
    let confirm = format!("{}/confirm", claimed.request());
    let (tag, key) = joiner.get(&confirm).await.expect(200).form(&confirm);
    let refused = joiner
        .post(&confirm, &[("tag", &tag), ("key", &key), ("message", "")])
        .await;
    assert!(
        refused.status >= 400 && refused.shows("you no longer have the access right"),
        "{}",
        refused.body
    );
    world.local.stop().await;
}
