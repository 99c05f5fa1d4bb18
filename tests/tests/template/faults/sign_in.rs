//! Faults because of which people can't sign in as they need to, or an account refuses the stack.

use super::super::document::File;
use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        File::Template,
        ("ManagedLoginVersion: 2", "ManagedLoginVersion: 1"),
        "the_sign_in_pages_speak_the_readers_language",
        "UserPoolDomain",
    ),
    fault(
        File::Template,
        (
            "      ClientId: !Ref PortalClient\n      UseCognitoProvidedValues: true",
            "      ClientId: !Ref OtherClient\n      UseCognitoProvidedValues: true",
        ),
        "the_sign_in_pages_speak_the_readers_language",
        "PortalClient has no style",
    ),
    fault(
        File::Template,
        (
            "EmailSendingAccount: DEVELOPER",
            "EmailSendingAccount: COGNITO_DEFAULT",
        ),
        "codes_are_sent_by_ses_where_it_may",
        "stops at 50",
    ),
    fault(
        File::Template,
        (
            "          From: !Sub no-reply@${MailDomain}",
            "          From: no-reply@countersign.example",
        ),
        "codes_are_sent_by_ses_where_it_may",
        "another domain",
    ),
    fault(
        File::Template,
        (
            "    PermissionsBoundary: !If [HasBoundary, !Ref PermissionsBoundary, !Ref AWS::NoValue]\n    LoggingConfig",
            "    LoggingConfig",
        ),
        "every_role_has_the_boundary",
        "the functions",
    ),
    fault(
        File::Template,
        (
            "            PermissionsBoundary: !If [HasBoundary, !Ref PermissionsBoundary, !Ref AWS::NoValue]\n            GroupName: !Ref AccountsSchedules",
            "            GroupName: !Ref AccountsSchedules",
        ),
        "every_role_has_the_boundary",
        "ProvisionFunction.Accounts",
    ),
    fault(
        File::Template,
        (
            "      ReservedConcurrentExecutions: !If [ReservesForSteps, !Ref StepConcurrency, !Ref AWS::NoValue]\n",
            "",
        ),
        "steps_and_signing_in_can_keep_their_concurrency",
        "drafts",
    ),
    fault(
        File::Template,
        (
            "!If [ReservesForSignIn, !Ref SignInConcurrency, !Ref AWS::NoValue]",
            "!Ref SignInConcurrency",
        ),
        "steps_and_signing_in_can_keep_their_concurrency",
        "sign-in",
    ),
];
