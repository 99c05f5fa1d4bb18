//! CloudFront and its firewall let the product through as it is, and nobody goes around them.

use countersign_local::template;
use serde_norway::Value;

use super::super::document::{Document, File, items, named, none, references};

fn distribution(document: &Document) -> Value {
    document.yaml(File::Edge)["Resources"]["Distribution"]["Properties"]["DistributionConfig"].clone()
}

/// CloudFront proves by a secret that a call came through it. Both sides have to name one header, and the stack gives up its
/// own record to it.
pub(super) fn the_functions_answer_what_came_through_the_edge_alone(
    document: &Document,
) -> Result<(), String> {
    let mut faults = Vec::new();
    let globals = document.section("Globals").into_iter();
    let variables = globals.filter(|(name, _)| *name == "Function");
    let has_digests = |function: &Value| {
        references(&function["Environment"]["Variables"]["EDGE_DIGESTS"], "").contains("EdgeDigests")
    };
    if !variables.into_iter().any(|(_, function)| has_digests(function)) {
        faults.push("the functions don't know the digests".to_owned());
    }
    let source = document.text(File::EdgeSource);
    let edge = distribution(document);
    for origin in items(&edge["Origins"]) {
        let headers: Vec<&Value> = items(&origin["OriginCustomHeaders"]).collect();
        let [header] = headers.as_slice() else {
            return Err("CloudFront proves nothing to the API".to_owned());
        };
        let name = header["HeaderName"].as_str().unwrap_or_default();
        if !source.contains(&format!("const SECRET: &str = \"{name}\";"))
            || named(&header["HeaderValue"]) != "Secret"
        {
            faults.push(format!("the functions don't look for the secret in {name}"));
        }
        if origin["CustomOriginConfig"]["OriginProtocolPolicy"] != "https-only" {
            faults.push("the secret goes over plain HTTP".to_owned());
        }
    }
    if document.yaml(File::Edge)["Parameters"]["Secret"]["NoEcho"] != true {
        faults.push("CloudFormation shows the secret".to_owned());
    }
    let conditions = document.section("Conditions").into_iter();
    let mut record = conditions.filter(|(name, _)| *name == "MakesRecord");
    if !record.any(|(_, condition)| references(condition, "").contains("EdgeDigests")) {
        faults.push("two stacks make one record".to_owned());
    }
    none(faults)
}

/// AWS's own policies. CloudFront keeps what the first says, and passes on what the second says.
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_VIEWER: &str = "216adef6-5c7f-47e4-b989-5492eafa07d3";
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const HOST_HEADER_ONLY: &str = "bf0718e1-ba1e-49d1-88b1-f726733018ae";

/// The errors that CloudFront keeps for a while even where it keeps nothing else.
const KEPT_ERRORS: [u64; 11] = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

pub(super) fn the_edge_keeps_nothing_that_is_one_persons(document: &Document) -> Result<(), String> {
    let edge = distribution(document);
    let mut faults = Vec::new();
    if edge["DefaultCacheBehavior"]["CachePolicyId"] != CACHING_DISABLED {
        faults.push("pages are kept".to_owned());
    }
    for behavior in items(&edge["CacheBehaviors"]) {
        let path = behavior["PathPattern"].as_str().unwrap_or_default();
        let policies = [&behavior["CachePolicyId"], &behavior["OriginRequestPolicyId"]];
        // Without cookies and tokens, what is kept can be nobody's own.
        if path != "/assets/*"
            || policies.map(Value::as_str) != [Some(CACHING_OPTIMIZED), Some(HOST_HEADER_ONLY)]
        {
            faults.push(format!("{path} is kept"));
        }
    }
    for code in KEPT_ERRORS {
        let told = items(&edge["CustomErrorResponses"]).any(|error| {
            error["ErrorCode"] == code && error["ErrorCachingMinTTL"] == 0 && error["ResponseCode"].is_null()
        });
        if !told {
            faults.push(format!("an answer of {code} is kept"));
        }
    }
    none(faults)
}

pub(super) fn the_edge_passes_everything_on(document: &Document) -> Result<(), String> {
    let edge = distribution(document);
    let behavior = &edge["DefaultCacheBehavior"];
    let mut faults = Vec::new();
    if behavior["OriginRequestPolicyId"] != ALL_VIEWER {
        faults.push("headers such as If-Match are lost on the way".to_owned());
    }
    let template = document.template(&std::collections::BTreeMap::new())?;
    let mut lost: Vec<&str> = template
        .routes()
        .map(|(route, _)| route.method.as_str())
        .collect();
    lost.sort_unstable();
    lost.dedup();
    lost.retain(|method| !items(&behavior["AllowedMethods"]).any(|allowed| allowed == *method));
    faults.extend(lost.iter().map(|method| format!("{method} is refused")));
    let behaviors = items(&edge["CacheBehaviors"]).chain([behavior]);
    if behaviors
        .into_iter()
        .any(|one| one["ViewerProtocolPolicy"] != "https-only")
    {
        faults.push("tokens go over plain HTTP".to_owned());
    }
    none(faults)
}

/// The rules that would stop the product's own calls.
const LONG_OR_NAMELESS: [&str; 2] = ["SizeRestrictions_BODY", "NoUserAgent_HEADER"];

