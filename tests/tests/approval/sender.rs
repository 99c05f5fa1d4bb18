//! Who sent the reply, and whether a person wrote it.

use countersign_tests::reply::Letter;

use super::{CHECKER, CHECKER2, MAKER, Waiting};

#[tokio::test(flavor = "multi_thread")]
async fn what_ses_does_not_vouch_for_is_passed_over_in_silence() {
    let waiting = Waiting::set().await;
    for found in [
        "dmarc=FAIL",
        "dmarc=GRAY",
        "dmarc=PROCESSING_FAILED",
        "dmarc=NONE",
        "dmarc=DISABLED",
        "spam=FAIL",
        "spam=GRAY",
        "virus=FAIL",
    ] {
        let letter = waiting.confirms().found(found);
        assert_eq!(waiting.refused(found, &letter).await, [""; 0], "{found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_message_says_of_itself_proves_nothing() {
    let waiting = Waiting::set().await;
    let spoofed =
        "Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass header.from=abc.example";
    let letter = waiting.confirms().with_header(spoofed).found("dmarc=FAIL");
    assert_eq!(waiting.refused("spoofed results", &letter).await, [""; 0]);
    let stranger = Letter::of("evil@elsewhere.example", &waiting.mail, "CONFIRM DA3_00013361");
    let tricks = [
        ("another sender", stranger.clone()),
        (
            "Reply-To",
            stranger.clone().with_header(&format!("Reply-To: {CHECKER}")),
        ),
        (
            "Sender",
            stranger.clone().with_header(&format!("Sender: {CHECKER}")),
        ),
        (
            "two From",
            stranger.clone().with_header(&format!("From: {CHECKER}")),
        ),
        (
            "two From, the other first",
            waiting.confirms().with_header("From: evil@elsewhere.example"),
        ),
        (
            "a name like an address",
            Letter::of(
                &format!("\"{CHECKER}\" <evil@elsewhere.example>"),
                &waiting.mail,
                "CONFIRM DA3_00013361",
            ),
        ),
        (
            "a colleague it was forwarded to",
            Letter::of(CHECKER2, &waiting.mail, "CONFIRM DA3_00013361"),
        ),
        (
            "the maker it was forwarded to",
            Letter::of(MAKER, &waiting.mail, "CONFIRM DA3_00013361"),
        ),
        (
            "another company's checker",
            Letter::of("checker@bank.example", &waiting.mail, "CONFIRM DA3_00013361"),
        ),
    ];
    for (what, letter) in tricks {
        assert_eq!(waiting.refused(what, &letter).await, [""; 0], "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_by_itself_is_passed_over_in_silence() {
    let waiting = Waiting::set().await;
    for header in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "List-Id: <a.b.example>",
        "X-Autoreply: yes",
    ] {
        let letter = waiting.confirms().with_header(header);
        assert_eq!(waiting.refused(header, &letter).await, [""; 0], "{header}");
    }
    let bounce = Letter {
        from: String::new(),
        ..waiting.confirms()
    };
    assert_eq!(waiting.refused("a bounce", &bounce).await, [""; 0]);
    let calendar = format!(
        "From: {CHECKER}\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nCONFIRM DA3_00013361\r\n"
    );
    let letter = waiting.confirms().saying(calendar);
    assert_eq!(waiting.refused("a calendar's reply", &letter).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_else_sent_it_in_the_checkers_name_takes_no_step_and_the_checker_hears_of_it() {
    let waiting = Waiting::set().await;
    for header in [
        format!("Sender: {MAKER}"),
        format!("Sender: A Maker <{MAKER}>\r\nSender: {CHECKER}"),
        "Sender: nobody".to_owned(),
        format!("Resent-From: {MAKER}"),
    ] {
        let letter = waiting.confirms().with_header(&header);
        assert_eq!(waiting.refused(&header, &letter).await, [CHECKER], "{header}");
    }
    let letter = waiting
        .confirms()
        .with_header(&format!("Sender: \"Wong, D\" <{CHECKER}>"));
    waiting.world.arrives(&letter).await;
    assert_eq!(waiting.now().await["state"], "Sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_a_comma_that_is_not_quoted_is_no_second_author() {
    let waiting = Waiting::set().await;
    let letter = Letter::of(
        &format!("Wong, D <{CHECKER}>"),
        &waiting.mail,
        "CONFIRM DA3_00013361",
    );
    waiting.world.arrives(&letter).await;
    assert_eq!(waiting.now().await["state"], "Sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_exchange_writes_against_automatic_answers_makes_nobody_a_machine() {
    let waiting = Waiting::set().await;
    let header = "X-Auto-Response-Suppress: DR, OOF, AutoReply";
    let chatter = Letter::of(CHECKER, &waiting.mail, "Hello?").with_header(header);
    assert_eq!(waiting.refused(header, &chatter).await, [CHECKER]);
    waiting
        .world
        .arrives(&waiting.confirms().with_header(header))
        .await;
    assert_eq!(waiting.now().await["state"], "Sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_leaves_no_doubt_about_the_only_address_gets_an_answer() {
    let waiting = Waiting::set().await;
    for from in [
        format!("{CHECKER} <{CHECKER}>"),
        format!("D Wong [ABC] <{CHECKER}>"),
        format!("Desk: D Wong <{CHECKER}>"),
    ] {
        let letter = Letter::of(&from, &waiting.mail, "Hello?");
        assert_eq!(waiting.refused(&from, &letter).await, [CHECKER], "{from}");
    }
    let two = Letter::of(&format!("{MAKER} <{CHECKER}>"), &waiting.mail, "Hello?");
    assert_eq!(waiting.refused("two addresses", &two).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_made_to_cost_its_reader_takes_no_step() {
    let waiting = Waiting::set().await;
    let head = format!("From: {CHECKER}\r\nMIME-Version: 1.0\r\n");
    let mut nested = String::new();
    for depth in 0..100 {
        let part = format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
        nested.push_str(&part);
    }
    let parts = "--b\r\n\r\nCONFIRM DA3_00013361\r\n".repeat(10_000);
    let monsters = [
        (
            "a text of 2 MB",
            format!("{head}\r\n{}", "x".repeat(2 * 1024 * 1024)),
        ),
        (
            "10,000 parts",
            format!("{head}Content-Type: multipart/alternative; boundary=b\r\n\r\n{parts}"),
        ),
        (
            "nested 100 deep",
            format!("{head}{nested}Content-Type: text/plain\r\n\r\nCONFIRM DA3_00013361\r\n"),
        ),
    ];
    for (what, raw) in monsters {
        let letter = waiting.confirms().saying(raw);
        assert_eq!(waiting.refused(what, &letter).await, [CHECKER], "{what}");
    }
    let letter = waiting.confirms().saying("\0\0\0");
    assert_eq!(waiting.refused("no message", &letter).await, [""; 0]);
}
