//! What SECURITY.md, docs/PROOF.md and the forge's workflows say can be run here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_norway::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of all tests below `tests/tests`, each behind its module: `approval::token::a_token_is_for_one_request`.
fn tests() -> BTreeSet<String> {
    fn collect(folder: &Path, module: &str, all: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let inner = match (stem.as_str(), module) {
                ("mod" | "main", _) => module.to_owned(),
                (_, "") => stem,
                _ => format!("{module}::{stem}"),
            };
            if path.is_dir() {
                collect(&path, &inner, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.extend(
                    tests_in(&fs::read_to_string(&path).unwrap())
                        .into_iter()
                        .map(|name| format!("{inner}::{name}")),
                );
            }
        }
    }
    let mut all = BTreeSet::new();
    for folder in ["tests/tests", "infra/local/tests/local"] {
        collect(&root().join(folder), "", &mut all);
    }
    all
}

/// The functions below an attribute that ends in `test`, with or without arguments.
fn tests_in(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim_start) {
        if let Some(attribute) = line.strip_prefix("#[") {
            let name = attribute.split(['(', ']']).next().unwrap_or_default();
            is_test |= name == "test" || name == "tokio::test";
        } else if let Some((_, rest)) = line.split_once("fn ")
            && is_test
        {
            found.extend(rest.split('(').next().map(str::to_owned));
            is_test = false;
        }
    }
    found
}

/// What stands between backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn named_tests(text: &str) -> impl Iterator<Item = &str> {
    code(text).filter(|word| word.contains("::") && !word.contains("::test") && !word.contains(' '))
}

/// The rows of the tables whose heading begins with this cell, cell by cell.
fn rows<'a>(page: &'a str, first: &str) -> Vec<Vec<&'a str>> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        let Some(line) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
            inside = false;
            continue;
        };
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if inside && !line.contains("---") {
            rows.push(cells);
        } else if cells[0] == first {
            inside = true;
        }
    }
    rows
}

#[test]
fn each_threat_names_tests_that_exist() {
    let (page, tests) = (read("SECURITY.md"), tests());
    let threats = rows(&page, "");
    assert!(threats.len() >= 25, "{}", threats.len());
    for threat in threats {
        let named: Vec<&str> = named_tests(threat[3]).collect();
        assert!(!named.is_empty(), "{threat:?}");
        for name in named {
            assert!(tests.contains(name), "{name}");
        }
    }
}

#[test]
fn each_part_of_a_deployment_names_what_proves_it_and_that_exists() {
    let (page, tests) = (read("docs/PROOF.md"), tests());
    let (checks, deploys) = (read(".ci/run"), read(".github/workflows/deploy.yml"));
    let parts = rows(&page, "part");
    assert!(parts.len() >= 50, "{}", parts.len());
    for part in parts {
        let [_, state, by] = part[..] else {
            panic!("{part:?}");
        };
        let commands: Vec<&str> = code(by).filter(|word| word.starts_with(".ci/")).collect();
        let names: Vec<&str> = named_tests(by).collect();
        match state {
            "here" => assert!(!commands.is_empty() || !names.is_empty(), "{part:?}"),
            "forge" => assert!(!commands.is_empty(), "{part:?}"),
            "account" => {
                let asks = |word: &str| {
                    ["aws ", "sam ", "countersign-admin ", "curl "]
                        .iter()
                        .any(|tool| word.starts_with(tool))
                };
                assert!(code(by).any(asks), "{part:?}");
            }
            "missing" => assert!(commands.is_empty() && names.is_empty(), "{part:?}"),
            other => panic!("{other} is no state: {part:?}"),
        }
        let runner = if state == "forge" { &deploys } else { &checks };
        for command in commands {
            let script = command.split(' ').next().unwrap();
            assert!(root().join(script).is_file(), "{script}");
            let runs = |line: &str| line.split_whitespace().any(|word| word == script);
            assert!(
                script == ".ci/run" || runner.lines().any(runs),
                "nothing runs {script}: {part:?}"
            );
        }
        for name in names {
            assert!(tests.contains(name), "{name}");
        }
    }
}

