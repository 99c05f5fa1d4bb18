//! A deployment starts what it deploys before any call reaches it, and goes back if calls fail.

use std::collections::{BTreeMap, BTreeSet};

use serde_norway::Value;

use super::super::document::{Document, items, members, named, names, none, references};

const FUNCTION: &str = "AWS::Serverless::Function";
const ALIAS: &str = "live";

/// What SAM makes of every function.
fn globals(document: &Document) -> Result<&Value, String> {
    let globals = document.section("Globals").into_iter();
    let mut functions = globals.filter(|(name, _)| *name == "Function");
    let found = functions.next().map(|(_, function)| function);
    found.ok_or_else(|| "there are no Globals of functions".to_owned())
}

/// The logical ID of the function that starts new versions.
fn hook(document: &Document) -> Result<String, String> {
    let template = document.template(&BTreeMap::new())?;
    let hook = template
        .hook
        .ok_or("nothing starts a new version before it is called")?;
    Ok(hook.logical_id)
}

/// The functions that calls move between versions of.
fn moved<'a>(document: &'a Document, hook: &str) -> Vec<(&'a str, &'a Value)> {
    let all = document.of_kind(FUNCTION).into_iter();
    all.filter(|(id, _)| *id != hook).collect()
}

/// What of the Globals a function does without.
fn ignored(function: &Value) -> BTreeSet<String> {
    items(&function["IgnoreGlobals"]).map(named).collect()
}

pub(super) fn a_new_version_starts_before_it_is_called(document: &Document) -> Result<(), String> {
    let (globals, hook) = (globals(document)?, hook(document)?);
    let mut faults = Vec::new();
    if globals["AutoPublishAlias"] != ALIAS || globals["AutoPublishAliasAllProperties"] != true {
        faults.push("a change publishes no version".to_owned());
    }
    if globals["VersionDeletionPolicy"] != "Delete" {
        faults.push("a deployment that failed can't be tried again".to_owned());
    }
    for (id, function) in moved(document, &hook) {
        let own = &function["Properties"]["DeploymentPreference"];
        let preference = match ignored(function).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => &globals["DeploymentPreference"],
            ["DeploymentPreference"] => own,
            _ => &Value::Null,
        };
        if named(&preference["Hooks"]["PreTraffic"]) != hook {
            faults.push(format!("nothing starts a new version of {id}"));
        }
        if named(&preference["Type"]) != "Rollout" || named(&preference["Role"]) != "RolloutRole" {
            faults.push(format!("how calls of {id} move can't be chosen"));
        }
    }
    none(faults)
}

/// The alarms that a rollout looks at, by their logical IDs, while calls move gradually.
fn alarms_of(preference: &Value) -> BTreeSet<String> {
    let Value::Tagged(choice) = &preference["Alarms"] else {
        return BTreeSet::new();
    };
    if choice.tag != "If" || choice.value[0] != "MovesGradually" {
        return BTreeSet::new();
    }
    let alarms = items(&choice.value[1]).map(named);
    alarms
        .map(|name| name.replace("${AWS::StackName}-", ""))
        .collect()
}

/// Functions refer to the user pool, it refers to the function that signs people in, and the API refers to nearly all: so not
/// every alarm can be one of every function.
pub(super) fn an_alarm_of_errors_moves_calls_back(document: &Document) -> Result<(), String> {
    let (globals, hook) = (globals(document)?, hook(document)?);
    let expected = [
        "ApiErrorsAlarm",
        "BackgroundErrorsAlarm",
        "CallErrorsAlarm",
        "SignInErrorsAlarm",
    ];
    let looks = alarms_of(&globals["DeploymentPreference"]);
    let missing = expected.iter().filter(|alarm| !looks.contains(**alarm));
    let mut faults: Vec<String> = missing
        .map(|alarm| format!("no rollout looks at {alarm}"))
        .collect();
    for (id, function) in moved(document, &hook) {
        let own = &function["Properties"]["DeploymentPreference"];
        if !ignored(function).is_empty() && alarms_of(own) != ["SignInErrorsAlarm".to_owned()].into() {
            faults.push(format!("the rollout of {id} looks at no alarm"));
        }
    }
    let alarms = document.of_kind("AWS::CloudWatch::Alarm").into_iter();
    for (id, alarm) in alarms.filter(|(id, _)| *id == "ApiErrorsAlarm") {
        let name = &alarm["Properties"]["AlarmName"];
        if named(name) != format!("${{AWS::StackName}}-{id}") {
            faults.push(format!("{id} has another name than rollouts look for"));
        }
    }
    none(faults)
}

