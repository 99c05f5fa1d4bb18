//! The program on the command line.

use std::net::TcpListener;

use countersign_local::template::SOURCE;

use super::support::{Process, run};

/// What a start that fails says: one line on standard error, nothing else.
fn refusal(arguments: &[&str], code: i32) -> String {
    let output = run(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    assert!(
        said.starts_with("countersign: ") && output.stdout.is_empty(),
        "{arguments:?}: {said}"
    );
    said
}

#[test]
fn a_bad_flag_gets_one_line_and_the_usage_exit_code() {
    for (arguments, named) in [
        (["--prot", "9000"], "--prot"),
        (["--port", "http"], "--port"),
        (["--clock", "yesterday"], "--clock"),
        (["--first-reference", "DA9=1"], "DA9=1"),
        (["--set", "CampaignOpens"], "CampaignOpens"),
        (["--set", "Nothing=1"], "no such parameter"),
        (["--set", "CampaignOpens=soon"], "must be a day"),
    ] {
        let said = refusal(&arguments, 2);
        assert!(said.contains(named), "{said}");
    }
}

#[test]
fn help_lists_every_flag() {
    let output = run(&["--help"]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    for flag in [
        "--port",
        "--data",
        "--in-memory",
        "--clock",
        "--first-reference",
        "--set",
        "--sam-build",
    ] {
        assert!(said.contains(flag), "{flag}");
    }
}

#[test]
fn a_port_in_use_gets_one_line_that_names_it() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = refusal(&["--in-memory", "--port", &port], 1);
    assert!(said.contains(&format!("port {port} is in use")), "{said}");
}

#[test]
fn a_data_folder_that_cannot_be_used_gets_one_line_that_names_it() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let broken = place.path().join("broken");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("table.sqlite"), "no table at all ".repeat(1000)).unwrap();
    let clock = place.path().join("clock");
    std::fs::create_dir(&clock).unwrap();
    std::fs::write(clock.join("clock.json"), "noon").unwrap();
    for folder in [&file, &file.join("below"), &broken, &clock] {
        let folder = folder.to_str().unwrap();
        let said = refusal(&["--port", "0", "--data", folder], 1);
        assert!(said.contains(folder), "{said}");
    }
}

#[test]
fn what_sam_build_did_not_leave_gets_one_line_that_names_it() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().to_str().unwrap();
    let arguments = ["--in-memory", "--port", "0", "--sam-build", folder];
    assert!(refusal(&arguments, 1).contains("template.yaml"));
    std::fs::write(place.path().join("template.yaml"), SOURCE).unwrap();
    let said = refusal(&arguments, 1);
    assert!(said.contains("drafts") && said.contains("bootstrap"), "{said}");
}

#[test]
fn a_data_folder_serves_one_runner_at_a_time() {
    let place = tempfile::tempdir().unwrap();
    let _first = Process::start(place.path());
    let said = refusal(&["--port", "0", "--data", place.path().to_str().unwrap()], 1);
    assert!(said.contains("in use by another countersign"), "{said}");
}

#[test]
fn a_campaign_that_ends_before_it_opens_gets_one_line() {
    let said = refusal(
        &[
            "--in-memory",
            "--port",
            "0",
            "--set",
            "CampaignDeadline=2000-01-01",
        ],
        1,
    );
    assert!(said.contains("CAMPAIGN_DEADLINE"), "{said}");
}

#[test]
#[cfg(unix)]
fn it_stops_in_order_when_it_is_asked_to() {
    for signal in ["INT", "TERM"] {
        let place = tempfile::tempdir().unwrap();
        let process = Process::start(place.path());
        assert_eq!(process.end(signal), Some(0), "{signal}");
        let clock = std::fs::read_to_string(place.path().join("clock.json")).unwrap();
        assert!(clock.contains(r#""stopped":true"#), "{signal}: {clock}");
    }
}
