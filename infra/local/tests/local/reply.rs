//! Replying to a mail on the mailbox's pages.

use countersign_local::Local;
use countersign_local::options::Options;
use serde_json::{Value as Json, json};

use super::support::{Answer, Caller, Error, form};

const CHECKER: &str = "checker@abc.example";

/// A request that waits for its checkers, and the mail that asks one of them.
struct Asked {
    local: Local,
    maker: Caller,
    request: String,
    mail: String,
    reference: String,
}

async fn asked() -> Result<Asked, Error> {
    let local = Local::start(Options::in_memory()).await?;
    let maker = Caller::signed_in(local.url(), "maker@abc.example").await?;
    let draft = maker.send("POST", "/requests", "", &form("B01234X1")).await?;
    let request = draft.header("location").to_owned();
    let submit = format!("{request}/submit");
    let submitted = maker
        .send("POST", &submit, draft.header("etag"), &json!({}))
        .await?;
    let reference = submitted.body["reference"].as_str().ok_or("no reference")?;
    let reference = reference.to_owned();
    local.settle().await;
    let mails = local.mailbox();
    let mail = mails
        .iter()
        .find(|mail| mail.was_sent_to(CHECKER))
        .ok_or("no mail")?;
    assert_eq!(mail.message.reply_to.len(), 1);
    Ok(Asked {
        mail: mail.id.clone(),
        local,
        maker,
        request,
        reference,
    })
}

impl Asked {
    fn path(&self) -> String {
        format!("/mailbox/{}/reply", self.mail)
    }

    /// Sends the form as the runner's own page does.
    async fn send(&self, fields: &[(&str, &str)]) -> Result<(Answer, String), Error> {
        self.send_from(self.local.url(), fields).await
    }

    async fn send_from(&self, origin: &str, fields: &[(&str, &str)]) -> Result<(Answer, String), Error> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let form = form.extend_pairs(fields).finish();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", origin),
        ];
        let caller = Caller::new(self.local.url());
        let answer = caller.call("POST", &self.path(), &headers, form.into()).await?;
        let page = answer.body.as_str().unwrap_or_default().to_owned();
        Ok((answer, page))
    }

    async fn get(&self, path: &str) -> Result<String, Error> {
        let answer = Caller::new(self.local.url()).get(path).await?;
        assert_eq!(answer.status, 200, "{path}");
        Ok(answer.body.as_str().unwrap_or_default().to_owned())
    }

    /// The status text of the request, once everything has settled.
    async fn status(&self) -> Result<Json, Error> {
        self.local.settle().await;
        Ok(self.maker.get(&self.request).await?.body["status"].clone())
    }
}

#[tokio::test]
async fn a_checker_confirms_on_the_mailboxs_page_without_a_script() -> Result<(), Error> {
    let asked = asked().await?;
    let mail = asked.get(&format!("/mailbox/{}", asked.mail)).await?;
    let path = asked.path();
    assert!(mail.contains(&format!("href=\"{path}\"")), "{mail}");
    let page = asked.get(&path).await?;
    for part in [
        format!(
            "name=\"from\" type=\"text\" inputmode=\"email\" autocomplete=\"off\" spellcheck=\"false\" value=\"{CHECKER}\""
        ),
        "rows=\"5\">\n</textarea>".to_owned(),
        "<select id=\"dmarc\" name=\"dmarc\"><option selected>PASS</option><option>FAIL</option>".to_owned(),
    ] {
        assert!(page.contains(&part), "{part}: {page}");
    }
    assert!(!page.contains("<script"), "{page}");
    let say = format!("CONFIRM {}", asked.reference);
    let (answer, page) = asked.send(&[("from", CHECKER), ("text", &say)]).await?;
    assert_eq!(answer.status, 200, "{page}");
    assert!(
        page.contains("Handed over") && page.contains("href=\"/mailbox\""),
        "{page}"
    );
    assert_eq!(asked.status().await?, "Sent to HKEX");
    asked.local.stop().await;
    Ok(())
}

