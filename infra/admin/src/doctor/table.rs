//! The table: its layout, indexes, stream, deletion of what expires, and backups.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    IndexStatus, PointInTimeRecoveryStatus, StreamViewType, TableDescription, TableStatus, TimeToLiveStatus,
};
use countersign_platform::store::StoreError;
use countersign_platform::store::index::INDEXES;

use super::NO_STAND_IN;
use super::finding::Finding;
use crate::{AdminError, Deployment};

const DEPLOY_AGAIN: &str = "Deploy the stack again (docs/DEPLOY.md, Build and deploy)";

pub(super) async fn check(deployment: &Deployment) -> Vec<Finding> {
    let Some(config) = deployment.service("dynamodb") else {
        return vec![Finding::not_answered("table", NO_STAND_IN)];
    };
    let client = Client::new(&config);
    let (layout, described, recovery, expiry) = tokio::join!(
        layout(deployment),
        client.describe_table().table_name(&deployment.table).send(),
        recovery(&client, &deployment.table),
        expiry(&client, &deployment.table),
    );
    let mut findings = vec![layout];
    match described {
        Ok(described) => {
            let table = described
                .table
                .unwrap_or_else(|| TableDescription::builder().build());
            findings.extend([
                status(&table, deployment.is_local()),
                indexes(&table),
                stream(&table),
            ]);
        }
        Err(error) => {
            let why = AdminError::aws("DynamoDB", &error).to_string();
            findings.push(Finding::not_answered("table", why));
        }
    }
    findings.extend([recovery, expiry]);
    findings
}

async fn layout(deployment: &Deployment) -> Finding {
    match deployment.store.is_unmarked().await {
        Ok(false) => Finding::ok("layout", "the table is in this release's layout"),
        Ok(true) => Finding::not_ok(
            "layout",
            "the table is empty and unmarked, so no function starts",
            "Import the first companies (docs/ADMIN.md, import)",
        ),
        Err(error @ StoreError::OtherLayout(_)) => Finding::not_ok(
            "layout",
            error.to_string(),
            "Deploy the release that wrote the table (docs/DEPLOY.md, A table of another layout)",
        ),
        Err(error) => Finding::not_answered("layout", error.to_string()),
    }
}

/// On this machine, whoever can call the stand-in can delete its file as well.
fn status(table: &TableDescription, is_local: bool) -> Finding {
    let mut wrong = Vec::new();
    if table.table_status() != Some(&TableStatus::Active) {
        wrong.push(format!("its status is {:?}", table.table_status()));
    }
    if table.deletion_protection_enabled() != Some(true) && !is_local {
        wrong.push("anyone who may delete tables can delete it".to_owned());
    }
    Finding::of("table", &wrong, "active", DEPLOY_AGAIN)
}

fn indexes(table: &TableDescription) -> Finding {
    let there = table.global_secondary_indexes();
    let wrong: Vec<String> = INDEXES
        .iter()
        .filter_map(|index| {
            let found = there.iter().find(|one| one.index_name() == Some(index.name));
            match found.map(|one| one.index_status()) {
                None => Some(format!("{} is missing", index.name)),
                Some(Some(IndexStatus::Active)) => None,
                Some(status) => Some(format!("{} is {status:?}", index.name)),
            }
        })
        .collect();
    Finding::of(
        "indexes",
        &wrong,
        format!("{} active", INDEXES.len()),
        DEPLOY_AGAIN,
    )
}

fn stream(table: &TableDescription) -> Finding {
    let stream = table.stream_specification();
    let is_on = stream.is_some_and(|stream| {
        stream.stream_enabled() && stream.stream_view_type() == Some(&StreamViewType::NewAndOldImages)
    });
    let wrong = if is_on {
        vec![]
    } else {
        vec!["it is off, or without images: no e-mail and no event leaves".to_owned()]
    };
    Finding::of("stream", &wrong, "on, with images", DEPLOY_AGAIN)
}

async fn recovery(client: &Client, table: &str) -> Finding {
    let answer = client
        .describe_continuous_backups()
        .table_name(table)
        .send()
        .await;
    let described = match answer {
        Ok(answer) => answer.continuous_backups_description,
        Err(error) => {
            let is_unknown = error.as_service_error().and_then(ProvideErrorMetadata::code)
                == Some("UnknownOperationException");
            let why = AdminError::aws("DynamoDB", &error).to_string();
            return Finding::not_answered("backups", if is_unknown { NO_STAND_IN.to_owned() } else { why });
        }
    };
    let recovery = described.and_then(|backups| backups.point_in_time_recovery_description);
    let status = recovery.and_then(|recovery| recovery.point_in_time_recovery_status);
    let wrong = match status {
        Some(PointInTimeRecoveryStatus::Enabled) => vec![],
        _ => vec!["the table can't be restored to an earlier time".to_owned()],
    };
    Finding::of("backups", &wrong, "point-in-time recovery is on", DEPLOY_AGAIN)
}

async fn expiry(client: &Client, table: &str) -> Finding {
    let answer = client.describe_time_to_live().table_name(table).send().await;
    let described = match answer {
        Ok(answer) => answer.time_to_live_description,
        Err(error) => {
            let why = AdminError::aws("DynamoDB", &error).to_string();
            return Finding::not_answered("expiry", why);
        }
    };
    let is_on = described.is_some_and(|ttl| {
        ttl.attribute_name() == Some("expires_at")
            && matches!(
                ttl.time_to_live_status(),
                Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
            )
    });
    let wrong = if is_on {
        vec![]
    } else {
        vec!["what expires is never deleted".to_owned()]
    };
    Finding::of("expiry", &wrong, "on, by expires_at", DEPLOY_AGAIN)
}
