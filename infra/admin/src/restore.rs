//! Puts back what the table lacks, from a table that a backup was restored into.
//!
//! Whatever an item announced when it was made has been announced, so `notify` sends nothing for an item that comes into the
//! table long after that. Items that are announced come last, after the ledger that knows the mails of the last minutes.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use countersign_platform::store::Store;
use countersign_platform::store::restore::{BackupItem, Found};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::ProgressBar;

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
    /// Take this kind as lost, too, though it may have been deleted on purpose; may be given several times
    #[arg(long, value_name = "KIND", conflicts_with = "all")]
    pub kind: Vec<String>,
    /// Take every kind as lost, as after the loss of the whole table
    #[arg(long)]
    pub all: bool,
    /// Put back what is lost instead of only counting it
    #[arg(long)]
    pub write: bool,
}

impl Arguments {
    /// Whether an item was lost if it is missing.
    fn is_lost(&self, item: &BackupItem) -> bool {
        self.all || item.is_never_deleted() || self.kind.contains(&item.kind())
    }
}

/// What was found of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Same,
    Different,
    Lost,
    /// Missing, and perhaps deleted on purpose.
    Gone,
}

/// How many items of a kind were found how.
type Counts = BTreeMap<(String, Verdict), usize>;

/// Compares the tables and puts back what is lost, if told to.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let backup = deployment
        .beside(&arguments.from)
        .backup_items(deployment.now())
        .await?;
    let bar = progress("items", backup.len());
    let (last, first): (Vec<_>, Vec<_>) = backup.into_iter().partition(BackupItem::is_announced);
    let mut counts = Counts::new();
    for items in [first, last] {
        for found in put_back(&deployment.store, &items, &arguments, &bar).await? {
            *counts.entry(found).or_insert(0) += 1;
        }
    }
    bar.finish_and_clear();
    tell(&counts, arguments.write, out)?;
    Ok(ExitCode::SUCCESS)
}

/// Compares each item, and puts back those that are lost if told to.
async fn put_back(
    store: &Store,
    items: &[BackupItem],
    arguments: &Arguments,
    bar: &ProgressBar,
) -> Result<Vec<(String, Verdict)>, AdminError> {
    let looks = stream::iter(items).map(|item| async {
        let verdict = match store.find(item).await? {
            Found::Same => Verdict::Same,
            Found::Different => Verdict::Different,
            Found::Missing if arguments.is_lost(item) => Verdict::Lost,
            Found::Missing => Verdict::Gone,
        };
        if verdict == Verdict::Lost && arguments.write {
            store.put_back(item).await?;
        }
        bar.inc(1);
        Ok((item.kind(), verdict))
    });
    looks.buffer_unordered(AT_ONCE).try_collect().await
}

fn tell(counts: &Counts, is_written: bool, out: &mut (dyn Write + Send)) -> Result<(), AdminError> {
    for ((kind, verdict), count) in counts {
        match verdict {
            Verdict::Same => {}
            Verdict::Different => writeln!(out, "{kind}: {count} different")?,
            Verdict::Lost => writeln!(out, "{kind}: {count} lost")?,
            Verdict::Gone => writeln!(
                out,
                "{kind}: {count} missing, perhaps deleted on purpose; --kind \"{kind}\" takes them as lost"
            )?,
        }
    }
    let all = |wanted: Verdict| -> usize {
        let counts = counts.iter().filter(|((_, verdict), _)| *verdict == wanted);
        counts.map(|(_, count)| count).sum()
    };
    let [lost, gone, different, same] =
        [Verdict::Lost, Verdict::Gone, Verdict::Different, Verdict::Same].map(all);
    writeln!(
        out,
        "{lost} items are lost, {gone} more are missing, {different} are different and stay, {same} are the same."
    )?;
    match (lost, is_written) {
        (0, _) => {}
        (_, true) => writeln!(out, "What was lost is back.")?,
        (_, false) => writeln!(
            out,
            "To put back what is lost, run the same command with --write."
        )?,
    }
    Ok(())
}
