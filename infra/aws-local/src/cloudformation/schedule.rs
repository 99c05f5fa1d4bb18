//! Schedules of EventBridge Scheduler that call a function.

use heck::ToKebabCase as _;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{Function, Reader, TemplateError, Times, content};

/// A schedule that calls a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// What it goes by on this machine: the event's name, e.g. `daily-count` for `DailyCount`.
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
    // On this machine a schedule goes by its event's name in any case.
    #[serde(rename = "OmitName")]
    _omit_name: Option<bool>,
    #[serde(rename = "GroupName")]
    _group_name: Option<String>,
    // Nothing here is bounded by IAM.
    #[serde(rename = "PermissionsBoundary")]
    _permissions_boundary: Option<String>,
    #[serde(rename = "Description")]
    _description: Option<String>,
    #[serde(default)]
    state: State,
    #[serde(rename = "RetryPolicy")]
    _retry_policy: Option<Json>,
    dead_letter_config: Option<DeadLetterConfig>,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum State {
    #[default]
    Enabled,
    Disabled,
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
/// What Scheduler does with a call that Lambda does not take is not read: a call of a function on this machine is never
/// turned away. What becomes of a call that fails is the function's own setting.
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
    if let Some(config) = event.dead_letter_config {
        reader.named("AWS::SQS::Queue", &config.arn, place)?;
    }
    Ok(Schedule {
        name: name.to_kebab_case(),
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
