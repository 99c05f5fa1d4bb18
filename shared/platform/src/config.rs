//! Configuration. Nothing else in the product reads the environment.

use std::fmt;

use countersign_domain::campaign::Campaign;
use countersign_domain::contact::UserIdRule;

/// The variables that template.yaml sets for every function.
pub const VARIABLES: [&str; 5] = [
    TABLE_NAME,
    CAMPAIGN_OPENS,
    CAMPAIGN_DEADLINE,
    USER_ID_SUFFIX,
    LOG_LEVEL,
];

const TABLE_NAME: &str = "TABLE_NAME";
const CAMPAIGN_OPENS: &str = "CAMPAIGN_OPENS";
const CAMPAIGN_DEADLINE: &str = "CAMPAIGN_DEADLINE";
const USER_ID_SUFFIX: &str = "USER_ID_SUFFIX";
const LOG_LEVEL: &str = "LOG_LEVEL";

/// Lambda's own variables, and the SDK's for another endpoint.
const REGION: &str = "AWS_REGION";
const ACCESS_KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
const DYNAMODB_ENDPOINT: &str = "AWS_ENDPOINT_URL_DYNAMODB";

/// A function's configuration, checked at start-up.
#[derive(Clone)]
pub struct Config {
    /// The table's name.
    pub table: String,
    /// The dates that matter.
    pub campaign: Campaign,
    /// Which User IDs belong to a participant.
    pub user_id_rule: UserIdRule,
    /// The least level that is logged.
    pub log_level: tracing::Level,
    /// How AWS is reached.
    pub(crate) aws: Aws,
}

/// How AWS is reached.
#[derive(Clone)]
pub(crate) struct Aws {
    pub(crate) region: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) session_token: Option<String>,
    /// Another endpoint than the region's own, over plain HTTP: the embedded engine's.
    pub(crate) dynamodb_endpoint: Option<String>,
}

/// A variable that is missing or unusable.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    variable: &'static str,
    problem: &'static str,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.variable, self.problem)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// From the process's environment.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// From variables by name.
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let optional = |variable| vars(variable).filter(|value: &String| !value.is_empty());
        let needed = |variable: &'static str| {
            optional(variable).ok_or(ConfigError {
                variable,
                problem: "is not set",
            })
        };
        let day = |variable: &'static str| {
            let problem = "is not a day like 2023-03-20";
            needed(variable)?
                .parse()
                .map_err(|_| ConfigError { variable, problem })
        };
        let campaign = Campaign::new(day(CAMPAIGN_OPENS)?, day(CAMPAIGN_DEADLINE)?).ok_or(ConfigError {
            variable: CAMPAIGN_DEADLINE,
            problem: "is before CAMPAIGN_OPENS",
        })?;
        let user_id_rule = UserIdRule::new(&needed(USER_ID_SUFFIX)?).ok_or(ConfigError {
            variable: USER_ID_SUFFIX,
            problem: "is not a regular expression",
        })?;
        let log_level = needed(LOG_LEVEL)?.parse().map_err(|_| ConfigError {
            variable: LOG_LEVEL,
            problem: "is not error, warn, info, debug or trace",
        })?;
        Ok(Self {
            table: needed(TABLE_NAME)?,
            campaign,
            user_id_rule,
            log_level,
            aws: Aws {
                region: needed(REGION)?,
                access_key: needed(ACCESS_KEY)?,
                secret_key: needed(SECRET_KEY)?,
                session_token: optional(SESSION_TOKEN),
                dynamodb_endpoint: optional(DYNAMODB_ENDPOINT),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(name: &str) -> Option<String> {
        let value = match name {
            CAMPAIGN_OPENS => "2023-03-20",
            CAMPAIGN_DEADLINE => "2023-04-28",
            USER_ID_SUFFIX => "[A-Z0-9]{1,4}",
            LOG_LEVEL => "info",
            TABLE_NAME | REGION | ACCESS_KEY | SECRET_KEY => "x",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn what_the_template_sets_is_enough() {
        assert!(Config::from_vars(vars).is_ok());
    }

    #[test]
    fn a_bad_variable_is_named() {
        for (variable, value) in [
            (TABLE_NAME, ""),
            (CAMPAIGN_OPENS, "20 March"),
            (CAMPAIGN_DEADLINE, "2023-03-19"),
            (USER_ID_SUFFIX, "["),
            (LOG_LEVEL, "loud"),
        ] {
            let read = |name: &str| {
                if name == variable {
                    Some(value.to_owned())
                } else {
                    vars(name)
                }
            };
            let error = Config::from_vars(read).err().unwrap();
            assert!(error.to_string().starts_with(variable), "{error}");
        }
    }
}
