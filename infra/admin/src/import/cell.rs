//! Reads the cells of a line with the domain's own parsers. What is wrong becomes a fault of that line and column.

use std::collections::BTreeSet;

use countersign_domain::actor::Right;
use countersign_domain::contact::{EmailAddress, Telephone, UserId, UserIdRule};
use countersign_domain::fault::FaultKind;
use countersign_domain::field::{Context, Kind as _, PersonName};
use countersign_domain::id::{CompanyId, ParticipantId};
use countersign_domain::language::Language;
use countersign_domain::participantship::ParticipantshipKind;
use countersign_domain::wording;
use serde_json::json;

use super::plan::participantship_kinds;
use super::sheet::{Fault, Line};

/// Maximum characters of a name of a person or a company.
const MAX_NAME_CHARS: usize = 100;

/// A cell is at fault, which has been noted.
pub(super) struct AtFault;

/// Reads a line's cells.
pub(super) struct Reader<'a> {
    file: &'static str,
    line: &'a Line,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'static str, line: &'a Line, faults: &'a mut Vec<Fault>) -> Self {
        Self { file, line, faults }
    }

    pub(super) fn company(&mut self, column: &'static str) -> Option<CompanyId> {
        self.read(column, |cell| CompanyId::parse(cell).ok_or_else(not_an_id))
    }

    pub(super) fn participant(&mut self, column: &'static str) -> Option<ParticipantId> {
        self.read(column, |cell| ParticipantId::parse(cell).ok_or_else(not_an_id))
    }

    pub(super) fn participantship(&mut self, column: &'static str) -> Option<ParticipantshipKind> {
        self.read(column, |cell| {
            let kind = ParticipantshipKind::parse(cell);
            kind.ok_or_else(|| format!("Give one of: {}.", participantship_kinds()))
        })
    }

    pub(super) fn user_id(
        &mut self,
        column: &'static str,
        of: &ParticipantId,
        rule: &UserIdRule,
    ) -> Option<UserId> {
        self.read(column, |cell| UserId::parse(cell, of, rule).map_err(said))
    }

    pub(super) fn name(&mut self, column: &'static str) -> Option<String> {
        self.read(column, name)
    }

    pub(super) fn email(&mut self, column: &'static str) -> Option<EmailAddress> {
        self.read(column, |cell| EmailAddress::parse(cell).map_err(said))
    }

    /// Rights, separated by blanks, commas or semicolons. A right that does not count at the company is refused.
    pub(super) fn rights(&mut self, column: &'static str, company: &CompanyId) -> Option<BTreeSet<Right>> {
        self.read(column, |cell| {
            let named = cell.split([' ', ',', ';']).filter(|name| !name.is_empty());
            named.map(|name| right(name, company)).collect()
        })
    }

    /// `None` for an empty cell, as for all that follow.
    pub(super) fn language(&mut self, column: &'static str) -> Result<Option<Language>, AtFault> {
        self.optional(column, |cell| {
            let tags = Language::ALL.map(Language::tag).join(", ");
            Language::parse(cell).ok_or_else(|| format!("Give one of: {tags}."))
        })
    }

    pub(super) fn optional_name(&mut self, column: &'static str) -> Result<Option<String>, AtFault> {
        self.optional(column, name)
    }

    pub(super) fn optional_email(&mut self, column: &'static str) -> Result<Option<String>, AtFault> {
        self.optional(column, |cell| {
            EmailAddress::parse(cell)
                .map(|address| address.to_string())
                .map_err(said)
        })
    }

    pub(super) fn optional_telephone(&mut self, column: &'static str) -> Result<Option<String>, AtFault> {
        self.optional(column, |cell| {
            Telephone::parse(cell)
                .map(|number| number.as_str().to_owned())
                .map_err(said)
        })
    }

    pub(super) fn number(&mut self, column: &'static str, min: u8, max: u8) -> Result<Option<u8>, AtFault> {
        self.optional(column, |cell| {
            let number = cell.parse().ok().filter(|number| (min..=max).contains(number));
            number.ok_or_else(|| {
                said(FaultKind::Number {
                    min: min.into(),
                    max: max.into(),
                })
            })
        })
    }

    pub(super) fn flag(&mut self, column: &'static str) -> Result<Option<bool>, AtFault> {
        self.optional(column, |cell| match cell.to_ascii_lowercase().as_str() {
            "yes" | "true" => Ok(true),
            "no" | "false" => Ok(false),
            _ => Err("Give yes or no.".to_owned()),
        })
    }

    /// Reads a cell that has to be filled in.
    fn read<T>(&mut self, column: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let read = match self.line.cell(column) {
            "" => Err(wording::fault(&FaultKind::Missing)),
            cell => parse(cell),
        };
        match read {
            Ok(value) => Some(value),
            Err(text) => {
                self.faults.push(Fault {
                    file: self.file,
                    line: self.line.number,
                    column: Some(column),
                    text,
                });
                None
            }
        }
    }

    fn optional<T>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, AtFault> {
        if self.line.cell(column).is_empty() {
            return Ok(None);
        }
        self.read(column, parse).map(Some).ok_or(AtFault)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "parsers return it by value")]
fn said(kind: FaultKind) -> String {
    wording::fault(&kind)
}

fn not_an_id() -> String {
    "An ID has 1 to 128 letters, digits or signs of ASCII, without blanks and #.".to_owned()
}

fn name(cell: &str) -> Result<String, String> {
    // A name depends on nothing else in the form.
    let context = Context {
        user_ids: &UserIdRule::new("").ok_or_else(String::new)?,
        participant: None,
        milestones: None,
    };
    let kind = PersonName { max: MAX_NAME_CHARS };
    let read = kind.read(&json!(cell), &context).map_err(said)?;
    Ok(countersign_domain::field::text_of(&read))
}

fn right(name: &str, company: &CompanyId) -> Result<Right, String> {
    let fits = |right: &Right| right.counts_at(company) && !right.is_a_systems();
    let right = Right::parse(name).filter(fits);
    right.ok_or_else(|| {
        let counting = Right::ALL.into_iter().filter(fits);
        let names: Vec<&str> = counting.map(Right::as_str).collect();
        let whose = if company.is_exchange() {
            "the exchange"
        } else {
            "a company"
        };
        let names = names.join(", ");
        format!("{name} is no right of a person at {whose}. There are: {names}.")
    })
}
