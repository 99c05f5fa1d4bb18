//! Queues, and the event bus with the rules that send its events to queues.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::{Reader, TemplateError, content};
use crate::event_pattern::EventPattern;

/// A queue of SQS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    pub logical_id: String,
    /// How long nobody else sees a message that was received.
    pub visibility_timeout: Duration,
    pub redrive: Option<Redrive>,
}

/// Where a message goes that was received too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    /// The logical ID of the queue.
    pub queue: String,
    pub max_receive_count: u32,
}

/// The event bus with its rules.
#[derive(Debug, Clone, PartialEq)]
pub struct EventBus {
    /// Its name, as the functions get it.
    pub name: String,
    pub rules: Vec<Rule>,
}

/// A rule that sends events to queues.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub logical_id: String,
    pub pattern: EventPattern,
    /// The logical IDs of the queues.
    pub queues: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct QueueProperties {
    #[serde(default = "thirty_seconds")]
    visibility_timeout: u64,
    redrive_policy: Option<RedrivePolicy>,
    // Messages stay until they are handled, in a file that its owner alone can read.
    #[serde(rename = "MessageRetentionPeriod")]
    _retention: Option<Json>,
    #[serde(rename = "SqsManagedSseEnabled")]
    _encrypted: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RedrivePolicy {
    dead_letter_target_arn: String,
    max_receive_count: u32,
}

/// SQS's own default.
fn thirty_seconds() -> u64 {
    30
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct BusProperties {
    name: String,
    #[serde(rename = "Description")]
    _description: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RuleProperties {
    event_bus_name: String,
    event_pattern: Map<String, Json>,
    targets: Vec<Target>,
    #[serde(rename = "Description")]
    _description: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Target {
    #[serde(rename = "Id")]
    _id: String,
    arn: String,
    dead_letter_config: Option<DeadLetterConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DeadLetterConfig {
    arn: String,
}

const QUEUE: &str = "AWS::SQS::Queue";

pub(super) fn queues(reader: &Reader<'_>) -> Result<Vec<Queue>, TemplateError> {
    let queue = |(logical_id, properties): (String, QueueProperties)| {
        let place = format!("Resources.{logical_id}.Properties");
        let redrive = match properties.redrive_policy {
            Some(policy) => Some(Redrive {
                queue: reader.named(QUEUE, &policy.dead_letter_target_arn, &place)?,
                max_receive_count: policy.max_receive_count,
            }),
            None => None,
        };
        Ok(Queue {
            logical_id,
            visibility_timeout: Duration::from_secs(properties.visibility_timeout),
            redrive,
        })
    };
    reader.all(QUEUE)?.into_iter().map(queue).collect()
}

/// Reads the event bus. That a queue lets its rule send is for AWS to check; here no queue turns anything away.
pub(super) fn read(reader: &Reader<'_>) -> Result<EventBus, TemplateError> {
    let (bus, properties) = reader.one::<BusProperties>("AWS::Events::EventBus")?;
    let name = reader.resolver.name(&bus);
    if properties.name != name {
        let reason = format!("Name has to be ${{AWS::StackName}}-{bus}, which is what !Ref gives here");
        return Err(content(format!("Resources.{bus}.Properties"), reason));
    }
    let rule = |(logical_id, properties): (String, RuleProperties)| {
        let place = format!("Resources.{logical_id}.Properties");
        reader.named("AWS::Events::EventBus", &properties.event_bus_name, &place)?;
        let mut queues = Vec::new();
        for target in properties.targets {
            queues.push(reader.named(QUEUE, &target.arn, &place)?);
            if let Some(config) = target.dead_letter_config {
                reader.named(QUEUE, &config.arn, &place)?;
            }
        }
        let pattern = EventPattern::new(properties.event_pattern)
            .map_err(|reason| content(format!("{place}.EventPattern"), reason))?;
        Ok(Rule {
            logical_id,
            pattern,
            queues,
        })
    };
    let rules = reader.all("AWS::Events::Rule")?.into_iter().map(rule);
    Ok(EventBus {
        name,
        rules: rules.collect::<Result<_, TemplateError>>()?,
    })
}
