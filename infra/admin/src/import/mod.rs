//! `countersign-admin import`: enters companies with their participantships, administrators and first people from CSV
//! files.
//!
//! A company with its people is one transaction, so a run may be cut off anywhere and is simply run again: what is there is
//! not written twice. From a company's first own request on (AM 1), its people and settings are its own decision, and an
//! import leaves them as they are unless it is told to overwrite them.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use countersign_domain::contact::UserIdRule;
use countersign_domain::id::CompanyId;
use futures_util::{StreamExt as _, stream};

use crate::requests::progress;
use crate::{AdminError, Deployment};

mod cell;
mod difference;
mod plan;
mod publish;
mod sheet;
mod write;

use difference::{Difference, Kept, compare};
pub use plan::LEAST_MANAGERS;

use plan::{COMPANIES, Firm};
use sheet::Fault;
use write::Written;

/// The parameter of template.yaml that says how User IDs end, and its default.
const USER_ID_SUFFIX: (&str, &str) = ("UserIdSuffix", "[A-Z0-9]{1,4}");

/// How many faults are shown.
const SHOWN_FAULTS: usize = 100;

/// What to import, and how.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The folder with companies.csv, participantships.csv, administrators.csv and people.csv
    #[arg(required_unless_present = "mark")]
    pub folder: Option<PathBuf>,
    /// In place of a folder: only mark an empty table with this release's layout, so that functions start
    #[arg(long, conflicts_with_all = ["folder", "overwrite"])]
    pub mark: bool,
    /// Write; without it, only what would be written is shown
    #[arg(long)]
    pub write: bool,
    /// Also overwrite people and settings that requests of the company have changed
    #[arg(long)]
    pub overwrite: bool,
    /// How many companies to work on at once
    #[arg(long, default_value_t = 16, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub at_once: u16,
}

