//! What is wrong with something that a person typed, by place and kind. The sentence is in [`crate::wording`].

use crate::character::CharacterAt;
use crate::id::Reference;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) into what was sent, e.g. `/changes/0/email`.
    pub pointer: String,
    /// What is wrong there.
    pub kind: FaultKind,
}

impl Fault {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, kind: FaultKind) -> Self {
        Self {
            pointer: pointer.into(),
            kind,
        }
    }
}

/// The kinds of fault that a form or a message can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// Nothing was filled in where something is needed.
    Missing,
    /// A member that the form does not have.
    Unknown,
    /// Another JSON type was sent than the one named, e.g. `a list`.
    NotA(JsonType),
    /// More characters than allowed; holds the limit.
    TooLong(usize),
    /// A character that can't stand there: a control character, or one that nobody sees.
    Character(CharacterAt),
    /// Not one of the options; holds them.
    NotAnOption(Vec<String>),
    /// Fewer rows than needed; holds the least number.
    TooFewRows(usize),
    /// More rows than allowed; holds the largest number.
    TooManyRows(usize),
    /// The same value stands in an earlier row; holds that row's number, counted from 1.
    Duplicate(usize),
    /// Not a User ID of the participant.
    UserId {
        /// The participant's ID, which it begins with.
        participant: String,
        /// The regular expression that the rest has to match.
        suffix: String,
    },
    /// Not a whole number within these limits.
    Number {
        /// The least.
        min: u32,
        /// The largest.
        max: u32,
    },
    /// Not a day of the calendar.
    Date,
    /// Not a postal address.
    Address,
    /// A member that is not part of the form, as the form's choice is now.
    NotForChoice,
    /// Not one e-mail address.
    Email,
    /// Neither an international nor a Hong Kong telephone number.
    Telephone,
    /// The declaration is not ticked.
    Undeclared,
    /// Not a participantship of the maker's company.
    NotOwnParticipantship,
    /// An eService that is not in the catalogue.
    UnknownEService,
    /// The register has the User ID already, and the request adds it.
    InRegister,
    /// The register does not have the User ID, and the request needs it there.
    NotInRegister,
    /// The User ID is in another open request; holds its reference where the maker may know it.
    InOpenRequest(Option<Reference>),
}

/// The JSON types that a form's members have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// An array.
    List,
    /// An object.
    Object,
}
