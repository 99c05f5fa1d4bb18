//! What SES tells about a mail, in the shapes of its event publishing, and how SNS hands that to a function.

use countersign_platform::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::fate::Fate;
use super::mailbox::{Mail, date};
use super::message::bare;
use crate::template::{ACCOUNT, REGION};

/// The subject that SES gives to what it publishes.
const SUBJECT: &str = "Amazon SES Email Event Notification";

/// How long SES goes on trying to deliver a mail.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(12);

/// An event, and its type as a configuration set names it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) kind: &'static str,
    pub(crate) json: Json,
}

/// What SES tells about a mail: one event for all recipients that share a fate.
pub(crate) fn of(mail: &Mail, clock: &Clock) -> Vec<Event> {
    let mut fates = mail.fates.clone();
    fates.sort_unstable();
    fates.dedup();
    fates
        .into_iter()
        .filter_map(|fate| {
            let concerned: Vec<&str> = mail
                .recipients()
                .filter(|(_, of)| *of == fate)
                .map(|(address, _)| bare(address))
                .collect();
            let (name, member, content) = content(fate, &concerned, clock.now())?;
            let mut json = Map::new();
            json.insert("eventType".to_owned(), name.into());
            json.insert("mail".to_owned(), about(mail));
            json.insert(member.to_owned(), content);
            Some(Event {
                kind: fate.event_type()?,
                json: Json::Object(json),
            })
        })
        .collect()
}

/// An event's name, the member that holds what is special about it, and that member.
fn content(fate: Fate, concerned: &[&str], now: Timestamp) -> Option<(&'static str, &'static str, Json)> {
    let (feedback_id, at) = (message_id(now), milliseconds(now));
    let each = |one: &dyn Fn(&str) -> Json| concerned.iter().map(|address| one(address)).collect::<Json>();
    match fate {
        Fate::Delivered => None,
        Fate::Bounced => Some((
            "Bounce",
            "bounce",
            json!({
                "feedbackId": feedback_id,
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": each(&|address| json!({
                    "emailAddress": address,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                })),
                "timestamp": at,
                "reportingMTA": "dns; mail.local",
            }),
        )),
        Fate::Suppressed => Some((
            "Bounce",
            "bounce",
            json!({
                "feedbackId": feedback_id,
                "bounceType": "Permanent",
                "bounceSubType": "OnAccountSuppressionList",
                "bouncedRecipients": each(&|address| json!({
                    "emailAddress": address,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "Amazon SES did not send the message to this address because it is on the \
                        suppression list for your account. For more information about removing addresses from the \
                        suppression list, see the Amazon SES Developer Guide.",
                })),
                "timestamp": at,
                "reportingMTA": "dns; amazonses.com",
            }),
        )),
        Fate::Complained => Some((
            "Complaint",
            "complaint",
            json!({
                "feedbackId": feedback_id,
                "complaintSubType": null,
                "complainedRecipients": each(&|address| json!({ "emailAddress": address })),
                "timestamp": at,
                "userAgent": "Countersign's local stand-in",
                "complaintFeedbackType": "abuse",
                "arrivalDate": at,
            }),
        )),
        Fate::Delayed => Some((
            "DeliveryDelay",
            "deliveryDelay",
            json!({
                "timestamp": at,
                "delayType": "TransientCommunicationFailure",
                "expirationTime": milliseconds(now.saturating_add(TRIED_FOR).unwrap_or(now)),
                "delayedRecipients": each(&|address| json!({
                    "emailAddress": address,
                    "status": "4.4.1",
                    "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
                })),
            }),
        )),
        Fate::Rejected => Some(("Reject", "reject", json!({ "reason": "Bad content" }))),
    }
}

/// What each event says about its mail.
fn about(mail: &Mail) -> Json {
    let message = &mail.message;
    let mut tags: Map<String, Json> = [
        ("ses:source-ip", "127.0.0.1"),
        (
            "ses:from-domain",
            bare(&message.from).rsplit('@').next().unwrap_or_default(),
        ),
        ("ses:caller-identity", "notify"),
        ("ses:outgoing-ip", "127.0.0.1"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), json!([value])))
    .collect();
    if let Some(name) = &message.configuration_set {
        tags.insert("ses:configuration-set".to_owned(), json!([name]));
    }
    tags.extend(
        message
            .tags
            .iter()
            .map(|(name, value)| (name.clone(), json!([value]))),
    );
    let domain = bare(&message.from).rsplit('@').next().unwrap_or_default();
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
        "destination": message.to.iter().map(|address| bare(address)).collect::<Vec<_>>(),
        "headersTruncated": false,
        "headers": mail.all_headers(),
        "commonHeaders": common,
        "tags": tags,
    })
}

/// The event that Lambda gets from SNS.
pub(crate) fn notification(topic: &str, event: &Json, now: Timestamp) -> Json {
    let topic_arn = topic_arn(topic);
    let subscription = format!("{topic_arn}:{}", crate::random::uuid());
    json!({
        "Records": [{
            "EventSource": "aws:sns",
            "EventVersion": "1.0",
            "EventSubscriptionArn": subscription,
            "Sns": {
                "Type": "Notification",
                "MessageId": crate::random::uuid(),
                "TopicArn": topic_arn,
                "Subject": SUBJECT,
                "Message": event.to_string(),
                "Timestamp": milliseconds(now),
                "SignatureVersion": "1",
                "Signature": "bG9jYWw=",
                "SigningCertUrl": format!("https://sns.{REGION}.amazonaws.com/SimpleNotificationService-local.pem"),
                "UnsubscribeUrl": format!(
                    "https://sns.{REGION}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={subscription}"
                ),
                "MessageAttributes": {},
            },
        }],
    })
}

/// A message ID as SES gives it: the time in 16 hexadecimal digits, a UUID's form, a counter.
pub(crate) fn message_id(now: Timestamp) -> String {
    let time = now.as_millisecond();
    let hex = crate::random::hex::<20>();
    format!(
        "0100{time:012x}-{}-{}-{}-{}-{}-000000",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..32]
    )
}

fn topic_arn(topic: &str) -> String {
    format!("arn:aws:sns:{REGION}:{ACCOUNT}:countersign-{topic}")
}

/// A time as AWS's events have it, e.g. `2017-08-05T00:41:02.669Z`.
pub(super) fn milliseconds(at: Timestamp) -> String {
    format!("{at:.3}")
}