#[test]
fn what_the_second_dynamodb_runs_and_leaves_out_exists() {
    let (script, tests) = (read(".ci/second-dynamodb"), tests());
    let list = |name: &str| -> Vec<String> {
        let (_, rest) = script.split_once(&format!("\n{name}=(")).unwrap();
        let (list, _) = rest.split_once("\n)").unwrap();
        let lines = list.lines().filter(|line| !line.trim_start().starts_with('#'));
        lines.flat_map(str::split_whitespace).map(str::to_owned).collect()
    };
    let modules = list("modules");
    assert!(modules.len() >= 7, "{modules:?}");
    for module in modules {
        assert!(tests.iter().any(|test| test.contains(&module)), "{module}");
    }
    let page = read("docs/PROOF.md");
    for test in list("except") {
        assert!(tests.contains(&test), "{test}");
        assert!(
            page.contains(&format!("`{test}`")),
            "docs/PROOF.md gives no reason for {test}"
        );
    }
}

fn workflows() -> Vec<(String, Value)> {
    let folder = root().join(".github/workflows");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let parsed = serde_norway::from_str(&fs::read_to_string(&path).unwrap());
            (
                name.clone(),
                parsed.unwrap_or_else(|error| panic!("{name}: {error}")),
            )
        })
        .collect()
}

#[test]
fn a_workflow_runs_what_there_is_by_pinned_actions_with_few_rights() {
    let workflows = workflows();
    assert_eq!(workflows.len(), 2);
    for (name, workflow) in workflows {
        assert_eq!(
            workflow["permissions"],
            Value::Mapping(serde_norway::Mapping::new()),
            "{name}"
        );
        for (job, steps) in workflow["jobs"].as_mapping().unwrap() {
            for (right, level) in steps["permissions"].as_mapping().unwrap() {
                let (right, level) = (right.as_str().unwrap(), level.as_str().unwrap());
                let is_token = right == "id-token" && !steps["environment"].is_null();
                assert!(level == "read" || is_token, "{name}: {right} {level}");
            }
            if let Some(other) = steps["uses"].as_str() {
                assert!(root().join(other).is_file(), "{name}: {other}");
                continue;
            }
            assert!(
                steps["timeout-minutes"].as_u64().unwrap() <= 90,
                "{name}: {job:?}"
            );
            let can_ask_for_credentials = !steps["permissions"]["id-token"].is_null();
            for step in steps["steps"].as_sequence().unwrap() {
                if let Some(action) = step["uses"].as_str() {
                    let (_, commit) = action.split_once('@').unwrap();
                    let is_commit =
                        commit.len() == 40 && commit.chars().all(|digit| digit.is_ascii_hexdigit());
                    assert!(is_commit, "{action}");
                }
                let run = step["run"].as_str().unwrap_or_default();
                // What is built runs code that others wrote.
                let builds = run.contains("cargo ") || run.contains("sam build");
                assert!(!(builds && can_ask_for_credentials), "{name}: {run}");
                for word in run.split_whitespace().filter(|word| word.starts_with(".ci/")) {
                    assert!(root().join(word).is_file(), "{name}: {word}");
                }
                // What somebody outside writes, such as a branch's name, would be part of the script.
                assert!(!run.contains("${{"), "{name}: {run}");
            }
        }
    }
    assert!(read(".github/workflows/check.yml").contains("run: .ci/run\n"));
}

