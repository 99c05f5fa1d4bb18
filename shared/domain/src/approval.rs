//! Approval by reply: a checker answers the message that tells them of a request.
//!
//! The reply address holds a random token for one checker and one version of one request. Nobody else knows it, and the
//! step that it allows spends it. The token proves nothing by itself: the message must also prove that the checker sent
//! it, and the same workflow row applies as on the pages.

use std::fmt;

use jiff::Timestamp;

use crate::calendar::{BeyondCalendar, WorkingHours};
use crate::campaign::Campaign;
use crate::id::Digest;
use crate::time;

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

/// How long a token counts: a number of working hours, as for a claim, but never past the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyTime {
    hours: WorkingHours,
    length: u16,
}

impl ReplyTime {
    /// A token counts for `length` working hours.
    pub fn new(hours: WorkingHours, length: u16) -> Self {
        Self { hours, length }
    }

    /// The number of working hours.
    pub fn length(&self) -> u16 {
        self.length
    }

    /// When a token that is issued now expires. `None` after the deadline: a late request is worth signing in for.
    pub fn ends(&self, now: Timestamp, campaign: &Campaign) -> Option<Timestamp> {
        let latest = match self.hours.after(now, self.length) {
            Ok(end) => end,
            // Nobody knows which days are working days from this one on, so a token does not outlast the day before it.
            Err(BeyondCalendar(day)) => time::start_of_day(day)?,
        };
        let end = latest.min(campaign.deadline_passed_at());
        (now < end).then_some(end)
    }
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
    /// Its first line is neither of the two accepted replies.
    NotUnderstood,
    /// It returns the request without a reason.
    NoReason,
    /// It confirms, and another line says RETURN.
    BothCommands,
    /// It starts with a quote or a signature, and nothing below one decides.
    NotAtTop,
    /// Its plain text and its HTML say different things, or it has two texts of one kind.
    RenderingsDiffer,
    /// The command's line or the words below it hold a control character, so two readers may see different lines.
    ControlCharacters,
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
    /// The person was the first of two checkers.
    CheckedFirst,
    /// The request has changed since, or someone else holds it.
    NoLongerPossible,
    /// It was sent to the reply addresses of several e-mails.
    SeveralTokens,
    /// Someone else sent it in the checker's name, or resent it.
    OnBehalf,
    /// Its text is encrypted or packed (S/MIME, PGP, TNEF).
    Encrypted,
    /// Its text is in a character set or an encoding that is not known, or is not what its character set says.
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
    pub const ALL: [Self; 21] = [
        Self::NotUnderstood,
        Self::NoReason,
        Self::BothCommands,
        Self::NotAtTop,
        Self::RenderingsDiffer,
        Self::ControlCharacters,
        Self::OtherRequest,
        Self::Expired,
        Self::Spent,
        Self::SwitchedOff,
        Self::RightMissing,
        Self::OwnRequest,
        Self::CheckedFirst,
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
                Declined::NoReason => "no-reason",
                Declined::BothCommands => "both-commands",
                Declined::NotAtTop => "not-at-top",
                Declined::RenderingsDiffer => "renderings-differ",
                Declined::ControlCharacters => "control-characters",
                Declined::OtherRequest => "other-request",
                Declined::Expired => "expired",
                Declined::Spent => "spent",
                Declined::SwitchedOff => "switched-off",
                Declined::RightMissing => "right-missing",
                Declined::OwnRequest => "own-request",
                Declined::CheckedFirst => "checked-first",
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
    use jiff::civil::{Date, date};

    use super::*;
    use crate::campaign::Dates;

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

    fn campaign(deadline: Date) -> Campaign {
        Campaign::new(Dates {
            opens: date(2023, 3, 20),
            deadline,
            parallel_run: None,
            reminder_days: [].into(),
            reminder_time: jiff::civil::Time::midnight(),
        })
        .unwrap()
    }

    fn until(text: &str, campaign: &Campaign) -> Option<String> {
        let time = ReplyTime::new(WorkingHours::parse("09:00-18:00").unwrap(), 27);
        let now = time::parse(&format!("{text}:00+08:00")).unwrap();
        time.ends(now, campaign).map(time::shown)
    }

    #[test]
    fn a_token_counts_working_hours_so_that_no_night_weekend_or_holiday_uses_it_up() {
        let campaign = campaign(date(2023, 4, 28));
        for (issued, ends) in [
            ("2023-03-27T10:43", "30-Mar-2023 10:43 HKT"),
            ("2023-03-27T22:00", "30-Mar-2023 18:00 HKT"),
            // Over a weekend.
            ("2023-03-24T17:00", "29-Mar-2023 17:00 HKT"),
            // Over Ching Ming and from Good Friday to Easter Monday.
            ("2023-04-04T17:00", "12-Apr-2023 17:00 HKT"),
        ] {
            assert_eq!(until(issued, &campaign).as_deref(), Some(ends), "{issued}");
        }
    }

    #[test]
    fn a_token_ends_with_the_deadline_and_with_the_calendar() {
        let spring = campaign(date(2023, 4, 28));
        assert_eq!(
            until("2023-04-27T10:43", &spring).as_deref(),
            Some("29-Apr-2023 00:00 HKT")
        );
        assert_eq!(until("2023-04-29T00:00", &spring), None);
        let (_, last) = crate::calendar::years();
        let endless = campaign(date(last + 9, 1, 1));
        assert_eq!(
            until(&format!("{last}-12-31T17:00"), &endless),
            Some(format!("01-Jan-{} 00:00 HKT", last + 1))
        );
        assert_eq!(until(&format!("{}-01-01T00:00", last + 1), &endless), None);
    }
}
