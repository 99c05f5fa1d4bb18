//! `countersign-admin resend`: sends again what failed. It calls the same functions with the same events; the ledger of
//! mails and the request's versions let nothing happen twice.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::{Reference, RequestId};
use countersign_domain::time;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::{AdminError, Deployment};

mod function;
mod queue;
mod replay;

pub use queue::is_known;

use replay::Reader;

/// What to send again.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// Send; without it, only what would be sent is shown
    #[arg(long)]
    pub send: bool,
    /// The mails of one request that never left, by its reference number, instead of the failure queues
    #[arg(long, value_name = "REFERENCE", value_parser = reference, conflicts_with = "since")]
    pub request: Option<Reference>,
    /// The mails since a time that never left, such as 2023-03-27T10:43:00+08:00, instead of the failure queues
    #[arg(long, value_name = "TIME")]
    pub since: Option<Timestamp>,
}

fn reference(typed: &str) -> Result<Reference, String> {
    let example = Reference::new(EServiceId::Da3, 13361).map(|example| example.to_string());
    Reference::parse_typed(typed)
        .ok_or_else(|| format!("a reference number is like {}", example.unwrap_or_default()))
}

/// Shows what failed, and sends it again if it is told to.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let records = match (&arguments.request, arguments.since) {
        (Some(reference), _) => {
            let Some(request) = deployment.store.by_reference(reference).await? else {
                writeln!(out, "There is no request {reference}.")?;
                return Ok(ExitCode::FAILURE);
            };
            of_request(deployment, reference, request, out).await?
        }
        (None, Some(since)) => {
            let mut records = deployment
                .store
                .announced_between(since, deployment.now())
                .await?;
            records.retain(|record| Reader::Notify.reads(record));
            writeln!(
                out,
                "{} rows since {} may have mails.",
                records.len(),
                time::shown(since)
            )?;
            records
        }
        (None, None) => return queue::all(deployment, arguments.send, out).await,
    };
    if !arguments.send {
        writeln!(
            out,
            "Nothing was sent. To send what never left, run the same command with --send."
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let failed = replay::records(deployment, Reader::Notify, &records, out).await?;
    if failed > 0 {
        writeln!(
            out,
            "{failed} rows failed again: see docs/RUNBOOK.md, UnsentMailAlarm."
        )?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "Every mail of these rows has left.")?;
    Ok(ExitCode::SUCCESS)
}

/// A request's rows that may have mails, and how its mails stand.
async fn of_request(
    deployment: &Deployment,
    reference: &Reference,
    request: RequestId,
    out: &mut (dyn Write + Send),
) -> Result<Vec<Json>, AdminError> {
    let mails = deployment.store.mails(request).await?;
    for mail in &mails {
        let (version, audience, status) = (mail.version, mail.audience.as_str(), mail.status.as_str());
        writeln!(
            out,
            "version {version}, to {audience}: {status} since {}",
            time::shown(mail.at)
        )?;
    }
    let records = deployment.store.announced_of(request).await?;
    writeln!(
        out,
        "{reference} has {} rows and {} mails.",
        records.len(),
        mails.len()
    )?;
    Ok(records)
}
