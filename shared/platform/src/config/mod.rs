//! Configuration. No other code in the product reads the environment.

use std::fmt;

use countersign_domain::approval::ReplyTime;
use countersign_domain::campaign::Campaign;
use countersign_domain::contact::{EmailAddress, UserIdRule};
use countersign_domain::lease::Leases;

mod variables;

use variables::Variables;

/// The variables that template.yaml sets for every function.
pub const VARIABLES: [&str; 14] = [
    TABLE_NAME,
    CAMPAIGN_OPENS,
    CAMPAIGN_DEADLINE,
    CAMPAIGN_PARALLEL_RUN,
    CAMPAIGN_REMINDER_DAYS,
    CAMPAIGN_REMINDER_TIME,
    CAMPAIGN_TIME_ZONE,
    WORKING_HOURS,
    CLAIM_HOURS,
    OFFICER_CLAIM_HOURS,
    CLAIM_WARNING_HOURS,
    REPLY_HOURS,
    USER_ID_SUFFIX,
    LOG_LEVEL,
];

/// The further variables that template.yaml sets for a function that people sign in to.
pub const SIGN_IN_VARIABLES: [&str; 7] = [
    PORTAL_URL,
    SIGN_IN_URL,
    TOKEN_ISSUER,
    CLIENT_ID,
    SESSION_HOURS,
    SECOND_FACTOR,
    FOOTER_LINK,
];

/// The further variables that template.yaml sets for the function that sends e-mail.
pub const MAIL_VARIABLES: [&str; 3] = [PORTAL_URL, MAIL_FROM, MAIL_CONFIGURATION_SET];

/// The further variables that template.yaml sets for the function that receives e-mail.
pub const INBOUND_VARIABLES: [&str; 2] = [MAIL_DOMAIN, INBOUND_BUCKET];

/// The further variable that template.yaml sets for the function that publishes events.
pub const EVENT_VARIABLES: [&str; 1] = [EVENT_BUS];

const TABLE_NAME: &str = "TABLE_NAME";
const CAMPAIGN_OPENS: &str = "CAMPAIGN_OPENS";
const CAMPAIGN_DEADLINE: &str = "CAMPAIGN_DEADLINE";
const CAMPAIGN_PARALLEL_RUN: &str = "CAMPAIGN_PARALLEL_RUN";
const CAMPAIGN_REMINDER_DAYS: &str = "CAMPAIGN_REMINDER_DAYS";
const CAMPAIGN_REMINDER_TIME: &str = "CAMPAIGN_REMINDER_TIME";
const CAMPAIGN_TIME_ZONE: &str = "CAMPAIGN_TIME_ZONE";
const WORKING_HOURS: &str = "WORKING_HOURS";
const CLAIM_HOURS: &str = "CLAIM_HOURS";
const OFFICER_CLAIM_HOURS: &str = "OFFICER_CLAIM_HOURS";
const CLAIM_WARNING_HOURS: &str = "CLAIM_WARNING_HOURS";
const REPLY_HOURS: &str = "REPLY_HOURS";
const USER_ID_SUFFIX: &str = "USER_ID_SUFFIX";
const LOG_LEVEL: &str = "LOG_LEVEL";
const PORTAL_URL: &str = "PORTAL_URL";
const SIGN_IN_URL: &str = "SIGN_IN_URL";
/// The variable that names the issuer of access tokens.
pub const TOKEN_ISSUER: &str = "TOKEN_ISSUER";
const CLIENT_ID: &str = "CLIENT_ID";
const SESSION_HOURS: &str = "SESSION_HOURS";
const SECOND_FACTOR: &str = "SECOND_FACTOR";
const FOOTER_LINK: &str = "FOOTER_LINK";
const MAIL_FROM: &str = "MAIL_FROM";
const MAIL_CONFIGURATION_SET: &str = "MAIL_CONFIGURATION_SET";
const MAIL_DOMAIN: &str = "MAIL_DOMAIN";
const INBOUND_BUCKET: &str = "INBOUND_BUCKET";
const EVENT_BUS: &str = "EVENT_BUS";

