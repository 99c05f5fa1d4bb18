//! Approval by reply: a checker answers the message that tells them of a request.
//!
//! The reply address holds a random token for one checker and one version of one request. Nobody else knows it, and the
//! step that it allows spends it. The token proves nothing by itself: the message must also prove that the checker sent
//! it, and the same workflow row applies as on the pages.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::campaign::Campaign;
use crate::id::Digest;

/// The longest time for which a token is valid.
pub const LASTS: SignedDuration = SignedDuration::from_hours(72);
/// How many answers a person gets on a Hong Kong calendar day to replies that take no step.
pub const MAX_ANSWERS: u32 = 10;

/// The start of the address's local part.
const PREFIX: &str = "approve+";
/// The base32 alphabet of RFC 4648, section 6, in lower case, as addresses are written.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Characters in a token: 128 bits at 5 bits a character.
const LENGTH: usize = 26;

/// A token. Only its digest is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct MailToken(String);

impl MailToken {
    /// Encodes 128 random bits.
    pub fn of_random(bits: u128) -> Self {
        // The first character holds the three highest bits, every other character five.
        let character = |index: usize| {
            let shift = 5 * (LENGTH - 1 - index);
            let five = usize::try_from((bits >> shift) & 31).unwrap_or_default();
            char::from(ALPHABET[five])
        };
        Self((0..LENGTH).map(character).collect())
    }

    /// Parses a token in upper or lower case, since mail servers may change the case of an address.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let is_token = text.len() == LENGTH && text.bytes().all(|b| ALPHABET.contains(&b));
        is_token.then_some(Self(text))
    }

    /// Reads the token from a recipient address; `None` if it is not a reply address of `domain`.
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

    /// The address to reply to. Its local part has 34 octets; RFC 5321, section 4.5.3.1.1, allows 64.
    pub fn address(&self, domain: &str) -> String {
        format!("{PREFIX}{}@{domain}", self.0)
    }

    /// The digest that is stored.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

/// Hides the token: it opens a step, so no log may show it.
impl fmt::Debug for MailToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailToken(…)")
    }
}

/// When a token that is issued now expires: after 72 hours, or at the deadline if that is sooner. `None` after the
/// deadline: a late request is worth signing in for.
pub fn expiry(now: Timestamp, campaign: &Campaign) -> Option<Timestamp> {
    let latest = now.saturating_add(LASTS).unwrap_or(now);
    campaign
        .guarantees(now)
        .then(|| latest.min(campaign.deadline_passed_at()))
}

/// The outcome of a message to a reply address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InboundResult {
    /// It took the step.
    Taken,
    /// It took no step, and the sender, who is the checker, is told why.
    Declined(Declined),
    /// It took no step, and nobody is told: it is an automatic reply, its sender is not proven, or the checker has had all
    /// answers of the day.
    Ignored(Ignored),
}

/// Why the checker's message took no step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Declined {
    /// Its first line is neither of the two accepted replies, or it returns the request without a reason.
    NotUnderstood,
    /// It names a request other than the one it replies to.
    OtherRequest,
    /// The token has expired.
    Expired,
    /// The token has already been used.
    Spent,
    /// Approval by reply is off for the company or the person.
    SwitchedOff,
    /// The person no longer has the right to check.
    RightMissing,
    /// The person has edited the request since.
    OwnRequest,
    /// The request has changed since, or someone else holds it.
    NoLongerPossible,
    /// It was sent to the reply addresses of several e-mails.
    SeveralTokens,
    /// Someone else sent it in the checker's name, or resent it.
    OnBehalf,
    /// Its text is encrypted or packed (S/MIME, PGP, TNEF).
    Encrypted,
    /// Its text is in a character set or an encoding that is not known.
    UnknownCharacters,
    /// It is too large, its text is too long, or it has too many parts.
    TooLong,
    /// It has no text.
    NoText,
    /// It is damaged: it violates the standards of e-mail so that its text is in doubt.
    Damaged,
}

/// Why a message was ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ignored {
    /// SES could not verify its sender, or found spam or a virus, or could not tell.
    NotAuthenticated,
    /// The checker did not send it.
    OtherSender,
    /// Who wrote it is unclear.
    Unreadable,
    /// It is an automatic reply.
    Automatic,
    /// The checker has had [`MAX_ANSWERS`] answers today.
    NoAnswerLeft,
}

impl Declined {
    /// Every reason.
    pub const ALL: [Self; 15] = [
        Self::NotUnderstood,
        Self::OtherRequest,
        Self::Expired,
        Self::Spent,
        Self::SwitchedOff,
        Self::RightMissing,
        Self::OwnRequest,
        Self::NoLongerPossible,
        Self::SeveralTokens,
        Self::OnBehalf,
        Self::Encrypted,
        Self::UnknownCharacters,
        Self::TooLong,
        Self::NoText,
        Self::Damaged,
    ];
}

impl InboundResult {
    /// The name in storage and in the log.
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
                Declined::SeveralTokens => "several-tokens",
                Declined::OnBehalf => "on-behalf",
                Declined::Encrypted => "encrypted",
                Declined::UnknownCharacters => "unknown-characters",
                Declined::TooLong => "too-long",
                Declined::NoText => "no-text",
                Declined::Damaged => "damaged",
            },
            Self::Ignored(why) => match why {
                Ignored::NotAuthenticated => "not-authenticated",
                Ignored::OtherSender => "other-sender",
                Ignored::Unreadable => "unreadable",
                Ignored::Automatic => "automatic",
                Ignored::NoAnswerLeft => "no-answer-left",
            },
        }
    }

    /// Reads, from what [`Self::as_str`] returns, the reason that the checker is told. `None` if the checker is told
    /// nothing.
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
