//! template.yaml and the code say the same: functions and packages, routes, environment, indexes and keys.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop where it stands"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use countersign_domain::fact::Attribute;
use countersign_local::template::{self, Key, SOURCE, Template};
use countersign_platform::config::{
    INBOUND_VARIABLES, MAIL_VARIABLES, SIGN_IN_VARIABLES, TOKEN_ISSUER, VARIABLES,
};
use countersign_platform::store::key::{PK, SK};
use countersign_platform::store::requests::INDEXES;

fn template() -> Template {
    template::load(&BTreeMap::new()).unwrap()
}

fn functions_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions")
}

fn packages() -> BTreeSet<String> {
    let folders = fs::read_dir(functions_folder()).unwrap();
    folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn every_function_folder_is_a_package_a_function_of_the_template_and_run_locally() {
    let of_template: BTreeSet<String> = template()
        .functions
        .into_iter()
        .map(|function| function.binary)
        .collect();
    let of_runner: BTreeSet<String> = countersign_local::binaries().map(str::to_owned).collect();
    assert_eq!(packages(), of_template);
    assert_eq!(packages(), of_runner);
    for package in packages() {
        let manifest = fs::read_to_string(functions_folder().join(&package).join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains(&format!("[package]\nname = \"{package}\"")),
            "{package}"
        );
        assert!(
            manifest.contains(&format!("[[bin]]\nname = \"{package}\"")),
            "{package}"
        );
    }
    for function in template().functions {
        assert_eq!(
            function.code.trim_end_matches('/'),
            format!("functions/{}", function.binary)
        );
    }
}

#[test]
fn a_function_names_exactly_the_routes_that_the_template_gives_it() {
    for function in template().functions {
        let of_template: BTreeSet<String> = function
            .routes
            .iter()
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        let source =
            fs::read_to_string(functions_folder().join(&function.binary).join("src/lib.rs")).unwrap();
        assert_eq!(routes_in(&source), of_template, "{}", function.binary);
    }
}

/// Every `METHOD /path` in a source, whether a literal or in its documentation.
fn routes_in(source: &str) -> BTreeSet<String> {
    let methods = ["GET", "POST", "PUT", "DELETE", "PATCH"];
    let quoted = source.split(['"', '`']);
    let routes = quoted.filter(|text| {
        text.split_once(' ')
            .is_some_and(|(method, path)| methods.contains(&method) && path.starts_with('/'))
    });
    routes.map(str::to_owned).collect()
}

#[test]
fn every_function_gets_exactly_the_environment_that_the_configuration_reads() {
    for function in template().functions {
        // Only the portal signs people in, only requests describes the API, only notify sends mail, and only one function takes mail in.
        let own: &[&str] = match function.binary.as_str() {
            "portal" => &SIGN_IN_VARIABLES,
            "requests" => &[TOKEN_ISSUER],
            "notify" => &MAIL_VARIABLES,
            "email-approval" => &INBOUND_VARIABLES,
            _ => &[],
        };
        let read: BTreeSet<&str> = VARIABLES.iter().chain(own).copied().collect();
        let set: BTreeSet<&str> = function.environment.keys().map(String::as_str).collect();
        assert_eq!(set, read, "{}", function.binary);
    }
}

#[test]
fn the_tables_keys_and_indexes_are_the_ones_that_the_store_uses() {
    let table = template().table;
    let pair = |keys: &[Key]| -> Vec<(String, String, String)> {
        let kind = |key: &Key| {
            let mut attributes = table.attributes.iter();
            let found = attributes.find(|attribute| attribute.attribute_name == key.attribute_name);
            found.unwrap().attribute_type.clone()
        };
        keys.iter()
            .map(|key| (key.attribute_name.clone(), key.key_type.clone(), kind(key)))
            .collect()
    };
    let texts = |hash: &str, range: &str| {
        [(hash, "HASH"), (range, "RANGE")]
            .map(|(name, role)| (name.to_owned(), role.to_owned(), "S".to_owned()))
            .to_vec()
    };
    assert_eq!(pair(&table.keys), texts(PK, SK));
    let of_template: BTreeMap<_, _> = table
        .indexes
        .iter()
        .map(|index| (index.index_name.clone(), pair(&index.key_schema)))
        .collect();
    let of_store: BTreeMap<_, _> = INDEXES
        .iter()
        .map(|index| (index.name.to_owned(), texts(index.partition, index.sort)))
        .collect();
    assert_eq!(of_template, of_store);
    let attributes: BTreeSet<&str> = Attribute::ALL.iter().map(|attribute| attribute.name()).collect();
    for index in INDEXES {
        assert!(
            attributes.contains(index.partition) && attributes.contains(index.sort),
            "{}",
            index.name
        );
    }
    let stream = table.stream_specification.unwrap();
    assert_eq!(stream.stream_view_type, "NEW_AND_OLD_IMAGES");
    let time_to_live = table.time_to_live_specification.unwrap();
    assert!(time_to_live.enabled && time_to_live.attribute_name == "expires_at");
}

#[test]
fn every_member_of_a_head_is_in_every_index_since_whoever_reads_one_needs_the_whole_head() {
    for index in template().table.indexes {
        let all = serde_json::json!({ "ProjectionType": "ALL" });
        assert_eq!(index.projection, all, "{}", index.index_name);
    }
}

#[test]
fn every_alarm_has_an_entry_in_the_runbook_and_tells_whoever_is_on_call() {
    let runbook = include_str!("../../docs/RUNBOOK.md");
    let alarms = SOURCE.split("\n\n").filter_map(|part| {
        let is_alarm = part.contains("Type: AWS::CloudWatch::Alarm");
        let name = part
            .lines()
            .find(|line| line.starts_with("  ") && line.ends_with(':'))?;
        is_alarm.then(|| (name.trim().trim_end_matches(':'), part))
    });
    let alarms: Vec<_> = alarms.collect();
    assert_eq!(alarms.len(), 6, "{alarms:?}");
    for (name, alarm) in alarms {
        assert!(runbook.contains(&format!("\n## {name}\n")), "{name}");
        assert!(alarm.contains(&format!("See docs/RUNBOOK.md, {name}.")), "{name}");
        assert!(alarm.contains("AlarmActions: [!Ref OnCall]"), "{name}");
    }
}

#[test]
fn the_campaigns_defaults_are_the_guidelines_dates() {
    let parameters = template().parameters;
    let default = |name: &str| parameters[name].default.clone();
    assert_eq!(default("CampaignOpens").as_deref(), Some("2023-03-20"));
    assert_eq!(default("CampaignDeadline").as_deref(), Some("2023-04-28"));
}
