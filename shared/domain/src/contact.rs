//! How to reach a person: e-mail address, telephone number, and the User ID that a Delegated Administrator signs in
//! with.

use std::fmt;

use unicode_security::MixedScript as _;

use crate::character;
use crate::fault::FaultKind;
use crate::id::ParticipantId;

/// One e-mail address, as RFC 5321 and RFC 5322 are used in practice: a dot-atom at an ASCII or internationalised
/// domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    written: String,
    ascii: String,
}

/// Why a reader could mistake an address for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// A part of its domain mixes letters of several scripts.
    MixedScripts,
    /// A part of its domain looks like Latin letters but is not.
    LooksLatin,
}

impl EmailAddress {
    /// Maximum octets of a path without its angle brackets (RFC 5321, section 4.5.3.1.3; RFC 3696, erratum 1690).
    pub const MAX_OCTETS: usize = 254;
    /// Maximum octets of a local part (RFC 5321, section 4.5.3.1.1).
    const MAX_LOCAL_OCTETS: usize = 64;

    /// Parses one address into its canonical form: full-width letters become ASCII, and UTS 46 maps the domain. Refuses
    /// quoted local parts, comments, address literals and display names: no mailbox of a Delegated Administrator has
    /// them, and each has been used for an injection somewhere. Also refuses invisible characters, which UTS 46 would
    /// drop.
    pub fn parse(text: &str) -> Result<Self, FaultKind> {
        if let Some(at) = character::first_invisible(text) {
            return Err(FaultKind::Character(at));
        }
        let narrow = character::narrow(text);
        let (local, domain) = narrow.rsplit_once('@').ok_or(FaultKind::Email)?;
        if !is_dot_atom(local) || local.len() > Self::MAX_LOCAL_OCTETS {
            return Err(FaultKind::Email);
        }
        let (ascii, unicode) = canonical_domain(domain).ok_or(FaultKind::Email)?;
        let (ascii, written) = (format!("{local}@{ascii}"), format!("{local}@{unicode}"));
        if ascii.len() > Self::MAX_OCTETS || written.len() > Self::MAX_OCTETS {
            return Err(FaultKind::Email);
        }
        Ok(Self { written, ascii })
    }

    /// The address as people write it, with the domain in its own script.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The address as it goes on the wire, with the domain in its ASCII form (RFC 5891).
    pub fn ascii(&self) -> &str {
        &self.ascii
    }

    /// The address as addresses are compared: as it goes on the wire, in lower case. A server may tell two local parts
    /// apart by their capitals (RFC 5321, section 2.4), but none that people use does.
    pub fn folded(&self) -> String {
        self.ascii.to_ascii_lowercase()
    }

    /// The form that goes on the wire, if people write it differently.
    pub fn other_form(&self) -> Option<&str> {
        (self.written != self.ascii).then_some(&self.ascii)
    }

    /// What to warn a reader of.
    pub fn caution(&self) -> Option<Caution> {
        let domain = self.written.rsplit_once('@').map_or("", |(_, domain)| domain);
        let cautions = domain.split('.').filter(|label| !label.is_ascii()).map(|label| {
            let looks_latin = unicode_security::skeleton(label).all(|c| c.is_ascii());
            if !label.is_single_script() {
                Some(Caution::MixedScripts)
            } else if looks_latin {
                Some(Caution::LooksLatin)
            } else {
                None
            }
        });
        cautions.flatten().next()
    }
}

