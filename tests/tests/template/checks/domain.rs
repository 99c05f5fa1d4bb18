//! The portal and the API have a domain after one deployment.

use std::collections::BTreeMap;

use serde_norway::Value;

use super::super::document::{Document, items, named, none, references};

/// The certificate, the domain, its record and where people come back to all follow from one parameter, so that nothing has to
/// be known before the first deployment. Where there is a domain, there is no other way in.
pub(super) fn the_domain_takes_one_deployment(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    let follow = [
        ("Certificate", "DomainName"),
        ("Domain", "DomainName"),
        ("DomainRecord", "Name"),
        ("PortalClient", "CallbackURLs"),
        ("PortalClient", "LogoutURLs"),
    ];
    for (id, member) in follow {
        if !references(&document.properties(id)[member], "").contains("PortalUrl") {
            faults.push(format!("{id}'s {member} does not follow PortalUrl"));
        }
    }
    let endpoint = &document.properties("Api")["DisableExecuteApiEndpoint"];
    if !is_choice(endpoint, "HasDomain", (Value::Bool(true), Value::Bool(false))) {
        faults.push("the API answers at its own address as well".to_owned());
    }
    let mapping = document.properties("DomainMapping");
    if named(&mapping["ApiId"]) != "Api" || named(&mapping["DomainName"]) != "Domain" {
        faults.push("the domain does not lead to the API".to_owned());
    }
    for configuration in items(&document.properties("Domain")["DomainNameConfigurations"]) {
        if configuration["SecurityPolicy"] != "TLS_1_2" {
            faults.push("the domain takes TLS before 1.2".to_owned());
        }
    }
    let target = &document.properties("DomainRecord")["AliasTarget"];
    if named(&target["DNSName"]) != "Domain" || named(&target["HostedZoneId"]) != "Domain" {
        faults.push("the record does not lead to the domain".to_owned());
    }
    none(faults)
}

fn is_choice(value: &Value, condition: &str, (then, otherwise): (Value, Value)) -> bool {
    let Value::Tagged(tagged) = value else {
        return false;
    };
    tagged.tag == "If" && tagged.value == Value::Sequence(vec![condition.into(), then, otherwise])
}

/// A domain is the host of `PortalUrl`, and CloudFront needs one to lead to. A rule says so before anything is made.
pub(super) fn a_domain_needs_an_address(document: &Document) -> Result<(), String> {
    let rules: BTreeMap<&str, &Value> = document.section("Rules").into_iter().collect();
    let mut faults = Vec::new();
    for (name, asked, asserted) in [
        (
            "DomainHasAName",
            ["HostedZoneId", "CertificateArn"].as_slice(),
            ["PortalUrl"].as_slice(),
        ),
        (
            "EdgeLeadsToADomain",
            ["EdgeDigests"].as_slice(),
            ["HostedZoneId", "CertificateArn"].as_slice(),
        ),
    ] {
        let Some(rule) = rules.get(name) else {
            faults.push(format!("there is no rule {name}"));
            continue;
        };
        for (part, expected) in [("RuleCondition", asked), ("Assertions", asserted)] {
            let found = references(&rule[part], "");
            let missing = expected.iter().filter(|parameter| !found.contains(**parameter));
            faults.extend(missing.map(|parameter| format!("{name} does not look at {parameter}")));
        }
    }
    none(faults)
}
