//! Two stacks of an account get along, and a stack can be deleted and deployed again.

use std::collections::{BTreeMap, BTreeSet};

use serde_norway::Value;

use super::super::document::{Document, File, members, named, none, references};
use super::super::samconfig::environments;

/// SAM gives a schedule the logical ID as its name unless it is told not to.
pub(super) fn no_schedule_has_a_fixed_name(document: &Document) -> Result<(), String> {
    let functions = document.of_kind("AWS::Serverless::Function");
    let events = functions.iter().flat_map(|(id, function)| {
        let events = members(&function["Properties"]["Events"]).into_iter();
        events.map(move |(name, event)| (format!("{id}.{name}"), event))
    });
    let schedules = events.filter(|(_, event)| event["Type"] == "ScheduleV2");
    none(schedules.filter_map(|(place, event)| {
        let properties = &event["Properties"];
        let is_free = properties["OmitName"] == true && properties.get("Name").is_none();
        (!is_free).then(|| format!("the schedule {place} has the same name in every stack"))
    }))
}

/// Names that are told apart by what they belong to.
const SCOPED: [(&str, &str); 3] = [
    ("AWS::Cognito::UserPoolGroup", "GroupName"),
    ("AWS::Cognito::UserPoolResourceServer", "Name"),
    ("AWS::CloudWatch::Alarm", "MetricName"),
];

pub(super) fn nothing_has_a_fixed_name(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    for (id, resource) in document.section("Resources") {
        let kind = resource["Type"].as_str().unwrap_or_default();
        for (member, value) in members(&resource["Properties"]) {
            let is_name = member.ends_with("Name") || member == "Domain";
            if is_name && !SCOPED.contains(&(kind, member)) && !is_the_stacks_own(value) {
                faults.push(format!("{id}'s {member} is the same in every stack"));
            }
        }
    }
    none(faults)
}

fn is_the_stacks_own(name: &Value) -> bool {
    let Value::Tagged(tagged) = name else {
        return false;
    };
    // Two deployments have two addresses, which another check holds.
    let of_stack = |name: &String| ["AWS::StackName", "AWS::StackId", "PortalUrl"].contains(&name.as_str());
    tagged.tag == "Ref" || references(name, "").iter().any(of_stack)
}

const TAKES_REPLIES: &str = "TakesReplies";

/// Not every region receives mail, and a region has one active rule set.
pub(super) fn what_receives_mail_can_be_left_out(document: &Document) -> Result<(), String> {
    let is_conditional = |part: &Value| part["Condition"] == TAKES_REPLIES;
    let receives = |part: &Value| {
        let kind = part["Type"].as_str().unwrap_or_default();
        let is_for_ses = part["Properties"]["Principal"] == "ses.amazonaws.com";
        kind.starts_with("AWS::SES::Receipt") || kind.starts_with("AWS::S3::") || is_for_ses
    };
    let resources = document.section("Resources");
    let unconditional = resources
        .iter()
        .filter(|(_, part)| receives(part) && !is_conditional(part));
    let mut faults: Vec<String> = unconditional
        .map(|(id, _)| format!("{id} is there where nothing receives mail"))
        .collect();
    let conditional: BTreeSet<&str> = resources
        .iter()
        .filter(|(_, part)| is_conditional(part))
        .map(|(id, _)| *id)
        .collect();
    for (id, part) in resources.iter().copied().chain(document.section("Outputs")) {
        if !is_conditional(part) {
            let missing = references(part, TAKES_REPLIES);
            let missing = missing.iter().filter(|name| conditional.contains(name.as_str()));
            faults.extend(missing.map(|name| format!("{id} refers to {name}, which is not always there")));
        }
    }
    none(faults)
}

pub(super) fn replies_are_refused_where_ses_receives_none(document: &Document) -> Result<(), String> {
    let rules = document.section("Rules");
    let (name, rule) = rules
        .iter()
        .find(|(name, _)| *name == "RepliesComeIn")
        .ok_or("there is no rule for the regions")?;
    let contained = &rule["Assertions"][0]["Assert"]["Fn::Contains"];
    if named(&contained[1]) != "AWS::Region" {
        return Err(format!("{name} does not ask for the region"));
    }
    let of_rule: BTreeSet<String> = contained[0]
        .as_sequence()
        .into_iter()
        .flatten()
        .map(named)
        .collect();
    let guide = document.text(File::Deploy);
    let told = guide
        .split_once("SES has to receive mail there too")
        .and_then(|(_, rest)| rest.split_once("Elsewhere"));
    let told = told
        .map_or("", |(regions, _)| regions)
        .split('`')
        .skip(1)
        .step_by(2);
    let told: BTreeSet<String> = told.map(str::to_owned).collect();
    let differ = of_rule.symmetric_difference(&told);
    let differ = differ.map(|region| format!("{name} and docs/DEPLOY.md differ about {region}"));
    // The stand-in's own region is one that receives mail, unless a copy of the rule leaves it out.
    let elsewhere = document.with(File::Template, "              - ap-southeast-1\n", "");
    let asked = [
        ("yes", document, true),
        ("no", &elsewhere, true),
        ("yes", &elsewhere, false),
    ];
    let wrong = asked.into_iter().filter(|(replies, document, is_taken)| {
        let settings = BTreeMap::from([("ApprovalByReply".to_owned(), (*replies).to_owned())]);
        document.template(&settings).is_ok() != *is_taken
    });
    let wrong = wrong.map(|(replies, _, is_taken)| {
        let said = if is_taken { "refuses" } else { "takes" };
        format!("{name} {said} ApprovalByReply={replies} in a wrong region")
    });
    none(differ.chain(wrong).collect::<Vec<_>>())
}