/// A stored address as addresses are compared, see [`EmailAddress::folded`]. Text that is no address only loses its
/// capitals.
pub fn folded(address: &str) -> String {
    EmailAddress::parse(address).map_or_else(|_| address.to_lowercase(), |address| address.folded())
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Whether a local part is a dot-atom (RFC 5322, section 3.2.3).
fn is_dot_atom(local: &str) -> bool {
    let is_atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

/// The domain in its two canonical forms (UTS 46), ASCII and Unicode, both in lower case. It needs at least two labels
/// of letters, digits and inner hyphens (RFC 1035, section 2.3.1). The last one can't be all digits, so that no IPv4
/// address passes for a name.
fn canonical_domain(domain: &str) -> Option<(String, String)> {
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let (unicode, mapped) = idna::domain_to_unicode(&ascii);
    mapped.ok()?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_name = labels.len() >= 2 && ascii.len() <= 253 && labels.iter().all(is_label);
    let top_is_name = labels
        .last()
        .is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    (is_name && top_is_name).then_some((ascii, unicode))
}

/// A telephone number: international by ITU-T E.164, or 8 digits of Hong Kong's numbering plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Telephone(String);

impl Telephone {
    /// Parses a number. Removes single spaces and hyphens between digits.
    pub fn parse(text: &str) -> Result<Self, FaultKind> {
        let (plus, rest) = text.strip_prefix('+').map_or(("", text), |rest| ("+", rest));
        let groups: Vec<&str> = rest.split([' ', '-']).collect();
        let numeric = groups
            .iter()
            .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
        let digits = groups.concat();
        let fits = if plus.is_empty() {
            // Hong Kong's subscriber numbers start with 2 to 9; 0 and 1 lead service codes.
            digits.len() == 8 && !digits.starts_with(['0', '1'])
        } else {
            // ITU-T E.164: a country code that does not start with 0, and 15 digits at most.
            (7..=15).contains(&digits.len()) && !digits.starts_with('0')
        };
        if numeric && fits {
            Ok(Self(format!("{plus}{digits}")))
        } else {
            Err(FaultKind::Telephone)
        }
    }

    /// The digits of the number, after a `+` if it is international.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The rule that says which User IDs belong to a participant: the participant's ID followed by a suffix. The suffix is
/// configured.
#[derive(Debug, Clone)]
pub struct UserIdRule {
    suffix: String,
    whole_suffix: regex_lite::Regex,
}

impl UserIdRule {
    /// Takes the suffix as a regular expression that matches it as a whole, e.g. `[A-Z0-9]{1,4}`. `None` if it isn't
    /// one.
    pub fn new(suffix: &str) -> Option<Self> {
        let whole_suffix = regex_lite::Regex::new(&format!("^(?:{suffix})$")).ok()?;
        Some(Self {
            suffix: suffix.to_owned(),
            whole_suffix,
        })
    }

    /// The regular expression of the suffix, as it was configured.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }
}

/// The User ID of a CCASS/CCMS Delegated Administrator: `B01234X1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// Maximum octets, whatever the configured rule allows.
    pub const MAX_OCTETS: usize = 32;

    /// Parses a User ID of a participant. Converts it to upper case, as terminals show it.
    pub fn parse(text: &str, participant: &ParticipantId, rule: &UserIdRule) -> Result<Self, FaultKind> {
        let capitals = text.to_ascii_uppercase();
        let is_plain =
            capitals.len() <= Self::MAX_OCTETS && capitals.bytes().all(|b| b.is_ascii_alphanumeric());
        match capitals.strip_prefix(participant.as_str()) {
            Some(suffix) if is_plain && rule.whole_suffix.is_match(suffix) => Ok(Self(capitals)),
            _ => Err(FaultKind::UserId {
                participant: participant.to_string(),
                suffix: rule.suffix.clone(),
            }),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_dot_atom_at_a_domain() {
        for good in [
            "ABC@bank.com.hk",
            "o'neill+da3@x-y.example",
            "a@bücher.example",
            "陳@例子.example",
        ] {
            assert_eq!(
                EmailAddress::parse(good).is_ok(),
                good.is_ascii() || good.starts_with('a'),
                "{good}"
            );
        }
        let bad = [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b",
            "a@@b.example",
            "a b@c.example",
            "a@b..example",
            ".a@b.example",
            "a.@b.example",
            "\"a b\"@c.example",
            "A <a@b.example>",
            "a@b.example,c@d.example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@-b.example",
            "a@b.example\r\nBcc: c@d.example",
            "a@b_c.example",
            "a@b.example.",
        ];
        for bad in bad {
            assert_eq!(EmailAddress::parse(bad), Err(FaultKind::Email), "{bad:?}");
        }
    }

    #[test]
    fn an_address_holds_254_octets_at_most() {
        let domain = format!("{}.{}.{}.example", "b".repeat(63), "c".repeat(63), "d".repeat(53));
        let longest = format!("{}@{domain}", "a".repeat(254 - 1 - domain.len()));
        assert_eq!(longest.len(), 254);
        assert!(EmailAddress::parse(&longest).is_ok());
        assert!(EmailAddress::parse(&format!("a{longest}")).is_err());
        assert!(EmailAddress::parse(&format!("{}@b.example", "a".repeat(65))).is_err());
    }

    #[test]
    fn an_internationalised_domain_goes_on_the_wire_in_ascii() {
        let address = EmailAddress::parse("da@例子.example").unwrap();
        assert_eq!(address.as_str(), "da@例子.example");
        assert_eq!(address.ascii(), "da@xn--fsqu00a.example");
    }

    #[test]
    fn an_address_has_one_canonical_form_however_it_is_typed() {
        for (typed, written, ascii) in [
            ("da@ｂａｎｋ.example", "da@bank.example", "da@bank.example"),
            ("ｄａ＠bank。example", "da@bank.example", "da@bank.example"),
            ("ABC@Bank.COM.hk", "ABC@bank.com.hk", "ABC@bank.com.hk"),
            (
                "da@BÜCHER.example",
                "da@bücher.example",
                "da@xn--bcher-kva.example",
            ),
            (
                "da@xn--bcher-kva.example",
                "da@bücher.example",
                "da@xn--bcher-kva.example",
            ),
            (
                "da@bu\u{308}cher.example",
                "da@bücher.example",
                "da@xn--bcher-kva.example",
            ),
        ] {
            let address = EmailAddress::parse(typed).unwrap();
            assert_eq!((address.as_str(), address.ascii()), (written, ascii), "{typed}");
            assert_eq!(EmailAddress::parse(address.as_str()), Ok(address.clone()));
            assert_eq!(address.other_form().is_some(), written != ascii);
        }
    }

    #[test]
    fn addresses_are_compared_without_capitals_and_as_they_go_on_the_wire() {
        let spellings = [
            "DA@Bücher.example",
            "da@xn--bcher-kva.example",
            "ｄａ@BÜCHER.example",
        ];
        assert!(
            spellings
                .iter()
                .all(|spelling| folded(spelling) == folded(spellings[0]))
        );
        assert_ne!(folded("da@bucher.example"), folded(spellings[0]));
        assert_eq!(folded("Not an address"), "not an address");
    }

    #[test]
    fn a_domain_that_mixes_scripts_or_looks_latin_is_flagged() {
        for (address, caution) in [
            // The third letter of the first, and every letter of the second, is Cyrillic.
            ("da@b\u{430}nk.example", Some(Caution::MixedScripts)),
            ("da@\u{430}\u{440}\u{440}.example", Some(Caution::LooksLatin)),
            ("da@bücher.example", None),
            ("da@例子.example", None),
            ("da@bank.com.hk", None),
        ] {
            let found = EmailAddress::parse(address).unwrap().caution();
            assert_eq!(found, caution, "{address}");
        }
    }

    #[test]
    fn a_telephone_number_is_international_or_of_hong_kong() {
        for (typed, kept) in [
            ("29797111", "29797111"),
            ("2979 7111", "29797111"),
            ("+852 2979-7111", "+85229797111"),
        ] {
            assert_eq!(Telephone::parse(typed).unwrap().as_str(), kept);
        }
        for bad in [
            "",
            "+",
            "12345678",
            "2979711",
            "297971111",
            "+0123456789",
            "+1234567890123456",
            "2979--7111",
            "2979711a",
        ] {
            assert_eq!(Telephone::parse(bad), Err(FaultKind::Telephone), "{bad:?}");
        }
    }

    #[test]
    fn a_user_id_is_the_participants_id_and_a_configured_suffix() {
        let participant = ParticipantId::parse("B01234").unwrap();
        let rule = UserIdRule::new("X[0-9]").unwrap();
        assert_eq!(
            UserId::parse("B01234X1", &participant, &rule).unwrap().as_str(),
            "B01234X1"
        );
        assert_eq!(
            UserId::parse("b01234x1", &participant, &rule).unwrap().as_str(),
            "B01234X1"
        );
        for bad in [
            "B01234",
            "B01234X",
            "B01234X11",
            "B01235X1",
            "X1",
            "B01234X1\n",
            "B01234#1",
        ] {
            assert!(UserId::parse(bad, &participant, &rule).is_err(), "{bad:?}");
        }
        assert!(UserIdRule::new("[").is_none());
    }
}
