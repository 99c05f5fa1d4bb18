//! What is not taken in, and for whom a rule is.

use super::*;

#[test]
fn what_is_wrong_with_a_parameter_is_named() {
    for (query, named) in [
        ("", "a sender, from, and a recipient, to"),
        ("from=bob@abc.example", "a recipient, to"),
        ("to=a@mail.example", "a sender, from"),
        ("from=nobody&to=a@mail.example", "from: "),
        ("from=&to=a@mail.example@b", "to: "),
        ("from=&to=", "to: "),
        ("from=a@b.example%0D%0AX:y&to=a@mail.example", "from: "),
        ("from=&to=a@mail.example&dmarc=pass", "dmarc: "),
        ("from=&to=a@mail.example&spf=", "spf: "),
        ("from=&to=a@mail.example&subject=x", "subject: "),
        ("from=&to=a@mail.example&truncated=1", "truncated: "),
    ] {
        let refusal = Envelope::parse(form_urlencoded::parse(query.as_bytes())).unwrap_err();
        assert!(refusal.contains(named), "{query}: {refusal}");
    }
}

#[tokio::test]
async fn a_mail_with_a_recipient_of_no_rule_is_not_taken_in() {
    let stage = stage(Setting::default());
    for (query, recipient) in [
        ("from=&to=answers@sub.mail.example", "answers@sub.mail.example"),
        (
            "from=&to=answers@mail.example&to=answers@other.example",
            "answers@other.example",
        ),
    ] {
        let refusal = Err(ReceiveError::NoRule(recipient.to_owned()));
        assert_eq!(stage.receive(query, MESSAGE), refusal, "{query}");
    }
    assert_eq!(stage.told().await, Vec::<Json>::new());
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
        (&["answers@mail.example"], "answers@mail.example", true),
        (&["answers@mail.example"], "Answers+x@mail.example", true),
        (&["answers@mail.example"], "answering@mail.example", false),
        (&["answers+x@mail.example"], "answers+x@mail.example", true),
        (&["answers+x@mail.example"], "answers+y@mail.example", false),
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
