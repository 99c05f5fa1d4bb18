//! Mail: the identity that it is sent from, the configuration set and where its events go, the receipt rules, and the
//! buckets that they store mail in.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Reader, TemplateError, content};

/// How mail is sent, and which events are published about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The domain that mail may be sent from.
    pub domain: String,
    /// The name of the configuration set, as the functions get it.
    pub configuration_set: String,
    /// Why an address is put on the suppression list: `BOUNCE`, `COMPLAINT`.
    pub suppressed_reasons: Vec<String>,
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

/// What becomes of mail that comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The rules that are on.
    pub rules: Vec<ReceiptRule>,
    /// Every bucket.
    pub buckets: Vec<Bucket>,
}

/// Which mail a receipt rule is for, where that is stored and which function is then called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRule {
    pub logical_id: String,
    /// Addresses and domains; without any, it is for all mail of the verified domain.
    pub recipients: Vec<String>,
    /// Whether mail is scanned for spam and viruses.
    pub scans: bool,
    /// The name of the bucket, as the functions get it.
    pub bucket: String,
    /// The logical ID of the function.
    pub function: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name, as the functions get it.
    pub name: String,
    /// How many days an object stays; `None` for as long as the bucket does.
    pub days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Identity {
    email_identity: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ConfigurationSet {
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

pub(super) fn read(reader: &Reader<'_>) -> Result<Mail, TemplateError> {
    let (_, identity) = reader.one::<Identity>("AWS::SES::EmailIdentity")?;
    let (set_id, set) = reader.one::<ConfigurationSet>("AWS::SES::ConfigurationSet")?;
    let configuration_set = set.name.unwrap_or_else(|| reader.resolver.name(&set_id));
    let suppressed_reasons = match set.suppression_options {
        Some(options) => options.suppressed_reasons,
        // What the account does, and accounts suppress for both by default.
        None => vec!["BOUNCE".to_owned(), "COMPLAINT".to_owned()],
    };
    let mut destinations = Vec::new();
    let all = reader.all::<DestinationProperties>("AWS::SES::ConfigurationSetEventDestination")?;
    for (name, properties) in all {
        let place = format!("Resources.{name}.Properties");
        if properties.configuration_set_name != configuration_set {
            return Err(content(place, "there is no such configuration set"));
        }
        let details = properties.event_destination;
        let topic = reader.named("AWS::SNS::Topic", &details.sns_destination.topic, &place)?;
        if details.enabled {
            destinations.push(EventDestination {
                events: details.matching_event_types,
                topic,
            });
        }
    }
    Ok(Mail {
        domain: identity.email_identity,
        configuration_set,
        suppressed_reasons,
        destinations,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RuleProperties {
    rule_set_name: String,
    rule: Rule,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Rule {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    recipients: Vec<String>,
    #[serde(default)]
    scan_enabled: bool,
    // Mail reaches this machine without a connection that could be secured, so either policy is met.
    #[serde(rename = "TlsPolicy")]
    _tls_policy: Option<Json>,
    actions: Vec<Action>,
}

#[derive(Deserialize)]
enum Action {
    S3Action(S3Action),
    LambdaAction(LambdaAction),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct S3Action {
    bucket_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct LambdaAction {
    function_arn: String,
    #[serde(default, rename = "InvocationType")]
    _invocation_type: InvocationType,
}

#[derive(Deserialize, Default)]
enum InvocationType {
    #[default]
    Event,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct BucketProperties {
    lifecycle_configuration: Lifecycle,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Lifecycle {
    rules: Vec<LifecycleRule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct LifecycleRule {
    status: String,
    expiration_in_days: Option<u32>,
    // Neither a rule's name nor parts of an upload matter to what is stored whole.
    #[serde(rename = "Id")]
    _id: Option<String>,
    #[serde(rename = "AbortIncompleteMultipartUpload")]
    _abort: Option<Json>,
}

pub(super) fn read_inbound(reader: &Reader<'_>) -> Result<Inbound, TemplateError> {
    let mut rules = Vec::new();
    for (logical_id, properties) in reader.all::<RuleProperties>("AWS::SES::ReceiptRule")? {
        let place = format!("Resources.{logical_id}.Properties");
        reader.named("AWS::SES::ReceiptRuleSet", &properties.rule_set_name, &place)?;
        let rule = properties.rule;
        let [Action::S3Action(stored), Action::LambdaAction(called)] = rule.actions.as_slice() else {
            let reason =
                "Actions has to be one S3Action and then one LambdaAction, which finds the mail stored";
            return Err(content(place, reason));
        };
        reader.named("AWS::S3::Bucket", &stored.bucket_name, &place)?;
        let function = reader.named("AWS::Serverless::Function", &called.function_arn, &place)?;
        if rule.enabled {
            rules.push(ReceiptRule {
                logical_id,
                recipients: rule.recipients,
                scans: rule.scan_enabled,
                bucket: stored.bucket_name.clone(),
                function,
            });
        }
    }
    let buckets = reader.all::<BucketProperties>("AWS::S3::Bucket")?.into_iter();
    let bucket = |(id, properties): (String, BucketProperties)| {
        let rules = properties.lifecycle_configuration.rules.iter();
        let days = rules
            .filter(|rule| rule.status == "Enabled")
            .filter_map(|rule| rule.expiration_in_days);
        Bucket {
            name: reader.resolver.name(&id),
            days: days.min(),
        }
    };
    Ok(Inbound {
        rules,
        buckets: buckets.map(bucket).collect(),
    })
}
