//! Files beside a mail.

use aws_sdk_sesv2::types::builders::AttachmentBuilder;
use mail_parser::{MessageParser, MimeHeaders as _};

use super::*;

const CONTENT: &str = "BEGIN:VCALENDAR\r\nSUMMARY:限期\r\nEND:VCALENDAR\r\n";

fn given(name: &str) -> AttachmentBuilder {
    Given::builder()
        .file_name(name)
        .content_type("text/calendar; charset=utf-8")
        .content_disposition(AttachmentContentDisposition::Attachment)
        .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
        .raw_content(Blob::new(CONTENT))
}

fn with(file: AttachmentBuilder) -> EmailContent {
    let message = Message::builder()
        .subject(text("A file"))
        .body(
            Body::builder()
                .text(text("Text"))
                .html(text("<p>HTML</p>"))
                .build(),
        )
        .attachments(file.build().unwrap());
    EmailContent::builder().simple(message.build()).build()
}

#[tokio::test]
async fn a_file_is_kept_with_its_mail_and_stands_in_the_raw_one_as_a_part_of_its_own() {
    let stage = stage(Setting::default()).await;
    let content = with(given("deadline.ics"));
    stage
        .mail(&["ann@abc.example"])
        .content(content)
        .send()
        .await
        .unwrap();
    let mail = &stage.ses.mails()[0];
    let [file] = mail.message.attachments.as_slice() else {
        panic!("{:?}", mail.message.attachments)
    };
    assert_eq!(
        (file.file_name.as_str(), file.size),
        ("deadline.ics", CONTENT.len())
    );
    assert_eq!(file.bytes(), CONTENT.as_bytes());

    let raw = raw::rendered(mail).unwrap();
    assert!(raw.is_ascii() && raw.contains("multipart/mixed") && raw.contains("multipart/alternative"));
    let parsed = MessageParser::default().parse(raw.as_bytes()).unwrap();
    assert_eq!(parsed.attachment_count(), 1);
    let part = parsed.attachment(0).unwrap();
    assert_eq!(part.attachment_name(), Some("deadline.ics"));
    let kind = part.content_type().unwrap();
    assert_eq!((kind.ctype(), kind.subtype()), ("text", Some("calendar")));
    assert_eq!(kind.attribute("charset"), Some("utf-8"));
    assert_eq!(part.contents(), CONTENT.as_bytes());

    let json = serde_json::to_value(mail).unwrap();
    assert_eq!(
        json["attachments"],
        json!([{
            "fileName": "deadline.ics",
            "contentType": "text/calendar; charset=utf-8",
            "size": CONTENT.len(),
            "content": file.content,
        }])
    );
}

#[tokio::test]
async fn a_file_that_ses_would_refuse_or_break_is_refused() {
    let stage = stage(Setting::default()).await;
    let seven_bit = AttachmentContentTransferEncoding::SevenBit;
    for (file, said) in [
        (given("deadline"), "FileName"),
        (given("deadline.exe"), "FileName"),
        (given("a\r\nBcc: x@y.example.ics"), "FileName"),
        (given(&format!("{}.ics", "x".repeat(252))), "FileName"),
        (given("a.ics").content_type("x".repeat(79)), "ContentType"),
        (given("a.ics").content_type("text/plain\r\nX: y"), "ContentType"),
        (given("a.ics").content_transfer_encoding(seven_bit), "SEVEN_BIT"),
        (given("a.ics").set_content_transfer_encoding(None), "SEVEN_BIT"),
        (
            given("a.ics").content_disposition(AttachmentContentDisposition::Inline),
            "INLINE",
        ),
    ] {
        let mail = stage.mail(&["ann@abc.example"]).content(with(file));
        let (code, message) = refusal(mail).await;
        assert_eq!(code, "BadRequestException");
        assert!(message.contains(said), "{said}: {message}");
    }
    assert!(stage.ses.mails().is_empty());
}
