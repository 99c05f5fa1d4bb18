//! Faults that a deployment can have, planted into copies of the files one at a time: a named check finds each.

use std::collections::BTreeSet;

use super::checks::CHECKS;
use super::document::{Document, File};

/// A fault, and the check that finds it.
struct Fault {
    file: File,
    said: &'static str,
    instead: &'static str,
    check: &'static str,
    /// What the check says of it.
    found: &'static str,
}

const fn fault(
    file: File,
    (said, instead): (&'static str, &'static str),
    check: &'static str,
    found: &'static str,
) -> Fault {
    Fault {
        file,
        said,
        instead,
        check,
        found,
    }
}

const FAULTS: &[Fault] = &[
    fault(
        File::Template,
        ("            OmitName: true\n", ""),
        "no_schedule_has_a_fixed_name",
        "Function.",
    ),
    fault(
        File::Template,
        (
            "      BillingMode: PAY",
            "      TableName: requests\n      BillingMode: PAY",
        ),
        "nothing_has_a_fixed_name",
        "Table's TableName",
    ),
    fault(
        File::Template,
        ("${AWS::StackName}-EventBus", "countersign-EventBus"),
        "nothing_has_a_fixed_name",
        "EventBus's Name",
    ),
    fault(
        File::Template,
        (
            "Type: AWS::SES::ReceiptRule\n    Condition: TakesReplies",
            "Type: AWS::SES::ReceiptRule",
        ),
        "what_receives_mail_can_be_left_out",
        "MailRule is there",
    ),
    fault(
        File::Template,
        ("  MailRuleSet:\n    Condition: TakesReplies", "  MailRuleSet:"),
        "what_receives_mail_can_be_left_out",
        "MailRuleSet refers to MailRules",
    ),
    fault(
        File::Template,
        ("- us-west-2\n", "- us-west-2\n              - eu-north-1\n"),
        "replies_are_refused_where_ses_receives_none",
        "eu-north-1",
    ),
    fault(
        File::Template,
        (
            "RuleCondition: !Equals [!Ref ApprovalByReply,",
            "RuleCondition: !Equals [!Ref SecondFactor,",
        ),
        "replies_are_refused_where_ses_receives_none",
        "ApprovalByReply",
    ),
    fault(
        File::Template,
        (
            "Type: AWS::SES::ReceiptRuleSet\n    Condition: TakesReplies\n    DeletionPolicy: Retain",
            "Type: AWS::SES::ReceiptRuleSet\n    Condition: TakesReplies\n    DeletionPolicy: Delete",
        ),
        "what_stays_behind_is_kept_on_purpose",
        "MailRules, or fail",
    ),
    fault(
        File::Template,
        (
            "Type: AWS::S3::Bucket\n    Condition: TakesReplies\n    DeletionPolicy: Retain",
            "Type: AWS::S3::Bucket\n    Condition: TakesReplies",
        ),
        "what_stays_behind_is_kept_on_purpose",
        "InboundMail, or fail",
    ),
    fault(
        File::Template,
        ("DeletionProtection: ACTIVE", "DeletionProtection: INACTIVE"),
        "what_stays_behind_is_kept_on_purpose",
        "UserPool is not protected",
    ),
    fault(
        File::Deploy,
        ("| `MailRules` |", "| the rule set |"),
        "what_stays_behind_is_kept_on_purpose",
        "does not say that MailRules stays",
    ),
    fault(
        File::SamConfig,
        (
            "MailDomain=dev.countersign.example",
            "MailDomain=countersign.example",
        ),
        "the_deployments_of_samconfig_get_along",
        "one mail domain",
    ),
    fault(
        File::SamConfig,
        ("ApprovalByReply=no", "ApprovalByReply=yes"),
        "the_deployments_of_samconfig_get_along",
        "one active rule set",
    ),
    fault(
        File::SamConfig,
        ("SecondFactor=OPTIONAL", "SecondFactor=OFF"),
        "the_deployments_of_samconfig_get_along",
        "must be ON or OPTIONAL",
    ),
    fault(
        File::Deploy,
        ("cargo fetch --locked && sam build", "sam build"),
        "a_build_takes_the_locked_dependencies",
        "whatever dependencies",
    ),
    fault(
        File::Template,
        ("AlarmActions: [!Ref OnCall]", "AlarmActions: []"),
        "every_alarm_tells_whoever_is_on_call",
        "nobody is told of",
    ),
    fault(
        File::Runbook,
        ("## TableThrottlesAlarm", "## TableThrottles"),
        "every_alarm_has_an_entry_in_the_runbook",
        "what TableThrottlesAlarm means",
    ),
    fault(
        File::Template,
        ("See docs/RUNBOOK.md, LateEventsAlarm.", "See the runbook."),
        "every_alarm_has_an_entry_in_the_runbook",
        "LateEventsAlarm does not say where",
    ),
    fault(
        File::Template,
        (
            "Expression: SUM(FILL(METRICS(), 0))",
            "Expression: SUM(SEARCH('AWS/Lambda Errors', 'Sum', 300))",
        ),
        "every_alarm_can_be_made",
        "searches",
    ),
    fault(
        File::Template,
        ("      EvaluationPeriods: 74", "      EvaluationPeriods: 174"),
        "every_alarm_can_be_made",
        "DigestNotRunAlarm looks too far back",
    ),
    fault(
        File::Template,
        (
            "          ReturnData: false\n          MetricStat:\n            Metric:\n              Namespace: AWS/Cognito",
            "          ReturnData: true\n          MetricStat:\n            Metric:\n              Namespace: AWS/Cognito",
        ),
        "every_alarm_can_be_made",
        "SignInFailuresAlarm has to return one value",
    ),
    fault(
        File::Template,
        (
            concat!(
                "              MetricName: Errors\n",
                "              Dimensions:\n",
                "                - { Name: FunctionName, Value: !Ref PortalFunction }",
            ),
            concat!(
                "              MetricName: Errors\n",
                "              Dimensions:\n",
                "                - { Name: FunctionName, Value: !Ref RequestsFunction }",
            ),
        ),
        "the_errors_of_every_function_are_watched",
        "0 alarms watch the Errors of PortalFunction",
    ),
    fault(
        File::Template,
        (
            concat!(
                "              MetricName: Throttles\n",
                "              Dimensions:\n",
                "                - { Name: FunctionName, Value: !Ref NotifyFunction }",
            ),
            concat!(
                "              MetricName: Throttles\n",
                "              Dimensions:\n",
                "                - { Name: FunctionName, Value: !Ref RelayFunction }",
            ),
        ),
        "the_throttles_of_every_function_are_watched",
        "0 alarms watch the Throttles of NotifyFunction",
    ),
    fault(
        File::Template,
        (
            "      MetricName: IteratorAge\n      Dimensions:\n        - { Name: FunctionName, Value: !Ref RelayFunction }",
            "      MetricName: IteratorAge\n      Dimensions:\n        - { Name: FunctionName, Value: !Ref NotifyFunction }",
        ),
        "a_reader_of_the_stream_that_falls_behind_is_noticed",
        "RelayFunction",
    ),
    fault(
        File::Template,
        (
            "        - { Name: QueueName, Value: !GetAtt UndoneJobs.QueueName }",
            "        - { Name: QueueName, Value: !GetAtt UnsentMail.QueueName }",
        ),
        "what_a_failure_queue_holds_is_noticed_and_never_forgotten",
        "UndoneJobs",
    ),
    fault(
        File::Template,
        ("      Threshold: 950400", "      Threshold: 1209600"),
        "what_a_failure_queue_holds_is_noticed_and_never_forgotten",
        "no two days",
    ),
    fault(
        File::Template,
        ("VisibilityTimeout: 1800", "VisibilityTimeout: 300"),
        "a_message_stays_hidden_for_six_calls",
        "ReadinessChanges shows a message",
    ),
    fault(
        File::Template,
        ("maxReceiveCount: 6", "maxReceiveCount: 2"),
        "a_message_stays_hidden_for_six_calls",
        "before the fifth try",
    ),
    fault(
        File::Template,
        (
            "GroupName: !Ref DigestSchedules",
            "GroupName: !Ref RemindersSchedules",
        ),
        "a_schedule_that_does_not_run_is_noticed",
        "has no group of its own",
    ),
    fault(
        File::Template,
        ("TreatMissingData: breaching", "TreatMissingData: notBreaching"),
        "a_schedule_that_does_not_run_is_noticed",
        "does not ring if there are no data",
    ),
    fault(
        File::Template,
        ("      EvaluationPeriods: 74", "      EvaluationPeriods: 26"),
        "a_schedule_that_does_not_run_is_noticed",
        "DigestNotRunAlarm looks back",
    ),
    fault(
        File::Template,
        ("MetricName: 5xx", "MetricName: 5XXError"),
        "a_failing_or_slow_api_is_noticed",
        "no alarm watches 5xx",
    ),
    fault(
        File::Template,
        ("ExtendedStatistic: p99", "ExtendedStatistic: p50"),
        "a_failing_or_slow_api_is_noticed",
        "p50",
    ),
    fault(
        File::Template,
        (
            "      MetricName: Errors\n      Dimensions:\n        - { Name: FunctionName, Value: !Ref SignInFunction }",
            "      MetricName: Duration\n      Dimensions:\n        - { Name: FunctionName, Value: !Ref SignInFunction }",
        ),
        "sign_ins_that_fail_are_noticed",
        "SignInFunction",
    ),
    fault(
        File::Template,
        ("      Threshold: 0.05", "      Threshold: 5"),
        "mail_that_comes_back_is_noticed_before_aws_stops_the_account",
        "BounceRateAlarm rings from 5 on",
    ),
    fault(
        File::Template,
        (
            "                - { Name: Operation, Value: TransactWriteItems }",
            "                - { Name: Operation, Value: TransactGetItems }",
        ),
        "a_table_that_throttles_or_fails_is_noticed",
        "TransactWriteItems",
    ),
    fault(
        File::Template,
        (
            "                - { Name: GlobalSecondaryIndexName, Value: by_company }",
            "                - { Name: GlobalSecondaryIndexName, Value: by_state }",
        ),
        "a_table_that_throttles_or_fails_is_noticed",
        "by_company",
    ),
    fault(
        File::Template,
        ("100 * running / ${ConcurrencyLimit}", "100 * running / 1000"),
        "the_accounts_limit_of_concurrency_is_noticed_before_it_is_reached",
        "compares 100",
    ),
    fault(
        File::Template,
        ("\"${TableErrorsAlarm.Arn}\"", "\"${TableThrottlesAlarm.Arn}\""),
        "the_dashboard_shows_what_the_alarms_watch",
        "the state of TableErrorsAlarm",
    ),
    fault(
        File::Template,
        (
            "[\"AWS/SES\", \"Reputation.ComplaintRate\"]",
            "[\"AWS/SES\", \"Reputation.Complaints\"]",
        ),
        "the_dashboard_shows_what_the_alarms_watch",
        "ComplaintRate",
    ),
    fault(
        File::Template,
        ("            BisectBatchOnFunctionError: true\n", ""),
        "notify_and_relay_read_the_stream_and_lose_nothing",
        "repeats what is done",
    ),
    fault(
        File::Template,
        (
            concat!(
                "Resource: !GetAtt ReadinessChanges.Arn\n",
                "            Condition:\n",
                "              ArnEquals: { \"aws:SourceArn\": !GetAtt ReadinessRule.Arn }",
            ),
            "Resource: !GetAtt ReadinessChanges.Arn",
        ),
        "a_subscriber_has_a_queue_of_its_own_that_its_rule_alone_may_send_to",
        "others than ReadinessRule may send to ReadinessChanges",
    ),
    fault(
        File::Template,
        (
            "DeadLetterConfig: { Arn: !GetAtt UnprovisionedAccounts.Arn }",
            "DeadLetterConfig: { Arn: !GetAtt UndoneJobs.Arn }",
        ),
        "a_subscriber_has_a_queue_of_its_own_that_its_rule_alone_may_send_to",
        "goes to UndoneJobs",
    ),
];

#[test]
fn every_planted_fault_is_found_by_the_check_that_is_for_it() {
    let real = Document::real();
    for planted in FAULTS {
        let copy = real.with(planted.file, planted.said, planted.instead);
        let check = CHECKS.iter().find(|check| check.name == planted.check);
        let check = check.unwrap_or_else(|| panic!("there is no check {}", planted.check));
        match (check.run)(&copy) {
            Ok(()) => panic!("{} does not find {:?}", planted.check, planted.instead),
            Err(reason) => assert!(reason.contains(planted.found), "{}: {reason}", planted.check),
        }
    }
}

#[test]
fn every_check_finds_some_planted_fault() {
    let checks: BTreeSet<&str> = CHECKS.iter().map(|check| check.name).collect();
    let used: BTreeSet<&str> = FAULTS.iter().map(|planted| planted.check).collect();
    assert_eq!(used, checks);
    assert!(FAULTS.len() >= 20, "{}", FAULTS.len());
}
