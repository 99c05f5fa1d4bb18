//! What it costs is seen, and whose it is.

use serde_norway::Value;

use super::super::document::{Document, File, items, named, none, references};
use super::super::samconfig::environments;

/// A budget tells the topic of the alarms, which says who may write to it.
pub(super) fn whoever_is_on_call_hears_of_costs(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    let budget = document.properties("Budget");
    let told: Vec<&Value> = items(&budget["NotificationsWithSubscribers"]).collect();
    for kind in ["ACTUAL", "FORECASTED"] {
        if !told
            .iter()
            .any(|one| one["Notification"]["NotificationType"] == kind)
        {
            faults.push(format!("nobody hears of {kind} costs"));
        }
    }
    let subscribers = told.iter().flat_map(|one| items(&one["Subscribers"]));
    let elsewhere = subscribers.filter(|one| named(&one["Address"]) != "OnCall");
    faults.extend(elsewhere.map(|_| "somebody else than the people on call hears of costs".to_owned()));
    let filter = references(&budget["Budget"]["CostFilters"], "");
    if !filter.contains("AWS::StackName") {
        faults.push("the budget counts other stacks' costs".to_owned());
    }
    let topic = document.properties("OnCallPolicy");
    for service in ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"] {
        let statements = items(&topic["PolicyDocument"]["Statement"]);
        let lets_in = |one: &Value| {
            one["Principal"]["Service"] == service
                && named(&one["Condition"]["StringEquals"]["aws:SourceAccount"]) == "AWS::AccountId"
        };
        if !statements.into_iter().any(lets_in) {
            faults.push(format!("{service} may not write to the people on call"));
        }
    }
    none(faults)
}

/// A stack's tags are on everything in it that takes tags. Each deployment has to say which one it is.
pub(super) fn everything_has_tags(document: &Document) -> Result<(), String> {
    let environments = environments(document);
    let untagged = environments.iter().filter(|(name, environment)| {
        environment.tags != ["product=countersign".to_owned(), format!("environment={name}")]
    });
    let untagged: Vec<String> = untagged
        .map(|(name, _)| format!("{name} is not tagged as itself"))
        .collect();
    // A command runs on over lines that end in a backslash.
    let guide = document.text(File::Deploy).replace("\\\n", " ");
    let made = guide
        .lines()
        .filter(|line| line.contains("aws cloudformation deploy "));
    let bare = made.filter(|line| !line.contains("--tags product=countersign environment="));
    let bare = bare.map(|line| format!("what this makes has no tags: {line}"));
    none(untagged.into_iter().chain(bare))
}
