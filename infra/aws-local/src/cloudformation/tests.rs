use std::time::Duration;

use super::*;

fn none() -> BTreeMap<String, String> {
    BTreeMap::new()
}

fn resolved(yaml: &str) -> Result<Json, String> {
    let document: Value = serde_norway::from_str(yaml).unwrap();
    let values = [("Size".to_owned(), "big".to_owned())].into();
    let resolver = Resolver::new(&document, values);
    resolver
        .at("Value", &document["Value"])
        .map_err(|error| error.to_string())
}

const PARTS: &str = "
Conditions:
  IsBig: !Equals [!Ref Size, big]
  IsSmall: !Not [!Condition IsBig]
  Loop: !Not [!Condition Loop]
Resources:
  Table: { Type: AWS::DynamoDB::Table }
";

#[test]
fn every_intrinsic_function_that_a_template_may_use_is_resolved() {
    for (value, expected) in [
        ("!Ref Size", "big"),
        ("{ Ref: Size }", "big"),
        ("!Ref Table", "countersign-Table"),
        (
            "!GetAtt Table.Arn",
            "arn:aws:local:ap-southeast-1:000000000000:countersign-Table",
        ),
        (
            "{ 'Fn::GetAtt': [Table, StreamArn] }",
            "countersign-Table-StreamArn",
        ),
        (
            "!Sub 'a-${Size}-${!Size}-${Table}-${Table.StreamArn}'",
            "a-big-${Size}-countersign-Table-countersign-Table-StreamArn",
        ),
        (
            "!Sub ['${Own}/${AWS::Region}', { Own: !Ref Size }]",
            "big/ap-southeast-1",
        ),
        ("!If [IsBig, yes-it-is, no-it-is-not]", "yes-it-is"),
        ("!If [IsSmall, yes-it-is, no-it-is-not]", "no-it-is-not"),
        ("!Join ['-', [a, !Ref Size]]", "a-big"),
        ("!Select [1, !Split ['/', a/b/c]]", "b"),
    ] {
        let yaml = format!("{PARTS}\nValue: {value}");
        assert_eq!(resolved(&yaml), Ok(Json::from(expected)), "{value}");
    }
}

#[test]
fn no_value_takes_its_member_away() {
    let yaml = format!("{PARTS}\nValue: {{ a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, 1] }}");
    assert_eq!(resolved(&yaml), Ok(serde_json::json!({ "b": [1] })));
}

#[test]
fn what_cannot_be_resolved_is_named() {
    for (value, named) in [
        ("!Ref Missing", "Missing"),
        ("!GetAtt Missing.Arn", "Missing"),
        ("!Sub '${Missing}'", "Missing"),
        ("!ImportValue x", "ImportValue"),
        ("!If [IsHuge, 1, 2]", "IsHuge"),
        ("!If [Loop, 1, 2]", "nested"),
        ("!Select [3, [a]]", "!Select"),
    ] {
        let refusal = resolved(&format!("{PARTS}\nValue: {value}")).unwrap_err();
        assert!(refusal.contains(named), "{value}: {refusal}");
    }
}

#[test]
fn the_products_template_can_be_built_from() {
    let template = Template::load(&none()).unwrap();
    let claim = template.function("claim").unwrap();
    assert_eq!(claim.environment["TABLE_NAME"], template.table.name);
    assert_eq!(claim.environment["CAMPAIGN_OPENS"], "2023-03-20");
    assert_eq!(claim.routes[0].key(), "POST /requests/{id}/claim");
    assert_eq!(claim.routes[0].access, Access::SignedIn);
    let (open, _) = template
        .routes()
        .find(|(route, _)| route.path == "/openapi.json")
        .unwrap();
    assert_eq!(open.access, Access::Open);
    assert_eq!(template.authorizer.audience.len(), 1);
    assert_eq!(template.authorizer.audience[0], template.user_pool.client);
    assert_eq!(template.user_pool.trigger.as_deref(), Some("SignInFunction"));
    let names: Vec<_> = template
        .table
        .indexes
        .iter()
        .map(|index| index.name.as_str())
        .collect();
    assert_eq!(names, ["by_desk", "by_company", "by_lease"]);
}

