//! People sign in as they need to, and an account with rules of its own takes the stack.

use std::collections::BTreeSet;

use serde_norway::Value;

use super::super::document::{Document, members, named, none, references};

/// Classic sign-in pages speak English alone. Managed login shows no page of a client that has no style.
pub(super) fn the_sign_in_pages_speak_the_readers_language(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    for (id, domain) in document.of_kind("AWS::Cognito::UserPoolDomain") {
        if domain["Properties"]["ManagedLoginVersion"] != 2 {
            faults.push(format!("{id} has the classic sign-in pages"));
        }
    }
    let branded: BTreeSet<String> = document
        .of_kind("AWS::Cognito::ManagedLoginBranding")
        .into_iter()
        .map(|(_, style)| named(&style["Properties"]["ClientId"]))
        .collect();
    let clients = document.of_kind("AWS::Cognito::UserPoolClient").into_iter();
    let plain = clients.filter(|(id, _)| !branded.contains(*id));
    faults.extend(plain.map(|(id, _)| format!("{id} has no style")));
    none(faults)
}

pub(super) fn codes_are_sent_by_ses_where_it_may(document: &Document) -> Result<(), String> {
    let pools = document.of_kind("AWS::Cognito::UserPool");
    let [(id, pool)] = pools.as_slice() else {
        return Err("there is not one user pool".to_owned());
    };
    let Value::Tagged(choice) = &pool["Properties"]["EmailConfiguration"] else {
        return Err(format!("{id} has one sender whatever is set"));
    };
    let by_ses = &choice.value[1];
    if choice.tag != "If" || by_ses["EmailSendingAccount"] != "DEVELOPER" {
        return Err(format!("{id} has a sender that stops at 50 mails a day"));
    }
    let of_domain = |member: &str| references(&by_ses[member], "").contains("MailDomain");
    if of_domain("SourceArn") && of_domain("From") {
        return Ok(());
    }
    Err(format!("{id} sends from another domain than MailDomain"))
}

/// SAM makes a role for each function and each schedule.
pub(super) fn every_role_has_the_boundary(document: &Document) -> Result<(), String> {
    let is_bounded =
        |part: &Value| references(&part["PermissionsBoundary"], "").contains("PermissionsBoundary");
    let mut faults = Vec::new();
    let globals = document.section("Globals");
    if !globals
        .iter()
        .any(|(name, part)| *name == "Function" && is_bounded(part))
    {
        faults.push("the roles of the functions have no boundary".to_owned());
    }
    for (id, function) in document.of_kind("AWS::Serverless::Function") {
        let events = members(&function["Properties"]["Events"]).into_iter();
        let loose =
            events.filter(|(_, event)| event["Type"] == "ScheduleV2" && !is_bounded(&event["Properties"]));
        faults.extend(loose.map(|(name, _)| format!("the role of {id}.{name} has no boundary")));
    }
    let roles = document.of_kind("AWS::IAM::Role").into_iter();
    let loose = roles.filter(|(_, role)| !is_bounded(&role["Properties"]));
    faults.extend(loose.map(|(id, _)| format!("{id} has no boundary")));
    none(faults)
}

/// The functions that take a step, and the one that signing in waits for.
const RESERVED: [(&str, &str); 7] = [
    ("claim", "StepConcurrency"),
    ("confirm", "StepConcurrency"),
    ("drafts", "StepConcurrency"),
    ("hand-back", "StepConcurrency"),
    ("process", "StepConcurrency"),
    ("sign-in", "SignInConcurrency"),
    ("submit", "StepConcurrency"),
];

/// A new account has too little concurrency to keep any, so nothing is kept unless it is asked for.
pub(super) fn steps_and_signing_in_can_keep_their_concurrency(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    for (_, function) in document.of_kind("AWS::Serverless::Function") {
        let binary = function["Metadata"]["BuildProperties"]["Binary"]
            .as_str()
            .unwrap_or_default();
        let kept = &function["Properties"]["ReservedConcurrentExecutions"];
        let asked = references(kept, "");
        let is_optional = asked.contains("AWS::NoValue");
        let expected = RESERVED.iter().find(|(name, _)| *name == binary);
        let is_right = expected.map_or(kept.is_null(), |(_, parameter)| {
            is_optional && asked.contains(*parameter)
        });
        if !is_right {
            faults.push(format!("the concurrency of {binary} can't be chosen"));
        }
    }
    none(faults)
}
