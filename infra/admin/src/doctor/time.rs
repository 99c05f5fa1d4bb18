//! Time: this computer's clock against AWS's, the list of holidays, and the jobs that were due.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use countersign_domain::calendar;
use countersign_domain::time::day_of;
use countersign_platform::Config;
use countersign_platform::store::reminder::JobProgress;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::NO_STAND_IN;
use super::finding::Finding;
use crate::Deployment;

const SETTINGS: &str = "settings";
const CORRECT: &str = "Correct the parameter (docs/DEPLOY.md, Build and deploy)";

/// By how much this computer's clock may differ: AWS refuses calls from five minutes on.
const MAX_SKEW: SignedDuration = SignedDuration::from_secs(30);
/// How many days ahead the holidays have to be known: a claim or the time for a reply may reach that far.
const HORIZON_DAYS: i64 = 60;
/// How long a job that was due may take.
const MAX_DELAY: SignedDuration = SignedDuration::from_hours(4);
/// How old the count of the company that was counted longest ago may be. The schedule runs every hour.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(3);

pub(super) async fn check(deployment: &Deployment) -> Vec<Finding> {
    let settings = settings(deployment, &deployment.parameters);
    let (clock, counts, reminders) = tokio::join!(
        clock(deployment),
        counts(deployment),
        reminders(deployment, settings.as_ref().ok()),
    );
    vec![verdict(settings), holidays(deployment), clock, counts, reminders]
}

/// Whether the functions could read their settings if the deployment had these parameters.
pub(super) fn proposed(deployment: &Deployment, changes: Vec<(String, String)>) -> Vec<Finding> {
    let is_unknown = |(name, _): &&(String, String)| !deployment.parameters.contains_key(name);
    if let Some((name, _)) = changes.iter().find(is_unknown) {
        let found = format!("{} has no parameter {name}", deployment.name);
        return vec![Finding::not_ok(SETTINGS, found, CORRECT)];
    }
    let mut parameters = deployment.parameters.clone();
    parameters.extend(changes);
    vec![verdict(settings(deployment, &parameters))]
}

fn verdict(settings: Result<Config, Finding>) -> Finding {
    match settings {
        Ok(config) => Finding::ok(
            SETTINGS,
            format!("the deadline is {}", config.campaign.deadline()),
        ),
        Err(finding) => finding,
    }
}

/// What the functions read from parameters of the stack.
fn settings(deployment: &Deployment, parameters: &BTreeMap<String, String>) -> Result<Config, Finding> {
    if parameters.is_empty() {
        return Err(Finding::not_answered(SETTINGS, "the parameters are not known"));
    }
    let read = Config::from_vars(|name| match name {
        "TABLE_NAME" => Some(deployment.table.clone()),
        // What Lambda and the template make themselves, so that whatever is read beside it is checked as well.
        "AWS_REGION"
        | "AWS_ACCESS_KEY_ID"
        | "AWS_SECRET_ACCESS_KEY"
        | "CLIENT_ID"
        | "TOKEN_ISSUER"
        | "MAIL_CONFIGURATION_SET"
        | "STACK_NAME"
        | "USER_POOL" => Some("-".to_owned()),
        "SIGN_IN_URL" => Some("https://sign-in.example".to_owned()),
        "MAIL_FROM" => Some("no-reply@mail.example".to_owned()),
        name => parameters.get(&parameter(name)).cloned(),
    });
    read.map_err(|error| Finding::not_ok(SETTINGS, error.to_string(), CORRECT))
}

/// The parameter that a variable comes from: `CampaignOpens` for `CAMPAIGN_OPENS`.
fn parameter(variable: &str) -> String {
    let words = variable.split('_').map(|word| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_owned() + &rest.to_ascii_lowercase(),
        None => String::new(),
    });
    words.collect()
}

fn holidays(deployment: &Deployment) -> Finding {
    const CHECK: &str = "holidays";
    let (_, last) = calendar::years();
    let horizon = day_of(deployment.now()).saturating_add(HORIZON_DAYS.days());
    let wrong = if horizon.year() > last {
        vec![format!("known to the end of {last} only")]
    } else {
        vec![]
    };
    Finding::of(
        CHECK,
        &wrong,
        format!("known to the end of {last}"),
        "Deploy a release with the next year's (docs/RUNBOOK.md, UndoneJobsAlarm)",
    )
}

