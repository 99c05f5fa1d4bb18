//! A checker approves by replying. Nobody else can, whatever they send.

use countersign_domain::request::StateName;
use countersign_local::Mail;
use countersign_tests::cast::Cast;
use countersign_tests::post::told;
use countersign_tests::reply::Letter;
use countersign_tests::{Reply, World, guideline_form};
use serde_json::json;

mod absent;
mod answers;
mod large;
mod sender;
mod token;

const CHECKER: &str = "checker@abc.example";
const CHECKER2: &str = "checker2@abc.example";
const MAKER: &str = "maker@abc.example";

/// A request that waits for a checker, and the e-mails that announced it.
struct Waiting {
    world: World,
    cast: Cast,
    ready: Reply,
    /// The e-mail to the checker.
    mail: Mail,
    /// The e-mail to the other checker.
    mail2: Mail,
}

fn to<'a>(mails: &'a [Mail], address: &str) -> &'a Mail {
    let mail = mails.iter().find(|mail| mail.message.to == [address]);
    mail.unwrap_or_else(|| panic!("no mail to {address}"))
}

impl Waiting {
    async fn set() -> Self {
        Self::within(World::start().await).await
    }

    async fn within(world: World) -> Self {
        let cast = Cast::sign_in(&world).await;
        let ready = cast.maker.submit(&guideline_form()).await;
        let mails = world.mails_since(0).await;
        Self {
            mail: to(&mails, CHECKER).clone(),
            mail2: to(&mails, CHECKER2).clone(),
            world,
            cast,
            ready,
        }
    }

    /// The same at a later time, at which the maker has signed in again.
    async fn at(mut self, time: &str) -> Self {
        self.world.at(time);
        self.cast.maker = self.world.sign_in(MAKER).await;
        self
    }

    fn confirms(&self) -> Letter {
        Letter::of(CHECKER, &self.mail, "CONFIRM DA3_00013361")
    }

    async fn now(&self) -> Reply {
        self.cast.maker.read(&self.ready.id()).await
    }

    /// Delivers a reply; returns the e-mails that it caused, as recipients and subjects.
    async fn answered(&self, letter: &Letter) -> Vec<(String, String)> {
        let before = self.world.mails_since(0).await.len();
        self.world.arrives(letter).await;
        let mut told: Vec<_> = self.world.mails_since(before).await.iter().map(told).collect();
        told.sort();
        told
    }

