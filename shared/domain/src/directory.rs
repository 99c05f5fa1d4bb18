//! The directory's rules: how a company's people are told apart, and how a company and its people may change.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::Right;
use crate::character;
use crate::contact::folded;
use crate::id::{Digest, PersonId};
use crate::language::Language;
use crate::mail::ProgressMail;

/// The most checkers that a request can need.
pub const MOST_CHECKERS: u8 = 2;

/// Returns the digest of a name as names are compared: two that a reader could mistake for each other have the same one.
/// No two people who were ever in a company share it, so that its history says who did what. Whoever enters a second
/// D Wong tells the two apart, as in `D Wong (Settlement)`.
pub fn name_digest(name: &str) -> Digest {
    let words: Vec<String> = character::narrow(name)
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let skeleton: String = unicode_security::skeleton(&words.join(" ")).collect();
    // A capital i reads as a small l, which the lower case hides.
    let folded = skeleton.to_lowercase().replace('i', "l");
    Digest::of(folded.as_bytes())
}

/// Names of people, by the ID that the directory has for them.
pub type Names = BTreeMap<String, String>;

/// How many people who can manage its users a company keeps at least: one alone could neither add nor remove anybody.
pub const FEWEST_MANAGERS: usize = 2;

/// The people of a company, to hold a change against.
#[derive(Debug, Clone, Default)]
pub struct Staff {
    /// The rights of those who are there now.
    pub people: BTreeMap<PersonId, BTreeSet<Right>>,
    /// Whose each name is or was, by the name's digest.
    pub names: BTreeMap<Digest, PersonId>,
    /// Whose each address is or was, by the address as addresses are compared. Of two, whoever is there now.
    pub addresses: BTreeMap<String, PersonId>,
}

impl Staff {
    /// Takes in somebody who is or was there.
    pub fn take_in(&mut self, person: &PersonId, name: &str, email: &str, rights: Option<&BTreeSet<Right>>) {
        self.names.insert(name_digest(name), person.clone());
        let address = folded(email);
        if rights.is_some() || !self.addresses.contains_key(&address) {
            self.addresses.insert(address, person.clone());
        }
        if let Some(rights) = rights {
            self.people.insert(person.clone(), rights.clone());
        }
    }

    /// Takes in a name that somebody had before. It stays theirs.
    pub fn take_in_former(&mut self, person: &PersonId, name: &str) {
        self.names.insert(name_digest(name), person.clone());
    }

    /// Whose this name is or was.
    pub fn bearer(&self, name: &str) -> Option<&PersonId> {
        self.names.get(&name_digest(name))
    }

    /// Returns who is there and has this address.
    pub fn holder(&self, email: &str) -> Option<&PersonId> {
        let holder = self.addresses.get(&folded(email))?;
        Some(holder).filter(|holder| self.people.contains_key(holder))
    }

    /// Returns who was removed and comes back with this address. They keep their ID, so that what they edited before is
    /// still theirs, and they can't check it.
    pub fn returning(&self, email: &str) -> Option<&PersonId> {
        let holder = self.addresses.get(&folded(email))?;
        Some(holder).filter(|holder| !self.people.contains_key(holder))
    }

    /// Those who can manage users.
    pub fn managers(&self) -> impl Iterator<Item = &PersonId> {
        let all = self.people.iter();
        all.filter(|(_, rights)| rights.contains(&Right::ManageUsers))
            .map(|(person, _)| person)
    }
}

/// Days on which a person is away, by Hong Kong's calendar. Both are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

impl Absence {
    /// Whether it includes a day.
    pub fn includes(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// A change to a person who is in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonChange {
    /// Their name, their address, their rights, and how mail reaches them.
    Details(PersonDetails),
    /// When they are away; `None` if they are not.
    Away(Option<Absence>),
    /// They are removed: they keep their entry, for the history, and lose every right.
    Remove(Timestamp),
    /// They are invited once more.
    Invite,
    /// They lose their second factor, and set up a new one when they next sign in.
    ResetSecondFactor,
}

/// What a company says of one of its people. `None` leaves the name or the address as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDetails {
    /// The name that others see.
    pub name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// The rights, and how mail reaches them.
    pub settings: PersonSettings,
}

/// What a company decides about one of its people. `None` leaves a choice as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonSettings {
    /// Their rights.
    pub rights: BTreeSet<Right>,
    /// The language of mail to them.
    pub language: Option<Language>,
    /// How they get mail that only tells how a request gets on.
    pub progress: Option<ProgressMail>,
    /// Whether they get reminders of the deadline.
    pub reminders: Option<bool>,
}

/// What a company decides about its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompanySettings {
    /// How many checkers a request needs: 1, or [`MOST_CHECKERS`].
    pub checkers: u8,
    /// Whether its checkers may approve by replying to an e-mail.
    pub approves_by_mail: bool,
    /// Whether its record also has who saw what.
    pub records_views: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_reader_could_mistake_for_each_other_are_one_name() {
        let same = |one, other| name_digest(one) == name_digest(other);
        assert!(same("D Wong", " d  WONG "));
        assert!(same("D Wong", "Ｄ Ｗｏｎｇ"));
        // The o is Cyrillic.
        assert!(same("D Wong", "D W\u{43e}ng"));
        assert!(same("Ian Chan", "lan Chan") && same("Ian Chan", "IAN CHAN"));
        assert!(same("D Wong 10", "D Wong lO"));
        assert!(same("陳大文", "陳大文"));
        assert!(!same("D Wong", "D Wong (Settlement)"));
        assert!(!same("陳大文", "陳大民"));
    }

    #[test]
    fn an_absence_includes_its_first_and_its_last_day() {
        let day = |day| Date::constant(2023, 3, day);
        let absence = Absence {
            from: day(6),
            until: day(8),
        };
        let included = [5, 6, 8, 9].map(|number| absence.includes(day(number)));
        assert_eq!(included, [false, true, true, false]);
    }
}
