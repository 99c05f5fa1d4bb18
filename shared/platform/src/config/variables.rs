//! Reads variables into settings, and says what is wrong with a variable that can't be read.

use countersign_domain::approval::ReplyTime;
use countersign_domain::calendar::WorkingHours;
use countersign_domain::campaign::{Campaign, Contradiction, Dates};
use countersign_domain::contact::EmailAddress;
use countersign_domain::id::Digest;
use countersign_domain::lease::{Lease, Leases};
use countersign_domain::time;

use super::{
    ACCESS_KEY, APPROVAL_BY_REPLY, Aws, CAMPAIGN_DEADLINE, CAMPAIGN_OPENS, CAMPAIGN_PARALLEL_RUN,
    CAMPAIGN_REMINDER_DAYS, CAMPAIGN_REMINDER_TIME, CAMPAIGN_TIME_ZONE, CLAIM_HOURS, CLAIM_WARNING_HOURS,
    CLIENT_ID, COGNITO_ENDPOINT, ConfigError, DYNAMODB_ENDPOINT, EDGE_DIGESTS, EVENTBRIDGE_ENDPOINT,
    FOOTER_LINK, FooterLink, IDLE_MINUTES, INBOUND_BUCKET, INVITATION_DAYS, InboundSettings,
    MAIL_CONFIGURATION_SET, MAIL_DOMAIN, MAIL_FROM, MailSettings, OFFICER_CLAIM_HOURS, PORTAL_URL, REGION,
    REPLY_HOURS, S3_ENDPOINT, SECOND_FACTOR, SECRET_KEY, SES_ENDPOINT, SESSION_HOURS, SESSION_TOKEN,
    SIGN_IN_URL, SYSTEM_CALLS_PER_MINUTE, SignInSettings, TOKEN_ISSUER, TOKEN_MINUTES, UserPoolSettings,
    WORKING_HOURS,
};