/// Shows what the files change, and writes it if it is told to.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let Some(folder) = &arguments.folder else {
        return mark(deployment, arguments.write, out).await;
    };
    let (parameter, default) = USER_ID_SUFFIX;
    let suffix = deployment
        .parameters
        .get(parameter)
        .map_or(default, String::as_str);
    let user_ids = UserIdRule::new(suffix).ok_or_else(|| {
        AdminError::Deployment(format!(
            "{parameter} of {} is no regular expression",
            deployment.name
        ))
    })?;
    let firms = match plan::read(folder, &user_ids)? {
        Ok(firms) => firms,
        Err(faults) => return refuse(&faults, out),
    };
    let differences = match differences(deployment, &arguments, &firms).await? {
        Ok(differences) => differences,
        Err(faults) => return refuse(&faults, out),
    };
    show(&firms, &differences, out)?;
    if !arguments.write {
        writeln!(
            out,
            "Nothing was written. To write it, run the same command with --write."
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    mark_if_empty(deployment, out).await?;
    let failed = write_all(deployment, &arguments, firms.iter().zip(differences), out).await?;
    if failed > 0 {
        writeln!(
            out,
            "{failed} companies were not written. Run the same command again."
        )?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "Everything is written.")?;
    Ok(ExitCode::SUCCESS)
}

/// Marks an empty table, or only says whether it would. A table with anything in it is refused unless it has this release's mark.
async fn mark(
    deployment: &Deployment,
    write: bool,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    if write && mark_if_empty(deployment, out).await? {
        return Ok(ExitCode::SUCCESS);
    }
    let stands = if deployment.store.is_unmarked().await? {
        "The table is empty and has no mark. To mark it, run the same command with --write."
    } else {
        "The table has the mark of this release's layout."
    };
    writeln!(out, "{stands}")?;
    Ok(ExitCode::SUCCESS)
}

/// Marks an empty table and says so. Returns whether it was empty.
async fn mark_if_empty(deployment: &Deployment, out: &mut (dyn Write + Send)) -> Result<bool, AdminError> {
    let was_empty = deployment.store.mark_layout().await?;
    if was_empty {
        writeln!(
            out,
            "The table was empty; it is now marked with this release's layout."
        )?;
    }
    Ok(was_empty)
}

fn refuse(faults: &[Fault], out: &mut (dyn Write + Send)) -> Result<ExitCode, AdminError> {
    for fault in faults.iter().take(SHOWN_FAULTS) {
        writeln!(out, "{fault}")?;
    }
    if let Some(more) = faults.len().checked_sub(SHOWN_FAULTS).filter(|more| *more > 0) {
        writeln!(out, "and {more} more")?;
    }
    writeln!(out, "{} faults. Nothing was written.", faults.len())?;
    Ok(ExitCode::FAILURE)
}

/// Compares every company with the table.
async fn differences(
    deployment: &Deployment,
    arguments: &Arguments,
    firms: &[Firm],
) -> Result<Result<Vec<Difference>, Vec<Fault>>, AdminError> {
    let store = &deployment.store;
    // Refuses a table of another layout before anything else does.
    store.is_unmarked().await?;
    let listed: BTreeSet<CompanyId> = store
        .companies(None, None)
        .await?
        .into_iter()
        .map(|one| one.id)
        .collect();
    let progress = progress("comparing", firms.len());
    let compared = firms.iter().map(|firm| {
        let is_listed = listed.contains(&firm.id);
        let progress = &progress;
        async move {
            let difference = if is_listed {
                compare(store, firm, arguments.overwrite).await
            } else {
                Ok(difference::new(firm))
            };
            progress.inc(1);
            difference
        }
    });
    let compared: Vec<_> = stream::iter(compared)
        .buffered(arguments.at_once.into())
        .collect()
        .await;
    progress.finish_and_clear();
    let (mut differences, mut faults) = (Vec::new(), Vec::new());
    for (firm, compared) in firms.iter().zip(compared) {
        match compared? {
            Ok(difference) => differences.push(difference),
            Err(text) => faults.push(Fault {
                file: COMPANIES,
                line: firm.line,
                column: Some("company_id"),
                text,
            }),
        }
    }
    Ok(if faults.is_empty() {
        Ok(differences)
    } else {
        Err(faults)
    })
}

/// Shows what is new, changed and kept, and how much of each there is.
fn show(firms: &[Firm], differences: &[Difference], out: &mut (dyn Write + Send)) -> Result<(), AdminError> {
    let (mut new, mut changed, mut same, mut kept) = (0_usize, 0_usize, 0_usize, 0_usize);
    for (firm, difference) in firms.iter().zip(differences) {
        let id = &firm.id;
        let left = match difference {
            Difference::New => {
                new += 1;
                let (roles, administrators, people) = (
                    firm.participantships.len(),
                    firm.administrators.len(),
                    firm.people.len(),
                );
                writeln!(
                    out,
                    "+ {id} {}: {roles} participantships, {administrators} administrators, {people} people",
                    firm.name
                )?;
                continue;
            }
            Difference::Changed(due) => {
                changed += 1;
                for line in &due.lines {
                    writeln!(out, "~ {id} {line}")?;
                }
                &due.kept
            }
            Difference::Same(left) => {
                same += 1;
                left
            }
        };
        let Kept(lines) = left;
        kept += usize::from(!lines.is_empty());
        for line in lines {
            writeln!(
                out,
                "! {id} {line}; left as it is, since requests have changed the company"
            )?;
        }
    }
    writeln!(
        out,
        "{} companies: {new} new, {changed} changed, {same} the same; {kept} with something left as it is.",
        firms.len()
    )?;
    Ok(())
}

/// Writes what differs. Returns how many companies could not be written.
async fn write_all<'f>(
    deployment: &Deployment,
    arguments: &Arguments,
    all: impl Iterator<Item = (&'f Firm, Difference)>,
    out: &mut (dyn Write + Send),
) -> Result<usize, AdminError> {
    let due: Vec<_> = all
        .filter(|(_, difference)| !matches!(difference, Difference::Same(_)))
        .collect();
    let progress = progress("writing", due.len());
    let writes = due.into_iter().map(|(firm, difference)| {
        let progress = &progress;
        async move {
            let written = write_one(deployment, firm, difference, arguments.overwrite).await;
            progress.inc(1);
            (firm, written)
        }
    });
    let mut writes = stream::iter(writes).buffer_unordered(arguments.at_once.into());
    let mut failed = 0;
    while let Some((firm, written)) = writes.next().await {
        if let Err(why) = written {
            failed += 1;
            progress.suspend(|| {
                writeln!(
                    out,
                    "{COMPANIES}:{}: {} was not written: {why}",
                    firm.line, firm.id
                )
            })?;
        }
    }
    progress.finish_and_clear();
    Ok(failed)
}

/// Writes a company, and tells subscribers at once if it was there and has changed. Fails with a sentence.
async fn write_one(
    deployment: &Deployment,
    firm: &Firm,
    difference: Difference,
    overwrite: bool,
) -> Result<(), String> {
    let written = write::write(&deployment.store, firm, difference, overwrite).await;
    match written.map_err(|error| error.to_string())?? {
        Written::Entered | Written::Same => Ok(()),
        Written::Changed => publish::changed(deployment, &firm.id).await.map_err(|error| {
            format!("it was written, but subscribers of the event bus don't know, and learn it within a day: {error}")
        }),
    }
}
