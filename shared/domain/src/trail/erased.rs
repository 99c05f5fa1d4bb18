//! What is erased in a file: where, and whether one person is erased everywhere.

use std::collections::BTreeMap;
use std::fmt;

use super::{Finding, What};
use crate::id::PersonId;

/// Something that is erased, with its commitment in its place. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The line.
    pub line: usize,
    /// What of it.
    pub place: Place,
}

/// What of a line is erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// This person's name.
    Name(PersonId),
    /// The message.
    Message,
    /// The value at this JSON pointer of the form.
    Value(String),
}

impl fmt::Display for Erased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.place {
            Place::Name(person) => write!(f, "the name of {person} is erased"),
            Place::Message => f.write_str("the message is erased"),
            Place::Value(pointer) => write!(f, "{pointer} is erased"),
        }
    }
}

/// Everything that is erased so far, and who is named where.
#[derive(Default)]
pub(super) struct Erasures {
    pub(super) places: Vec<Erased>,
    names: BTreeMap<PersonId, Names>,
}

/// The first lines that lack a person's name and that have it.
#[derive(Default)]
struct Names {
    erased: Option<usize>,
    kept: Option<usize>,
}

impl Erasures {
    /// Notes that something is erased.
    pub(super) fn note(&mut self, line: usize, place: Place) {
        self.places.push(Erased { line, place });
    }

    /// Notes that a line has a person's name, or that it is erased there.
    pub(super) fn name(&mut self, line: usize, person: &PersonId, is_erased: bool) {
        let names = self.names.entry(person.clone()).or_default();
        let first = if is_erased {
            &mut names.erased
        } else {
            &mut names.kept
        };
        first.get_or_insert(line);
        if is_erased {
            self.note(line, Place::Name(person.clone()));
        }
    }

    /// The people who are erased in one line and named in another. Whoever is erased is erased everywhere.
    pub(super) fn findings(&self) -> impl Iterator<Item = Finding> {
        self.names.iter().filter_map(|(person, names)| {
            let (line, kept) = (names.erased?, names.kept?);
            let person = person.clone();
            Some(Finding {
                line,
                what: What::ErasedInPart { person, kept },
            })
        })
    }
}
