//! template.yaml and the code agree: functions and packages, routes, environment, indexes and keys. `checks` holds what a
//! deployment needs besides, and `faults` shows that each check can fail.

mod alarm;
mod checks;
mod document;
mod faults;
mod policy;
mod samconfig;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::fact::Attribute;
use countersign_local::template::{self, Key, Template};
use countersign_platform::App;
use countersign_platform::config::{
    EVENT_VARIABLES, INBOUND_VARIABLES, MAIL_VARIABLES, POOL_VARIABLES, REPLY_VARIABLES, SIGN_IN_VARIABLES,
    SYSTEM_VARIABLES, VARIABLES,
};
use countersign_platform::identity::SYSTEM_SCOPE;
use countersign_platform::store::index::INDEXES;
use countersign_platform::store::key::{PK, SK};
use countersign_platform::store::layout::{self, LAYOUT};
use countersign_tests::market::{app, app_over};
use countersign_tests::{World, seed};

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
    let Template { functions, hook, .. } = template();
    // Only a deployment calls the hook.
    let hook = hook.unwrap();
    let all = || functions.iter().chain([&hook]);
    let of_template: BTreeSet<String> = all().map(|function| function.binary.clone()).collect();
    let runner = countersign_local::binaries().map(str::to_owned);
    let of_runner: BTreeSet<String> = runner.chain([hook.binary.clone()]).collect();
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
    for function in all() {
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

/// Every `METHOD /path` in a source file, in string literals and in its documentation.
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
        // Only the portal signs people in, it and notify offer to decide by replying, only four functions are called by
        // systems, only notify and provision send e-mail, only provision keeps the user pool, only email-approval receives
        // e-mail, and only relay publishes events.
        let own: &[&[&str]] = match function.binary.as_str() {
            "portal" => &[&SIGN_IN_VARIABLES, &REPLY_VARIABLES],
            "drafts" | "hand-back" | "requests" | "submit" => &[&SYSTEM_VARIABLES],
            "notify" => &[&MAIL_VARIABLES, &REPLY_VARIABLES],
            "provision" => &[&MAIL_VARIABLES, &POOL_VARIABLES],
            "email-approval" => &[&INBOUND_VARIABLES],
            "relay" => &[&EVENT_VARIABLES],
            _ => &[],
        };
        let own = own.iter().copied().flatten();
        let read: BTreeSet<&str> = VARIABLES.iter().chain(own).copied().collect();
        let set: BTreeSet<&str> = function.environment.keys().map(String::as_str).collect();
        assert_eq!(set, read, "{}", function.binary);
    }
}

#[test]
fn the_scope_of_a_systems_token_is_the_templates_and_nobody_elses() {
    let pool = template().user_pool;
    assert_eq!(pool.resource_scopes, [SYSTEM_SCOPE]);
    assert!(!pool.scopes.iter().any(|scope| scope == SYSTEM_SCOPE));
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
    let texts = |hash: &str, range: Option<&str>| -> Vec<_> {
        let keys = [(hash, "HASH")]
            .into_iter()
            .chain(range.map(|range| (range, "RANGE")));
        keys.map(|(name, role)| (name.to_owned(), role.to_owned(), "S".to_owned()))
            .collect()
    };
    assert_eq!(pair(&table.keys), texts(PK, Some(SK)));
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
        let mut keys = [index.partition].into_iter().chain(index.sort);
        assert!(keys.all(|key| attributes.contains(key)), "{}", index.name);
    }
    let stream = table.stream_specification.unwrap();
    assert_eq!(stream.stream_view_type, "NEW_AND_OLD_IMAGES");
    let time_to_live = table.time_to_live_specification.unwrap();
    assert!(time_to_live.enabled && time_to_live.attribute_name == "expires_at");
}

#[test]
fn the_indexes_of_lists_hold_whole_heads_and_the_one_of_references_holds_keys_alone() {
    for index in template().table.indexes {
        let kind = match index.index_name.as_str() {
            "by_desk" | "by_company" => "ALL",
            _ => "KEYS_ONLY",
        };
        let projection = serde_json::json!({ "ProjectionType": kind });
        assert_eq!(index.projection, projection, "{}", index.index_name);
    }
}

#[tokio::test]
async fn a_function_starts_on_a_table_of_its_own_layout_alone_and_says_where_to_read_on() {
    let world = World::start().await;
    let start = async || {
        let app = app(&world, world.local.clock().clone());
        let opened = App::open(app.config().clone(), world.local.clock().clone()).await;
        opened.map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(start().await, Ok(()));

    let section = "A table of another layout";
    let told = format!("and this release needs layout {LAYOUT}: see docs/DEPLOY.md, {section}");
    let next = AttributeValue::N((LAYOUT + 1).to_string());
    let mark = ("LAYOUT".to_owned(), "LAYOUT".to_owned());
    world.edit(mark, "layout", next).await;
    let other = format!("the table is in layout {}, {told}", LAYOUT + 1);
    assert_eq!(start().await, Err(other));

    let unmark = world.local.dynamodb().delete_item();
    let unmark = unmark.table_name(world.local.table_name());
    let key = || AttributeValue::S("LAYOUT".to_owned());
    unmark.key(PK, key()).key(SK, key()).send().await.unwrap();
    assert_eq!(
        start().await,
        Err(format!("the table has no mark of its layout, {told}"))
    );

    let guide = include_str!("../../../docs/DEPLOY.md");
    assert!(guide.contains(&format!("\n## {section}\n")));
    seed::items(&world, vec![layout::mark()]).await;
    assert_eq!(start().await, Ok(()));
    world.local.stop().await;
}

#[tokio::test]
async fn a_function_that_cannot_reach_the_table_starts_and_leaves_it_to_its_first_call_to_say_so() {
    let world = World::start().await;
    let clock = world.local.clock().clone();
    let nowhere = app_over("http://localhost:9", &world, clock.clone());
    assert!(App::open(nowhere.config().clone(), clock).await.is_ok());
    world.local.stop().await;
}

#[test]
fn the_campaigns_defaults_are_the_guidelines_dates() {
    let parameters = template().parameters;
    let default = |name: &str| parameters[name].default.clone();
    assert_eq!(default("CampaignOpens").as_deref(), Some("2023-03-20"));
    assert_eq!(default("CampaignDeadline").as_deref(), Some("2023-04-28"));
}
