//! Faults because of which the product's own metrics show nothing, or cost something that nobody asked for.

use super::super::document::File;
use super::{Fault, fault};

const METRICS: &str = "the_products_metrics_are_those_that_the_code_writes";
const TRACING: &str = "nothing_is_traced_unless_it_is_asked_for";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        File::Template,
        (
            "      MetricName: SignInsRefused",
            "      MetricName: SignInsDenied",
        ),
        METRICS,
        "no line has the metric SignInsDenied in RefusedSignInsAlarm",
    ),
    fault(
        File::Template,
        (
            "      MetricName: RepliesIgnored\n      Dimensions:\n        - { Name: Stack, Value: !Ref AWS::StackName }",
            "      MetricName: RepliesIgnored\n      Dimensions:\n        - { Name: Stack, Value: countersign }",
        ),
        METRICS,
        "RepliesIgnored in IgnoredRepliesAlarm has \"countersign\" for Stack",
    ),
    fault(
        File::Template,
        (
            "[\"Countersign\", \"MailsHeld\", \"Stack\", \"${AWS::StackName}\"],\n",
            "[\"Countersign\", \"MailsHeld\", \"Function\", \"${NotifyFunction}\"],\n",
        ),
        METRICS,
        "MailsHeld in the dashboard has the dimensions",
    ),
    fault(
        File::Template,
        (
            "                [\"Countersign\", \"WriteUnits\", \"Stack\", \"${AWS::StackName}\"]\n",
            "                [\"Countersign\", \"ReadUnits\", \"Stack\", \"${AWS::StackName}\"]\n",
        ),
        METRICS,
        "WriteUnits is written, and the dashboard does not show it",
    ),
    fault(
        File::Template,
        ("Outcome=(\\\"refused\\\" OR", "Outcome=(\\\"rejected\\\" OR"),
        METRICS,
        "has \"rejected\" for Outcome",
    ),
    fault(
        File::Template,
        (
            "Countersign,Stack,Action,Outcome}",
            "Countersign,Stack,Action,Result}",
        ),
        METRICS,
        "a search of the dashboard has the dimensions",
    ),
    fault(
        File::Template,
        ("    Default: Disabled\n", "    Default: Active\n"),
        TRACING,
        "calls are traced by default",
    ),
    fault(
        File::Template,
        (
            "      Tracing: !Ref Tracing\n      CodeUri: functions/claim\n",
            "      CodeUri: functions/claim\n",
        ),
        TRACING,
        "ClaimFunction is not traced as the parameter says",
    ),
    fault(
        File::Template,
        (
            "      Tracing: !Ref Tracing\n      CodeUri: functions/provision\n",
            "      Tracing: Active\n      CodeUri: functions/provision\n",
        ),
        TRACING,
        "ProvisionFunction is not traced as the parameter says",
    ),
];
