//! Replies by e-mail where two people check a request.

use countersign_domain::request::StateName;
use countersign_local::Mail;
use countersign_tests::cast::Cast;
use countersign_tests::post::{text, told};
use countersign_tests::reply::Letter;
use countersign_tests::{Reply, World, guideline_form};
use serde_json::json;

use super::{CHECKED_ONCE, of_two};

const CHECKER: &str = "checker@abc.example";
const CHECKER2: &str = "checker2@abc.example";
const MAKER: &str = "maker@abc.example";
const CONFIRM: &str = "CONFIRM DA3_00013361";

/// The newest e-mail to an address.
fn newest(mails: &[Mail], address: &str) -> Mail {
    let mail = mails.iter().rfind(|mail| mail.message.to == [address]);
    mail.unwrap_or_else(|| panic!("no mail to {address}")).clone()
}

/// Delivers a reply; returns the e-mails that it caused.
async fn answered(world: &World, letter: &Letter) -> Vec<Mail> {
    let before = world.mails_since(0).await.len();
    world.arrives(letter).await;
    world.mails_since(before).await
}

/// Recipients and subjects, without the reference.
fn subjects(mails: &[Mail]) -> Vec<(String, String)> {
    let mut subjects: Vec<_> = mails
        .iter()
        .map(told)
        .map(|(to, subject)| (to, subject.replace("DA3_00013361: ", "")))
        .collect();
    subjects.sort();
    subjects
}

fn of(to: &str, subject: &str) -> (String, String) {
    (to.to_owned(), subject.to_owned())
}

async fn read(cast: &Cast, request: &Reply) -> Reply {
    cast.maker.read(&request.id()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replies_by_two_people_send_it() {
    let (world, cast) = of_two().await;
    let ready = cast.maker.submit(&guideline_form()).await;
    let asked = world.mails_since(0).await;
    let (first, second) = (newest(&asked, CHECKER), newest(&asked, CHECKER2));
    let body = first.message.text.clone().unwrap();
    assert!(body.contains("Two other people"), "{body}");
    let reply = Letter::of(CHECKER, &first, CONFIRM);
    let mails = answered(&world, &reply).await;
    let now = read(&cast, &ready).await;
    assert_eq!(
        (&now["status"], &now["firstCheck"]["name"]),
        (&json!(CHECKED_ONCE), &json!("D Wong"))
    );
    assert_eq!(
        subjects(&mails),
        [
            of(CHECKER2, "ready for your second check"),
            of(CHECKER, "you checked it first, by e-mail"),
            of(MAKER, "checked once, one more check to go"),
        ]
    );
    assert_eq!(newest(&mails, CHECKER).message.reply_to, [] as [String; 0]);

    // The e-mail of before was for the version of before.
    let late = answered(&world, &Letter::of(CHECKER2, &second, CONFIRM)).await;
    assert_eq!(subjects(&late), [of(CHECKER2, "your reply did nothing")]);
    assert_eq!(read(&cast, &ready).await["version"], now["version"]);

    let again = newest(&mails, CHECKER2);
    let body = again.message.text.clone().unwrap();
    assert!(body.contains("First checked by: D Wong"), "{body}");
    let mails = answered(&world, &Letter::of(CHECKER2, &again, CONFIRM)).await;
    let now = read(&cast, &ready).await;
    assert_eq!(
        (&now["state"], &now["confirmed"]["name"]),
        (&json!("Sent"), &json!("C Two"))
    );
    assert_eq!(
        subjects(&mails),
        [
            of(CHECKER2, "you confirmed it by e-mail"),
            of(MAKER, "sent to HKEX"),
            of("officer2@exchange.example", "new on the exchange desk"),
            of("officer@exchange.example", "new on the exchange desk"),
        ]
    );
    let desk = newest(&mails, "officer@exchange.example").message.text.unwrap();
    assert!(desk.contains("First checked by: D Wong"), "{desk}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_of_the_first_checker_checks_it_a_second_time() {
    let (world, cast) = of_two().await;
    let ready = cast.maker.submit(&guideline_form()).await;
    let asked = newest(&world.mails_since(0).await, CHECKER);
    let reply = Letter::of(CHECKER, &asked, CONFIRM);
    answered(&world, &reply).await;
    let version = read(&cast, &ready).await["version"].clone();
    // Sent once more, as another message: its token is spent.
    let raw = String::from_utf8(reply.raw.clone()).unwrap();
    let again = reply.clone().saying(raw.replace("reply-1@", "reply-2@"));
    let mails = answered(&world, &again).await;
    assert_eq!(subjects(&mails), [of(CHECKER, "your reply did nothing")]);
    let body = newest(&mails, CHECKER).message.text.unwrap();
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        body.contains("You were the first to check this request"),
        "{body}"
    );
    assert_eq!(read(&cast, &ready).await["version"], version);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_checker_returns_it_by_reply_and_the_first_check_is_void() {
    let (world, cast) = of_two().await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let checked = cast.checker.act(&claimed, "confirm").await.expect(200);
    let again = newest(&world.mails_since(0).await, CHECKER2);
    let reference = checked["reference"].as_str().unwrap();
    let says = format!("RETURN {reference} The address is not ours.");
    let mails = answered(&world, &Letter::of(CHECKER2, &again, &says)).await;
    let now = read(&cast, &checked).await;
    assert_eq!(now["state"], "Draft");
    assert!(now.body.get("firstCheck").is_none());
    assert!(subjects(&mails).contains(&of(MAKER, "returned to you")));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_maker_learns_that_nobody_who_could_check_it_a_second_time_is_reached() {
    let (world, cast) = of_two().await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let nobody = text("not an address");
    world.edit_person(CHECKER2, "email", nobody).await;
    let before = world.mails_since(0).await.len();
    let _ = cast.checker.act(&claimed, "confirm").await.expect(200);
    let mails = world.mails_since(before).await;
    assert_eq!(
        subjects(&mails),
        [
            of(MAKER, "checked once, one more check to go"),
            of(MAKER, "no checker could be reached by e-mail"),
        ]
    );
    world.local.stop().await;
}
