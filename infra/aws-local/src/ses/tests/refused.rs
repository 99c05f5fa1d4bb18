//! What SES refuses.

use super::*;

#[tokio::test]
async fn what_ses_refuses_is_refused_with_its_exceptions() {
    let stage = stage(Setting::default()).await;
    let to = ["ann@abc.example"];
    let from = |from: &str| stage.mail(&to).from_email_address(from);
    let many = ["a@b.example"; 51];
    let tag = |name: &str| MessageTag::builder().name(name).value("x").build().unwrap();
    let raw = RawMessage::builder().data(Blob::new("x")).build().unwrap();
    for (mail, kind, said) in vec![
        (from("no-reply@other.example"), "MessageRejected", "not verified"),
        (
            from("no-reply@mail.mail.example"),
            "MessageRejected",
            "not verified",
        ),
        (from("no-reply"), "BadRequestException", "Missing final '@domain'"),
        (
            stage.mail(&to).set_from_email_address(None),
            "BadRequestException",
            "FromEmailAddress",
        ),
        (
            stage.mail(&to).configuration_set_name("other"),
            "NotFoundException",
            "<other>",
        ),
        (stage.mail(&many), "BadRequestException", "exceeds 50"),
        (stage.mail(&[]), "BadRequestException", "recipient"),
        (stage.mail(&["mäker@abc.example"]), "BadRequestException", "ASCII"),
        (
            stage.mail(&["ann@abc.example\r\nBcc: x@y.example"]),
            "BadRequestException",
            "control",
        ),
        (
            stage.mail(&["a@b.example, c@d.example"]),
            "BadRequestException",
            "Local",
        ),
        (stage.mail(&["a@b.example,c"]), "BadRequestException", "Domain"),
        (
            stage.mail(&["a b@c.example"]),
            "BadRequestException",
            "whitespace",
        ),
        (stage.mail(&["@c.example"]), "BadRequestException", "Local"),
        (
            stage.mail(&to).reply_to_addresses("nobody"),
            "BadRequestException",
            "Missing final",
        ),
        (
            stage.mail(&to).email_tags(tag("a b")),
            "BadRequestException",
            "tag",
        ),
        (
            stage.mail(&to).email_tags(tag("a")).email_tags(tag("a")),
            "BadRequestException",
            "twice",
        ),
        (
            stage.mail(&to).content(EmailContent::builder().raw(raw).build()),
            "BadRequestException",
            "Raw",
        ),
    ] {
        let (code, message) = refusal(mail).await;
        assert_eq!(code, kind, "{message}");
        assert!(message.contains(said), "{message}");
    }
    assert!(stage.ses.mails().is_empty());
}

#[tokio::test]
async fn headers_outside_of_sess_limits_are_refused_and_those_within_are_taken() {
    let stage = stage(Setting::default()).await;
    let to = ["ann@abc.example"];
    let (long_name, long_value) = ("x".repeat(126), "v".repeat(870));
    let at_the_limit = content(&[(&long_name, &long_value), ("X-Odd!#$%", "~ a b")]);
    stage.mail(&to).content(at_the_limit).send().await.unwrap();
    for (name, value) in [
        ("x".repeat(127).as_str(), "v"),
        ("", "v"),
        ("X Y", "v"),
        ("X:Y", "v"),
        ("X-Ümlaut", "v"),
        ("X-A", "v".repeat(871).as_str()),
        ("X-A", "a\r\nBcc: x@y.example"),
        ("X-A", "ü"),
        ("Bcc", "x@y.example"),
    ] {
        let (code, message) = refusal(stage.mail(&to).content(content(&[(name, value)]))).await;
        assert_eq!(code, "BadRequestException", "{name}: {message}");
        assert!(message.contains("header"), "{name}: {message}");
    }
    let sixteen = content(&[("X-A", "v"); 16]);
    assert_eq!(
        refusal(stage.mail(&to).content(sixteen)).await.0,
        "BadRequestException"
    );
}

#[tokio::test]
async fn content_that_would_arrive_broken_is_refused() {
    let stage = stage(Setting::default()).await;
    let plain = |data: &str| Content::builder().data(data).build().unwrap();
    let with = |subject: Content, body: Body| {
        let message = Message::builder().subject(subject).body(body).build();
        stage
            .mail(&["ann@abc.example"])
            .content(EmailContent::builder().simple(message).build())
    };
    let body = |data: &str| Body::builder().text(plain(data)).build();
    with(plain("plain"), body("plain")).send().await.unwrap();
    for (mail, said) in [
        (with(plain("ü"), body("plain")), "Charset"),
        (with(plain("plain"), body("ü")), "Charset"),
        (with(text("a\nBcc: x@y.example"), body("plain")), "control"),
        (with(plain("plain"), Body::builder().build()), "body"),
    ] {
        let (code, message) = refusal(mail).await;
        assert_eq!(code, "BadRequestException");
        assert!(message.contains(said), "{message}");
    }
}
