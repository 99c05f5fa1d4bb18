//! What is not taken in, and for whom a rule is.

use super::*;

#[tokio::test]
async fn what_is_wrong_with_parameters_is_named_all_at_once() {
    let stage = stage(Setting::default()).await;
    for (query, named) in [
        ("", &["from", "to"][..]),
        ("from=checker@abc.example", &["to"]),
        ("to=a@mail.example", &["from"]),
        ("from=nobody&to=a@mail.example@b", &["from", "to"]),
        ("from=&to=", &["to"]),
        ("from=a@b.example%0D%0AX:y&to=a@mail.example", &["from"]),
        (
            "from=&from=&to=a@mail.example&dmarc=pass&spf=&subject=x&truncated=1",
            &["from", "dmarc", "spf", "subject", "truncated"],
        ),
    ] {
        let (status, problem) = stage.post(query, MESSAGE).await;
        assert_eq!(status, 400, "{query}: {problem}");
        assert_eq!(problem["type"], "urn:example:malformed");
        let errors = problem["errors"].as_array().unwrap().iter();
        let parameters: Vec<_> = errors.map(|error| error["parameter"].as_str().unwrap()).collect();
        assert_eq!(parameters, named, "{query}");
    }
    assert_eq!(stage.told().await, Vec::<Json>::new());
}

#[tokio::test]
async fn a_recipient_of_no_rule_is_told_as_a_mail_server_would() {
    let stage = stage(Setting::default()).await;
    for query in [
        "from=&to=approve@sub.mail.example",
        "from=&to=approve@mail.example&to=approve@other.example",
    ] {
        let (status, problem) = stage.post(query, MESSAGE).await;
        assert_eq!(status, 404, "{query}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.starts_with("550 5.1.1 ") && detail.contains("no receipt rule"),
            "{detail}"
        );
    }
    assert_eq!(stage.told().await, Vec::<Json>::new());
}

#[tokio::test]
async fn an_empty_message_and_one_over_sess_limit_are_refused() {
    let stage = stage(Setting::default()).await;
    assert_eq!(stage.post(ENVELOPE, "").await.0, 400);
    let (status, problem) = stage.post(ENVELOPE, vec![b'x'; 40 * 1024 * 1024 + 1]).await;
    assert_eq!((status, &problem["type"]), (413, &json!("urn:example:too-large")));
}

#[tokio::test]
async fn another_sites_page_cannot_hand_a_message_in_and_a_program_can() {
    let stage = stage(Setting::default()).await;
    let own = stage.url.clone();
    for (headers, status) in [
        (&[][..], 202),
        (&[("origin", own.as_str())], 202),
        (
            &[("origin", own.as_str()), ("sec-fetch-site", "same-origin")],
            202,
        ),
        (&[("origin", "http://localhost:1")], 403),
        (&[("origin", "https://attacker.example")], 403),
        (&[("origin", "null")], 403),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("origin", own.as_str()), ("sec-fetch-site", "same-site")], 403),
    ] {
        let response = stage.call(ENVELOPE, headers, MESSAGE).await;
        assert_eq!(response.status().as_u16(), status, "{headers:?}");
    }
    assert_eq!(stage.told().await.len(), 3);
}

#[test]
fn a_rule_is_for_its_domains_addresses_and_for_an_address_with_any_label() {
    for (recipients, to, takes) in [
        (&["mail.example"][..], "anyone@mail.example", true),
        (&["mail.example"], "Anyone@Mail.Example", true),
        (&["mail.example"], "anyone@sub.mail.example", false),
        (&["mail.example"], "anyone@xmail.example", false),
        (&[".mail.example"], "anyone@sub.mail.example", true),
        (&[".mail.example"], "anyone@mail.example", false),
        (&["approve@mail.example"], "approve@mail.example", true),
        (&["approve@mail.example"], "Approve+x@mail.example", true),
        (&["approve@mail.example"], "approver@mail.example", false),
        (&["approve+x@mail.example"], "approve+x@mail.example", true),
        (&["approve+x@mail.example"], "approve+y@mail.example", false),
        (&["other.example", "mail.example"], "a@mail.example", true),
        (&[], "a@mail.example", true),
        (&[], "a@other.example", false),
    ] {
        let setting = Setting {
            recipients,
            ..Setting::default()
        };
        assert_eq!(is_for(&rule(&setting), to, DOMAIN), takes, "{recipients:?} {to}");
    }
}
