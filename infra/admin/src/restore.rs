//! Puts back what the table lacks, from a table that a backup was restored into.
//!
//! The order does not matter: whatever an item announced when it was made has been announced, so `notify` sends nothing
//! for an item that comes into the table long after that.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use countersign_platform::store::Store;
use countersign_platform::store::restore::{BackupItem, Found};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::requests::progress;
use crate::{AdminError, Deployment};

/// How many items are on their way at once.
const AT_ONCE: usize = 16;

/// What to put back.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The table that a backup was restored into, in the same account and region
    #[arg(long, value_name = "TABLE")]
    pub from: String,
    /// Put back what is missing instead of only counting it
    #[arg(long)]
    pub write: bool,
}

/// Compares the tables and puts back what is missing, if told to.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let backup = deployment
        .beside(&arguments.from)
        .backup_items(deployment.now())
        .await?;
    let counts = put_back(&deployment.store, &backup, arguments.write).await?;
    let all = |wanted: Found| -> usize {
        let counts = counts.iter().filter(|((_, found), _)| *found == wanted);
        counts.map(|(_, count)| count).sum()
    };
    for ((kind, found), count) in &counts {
        match found {
            Found::Same => {}
            Found::Missing => writeln!(out, "{kind}: {count} missing")?,
            Found::Different => writeln!(out, "{kind}: {count} different")?,
        }
    }
    let (missing, different, same) = (all(Found::Missing), all(Found::Different), all(Found::Same));
    writeln!(
        out,
        "{missing} items are missing, {different} are different and stay, {same} are the same."
    )?;
    match (missing, arguments.write) {
        (0, _) => {}
        (_, true) => writeln!(out, "What was missing is back.")?,
        (_, false) => writeln!(
            out,
            "To put back what is missing, run the same command with --write."
        )?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares each item, and puts back those that are missing if told to. Returns how many of each kind were found how.
async fn put_back(
    store: &Store,
    backup: &[BackupItem],
    write: bool,
) -> Result<BTreeMap<(String, Found), usize>, AdminError> {
    let bar = progress("items", backup.len());
    let looks = stream::iter(backup).map(|item| async {
        let found = store.find(item).await?;
        if found == Found::Missing && write {
            store.put_back(item).await?;
        }
        bar.inc(1);
        Ok::<_, AdminError>((item.kind(), found))
    });
    let found: Vec<_> = looks.buffer_unordered(AT_ONCE).try_collect().await?;
    bar.finish_and_clear();
    let mut counts = BTreeMap::new();
    for one in found {
        *counts.entry(one).or_insert(0) += 1;
    }
    Ok(counts)
}
