//! Schedules of EventBridge Scheduler that call a function.

use serde::Deserialize;
use serde_json::Value as Json;

use super::mail::queue_of;
use super::{Function, TemplateError, Times, Trigger, content, typed};

/// A schedule that calls a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// What it goes by on this machine: the event's name, e.g. `claim-leases` for `ClaimLeases`.
    pub name: String,
    /// What it goes by on AWS: the function's logical ID with the event's name, as SAM names it.
    pub logical_id: String,
    /// The expression as the template says it.
    pub expression: String,
    /// The time zone that the expression is read in.
    pub timezone: String,
    /// When it is due.
    pub times: Times,
    /// The event that the function is called with, as JSON; without one Scheduler sends its own.
    pub input: Option<String>,
    /// Whether it runs by the clock.
    pub enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Event {
    schedule_expression: String,
    #[serde(default = "utc")]
    schedule_expression_timezone: String,
    input: Option<String>,
    #[serde(rename = "Description")]
    _description: Option<String>,
    #[serde(default)]
    state: State,
    #[serde(default)]
    retry_policy: RetryPolicy,
    dead_letter_config: Option<DeadLetterConfig>,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum State {
    #[default]
    Enabled,
    Disabled,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RetryPolicy {
    maximum_retry_attempts: Option<u32>,
    maximum_event_age_in_seconds: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DeadLetterConfig {
    arn: String,
}

/// Scheduler's own default.
fn utc() -> String {
    "UTC".to_owned()
}

/// Reads a schedule.
///
/// What Scheduler shall do with a call that Lambda does not take has to be right, and that is all: a call of a function
/// on this machine is never turned away. What becomes of a call that fails is the function's own setting.
pub(super) fn read(
    trigger: &Trigger,
    place: &str,
    function: &Function,
    queues: &[String],
) -> Result<Schedule, TemplateError> {
    let event: Event = typed(place, trigger.properties.clone())?;
    let (expression, timezone) = (event.schedule_expression, event.schedule_expression_timezone);
    let times = Times::parse(&expression, &timezone).map_err(|reason| content(place, reason))?;
    if let Some(input) = &event.input {
        serde_json::from_str::<Json>(input)
            .map_err(|error| content(place, format!("Input is no JSON: {error}")))?;
    }
    let policy = event.retry_policy;
    if policy.maximum_retry_attempts.is_some_and(|number| number > 185) {
        return Err(content(place, "MaximumRetryAttempts has to be from 0 to 185"));
    }
    let age = policy.maximum_event_age_in_seconds;
    if age.is_some_and(|seconds| !(60..=86_400).contains(&seconds)) {
        return Err(content(
            place,
            "MaximumEventAgeInSeconds has to be from 60 to 86,400",
        ));
    }
    if let Some(config) = event.dead_letter_config {
        queue_of(&config.arn, queues, place)?;
    }
    Ok(Schedule {
        name: kebab_case(&trigger.name),
        logical_id: format!("{}{}", function.logical_id, trigger.name),
        expression,
        timezone,
        times,
        input: event.input,
        enabled: event.state == State::Enabled,
    })
}

/// No two schedules can go by the same name.
pub(super) fn tell_apart(functions: &[Function]) -> Result<(), TemplateError> {
    let all = || functions.iter().flat_map(|function| &function.schedules);
    for (place, schedule) in all().enumerate() {
        if let Some(other) = all().take(place).find(|other| other.name == schedule.name) {
            let (one, other, name) = (&schedule.logical_id, &other.logical_id, &schedule.name);
            return Err(content(
                "Resources",
                format!("the schedules {other} and {one} would both be {name} on this machine"),
            ));
        }
    }
    Ok(())
}

/// `claim-leases` for `ClaimLeases`.
fn kebab_case(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut kebab = String::new();
    for (place, character) in characters.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| characters[before]);
        let ends_word = before.is_some_and(|before| !before.is_ascii_uppercase());
        let ends_acronym =
            before.is_some() && characters.get(place + 1).is_some_and(char::is_ascii_lowercase);
        if character.is_ascii_uppercase() && (ends_word || ends_acronym) {
            kebab.push('-');
        }
        kebab.push(character.to_ascii_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{SOURCE, Template};
    use super::*;

    /// The product's template, in which a function has these schedules too, each a name and its properties.
    fn with(schedules: &[(&str, &str)]) -> Result<Vec<Schedule>, String> {
        let before = "            Topic: !Ref MailFeedbackTopic\n";
        let (head, tail) = SOURCE.split_once(before).unwrap();
        let events = schedules.iter().map(|(name, properties)| {
            format!("        {name}:\n          Type: ScheduleV2\n          Properties: {{ {properties} }}\n")
        });
        // Events of a function are a mapping, so one more goes before the one that is there.
        let start = head.rfind("      Events:\n").unwrap() + "      Events:\n".len();
        let (head, event) = head.split_at(start);
        let source = format!("{head}{}{event}{before}{tail}", events.collect::<String>());
        let settings = BTreeMap::from([("CampaignOpens".to_owned(), "2023-03-01".to_owned())]);
        let template = Template::parse(&source, &settings).map_err(|error| error.to_string())?;
        Ok(template.function("feedback").unwrap().schedules.clone())
    }

    #[test]
    fn what_a_template_says_of_schedules_is_understood() {
        let schedules = with(&[
            (
                "EveryFive",
                "ScheduleExpression: rate(5 minutes), State: DISABLED, Description: Frees what nobody works on",
            ),
            (
                "AtThree",
                "ScheduleExpression: !Sub ['cron(${Minute} ${Hour} * * ? *)', \
                 { Hour: !Select [1, !Split ['-', !Ref CampaignOpens]], \
                 Minute: !Select [2, !Split ['-', !Ref CampaignOpens]] }], \
                 ScheduleExpressionTimezone: Asia/Hong_Kong, \
                 Input: '{\"at\":\"<aws.scheduler.scheduled-time>\"}', \
                 RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 }, \
                 DeadLetterConfig: { Arn: !GetAtt UnreadFeedback.Arn }",
            ),
        ])
        .unwrap();
        let [daily, often] = schedules.as_slice() else {
            panic!("{schedules:?}");
        };
        assert_eq!((often.name.as_str(), often.enabled), ("every-five", false));
        assert_eq!((often.timezone.as_str(), &often.input), ("UTC", &None));
        assert_eq!((daily.name.as_str(), daily.enabled), ("at-three", true));
        assert_eq!(daily.logical_id, "FeedbackFunctionAtThree");
        assert_eq!(daily.expression, "cron(01 03 * * ? *)");
        let next = daily.times.next(
            "2023-04-25T00:00:00Z".parse().unwrap(),
            jiff::Timestamp::UNIX_EPOCH,
        );
        assert_eq!(daily.times.shown(next.unwrap()), "2023-04-26T03:01:00+08:00");
    }

    #[test]
    fn what_a_schedule_says_and_this_does_not_understand_is_named_with_its_function_and_event() {
        let good = "ScheduleExpression: rate(5 minutes)";
        for (properties, named) in [
            (
                "ScheduleExpression: cron(61 9 * * ? *)".to_owned(),
                "cron(61 9 * * ? *) is no schedule",
            ),
            ("State: ENABLED".to_owned(), "ScheduleExpression"),
            (
                format!("{good}, ScheduleExpressionTimezone: Mars"),
                "no time zone Mars",
            ),
            (format!("{good}, State: PAUSED"), "PAUSED"),
            (
                format!("{good}, FlexibleTimeWindow: {{ Mode: OFF }}"),
                "FlexibleTimeWindow",
            ),
            (format!("{good}, Input: 'no JSON'"), "Input is no JSON"),
            (
                format!("{good}, RetryPolicy: {{ MaximumRetryAttempts: 186 }}"),
                "MaximumRetryAttempts",
            ),
            (
                format!("{good}, RetryPolicy: {{ MaximumEventAgeInSeconds: 59 }}"),
                "MaximumEventAge",
            ),
            (format!("{good}, RetryPolicy: {{ Attempts: 1 }}"), "Attempts"),
            (
                format!("{good}, DeadLetterConfig: {{ Arn: !GetAtt Table.Arn }}"),
                "none of the template's queues",
            ),
            (format!("{good}, DeadLetterConfig: {{ Type: SQS }}"), "Type"),
        ] {
            let refusal = with(&[("AtThree", &properties)]).unwrap_err();
            let place = "Resources.FeedbackFunction.Events.AtThree";
            assert!(
                refusal.contains(named) && refusal.contains(place),
                "{properties}: {refusal}"
            );
        }
    }

    #[test]
    fn two_schedules_of_one_name_are_refused() {
        let good = "ScheduleExpression: rate(5 minutes)";
        let refusal = with(&[("DailyRun", good), ("dailyRun", good)]).unwrap_err();
        assert!(
            refusal.contains("FeedbackFunctionDailyRun and FeedbackFunctiondailyRun would both be daily-run"),
            "{refusal}"
        );
    }

    #[test]
    fn a_schedules_name_is_its_events_in_small_letters_with_hyphens() {
        for (event, name) in [
            ("Remind", "remind"),
            ("ClaimLeases", "claim-leases"),
            ("SESRetry", "ses-retry"),
            ("Day1Report", "day1-report"),
            ("ABC", "abc"),
        ] {
            assert_eq!(kebab_case(event), name);
        }
    }
}
