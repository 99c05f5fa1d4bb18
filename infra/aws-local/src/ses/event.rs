//! What SES publishes about a mail, in the shapes of its event publishing.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::DeliveryOutcome;
use super::bare_address;
use super::mailbox::{Mail, date};
use crate::{ACCOUNT, REGION};

/// The subject that SES gives to what it publishes.
pub(super) const SUBJECT: &str = "Amazon SES Email Event Notification";

/// How long SES goes on trying to deliver a mail.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(12);

const ON_SUPPRESSION_LIST: &str = "Amazon SES did not send the message to this address because it is on the \
    suppression list for your account. For more information about removing addresses from the suppression list, see \
    the Amazon SES Developer Guide.";

/// The events about a mail, one for all recipients with the same outcome, each with its type as a configuration set
/// names it.
pub(super) fn of(mail: &Mail, now: Timestamp) -> Vec<(&'static str, Json)> {
    let mut outcomes = mail.outcomes.clone();
    outcomes.sort_unstable();
    outcomes.dedup();
    let event = |outcome: DeliveryOutcome| {
        let same = mail.recipients().filter(|(_, other)| *other == outcome);
        let recipients: Vec<&str> = same.map(|(address, _)| bare_address(address)).collect();
        let (name, member, content) = content(outcome, &recipients, now);
        let mut event = json!({ "eventType": name, "mail": about(mail) });
        event[member] = content;
        (outcome.event_type(), event)
    };
    outcomes.into_iter().map(event).collect()
}

/// An event's name, the member that holds what is special about it, and that member.
fn content(
    outcome: DeliveryOutcome,
    recipients: &[&str],
    now: Timestamp,
) -> (&'static str, &'static str, Json) {
    let at = milliseconds(now);
    let bounce = |kind, reason, server| {
        let each = recipients.iter().map(|address| {
            json!({ "emailAddress": address, "action": "failed", "status": "5.1.1", "diagnosticCode": reason })
        });
        let bounce = json!({
            "feedbackId": message_id(now),
            "bounceType": "Permanent",
            "bounceSubType": kind,
            "bouncedRecipients": each.collect::<Json>(),
            "timestamp": at,
            "reportingMTA": server,
        });
        ("Bounce", "bounce", bounce)
    };
    match outcome {
        DeliveryOutcome::Delivered => {
            let delivery = json!({
                "timestamp": at,
                "processingTimeMillis": 100,
                "recipients": recipients,
                "smtpResponse": "250 2.0.0 OK",
                "reportingMTA": "mail.local",
            });
            ("Delivery", "delivery", delivery)
        }
        DeliveryOutcome::Bounced => bounce("General", "smtp; 550 5.1.1 user unknown", "dns; mail.local"),
        DeliveryOutcome::Suppressed => bounce(
            "OnAccountSuppressionList",
            ON_SUPPRESSION_LIST,
            "dns; amazonses.com",
        ),
        DeliveryOutcome::Complained => {
            let each = recipients
                .iter()
                .map(|address| json!({ "emailAddress": address }));
            let complaint = json!({
                "feedbackId": message_id(now),
                "complaintSubType": null,
                "complainedRecipients": each.collect::<Json>(),
                "timestamp": at,
                "userAgent": "aws-local",
                "complaintFeedbackType": "abuse",
                "arrivalDate": at,
            });
            ("Complaint", "complaint", complaint)
        }
        DeliveryOutcome::Delayed => {
            let reason = "smtp; 421 4.4.1 Unable to connect to remote host";
            let each = recipients.iter().map(
                |address| json!({ "emailAddress": address, "status": "4.4.1", "diagnosticCode": reason }),
            );
            let delay = json!({
                "timestamp": at,
                "delayType": "TransientCommunicationFailure",
                "expirationTime": milliseconds(now.saturating_add(TRIED_FOR).unwrap_or(now)),
                "delayedRecipients": each.collect::<Json>(),
            });
            ("DeliveryDelay", "deliveryDelay", delay)
        }
        DeliveryOutcome::Rejected => ("Reject", "reject", json!({ "reason": "Bad content" })),
    }
}

/// What each event says about its mail.
fn about(mail: &Mail) -> Json {
    let message = &mail.message;
    let domain = bare_address(&message.from).rsplit('@').next().unwrap_or_default();
    let mut tags = Map::new();
    let own = [
        ("ses:source-ip", "127.0.0.1"),
        ("ses:from-domain", domain),
        ("ses:caller-identity", "local"),
        ("ses:outgoing-ip", "127.0.0.1"),
    ];
    let set = message.configuration_set.as_deref();
    let set = set.map(|name| ("ses:configuration-set", name));
    let given = message
        .tags
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in own.into_iter().chain(set).chain(given) {
        tags.insert(name.to_owned(), json!([value]));
    }
    let mut common = json!({
        "from": [message.from],
        "date": date(mail.sent_at),
        "to": message.to,
        "messageId": mail.id,
        "subject": message.subject,
    });
    if !message.reply_to.is_empty() {
        common["replyTo"] = json!(message.reply_to);
    }
    json!({
        "timestamp": milliseconds(mail.sent_at),
        "source": message.from,
        "sourceArn": format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}"),
        "sendingAccountId": ACCOUNT,
        "messageId": mail.id,
        "destination": message.to.iter().map(|address| bare_address(address)).collect::<Vec<_>>(),
        "headersTruncated": false,
        "headers": mail.all_headers(),
        "commonHeaders": common,
        "tags": tags,
    })
}

/// A message ID as SES gives it: the time in 16 hexadecimal digits, a UUID's form, a counter.
pub(super) fn message_id(now: Timestamp) -> String {
    format!(
        "0100{:012x}-{}-000000",
        now.as_millisecond(),
        crate::random::uuid()
    )
}

/// A time as AWS's events have it, e.g. `2017-08-05T00:41:02.669Z`.
pub(super) fn milliseconds(at: Timestamp) -> String {
    format!("{at:.3}")
}
