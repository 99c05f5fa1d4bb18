//! The README is correct, as far as a test can tell.

use countersign_domain::workflow;

const README: &str = include_str!("../../README.md");

#[test]
fn the_readmes_picture_of_the_workflow_is_the_table() {
    let picture = format!("```mermaid\n{}```\n", workflow::mermaid());
    assert!(
        README.contains(&picture),
        "run: cargo run -p countersign-domain --example workflow"
    );
}

#[test]
fn the_readme_names_the_two_commands() {
    for command in ["\ncargo run\n", "\ncargo test --workspace\n"] {
        assert!(README.contains(command), "{command}");
    }
}

#[test]
fn every_demonstration_person_is_in_the_readme() {
    for person in countersign_local::demonstration::PEOPLE {
        assert!(README.contains(person.user), "{}", person.user);
    }
}
