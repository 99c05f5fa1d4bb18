//! The portal and the API have a domain after one deployment.

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

/// The parameters of a deployment.
type Settings = [(&'static str, &'static str)];

const ARN: &str = "arn:aws:acm:ap-southeast-1:123456789012:certificate/00000000-0000-4000-8000-000000000000";
const ZONE: (&str, &str) = ("HostedZoneId", "Z0123456789ABCDEFGHIJ");
const CERTIFICATE: (&str, &str) = ("CertificateArn", ARN);
const PORTAL: (&str, &str) = ("PortalUrl", "https://portal.example");
const DIGEST: (&str, &str) = (
    "EdgeDigests",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
);

/// What nothing is refused of.
const TAKEN: &[&Settings] = &[
    &[],
    &[PORTAL],
    &[ZONE, PORTAL],
    &[CERTIFICATE, PORTAL],
    &[ZONE, PORTAL, DIGEST],
    &[CERTIFICATE, PORTAL, DIGEST],
];

/// What is refused, and with which words.
const REFUSED: &[(&Settings, &str)] = &[
    (&[ZONE], "Set PortalUrl"),
    (&[CERTIFICATE], "Set PortalUrl"),
    (&[DIGEST], "Set HostedZoneId or CertificateArn"),
    (&[PORTAL, DIGEST], "Set HostedZoneId or CertificateArn"),
    (
        &[ZONE, ("PortalUrl", "https://portal.example:8443")],
        "without a port",
    ),
    (&[ZONE, ("PortalUrl", "https://Portal.example")], "in lower case"),
    (&[ZONE, ("PortalUrl", "https://portal")], "must be https://"),
];

/// A domain is the host of `PortalUrl`, and CloudFront needs one to lead to. What does not go together is refused before
/// anything is made.
pub(super) fn a_domain_needs_an_address(document: &Document) -> Result<(), String> {
    let deployed = |settings: &Settings| {
        let settings = settings.iter();
        let settings = settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        document.template(&settings.collect())
    };
    let mut faults = Vec::new();
    for settings in TAKEN {
        let refused = deployed(settings).err();
        faults.extend(refused.map(|reason| format!("{settings:?} is refused: {reason}")));
    }
    for (settings, words) in REFUSED {
        match deployed(settings) {
            Err(reason) if reason.contains(words) => {}
            Err(reason) => faults.push(format!("{settings:?} is refused for another reason: {reason}")),
            Ok(_) => faults.push(format!("{settings:?} is taken")),
        }
    }
    none(faults)
}
