//! Approval by reply: a checker answers the mail that tells them of a request.
//!
//! The address that they reply to holds a token: drawn for one checker and one version of one request, known to nobody
//! else, and spent with the step that it allows. It proves nothing by itself. Whoever uses it has to be the checker by
//! the mail's own proof of its sender too, and is held to the same row of the workflow as on the pages.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::campaign::Campaign;
use crate::id::Digest;

/// How long a token lasts at most.
pub const LASTS: SignedDuration = SignedDuration::from_hours(72);
/// Mails that are looked at for one token. Whoever writes more often gets no answer any more.
pub const MAX_MAILS: u32 = 10;

/// What the local part of the address starts with.
const PREFIX: &str = "approve+";
/// RFC 4648, section 6, in lower case, as addresses are written.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Characters of a token: 128 bits, 5 a character.
const LENGTH: usize = 26;

/// A token. Only its digest is ever kept.
#[derive(Clone, PartialEq, Eq)]
pub struct MailToken(String);

impl MailToken {
    /// The token of 128 random bits.
    pub fn of_random(bits: u128) -> Self {
        // The first character holds the three highest bits, each further one five.
        let character = |index: usize| {
            let shift = 5 * (LENGTH - 1 - index);
            let five = usize::try_from((bits >> shift) & 31).unwrap_or_default();
            char::from(ALPHABET[five])
        };
        Self((0..LENGTH).map(character).collect())
    }

    /// Reads a token. Mail servers may change the case of an address, so it does not matter.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let is_token = text.len() == LENGTH && text.bytes().all(|b| ALPHABET.contains(&b));
        is_token.then_some(Self(text))
    }

    /// The token in an address that mail was sent to, if it is one of those that replies go to.
    pub fn of_recipient(address: &str, domain: &str) -> Option<Self> {
        let (local, at) = address.rsplit_once('@')?;
        if !at.eq_ignore_ascii_case(domain) || !local.is_char_boundary(PREFIX.len().min(local.len())) {
            return None;
        }
        let (prefix, token) = local.split_at(PREFIX.len().min(local.len()));
        prefix
            .eq_ignore_ascii_case(PREFIX)
            .then(|| Self::parse(token))
            .flatten()
    }

    /// The address to reply to: 34 octets before the at sign, of the 64 that there may be (RFC 5321, 4.5.3.1.1).
    pub fn address(&self, domain: &str) -> String {
        format!("{PREFIX}{}@{domain}", self.0)
    }

    /// What is kept of it.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

/// A token opens a step to whoever knows it, so no log shows one.
impl fmt::Debug for MailToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailToken(…)")
    }
}

/// Until when a token that is drawn now lasts: 72 hours, or the deadline if that is sooner. After the deadline none is
/// drawn: a late request is worth signing in for.
pub fn expiry(now: Timestamp, campaign: &Campaign) -> Option<Timestamp> {
    let latest = now.saturating_add(LASTS).unwrap_or(now);
    campaign
        .guarantees(now)
        .then(|| latest.min(campaign.deadline_passed_at()))
}

/// What became of a mail to such an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InboundResult {
    /// It took the step.
    Taken,
    /// It took no step, and its sender, who is the checker, is told why.
    Declined(Declined),
    /// It took no step, and nobody is told: it answered by itself, or who sent it is not proven.
    Ignored(Ignored),
}

/// Why the checker's mail took no step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Declined {
    /// Its first line is neither of the two that count; a return without a reason is none either.
    NotUnderstood,
    /// It names another request than the one that it answers.
    OtherRequest,
    /// The token's time is over.
    Expired,
    /// The token was used.
    Spent,
    /// Approval by reply is off for the company or the person.
    SwitchedOff,
    /// The person has no right to check any more.
    RightMissing,
    /// The person edited the request since.
    OwnRequest,
    /// The request has changed since, or is in other hands.
    NoLongerPossible,
}