/// What AWS does not delete, or what nobody may delete by accident.
const KEPT: [&str; 7] = [
    "AWS::Backup::BackupVault",
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SES::ReceiptRuleSet",
];

/// A stack that keeps one of these can always be deleted. The guide says how to clear it away.
pub(super) fn what_stays_behind_is_kept_on_purpose(document: &Document) -> Result<(), String> {
    let guide = document.text(File::Deploy);
    let section = guide
        .split_once("\n## Take it down\n")
        .map_or("", |(_, section)| section);
    let mut faults = Vec::new();
    for (id, resource) in document.section("Resources") {
        let kind = resource["Type"].as_str().unwrap_or_default();
        let policies = ["DeletionPolicy", "UpdateReplacePolicy"];
        let kept = policies
            .iter()
            .filter(|policy| {
                resource[**policy]
                    .as_str()
                    .is_some_and(|kept| kept.starts_with("Retain"))
            })
            .count();
        match (KEPT.contains(&kind), kept) {
            (true, 2) if section.contains(&format!("`{id}`")) => {}
            (true, 2) => faults.push(format!("docs/DEPLOY.md does not say that {id} stays")),
            (true, _) => faults.push(format!("deleting the stack would delete {id}, or fail at it")),
            (false, 0) => {}
            (false, _) => faults.push(format!("{id} would be left behind")),
        }
    }
    let protected = [
        ("Table", "DeletionProtectionEnabled", Value::Bool(true)),
        ("UserPool", "DeletionProtection", Value::from("ACTIVE")),
    ];
    let resources: BTreeMap<&str, &Value> = document.section("Resources").into_iter().collect();
    faults.extend(protected.into_iter().filter_map(|(id, member, value)| {
        let is_protected = resources
            .get(id)
            .is_some_and(|one| one["Properties"][member] == value);
        (!is_protected).then(|| format!("{id} is not protected from deletion"))
    }));
    none(faults)
}

pub(super) fn the_deployments_of_samconfig_get_along(document: &Document) -> Result<(), String> {
    let all = environments(document);
    let names: Vec<&String> = all.keys().collect();
    if names != ["dev", "prod"] {
        return Err(format!("samconfig.toml has {names:?}"));
    }
    let mut faults = Vec::new();
    let text = document.text(File::SamConfig);
    let numbers = text.split(|other: char| !other.is_ascii_digit());
    faults.extend(
        numbers
            .filter(|number| number.len() == 12)
            .map(|_| "samconfig.toml has an account's number".to_owned()),
    );
    for (name, environment) in &all {
        let read = document.template(&environment.parameters);
        faults.extend(read.err().map(|error| format!("{name}: {error}")));
    }
    let (dev, prod) = (&all["dev"], &all["prod"]);
    if dev.stack.is_empty() || dev.stack == prod.stack {
        faults.push("both deployments are the same stack".to_owned());
    }
    // The forge's rights end at what a resource's name begins with: the stack's, and a hyphen.
    for (one, other) in [(dev, prod), (prod, dev)] {
        if one.stack.starts_with(&format!("{}-", other.stack)) {
            let (one, other) = (&one.stack, &other.stack);
            faults.push(format!("whoever may deploy {other} may change {one} as well"));
        }
    }
    if dev.parameter("PortalUrl") == prod.parameter("PortalUrl") {
        faults.push("both deployments have one address".to_owned());
    }
    if dev.parameter("MailDomain") == prod.parameter("MailDomain") {
        faults.push("both deployments have one mail domain".to_owned());
    }
    let both_take = [dev, prod]
        .iter()
        .all(|one| one.parameter("ApprovalByReply") != "no");
    if dev.region == prod.region && both_take {
        faults.push("both deployments need the region's one active rule set".to_owned());
    }
    none(faults)
}

/// SAM passes no flag to the build of a Rust function.
pub(super) fn a_build_takes_the_locked_dependencies(document: &Document) -> Result<(), String> {
    let builds = document
        .text(File::Deploy)
        .lines()
        .filter(|line| line.contains("sam build"));
    let mut builds = builds.peekable();
    if builds.peek().is_none() {
        return Err("docs/DEPLOY.md builds nothing".to_owned());
    }
    let loose = builds.filter(|line| !line.contains("cargo fetch --locked && sam build"));
    none(loose.map(|line| format!("the build takes whatever dependencies there are: {line}")))
}
