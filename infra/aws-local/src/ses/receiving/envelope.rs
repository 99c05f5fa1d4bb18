//! What a message comes in with: its envelope, and what SES finds of it.

use strum::{EnumString, IntoStaticStr};

use crate::ses::send_email::check_address;

/// What SES looks into, each by the name of its parameter. The first two look through the message itself.
pub const CHECKS: [&str; 5] = ["spam", "virus", "spf", "dkim", "dmarc"];

/// The words for verdicts, the usual one first; NONE leaves a verdict out.
pub const VERDICT_WORDS: [&str; 6] = ["PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED", NONE];

const NONE: &str = "NONE";

/// How many of [`CHECKS`] look through the message, which a receipt rule can turn off.
const SCANS: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    Pass,
    Fail,
    Gray,
    ProcessingFailed,
    Disabled,
}

impl Verdict {
    /// The word that SES has for it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A verdict for each of [`CHECKS`], unless it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdicts([Option<Verdict>; CHECKS.len()]);

impl Verdicts {
    /// Each check with its verdict.
    pub fn each(self) -> impl Iterator<Item = (&'static str, Option<Verdict>)> {
        CHECKS.into_iter().zip(self.0)
    }

    pub(super) fn of(self, check: &str) -> Option<Verdict> {
        self.each().find(|(name, _)| *name == check)?.1
    }

    /// The verdicts of a rule that scans messages, or doesn't.
    pub(super) fn with_scans(mut self, scans: bool) -> Self {
        if !scans {
            self.0[..SCANS].fill(Some(Verdict::Disabled));
        }
        self
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Empty for a bounce, which nobody answers.
    pub from: String,
    pub to: Vec<String>,
    pub verdicts: Verdicts,
    /// Whether the event leaves headers out, however short they are.
    pub truncates_headers: bool,
}

impl Envelope {
    /// Reads parameters, or says what is wrong with the first one that can't be read.
    pub fn parse<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, String> {
        let mut envelope = Self {
            from: String::new(),
            to: Vec::new(),
            verdicts: Verdicts([Some(Verdict::Pass); CHECKS.len()]),
            truncates_headers: false,
        };
        let mut names_sender = false;
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref());
            names_sender |= name == "from";
            let read = envelope.read(name, value);
            read.map_err(|detail| format!("{name}: {detail}"))?;
        }
        if !names_sender || envelope.to.is_empty() {
            return Err("The envelope names a sender, from, and a recipient, to.".to_owned());
        }
        Ok(envelope)
    }

    fn read(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        let check = CHECKS.iter().position(|check| *check == name);
        match (name, check) {
            (_, Some(place)) => self.verdicts.0[place] = verdict(value)?,
            ("from", _) if ["", "<>"].contains(&value.trim()) => self.from = String::new(),
            ("from", _) => self.from = address(value)?,
            ("to", _) => self.to.push(address(value)?),
            ("truncated", _) => {
                self.truncates_headers = value.parse().map_err(|_| "It has to be true or false.")?;
            }
            _ => return Err("There is no such parameter."),
        }
        Ok(())
    }
}

fn verdict(word: &str) -> Result<Option<Verdict>, &'static str> {
    if word == NONE {
        return Ok(None);
    }
    let verdict = word.parse();
    verdict
        .map(Some)
        .map_err(|_| "It has to be PASS, FAIL, GRAY, PROCESSING_FAILED or DISABLED; NONE leaves it out.")
}

/// An address of the envelope. A plus sign that is not escaped in a query reads as a blank, which no address has.
fn address(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let bare = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let address = bare.unwrap_or(text).replace(' ', "+");
    match check_address(&address) {
        Ok(bare) if bare == address => Ok(address),
        _ => Err("It has to be one e-mail address."),
    }
}
