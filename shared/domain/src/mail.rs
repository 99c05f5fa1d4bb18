//! What became of a mail: the ledger that says who was told of which step, and who could not be.

use jiff::Timestamp;

use crate::actor::{Actor, Member};
use crate::request::{Head, StateName};
use crate::workflow::Audience;

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailStatus {
    /// It is on its way to SES, or was when its sender went down.
    Sending,
    /// SES took it.
    Sent,
    /// The recipient's server keeps SES waiting.
    Delayed,
    /// It came back.
    Bounced,
    /// It arrived, and the recipient called it spam.
    Complained,
    /// SES refused to pass it on.
    Rejected,
    /// It was not tried: the address bounced or complained before, or is none.
    Suppressed,
}

impl MailStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Sending,
        Self::Sent,
        Self::Delayed,
        Self::Bounced,
        Self::Complained,
        Self::Rejected,
        Self::Suppressed,
    ];

    /// As the wire and storage name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delayed => "delayed",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Rejected => "rejected",
            Self::Suppressed => "suppressed",
        }
    }

    /// Reads what [`Self::as_str`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Whether the recipient is known not to have got it.
    pub fn is_undelivered(self) -> bool {
        match self {
            Self::Bounced | Self::Rejected | Self::Suppressed => true,
            Self::Sending | Self::Sent | Self::Delayed | Self::Complained => false,
        }
    }

    /// Whether people who look at the request should know of it.
    pub fn is_worth_telling(self) -> bool {
        self.is_undelivered() || self == Self::Delayed
    }

    /// The statuses that this one may follow. Notices come in any order and more than once, so what is final is not
    /// undone by what is late: a mail that bounced is not merely delayed, nor sent after all.
    pub fn may_follow(self) -> &'static [Self] {
        match self {
            Self::Sending | Self::Suppressed => &[],
            Self::Sent => &[Self::Sending],
            Self::Delayed => &[Self::Sending, Self::Sent],
            Self::Bounced | Self::Complained | Self::Rejected => &[Self::Sending, Self::Sent, Self::Delayed],
        }
    }
}

/// A mail in a request's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The version that the step it tells of made.
    pub version: u32,
    /// As what the recipient is told.
    pub audience: Audience,
    /// The recipient's name, if one is known.
    pub name: Option<String>,
    /// The recipient's address.
    pub address: String,
    /// Recipients who are told of that step as the same.
    pub among: u32,
    /// Where it stands.
    pub status: MailStatus,
    /// Since when.
    pub at: Timestamp,
}

impl Mail {
    /// Whether someone who may see the request may see this: what the company's own people and whom they named were
    /// told is the company's, what the desk was told is the exchange's.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        let is_officer = actor.member().is_some_and(Member::is_officer);
        match self.audience {
            Audience::Checkers | Audience::Maker | Audience::Checker | Audience::LastHolder => !is_officer,
            Audience::ExchangeDesk => is_officer,
            Audience::ContactPersons | Audience::NewAddresses => true,
        }
    }
}

/// Whether nobody of an audience got the mail of a step. Nobody is unreachable while one of them is still to be tried.
pub fn nobody_reached(mails: &[Mail], version: u32, audience: Audience) -> bool {
    let told: Vec<&Mail> = mails
        .iter()
        .filter(|mail| mail.version == version && mail.audience == audience)
        .collect();
    let all = told.first().map_or(0, |mail| mail.among as usize);
    all > 0 && told.len() == all && told.iter().all(|mail| mail.status.is_undelivered())
}

/// Whether it still matters to the maker that no checker was reached: the request waits for one, as that step left it.
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
            MailStatus::Suppressed,
        ] {
            for late in MailStatus::ALL {
                assert!(!late.may_follow().contains(&last), "{late:?} after {last:?}");
            }
        }
    }
}