/// SAM publishes a version if the function's own text changes. It has to have the values of parameters in front of it, which
/// the extensions of the language put in place, and not in Globals. Lambda publishes none if nothing of a version changes.
pub(super) fn a_parameter_that_changes_alone_takes_effect(document: &Document) -> Result<(), String> {
    let (globals, hook) = (globals(document)?, hook(document)?);
    let mut faults = Vec::new();
    if document.transforms() != ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"] {
        faults.push("SAM does not see the values of parameters".to_owned());
    }
    let settings = members(&globals["Environment"]["Variables"]);
    for (id, function) in moved(document, &hook) {
        let properties = &function["Properties"];
        let own = members(&properties["Environment"]["Variables"]);
        let unseen = settings.iter().filter(|setting| !own.contains(setting));
        faults.extend(unseen.map(|(name, _)| format!("a change of {name} publishes no version of {id}")));
        let kept = references(&properties["ReservedConcurrentExecutions"], "");
        let described = references(&properties["Description"], "");
        let unsaid = kept
            .iter()
            .filter(|name| *name != "AWS::NoValue" && !described.contains(*name));
        faults.extend(unsaid.map(|name| format!("{id} can't be deployed with another {name} alone")));
    }
    none(faults)
}

/// Metrics count all versions of a function together. Everything else has to call the version that started.
pub(super) fn whatever_calls_a_function_calls_its_alias(document: &Document) -> Result<(), String> {
    let hook = hook(document)?;
    let functions: BTreeSet<&str> = moved(document, &hook).into_iter().map(|(id, _)| id).collect();
    let resources = document.section("Resources").into_iter();
    let callers = resources.filter(|(_, resource)| {
        let kind = resource["Type"].as_str().unwrap_or_default();
        !kind.starts_with("AWS::CloudWatch::")
    });
    let mut faults = Vec::new();
    for (id, part) in callers.chain(document.section("Outputs")) {
        let by_name = names(part, "").into_iter().filter(|name| {
            let id = name.split('.').next().unwrap_or_default();
            functions.contains(id) && *name != format!("{id}.Alias")
        });
        faults.extend(by_name.map(|name| format!("{id} names {name} without its alias")));
    }
    none(faults)
}

/// A plan that is asked for backs the table up, and copies where it is told to.
pub(super) fn backups_are_kept_where_they_are_asked_for(document: &Document) -> Result<(), String> {
    let one = |kind: &str, condition: Option<&str>| {
        let all = document.of_kind(kind);
        let [(id, resource)] = all.as_slice() else {
            return Err(format!("there is not one {kind}"));
        };
        match (condition, resource["Condition"].as_str()) {
            (wanted, found) if wanted == found => Ok(&resource["Properties"]),
            (Some(_), _) => Err(format!("{id} costs money whether it is asked for or not")),
            (None, _) => Err(format!("{id} can't come again under its name")),
        }
    };
    let asked_for = Some("KeepsBackups");
    let plan = one("AWS::Backup::BackupPlan", asked_for)?;
    let vault = one("AWS::Backup::BackupVault", None)?;
    let selection = &one("AWS::Backup::BackupSelection", asked_for)?["BackupSelection"];
    let mut faults = Vec::new();
    if vault.is_null() || items(&selection["Resources"]).map(named).collect::<Vec<_>>() != ["Table"] {
        faults.push("the plan backs up something else than the table".to_owned());
    }
    let rule = &plan["BackupPlan"]["BackupPlanRule"][0];
    let Value::Tagged(copies) = &rule["CopyActions"] else {
        return Err("backups are copied nowhere".to_owned());
    };
    let copy = &copies.value[1][0];
    if copies.value[0] != "CopiesBackups" || named(&copy["DestinationBackupVaultArn"]) != "BackupCopyVault" {
        faults.push("backups are copied elsewhere than they are asked to".to_owned());
    }
    let kept = [rule, copy].map(|part| named(&part["Lifecycle"]["DeleteAfterDays"]));
    if kept != ["BackupDays", "BackupDays"] {
        faults.push("backups are kept for another time than BackupDays".to_owned());
    }
    none(faults)
}
