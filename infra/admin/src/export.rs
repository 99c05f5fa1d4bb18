//! `countersign-admin export`: writes the audit trail of a company, or of one of its requests, as JSON Lines: the same
//! file as the company itself downloads, in one piece.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use countersign_domain::id::{CompanyId, RequestId};
use countersign_domain::trail::{End, FORMAT, Line, Scope, Totals};
use countersign_platform::store::Store;

use crate::private_file::PrivateFile;
use crate::{AdminError, Deployment, requests};

/// What to export.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The company whose requests to export
    #[arg(long, value_name = "ID", value_parser = company)]
    pub company: CompanyId,
    /// One request alone, by its reference number or its ID
    #[arg(long, value_name = "REQUEST")]
    pub request: Option<String>,
    /// The file to write, which only its owner may read; it takes the place of an earlier one when it is whole
    pub file: PathBuf,
}

/// Reads a company's ID from the command line.
pub fn company(text: &str) -> Result<CompanyId, String> {
    CompanyId::parse(text).ok_or_else(|| "no company has such an ID".to_owned())
}

/// Writes the audit trail.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let store = &deployment.store;
    let request = match &arguments.request {
        Some(text) => Some(requests::named(store, text).await?),
        None => None,
    };
    let ids: Vec<RequestId> = match request {
        Some(id) => vec![id],
        None => requests::of_company(store, &arguments.company)
            .await?
            .iter()
            .map(|stored| stored.head.id)
            .collect(),
    };
    let failed = |error| AdminError::File(arguments.file.display().to_string(), error);
    let mut file = PrivateFile::create(&arguments.file).map_err(failed)?;
    let mut put = |line: &Line| writeln!(file, "{}", line.write()).map_err(failed);
    put(&Line::File(Scope {
        format: FORMAT,
        company: arguments.company.clone(),
        asked: request
            .map(|id| ("request".to_owned(), id.to_string()))
            .into_iter()
            .collect(),
        exported_at: deployment.now(),
    }))?;
    let mut totals = Totals::default();
    let progress = requests::progress("exporting", ids.len());
    for id in ids {
        for line in trail(store, &arguments.company, id).await? {
            totals.count(&line);
            put(&line)?;
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    put(&Line::End(End { totals, next: None }))?;
    file.finish().map_err(failed)?;
    writeln!(
        out,
        "{}: {} requests, {} forms, {} steps.",
        arguments.file.display(),
        totals.requests,
        totals.forms,
        totals.steps
    )?;
    Ok(ExitCode::SUCCESS)
}

/// The lines of a request: everything that its company may know of it.
async fn trail(store: &Store, company: &CompanyId, id: RequestId) -> Result<Vec<Line>, AdminError> {
    let kept = store.kept(id).await?;
    let kept = kept.filter(|kept| kept.head.company == *company);
    let kept =
        kept.ok_or_else(|| AdminError::Deployment(format!("there is no request {id} of {company}")))?;
    Ok(kept.lines())
}
