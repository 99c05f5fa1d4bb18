//! `countersign-admin verify`: verifies an audit trail by its file alone.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use countersign_domain::trail::verify;

use crate::AdminError;

/// What to verify.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The file that `export` wrote, or that somebody downloaded
    pub file: PathBuf,
}

/// Says what is erased and each finding, with their lines. Succeeds if there is no finding.
pub fn run(arguments: &Arguments, out: &mut (dyn Write + Send)) -> Result<ExitCode, AdminError> {
    let name = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file);
    let text = text.map_err(|error| AdminError::File(name.to_string(), error))?;
    let verdict = verify(text.lines());
    for erased in &verdict.erased {
        writeln!(out, "{name}: {erased}")?;
    }
    for finding in &verdict.findings {
        writeln!(out, "{name}: {finding}")?;
    }
    let totals = verdict.totals;
    writeln!(
        out,
        "{name}: {} requests, {} forms, {} steps; {} names, messages and values are erased, with their commitments.",
        totals.requests,
        totals.forms,
        totals.steps,
        verdict.erased.len()
    )?;
    if !verdict.asked.is_empty() {
        let asked: Vec<String> = verdict
            .asked
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        writeln!(
            out,
            "{name} has only the requests that were asked for: {}.",
            asked.join(", ")
        )?;
    }
    if let Some(next) = &verdict.next {
        writeln!(
            out,
            "{name} is one of several files; the next one starts at cursor={next}."
        )?;
    }
    if verdict.findings.is_empty() {
        writeln!(out, "{name} verifies.")?;
        Ok(ExitCode::SUCCESS)
    } else {
        writeln!(
            out,
            "{name} does not verify: {} findings.",
            verdict.findings.len()
        )?;
        Ok(ExitCode::FAILURE)
    }
}