/// As in a mail program, nothing is quoted.
#[tokio::test]
async fn a_link_of_the_letter_opens_a_new_mail_that_confirms_as_it_is() -> Result<(), Error> {
    let asked = asked().await?;
    let (path, reference) = (asked.path(), &asked.reference);
    let contents = |and: &str| format!("{path}?subject={reference}{and}body=CONFIRM%20{reference}%0D%0A");
    let html = asked.get(&format!("/mailbox/{}/html", asked.mail)).await?;
    assert!(
        html.contains(&format!("href=\"{}\"", contents("&#38;"))),
        "{html}"
    );
    assert!(!html.contains("href=\"mailto:"), "{html}");
    let text = asked.get(&format!("/mailbox/{}?show=text", asked.mail)).await?;
    assert!(
        text.contains(&format!("href=\"{}\"", contents("&#38;"))),
        "{text}"
    );

    let page = asked.get(&contents("&")).await?;
    let say = format!("CONFIRM {reference}\r\n");
    for part in [
        "<h1>New e-mail</h1>".to_owned(),
        format!("name=\"subject\" type=\"text\" autocomplete=\"off\" value=\"{reference}\""),
        format!("rows=\"5\">\n{say}</textarea>"),
    ] {
        assert!(page.contains(&part), "{part}: {page}");
    }
    let (answer, page) = asked
        .send(&[("from", CHECKER), ("subject", reference), ("text", &say)])
        .await?;
    assert_eq!(answer.status, 200, "{page}");
    assert!(
        !page.contains(" wrote:") && !page.contains("In-Reply-To"),
        "{page}"
    );
    assert_eq!(asked.status().await?, "Sent to HKEX");
    asked.local.stop().await;
    Ok(())
}

#[tokio::test]
async fn what_ses_finds_can_be_chosen_and_a_reply_that_is_not_vouched_for_does_nothing() -> Result<(), Error>
{
    let asked = asked().await?;
    let say = format!("CONFIRM {}", asked.reference);
    let reply = [
        ("from", CHECKER),
        ("text", &say),
        ("dmarc", "FAIL"),
        ("spf", "NONE"),
    ];
    let (answer, page) = asked.send(&reply).await?;
    assert_eq!(answer.status, 200, "{page}");
    assert!(page.contains("SPF none, DKIM PASS, DMARC FAIL"), "{page}");
    assert_eq!(asked.status().await?, "Ready to Send to HKEX");
    asked.local.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_form_that_cannot_be_taken_in_is_shown_again_with_the_reason_and_nothing_in_it_becomes_markup()
-> Result<(), Error> {
    let asked = asked().await?;
    let attack = "</textarea><script>alert(1)</script>";
    for (fields, reason) in [
        (vec![("from", attack), ("text", attack)], "one e-mail address"),
        (vec![("from", ""), ("text", attack)], "one e-mail address"),
        (
            vec![("from", CHECKER), ("text", attack), ("spf", attack)],
            "spf: It has to be PASS",
        ),
    ] {
        let (answer, page) = asked.send(&fields).await?;
        assert_eq!(answer.status, 400, "{page}");
        assert!(page.contains(reason) && page.contains("role=\"alert\""), "{page}");
        assert!(
            !page.contains("<script") && page.contains("&#60;script&#62;"),
            "{page}"
        );
    }
    let (answer, page) = asked.send(&[("from", CHECKER), ("text", attack)]).await?;
    assert_eq!(answer.status, 200);
    assert!(!page.contains("<script"), "{page}");
    let page = asked
        .get(&format!("{}?body=%3C/textarea%3E%3Cscript%3E", asked.path()))
        .await?;
    assert!(!page.contains("<script"), "{page}");
    asked.local.stop().await;
    Ok(())
}

#[tokio::test]
async fn another_sites_page_cannot_reply() -> Result<(), Error> {
    let asked = asked().await?;
    let say = format!("CONFIRM {}", asked.reference);
    for origin in ["https://attacker.example", "null", "http://localhost:1"] {
        let (answer, _) = asked
            .send_from(origin, &[("from", CHECKER), ("text", &say)])
            .await?;
        assert_eq!(answer.status, 403, "{origin}");
    }
    assert_eq!(asked.status().await?, "Ready to Send to HKEX");
    asked.local.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_mail_that_takes_no_answer_has_no_reply_and_the_queue_of_unread_mail_is_shown() -> Result<(), Error>
{
    let asked = asked().await?;
    let say = format!("CONFIRM {}", asked.reference);
    asked.send(&[("from", CHECKER), ("text", &say)]).await?;
    asked.local.settle().await;
    let mails = asked.local.mailbox();
    let told = mails.iter().find(|mail| mail.was_sent_to("maker@abc.example"));
    let told = told.ok_or("the maker was told nothing")?;
    assert!(told.message.reply_to.is_empty());
    let page = asked.get(&format!("/mailbox/{}", told.id)).await?;
    assert!(!page.contains("/reply\""), "{page}");
    let caller = Caller::new(asked.local.url());
    for id in [told.id.as_str(), "nothing"] {
        assert_eq!(caller.get(&format!("/mailbox/{id}/reply")).await?.status, 404);
    }
    let html = [("accept", "text/html")];
    let list = caller.call("GET", "/schedules", &html, Vec::new()).await?.body;
    assert!(
        list.as_str().is_some_and(|list| list.contains("UnreadMail: 0")),
        "{list}"
    );
    asked.local.stop().await;
    Ok(())
}