pub(super) fn the_firewall_stops_attacks_and_no_long_form(document: &Document) -> Result<(), String> {
    let edge = document.yaml(File::Edge);
    let firewall = &edge["Resources"]["Firewall"]["Properties"];
    let mut faults = Vec::new();
    if named(&distribution(document)["WebACLId"]) != "Firewall" || firewall["Scope"] != "CLOUDFRONT" {
        faults.push("CloudFront has no firewall".to_owned());
    }
    let rules: Vec<&Value> = items(&firewall["Rules"]).collect();
    let limit = |rule: &&Value| named(&rule["Statement"]["RateBasedStatement"]["Limit"]) == "CallsPerAddress";
    if !rules
        .iter()
        .any(|rule| limit(rule) && !rule["Action"]["Block"].is_null())
    {
        faults.push("an address may make any number of calls".to_owned());
    }
    let group = |rule: &Value| rule["Statement"]["ManagedRuleGroupStatement"].clone();
    for name in [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ] {
        if !rules.iter().any(|rule| group(rule)["Name"] == name) {
            faults.push(format!("{name} is not asked"));
        }
    }
    let overrides: Vec<Value> = rules
        .iter()
        .flat_map(|rule| {
            items(&group(rule)["RuleActionOverrides"])
                .cloned()
                .collect::<Vec<_>>()
        })
        .collect();
    for (rule, lost) in LONG_OR_NAMELESS.iter().zip([
        "a form of 50 rows is stopped",
        "a company's own system is stopped",
    ]) {
        let counts = |one: &Value| one["Name"] == **rule && !one["ActionToUse"]["Count"].is_null();
        if !overrides.iter().any(counts) {
            faults.push(lost.to_owned());
        }
    }
    let protected = items(&firewall["DataProtectionConfig"]["DataProtections"]);
    let hidden: Vec<String> = protected
        .flat_map(|one| items(&one["Field"]["FieldKeys"]).map(named).collect::<Vec<_>>())
        .collect();
    for header in ["authorization", "cookie"] {
        if !hidden.iter().any(|one| one == header) {
            faults.push(format!("samples show the header {header}"));
        }
    }
    none(faults)
}

/// Attacks are blocked unless `Findings` is `count`. Two rules always count, because they would stop the product's own calls.
pub(super) fn the_firewall_blocks_unless_it_is_told_to_count(document: &Document) -> Result<(), String> {
    let edge = document.yaml(File::Edge);
    let written = |text: &str| serde_norway::from_str::<Value>(text).unwrap_or_default();
    let mut faults = Vec::new();
    if edge["Parameters"]["Findings"]["Default"] != "block" {
        faults.push("attacks are only counted by default".to_owned());
    }
    if edge["Conditions"]["Counts"] != written("!Equals [!Ref Findings, count]") {
        faults.push("attacks are counted by another setting than they say".to_owned());
    }
    for rule in items(&edge["Resources"]["Firewall"]["Properties"]["Rules"]) {
        let group = &rule["Statement"]["ManagedRuleGroupStatement"];
        if group.is_null() {
            continue;
        }
        let name = rule["Name"].as_str().unwrap_or_default();
        if rule["OverrideAction"] != written("!If [Counts, { Count: {} }, { None: {} }]") {
            faults.push(format!("{name} does not block as it is told to"));
        }
        let overridden = items(&group["RuleActionOverrides"]).map(|one| named(&one["Name"]));
        let needless = overridden.filter(|one| !LONG_OR_NAMELESS.contains(&one.as_str()));
        faults.extend(needless.map(|one| format!("{one} of {name} does not block")));
    }
    none(faults)
}

/// AWS keeps CloudFront's firewall and certificates in one region. The template's rules say so.
pub(super) fn the_edge_is_made_where_it_works_alone(document: &Document) -> Result<(), String> {
    let source = document.text(File::Edge);
    // The stand-in is in another region, unless a copy of the rule asks for that one.
    let here = source.replace(
        "[!Ref AWS::Region, us-east-1]",
        "[!Ref AWS::Region, ap-southeast-1]",
    );
    let certificate = (
        "CertificateArn",
        "arn:aws:acm:us-east-1:123456789012:certificate/0",
    );
    let zone = ("HostedZoneId", "Z0123456789ABCDEFGHIJ");
    let mut faults = Vec::new();
    for (source, set, refused) in [
        (source, zone, Some("us-east-1")),
        (
            &here,
            ("Findings", "count"),
            Some("Set HostedZoneId or CertificateArn"),
        ),
        (&here, zone, None),
        (&here, certificate, None),
    ] {
        let secret = "0".repeat(64);
        let settings = [
            ("Domain", "portal.example"),
            ("Origin", "d-0a1b2c.execute-api.ap-southeast-1.amazonaws.com"),
            ("Secret", secret.as_str()),
            set,
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let read = template::Document::read(source).and_then(|read| read.check("edge", &settings.into()));
        let found = read.err().map(|error| error.to_string());
        let is_right = match (&found, refused) {
            (Some(found), Some(refused)) => found.contains(refused),
            (found, refused) => found.is_none() && refused.is_none(),
        };
        if !is_right {
            faults.push(format!("with {set:?}, {found:?} is said and not {refused:?}"));
        }
    }
    none(faults)
}
