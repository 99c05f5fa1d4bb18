//! Mail: the identity, the account's limits, the configuration set, and the receipt rules.

use aws_sdk_sesv2::types::DkimStatus;

use super::NO_STAND_IN;
use super::finding::Finding;
use crate::{AdminError, Deployment};

const SET_UP_MAIL: &str = "Set it up (docs/DEPLOY.md, Set up outgoing e-mail)";
const DEPLOY_AGAIN: &str = "Deploy the stack again (docs/DEPLOY.md, Build and deploy)";

pub(super) async fn check(deployment: &Deployment) -> Vec<Finding> {
    let Some(config) = deployment.service("sesv2") else {
        return vec![Finding::not_answered("mail", NO_STAND_IN)];
    };
    let client = aws_sdk_sesv2::Client::new(&config);
    let (identity, account, set, rules) = tokio::join!(
        identity(&client, deployment),
        account(&client),
        configuration_set(&client, deployment),
        receipt_rules(deployment),
    );
    let mut findings = vec![identity];
    findings.extend(account);
    findings.extend([set, rules]);
    findings
}

async fn identity(client: &aws_sdk_sesv2::Client, deployment: &Deployment) -> Finding {
    const CHECK: &str = "mail-identity";
    let Some(domain) = deployment.parameters.get("MailDomain") else {
        return Finding::not_answered(CHECK, "the mail domain is not known");
    };
    let answer = match client.get_email_identity().email_identity(domain).send().await {
        Ok(answer) => answer,
        Err(error) => return refused(CHECK, &error),
    };
    let dkim = answer.dkim_attributes().and_then(|dkim| dkim.status());
    let mut wrong = Vec::new();
    if !answer.verified_for_sending_status() {
        wrong.push(format!("SES has not verified {domain}"));
    }
    if dkim != Some(&DkimStatus::Success) {
        let status = dkim.map_or("unknown", DkimStatus::as_str);
        wrong.push(format!("the status of its DKIM records is {status}"));
    }
    Finding::of(
        CHECK,
        &wrong,
        format!("{domain} is verified, and so is DKIM"),
        SET_UP_MAIL,
    )
}

async fn account(client: &aws_sdk_sesv2::Client) -> Vec<Finding> {
    let answer = match client.get_account().send().await {
        Ok(answer) => answer,
        Err(error) => return vec![refused("mail-sandbox", &error), refused("mail-sending", &error)],
    };
    let sandbox = if answer.production_access_enabled() {
        Finding::ok("mail-sandbox", "the account is out of it")
    } else {
        let found = "the account is in it: e-mail goes to verified addresses alone, 200 a day";
        Finding::not_ok(
            "mail-sandbox",
            found,
            "Ask AWS for production access (docs/DEPLOY.md, Set up outgoing e-mail)",
        )
    };
    let quota = answer.send_quota();
    let sent = quota.map_or((0.0, 0.0), |quota| {
        (quota.sent_last24_hours(), quota.max24_hour_send())
    });
    let mut wrong = Vec::new();
    if !answer.sending_enabled() {
        wrong.push("SES has stopped the account".to_owned());
    }
    // A limit of -1 is none.
    if sent.1 > 0.0 && sent.0 > 0.8 * sent.1 {
        wrong.push(format!(
            "{:.0} of the day's {:.0} e-mails are sent",
            sent.0, sent.1
        ));
    }
    let sending = Finding::of(
        "mail-sending",
        &wrong,
        format!("on; {:.0} of {:.0} e-mails in 24 hours", sent.0, sent.1),
        "Ask AWS (docs/RUNBOOK.md, UnsentMailAlarm)",
    );
    vec![sandbox, sending]
}

async fn configuration_set(client: &aws_sdk_sesv2::Client, deployment: &Deployment) -> Finding {
    const CHECK: &str = "mail-configuration";
    let Some(name) = deployment.physical("MailConfiguration") else {
        return Finding::not_answered(CHECK, "the configuration set is not known");
    };
    let answer = match client
        .get_configuration_set()
        .configuration_set_name(name)
        .send()
        .await
    {
        Ok(answer) => answer,
        Err(error) => return refused(CHECK, &error),
    };
    let mut wrong = Vec::new();
    if answer
        .sending_options()
        .is_some_and(|sending| !sending.sending_enabled())
    {
        wrong.push("it does not send".to_owned());
    }
    let suppressed = answer
        .suppression_options()
        .map(|options| options.suppressed_reasons().len());
    if suppressed.is_none_or(|reasons| reasons > 0) {
        wrong.push(
            "SES's own suppression list is on, so e-mail may be dropped whatever the table says".to_owned(),
        );
    }
    Finding::of(
        CHECK,
        &wrong,
        format!("{name} sends, without SES's suppression list"),
        "Deploy the stack again (docs/RUNBOOK.md, An address that bounced works again)",
    )
}

async fn receipt_rules(deployment: &Deployment) -> Finding {
    const CHECK: &str = "receipt-rules";
    if deployment
        .parameters
        .get("ApprovalByReply")
        .is_some_and(|set| set == "no")
    {
        return Finding::ok(CHECK, "nothing receives mail: ApprovalByReply is no");
    }
    let (Some(config), Some(name)) = (deployment.service("ses"), deployment.physical("MailRules")) else {
        return Finding::not_answered(CHECK, NO_STAND_IN);
    };
    let client = aws_sdk_ses::Client::new(&config);
    let answer = match client.describe_active_receipt_rule_set().send().await {
        Ok(answer) => answer,
        Err(error) => return refused(CHECK, &error),
    };
    if answer.metadata().is_none_or(|set| set.name() != Some(name)) {
        return Finding::not_ok(
            CHECK,
            format!("{name} is not the active rule set, so no reply comes in"),
            "Activate it, or leave this check out if no company approves by reply (docs/DEPLOY.md, Set up approval by reply)",
        );
    }
    let off = answer.rules().iter().filter(|rule| !rule.enabled());
    let wrong: Vec<String> = off
        .map(|rule| format!("the rule {} is off", rule.name()))
        .collect();
    Finding::of(CHECK, &wrong, format!("{name} is active"), DEPLOY_AGAIN)
}

/// What is missing is not ok; a call that failed for another reason was not answered.
fn refused<E, R>(check: &'static str, error: &aws_sdk_sesv2::error::SdkError<E, R>) -> Finding
where
    E: std::error::Error + aws_sdk_sesv2::error::ProvideErrorMetadata + 'static,
    R: std::fmt::Debug + 'static,
{
    let code = error.as_service_error().and_then(|error| error.code());
    match code {
        Some("NotFoundException") => Finding::not_ok(check, "SES does not know it", DEPLOY_AGAIN),
        Some("UnknownOperationException") => Finding::not_answered(check, NO_STAND_IN),
        _ => Finding::not_answered(check, AdminError::aws("SES", error).to_string()),
    }
}
