//! The delivery of messages: the ledger of who was notified of which step, and who could not be reached.

use jiff::Timestamp;

use crate::actor::Actor;
use crate::contact::{EmailAddress, folded};
use crate::id::CompanyId;
use crate::request::{Head, StateName};
use crate::workflow::Audience;

/// The delivery status of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailStatus {
    /// It is on its way to SES, or its sender stopped before SES answered.
    Sending,
    /// SES accepted it.
    Sent,
    /// The recipient's server is making SES wait.
    Delayed,
    /// The recipient's server took it.
    Delivered,
    /// It came back.
    Bounced,
    /// It arrived, and the recipient marked it as spam.
    Complained,
    /// SES refused to deliver it.
    Rejected,
    /// It was not sent by itself: the recipient reads it in the day's digest.
    Collected,
    /// It was not sent: the address bounced or complained before, or is invalid.
    Suppressed,
}

impl MailStatus {
    /// Every status.
    pub const ALL: [Self; 9] = [
        Self::Sending,
        Self::Sent,
        Self::Delayed,
        Self::Delivered,
        Self::Bounced,
        Self::Complained,
        Self::Rejected,
        Self::Collected,
        Self::Suppressed,
    ];

    /// The name on the wire and in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Rejected => "rejected",
            Self::Collected => "collected",
            Self::Suppressed => "suppressed",
        }
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Whether it is known that the recipient did not get it.
    pub fn is_undelivered(self) -> bool {
        match self {
            Self::Bounced | Self::Rejected | Self::Suppressed => true,
            Self::Sending
            | Self::Sent
            | Self::Delayed
            | Self::Delivered
            | Self::Complained
            | Self::Collected => false,
        }
    }

    /// Whether people who look at the request should know about it.
    pub fn is_worth_telling(self) -> bool {
        self.is_undelivered() || self == Self::Delayed
    }

    /// The statuses that this one may replace. SES events arrive in any order and more than once, so a late event never
    /// replaces a final status: a message that bounced does not become delayed or sent. A server may take a message and
    /// return it later.
    pub fn may_follow(self) -> &'static [Self] {
        match self {
            Self::Sending | Self::Collected | Self::Suppressed => &[],
            Self::Sent => &[Self::Sending],
            Self::Delayed => &[Self::Sending, Self::Sent],
            Self::Delivered | Self::Rejected => &[Self::Sending, Self::Sent, Self::Delayed],
            Self::Bounced | Self::Complained => &[Self::Sending, Self::Sent, Self::Delayed, Self::Delivered],
        }
    }
}

/// How a person wants the mail that only informs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, strum::IntoStaticStr, strum::EnumString,
)]
#[strum(serialize_all = "kebab-case")]
pub enum ProgressMail {
    /// Each at once.
    #[default]
    AtOnce,
    /// One a day, with everything that happened.
    Daily,
    /// None.
    Never,
}

impl ProgressMail {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Daily, Self::Never];

    /// The name in storage and in the profile's form.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A message in a request's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The version created by the step that it tells of.
    pub version: u32,
    /// The audience that the recipient belongs to.
    pub audience: Audience,
    /// The recipient's name, if one is known.
    pub name: Option<String>,
    /// The recipient's address.
    pub address: String,
    /// How many recipients in that audience are notified of that step.
    pub among: u32,
    /// Its delivery status.
    pub status: MailStatus,
    /// Since when it has had that status.
    pub at: Timestamp,
}

impl Mail {
    /// Whether someone who may see the request may see this message. Messages to the company's people are for the
    /// company, and those to the desk are for officers. Both see messages to contact persons and to new addresses.
    pub fn is_visible_to(&self, actor: &Actor, company: &CompanyId) -> bool {
        // At its own company, the exchange is a company like any other.
        let is_officer = actor
            .member()
            .is_some_and(|member| member.is_officer() && member.company != *company);
        match self.audience {
            Audience::ContactPersons | Audience::NewAddresses => true,
            of_people => of_people.is_of_the_exchange() == is_officer,
        }
    }
}

/// Whether a step's messages reached nobody in an audience. While one is still to be tried, the answer is no.
pub fn nobody_reached(mails: &[Mail], version: u32, audience: Audience) -> bool {
    let told: Vec<&Mail> = mails
        .iter()
        .filter(|mail| mail.version == version && mail.audience == audience)
        .collect();
    let all = told.first().map_or(0, |mail| mail.among as usize);
    all > 0 && told.len() == all && told.iter().all(|mail| mail.status.is_undelivered())
}

/// Whether a message of a step told its recipient that this address is registered.
pub fn told_of_registration(mails: &[Mail], version: u32, address: &EmailAddress) -> bool {
    mails.iter().any(|mail| {
        mail.version == version
            && mail.audience == Audience::NewAddresses
            && folded(&mail.address) == address.folded()
    })
}

/// Whether the maker still needs to know that no checker was reached: the request still waits, as that step left it.
pub fn still_waits_for_a_checker(head: &Head, version: u32) -> bool {
    head.version == version && head.state.name() == StateName::ReadyToSend
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(address: &str, among: u32, status: MailStatus) -> Mail {
        Mail {
            version: 2,
            audience: Audience::Checkers,
            name: None,
            address: address.to_owned(),
            among,
            status,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn nobody_is_reached_only_once_every_ones_mail_has_failed() {
        use MailStatus::{Bounced, Sending, Sent, Suppressed};
        let reached = |mails: &[Mail]| !nobody_reached(mails, 2, Audience::Checkers);
        assert!(reached(&[]));
        assert!(
            reached(&[mail("a", 2, Bounced)]),
            "the other is still to be tried"
        );
        assert!(reached(&[mail("a", 2, Bounced), mail("b", 2, Sending)]));
        assert!(reached(&[mail("a", 2, Bounced), mail("b", 2, Sent)]));
        assert!(!reached(&[mail("a", 2, Bounced), mail("b", 2, Suppressed)]));
        assert!(!nobody_reached(&[mail("a", 1, Bounced)], 3, Audience::Checkers));
    }

    #[test]
    fn what_is_final_is_not_undone_by_a_late_notice() {
        for last in [
            MailStatus::Bounced,
            MailStatus::Complained,
            MailStatus::Rejected,
            MailStatus::Collected,
            MailStatus::Suppressed,
        ] {
            for late in MailStatus::ALL {
                assert!(!late.may_follow().contains(&last), "{late:?} after {last:?}");
            }
        }
        for late in [MailStatus::Sent, MailStatus::Delayed, MailStatus::Rejected] {
            assert!(!late.may_follow().contains(&MailStatus::Delivered), "{late:?}");
        }
    }
}
