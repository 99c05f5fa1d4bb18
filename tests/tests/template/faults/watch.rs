//! Faults because of which something fails and nobody is told.

use super::super::document::File;
use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
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
        "does not fire if there are no data",
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
        "BounceRateAlarm fires from 5 on",
    ),
    fault(
        File::Template,
        ("TreatMissingData: ignore", "TreatMissingData: notBreaching"),
        "mail_that_comes_back_is_noticed_before_aws_stops_the_account",
        "BounceRateAlarm ends when SES is silent",
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
        (
            "MetricName: NumberOfBackupJobsExpired",
            "MetricName: NumberOfBackupJobsAborted",
        ),
        "a_backup_that_was_not_made_is_noticed",
        "no alarm watches NumberOfBackupJobsExpired",
    ),
    fault(
        File::Template,
        (
            "Value: &copyVault !Select [6, !Split [\":\", !Sub \"${BackupCopyVault}::::::\"]]",
            "Value: &copyVault !Ref BackupVault",
        ),
        "a_backup_that_was_not_made_is_noticed",
        "no alarm watches NumberOfCopyJobsFailed",
    ),
    fault(
        File::Template,
        (
            concat!(
                "DatapointsToAlarm: 1\n      Threshold: 1\n",
                "      ComparisonOperator: GreaterThanOrEqualToThreshold\n      TreatMissingData: notBreaching",
            ),
            concat!(
                "DatapointsToAlarm: 1\n      Threshold: 1\n",
                "      ComparisonOperator: GreaterThanOrEqualToThreshold\n      TreatMissingData: breaching",
            ),
        ),
        "a_backup_that_was_not_made_is_noticed",
        "takes a night without failures for a failure",
    ),
    fault(
        File::Template,
        (
            "EvaluationPeriods: 24\n      DatapointsToAlarm: 1",
            "EvaluationPeriods: 1\n      DatapointsToAlarm: 1",
        ),
        "a_backup_that_was_not_made_is_noticed",
        "over before the next night",
    ),
    fault(
        File::Template,
        (
            "        - !If\n          - CopiesBackups\n          - Id: copies",
            "        - !If\n          - KeepsBackups\n          - Id: copies",
        ),
        "a_backup_that_was_not_made_is_noticed",
        "copies that nobody asked for",
    ),
    fault(
        File::Template,
        (
            "FailedBackupsAlarm:\n    Type: AWS::CloudWatch::Alarm\n    Condition: KeepsBackups\n",
            "FailedBackupsAlarm:\n    Type: AWS::CloudWatch::Alarm\n",
        ),
        "a_backup_that_was_not_made_is_noticed",
        "is there without backups",
    ),
    fault(
        File::Template,
        (
            "[\"AWS/Backup\", \"NumberOfCopyJobsFailed\", \"BackupVaultName\"",
            "[\"AWS/Backup\", \"NumberOfCopyJobsRunning\", \"BackupVaultName\"",
        ),
        "the_dashboard_shows_what_the_alarms_watch",
        "NumberOfCopyJobsFailed",
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
