mod conditions;
mod events;

use std::time::Duration;

use super::*;

fn parse(source: &str, settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    Document::read(source)?.template(STACK, settings)
}

fn none() -> BTreeMap<String, String> {
    BTreeMap::new()
}

#[test]
fn the_products_template_can_be_built_from() {
    let template = load(&none()).unwrap();
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
        .map(|index| index.index_name.as_str())
        .collect();
    assert_eq!(names, ["by_desk", "by_company", "by_reference"]);
}

#[test]
fn what_the_products_template_says_of_mail_is_understood() {
    let template = load(&none()).unwrap();
    let notify = template.function("notify").unwrap();
    assert_eq!(
        notify.environment["MAIL_CONFIGURATION_SET"],
        template.mail.configuration_set
    );
    assert_eq!(
        notify.environment["MAIL_FROM"],
        format!("no-reply@{}", template.mail.domain)
    );
    assert!(template.mail.suppressed_reasons.is_empty());
    let destination = &template.mail.destinations[0];
    assert_eq!(destination.topic, "MailFeedbackTopic");
    assert_eq!(
        destination.events,
        ["BOUNCE", "COMPLAINT", "DELIVERY", "DELIVERY_DELAY", "REJECT"]
    );
    for queue in ["UnreadMail", "UnsentMail", "UnreadFeedback"] {
        assert!(
            template.queues.iter().any(|one| one.logical_id == queue),
            "{queue}"
        );
    }

    assert_eq!(notify.timeout, Duration::from_mins(1));
    let stream = &notify.streams[0];
    assert_eq!(stream.name, "NotifyFunctionNewRows");
    assert!(stream.reports_batch_item_failures && stream.bisects_batch_on_function_error);
    assert_eq!(
        (
            stream.batch_size,
            stream.maximum_retry_attempts,
            stream.patterns.len()
        ),
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
    assert_eq!(
        feedback.async_config.on_failure.as_deref(),
        Some("UnreadFeedback")
    );
}

#[test]
fn what_the_products_template_says_of_mail_that_comes_in_is_understood() {
    let template = load(&none()).unwrap();
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
    assert_eq!(parse(&source, &none()).unwrap().inbound.rules, []);
}

#[test]
fn what_a_receipt_rule_says_and_this_does_not_understand_is_named() {
    for (said, instead, named) in [
        (
            "RuleSetName: !Ref MailRules",
            "RuleSetName: other",
            "none of the template's AWS::SES::ReceiptRuleSet",
        ),
        (
            "BucketName: !Ref InboundMail",
            "BucketName: other",
            "none of the template's AWS::S3::Bucket",
        ),
        (
            "BucketName: !Ref InboundMail",
            "ObjectKeyPrefix: x\n              BucketName: !Ref InboundMail",
            "ObjectKeyPrefix",
        ),
        (
            "FunctionArn: !Ref EmailApprovalFunction.Alias",
            "FunctionArn: !GetAtt Table.Arn",
            "none of the template's AWS::Serverless::Function",
        ),
        (
            "FunctionArn: !Ref EmailApprovalFunction.Alias",
            "FunctionArn: !Ref NoFunction.Alias",
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
        let refusal = parse(&changed, &none()).unwrap_err().to_string();
        assert!(refusal.contains(named), "{instead}: {refusal}");
    }
}

#[test]
fn what_calls_a_function_and_is_not_understood_is_named() {
    for (said, instead, named) in [
        ("Type: DynamoDB\n", "Type: Kinesis\n", "Kinesis"),
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
        ("[ReportBatchItemFailures]", "[Report]", "Report"),
        (
            "MaximumRetryAttempts: 20",
            "MaximumRetryAttempts: -2",
            "MaximumRetryAttempts",
        ),
        (
            "Destination: !GetAtt UnsentMail.Arn",
            "Destination: !GetAtt Table.Arn",
            "none of the template's AWS::SQS::Queue",
        ),
        ("Type: SQS\n", "Type: SNS\n", "SNS"),
        (
            "            Topic: !Ref MailFeedbackTopic",
            "            Topic: !Ref Table",
            "none of the template's AWS::SNS::Topic",
        ),
        (
            "TopicARN: !Ref MailFeedbackTopic",
            "TopicARN: !Ref Table",
            "none of the template's AWS::SNS::Topic",
        ),
        (
            "ConfigurationSetName: !Ref MailConfiguration",
            "ConfigurationSetName: other",
            "configuration set",
        ),
        ("SnsDestination:", "KinesisFirehoseDestination:", "SnsDestination"),
    ] {
        assert!(SOURCE.contains(said), "{said}");
        let changed = SOURCE.replace(said, instead);
        let refusal = parse(&changed, &none()).unwrap_err().to_string();
        assert!(refusal.contains(named), "{instead}: {refusal}");
    }
}

#[test]
fn a_setting_reaches_every_function() {
    let settings = [("CampaignOpens".to_owned(), "2023-02-01".to_owned())].into();
    let template = load(&settings).unwrap();
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
        let refusal = load(&settings).unwrap_err().to_string();
        assert!(refusal.contains(named), "{name}={value}: {refusal}");
    }
}

#[test]
fn what_the_products_template_says_of_schedules_is_understood() {
    let template = load(&none()).unwrap();
    let names = |function: &str| {
        let schedules = template.function(function).unwrap().schedules.iter();
        schedules
            .map(|schedule| schedule.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("remind"), ["claim-leases", "daily-digest", "reminders"]);
    assert_eq!(names("readiness"), ["readiness"]);
}

/// The product's template, in which a function has these schedules too, each a name and its properties.
fn with_schedules(schedules: &[(&str, &str)]) -> Result<Vec<Schedule>, String> {
    let before = "            Topic: !Ref MailFeedbackTopic\n";
    let (head, tail) = SOURCE.split_once(before).unwrap();
    let events = schedules.iter().map(|(name, properties)| {
        format!("        {name}:\n          Type: ScheduleV2\n          Properties: {{ {properties} }}\n")
    });
    // Events of a function are a mapping, so one more goes before the one that is there.
    let start = head.rfind("      Events:\n").unwrap() + "      Events:\n".len();
    let (head, event) = head.split_at(start);
    let source = format!("{head}{}{event}{before}{tail}", events.collect::<String>());
    let settings = BTreeMap::from([("CampaignOpens".to_owned(), "2023-03-01".to_owned())]);
    let template = parse(&source, &settings).map_err(|error| error.to_string())?;
    Ok(template.function("feedback").unwrap().schedules.clone())
}

#[test]
fn what_a_template_says_of_schedules_is_understood() {
    let schedules = with_schedules(&[
        (
            "EveryFive",
            "ScheduleExpression: rate(5 minutes), State: DISABLED, Description: Frees what nobody works on",
        ),
        (
            "AtThree",
            "ScheduleExpression: !Sub ['cron(${Minute} ${Hour} * * ? *)', \
             { Hour: !Select [1, !Split ['-', !Ref CampaignOpens]], \
             Minute: !Select [2, !Split ['-', !Ref CampaignOpens]] }], \
             ScheduleExpressionTimezone: Asia/Hong_Kong, \
             Input: '{\"at\":\"<aws.scheduler.scheduled-time>\"}', \
             RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 }, \
             DeadLetterConfig: { Arn: !GetAtt UnreadFeedback.Arn }",
        ),
    ])
    .unwrap();
    let [daily, often] = schedules.as_slice() else {
        panic!("{schedules:?}");
    };
    assert_eq!((often.name.as_str(), often.enabled), ("every-five", false));
    assert_eq!((often.timezone.as_str(), &often.input), ("UTC", &None));
    assert_eq!((daily.name.as_str(), daily.enabled), ("at-three", true));
    assert_eq!(daily.logical_id, "FeedbackFunctionAtThree");
    assert_eq!(daily.expression, "cron(01 03 * * ? *)");
    let next = daily.times.next(
        "2023-04-25T00:00:00Z".parse().unwrap(),
        jiff::Timestamp::UNIX_EPOCH,
    );
    assert_eq!(daily.times.shown(next.unwrap()), "2023-04-26T03:01:00+08:00");
}

#[test]
fn what_a_schedule_says_and_this_does_not_understand_is_named_with_its_function_and_event() {
    let good = "ScheduleExpression: rate(5 minutes)";
    for (properties, named) in [
        (
            "ScheduleExpression: cron(61 9 * * ? *)".to_owned(),
            "cron(61 9 * * ? *) is no schedule",
        ),
        ("State: ENABLED".to_owned(), "ScheduleExpression"),
        (
            format!("{good}, ScheduleExpressionTimezone: Mars"),
            "no time zone Mars",
        ),
        (format!("{good}, State: PAUSED"), "PAUSED"),
        (
            format!("{good}, FlexibleTimeWindow: {{ Mode: OFF }}"),
            "FlexibleTimeWindow",
        ),
        (format!("{good}, Input: 'no JSON'"), "Input is no JSON"),
        (
            format!("{good}, DeadLetterConfig: {{ Arn: !GetAtt Table.Arn }}"),
            "none of the template's AWS::SQS::Queue",
        ),
        (format!("{good}, DeadLetterConfig: {{ Type: SQS }}"), "Type"),
    ] {
        let refusal = with_schedules(&[("AtThree", &properties)]).unwrap_err();
        let place = "Resources.FeedbackFunction.Events.AtThree";
        assert!(
            refusal.contains(named) && refusal.contains(place),
            "{properties}: {refusal}"
        );
    }
}

#[test]
fn two_schedules_of_one_name_are_refused() {
    let good = "ScheduleExpression: rate(5 minutes)";
    let refusal = with_schedules(&[("DailyRun", good), ("dailyRun", good)]).unwrap_err();
    assert!(
        refusal.contains("FeedbackFunctionDailyRun and FeedbackFunctiondailyRun would both be daily-run"),
        "{refusal}"
    );
}