/// The exchange's overview is as old as its oldest count.
async fn counts(deployment: &Deployment) -> Finding {
    const CHECK: &str = "readiness-counts";
    let companies = match deployment.store.companies(None, None).await {
        Ok(companies) => companies,
        Err(error) => return Finding::not_answered(CHECK, error.to_string()),
    };
    let now = deployment.now();
    let late = companies.iter().filter(|company| {
        let counted = company.progress.as_ref().map(|(_, at)| *at);
        counted.is_none_or(|at| now.duration_since(at) > MAX_AGE)
    });
    let late = late.count();
    let wrong = if late == 0 {
        vec![]
    } else {
        vec![format!(
            "{late} of {} companies have none or an old one",
            companies.len()
        )]
    };
    Finding::of(
        CHECK,
        &wrong,
        format!(
            "{} companies, none older than {} hours",
            companies.len(),
            MAX_AGE.as_hours()
        ),
        "Have them counted again (docs/RUNBOOK.md, UncountedCompaniesAlarm)",
    )
}

/// Whether the last reminder that was due reached everybody.
async fn reminders(deployment: &Deployment, config: Option<&Config>) -> Finding {
    const CHECK: &str = "reminders";
    let Some(campaign) = config.map(|config| &config.campaign) else {
        return Finding::not_answered(CHECK, "the campaign is not known");
    };
    let Ok(days) = campaign.reminders() else {
        return Finding::not_answered(CHECK, "the holidays of some year are not known");
    };
    let now = deployment.now();
    let is_due = |day: jiff::civil::Date| {
        let due = countersign_domain::time::instant(day.to_datetime(campaign.reminder_time()));
        due.is_some_and(|due| now.duration_since(due) > MAX_DELAY)
    };
    let Some(last) = days.iter().rfind(|one| is_due(one.sent_on)) else {
        return Finding::ok(CHECK, "none was due yet");
    };
    match deployment.store.job_progress("reminders", last.day).await {
        Ok(JobProgress::Done) => Finding::ok(CHECK, format!("those of {} reached everybody", last.sent_on)),
        // The job keeps its progress for a while only.
        Ok(_) if now.duration_since(campaign.deadline_passed_at()) > SignedDuration::ZERO => {
            Finding::ok(CHECK, "the deadline has passed")
        }
        Ok(_) => Finding::not_ok(
            CHECK,
            format!("those of {} have not reached everybody", last.sent_on),
            "Run the job again (docs/RUNBOOK.md, UndoneJobsAlarm)",
        ),
        Err(error) => Finding::not_answered(CHECK, error.to_string()),
    }
}

/// Compares this computer's clock with the time that DynamoDB answers with.
async fn clock(deployment: &Deployment) -> Finding {
    const CHECK: &str = "clock";
    let Some(config) = deployment.service("dynamodb") else {
        return Finding::not_answered(CHECK, NO_STAND_IN);
    };
    let date = AnswerDate::default();
    let client = Client::new(&config);
    let call = client.describe_table().table_name(&deployment.table);
    // The answer's header counts, whatever the answer is.
    let _ = call.customize().interceptor(date.clone()).send().await;
    let there = date.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(there) = there else {
        return Finding::not_answered(CHECK, "the answer has no date");
    };
    let skew = Timestamp::now().duration_since(there).abs();
    let wrong = if skew > MAX_SKEW {
        vec![format!("this computer's differs from AWS's by {skew:#}")]
    } else {
        vec![]
    };
    Finding::of(
        CHECK,
        &wrong,
        "this computer's agrees with AWS's",
        "Set this computer's clock",
    )
}

/// Keeps the date of an answer.
#[derive(Debug, Clone, Default)]
struct AnswerDate(Arc<Mutex<Option<Timestamp>>>);

#[dyn_dispatch_hint]
impl Intercept for AnswerDate {
    fn name(&self) -> &'static str {
        "AnswerDate"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            date.and_then(|date| Timestamp::from_second(date.secs()).ok());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_comes_from_the_parameter_that_is_called_like_it() {
        assert_eq!(parameter("CAMPAIGN_OPENS"), "CampaignOpens");
        assert_eq!(parameter("USER_ID_SUFFIX"), "UserIdSuffix");
    }
}
