//! The forge deploys by two roles: the rights of the second one, and the boundary around it, are lists of actions.

use std::collections::BTreeSet;

use super::super::document::{Document, File, members, none};
use super::super::policy;

/// What CloudFormation calls of a service to make, read, change and delete each kind of resource as the templates have it: the
/// permissions of the resource types' own schemas, without those of options that are not used. Where a resource stays behind,
/// nothing deletes it; CloudFront and its firewall are made by hand.
const RIGHTS: &[(&str, &str)] = &[
    (
        "AWS::ApiGatewayV2::ApiMapping",
        "apigateway:POST,GET,PATCH,PUT,DELETE",
    ),
    (
        "AWS::ApiGatewayV2::DomainName",
        "apigateway:POST,GET,PATCH,PUT,DELETE iam:CreateServiceLinkedRole",
    ),
    (
        "AWS::Backup::BackupPlan",
        "backup:CreateBackupPlan,GetBackupPlan,UpdateBackupPlan,DeleteBackupPlan,ListTags,TagResource,UntagResource",
    ),
    (
        "AWS::Backup::BackupSelection",
        "backup:CreateBackupSelection,GetBackupSelection,DeleteBackupSelection iam:GetRole,PassRole,CreateServiceLinkedRole",
    ),
    (
        "AWS::Backup::BackupVault",
        "backup:CreateBackupVault,DescribeBackupVault,DeleteBackupVault,ListTags,TagResource,UntagResource \
         backup:GetBackupVaultAccessPolicy,GetBackupVaultNotifications backup-storage:MountCapsule \
         kms:CreateGrant,Decrypt,DescribeKey,GenerateDataKey,RetireGrant",
    ),
    (
        "AWS::Budgets::Budget",
        "budgets:ModifyBudget,ViewBudget,ListTagsForResource,TagResource,UntagResource billing:GetBillingViewData",
    ),
    (
        "AWS::CertificateManager::Certificate",
        "acm:RequestCertificate,DescribeCertificate,DeleteCertificate,AddTagsToCertificate,ListTagsForCertificate \
         acm:RemoveTagsFromCertificate route53:ChangeResourceRecordSets",
    ),
    (
        "AWS::CloudFront::Distribution",
        "cloudfront:GetDistribution,GetDistributionConfig,UpdateDistribution,DeleteDistribution,ListTagsForResource \
         cloudfront:TagResource,UntagResource",
    ),
    (
        "AWS::CloudWatch::Alarm",
        "cloudwatch:PutMetricAlarm,DescribeAlarms,DeleteAlarms,ListTagsForResource,TagResource,UntagResource",
    ),
    (
        "AWS::CloudWatch::Dashboard",
        "cloudwatch:PutDashboard,GetDashboard,DeleteDashboards",
    ),
    (
        "AWS::Cognito::ManagedLoginBranding",
        "cognito-idp:CreateManagedLoginBranding,DescribeManagedLoginBranding,DescribeManagedLoginBrandingByClient \
         cognito-idp:UpdateManagedLoginBranding,DeleteManagedLoginBranding",
    ),
    (
        "AWS::Cognito::UserPool",
        "cognito-idp:CreateUserPool,DescribeUserPool,UpdateUserPool,AddCustomAttributes,GetUserPoolMfaConfig \
         cognito-idp:SetUserPoolMfaConfig,ListTagsForResource,TagResource,UntagResource iam:CreateServiceLinkedRole",
    ),
    (
        "AWS::Cognito::UserPoolClient",
        "cognito-idp:CreateUserPoolClient,DescribeUserPoolClient,UpdateUserPoolClient,DeleteUserPoolClient",
    ),
    (
        "AWS::Cognito::UserPoolDomain",
        "cognito-idp:CreateUserPoolDomain,DescribeUserPoolDomain,UpdateUserPoolDomain,DeleteUserPoolDomain",
    ),
    (
        "AWS::Cognito::UserPoolGroup",
        "cognito-idp:CreateGroup,GetGroup,UpdateGroup,DeleteGroup",
    ),
    (
        "AWS::Cognito::UserPoolResourceServer",
        "cognito-idp:CreateResourceServer,DescribeResourceServer,UpdateResourceServer,DeleteResourceServer",
    ),
    (
        "AWS::DynamoDB::Table",
        "dynamodb:CreateTable,DescribeTable,UpdateTable,DescribeTimeToLive,UpdateTimeToLive,DescribeContinuousBackups \
         dynamodb:UpdateContinuousBackups,ListTagsOfResource,TagResource,UntagResource,DescribeContributorInsights \
         dynamodb:DescribeKinesisStreamingDestination,GetResourcePolicy kms:CreateGrant,Decrypt,DescribeKey,Encrypt",
    ),
    (
        "AWS::Events::EventBus",
        "events:CreateEventBus,DescribeEventBus,UpdateEventBus,DeleteEventBus,ListTagsForResource,TagResource,UntagResource",
    ),
    (
        "AWS::Events::Rule",
        "events:PutRule,DescribeRule,DeleteRule,PutTargets,RemoveTargets,ListTargetsByRule,ListTagsForResource,TagResource",
    ),
    (
        "AWS::IAM::Role",
        "iam:CreateRole,GetRole,DeleteRole,UpdateAssumeRolePolicy,UpdateRole,PutRolePolicy,GetRolePolicy,DeleteRolePolicy \
         iam:AttachRolePolicy,DetachRolePolicy,ListRolePolicies,ListAttachedRolePolicies,PutRolePermissionsBoundary \
         iam:TagRole,UntagRole",
    ),
    (
        "AWS::Lambda::Permission",
        "lambda:AddPermission,GetPolicy,RemovePermission",
    ),
    (
        "AWS::Logs::LogGroup",
        "logs:CreateLogGroup,DescribeLogGroups,PutRetentionPolicy,DeleteRetentionPolicy,ListTagsForResource,TagResource \
         logs:UntagResource,GetDataProtectionPolicy,DescribeIndexPolicies,DescribeResourcePolicies",
    ),
    (
        "AWS::Route53::RecordSet",
        "route53:ChangeResourceRecordSets,ListResourceRecordSets,GetHostedZone,GetChange",
    ),
    (
        "AWS::S3::Bucket",
        "s3:CreateBucket,ListBucket,PutBucketTagging,GetBucketTagging,PutEncryptionConfiguration,GetEncryptionConfiguration \
         s3:PutLifecycleConfiguration,GetLifecycleConfiguration,PutBucketPublicAccessBlock,GetBucketPublicAccessBlock",
    ),
    ("AWS::S3::BucketPolicy", "s3:PutBucketPolicy,GetBucketPolicy"),
    (
        "AWS::SES::ConfigurationSet",
        "ses:CreateConfigurationSet,GetConfigurationSet,DescribeConfigurationSet,DeleteConfigurationSet,TagResource \
         ses:PutConfigurationSetDeliveryOptions,PutConfigurationSetReputationOptions,PutConfigurationSetSendingOptions \
         ses:PutConfigurationSetSuppressionOptions,PutConfigurationSetTrackingOptions,UntagResource",
    ),
    (
        "AWS::SES::ConfigurationSetEventDestination",
        "ses:CreateConfigurationSetEventDestination,GetConfigurationSetEventDestinations \
         ses:UpdateConfigurationSetEventDestination,DeleteConfigurationSetEventDestination",
    ),
    (
        "AWS::SES::EmailIdentity",
        "ses:CreateEmailIdentity,GetEmailIdentity,DeleteEmailIdentity,ListTagsForResource,TagResource,UntagResource \
         ses:PutEmailIdentityDkimAttributes,PutEmailIdentityFeedbackAttributes,PutEmailIdentityMailFromAttributes",
    ),
    (
        "AWS::SES::ReceiptRule",
        "ses:CreateReceiptRule,DescribeReceiptRule,UpdateReceiptRule,DeleteReceiptRule",
    ),
    (
        "AWS::SES::ReceiptRuleSet",
        "ses:CreateReceiptRuleSet,DescribeReceiptRuleSet",
    ),
    (
        "AWS::SNS::Topic",
        "sns:CreateTopic,GetTopicAttributes,SetTopicAttributes,DeleteTopic,Subscribe,Unsubscribe,ListSubscriptionsByTopic \
         sns:GetSubscriptionAttributes,ListTagsForResource,TagResource,UntagResource,GetDataProtectionPolicy",
    ),
    ("AWS::SNS::TopicPolicy", "sns:SetTopicAttributes"),
    (
        "AWS::SQS::Queue",
        "sqs:CreateQueue,GetQueueUrl,GetQueueAttributes,SetQueueAttributes,DeleteQueue,ListQueueTags,TagQueue,UntagQueue",
    ),
    ("AWS::SQS::QueuePolicy", "sqs:SetQueueAttributes"),
    (
        "AWS::Scheduler::ScheduleGroup",
        "scheduler:CreateScheduleGroup,GetScheduleGroup,DeleteScheduleGroup,ListTagsForResource,TagResource,UntagResource",
    ),
    // With its versions, alias, permissions, mappings, schedules, role and deployment group.
    (
        "AWS::Serverless::Function",
        "lambda:CreateFunction,GetFunction,UpdateFunctionCode,UpdateFunctionConfiguration,DeleteFunction,TagResource \
         lambda:GetFunctionConfiguration,GetFunctionCodeSigningConfig,GetRuntimeManagementConfig,GetFunctionRecursionConfig \
         lambda:PutFunctionConcurrency,DeleteFunctionConcurrency,PublishVersion,ListVersionsByFunction,CreateAlias,GetAlias \
         lambda:UpdateAlias,DeleteAlias,AddPermission,GetPolicy,RemovePermission,ListTags,UntagResource \
         lambda:CreateEventSourceMapping,GetEventSourceMapping,UpdateEventSourceMapping,DeleteEventSourceMapping \
         lambda:PutFunctionEventInvokeConfig,GetFunctionEventInvokeConfig,DeleteFunctionEventInvokeConfig s3:GetObject \
         iam:CreateRole,GetRole,PassRole,PutRolePolicy,DeleteRolePolicy,DeleteRole,TagRole \
         scheduler:CreateSchedule,GetSchedule,UpdateSchedule,DeleteSchedule sns:Subscribe,Unsubscribe \
         codedeploy:CreateApplication,GetApplication,DeleteApplication,CreateDeploymentGroup,GetDeploymentGroup \
         codedeploy:UpdateDeploymentGroup,DeleteDeploymentGroup,CreateDeployment,GetDeployment,GetDeploymentConfig \
         codedeploy:StopDeployment,RegisterApplicationRevision,GetApplicationRevision,ListDeployments,TagResource",
    ),
    (
        "AWS::Serverless::HttpApi",
        "apigateway:POST,GET,PATCH,PUT,DELETE logs:CreateLogDelivery,GetLogDelivery,UpdateLogDelivery,DeleteLogDelivery \
         logs:ListLogDeliveries,PutResourcePolicy,DescribeResourcePolicies,DescribeLogGroups",
    ),
    (
        "AWS::WAFv2::WebACL",
        "wafv2:GetWebACL,UpdateWebACL,DeleteWebACL,ListTagsForResource,TagResource,UntagResource",
    ),
];

