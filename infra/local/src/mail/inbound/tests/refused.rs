//! What is not taken in, and for whom a rule is.

use super::*;
use crate::mail::inbound::endpoint::MAIL_LIMIT;

#[tokio::test]
async fn what_is_wrong_with_parameters_is_named_all_at_once() {
    let stage = stage(Setting::default()).await;
    for (query, named) in [
        ("", &["from", "to"][..]),
        ("from=checker@abc.example", &["to"]),
        ("to=a@countersign.example", &["from"]),
        ("from=nobody&to=a@countersign.example@b", &["from", "to"]),
        ("from=&to=", &["to"]),
        ("from=a@b.example%0D%0AX:y&to=a@countersign.example", &["from"]),
        (
            "from=&from=&to=a@countersign.example&dmarc=pass&spf=&subject=x&truncated=1",
            &["from", "dmarc", "spf", "subject", "truncated"],
        ),
    ] {
        let (status, problem) = stage.post(query, MESSAGE).await;
        assert_eq!(status, 400, "{query}: {problem}");
        assert_eq!(problem["type"], "urn:countersign:problem:malformed");
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
        "from=&to=approve@mail.countersign.example",
        "from=&to=approve@countersign.example&to=approve@other.example",
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
    let (status, problem) = stage.post(ENVELOPE, vec![b'x'; MAIL_LIMIT + 1]).await;
    assert_eq!(
        (status, &problem["type"]),
        (413, &json!("urn:countersign:problem:too-large"))
    );
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
        (&["countersign.example"][..], "anyone@countersign.example", true),
        (&["countersign.example"], "Anyone@Countersign.Example", true),
        (&["countersign.example"], "anyone@mail.countersign.example", false),
        (&["countersign.example"], "anyone@xcountersign.example", false),
        (&[".countersign.example"], "anyone@mail.countersign.example", true),
        (&[".countersign.example"], "anyone@countersign.example", false),
        (
            &["approve@countersign.example"],
            "approve@countersign.example",
            true,
        ),
        (
            &["approve@countersign.example"],
            "Approve+x@countersign.example",
            true,
        ),
        (
            &["approve@countersign.example"],
            "approver@countersign.example",
            false,
        ),
        (
            &["approve+x@countersign.example"],
            "approve+x@countersign.example",
            true,
        ),
        (
            &["approve+x@countersign.example"],
            "approve+y@countersign.example",
            false,
        ),
        (
            &["other.example", "countersign.example"],
            "a@countersign.example",
            true,
        ),
        (&[], "a@countersign.example", true),
        (&[], "a@other.example", false),
    ] {
        let setting = Setting {
            recipients,
            ..Setting::default()
        };
        let rule = rule(&setting, recorder(&Arc::default(), 0));
        assert_eq!(rule.takes(to, DOMAIN), takes, "{recipients:?} {to}");
    }
}
