//! The calendar file of a reminder, as it is stored, shown and delivered.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{MessageParser, MimeHeaders as _};

use super::*;

async fn mailbox(world: &World, path: &str) -> reqwest::Response {
    let url = format!("{}{path}", world.local.url());
    let http = reqwest::Client::new()
        .get(url)
        .header("accept", "application/json");
    http.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_has_the_deadline_as_a_file_that_parses_in_json_raw_and_downloaded() {
    let world = world(LAST_DAYS).await;
    world.edit_person(MAKER, "language", text("zh-Hant-HK")).await;
    remind(&world, LAST_DAYS).await;
    let mails = world.mails_since(0).await;
    let id = &to(&mails, MAKER).id;
    let json: Value = mailbox(&world, &format!("/mailbox?to={MAKER}"))
        .await
        .json()
        .await
        .unwrap();
    let attachments = json[0]["attachments"].as_array().unwrap();
    assert_eq!(attachments.len(), 1);
    let file = &attachments[0];
    assert_eq!(file["fileName"], "deadline.ics");
    assert_eq!(file["contentType"], "text/calendar; charset=utf-8");
    let octets = STANDARD.decode(file["content"].as_str().unwrap()).unwrap();
    assert_eq!(file["size"], octets.len());
    let calendar = String::from_utf8(octets).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    assert!(
        calendar
            .split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n'))
    );
    let unfolded = calendar.replace("\r\n ", "");
    for line in [
        "DTSTART;VALUE=DATE:20230428",
        "SUMMARY:限期 23:59:59 HKT：登記授權管理員的電郵地址（2FA）",
    ] {
        assert!(unfolded.lines().any(|own| own == line), "{line}: {unfolded}");
    }
    assert!(!unfolded.contains("METHOD"), "it invites nobody");

    let one: Value = mailbox(&world, &format!("/mailbox/{id}"))
        .await
        .json()
        .await
        .unwrap();
    let raw = one["raw"].as_str().unwrap();
    let parsed = MessageParser::default().parse(raw.as_bytes()).unwrap();
    let part = parsed.attachment(0).unwrap();
    assert_eq!(
        (parsed.attachment_count(), part.attachment_name()),
        (1, Some("deadline.ics"))
    );
    assert_eq!(part.contents(), calendar.as_bytes());
    assert_eq!(part.content_type().unwrap().attribute("method"), None);
    assert!(
        parsed.reply_to().is_none(),
        "a reply goes nowhere that approves anything"
    );

    let downloaded = mailbox(&world, &format!("/mailbox/{id}/attachments/0")).await;
    let header = |name: &str| downloaded.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment; filename=\"deadline.ics\""));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(downloaded.text().await.unwrap(), calendar);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_mail_has_no_file() {
    let world = world(LAST_DAYS).await;
    let maker = world.sign_in(MAKER).await;
    maker.submit(&countersign_tests::guideline_form()).await;
    let mails = world.mails_since(0).await;
    assert!(!mails.is_empty() && mails.iter().all(|mail| mail.message.attachments.is_empty()));
}