/// Looks up variables by name. An empty variable counts as not set.
pub(super) struct Variables<F>(pub(super) F);

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    pub(super) fn optional(&self, variable: &str) -> Option<String> {
        (self.0)(variable).filter(|value| !value.is_empty())
    }

    pub(super) fn needed(&self, variable: &'static str) -> Result<String, ConfigError> {
        self.optional(variable).ok_or(ConfigError {
            variable,
            problem: "is not set",
        })
    }

    pub(super) fn read<T>(
        &self,
        variable: &'static str,
        problem: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigError> {
        parse(&self.needed(variable)?).ok_or(ConfigError { variable, problem })
    }

    pub(super) fn aws(&self) -> Result<Aws, ConfigError> {
        Ok(Aws {
            region: self.needed(REGION)?,
            access_key: self.needed(ACCESS_KEY)?,
            secret_key: self.needed(SECRET_KEY)?,
            session_token: self.optional(SESSION_TOKEN),
            dynamodb_endpoint: self.optional(DYNAMODB_ENDPOINT),
            ses_endpoint: self.optional(SES_ENDPOINT),
            s3_endpoint: self.optional(S3_ENDPOINT),
            eventbridge_endpoint: self.optional(EVENTBRIDGE_ENDPOINT),
            cognito_endpoint: self.optional(COGNITO_ENDPOINT),
        })
    }

    pub(super) fn campaign(&self) -> Result<Campaign, ConfigError> {
        let day = "is not a day like 2023-03-20";
        let parallel_run = self.optional(CAMPAIGN_PARALLEL_RUN);
        // Every page and e-mail shows times as HKT, so no other zone is accepted.
        let zone = "is not Asia/Hong_Kong, whose time everything is shown in";
        self.read(CAMPAIGN_TIME_ZONE, zone, |text| {
            (text == time::ZONE).then_some(())
        })?;
        let dates = Dates {
            opens: self.read(CAMPAIGN_OPENS, day, |text| text.parse().ok())?,
            deadline: self.read(CAMPAIGN_DEADLINE, day, |text| text.parse().ok())?,
            parallel_run: parallel_run
                .map(|_| self.read(CAMPAIGN_PARALLEL_RUN, day, |text| text.parse().ok()))
                .transpose()?,
            reminder_days: self.read(
                CAMPAIGN_REMINDER_DAYS,
                "is not a list of days from 0 to 365 like 30,14,7,3,1,0",
                |text| {
                    let days = text.split(',').map(|day| day.trim().parse().ok());
                    days.map(|day| day.filter(|day| *day <= 365)).collect()
                },
            )?,
            reminder_time: self.read(
                CAMPAIGN_REMINDER_TIME,
                "is not a time like 09:00",
                time::time_of_day,
            )?,
        };
        Campaign::new(dates).map_err(|contradiction| {
            let (variable, problem) = match contradiction {
                Contradiction::DeadlineBeforeOpening => (CAMPAIGN_DEADLINE, "is before CAMPAIGN_OPENS"),
                Contradiction::ParallelRunBeforeDeadline => {
                    (CAMPAIGN_PARALLEL_RUN, "is not after CAMPAIGN_DEADLINE")
                }
                Contradiction::BeyondCalendar => (
                    CAMPAIGN_DEADLINE,
                    "has reminders in a year whose general holidays are not known; add it to \
                     shared/domain/src/calendar/holidays.rs",
                ),
            };
            ConfigError { variable, problem }
        })
    }

    pub(super) fn leases(&self) -> Result<Leases, ConfigError> {
        let (hours, warning) = (self.working_hours()?, self.hours(CLAIM_WARNING_HOURS)?);
        let lease = |length, problem| {
            Lease::new(hours, self.hours(length)?, warning).ok_or(ConfigError {
                variable: CLAIM_WARNING_HOURS,
                problem,
            })
        };
        Ok(Leases {
            checkers: lease(CLAIM_HOURS, "is not less than CLAIM_HOURS")?,
            officers: lease(OFFICER_CLAIM_HOURS, "is not less than OFFICER_CLAIM_HOURS")?,
        })
    }

    pub(super) fn reply_time(&self) -> Result<ReplyTime, ConfigError> {
        Ok(ReplyTime::new(self.working_hours()?, self.hours(REPLY_HOURS)?))
    }

    fn working_hours(&self) -> Result<WorkingHours, ConfigError> {
        self.read(
            WORKING_HOURS,
            "is not a span of time like 09:00-18:00",
            WorkingHours::parse,
        )
    }

    fn hours(&self, variable: &'static str) -> Result<u16, ConfigError> {
        self.read(variable, "is not a number of hours", |text| text.parse().ok())
    }

    pub(super) fn number_of_calls(&self) -> Result<u32, ConfigError> {
        let problem = "is not a number of calls";
        self.read(SYSTEM_CALLS_PER_MINUTE, problem, |text| text.parse().ok())
    }

    fn origin(&self, variable: &'static str) -> Result<String, ConfigError> {
        let problem = "is not an origin like https://portal.example";
        self.read(variable, problem, |url| {
            let host = url.strip_prefix("https://").or(url.strip_prefix("http://"))?;
            let is_host = !host.is_empty() && !host.contains(['/', '?', '#', ' ', ';', ',']);
            is_host.then(|| url.to_owned())
        })
    }

    pub(super) fn sign_in(&self) -> Result<SignInSettings, ConfigError> {
        Ok(SignInSettings {
            portal_url: self.origin(PORTAL_URL)?,
            sign_in_url: self.origin(SIGN_IN_URL)?,
            issuer: self.needed(TOKEN_ISSUER)?,
            client: self.needed(CLIENT_ID)?,
            session_hours: self.hours(SESSION_HOURS)?,
            idle_minutes: self.read(IDLE_MINUTES, "is not a number of minutes", |text| {
                text.parse().ok()
            })?,
            needs_second_factor: self.read(SECOND_FACTOR, "is not ON or OPTIONAL", |text| match text {
                "ON" => Some(true),
                "OPTIONAL" => Some(false),
                _ => None,
            })?,
            footer_link: self
                .optional(FOOTER_LINK)
                .map(|_| self.footer_link())
                .transpose()?,
        })
    }

    fn footer_link(&self) -> Result<FooterLink, ConfigError> {
        self.read(
            FOOTER_LINK,
            "is not like Status|狀態|https://status.example",
            |text| {
                let mut parts = text.splitn(3, '|').map(str::trim).filter(|part| !part.is_empty());
                let link = FooterLink {
                    english: parts.next()?.to_owned(),
                    traditional_chinese: parts.next()?.to_owned(),
                    address: parts.next()?.to_owned(),
                };
                let leads_somewhere = link.address.starts_with('/') || link.address.starts_with("https://");
                leads_somewhere.then_some(link)
            },
        )
    }

    pub(super) fn mail(&self) -> Result<MailSettings, ConfigError> {
        Ok(MailSettings {
            portal_url: self.origin(PORTAL_URL)?,
            from: self.read(MAIL_FROM, "is not an e-mail address", |text| {
                EmailAddress::parse(text).ok()
            })?,
            configuration_set: self.needed(MAIL_CONFIGURATION_SET)?,
        })
    }

    pub(super) fn user_pool(&self, id: String) -> Result<UserPoolSettings, ConfigError> {
        let days = "is not a number of days";
        Ok(UserPoolSettings {
            id,
            invitation_days: self.read(INVITATION_DAYS, days, |text| text.parse().ok())?,
            token_minutes: self.read(TOKEN_MINUTES, "is not a number of minutes", |text| {
                text.parse().ok()
            })?,
        })
    }

    pub(super) fn approval_by_reply(&self) -> Result<bool, ConfigError> {
        match self.optional(APPROVAL_BY_REPLY).as_deref() {
            Some("yes") => Ok(true),
            Some("no") | None => Ok(false),
            Some(_) => Err(ConfigError {
                variable: APPROVAL_BY_REPLY,
                problem: "is not yes or no",
            }),
        }
    }

    pub(super) fn edge(&self) -> Result<Vec<Digest>, ConfigError> {
        let Some(digests) = self.optional(EDGE_DIGESTS) else {
            return Ok(Vec::new());
        };
        let digests = digests.split(',').map(Digest::parse);
        digests.collect::<Option<_>>().ok_or(ConfigError {
            variable: EDGE_DIGESTS,
            problem: "is not SHA-256 digests in hexadecimal digits with commas between them",
        })
    }

    pub(super) fn inbound(&self) -> Result<InboundSettings, ConfigError> {
        Ok(InboundSettings {
            domain: self.needed(MAIL_DOMAIN)?,
            bucket: self.needed(INBOUND_BUCKET)?,
        })
    }
}
