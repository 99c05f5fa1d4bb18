//! Schedules of EventBridge Scheduler that call a function.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Function, Reader, TemplateError, Times, content};

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
pub(super) struct ScheduleProperties {
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
    reader: &Reader<'_>,
    (name, logical_id): (&str, String),
    event: ScheduleProperties,
    place: &str,
) -> Result<Schedule, TemplateError> {
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
        reader.named("AWS::SQS::Queue", &config.arn, place)?;
    }
    Ok(Schedule {
        name: kebab_case(name),
        logical_id,
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
    use super::*;

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