pub(super) fn the_forge_may_make_all_that_the_stack_has(document: &Document) -> Result<(), String> {
    let (roles, edge) = (document.yaml(File::Roles), document.yaml(File::Edge));
    let role = &roles["Resources"]["ExecutionRole"]["Properties"]["Policies"];
    let boundary = &roles["Resources"]["Boundary"]["Properties"]["PolicyDocument"];
    let holders = [
        ("the role", policy::allowing(role)),
        ("the boundary", policy::allowing(boundary)),
    ];
    let resources = document.section("Resources").into_iter();
    let resources = resources.chain(members(&edge["Resources"]));
    let kinds: BTreeSet<&str> = resources.filter_map(|(_, one)| one["Type"].as_str()).collect();
    let mut faults = Vec::new();
    for kind in kinds {
        let Some((_, actions)) = RIGHTS.iter().find(|(name, _)| *name == kind) else {
            faults.push(format!("nobody knows which rights {kind} takes"));
            continue;
        };
        for (service, actions) in actions.split_whitespace().filter_map(|part| part.split_once(':')) {
            for action in actions.split(',').map(|action| format!("{service}:{action}")) {
                let lacking = holders.iter().filter(|(_, statements)| {
                    !statements
                        .iter()
                        .any(|statement| policy::names(statement, &action))
                });
                faults.extend(lacking.map(|(holder, _)| format!("{holder} may not {action} for {kind}")));
            }
        }
    }
    none(faults)
}
