//! Configuration. No other code in the product reads the environment.

use std::fmt;

use countersign_domain::approval::ReplyTime;
use countersign_domain::campaign::Campaign;
use countersign_domain::contact::{EmailAddress, UserIdRule};
use countersign_domain::id::Digest;
use countersign_domain::lease::Leases;

#[cfg(test)]
pub(crate) mod tests;
mod variables;

use variables::Variables;

/// The variables that template.yaml sets for every function.
pub const VARIABLES: [&str; 16] = [
    STACK_NAME,
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
    EDGE_DIGESTS,
];

/// The further variables that template.yaml sets for a function that people sign in to.
pub const SIGN_IN_VARIABLES: [&str; 8] = [
    PORTAL_URL,
    SIGN_IN_URL,
    TOKEN_ISSUER,
    CLIENT_ID,
    SESSION_HOURS,
    IDLE_MINUTES,
    SECOND_FACTOR,
    FOOTER_LINK,
];

/// The further variable that template.yaml sets for a function that offers checkers to decide by replying.
pub const REPLY_VARIABLES: [&str; 1] = [APPROVAL_BY_REPLY];

/// The further variables that template.yaml sets for a function that companies' own systems call.
pub const SYSTEM_VARIABLES: [&str; 2] = [TOKEN_ISSUER, SYSTEM_CALLS_PER_MINUTE];

/// The further variables that template.yaml sets for the function that sends e-mail.
pub const MAIL_VARIABLES: [&str; 3] = [PORTAL_URL, MAIL_FROM, MAIL_CONFIGURATION_SET];

/// The further variables that template.yaml sets for the function that keeps the user pool; it sends e-mail as well.
pub const POOL_VARIABLES: [&str; 3] = [USER_POOL, INVITATION_DAYS, TOKEN_MINUTES];

/// The further variables that template.yaml sets for the function that receives e-mail.
pub const INBOUND_VARIABLES: [&str; 2] = [MAIL_DOMAIN, INBOUND_BUCKET];

/// The further variable that template.yaml sets for the function that publishes events.
pub const EVENT_VARIABLES: [&str; 1] = [EVENT_BUS];

const STACK_NAME: &str = "STACK_NAME";
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
const EDGE_DIGESTS: &str = "EDGE_DIGESTS";
const PORTAL_URL: &str = "PORTAL_URL";
const SIGN_IN_URL: &str = "SIGN_IN_URL";
const TOKEN_ISSUER: &str = "TOKEN_ISSUER";
const SYSTEM_CALLS_PER_MINUTE: &str = "SYSTEM_CALLS_PER_MINUTE";
const CLIENT_ID: &str = "CLIENT_ID";
const SESSION_HOURS: &str = "SESSION_HOURS";
const IDLE_MINUTES: &str = "IDLE_MINUTES";
const SECOND_FACTOR: &str = "SECOND_FACTOR";
const FOOTER_LINK: &str = "FOOTER_LINK";
const MAIL_FROM: &str = "MAIL_FROM";
const MAIL_CONFIGURATION_SET: &str = "MAIL_CONFIGURATION_SET";
const APPROVAL_BY_REPLY: &str = "APPROVAL_BY_REPLY";
const MAIL_DOMAIN: &str = "MAIL_DOMAIN";
const INBOUND_BUCKET: &str = "INBOUND_BUCKET";
const EVENT_BUS: &str = "EVENT_BUS";
const USER_POOL: &str = "USER_POOL";
const INVITATION_DAYS: &str = "INVITATION_DAYS";
const TOKEN_MINUTES: &str = "TOKEN_MINUTES";

/// Lambda's own variables, and the SDK's variables that override an endpoint.
const REGION: &str = "AWS_REGION";
const ACCESS_KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
const DYNAMODB_ENDPOINT: &str = "AWS_ENDPOINT_URL_DYNAMODB";
const SES_ENDPOINT: &str = "AWS_ENDPOINT_URL_SESV2";
const S3_ENDPOINT: &str = "AWS_ENDPOINT_URL_S3";
const EVENTBRIDGE_ENDPOINT: &str = "AWS_ENDPOINT_URL_EVENTBRIDGE";
const COGNITO_ENDPOINT: &str = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";