/// Lambda's own variables, and the SDK's variables that override an endpoint.
const REGION: &str = "AWS_REGION";
const ACCESS_KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
const DYNAMODB_ENDPOINT: &str = "AWS_ENDPOINT_URL_DYNAMODB";
const SES_ENDPOINT: &str = "AWS_ENDPOINT_URL_SESV2";
const S3_ENDPOINT: &str = "AWS_ENDPOINT_URL_S3";
const EVENTBRIDGE_ENDPOINT: &str = "AWS_ENDPOINT_URL_EVENTBRIDGE";

/// A function's configuration, checked at start-up.
#[derive(Clone)]
pub struct Config {
    /// The table's name.
    pub table: String,
    /// The campaign's dates.
    pub campaign: Campaign,
    /// How long claims last, and when their holders are warned.
    pub leases: Leases,
    /// How long a checker may decide by reply.
    pub reply_time: ReplyTime,
    /// Decides whether a User ID belongs to a participant.
    pub user_id_rule: UserIdRule,
    /// The lowest level that is logged.
    pub log_level: tracing::Level,
    /// How people sign in. `None` for a function that nobody signs in to.
    pub sign_in: Option<SignInSettings>,
    /// The issuer of access tokens. `None` for a function that does not need it.
    pub token_issuer: Option<String>,
    /// How e-mail is sent. `None` for a function that sends none.
    pub mail: Option<MailSettings>,
    /// Where e-mail is received. `None` for a function that receives none.
    pub inbound: Option<InboundSettings>,
    /// The name of the event bus. `None` for a function that publishes no events.
    pub event_bus: Option<String>,
    /// How AWS is called.
    pub(crate) aws: Aws,
}

/// How people sign in: the portal, the hosted pages and the tokens.
#[derive(Debug, Clone)]
pub struct SignInSettings {
    /// The portal's own origin, for example `https://portal.example`, without a trailing slash.
    pub portal_url: String,
    /// The hosted sign-in's origin.
    pub sign_in_url: String,
    /// The issuer that every token has to name.
    pub issuer: String,
    /// The ID of the client that tokens are issued to.
    pub client: String,
    /// How many hours after signing in a session ends.
    pub session_hours: u16,
    /// Whether everybody has to sign in with a second factor, or only those who have set one up.
    pub needs_second_factor: bool,
    /// A link of the operator's own in the footer of every page, for example to a status page.
    pub footer_link: Option<FooterLink>,
}

/// A link with its name in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterLink {
    /// Its name in English.
    pub english: String,
    /// Its name in Traditional Chinese.
    pub traditional_chinese: String,
    /// Where it leads: a path of the portal's own origin, or an `https` address.
    pub address: String,
}

/// How e-mail is sent.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The portal's own origin, which links start with, without a trailing slash.
    pub portal_url: String,
    /// The sender's address.
    pub from: EmailAddress,
    /// The SES configuration set, which publishes bounces and other events.
    pub configuration_set: String,
}

/// Where e-mail is received.
#[derive(Debug, Clone)]
pub struct InboundSettings {
    /// The domain that replies go to.
    pub domain: String,
    /// The bucket in which SES stores received e-mail.
    pub bucket: String,
}

