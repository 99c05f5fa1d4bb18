//! Mail and what becomes of it: the identity that mail is sent from, its configuration set, where events go, and the
//! queues and topics that there are.

use serde::Deserialize;

use super::intrinsics::{local_name, logical_id};
use super::{Reader, TemplateError, content};

/// How mail is sent and what is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The domain that mail may be sent from.
    pub domain: String,
    /// The name of the configuration set, as the functions get it.
    pub configuration_set: String,
    /// Why an address is put on the suppression list: `BOUNCE`, `COMPLAINT`.
    pub suppressed_reasons: Vec<String>,
    /// Where events go.
    pub destinations: Vec<EventDestination>,
}

/// Where events of the configuration set go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDestination {
    /// The kinds of event, e.g. `DELIVERY_DELAY`.
    pub events: Vec<String>,
    /// The logical ID of the topic.
    pub topic: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Identity {
    properties: IdentityProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdentityProperties {
    email_identity: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ConfigurationSet {
    #[serde(default)]
    properties: ConfigurationSetProperties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct ConfigurationSetProperties {
    name: Option<String>,
    suppression_options: Option<SuppressionOptions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SuppressionOptions {
    suppressed_reasons: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    properties: DestinationProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DestinationProperties {
    configuration_set_name: String,
    event_destination: DestinationDetails,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DestinationDetails {
    #[serde(default)]
    enabled: bool,
    matching_event_types: Vec<String>,
    sns_destination: SnsDestination,
}

#[derive(Deserialize)]
struct SnsDestination {
    #[serde(rename = "TopicARN")]
    topic: String,
}

/// A resource whose properties don't matter here.
#[derive(Deserialize)]
struct Existing {}

/// The event types that SES knows.
const EVENT_TYPES: [&str; 10] = [
    "SEND",
    "REJECT",
    "BOUNCE",
    "COMPLAINT",
    "DELIVERY",
    "OPEN",
    "CLICK",
    "RENDERING_FAILURE",
    "DELIVERY_DELAY",
    "SUBSCRIPTION",
];

pub(super) fn read(reader: &Reader<'_>) -> Result<Mail, TemplateError> {
    let (_, identity) = reader.one::<Identity>("AWS::SES::EmailIdentity")?;
    let (set_id, set) = reader.one::<ConfigurationSet>("AWS::SES::ConfigurationSet")?;
    let configuration_set = set.properties.name.unwrap_or_else(|| local_name(&set_id));
    let suppressed_reasons = match set.properties.suppression_options {
        Some(options) => options.suppressed_reasons,
        // What the account does, and accounts suppress for both unless they were told otherwise.
        None => vec!["BOUNCE".to_owned(), "COMPLAINT".to_owned()],
    };
    let topics = topics(reader)?;
    let mut destinations = Vec::new();
    for (name, destination) in reader.all::<Destination>("AWS::SES::ConfigurationSetEventDestination")? {
        let place = format!("Resources.{name}.Properties");
        if destination.properties.configuration_set_name != configuration_set {
            return Err(content(place, "there is no such configuration set"));
        }
        let details = destination.properties.event_destination;
        let known = |event: &String| EVENT_TYPES.contains(&event.as_str());
        if let Some(event) = details.matching_event_types.iter().find(|event| !known(event)) {
            return Err(content(place, format!("there is no event type {event}")));
        }
        let topic = topics
            .iter()
            .find(|topic| local_name(topic) == details.sns_destination.topic)
            .ok_or_else(|| content(place, "there is no such topic"))?;
        if details.enabled {
            destinations.push(EventDestination {
                events: details.matching_event_types,
                topic: topic.clone(),
            });
        }
    }
    Ok(Mail {
        domain: identity.properties.email_identity,
        configuration_set,
        suppressed_reasons,
        destinations,
    })
}

/// The logical IDs of the queues.
pub(super) fn queues(reader: &Reader<'_>) -> Result<Vec<String>, TemplateError> {
    names(reader, "AWS::SQS::Queue")
}

/// The logical IDs of the topics.
pub(super) fn topics(reader: &Reader<'_>) -> Result<Vec<String>, TemplateError> {
    names(reader, "AWS::SNS::Topic")
}

/// The logical IDs of all resources of a type.
pub(super) fn names(reader: &Reader<'_>, kind: &str) -> Result<Vec<String>, TemplateError> {
    let all = reader.all::<Existing>(kind)?;
    Ok(all.into_iter().map(|(name, _)| name).collect())
}

/// The logical ID of the queue that an ARN on this machine names.
pub(super) fn queue_of(arn: &str, queues: &[String], place: &str) -> Result<String, TemplateError> {
    let named = logical_id(arn).filter(|id| queues.iter().any(|queue| queue == id));
    named
        .map(str::to_owned)
        .ok_or_else(|| content(place, format!("{arn} is none of the template's queues")))
}
