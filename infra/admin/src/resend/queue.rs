//! The failure queues: what each holds, and how it is sent again.

use std::io::Write;
use std::process::ExitCode;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, QueueAttributeName};
use serde_json::{Value as Json, json};

use super::function::{invoke, is_handled};
use super::replay::{self, Reader};
use crate::deployment::Resource;
use crate::{AdminError, Deployment};

/// How many messages are received at once; SQS gives no more.
const AT_ONCE: i32 = 10;
/// For how many seconds nobody else sees a received message. A job of `remind` may take 12 minutes.
const HIDDEN_SECONDS: i32 = 900;

/// How the messages of a failure queue are sent again.
enum Way {
    /// The reader of the stream is called with what came in at that time.
    Stream(Reader),
    /// The function is called with the event that it failed on, as Lambda or the sender left it.
    Event(&'static str),
    /// The function is called with the message as its own queue would deliver it.
    Queue(&'static str),
}

/// Whether the messages of a queue can be sent again.
pub fn is_known(queue: &str) -> bool {
    way(queue).is_some()
}

/// The failure queues of template.yaml.
fn way(queue: &str) -> Option<Way> {
    Some(match queue {
        "UnsentMail" => Way::Stream(Reader::Notify),
        "UnpublishedEvents" => Way::Stream(Reader::Relay),
        "UnreadFeedback" => Way::Event("FeedbackFunction"),
        "UnreadMail" => Way::Event("EmailApprovalFunction"),
        "UndoneJobs" => Way::Event("RemindFunction"),
        "UncountedCompanies" => Way::Queue("ReadinessFunction"),
        "UnprovisionedAccounts" => Way::Queue("ProvisionFunction"),
        _ => return None,
    })
}

/// Shows what the failure queues hold, and sends it again if it is told to.
pub(super) async fn all(
    deployment: &Deployment,
    send: bool,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let Some(config) = deployment.service("sqs") else {
        return Err(AdminError::Deployment(format!(
            "the queues of {} are not known",
            deployment.name
        )));
    };
    let client = Client::new(&config);
    let (mut waiting, mut failed) = (0, 0);
    for queue in deployment.of_kind("AWS::SQS::Queue") {
        let Some(way) = way(&queue.logical_id) else {
            continue;
        };
        let count = count(&client, queue).await?;
        if count == 0 {
            continue;
        }
        writeln!(out, "{}: {count} messages", queue.logical_id)?;
        waiting += count;
        if send {
            failed += empty(deployment, &client, queue, &way, out).await?;
        }
    }
    match (waiting, send, failed) {
        (0, ..) => writeln!(out, "The failure queues are empty.")?,
        (_, false, _) => {
            writeln!(
                out,
                "Nothing was sent. To send it again, run the same command with --send."
            )?;
        }
        (_, true, 0) => writeln!(out, "Everything was sent again.")?,
        (_, true, _) => {
            writeln!(
                out,
                "{failed} messages failed again and stay: see docs/RUNBOOK.md for the queue's alarm."
            )?;
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn count(client: &Client, queue: &Resource) -> Result<u64, AdminError> {
    let name = QueueAttributeName::ApproximateNumberOfMessages;
    let asked = client
        .get_queue_attributes()
        .queue_url(&queue.physical_id)
        .attribute_names(name.clone());
    let answer = asked
        .send()
        .await
        .map_err(|error| AdminError::aws("SQS", &error))?;
    let count = answer.attributes().and_then(|all| all.get(&name)?.parse().ok());
    count.ok_or_else(|| AdminError::Aws("SQS", format!("{} does not say what it holds", queue.logical_id)))
}

/// Sends each message again and deletes it once it is handled. Returns how many failed again: they stay.
async fn empty(
    deployment: &Deployment,
    client: &Client,
    queue: &Resource,
    way: &Way,
    out: &mut (dyn Write + Send),
) -> Result<usize, AdminError> {
    let mut failed = 0;
    loop {
        let received = client
            .receive_message()
            .queue_url(&queue.physical_id)
            .max_number_of_messages(AT_ONCE)
            .visibility_timeout(HIDDEN_SECONDS)
            .send()
            .await
            .map_err(|error| AdminError::aws("SQS", &error))?;
        if received.messages().is_empty() {
            return Ok(failed);
        }
        for message in received.messages() {
            if !handle(deployment, way, message, out).await? {
                failed += 1;
                continue;
            }
            let handle = message.receipt_handle().unwrap_or_default();
            let deleted = client
                .delete_message()
                .queue_url(&queue.physical_id)
                .receipt_handle(handle)
                .send()
                .await;
            deleted.map_err(|error| AdminError::aws("SQS", &error))?;
        }
    }
}

async fn handle(
    deployment: &Deployment,
    way: &Way,
    message: &Message,
    out: &mut (dyn Write + Send),
) -> Result<bool, AdminError> {
    let text = message.body().unwrap_or_default();
    let body: Json = serde_json::from_str(text).unwrap_or_default();
    match way {
        Way::Stream(reader) => replay::batch(deployment, *reader, &body, out).await,
        Way::Event(function) => Ok(invoke(deployment, function, &event(body)).await?.is_some()),
        Way::Queue(function) => {
            let event = match body.get("requestPayload") {
                Some(payload) => payload.clone(),
                None => json!({ "Records": [{ "messageId": message.message_id(), "body": text }] }),
            };
            Ok(is_handled(invoke(deployment, function, &event).await?.as_ref()))
        }
    }
}

/// The event that a function failed on. Lambda puts it beside what became of it; SNS leaves its notice, and Scheduler the
/// input of the schedule.
fn event(message: Json) -> Json {
    if let Some(payload) = message.get("requestPayload") {
        return payload.clone();
    }
    if message.get("TopicArn").is_some() {
        return json!({ "Records": [{ "Sns": message }] });
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_that_failed_is_found_wherever_the_sender_left_it() {
        let job = json!({ "job": "reminders" });
        assert_eq!(event(json!({ "requestPayload": job, "version": "1.0" })), job);
        assert_eq!(event(job.clone()), job);
        let notice = json!({ "TopicArn": "arn:x", "Message": "{}" });
        assert_eq!(event(notice.clone()), json!({ "Records": [{ "Sns": notice }] }));
    }
}