/// How AWS is called.
#[derive(Clone)]
pub(crate) struct Aws {
    pub(crate) region: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) session_token: Option<String>,
    /// Replaces the region's endpoint, over plain HTTP. A local run sets it to the embedded engine.
    pub(crate) dynamodb_endpoint: Option<String>,
    /// The same for SES. A local run sets it to the local mailbox.
    pub(crate) ses_endpoint: Option<String>,
    /// The same for S3. A local run sets it to the local mailbox.
    pub(crate) s3_endpoint: Option<String>,
    /// The same for EventBridge.
    pub(crate) eventbridge_endpoint: Option<String>,
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
    /// Returns the endpoint that replaces the region's for SES, over plain HTTP. A local run sets it to the local
    /// mailbox.
    pub fn ses_endpoint(&self) -> Option<&str> {
        self.aws.ses_endpoint.as_deref()
    }

    /// Returns the endpoint that replaces the region's for S3, over plain HTTP. A local run sets it to the local
    /// mailbox, which keeps received e-mail.
    pub fn s3_endpoint(&self) -> Option<&str> {
        self.aws.s3_endpoint.as_deref()
    }

    /// Returns the endpoint that replaces the region's for EventBridge, over plain HTTP.
    pub fn eventbridge_endpoint(&self) -> Option<&str> {
        self.aws.eventbridge_endpoint.as_deref()
    }

    /// Reads the configuration from the process's environment.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Reads the configuration from variables, each looked up by its name.
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let vars = Variables(vars);
        Ok(Self {
            table: vars.needed(TABLE_NAME)?,
            campaign: vars.campaign()?,
            leases: vars.leases()?,
            reply_time: vars.reply_time()?,
            user_id_rule: vars.read(USER_ID_SUFFIX, "is not a regular expression", UserIdRule::new)?,
            log_level: vars.read(LOG_LEVEL, "is not error, warn, info, debug or trace", |text| {
                text.parse().ok()
            })?,
            sign_in: vars.optional(CLIENT_ID).map(|_| vars.sign_in()).transpose()?,
            token_issuer: vars.optional(TOKEN_ISSUER),
            mail: vars.optional(MAIL_FROM).map(|_| vars.mail()).transpose()?,
            inbound: vars
                .optional(INBOUND_BUCKET)
                .map(|_| vars.inbound())
                .transpose()?,
            event_bus: vars.optional(EVENT_BUS),
            aws: Aws {
                region: vars.needed(REGION)?,
                access_key: vars.needed(ACCESS_KEY)?,
                secret_key: vars.needed(SECRET_KEY)?,
                session_token: vars.optional(SESSION_TOKEN),
                dynamodb_endpoint: vars.optional(DYNAMODB_ENDPOINT),
                ses_endpoint: vars.optional(SES_ENDPOINT),
                s3_endpoint: vars.optional(S3_ENDPOINT),
                eventbridge_endpoint: vars.optional(EVENTBRIDGE_ENDPOINT),
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
            CAMPAIGN_REMINDER_DAYS => "30,14,7,3,1,0",
            CAMPAIGN_REMINDER_TIME => "09:00",
            CAMPAIGN_TIME_ZONE => "Asia/Hong_Kong",
            WORKING_HOURS => "09:00-18:00",
            CLAIM_HOURS => "8",
            OFFICER_CLAIM_HOURS => "16",
            CLAIM_WARNING_HOURS => "1",
            REPLY_HOURS => "27",
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
                SESSION_HOURS => Some("10".to_owned()),
                SECOND_FACTOR => Some("ON".to_owned()),
                name => vars(name),
            })
        };
        assert!(with("").unwrap().sign_in.is_some());
        assert!(with(CLIENT_ID).unwrap().sign_in.is_none());
        for missing in [
            PORTAL_URL,
            SIGN_IN_URL,
            TOKEN_ISSUER,
            SESSION_HOURS,
            SECOND_FACTOR,
        ] {
            let error = with(missing).err().unwrap();
            assert_eq!(error.to_string(), format!("{missing} is not set"));
        }
    }

    #[test]
    fn the_footer_has_a_link_only_if_the_operator_names_one() {
        let link = |value: &'static str| {
            let config = Config::from_vars(move |name| match name {
                PORTAL_URL | SIGN_IN_URL => Some("https://portal.example".to_owned()),
                TOKEN_ISSUER | CLIENT_ID => Some("x".to_owned()),
                SESSION_HOURS => Some("10".to_owned()),
                SECOND_FACTOR => Some("ON".to_owned()),
                FOOTER_LINK => Some(value.to_owned()),
                name => vars(name),
            });
            config.unwrap().sign_in.unwrap().footer_link
        };
        assert_eq!(link(""), None);
        let status = FooterLink {
            english: "Status".to_owned(),
            traditional_chinese: "狀態".to_owned(),
            address: "https://status.example/a?b=c".to_owned(),
        };
        assert_eq!(link("Status|狀態|https://status.example/a?b=c"), Some(status));
        assert_eq!(
            link("Mailbox|郵箱|/mailbox").map(|link| link.address),
            Some("/mailbox".to_owned())
        );
    }

    #[test]
    fn a_function_that_sends_mail_needs_all_of_it() {
        let with = |changed: &'static str, value: Option<&'static str>| {
            Config::from_vars(move |name| match name {
                name if name == changed => value.map(str::to_owned),
                PORTAL_URL => Some("https://portal.example".to_owned()),
                MAIL_FROM => Some("no-reply@portal.example".to_owned()),
                MAIL_CONFIGURATION_SET => Some("x".to_owned()),
                name => vars(name),
            })
        };
        assert!(with("", None).unwrap().mail.is_some());
        assert!(with(MAIL_FROM, None).unwrap().mail.is_none());
        for (variable, value, problem) in [
            (PORTAL_URL, None, "is not set"),
            (MAIL_CONFIGURATION_SET, None, "is not set"),
            (MAIL_FROM, Some("no-reply"), "is not an e-mail address"),
        ] {
            let error = with(variable, value).err().unwrap();
            assert_eq!(error.to_string(), format!("{variable} {problem}"));
        }
    }

    #[test]
    fn a_bad_variable_is_named() {
        for (variable, value) in [
            (TABLE_NAME, ""),
            (CAMPAIGN_OPENS, "20 March"),
            (CAMPAIGN_DEADLINE, "2023-03-19"),
            (CAMPAIGN_DEADLINE, "2093-04-28"),
            (CAMPAIGN_PARALLEL_RUN, "soon"),
            (CAMPAIGN_PARALLEL_RUN, "2023-04-28"),
            (CAMPAIGN_REMINDER_DAYS, "30,,7"),
            (CAMPAIGN_REMINDER_DAYS, "366"),
            (CAMPAIGN_REMINDER_DAYS, "-1"),
            (CAMPAIGN_REMINDER_TIME, "9"),
            (CAMPAIGN_TIME_ZONE, "Europe/London"),
            (WORKING_HOURS, "18:00-09:00"),
            (CLAIM_HOURS, "a day"),
            (OFFICER_CLAIM_HOURS, "two days"),
            (CLAIM_WARNING_HOURS, "8"),
            (REPLY_HOURS, "three days"),
            (USER_ID_SUFFIX, "["),
            (LOG_LEVEL, "loud"),
            (PORTAL_URL, "https://portal.example/"),
            (PORTAL_URL, "portal.example"),
            (FOOTER_LINK, "/status"),
            (FOOTER_LINK, "Status||/status"),
            (FOOTER_LINK, "Status|狀態|javascript:alert(1)"),
        ] {
            let read = |name: &str| match name {
                name if name == variable => Some(value.to_owned()),
                PORTAL_URL | SIGN_IN_URL if variable == FOOTER_LINK => {
                    Some("https://portal.example".to_owned())
                }
                CLIENT_ID | TOKEN_ISSUER => Some("x".to_owned()),
                SESSION_HOURS => Some("10".to_owned()),
                SECOND_FACTOR => Some("ON".to_owned()),
                name => vars(name),
            };
            let error = Config::from_vars(read).err().unwrap();
            assert!(error.to_string().starts_with(variable), "{error}");
        }
    }
}
