//! The operator's tool against a world, and folders of CSV files for it.

use std::fmt::Write as _;
use std::path::Path;

use countersign_admin::{Cli, Parser as _};
use tempfile::TempDir;

use crate::World;

/// What a command came to: whether it succeeded, and what it wrote.
#[derive(Debug)]
pub struct Outcome {
    /// Whether its exit code is 0.
    pub is_success: bool,
    /// What it wrote.
    pub output: String,
}

/// Runs a command of the tool against a world.
pub async fn admin(world: &World, arguments: &[&str]) -> Outcome {
    let target = ["--endpoint", world.local.url()];
    alone(&[&target[..], arguments].concat()).await
}

/// Runs a command of the tool against nothing but files.
pub async fn alone(arguments: &[&str]) -> Outcome {
    let all = ["countersign-admin"].into_iter().chain(arguments.iter().copied());
    let cli = Cli::try_parse_from(all).unwrap_or_else(|error| panic!("{error}"));
    let mut output = Vec::new();
    let code = Box::pin(cli.run(&mut output)).await;
    let code = code.unwrap_or_else(|error| panic!("{error}"));
    Outcome {
        // An exit code can't be compared, but shown.
        is_success: format!("{code:?}") == format!("{:?}", std::process::ExitCode::SUCCESS),
        output: String::from_utf8_lossy(&output).into_owned(),
    }
}

/// A folder with these files.
pub fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    write(folder.path(), files);
    folder
}

/// Writes files into a folder.
pub fn write(folder: &Path, files: &[(&str, String)]) {
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// The files of so many companies, each with a participantship, administrators, and four people of whom two manage users.
pub fn companies(count: usize, administrators: usize) -> Vec<(&'static str, String)> {
    let mut files = [
        "company_id,name\n".to_owned(),
        "company_id,participantship,participant_id\n".to_owned(),
        "participant_id,user_id\n".to_owned(),
        "company_id,name,email,rights,language,contact_name,contact_email,contact_telephone\n".to_owned(),
    ];
    // Writing to a text does not fail.
    for number in 1..=count {
        let (company, participant) = (format!("new{number:04}"), format!("N{number:04}"));
        let _ = writeln!(files[0], "{company},New Company {number}");
        let _ = writeln!(files[1], "{company},HKSCC Participant,{participant}");
        for administrator in 1..=administrators {
            let _ = writeln!(files[2], "{participant},{participant}X{administrator}");
        }
        for person in 1..=4 {
            let rights = if person <= 2 {
                "EU_UserMaintenance EU_ManageUsers"
            } else {
                "EU_UserMaintenance"
            };
            let _ = writeln!(
                files[3],
                "{company},Person {person},person{person}@{company}.example,{rights},en,Contact,contact@{company}.example,29797111"
            );
        }
    }
    let names = [
        "companies.csv",
        "participantships.csv",
        "administrators.csv",
        "people.csv",
    ];
    names.into_iter().zip(files).collect()
}
