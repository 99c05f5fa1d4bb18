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
            "      ClientId: !Ref PortalClient\n      UseCognitoProvidedValues: false",
            "      ClientId: !Ref OtherClient\n      UseCognitoProvidedValues: false",
        ),
        "the_sign_in_pages_speak_the_readers_language",
        "PortalClient has no style",
    ),
    fault(
        File::Tokens,
        ("--accent: #0b5f6d;", "--accent: #0b5f6e;"),
        "the_sign_in_pages_have_the_portals_colours_and_icon",
        "primaryButton/lightMode/defaults/backgroundColor is not accent",
    ),
    fault(
        File::Template,
        ("borderColor: \"a3201dff\" }", "borderColor: \"ff0000ff\" }"),
        "the_sign_in_pages_have_the_portals_colours_and_icon",
        "ff0000ff, which the portal does not",
    ),
    fault(
        File::Template,
        ("colorSchemeMode: DYNAMIC", "colorSchemeMode: LIGHT"),
        "the_sign_in_pages_have_the_portals_colours_and_icon",
        "whatever the reader prefers",
    ),
    fault(
        File::Template,
        (
            "languageSelector: { enabled: true }",
            "languageSelector: { enabled: false }",
        ),
        "the_sign_in_pages_have_the_portals_colours_and_icon",
        "can't change the language",
    ),
    fault(
        File::Template,
        ("            PHN2ZyB4bWxucz0i", "            PHN2ZyB4bWxucz0h"),
        "the_sign_in_pages_have_the_portals_colours_and_icon",
        "not the portal's icon",
    ),
    fault(
        File::Template,
        (
            "VerificationMessageTemplate: !If\n        - SendsCodesBySes",
            "VerificationMessageTemplate: !If\n        - TakesReplies",
        ),
        "a_code_comes_in_both_languages_with_the_way_back",
        "refuses the text",
    ),
    fault(
        File::Template,
        (
            "EmailSubject: Your code for Countersign / 你的 Countersign 驗證碼",
            "EmailSubject: Your code for Countersign",
        ),
        "a_code_comes_in_both_languages_with_the_way_back",
        "in one language",
    ),
    fault(
        File::Template,
        ("驗證碼是 <strong>{####}</strong>", "驗證碼是"),
        "a_code_comes_in_both_languages_with_the_way_back",
        "the Chinese text has no code",
    ),
    fault(
        File::Template,
        (
            "open <a href=\"${PortalUrl}/sign-in\">",
            "open <a href=\"https://portal.example/sign-in\">",
        ),
        "a_code_comes_in_both_languages_with_the_way_back",
        "the English text has no way back",
    ),
    fault(
        File::Template,
        (
            "                - !If\n                  - InMailSandbox\n",
            "                - !If\n                  - TakesReplies\n",
        ),
        "mail_goes_out_in_the_sandbox_too",
        "NotifyFunction can't send mail in the sandbox",
    ),
    fault(
        File::Template,
        (
            ":identity/${MailDomain}\n                - !Sub",
            ":identity/*\n                - !Sub",
        ),
        "mail_goes_out_in_the_sandbox_too",
        "outside of it",
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
