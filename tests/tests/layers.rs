//! The dependencies between domain, platform, application, api and functions: each may use only those before it. The reader
//! of replies uses the domain alone, and the stand-ins for AWS use none of them. Also where code may name the fields of eServices.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign_domain::eservice::EServiceId;

/// The shared crates, innermost first.
const LAYERS: [&str; 4] = ["domain", "platform", "application", "api"];

/// Crates that do input or output, or speak HTTP.
const OF_INPUT_AND_OUTPUT: [&str; 9] = [
    "aws-config",
    "aws-sdk-dynamodb",
    "axum",
    "getrandom",
    "hyper-util",
    "lambda_http",
    "lambda_runtime",
    "reqwest",
    "tokio",
];

fn workspace(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)
}

/// The dependencies in a crate's manifest, without dev-dependencies.
fn dependencies(folder: &Path) -> Vec<String> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let (_, after) = manifest.split_once("\n[dependencies]\n").unwrap();
    let section = after.split("\n[").next().unwrap();
    let name = |line: &str| {
        let end = line.find(['.', ' ', '='])?;
        Some(line[..end].to_owned())
    };
    section.lines().filter_map(name).collect()
}

/// The path and text of every Rust file in a folder.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    files(folder, &["rs"])
}

/// The path and text of every file in a folder with one of these extensions.
fn files(folder: &Path, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if extension.is_some_and(|extension| endings.contains(&extension)) {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// The lines of a source that run in production: without comments, and without the file's tests.
fn code(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// How code refers to a field of a form or a column of its rows. The bare name is not enough: `day` is a word of other
/// code too.
fn ways_to_name_fields() -> BTreeSet<String> {
    let lookups = |name: &str| {
        let ways = [
            ("[", "]"),
            ("get(", ")"),
            ("column(", ")"),
            ("field(", ")"),
            ("rows(", ")"),
        ];
        ways.map(|(start, end)| format!("{start}\"{name}\"{end}"))
    };
    let mut ways = BTreeSet::new();
    for field in EServiceId::ALL
        .into_iter()
        .flat_map(|id| id.definition().fields())
    {
        let name = field.name;
        ways.extend(lookups(name));
        ways.extend(["\"", ".", "-"].map(|end| format!("name=\"{name}{end}")));
        ways.extend(["\"", "/"].map(|end| format!("\"/{name}{end}")));
        for column in field.rows().map_or(&[][..], |rows| rows.columns) {
            ways.extend(lookups(column.name));
            ways.insert(format!("\"{name}.{}", column.name));
        }
    }
    ways
}

#[test]
fn a_layer_depends_on_those_before_it_alone() {
    for (place, layer) in LAYERS.iter().enumerate() {
        for dependency in dependencies(&workspace("shared").join(layer)) {
            let Some(other) = dependency.strip_prefix("countersign-") else {
                continue;
            };
            assert!(LAYERS[..place].contains(&other), "{layer} depends on {other}");
        }
    }
}

#[test]
fn no_function_depends_on_another_and_nothing_shared_on_a_function() {
    let functions: Vec<PathBuf> = fs::read_dir(workspace("functions"))
        .unwrap()
        .map(|folder| folder.unwrap().path())
        .collect();
    let names: Vec<String> = functions
        .iter()
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    let shared = LAYERS.map(|layer| workspace("shared").join(layer));
    for folder in functions.iter().chain(&shared) {
        for dependency in dependencies(folder) {
            assert!(
                !names.contains(&dependency),
                "{} depends on {dependency}",
                folder.display()
            );
        }
    }
}

#[test]
fn the_reader_of_replies_knows_the_domain_alone_and_does_no_input_or_output() {
    let all = dependencies(&workspace("shared/reply"));
    let own: Vec<&String> = all
        .iter()
        .filter(|name| name.starts_with("countersign-"))
        .collect();
    assert_eq!(own, ["countersign-domain"]);
    for banned in OF_INPUT_AND_OUTPUT {
        assert!(!all.contains(&banned.to_owned()), "{banned}");
    }
}

#[test]
fn the_operators_tool_uses_domain_and_platform_and_writes_through_the_store_alone() {
    let own: Vec<String> = dependencies(&workspace("infra/admin"))
        .into_iter()
        .filter(|name| name.starts_with("countersign-"))
        .collect();
    assert_eq!(own, ["countersign-domain", "countersign-platform"]);
    for (path, source) in sources(&workspace("infra/admin/src")) {
        for write in [
            "put_item",
            "update_item",
            "delete_item",
            "batch_write_item",
            "transact_write_items",
        ] {
            assert!(!source.contains(write), "{}: {write}", path.display());
        }
    }
    let rest = ["functions", "shared", "infra/aws-local", "infra/local"].map(workspace);
    for (path, manifest) in rest.iter().flat_map(|folder| files(folder, &["toml"])) {
        assert!(!manifest.contains("countersign-admin"), "{}", path.display());
    }
}

#[test]
fn the_domain_does_no_input_or_output_and_the_application_speaks_no_http() {
    let of = |layer: &str| dependencies(&workspace("shared").join(layer));
    for banned in OF_INPUT_AND_OUTPUT {
        assert!(!of("domain").contains(&banned.to_owned()), "domain: {banned}");
    }
    for banned in ["lambda_http", "lambda_runtime", "axum", "askama", "reqwest"] {
        assert!(
            !of("application").contains(&banned.to_owned()),
            "application: {banned}"
        );
    }
    for (path, source) in sources(&workspace("shared/application/src")) {
        assert!(
            !source.contains("countersign_platform::http"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn the_platform_judges_nobody() {
    for (path, source) in sources(&workspace("shared/platform/src")) {
        for rule in [
            "is_visible_to",
            "is_officer",
            "may_see",
            "may_make",
            "may_check",
            "may_manage_users",
            "workflow::judge",
        ] {
            assert!(!source.contains(rule), "{}: {rule}", path.display());
        }
    }
}

#[test]
fn only_its_definition_names_an_eservices_fields() {
    let ways = ways_to_name_fields();
    let definitions = workspace("shared/domain/src/eservice");
    let folders = ["functions", "infra", "shared"].map(workspace);
    let files = folders
        .iter()
        .flat_map(|folder| files(folder, &["rs", "html", "js"]));
    let is_test = |path: &Path| {
        path.components()
            .any(|part| ["tests", "tests.rs"].iter().any(|name| part.as_os_str() == *name))
    };
    for (path, source) in files {
        // The tests' own folder is `tests/..`, so only the path inside the workspace counts.
        let inside = path.strip_prefix(workspace("")).unwrap();
        if path.starts_with(&definitions) || is_test(inside) {
            continue;
        }
        for line in code(&source) {
            let named = ways.iter().find(|way| line.contains(way.as_str()));
            assert_eq!(named, None, "{}: {line}", path.display());
        }
    }
}

#[test]
fn there_is_one_way_to_change_a_request_that_a_caller_can_see() {
    let layers = ["shared/application/src", "shared/api/src", "functions"];
    for (path, source) in layers.iter().flat_map(|layer| sources(&workspace(layer))) {
        let stages = source.contains(".transaction()") || source.contains("transact_write_items");
        let is_execute = path.components().any(|part| part.as_os_str() == "execute");
        assert!(!stages || is_execute, "{}", path.display());
    }
    let execute = sources(&workspace("shared/application/src/execute"));
    let seen: Vec<&str> = execute
        .iter()
        .flat_map(|(_, source)| source.lines())
        .filter(|line| line.trim_start().starts_with("pub async fn"))
        .collect();
    assert_eq!(
        seen,
        ["pub async fn execute(app: &App, command: Command) -> Result<Executed, Rejection> {"]
    );
}

#[test]
fn the_stand_ins_for_aws_know_nothing_of_the_product() {
    let folder = workspace("infra/aws-local");
    for dependency in dependencies(&folder) {
        assert!(!dependency.starts_with("countersign"), "{dependency}");
    }
    for (path, source) in sources(&folder.join("src")) {
        let source = source.to_lowercase();
        for word in [
            "countersign",
            "hkex",
            "maker",
            "checker",
            "officer",
            "eservice",
            "participant",
        ] {
            assert!(!source.contains(word), "{}: {word}", path.display());
        }
    }
}
