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

/// The variables that template.yaml sets, besides, for a function that people sign in to.
pub const SIGN_IN_VARIABLES: [&str; 4] = [PORTAL_URL, SIGN_IN_URL, TOKEN_ISSUER, CLIENT_ID];

const TABLE_NAME: &str = "TABLE_NAME";
const CAMPAIGN_OPENS: &str = "CAMPAIGN_OPENS";
const CAMPAIGN_DEADLINE: &str = "CAMPAIGN_DEADLINE";
const USER_ID_SUFFIX: &str = "USER_ID_SUFFIX";
const LOG_LEVEL: &str = "LOG_LEVEL";
const PORTAL_URL: &str = "PORTAL_URL";
const SIGN_IN_URL: &str = "SIGN_IN_URL";
const TOKEN_ISSUER: &str = "TOKEN_ISSUER";
const CLIENT_ID: &str = "CLIENT_ID";

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
    /// How people sign in, for a function that they sign in to.
    pub sign_in: Option<SignInSettings>,
    /// How AWS is reached.
    pub(crate) aws: Aws,
}

/// How people sign in.
#[derive(Debug, Clone)]
pub struct SignInSettings {
    /// The portal's own origin, e.g. `https://portal.example`, without a slash at its end.
    pub portal_url: String,
    /// The hosted sign-in's origin.
    pub sign_in_url: String,
    /// Who has to have issued a token.
    pub issuer: String,
    /// The client that tokens are issued to.
    pub client: String,
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
        let origin = |variable: &'static str| {
            let url = needed(variable)?;
            let is_origin = ["https://", "http://"].into_iter().any(|scheme| {
                url.strip_prefix(scheme)
                    .is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', ' ', ';', ',']))
            });
            let problem = "is not an origin like https://portal.example";
            if is_origin {
                Ok(url)
            } else {
                Err(ConfigError { variable, problem })
            }
        };
        let sign_in = match optional(PORTAL_URL) {
            None => None,
            Some(_) => Some(SignInSettings {
                portal_url: origin(PORTAL_URL)?,
                sign_in_url: origin(SIGN_IN_URL)?,
                issuer: needed(TOKEN_ISSUER)?,
                client: needed(CLIENT_ID)?,
            }),
        };
        Ok(Self {
            sign_in,
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
    fn a_function_that_people_sign_in_to_needs_all_of_it() {
        let with = |missing: &'static str| {
            Config::from_vars(move |name| match name {
                name if name == missing => None,
                PORTAL_URL | SIGN_IN_URL => Some("https://portal.example".to_owned()),
                TOKEN_ISSUER | CLIENT_ID => Some("x".to_owned()),
                name => vars(name),
            })
        };
        assert!(with("").unwrap().sign_in.is_some());
        assert!(with(PORTAL_URL).unwrap().sign_in.is_none());
        for missing in [SIGN_IN_URL, TOKEN_ISSUER, CLIENT_ID] {
            let error = with(missing).err().unwrap();
            assert_eq!(error.to_string(), format!("{missing} is not set"));
        }
    }

    #[test]
    fn a_bad_variable_is_named() {
        for (variable, value) in [
            (TABLE_NAME, ""),
            (CAMPAIGN_OPENS, "20 March"),
            (CAMPAIGN_DEADLINE, "2023-03-19"),
            (USER_ID_SUFFIX, "["),
            (LOG_LEVEL, "loud"),
            (PORTAL_URL, "https://portal.example/"),
            (PORTAL_URL, "portal.example"),
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
