//! Faults because of which two stacks collide, or a stack can't be deleted.

use super::super::document::File;
use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
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
            "RuleCondition: !Equals [!Ref ApprovalByReply, \"yes\"]",
            "RuleCondition: !Not [!Equals [!Ref ApprovalByReply, \"yes\"]]",
        ),
        "replies_are_refused_where_ses_receives_none",
        "refuses ApprovalByReply=no",
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
        (
            "stack_name = \"dev-countersign\"",
            "stack_name = \"countersign-dev\"",
        ),
        "the_deployments_of_samconfig_get_along",
        "whoever may deploy countersign may change countersign-dev as well",
    ),
    fault(
        File::SamConfig,
        (
            "PortalUrl=https://dev.countersign.example",
            "PortalUrl=https://countersign.example",
        ),
        "the_deployments_of_samconfig_get_along",
        "one address",
    ),
    fault(
        File::Roles,
        ("              - acm:*\n", ""),
        "the_forge_may_make_all_that_the_stack_has",
        "the boundary may not acm:RequestCertificate",
    ),
    fault(
        File::Roles,
        (
            "              - Sid: Budget\n                Effect: Allow",
            "              - Sid: Budget\n                Effect: Deny",
        ),
        "the_forge_may_make_all_that_the_stack_has",
        "the role may not budgets:ModifyBudget",
    ),
    fault(
        File::Roles,
        ("                  - cognito-idp:CreateGroup\n", ""),
        "the_forge_may_make_all_that_the_stack_has",
        "the role may not cognito-idp:CreateGroup for AWS::Cognito::UserPoolGroup",
    ),
    fault(
        File::Roles,
        (
            "              - iam:*Role*\n",
            "              - iam:*RolePolicy*\n",
        ),
        "the_forge_may_make_all_that_the_stack_has",
        "the boundary may not iam:CreateRole for AWS::IAM::Role",
    ),
    fault(
        File::Roles,
        ("                    - cloudfront:UpdateDistribution\n", ""),
        "the_forge_may_make_all_that_the_stack_has",
        "the role may not cloudfront:UpdateDistribution",
    ),
    fault(
        File::Template,
        (
            "Type: AWS::Budgets::Budget\n",
            "Type: AWS::Budgets::BudgetsAction\n",
        ),
        "the_forge_may_make_all_that_the_stack_has",
        "nobody knows which rights AWS::Budgets::BudgetsAction takes",
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
];
