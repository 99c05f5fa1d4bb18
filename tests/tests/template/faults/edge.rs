//! Faults because of which the domain, CloudFront or the budget does not do what it is for.

use super::super::document::File;
use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        File::Template,
        (
            concat!(
                "          HostedZoneId: !Ref HostedZoneId\n",
                "\n",
                "  Domain:\n",
                "    Type: AWS::ApiGatewayV2::DomainName\n",
                "    Condition: HasDomain\n",
                "    Properties:\n",
                "      DomainName: !Select [2, !Split [\"/\", !Ref PortalUrl]]"
            ),
            concat!(
                "          HostedZoneId: !Ref HostedZoneId\n",
                "\n",
                "  Domain:\n",
                "    Type: AWS::ApiGatewayV2::DomainName\n",
                "    Condition: HasDomain\n",
                "    Properties:\n",
                "      DomainName: !Ref MailDomain"
            ),
        ),
        "the_domain_takes_one_deployment",
        "Domain's DomainName does not follow",
    ),
    fault(
        File::Template,
        (
            "CallbackURLs: [!Sub \"${PortalUrl}/signed-in\"]",
            "CallbackURLs: [http://localhost:9000/signed-in]",
        ),
        "the_domain_takes_one_deployment",
        "PortalClient's CallbackURLs does not follow",
    ),
    fault(
        File::Template,
        (
            "DisableExecuteApiEndpoint: !If [HasDomain, true, false]",
            "DisableExecuteApiEndpoint: false",
        ),
        "the_domain_takes_one_deployment",
        "at its own address as well",
    ),
    fault(
        File::Template,
        ("SecurityPolicy: TLS_1_2", "SecurityPolicy: TLS_1_0"),
        "the_domain_takes_one_deployment",
        "TLS before 1.2",
    ),
    fault(
        File::Template,
        (
            "        HostedZoneId: !GetAtt Domain.RegionalHostedZoneId",
            "        HostedZoneId: !Ref HostedZoneId",
        ),
        "the_domain_takes_one_deployment",
        "the record does not lead",
    ),
    fault(
        File::Template,
        (
            "Assert: !Not [!Equals [!Ref PortalUrl, http://localhost:9000]]",
            "Assert: !Not [!Equals [!Ref MailDomain, \"\"]]",
        ),
        "a_domain_needs_an_address",
        "is taken",
    ),
    fault(
        File::Template,
        (
            "Assert: !Not [!Equals [!Ref PortalUrl, http://localhost:9000]]",
            "Assert: !Equals [!Ref PortalUrl, http://localhost:9000]",
        ),
        "a_domain_needs_an_address",
        "is refused: Set PortalUrl",
    ),
    fault(
        File::Template,
        (
            "RuleCondition: !Not [!Equals [!Ref EdgeDigests, \"\"]]",
            "RuleCondition: !Equals [!Ref EdgeDigests, \"\"]",
        ),
        "a_domain_needs_an_address",
        "[] is refused: Set HostedZoneId or CertificateArn",
    ),
    fault(
        File::Template,
        (
            "        Assert: !Or [!Not [!Equals [!Ref HostedZoneId, \"\"]], !Not [!Equals [!Ref CertificateArn, \"\"]]]",
            "        Assert: !And [!Equals [!Ref HostedZoneId, \"\"], !Equals [!Ref CertificateArn, \"\"]]",
        ),
        "a_domain_needs_an_address",
        "is refused: Set HostedZoneId or CertificateArn",
    ),
    fault(
        File::Template,
        (
            "[a-z]{2,63}|http://localhost",
            "[a-z]{2,63}(:\\d+)?|http://localhost",
        ),
        "a_domain_needs_an_address",
        "(\"PortalUrl\", \"https://portal.example:8443\")] is taken",
    ),
    fault(
        File::Template,
        (
            "^(https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
            "^(https://([A-Za-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
        ),
        "a_domain_needs_an_address",
        "(\"PortalUrl\", \"https://Portal.example\")] is taken",
    ),
    fault(
        File::Template,
        (
            "        EDGE_DIGESTS: !Ref EdgeDigests\n",
            "        EDGE_DIGESTS: \"\"\n",
        ),
        "the_functions_answer_what_came_through_the_edge_alone",
        "don't know the digests",
    ),
    fault(
        File::Edge,
        ("HeaderName: x-countersign-edge", "HeaderName: x-origin-secret"),
        "the_functions_answer_what_came_through_the_edge_alone",
        "the secret in x-origin-secret",
    ),
    fault(
        File::EdgeSource,
        ("\"x-countersign-edge\"", "\"x-edge\""),
        "the_functions_answer_what_came_through_the_edge_alone",
        "the secret in x-countersign-edge",
    ),
    fault(
        File::Edge,
        (
            "OriginProtocolPolicy: https-only",
            "OriginProtocolPolicy: match-viewer",
        ),
        "the_functions_answer_what_came_through_the_edge_alone",
        "plain HTTP",
    ),
    fault(
        File::Edge,
        ("    NoEcho: true\n", ""),
        "the_functions_answer_what_came_through_the_edge_alone",
        "shows the secret",
    ),
    fault(
        File::Template,
        (
            "  MakesRecord: !And [!Not [!Equals [!Ref HostedZoneId, \"\"]], !Equals [!Ref EdgeDigests, \"\"]]",
            "  MakesRecord: !Not [!Equals [!Ref HostedZoneId, \"\"]]",
        ),
        "the_functions_answer_what_came_through_the_edge_alone",
        "two stacks make one record",
    ),
    fault(
        File::Edge,
        (
            "CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            "CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6",
        ),
        "the_edge_keeps_nothing_that_is_one_persons",
        "pages are kept",
    ),
    fault(
        File::Edge,
        ("PathPattern: /assets/*", "PathPattern: /portal/*"),
        "the_edge_keeps_nothing_that_is_one_persons",
        "/portal/* is kept",
    ),
    fault(
        File::Edge,
        ("          - { ErrorCode: 403, ErrorCachingMinTTL: 0 }\n", ""),
        "the_edge_keeps_nothing_that_is_one_persons",
        "an answer of 403 is kept",
    ),
    fault(
        File::Edge,
        (
            "OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3",
            "OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac",
        ),
        "the_edge_passes_everything_on",
        "If-Match",
    ),
    fault(
        File::Edge,
        (
            "AllowedMethods: [DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT]",
            "AllowedMethods: [GET, HEAD, OPTIONS]",
        ),
        "the_edge_passes_everything_on",
        "POST is refused",
    ),
    fault(
        File::Edge,
        (
            "ViewerProtocolPolicy: https-only",
            "ViewerProtocolPolicy: allow-all",
        ),
        "the_edge_passes_everything_on",
        "tokens go over plain HTTP",
    ),
    fault(
        File::Edge,
        ("WebACLId: !GetAtt Firewall.Arn", "WebACLId: \"\""),
        "the_firewall_stops_attacks_and_no_long_form",
        "no firewall",
    ),
    fault(
        File::Edge,
        ("{ Limit: !Ref CallsPerAddress,", "{ Limit: 2000000000,"),
        "the_firewall_stops_attacks_and_no_long_form",
        "any number of calls",
    ),
    fault(
        File::Edge,
        (
            "Name: AWSManagedRulesKnownBadInputsRuleSet",
            "Name: AWSManagedRulesLinuxRuleSet",
        ),
        "the_firewall_stops_attacks_and_no_long_form",
        "KnownBadInputsRuleSet is not asked",
    ),
    fault(
        File::Edge,
        (
            "{ Name: SizeRestrictions_BODY, ActionToUse: { Count: {} } }",
            "{ Name: SizeRestrictions_BODY, ActionToUse: { Block: {} } }",
        ),
        "the_firewall_stops_attacks_and_no_long_form",
        "50 rows",
    ),
    fault(
        File::Edge,
        ("Name: NoUserAgent_HEADER", "Name: UserAgent_BadBots_HEADER"),
        "the_firewall_stops_attacks_and_no_long_form",
        "own system is stopped",
    ),
    fault(
        File::Edge,
        (
            "Action: { Block: { CustomResponse: { ResponseCode: 429 } } }",
            "Action: { Count: {} }",
        ),
        "the_firewall_stops_attacks_and_no_long_form",
        "any number of calls",
    ),
    fault(
        File::Edge,
        (
            "OverrideAction: !If [Counts, { Count: {} }, { None: {} }]",
            "OverrideAction: { Count: {} }",
        ),
        "the_firewall_blocks_unless_it_is_told_to_count",
        "KnownAttackers does not block",
    ),
    fault(
        File::Edge,
        ("    Default: block\n", "    Default: count\n"),
        "the_firewall_blocks_unless_it_is_told_to_count",
        "only counted by default",
    ),
    fault(
        File::Edge,
        (
            "Counts: !Equals [!Ref Findings, count]",
            "Counts: !Not [!Equals [!Ref Findings, count]]",
        ),
        "the_firewall_blocks_unless_it_is_told_to_count",
        "by another setting",
    ),
    fault(
        File::Edge,
        (
            "                - { Name: NoUserAgent_HEADER,",
            concat!(
                "                - { Name: GenericLFI_BODY, ActionToUse: { Count: {} } }\n",
                "                - { Name: NoUserAgent_HEADER,",
            ),
        ),
        "the_firewall_blocks_unless_it_is_told_to_count",
        "GenericLFI_BODY of CommonAttacks",
    ),
    fault(
        File::Edge,
        (
            "Assert: !Equals [!Ref AWS::Region, us-east-1]",
            "Assert: !Not [!Equals [!Ref AWS::Region, us-east-1]]",
        ),
        "the_edge_is_made_where_it_works_alone",
        "Deploy this template in us-east-1",
    ),
    fault(
        File::Edge,
        (
            "Assert: !Or [!Not [!Equals [!Ref HostedZoneId, '']], !Not [!Equals [!Ref CertificateArn, '']]]",
            "Assert: !And [!Equals [!Ref HostedZoneId, ''], !Equals [!Ref CertificateArn, '']]",
        ),
        "the_edge_is_made_where_it_works_alone",
        "Set HostedZoneId or CertificateArn",
    ),
    fault(
        File::Edge,
        ("FieldKeys: [cookie]", "FieldKeys: [host]"),
        "the_firewall_stops_attacks_and_no_long_form",
        "the header cookie",
    ),
    fault(
        File::Template,
        ("NotificationType: FORECASTED", "NotificationType: ACTUAL"),
        "whoever_is_on_call_hears_of_costs",
        "FORECASTED",
    ),
    fault(
        File::Template,
        (
            "Threshold: 80 }\n          Subscribers: [{ SubscriptionType: SNS, Address: !Ref OnCall }]",
            "Threshold: 80 }\n          Subscribers: [{ SubscriptionType: SNS, Address: !Ref MailFeedbackTopic }]",
        ),
        "whoever_is_on_call_hears_of_costs",
        "somebody else",
    ),
    fault(
        File::Template,
        (
            "            Principal: { Service: budgets.amazonaws.com }",
            "            Principal: { Service: ce.amazonaws.com }",
        ),
        "whoever_is_on_call_hears_of_costs",
        "budgets.amazonaws.com may not write",
    ),
    fault(
        File::Template,
        (
            concat!(
                "        CostFilters:\n",
                "          TagKeyValue:\n",
                "            - !Join [\"$\", [\"aws:cloudformation:stack-name\", !Ref AWS::StackName]]\n",
                "            # CloudFront and its firewall, as docs/DEPLOY.md names their stack.\n",
                "            - !Join [\"$\", [\"aws:cloudformation:stack-name\", !Sub \"edge-${AWS::StackName}\"]]\n"
            ),
            "",
        ),
        "whoever_is_on_call_hears_of_costs",
        "other stacks' costs",
    ),
    fault(
        File::SamConfig,
        ("\"environment=dev\"", "\"environment=prod\""),
        "everything_has_tags",
        "dev is not tagged as itself",
    ),
    fault(
        File::Deploy,
        (
            " --tags product=countersign environment=",
            "  --no-tags environment=",
        ),
        "everything_has_tags",
        "has no tags",
    ),
];