#[test]
fn what_the_products_template_says_of_mail_is_understood() {
    let template = Template::load(&none()).unwrap();
    let notify = template.function("notify").unwrap();
    assert_eq!(
        notify.environment["MAIL_CONFIGURATION_SET"],
        template.mail.configuration_set
    );
    assert_eq!(
        notify.environment["MAIL_FROM"],
        format!("no-reply@{}", template.mail.domain)
    );
    assert_eq!(template.mail.suppressed_reasons, ["BOUNCE", "COMPLAINT"]);
    let destination = &template.mail.destinations[0];
    assert_eq!(destination.topic, "MailFeedbackTopic");
    assert_eq!(
        destination.events,
        ["BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "REJECT"]
    );
    for queue in ["UnreadMail", "UnsentMail", "UnreadFeedback"] {
        assert!(template.queues.iter().any(|named| named == queue), "{queue}");
    }

    assert_eq!(notify.timeout, Duration::from_mins(1));
    let stream = &notify.streams[0];
    assert_eq!(stream.name, "NotifyFunctionNewRows");
    assert!(stream.from_oldest && stream.reports_failures && stream.bisects);
    assert_eq!(
        (stream.batch_size, stream.retries, stream.patterns.len()),
        (10, Some(20), 4)
    );
    assert_eq!(stream.on_failure.as_deref(), Some("UnsentMail"));

    let feedback = template.function("feedback").unwrap();
    assert_eq!(
        feedback.timeout,
        Duration::from_secs(10),
        "what all functions have"
    );
    assert_eq!(feedback.topics, ["MailFeedbackTopic"]);
    assert_eq!(feedback.async_config.retries, 2);
    assert_eq!(feedback.async_config.on_failure.as_deref(), Some("UnreadFeedback"));
}

#[test]
fn what_the_products_template_says_of_mail_that_comes_in_is_understood() {
    let template = Template::load(&none()).unwrap();
    let approval = template.function("email-approval").unwrap();
    let bucket = &template.inbound.buckets[0];
    assert_eq!(approval.environment["INBOUND_BUCKET"], bucket.name);
    assert_eq!(bucket.days, Some(30));
    let rule = ReceiptRule {
        logical_id: "MailRule".to_owned(),
        recipients: vec![template.mail.domain.clone()],
        scans: true,
        bucket: bucket.name.clone(),
        function: approval.logical_id.clone(),
    };
    assert_eq!(template.inbound.rules, [rule]);
    assert_eq!(approval.async_config.retries, 2);
    assert_eq!(approval.async_config.on_failure.as_deref(), Some("UnreadMail"));

    let off = "      Rule:\n        Enabled: ";
    let source = SOURCE.replace(&format!("{off}true"), &format!("{off}false"));
    assert_eq!(Template::parse(&source, &none()).unwrap().inbound.rules, []);
}

#[test]
fn what_a_receipt_rule_says_and_this_does_not_understand_is_named() {
    for (said, instead, named) in [
        (
            "RuleSetName: !Ref MailRules",
            "RuleSetName: other",
            "no such rule set",
        ),
        (
            "BucketName: !Ref InboundMail",
            "BucketName: other",
            "no such bucket",
        ),
        (
            "BucketName: !Ref InboundMail",
            "ObjectKeyPrefix: x\n              BucketName: !Ref InboundMail",
            "ObjectKeyPrefix",
        ),
        (
            "FunctionArn: !GetAtt EmailApprovalFunction.Arn",
            "FunctionArn: !GetAtt Table.Arn",
            "none of the template's functions",
        ),
        (
            "FunctionArn: !GetAtt EmailApprovalFunction.Arn",
            "FunctionArn: !GetAtt NoFunction.Arn",
            "NoFunction",
        ),
        (
            "InvocationType: Event",
            "InvocationType: RequestResponse",
            "RequestResponse",
        ),
        ("- LambdaAction:", "- WorkmailAction:", "WorkmailAction"),
        (
            "- S3Action:",
            "- StopAction: { Scope: RuleSet }\n          - S3Action:",
            "StopAction",
        ),
        ("TlsPolicy: Require", "TlsPolicy: Sometimes", "Sometimes"),
        (
            "ScanEnabled: true",
            "ScanEnabled: true\n        After: other",
            "After",
        ),
        (
            "ExpirationInDays: 30",
            "NoncurrentVersionExpirationInDays: 30",
            "NoncurrentVersion",
        ),
    ] {
        assert!(SOURCE.contains(said), "{said}");
        let changed = SOURCE.replacen(said, instead, 1);
        let refusal = Template::parse(&changed, &none()).unwrap_err().to_string();
        assert!(refusal.contains(named), "{instead}: {refusal}");
    }
}

#[test]
fn what_calls_a_function_and_is_not_understood_is_named() {
    for (said, instead, named) in [
        ("Type: DynamoDB\n", "Type: Kinesis\n", "an event Kinesis"),
        (
            "!GetAtt Table.StreamArn",
            "!GetAtt Table.Arn",
            "the stream of the table",
        ),
        ("StartingPosition: TRIM_HORIZON", "StartingPosition: NOW", "NOW"),
        ("BatchSize: 10", "BatchSize: 0", "BatchSize"),
        (
            "BatchSize: 10",
            "TumblingWindowInSeconds: 10",
            "TumblingWindowInSeconds",
        ),
        ("[ReportBatchItemFailures]", "[Report]", "FunctionResponseTypes"),
        (
            "MaximumRetryAttempts: 20",
            "MaximumRetryAttempts: -2",
            "MaximumRetryAttempts",
        ),
        (
            "Destination: !GetAtt UnsentMail.Arn",
            "Destination: !GetAtt Table.Arn",
            "none of the template's queues",
        ),
        ("Type: SQS\n", "Type: SNS\n", "a destination SNS"),
        (
            "            Topic: !Ref MailFeedbackTopic",
            "            Topic: !Ref Table",
            "no such topic",
        ),
        (
            "TopicARN: !Ref MailFeedbackTopic",
            "TopicARN: !Ref Table",
            "no such topic",
        ),
        (
            "ConfigurationSetName: !Ref MailConfiguration",
            "ConfigurationSetName: other",
            "configuration set",
        ),
        (
            "[BOUNCE, COMPLAINT, DELIVERY_DELAY, REJECT]",
            "[BOUNCED]",
            "BOUNCED",
        ),
        ("SnsDestination:", "KinesisFirehoseDestination:", "SnsDestination"),
    ] {
        assert!(SOURCE.contains(said), "{said}");
        let changed = SOURCE.replace(said, instead);
        let refusal = Template::parse(&changed, &none()).unwrap_err().to_string();
        assert!(refusal.contains(named), "{instead}: {refusal}");
    }
}

#[test]
fn a_setting_reaches_every_function() {
    let settings = [("CampaignOpens".to_owned(), "2023-02-01".to_owned())].into();
    let template = Template::load(&settings).unwrap();
    for function in &template.functions {
        assert_eq!(function.environment["CAMPAIGN_OPENS"], "2023-02-01");
    }
}

#[test]
fn a_setting_that_the_template_does_not_allow_is_refused_with_what_it_has_to_be() {
    for (name, value, named) in [
        ("Campaign", "2023-02-01", "CampaignOpens"),
        ("CampaignOpens", "tomorrow", "must be a day"),
        ("CampaignOpens", "2023-02-01\n", "must be a day"),
        ("Architecture", "mips", "arm64 or x86_64"),
        ("LogRetentionDays", "ten", "must be a number of days"),
    ] {
        let settings = [(name.to_owned(), value.to_owned())].into();
        let refusal = Template::load(&settings).unwrap_err().to_string();
        assert!(refusal.contains(named), "{name}={value}: {refusal}");
    }
}

#[test]
fn what_the_products_template_says_of_schedules_is_understood() {
    let template = Template::load(&none()).unwrap();
    let names = |function: &str| {
        let schedules = template.function(function).unwrap().schedules.iter();
        schedules
            .map(|schedule| schedule.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("remind"), ["claim-leases", "reminders"]);
    assert_eq!(names("readiness"), ["readiness"]);
}