/// Why a mail was passed over in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ignored {
    /// SES did not find that it comes from whom it says, or found spam or a virus, or could not tell.
    NotAuthenticated,
    /// It does not come from the checker.
    OtherSender,
    /// It can't be read.
    Unreadable,
    /// It answers by itself.
    Automatic,
}

impl Declined {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::NotUnderstood,
        Self::OtherRequest,
        Self::Expired,
        Self::Spent,
        Self::SwitchedOff,
        Self::RightMissing,
        Self::OwnRequest,
        Self::NoLongerPossible,
    ];
}

impl InboundResult {
    /// As storage and the log name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Declined(why) => match why {
                Declined::NotUnderstood => "not-understood",
                Declined::OtherRequest => "other-request",
                Declined::Expired => "expired",
                Declined::Spent => "spent",
                Declined::SwitchedOff => "switched-off",
                Declined::RightMissing => "right-missing",
                Declined::OwnRequest => "own-request",
                Declined::NoLongerPossible => "no-longer-possible",
            },
            Self::Ignored(why) => match why {
                Ignored::NotAuthenticated => "not-authenticated",
                Ignored::OtherSender => "other-sender",
                Ignored::Unreadable => "unreadable",
                Ignored::Automatic => "automatic",
            },
        }
    }

    /// Why the checker is told that no step was taken, read from what [`Self::as_str`] gives; `None` if they are not.
    pub fn declined(text: &str) -> Option<Declined> {
        Declined::ALL
            .into_iter()
            .find(|why| Self::Declined(*why).as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::campaign::Dates;
    use crate::time;

    #[test]
    fn every_token_is_read_again_from_its_address() {
        for bits in [0, 1, u128::MAX, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef] {
            let token = MailToken::of_random(bits);
            let address = token.address("countersign.example");
            assert!(address.split('@').next().unwrap().len() <= 64);
            assert_eq!(
                MailToken::of_recipient(&address, "countersign.example"),
                Some(token.clone())
            );
            let shouted = address.to_ascii_uppercase();
            assert_eq!(
                MailToken::of_recipient(&shouted, "countersign.example"),
                Some(token)
            );
        }
    }

    #[test]
    fn tokens_differ_in_each_of_their_bits() {
        let tokens: std::collections::BTreeSet<String> =
            (0..128).map(|bit| MailToken::of_random(1 << bit).0).collect();
        assert_eq!(tokens.len(), 128);
    }

    #[test]
    fn an_address_without_a_token_has_none() {
        let token = MailToken::of_random(7).0;
        for address in [
            format!("approve+{token}@elsewhere.example"),
            format!("approve+{token}x@countersign.example"),
            format!("approve-{token}@countersign.example"),
            format!("{token}@countersign.example"),
            "approve+@countersign.example".to_owned(),
            "approve@countersign.example".to_owned(),
            "審批+審批審批審批@countersign.example".to_owned(),
            "approve+".to_owned(),
            String::new(),
        ] {
            assert_eq!(
                MailToken::of_recipient(&address, "countersign.example"),
                None,
                "{address}"
            );
        }
    }

    #[test]
    fn a_token_lasts_72_hours_and_never_past_the_deadline() {
        let campaign = Campaign::new(Dates {
            opens: date(2023, 3, 20),
            deadline: date(2023, 4, 28),
            parallel_run: None,
            reminder_days: [].into(),
            reminder_time: jiff::civil::Time::midnight(),
        })
        .unwrap();
        let at = |text| time::parse(text).unwrap();
        let until = |text| expiry(at(text), &campaign).map(time::shown);
        assert_eq!(
            until("2023-03-27T10:43:00+08:00").as_deref(),
            Some("30-Mar-2023 10:43 HKT")
        );
        assert_eq!(
            until("2023-04-27T10:43:00+08:00").as_deref(),
            Some("29-Apr-2023 00:00 HKT")
        );
        assert_eq!(until("2023-04-29T00:00:00+08:00"), None);
    }
}
