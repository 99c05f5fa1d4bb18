//! What a message arrives with: its envelope, and what SES shall find of it.

use std::collections::BTreeSet;

use countersign_domain::contact::EmailAddress;

/// What SES looks into, each by the name of its parameter.
pub(crate) const CHECKS: [&str; 5] = ["spam", "virus", "spf", "dkim", "dmarc"];

/// How many of [`CHECKS`] look through the message itself, which a rule can turn off.
const SCANS: usize = 2;

/// The words that leave a verdict out.
pub(crate) const LEFT_OUT: [&str; 2] = ["NONE", "MISSING"];

/// What SES finds when it looks into something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    Fail,
    Gray,
    ProcessingFailed,
    Disabled,
}

/// A verdict for each of [`CHECKS`], unless it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdicts([Option<Verdict>; CHECKS.len()]);

/// What a message arrives with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// The envelope's sender; empty for a mail that is nobody's to answer.
    pub(crate) from: String,
    /// The envelope's recipients.
    pub(crate) to: Vec<String>,
    pub(crate) verdicts: Verdicts,
    /// Whether the event shall leave headers out, however short they are.
    pub(crate) is_truncated: bool,
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) parameter: String,
    pub(crate) detail: &'static str,
}

impl Verdict {
    /// Every verdict, the usual one first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Pass,
        Self::Fail,
        Self::Gray,
        Self::ProcessingFailed,
        Self::Disabled,
    ];

    /// The word that SES has for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Gray => "GRAY",
            Self::ProcessingFailed => "PROCESSING_FAILED",
            Self::Disabled => "DISABLED",
        }
    }
}

impl Verdicts {
    /// SES finds nothing wrong.
    pub(crate) const PASS: Self = Self([Some(Verdict::Pass); CHECKS.len()]);

    /// Each check with its verdict.
    pub(crate) fn each(self) -> impl Iterator<Item = (&'static str, Option<Verdict>)> {
        CHECKS.into_iter().zip(self.0)
    }

    /// The verdict of a check.
    pub(crate) fn of(self, check: &str) -> Option<Verdict> {
        self.each().find(|(name, _)| *name == check)?.1
    }

    /// The verdicts of a rule that looks through messages, or doesn't.
    pub(crate) fn as_found(self, scans: bool) -> Self {
        let mut found = self;
        if !scans {
            found.0[..SCANS].fill(Some(Verdict::Disabled));
        }
        found
    }

    /// Sets the verdict of the check at this place to what a word says.
    fn set(&mut self, place: usize, word: &str) -> Result<(), &'static str> {
        let verdict = Verdict::ALL.into_iter().find(|one| one.as_str() == word);
        if verdict.is_none() && !LEFT_OUT.contains(&word) {
            return Err("It has to be PASS, FAIL, GRAY, PROCESSING_FAILED or DISABLED; NONE leaves it out.");
        }
        self.0[place] = verdict;
        Ok(())
    }
}

impl Arrival {
    /// Reads parameters, and says everything that is wrong with them at once.
    pub(crate) fn read(query: &str) -> Result<Self, Vec<Fault>> {
        let mut reading = Reading {
            arrival: Self {
                from: String::new(),
                to: Vec::new(),
                verdicts: Verdicts::PASS,
                is_truncated: false,
            },
            given: BTreeSet::new(),
            faults: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            reading.parameter(&name, &value);
        }
        for name in ["from", "to"] {
            if !reading.given.contains(name) {
                reading.fault(
                    name,
                    "It is missing; the envelope names a sender and a recipient.",
                );
            }
        }
        if reading.faults.is_empty() {
            Ok(reading.arrival)
        } else {
            Err(reading.faults)
        }
    }
}

/// Parameters while they are read.
struct Reading {
    arrival: Arrival,
    given: BTreeSet<String>,
    faults: Vec<Fault>,
}

impl Reading {
    fn parameter(&mut self, name: &str, value: &str) {
        // A mail can have several recipients, and one of everything else.
        if !self.given.insert(name.to_owned()) && name != "to" {
            return self.fault(name, "It can be there once.");
        }
        let check = CHECKS.iter().position(|check| *check == name);
        let understood = match (name, check) {
            (_, Some(place)) => self.arrival.verdicts.set(place, value),
            ("from", None) => sender(value).map(|from| self.arrival.from = from),
            ("to", None) => address(value).map(|to| self.arrival.to.push(to)),
            ("truncated", None) => match value {
                "true" | "false" => {
                    self.arrival.is_truncated = value == "true";
                    Ok(())
                }
                _ => Err("It has to be true or false."),
            },
            _ => Err("There is no such parameter."),
        };
        if let Err(detail) = understood {
            self.fault(name, detail);
        }
    }

    fn fault(&mut self, parameter: &str, detail: &'static str) {
        self.faults.push(Fault {
            parameter: parameter.to_owned(),
            detail,
        });
    }
}

/// The envelope's sender; nothing, as for a bounce, is one too.
fn sender(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" | "<>" => Ok(String::new()),
        other => address(other),
    }
}

/// An address of the envelope. A plus sign that a query was not spared reads as a blank there, and no address has one.
pub(crate) fn address(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let bare = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let typed = bare.unwrap_or(text).replace(' ', "+");
    EmailAddress::parse(&typed)
        .map(|address| address.ascii().to_owned())
        .map_err(|_| "It has to be one e-mail address.")
}
