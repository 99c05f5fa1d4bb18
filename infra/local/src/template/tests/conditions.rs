use super::*;

#[test]
fn without_approval_by_reply_nothing_of_mail_that_comes_in_is_there() {
    let settings = [("ApprovalByReply".to_owned(), "no".to_owned())].into();
    let template = load(&settings).unwrap();
    assert_eq!(
        (template.inbound.rules.len(), template.inbound.buckets.len()),
        (0, 0)
    );
    assert!(template.function("email-approval").is_none());
    assert!(
        !template
            .queues
            .iter()
            .any(|queue| queue.logical_id == "UnreadMail")
    );
    let notify = template.function("notify").unwrap();
    assert_eq!(notify.environment["APPROVAL_BY_REPLY"], "no");
}

#[test]
fn a_condition_that_is_not_understood_is_named() {
    for (said, instead, named) in [
        (
            "TakesReplies: !Equals [",
            "TakesReplies: !Or [",
            "Conditions.TakesReplies",
        ),
        (
            "    Condition: TakesReplies\n",
            "    Condition: Other\n",
            "no condition Other",
        ),
    ] {
        assert!(SOURCE.contains(said), "{said}");
        let refusal = parse(&SOURCE.replacen(said, instead, 1), &none())
            .unwrap_err()
            .to_string();
        assert!(refusal.contains(named), "{instead}: {refusal}");
    }
}

#[test]
fn what_refers_to_something_that_the_conditions_leave_out_is_named() {
    let settings = [("ApprovalByReply".to_owned(), "no".to_owned())].into();
    let said = "Destination: !GetAtt UnsentMail.Arn";
    let changed = SOURCE.replacen(said, "Destination: !GetAtt UnreadMail.Arn", 1);
    let refusal = parse(&changed, &settings).unwrap_err().to_string();
    assert!(refusal.contains("UnreadMail"), "{refusal}");
}