    /// Delivers a reply that must change nothing; returns the recipients of the e-mails that it caused.
    async fn refused(&self, what: &str, letter: &Letter) -> Vec<String> {
        let before = self.now().await;
        let told = self.answered(letter).await;
        let after = self.now().await;
        assert_eq!(
            (&after["version"], &after["state"], &after["history"]),
            (&before["version"], &before["state"], &before["history"]),
            "{what}"
        );
        told.into_iter().map(|(to, _)| to).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_confirms_by_replying() {
    let waiting = Waiting::set().await;
    let told = waiting.answered(&waiting.confirms()).await;
    let now = waiting.now().await;
    assert_eq!(
        (&now["state"], &now["status"]),
        (&json!("Sent"), &json!("Sent to HKEX"))
    );
    assert_eq!(now["confirmed"]["name"], "D Wong");
    let last = now["history"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["message"]),
        (&json!("confirm-by-mail"), &json!(null))
    );
    let of = |to: &str, what: &str| (to.to_owned(), format!("DA3_00013361: {what}"));
    let expected = [
        of(CHECKER2, "confirmed, nothing to check"),
        of(CHECKER, "you confirmed it by e-mail"),
        of(MAKER, "sent to HKEX"),
        of("officer2@exchange.example", "new on the exchange desk"),
        of("officer@exchange.example", "new on the exchange desk"),
    ];
    assert_eq!(told, expected);

    // The person who took the last step can take it back, also if they took it by e-mail.
    let reclaimed = waiting.cast.checker.act(&now, "reclaim").await.expect(200);
    assert_eq!(reclaimed["state"], "Claimed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_checker_writes_below_confirm_is_the_message_of_the_step() {
    let waiting = Waiting::set().await;
    let says = "CONFIRM DA3_00013361\r\n\r\nChecked by telephone.\r\nRow 3 changes again in May.\r\n\r\n-- \r\nD Wong";
    waiting.answered(&Letter::of(CHECKER, &waiting.mail, says)).await;
    let now = waiting.now().await;
    assert_eq!(now["state"], "Sent");
    let last = now["history"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["message"]),
        (
            &json!("confirm-by-mail"),
            &json!("Checked by telephone.\nRow 3 changes again in May.")
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_returns_by_replying_and_says_why() {
    let waiting = Waiting::set().await;
    let letter = Letter::of(
        CHECKER,
        &waiting.mail,
        "RETURN DA3_00013361 The address is not ours.",
    );
    let told = waiting.answered(&letter).await;
    let now = waiting.now().await;
    assert_eq!(now["state"], "Draft");
    let last = now["history"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["message"], &last["actor"]["name"]),
        (
            &json!("return-by-mail"),
            &json!("The address is not ours."),
            &json!("D Wong")
        )
    );
    assert_eq!(
        told.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(),
        [CHECKER2, CHECKER, MAKER]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_neither_of_the_two_gets_one_help_reply_and_does_nothing() {
    let waiting = Waiting::set().await;
    for says in [
        "Looks good to me!",
        "CONFIRM",
        "CONFIRM DA3_00013361 but check row 2",
        "RETURN DA3_00013361",
        "> CONFIRM DA3_00013361",
    ] {
        let letter = Letter::of(CHECKER, &waiting.mail, says);
        assert_eq!(waiting.refused(says, &letter).await, [CHECKER], "{says}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_changes_nothing_and_the_same_mail_twice_at_once_has_one_effect() {
    let waiting = Waiting::set().await;
    let letter = waiting.confirms();
    tokio::join!(waiting.world.hand_over(&letter), waiting.world.hand_over(&letter));
    waiting.world.local.settle().await;
    let now = waiting.now().await;
    assert_eq!((&now["state"], &now["version"]), (&json!("Sent"), &json!(3)));
    let replayed = waiting.refused("a replay", &letter).await;
    assert_eq!(
        replayed,
        [CHECKER],
        "they are told that it was no longer possible"
    );
    let other = Letter::of(CHECKER2, &waiting.mail2, "CONFIRM DA3_00013361");
    assert_eq!(waiting.refused("the other checker", &other).await, [CHECKER2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_checkers_at_once_have_one_effect() {
    let waiting = Waiting::set().await;
    let (one, two) = (
        waiting.confirms(),
        Letter::of(CHECKER2, &waiting.mail2, "RETURN DA3_00013361 Not ours."),
    );
    tokio::join!(waiting.world.hand_over(&one), waiting.world.hand_over(&two));
    waiting.world.local.settle().await;
    let now = waiting.now().await;
    assert_eq!(now["version"], 3, "{}", now.body);
    assert!(["Sent", "Draft"].contains(&now["state"].as_str().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_of_the_mail_programs_that_people_have_are_understood() {
    let programs = [
        "gmail",
        "outlook-desktop",
        "outlook-base64",
        "outlook-web",
        "apple-mail",
        "iphone",
        "chinese-gmail",
    ];
    for sample in programs {
        let waiting = Waiting::set().await;
        let path = format!(
            "{}/../shared/reply/samples/{sample}-confirm.eml",
            env!("CARGO_MANIFEST_DIR")
        );
        let Ok(raw) = std::fs::read(&path) else {
            panic!("there is no {path}");
        };
        waiting.world.arrives(&waiting.confirms().saying(raw)).await;
        let now = waiting.now().await;
        assert_eq!(
            now["state"],
            json!(StateName::Sent.as_str()),
            "{sample}: {}",
            now["history"]
        );
    }
}
