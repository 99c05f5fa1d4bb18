//! SES, the mailbox and the table's stream, as a runner has them.

use std::sync::Arc;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Attachment, Body, Content, Destination, EmailContent, Message};
use countersign_local::options::{Data, Options};
use countersign_local::{Fault, Local};
use serde_json::Value as Json;

use super::support::{Answer, Caller, form};

fn text(data: &str) -> Content {
    Content::builder().data(data).charset("UTF-8").build().unwrap()
}

/// A mail that the runner's own configuration lets through.
fn mail(local: &Local, to: &str, subject: &str, body: Body) -> SendEmailFluentBuilder {
    let message = Message::builder().subject(text(subject)).body(body).build();
    message_to(local, to, message)
}

fn message_to(local: &Local, to: &str, message: Message) -> SendEmailFluentBuilder {
    let config = aws_sdk_sesv2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-southeast-1"))
        .endpoint_url(local.ses_endpoint())
        .credentials_provider(Credentials::new("notify", "local", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    Client::from_conf(config.build())
        .send_email()
        .from_email_address(format!("no-reply@{}", local.template().mail.domain))
        .configuration_set_name(&local.template().mail.configuration_set)
        .destination(Destination::builder().to_addresses(to).build())
        .content(EmailContent::builder().simple(message).build())
}

async fn send(local: &Local, to: &str, subject: &str, body: Body) -> String {
    let sent = mail(local, to, subject, body).send().await.unwrap();
    sent.message_id().unwrap().to_owned()
}

fn plain(data: &str) -> Body {
    Body::builder().text(text(data)).build()
}

async fn json(local: &Local, path: &str) -> Answer {
    let headers = [("accept", "application/json")];
    Caller::new(local.url())
        .call("GET", path, &headers, Vec::new())
        .await
        .unwrap()
}

async fn html(local: &Local, path: &str) -> (Answer, String) {
    let headers = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let answer = Caller::new(local.url())
        .call("GET", path, &headers, Vec::new())
        .await
        .unwrap();
    let html = answer.body.as_str().unwrap().to_owned();
    (answer, html)
}

fn subjects(mails: &Json) -> Vec<&str> {
    let mails = mails.as_array().unwrap().iter();
    mails.map(|mail| mail["subject"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_mailbox_answers_in_json_newest_first_and_by_recipient() {
    let local = Local::start(Options::in_memory()).await.unwrap();
    assert_eq!(json(&local, "/mailbox").await.body, serde_json::json!([]));
    send(&local, "maker@abc.example", "first", plain("one")).await;
    send(&local, "checker@abc.example", "second", plain("two")).await;
    let id = send(&local, "maker@abc.example", "third", plain("three")).await;

    let all = json(&local, "/mailbox").await;
    assert_eq!(subjects(&all.body), ["third", "second", "first"]);
    assert_eq!(all.header("cache-control"), "no-store");
    let found = json(&local, "/mailbox?to=Maker%40ABC.example").await;
    assert_eq!(subjects(&found.body), ["third", "first"]);
    let nobody = json(&local, "/mailbox?to=aker@abc.example").await;
    assert_eq!(nobody.body, serde_json::json!([]));

    let one = json(&local, &format!("/mailbox/{id}")).await;
    assert_eq!((one.status, &one.body["id"]), (200, &Json::from(id)));
    assert_eq!(one.body["to"], serde_json::json!(["maker@abc.example"]));
    assert_eq!(one.body["text"], "three");
    assert_eq!(one.body["html"], Json::Null);
    assert!(one.body["sentAt"].as_str().unwrap().ends_with('Z'));
    let headers = one.body["headers"].as_array().unwrap().iter();
    let names: Vec<_> = headers.map(|header| header["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Date", "From", "To", "Subject", "Message-ID"]);
    assert!(one.body["raw"].as_str().unwrap().starts_with("Date: "));
    assert_eq!(json(&local, "/mailbox/nothing").await.status, 404);
    assert_eq!(local.mailbox()[0].message.subject, "third");
    local.stop().await;
}

#[tokio::test]
async fn nothing_in_a_mail_becomes_a_part_of_the_mailboxs_pages() {
    let local = Local::start(Options::in_memory()).await.unwrap();
    let attack = r#""'><script>alert(1)</script>"#;
    let body = Body::builder()
        .text(text(&format!(
            "{attack} http://localhost:9000/requests/1?a=1&b=\"<x>, bye"
        )))
        .html(text(&format!("<head></head><p>{attack}</p>")))
        .build();
    let id = send(&local, "maker@abc.example", attack, body).await;
    let (list, list_html) = html(&local, "/mailbox?to=%22%3E%3Cscript%3E").await;
    let (one, one_html) = html(&local, &format!("/mailbox/{id}?show=text")).await;
    let (_, all_html) = html(&local, "/mailbox").await;
    for (page, html) in [(&list, &list_html), (&one, &one_html), (&list, &all_html)] {
        assert_eq!(page.status, 200);
        assert!(!html.contains("<script"), "{html}");
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("script"),
            "{policy}"
        );
        assert_eq!(page.header("cache-control"), "no-store");
    }
    assert!(one_html.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    let link = r#"<a href="http://localhost:9000/requests/1?a=1&#38;b=&#34;&#60;x" target="_blank" rel="noopener noreferrer">"#;
    assert!(one_html.contains(link), "{one_html}");
    assert!(all_html.contains(&format!("<a href=\"/mailbox/{id}\">")));

    for part in ["headers", "source"] {
        let (_, shown) = html(&local, &format!("/mailbox/{id}?show={part}")).await;
        assert!(
            !shown.contains("<script") && shown.contains("&#60;script&#62;"),
            "{shown}"
        );
    }
    let (_, opened) = html(&local, &format!("/mailbox/{id}")).await;
    assert!(opened.contains(&format!("src=\"/mailbox/{id}/html\"")) && opened.contains("sandbox="));
    let (frame, frame_html) = html(&local, &format!("/mailbox/{id}/html")).await;
    let policy = frame.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    assert!(
        !policy.contains("allow-scripts") && !policy.contains("allow-same-origin"),
        "{policy}"
    );
    assert!(
        frame_html.starts_with("<head><base target=\"_blank\"></head>"),
        "{frame_html}"
    );
    let (missing, _) = html(&local, "/mailbox/nothing").await;
    assert_eq!(missing.status, 404);
    local.stop().await;
}

#[tokio::test]
async fn a_mail_opens_on_what_people_see_and_shows_its_other_parts_when_asked() {
    let local = Local::start(Options::in_memory()).await.unwrap();
    let body = Body::builder()
        .text(text("A title\n\nDear Ann,\n\nA request waits."))
        .html(text("<head></head><p>x</p>"));
    let both = send(&local, "maker@abc.example", "both", body.build()).await;
    let only_text = send(&local, "maker@abc.example", "plain", plain("No greeting here")).await;
    let iframe = "<iframe title=\"The mail as HTML\"";
    for (id, query, shown, tab) in [
        (&both, "", iframe, "html"),
        (&both, "?show=html", iframe, "html"),
        (&both, "?show=text", "A request waits.</pre>", "text"),
        (
            &both,
            "?show=headers",
            "<th scope=\"row\">Message-ID</th>",
            "headers",
        ),
        (&both, "?show=source", "MIME-Version: 1.0", "source"),
        (&only_text, "", "No greeting here</pre>", "text"),
        (&only_text, "?show=html", "It has no HTML.", "html"),
    ] {
        let (_, page) = html(&local, &format!("/mailbox/{id}{query}")).await;
        assert!(page.contains(shown), "{query}: {page}");
        let here = format!("?show={tab}\" aria-current=\"page\"");
        assert!(
            page.contains(&here) && page.matches("aria-current").count() == 1,
            "{query}: {page}"
        );
    }
    let (_, list) = html(&local, "/mailbox").await;
    for begins in [
        "<span class=\"sub\">A request waits.</span>",
        "<span class=\"sub\">No greeting here</span>",
    ] {
        assert!(list.contains(begins), "{begins}: {list}");
    }
    local.stop().await;
}

#[tokio::test]
async fn an_attachment_is_downloaded_as_it_was_sent_and_never_shown_whatever_it_says_it_is() {
    let local = Local::start(Options::in_memory()).await.unwrap();
    let calendar = "BEGIN:VCALENDAR\r\nSUMMARY:期限\r\nEND:VCALENDAR\r\n";
    let file = |name: &str, kind: &str, content: &str| {
        let file = Attachment::builder().file_name(name).content_type(kind);
        let encoding = aws_sdk_sesv2::types::AttachmentContentTransferEncoding::Base64;
        let file = file.content_transfer_encoding(encoding);
        file.raw_content(Blob::new(content.as_bytes())).build().unwrap()
    };
    let attack = "<script>alert(1)</script>";
    let message = Message::builder()
        .subject(text("files"))
        .body(plain("x"))
        .attachments(file("deadline.ics", "text/calendar; charset=utf-8", calendar))
        .attachments(file("\"; x=\"期<b>.html", "text/html", attack));
    let sent = message_to(&local, "maker@abc.example", message.build())
        .send()
        .await;
    let id = sent.unwrap().message_id().unwrap().to_owned();

    let (_, page) = html(&local, &format!("/mailbox/{id}")).await;
    for part in [
        format!("<a href=\"/mailbox/{id}/attachments/0\" download>deadline.ics</a>"),
        format!("(text/calendar; charset=utf-8, {} bytes)", calendar.len()),
        format!("<a href=\"/mailbox/{id}/attachments/1\" download>&#34;; x=&#34;期&#60;b&#62;.html</a>"),
    ] {
        assert!(page.contains(&part), "{part}: {page}");
    }
    for (number, content, disposition) in [
        (
            0,
            calendar,
            "attachment; filename=\"deadline.ics\"; filename*=UTF-8''deadline%2Eics",
        ),
        (
            1,
            attack,
            "attachment; filename=\"__ x____b_.html\"; filename*=UTF-8''%22%3B%20x%3D%22%E6%9C%9F%3Cb%3E%2Ehtml",
        ),
    ] {
        let (file, body) = html(&local, &format!("/mailbox/{id}/attachments/{number}")).await;
        assert_eq!((file.status, body.as_str()), (200, content));
        assert_eq!(file.header("content-disposition"), disposition);
        assert_eq!(file.header("content-type"), "application/octet-stream");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        let policy = file.header("content-security-policy");
        assert!(policy.ends_with("; sandbox"), "{policy}");
    }
    for path in [
        format!("/mailbox/{id}/attachments/2"),
        "/mailbox/nothing/attachments/0".to_owned(),
    ] {
        assert_eq!(html(&local, &path).await.0.status, 404, "{path}");
    }
    local.stop().await;
}

#[tokio::test]
async fn what_became_of_a_mail_is_told_to_function_feedback_and_shown() {
    let local = Local::start(Options::in_memory()).await.unwrap();
    send(&local, "bounce@abc.example", "first", plain("one")).await;
    local.settle().await;
    send(&local, "bounce@abc.example", "second", plain("two")).await;
    local.settle().await;
    let mails = json(&local, "/mailbox").await;
    assert_eq!(
        subjects(&mails.body),
        ["second", "first"],
        "SES has no list of its own"
    );
    assert_eq!(mails.body[0]["outcomes"], serde_json::json!(["Bounced"]));
    let (_, page) = html(&local, "/mailbox").await;
    assert!(
        page.contains("<strong class=\"tag bad\">bounced</strong>"),
        "{page}"
    );
    let (_, page) = html(&local, "/schedules").await;
    assert!(page.contains("UnreadFeedback: "), "{page}");
    local.stop().await;
}

#[tokio::test]
async fn mails_and_the_place_in_the_stream_survive_a_restart() {
    let place = tempfile::tempdir().unwrap();
    let kept = || Options {
        data: Data::Folder(place.path().to_owned()),
        ..Options::in_memory()
    };
    let first = Local::start(kept()).await.unwrap();
    let id = send(&first, "somebody@abc.example", "kept", plain("one")).await;
    let maker = Caller::signed_in(first.url(), "maker@abc.example").await.unwrap();
    let created = maker
        .send("POST", "/requests", "", &form("B01234X1"))
        .await
        .unwrap();
    assert_eq!(created.status, 201, "{}", created.body);
    first.settle().await;
    first.stop().await;

    let position = place.path().join("stream-NotifyFunctionNewRows.json");
    assert!(
        std::fs::read_to_string(position)
            .unwrap()
            .contains("sequence_number")
    );
    let second = Local::start(kept()).await.unwrap();
    assert!(second.mailbox().iter().any(|mail| mail.id == id));
    second.stop().await;
}

#[tokio::test]
async fn a_test_decides_what_ses_does_with_each_mail() {
    let options = Options {
        ses_faults: Some(Arc::new(|mail| match mail.subject.as_str() {
            "throttled" => Fault::Throttle,
            "failed" => Fault::FailBefore,
            "lost" => Fault::TakeThenDrop,
            _ => Fault::Deliver,
        })),
        ..Options::in_memory()
    };
    let local = Local::start(options).await.unwrap();
    for (subject, is_taken, is_answered) in [
        ("throttled", false, false),
        ("failed", false, false),
        ("lost", true, false),
        ("served", true, true),
    ] {
        let before = local.mailbox().len();
        let sent = mail(&local, "maker@abc.example", subject, plain("x"))
            .send()
            .await;
        assert_eq!(sent.is_ok(), is_answered, "{subject}: {sent:?}");
        assert_eq!(local.mailbox().len() > before, is_taken, "{subject}");
    }
    local.stop().await;
}
