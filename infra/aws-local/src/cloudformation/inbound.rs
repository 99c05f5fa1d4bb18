//! Mail that comes in: the receipt rules, and the buckets that they store it in.

use serde::Deserialize;

use super::intrinsics::{local_name, logical_id};
use super::{Function, Reader, TemplateError, content};

/// What becomes of mail that comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The rules that are on.
    pub rules: Vec<ReceiptRule>,
    /// Every bucket.
    pub buckets: Vec<Bucket>,
}

/// A receipt rule: which mail it is for, where that is stored and which function is then called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRule {
    /// Its logical ID.
    pub logical_id: String,
    /// Addresses and domains; without any, it is for all mail of the verified domain.
    pub recipients: Vec<String>,
    /// Whether mail is looked through for spam and viruses.
    pub scans: bool,
    /// The name of the bucket, as the functions get it.
    pub bucket: String,
    /// The logical ID of the function.
    pub function: String,
}

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name, as the functions get it.
    pub name: String,
    /// How many days an object stays; `None` for as long as the bucket does.
    pub days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RuleResource {
    properties: RuleProperties,
}

/// What this doesn't know of a rule is refused, or it would be lost without a word.
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
    #[serde(default)]
    tls_policy: TlsPolicy,
    actions: Vec<Action>,
}

/// Mail reaches this machine without a connection that could be secured, so that both are met.
#[derive(Deserialize, Default)]
enum TlsPolicy {
    #[default]
    Optional,
    Require,
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
    #[serde(default = "event")]
    invocation_type: String,
}

/// SES's own default.
fn event() -> String {
    "Event".to_owned()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BucketResource {
    #[serde(default)]
    properties: BucketProperties,
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
    _abort: Option<serde_json::Value>,
}

pub(super) fn read(reader: &Reader<'_>, functions: &[Function]) -> Result<Inbound, TemplateError> {
    let buckets = buckets(reader)?;
    let sets = super::mail::names(reader, "AWS::SES::ReceiptRuleSet")?;
    let mut rules = Vec::new();
    for (name, RuleResource { properties }) in reader.all::<RuleResource>("AWS::SES::ReceiptRule")? {
        let place = format!("Resources.{name}.Properties");
        if !sets.iter().any(|set| local_name(set) == properties.rule_set_name) {
            return Err(content(place, "there is no such rule set"));
        }
        let is_on = properties.rule.enabled;
        let rule = rule(name, properties.rule, &place, (&buckets, functions))?;
        if is_on {
            rules.push(rule);
        }
    }
    Ok(Inbound { rules, buckets })
}

fn rule(
    logical_id: String,
    rule: Rule,
    place: &str,
    (buckets, functions): (&[Bucket], &[Function]),
) -> Result<ReceiptRule, TemplateError> {
    let (TlsPolicy::Optional | TlsPolicy::Require) = rule.tls_policy;
    let [Action::S3Action(stored), Action::LambdaAction(called)] = rule.actions.as_slice() else {
        let reason = "Actions has to be one S3Action and then one LambdaAction, which finds the mail stored";
        return Err(content(place, reason));
    };
    if !buckets.iter().any(|bucket| bucket.name == stored.bucket_name) {
        return Err(content(place, "there is no such bucket"));
    }
    if called.invocation_type != event() {
        let reason = format!("InvocationType {} is not understood here", called.invocation_type);
        return Err(content(place, reason));
    }
    Ok(ReceiptRule {
        logical_id,
        recipients: rule.recipients,
        scans: rule.scan_enabled,
        bucket: stored.bucket_name.clone(),
        function: function_of(&called.function_arn, functions, place)?,
    })
}

/// The logical ID of the function that an ARN on this machine names.
fn function_of(arn: &str, functions: &[Function], place: &str) -> Result<String, TemplateError> {
    logical_id(arn)
        .filter(|id| functions.iter().any(|function| function.logical_id == *id))
        .map(str::to_owned)
        .ok_or_else(|| content(place, format!("{arn} is none of the template's functions")))
}

fn buckets(reader: &Reader<'_>) -> Result<Vec<Bucket>, TemplateError> {
    let all = reader.all::<BucketResource>("AWS::S3::Bucket")?;
    let bucket = |(name, BucketResource { properties }): (String, BucketResource)| {
        let rules = properties.lifecycle_configuration.rules.iter();
        Bucket {
            name: local_name(&name),
            days: rules
                .filter(|rule| rule.status == "Enabled")
                .filter_map(|rule| rule.expiration_in_days)
                .min(),
        }
    };
    Ok(all.into_iter().map(bucket).collect())
}
