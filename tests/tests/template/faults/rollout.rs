//! Faults because of which a deployment takes down what runs, or has no effect.

use super::super::document::File;
use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        File::Template,
        (
            "    AutoPublishAliasAllProperties: true\n",
            "    AutoPublishAliasAllProperties: false\n",
        ),
        "a_new_version_starts_before_it_is_called",
        "publishes no version",
    ),
    fault(
        File::Template,
        ("    VersionDeletionPolicy: Delete\n", ""),
        "a_new_version_starts_before_it_is_called",
        "tried again",
    ),
    fault(
        File::Template,
        ("      Hooks:\n        PreTraffic: !Ref PreflightFunction\n", ""),
        "a_new_version_starts_before_it_is_called",
        "nothing starts a new version",
    ),
    fault(
        File::Template,
        (
            "        Hooks:\n          PreTraffic: !Ref PreflightFunction\n        Alarms",
            "        Alarms",
        ),
        "a_new_version_starts_before_it_is_called",
        "nothing starts a new version of SignInFunction",
    ),
    fault(
        File::Template,
        ("          - !Ref BackgroundErrorsAlarm\n", ""),
        "an_alarm_of_errors_moves_calls_back",
        "BackgroundErrorsAlarm",
    ),
    fault(
        File::Template,
        (
            "      AlarmName: !Sub ${AWS::StackName}-ApiErrorsAlarm",
            "      AlarmName: !Sub ${AWS::StackName}-ApiErrors",
        ),
        "an_alarm_of_errors_moves_calls_back",
        "another name",
    ),
    fault(
        File::Template,
        (
            "[MovesGradually, [!Ref SignInErrorsAlarm], [!Ref AWS::NoValue]]",
            "[MovesGradually, [!Ref AWS::NoValue], [!Ref AWS::NoValue]]",
        ),
        "an_alarm_of_errors_moves_calls_back",
        "the rollout of SignInFunction",
    ),
    fault(
        File::Template,
        ("Transform: [AWS::LanguageExtensions, ", "Transform: ["),
        "a_parameter_that_changes_alone_takes_effect",
        "does not see the values",
    ),
    fault(
        File::Template,
        ("          <<: *settings\n", ""),
        "a_parameter_that_changes_alone_takes_effect",
        "CAMPAIGN_DEADLINE publishes no version of",
    ),
    fault(
        File::Template,
        ("Submits drafts; ${StepConcurrency} of", "Submits drafts; some of"),
        "a_parameter_that_changes_alone_takes_effect",
        "SubmitFunction can't be deployed with another StepConcurrency",
    ),
    fault(
        File::Template,
        (
            "FunctionName: !Ref SignInFunction.Alias",
            "FunctionName: !Ref SignInFunction",
        ),
        "whatever_calls_a_function_calls_its_alias",
        "SignInPermission names SignInFunction",
    ),
    fault(
        File::Template,
        (
            "FunctionArn: !Ref EmailApprovalFunction.Alias",
            "FunctionArn: !GetAtt EmailApprovalFunction.Arn",
        ),
        "whatever_calls_a_function_calls_its_alias",
        "MailRule names EmailApprovalFunction",
    ),
    fault(
        File::Template,
        ("Value: !Ref NotifyFunction.Alias", "Value: !Ref NotifyFunction"),
        "whatever_calls_a_function_calls_its_alias",
        "NotifyFunctionName names NotifyFunction",
    ),
    fault(
        File::Template,
        (
            "Type: AWS::Backup::BackupPlan\n    Condition: KeepsBackups\n",
            "Type: AWS::Backup::BackupPlan\n",
        ),
        "backups_are_kept_where_they_are_asked_for",
        "BackupPlan costs money",
    ),
    fault(
        File::Template,
        (
            "DestinationBackupVaultArn: !Ref BackupCopyVault",
            "DestinationBackupVaultArn: !GetAtt BackupVault.BackupVaultArn",
        ),
        "backups_are_kept_where_they_are_asked_for",
        "copied elsewhere",
    ),
    fault(
        File::Template,
        (
            "Lifecycle: { DeleteAfterDays: !Ref BackupDays }\n            CopyActions",
            "CopyActions",
        ),
        "backups_are_kept_where_they_are_asked_for",
        "another time than BackupDays",
    ),
    fault(
        File::Template,
        (
            "        - ${AWS::StackName}-${Id}\n",
            "        - countersign-${Id}\n",
        ),
        "the_rights_to_backups_end_at_the_stack",
        "the vault's name",
    ),
    fault(
        File::Template,
        ("      BackupPlanTags: { stack: !Ref AWS::StackName }\n", ""),
        "the_rights_to_backups_end_at_the_stack",
        "BackupPlan has no tag",
    ),
    fault(
        File::Template,
        ("        - { Key: stack, Value: !Ref AWS::StackName }\n", ""),
        "the_rights_to_backups_end_at_the_stack",
        "Table has no tag",
    ),
    fault(
        File::Template,
        (
            "                    StringEqualsIfExists: { \"aws:ResourceTag/stack\": !Ref AWS::StackName }\n",
            "",
        ),
        "the_rights_to_backups_end_at_the_stack",
        "CopyFrom reaches",
    ),
    fault(
        File::Roles,
        ("backup-vault:${StackName}-*", "backup-vault:countersign-*"),
        "the_rights_to_backups_end_at_the_stack",
        "BackupVault reaches",
    ),
    fault(
        File::Roles,
        (
            concat!(
                "                Condition:\n",
                "                  StringEquals:\n",
                "                    aws:ResourceTag/stack: !Ref StackName\n",
                "              # AWS requires",
            ),
            "              # AWS requires",
        ),
        "the_rights_to_backups_end_at_the_stack",
        "BackupPlan reaches",
    ),
];
