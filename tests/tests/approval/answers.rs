//! Whom SES vouches for as the token's checker gets one answer, whatever was wrong, and ten a day at most.

use countersign_local::Mail;
use countersign_tests::form_for;
use countersign_tests::reply::Letter;
use serde_json::json;

use super::{CHECKER, CHECKER2, Waiting, to};

/// What the tenth answer of a day says.
const LAST: &str = "This is the last answer of this kind that you get today.";
/// What the last letter says in addition to why.
const SIGN_IN: &str = "sign in and open it";

fn chatter(mail: &Mail) -> Letter {
    Letter::of(CHECKER, mail, "Hello?")
}

impl Waiting {
    /// Delivers a reply, and returns the text of the only e-mail that it causes.
    async fn answer(&self, letter: &Letter) -> String {
        let before = self.world.mails_since(0).await.len();
        self.world.arrives(letter).await;
        let mails = self.world.mails_since(before).await;
        let [mail] = &mails[..] else {
            panic!("{} answers", mails.len())
        };
        assert_eq!(mail.message.to, [CHECKER]);
        let text = mail.message.text.as_deref().unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// How many e-mails a number of replies to the first letter cause.
    async fn answers_to(&self, count: usize) -> usize {
        let before = self.world.mails_since(0).await.len();
        for _ in 0..count {
            self.world.arrives(&chatter(&self.mail)).await;
        }
        self.world.mails_since(before).await.len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_answered_once_and_the_answer_says_why() {
    let waiting = Waiting::set().await;
    let of = |kind: &str, body: &str| {
        let raw = format!("From: {CHECKER}\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}");
        waiting.confirms().saying(raw)
    };
    let confirm = "CONFIRM DA3_00013361\r\n";
    for (letter, why) in [
        (
            of("application/pkcs7-mime; smime-type=enveloped-data", "MIIB"),
            "encrypted or packed",
        ),
        (
            of("multipart/encrypted; boundary=b", "--b\r\n\r\n--b--"),
            "encrypted or packed",
        ),
        (
            of("text/plain", "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM"),
            "encrypted or packed",
        ),
        (
            of("application/ms-tnef; name=winmail.dat", "x"),
            "encrypted or packed",
        ),
        (of("text/plain; charset=x-nobody-knows", confirm), "character set"),
        (
            of("text/plain\r\nContent-Transfer-Encoding: x-uuencode", confirm),
            "character set or an encoding",
        ),
        (
            of("text/plain\r\nContent-Transfer-Encoding: base64", "*"),
            "damaged",
        ),
        (of("image/png", "x"), "contains no text"),
        (of("text/plain", ""), "contains no text"),
    ] {
        let answer = waiting.answer(&letter).await;
        assert!(answer.contains(why), "{why}: {answer}");
    }
    assert_eq!(waiting.now().await["version"], waiting.ready["version"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_in_doubt_does_nothing_and_its_answer_names_the_true_cause() {
    let waiting = Waiting::set().await;
    for (says, why) in [
        ("Hello?", "neither of the two that count"),
        ("RETURN DA3_00013361", "gives no reason"),
        (
            "CONFIRM DA3_00013361\r\nRETURN: row 3 wrong",
            "RETURN stands in it, too",
        ),
        (
            "CONFIRM DA3_00013361\r\n> quoted\r\n\r\nRETURN DA3_00013361 row 3",
            "RETURN stands in it, too",
        ),
        (
            "> quoted\r\n\r\nCONFIRM DA3_00013361",
            "starts with quoted text or a signature",
        ),
        ("CONFIRM DA3_00013361\r\none\u{b}two", "control character"),
        (
            "CONFIRM DA3_00013361\r\n\u{fffd}",
            "some of its characters can’t be read",
        ),
        (
            "Disagree with ABC@bank.com.hk dated 28/04/2023:\r\n> B01234X1\r\n\r\nCONFIRM DA3_00013361",
            "neither of the two that count",
        ),
    ] {
        let answer = waiting.answer(&Letter::of(CHECKER, &waiting.mail, says)).await;
        assert!(answer.contains(why), "{why}: {answer}");
    }
    assert_eq!(waiting.now().await["version"], waiting.ready["version"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_to_two_letters_at_once_is_answered_once() {
    let waiting = Waiting::set().await;
    let before = waiting.world.mails_since(0).await.len();
    waiting.cast.maker.submit(&form_for(2)).await;
    let second = to(&waiting.world.mails_since(before).await, CHECKER).clone();
    let letter = waiting.confirms();
    let query = format!("&to={}", second.message.reply_to[0].replace('+', "%2B"));
    let both = Letter {
        found: query,
        ..letter
    };
    let answer = waiting.answer(&both).await;
    assert!(answer.contains("several e-mails"), "{answer}");
    assert_eq!(waiting.now().await["state"], "ReadyToSend");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_ten_answers_a_day_over_all_requests_and_the_tenth_says_so() {
    let waiting = Waiting::set().await;
    let before = waiting.world.mails_since(0).await.len();
    waiting.cast.maker.submit(&form_for(2)).await;
    let second = to(&waiting.world.mails_since(before).await, CHECKER).clone();
    assert_eq!(waiting.answers_to(8).await, 8);
    let ninth = waiting.answer(&chatter(&second)).await;
    assert!(!ninth.contains(LAST), "{ninth}");
    let tenth = waiting.answer(&chatter(&second)).await;
    assert!(tenth.contains(LAST) && tenth.contains(SIGN_IN), "{tenth}");
    assert_eq!(waiting.answers_to(3).await, 0);
    // A colleague has their own.
    let other = Letter::of(CHECKER2, &waiting.mail2, "Hello?");
    assert_eq!(waiting.refused("a colleague", &other).await, [CHECKER2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_day_in_hong_kong_brings_new_answers() {
    let waiting = Waiting::set().await;
    waiting.world.at("2023-02-07T23:59:00+08:00");
    assert_eq!(waiting.answers_to(11).await, 10);
    waiting.world.at("2023-02-08T00:00:00+08:00");
    assert_eq!(waiting.answers_to(1).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_had_all_answers_can_still_decide_by_reply() {
    let waiting = Waiting::set().await;
    waiting.answers_to(11).await;
    let told = waiting.answered(&waiting.confirms()).await;
    assert_eq!(waiting.now().await["state"], "Sent");
    assert!(told.iter().any(|(to, _)| to == CHECKER), "the receipt: {told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_knows_a_token_uses_up_no_answer_and_leaves_nothing_in_the_table() {
    let waiting = Waiting::set().await;
    let items = || async {
        let table = waiting.world.local.table_name();
        let scan = waiting
            .world
            .local
            .dynamodb()
            .scan()
            .table_name(table)
            .send()
            .await;
        scan.unwrap().count()
    };
    let before = items().await;
    let stranger = Letter::of("evil@elsewhere.example", &waiting.mail, "Hello?");
    let forged = chatter(&waiting.mail).found("dmarc=FAIL");
    let machine = chatter(&waiting.mail).with_header("Auto-Submitted: auto-replied");
    for _ in 0..6 {
        for letter in [&stranger, &forged, &machine] {
            waiting.world.arrives(letter).await;
        }
    }
    assert_eq!(items().await, before);
    assert_eq!(waiting.answers_to(11).await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_ses_delivers_again_is_answered_and_counted_once() {
    let waiting = Waiting::set().await;
    let before = waiting.world.mails_since(0).await.len();
    let id = waiting.world.hand_over(&chatter(&waiting.mail)).await["messageId"].clone();
    waiting.world.local.settle().await;
    let pass = json!({"status": "PASS"});
    let event = json!({"Records": [{"ses": {
        "mail": {"messageId": id, "source": CHECKER},
        "receipt": {
            "recipients": waiting.mail.message.reply_to,
            "spamVerdict": pass, "virusVerdict": pass, "dmarcVerdict": pass,
        },
    }}]});
    for _ in 0..3 {
        let done = waiting.world.local.invoke("email-approval", event.clone()).await;
        assert!(done.is_ok());
    }
    assert_eq!(waiting.world.mails_since(before).await.len(), 1);
    assert_eq!(waiting.answers_to(10).await, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_answers_are_counted_right_when_replies_arrive_at_once() {
    let waiting = Waiting::set().await;
    let before = waiting.world.mails_since(0).await.len();
    let letter = chatter(&waiting.mail);
    let (world, letter) = (&waiting.world, &letter);
    for _ in 0..4 {
        tokio::join!(
            world.hand_over(letter),
            world.hand_over(letter),
            world.hand_over(letter)
        );
        world.local.settle().await;
    }
    let mails = world.mails_since(before).await;
    let last = mails.iter().filter(|mail| {
        mail.message
            .text
            .as_deref()
            .unwrap_or_default()
            .contains("the last answer")
    });
    assert_eq!((mails.len(), last.count()), (10, 1));
}
