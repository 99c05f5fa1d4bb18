//! Rights to backups end at the stack.

use serde_norway::Value;

use super::super::document::{Document, File, items, members, named, none};
use super::super::policy;

/// The text of a `!Sub`, `!Ref` or `!GetAtt`, or a text.
fn written(value: &Value) -> &str {
    let value = match value {
        Value::Tagged(tagged) => &tagged.value,
        other => other,
    };
    value.as_str().or_else(|| value[0].as_str()).unwrap_or_default()
}

/// What makes backups, and what makes that, ends at the stack: at its name where a resource has one, and at its tag where a
/// resource has a random identifier.
pub(super) fn the_rights_to_backups_end_at_the_stack(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    if !written(&document.properties("BackupVault")["BackupVaultName"]).starts_with("${AWS::StackName}-") {
        faults.push("the vault's name does not begin with the stack's".to_owned());
    }
    let mut tags = items(&document.properties("Table")["Tags"]);
    let table = tags
        .find(|tag| tag["Key"] == "stack")
        .map(|tag| named(&tag["Value"]));
    let plan = named(&document.properties("BackupPlan")["BackupPlanTags"]["stack"]);
    for (id, tag) in [("Table", table.unwrap_or_default()), ("BackupPlan", plan)] {
        if tag != "AWS::StackName" {
            faults.push(format!("{id} has no tag of the stack"));
        }
    }
    let roles = document.yaml(File::Roles);
    let forge = &roles["Resources"]["ExecutionRole"]["Properties"]["Policies"];
    let backup = &document.properties("BackupRole")["Policies"];
    for (statement, stack) in policy::allowing(forge)
        .into_iter()
        .map(|statement| (statement, "StackName"))
        .chain(
            policy::allowing(backup)
                .into_iter()
                .map(|one| (one, "AWS::StackName")),
        )
    {
        if !policy::actions(statement).any(|action| action.starts_with("backup:")) {
            continue;
        }
        let resources = items(&statement["Resource"]).chain([&statement["Resource"]]);
        let open = resources
            .map(written)
            .any(|name| name.ends_with('*') && !name.ends_with(&format!(":backup-vault:${{{stack}}}-*")));
        let conditions = members(&statement["Condition"]).into_iter();
        let mut tags =
            conditions.flat_map(|(_, keys)| [&keys["aws:ResourceTag/stack"], &keys["aws:RequestTag/stack"]]);
        if open && !tags.any(|tag| named(tag) == stack) {
            let sid = statement["Sid"].as_str().unwrap_or_default();
            faults.push(format!("{sid} reaches other stacks' backups"));
        }
    }
    none(faults)
}
