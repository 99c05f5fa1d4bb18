//! Puts back what the table lacks, from a table that a backup was restored into.
//!
//! The order does not matter: whatever an item announced when it was made has been announced, so `notify` sends nothing
//! for an item that comes into the table long after that.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::process::ExitCode;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::requests::progress;
use crate::{AdminError, Deployment};

/// How many items are on their way at once.
const AT_ONCE: usize = 16;

/// What the key of each item of the table is called.
const KEYS: [&str; 2] = ["pk", "sk"];

/// When DynamoDB deletes an item, in seconds since 1970.
const EXPIRES_AT: &str = "expires_at";

type Item = HashMap<String, AttributeValue>;

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

/// What the table has of an item of the backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Same,
    Missing,
    /// It was changed after the backup, or before it and wrongly. It stays.
    Different,
}

/// Compares the tables and puts back what is missing, if told to.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let config = deployment
        .service("dynamodb")
        .ok_or_else(|| AdminError::Deployment(format!("{} has no DynamoDB", deployment.name)))?;
    let (client, table) = (Client::new(&config), deployment.table.as_str());
    let backup = backup(&client, &arguments.from, deployment.now().as_second()).await?;
    let bar = progress("items", backup.len());
    let looks = stream::iter(&backup).map(|item| async {
        let found = look(&client, table, item).await?;
        if found == Found::Missing && arguments.write {
            put(&client, table, item).await?;
        }
        bar.inc(1);
        Ok::<_, AdminError>((kind(item), found))
    });
    let found: Vec<_> = looks.buffer_unordered(AT_ONCE).try_collect().await?;
    bar.finish_and_clear();

    let mut counts = BTreeMap::new();
    for (kind, found) in found {
        *counts.entry((kind, found)).or_insert(0_usize) += 1;
    }
    let all = |wanted: Found| -> usize {
        counts
            .iter()
            .filter(|((_, found), _)| *found == wanted)
            .map(|(_, n)| n)
            .sum()
    };
    for ((kind, found), count) in counts.iter().filter(|((_, found), _)| *found != Found::Same) {
        let what = if *found == Found::Missing {
            "missing"
        } else {
            "different"
        };
        writeln!(out, "{kind}: {count} {what}")?;
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

/// The items of the backup that have not expired.
async fn backup(client: &Client, table: &str, now: i64) -> Result<Vec<Item>, AdminError> {
    let pages = client.scan().table_name(table).into_paginator().items().send();
    let items: Vec<Item> = pages
        .collect::<Result<_, _>>()
        .await
        .map_err(|error| AdminError::aws("DynamoDB", &error))?;
    let expires = |item: &Item| item.get(EXPIRES_AT)?.as_n().ok()?.parse::<i64>().ok();
    Ok(items
        .into_iter()
        .filter(|item| expires(item).is_none_or(|at| at > now))
        .collect())
}

async fn look(client: &Client, table: &str, item: &Item) -> Result<Found, AdminError> {
    let key = KEYS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone())));
    let get = client.get_item().table_name(table).set_key(Some(key.collect()));
    let answer = get.consistent_read(true).send().await;
    let there = answer.map_err(|error| AdminError::aws("DynamoDB", &error))?.item;
    Ok(match there {
        None => Found::Missing,
        Some(there) if there == *item => Found::Same,
        Some(_) => Found::Different,
    })
}

/// Puts an item where there is still none.
async fn put(client: &Client, table: &str, item: &Item) -> Result<(), AdminError> {
    let put = client.put_item().table_name(table).set_item(Some(item.clone()));
    let answer = put.condition_expression("attribute_not_exists(pk)").send().await;
    match answer {
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
        {
            Ok(())
        }
        answer => answer
            .map(|_| ())
            .map_err(|error| AdminError::aws("DynamoDB", &error)),
    }
}

/// What an item is: the start of its keys, without anybody's ID.
fn kind(item: &Item) -> String {
    let start = |name: &str| {
        let text = item.get(name)?.as_s().ok()?;
        Some(text.split('#').next().unwrap_or_default().to_owned())
    };
    let parts: Vec<String> = KEYS.iter().filter_map(|name| start(name)).collect();
    parts.join(" ")
}
