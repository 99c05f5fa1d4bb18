//! People sign in as they need to, and an account with rules of its own takes the stack.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_norway::Value;

use super::super::document::{Document, File, items, members, named, none, references};

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

/// Colours are eight hexadecimal digits, the last two of which say that they cover what is behind.
fn colours(css: &str) -> BTreeMap<&str, String> {
    let tokens = css.split("--").filter_map(|token| token.split_once(':'));
    tokens
        .filter_map(|(name, rest)| {
            let digits = rest.trim_start().strip_prefix('#')?.split(';').next()?;
            let digits = match digits.len() {
                3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
                _ => digits.to_owned(),
            };
            Some((name, format!("{digits}ff")))
        })
        .collect()
}

/// What the hosted pages show in which of the portal's colours.
const COLOURS: [(&str, &str); 9] = [
    ("components/pageBackground/*/color", "ground"),
    ("components/form/*/backgroundColor", "paper"),
    ("components/pageText/*/headingColor", "text"),
    ("components/primaryButton/*/defaults/backgroundColor", "accent"),
    ("components/primaryButton/*/defaults/textColor", "on-accent"),
    ("components/alert/*/error/borderColor", "bad"),
    ("componentClasses/input/*/defaults/borderColor", "edge"),
    ("componentClasses/inputLabel/*/textColor", "text"),
    ("componentClasses/link/*/defaults/textColor", "accent"),
];

/// The portal's icon, as the sign-in pages take images.
const ICON: &[u8] = include_bytes!("../../../../functions/portal/assets/icon.svg");

pub(super) fn the_sign_in_pages_have_the_portals_colours_and_icon(document: &Document) -> Result<(), String> {
    let style = document.properties("SignInStyle");
    let css = document.text(File::Tokens);
    let (light, dark) = css
        .split_once("prefers-color-scheme: dark")
        .ok_or("there is no dark style")?;
    let dark = dark.split("@media print").next().unwrap_or_default();
    let modes = [("lightMode", colours(light)), ("darkMode", colours(dark))];
    let mut faults = Vec::new();
    for (mode, tokens) in &modes {
        for (path, token) in COLOURS {
            let path = path.replace('*', mode);
            let found = path.split('/').fold(&style["Settings"], |part, name| &part[name]);
            if found.as_str() != tokens.get(token).map(String::as_str) {
                faults.push(format!("{path} is not {token}"));
            }
        }
        let known: BTreeSet<&str> = tokens.values().map(String::as_str).collect();
        let mut shown = Vec::new();
        of_mode(&style["Settings"], mode, false, &mut shown);
        let strange = shown.iter().filter(|colour| !known.contains(colour.as_str()));
        faults.extend(strange.map(|colour| format!("{mode} shows {colour}, which the portal does not")));
    }
    let settings = &style["Settings"]["categories"];
    if settings["global"]["colorSchemeMode"] != "DYNAMIC" {
        faults.push("the pages are in one mode whatever the reader prefers".to_owned());
    }
    if settings["form"]["languageSelector"]["enabled"] != true {
        faults.push("the reader can't change the language".to_owned());
    }
    for image in items(&style["Assets"]) {
        let bytes = STANDARD.decode(image["Bytes"].as_str().unwrap_or_default());
        if bytes.as_deref() != Ok(ICON) {
            faults.push("an image is not the portal's icon".to_owned());
        }
    }
    none(faults)
}

/// The texts below a mode.
fn of_mode(value: &Value, mode: &str, is_inside: bool, found: &mut Vec<String>) {
    match value {
        Value::Mapping(_) => {
            for (name, part) in members(value) {
                of_mode(part, mode, is_inside || name == mode, found);
            }
        }
        Value::String(text) if is_inside => found.push(text.clone()),
        _ => {}
    }
}

/// Cognito does not know its reader's language. It takes a text of ours only where SES sends it.
pub(super) fn a_code_comes_in_both_languages_with_the_way_back(document: &Document) -> Result<(), String> {
    let Value::Tagged(choice) = &document.properties("UserPool")["VerificationMessageTemplate"] else {
        return Err("the pool refuses the text unless SES sends it".to_owned());
    };
    if choice.tag != "If" || choice.value[0] != "SendsCodesBySes" {
        return Err("the pool refuses the text unless SES sends it".to_owned());
    }
    let (subject, message) = (&choice.value[1]["EmailSubject"], &choice.value[1]["EmailMessage"]);
    let Value::Tagged(message) = message else {
        return Err("the e-mail has no way back".to_owned());
    };
    let subject = subject.as_str().unwrap_or_default();
    let (english, chinese) = message
        .value
        .as_str()
        .and_then(|text| text.split_once("<p lang=\"zh-HK\">"))
        .ok_or("the e-mail is in one language")?;
    let mut faults = Vec::new();
    let is_chinese = |text: &str| text.contains("驗證碼");
    if !is_chinese(subject) || !subject.contains("code") || !is_chinese(chinese) || !english.contains("code")
    {
        faults.push("the e-mail is in one language".to_owned());
    }
    for (language, text) in [("English", english), ("Chinese", chinese)] {
        if !text.contains("{####}") {
            faults.push(format!("the {language} text has no code"));
        }
        if !text.contains("href=\"${PortalUrl}/sign-in\"") {
            faults.push(format!("the {language} text has no way back"));
        }
    }
    none(faults)
}

/// In the sandbox, SES asks for a right to whom mail goes to as well; outside of it, nobody needs that right.
pub(super) fn mail_goes_out_in_the_sandbox_too(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    for (id, function) in document.of_kind("AWS::Serverless::Function") {
        let policies = items(&function["Properties"]["Policies"]);
        let mut statements = policies.flat_map(|policy| items(&policy["Statement"]));
        let sends = |one: &&Value| items(&one["Action"]).any(|action| action == "ses:SendEmail");
        let Some(statement) = statements.find(sends) else {
            continue;
        };
        let is_any = |resource: &Value| named(resource).ends_with(":identity/*");
        let in_sandbox = |resource: &Value| match resource {
            Value::Tagged(choice) if choice.tag == "If" => {
                choice.value[0] == "InMailSandbox" && is_any(&choice.value[1])
            }
            _ => false,
        };
        let resources: Vec<&Value> = items(&statement["Resource"]).collect();
        if !resources.iter().any(|resource| in_sandbox(resource)) {
            faults.push(format!("{id} can't send mail in the sandbox"));
        }
        if resources.iter().any(|resource| is_any(resource)) {
            faults.push(format!("{id} has the sandbox's right outside of it"));
        }
        if !references(&statement["Condition"], "").contains("MailDomain") {
            faults.push(format!("{id} sends from any address"));
        }
    }
    none(faults)
}