/// A function's configuration, checked at start-up.
#[derive(Clone)]
pub struct Config {
    /// The stack's name, a dimension of its metrics.
    pub stack: String,
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
    /// The digests of the secrets by which CloudFront proves that an HTTP call came through it. Empty if there
    /// is no CloudFront.
    pub edge: Vec<Digest>,
    /// How people sign in. `None` for a function that nobody signs in to.
    pub sign_in: Option<SignInSettings>,
    /// The issuer of access tokens. `None` for a function that does not need it.
    pub token_issuer: Option<String>,
    /// How many calls a system may make in a minute. `None` for a function that no system calls.
    pub system_calls_per_minute: Option<u32>,
    /// How e-mail is sent. `None` for a function that sends none.
    pub mail: Option<MailSettings>,
    /// Whether checkers may decide by replying, where their company and they want it. False for a function that offers
    /// nobody to, and where nothing receives e-mail.
    pub approval_by_reply: bool,
    /// Where e-mail is received. `None` for a function that receives none.
    pub inbound: Option<InboundSettings>,
    /// The name of the event bus. `None` for a function that publishes no events.
    pub event_bus: Option<String>,
    /// The user pool. `None` for a function that changes nobody's account.
    pub user_pool: Option<UserPoolSettings>,
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
    /// After how many minutes without a page a session ends.
    pub idle_minutes: u16,
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

/// The user pool, whose accounts follow the directory.
#[derive(Debug, Clone)]
pub struct UserPoolSettings {
    /// The pool's ID.
    pub id: String,
    /// How many days a temporary password is good for.
    pub invitation_days: u16,
    /// How many minutes an access token is good for, a system's as well as a person's.
    pub token_minutes: u16,
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
    /// The same for S3. A local run sets it to the local mailbox, which keeps received e-mail.
    pub(crate) s3_endpoint: Option<String>,
    /// The same for EventBridge.
    pub(crate) eventbridge_endpoint: Option<String>,
    /// The same for Cognito's API for administrators.
    pub(crate) cognito_endpoint: Option<String>,
}

impl Aws {
    /// Reads from the process's environment how AWS is called, and none of the product's own variables.
    pub(crate) fn from_environment() -> Result<Self, ConfigError> {
        Variables(|name: &str| std::env::var(name).ok()).aws()
    }
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

    /// Returns the endpoint that replaces the region's for EventBridge, over plain HTTP.
    pub fn eventbridge_endpoint(&self) -> Option<&str> {
        self.aws.eventbridge_endpoint.as_deref()
    }

    /// Returns the endpoint that replaces the region's for Cognito, over plain HTTP.
    pub fn cognito_endpoint(&self) -> Option<&str> {
        self.aws.cognito_endpoint.as_deref()
    }

    /// Reads the configuration from the process's environment.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Reads the configuration from variables, each looked up by its name.
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let vars = Variables(vars);
        Ok(Self {
            stack: vars.needed(STACK_NAME)?,
            table: vars.needed(TABLE_NAME)?,
            campaign: vars.campaign()?,
            leases: vars.leases()?,
            reply_time: vars.reply_time()?,
            user_id_rule: vars.read(USER_ID_SUFFIX, "is not a regular expression", UserIdRule::new)?,
            log_level: vars.read(LOG_LEVEL, "is not error, warn, info, debug or trace", |text| {
                text.parse().ok()
            })?,
            edge: vars.edge()?,
            sign_in: vars.optional(CLIENT_ID).map(|_| vars.sign_in()).transpose()?,
            token_issuer: vars.optional(TOKEN_ISSUER),
            system_calls_per_minute: vars
                .optional(SYSTEM_CALLS_PER_MINUTE)
                .map(|_| vars.number_of_calls())
                .transpose()?,
            mail: vars.optional(MAIL_FROM).map(|_| vars.mail()).transpose()?,
            approval_by_reply: vars.approval_by_reply()?,
            inbound: vars
                .optional(INBOUND_BUCKET)
                .map(|_| vars.inbound())
                .transpose()?,
            event_bus: vars.optional(EVENT_BUS),
            user_pool: vars
                .optional(USER_POOL)
                .map(|id| vars.user_pool(id))
                .transpose()?,
            aws: vars.aws()?,
        })
    }
}