#[test]
fn the_forge_may_deploy_from_one_repository_and_environment_and_passes_one_role() {
    let role = read("infra/deploy-role.yaml");
    for held in [
        "token.actions.githubusercontent.com:sub: !Sub repo:${Repository}:environment:${Environment}\n",
        "token.actions.githubusercontent.com:aud: sts.amazonaws.com\n",
        "Resource: !GetAtt ExecutionRole.Arn\n",
        "PermissionsBoundary: !Ref Boundary\n",
    ] {
        assert_eq!(role.matches(held).count(), 1, "{held}");
    }
    // What the forge's job becomes can change nothing but by CloudFormation.
    let (_, deploy) = role.split_once("\n  DeployRole:\n").unwrap();
    let (deploy, _) = deploy.split_once("\n  ExecutionRole:\n").unwrap();
    let words = deploy
        .split_whitespace()
        .map(|word| word.trim_matches(['[', ']', ',']));
    let services: BTreeSet<&str> = words
        .filter_map(|word| word.split_once(':'))
        .filter(|(_, action)| action.starts_with(|first: char| first.is_ascii_uppercase()))
        .map(|(service, _)| service)
        .collect();
    assert_eq!(services, ["cloudformation", "iam", "s3", "sts"].into());
    assert!(!deploy.contains("iam:*") && deploy.matches("iam:PassRole").count() == 1);
}

#[test]
fn the_forge_updates_cloudfront_where_a_variable_says_so_and_runs_pinned_tools_alone() {
    let (_, workflow) = workflows()
        .into_iter()
        .find(|(name, _)| name == "deploy.yml")
        .unwrap();
    let steps = workflow["jobs"]["deploy"]["steps"].as_sequence().unwrap();
    // What the runner's image has, and what was installed by its hashes.
    let tools = ["echo", "python3", "sam", "tar"];
    for step in steps {
        let run = step["run"].as_str().unwrap_or_default().replace("\\\n", " ");
        for line in run.lines() {
            let installs = line.contains("/bin/pip\" install") && line.contains("--require-hashes");
            let tool = line.split_whitespace().next().unwrap();
            assert!(installs || tools.contains(&tool), "{line}");
        }
    }
    let updates = |step: &&Value| {
        step["run"]
            .as_str()
            .is_some_and(|run| run.contains("infra/edge.yaml"))
    };
    let [step] = steps.iter().filter(updates).collect::<Vec<_>>()[..] else {
        panic!("CloudFront is deployed once");
    };
    assert_eq!(step["if"], "vars.EDGE_STACK != ''");
    let run = step["run"].as_str().unwrap();
    for said in [
        "--region us-east-1",
        "--stack-name \"$EDGE_STACK\"",
        "--role-arn \"$EXECUTION_ROLE\"",
    ] {
        assert!(run.contains(said), "{said}");
    }
    // Without a value, each parameter keeps the one that it has.
    assert!(!run.contains("--parameter-overrides"));
    let role = read("infra/deploy-role.yaml");
    let stack = ":cloudformation:us-east-1:${AWS::AccountId}:stack/edge-${StackName}/*";
    assert_eq!(role.matches(stack).count(), 1);
    assert!(!read(".github/workflows/deploy.yml").contains("secrets."));
}

#[test]
fn the_costs_are_the_quantities_times_the_prices() {
    let page = read("docs/COST.md");
    let number = |text: &str| text.replace(',', "").parse::<f64>();
    let prices: BTreeSet<String> = rows(&page, "what").iter().map(|row| row[1].to_owned()).collect();
    let mut calculated = 0;
    for heading in ["what", "2,000 companies", "10,000 companies"] {
        for row in rows(&page, heading) {
            let [what, quantity, price, dollars] = row[..] else {
                continue;
            };
            let (Ok(quantity), Ok(each), Ok(dollars)) = (number(quantity), number(price), number(dollars))
            else {
                continue;
            };
            assert!((quantity * each / 1e6 - dollars).abs() < 0.000_6, "{what}");
            assert!(prices.contains(price), "{what}: no source for {price}");
            calculated += 1;
        }
    }
    assert_eq!(calculated, 18);
}
