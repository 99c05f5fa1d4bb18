//! What is wrong with a person's input, by place and kind. [`crate::wording`] has the sentences.

use crate::actor::Right;
use crate::character::CharacterAt;
use crate::id::Reference;
use crate::language::Bilingual;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) into the request body, e.g. `/changes/0/email`.
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

    /// Whether one fault's place is the other's, or part of it.
    pub fn overlaps(&self, other: &Self) -> bool {
        let is_in = |inner: &str, outer: &str| {
            inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        is_in(&self.pointer, &other.pointer) || is_in(&other.pointer, &self.pointer)
    }
}

/// The kinds of fault that a form or a message can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// A required value is missing.
    Missing,
    /// A member that the form does not have.
    Unknown,
    /// The wrong JSON type; holds the one that is needed.
    NotA(JsonType),
    /// More characters than allowed; holds the limit.
    TooLong(usize),
    /// A character that is not allowed here: a control character, or an invisible one.
    Character(CharacterAt),
    /// Not one of the options; holds them.
    NotAnOption(Vec<NamedOption>),
    /// Fewer rows than needed; holds the minimum.
    TooFewRows(usize),
    /// More rows than allowed; holds the maximum.
    TooManyRows(usize),
    /// An earlier row has the same value; holds that row's number, counted from 1.
    Duplicate(usize),
    /// Not a User ID of the participant.
    UserId {
        /// The participant's ID, with which it must begin.
        participant: String,
        /// The regular expression that the rest must match.
        suffix: String,
    },
    /// Not a whole number within these limits.
    Number {
        /// The smallest number allowed.
        min: u32,
        /// The largest number allowed.
        max: u32,
    },
    /// Not a calendar day.
    Date,
    /// Not a postal address.
    Address,
    /// A member that the form does not have for its current choice.
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
    /// The register already has the User ID that the request adds.
    InRegister,
    /// The register does not have the User ID that the request needs there.
    NotInRegister,
    /// The User ID is in another open request; holds its reference number if the maker may know it.
    InOpenRequest(Option<Reference>),
    /// Another open request is about the same; holds its reference number if the maker may know it.
    SubjectInOpenRequest(Option<Reference>),
    /// The directory does not have such a person of the company.
    NotInDirectory,
    /// It is about a system, which has nothing of the kind: a system can only be removed.
    NotForSystem,
    /// Somebody of the company has or had a name that reads the same.
    NameTaken,
    /// Somebody of the company has the address.
    AddressTaken,
    /// A right that does not count at the company.
    RightNotForCompany(Right),
    /// The last day of an absence is before its first.
    AbsenceEndsFirst,
}

/// An option of a choice, as a fault names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedOption {
    /// The value on the wire, which programs read.
    pub value: &'static str,
    /// The name that people read.
    pub label: Bilingual,
}

/// What the faults of a form are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum FaultClass {
    /// Other open requests have its User IDs, or are about the same.
    InOpenRequest,
    /// The register is not as it says.
    RegisterDisagrees,
    /// The directory is not as it says.
    DirectoryDisagrees,
    /// Something is not filled in right.
    Invalid,
}

impl FaultClass {
    /// The name on the wire and in the log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Says what faults are together: whatever all of them are, else a form that is not filled in right.
pub fn class(faults: &[Fault]) -> FaultClass {
    let all = |is: fn(&FaultKind) -> bool| faults.iter().all(|fault| is(&fault.kind));
    if all(|kind| {
        matches!(
            kind,
            FaultKind::InOpenRequest(_) | FaultKind::SubjectInOpenRequest(_)
        )
    }) {
        FaultClass::InOpenRequest
    } else if all(|kind| matches!(kind, FaultKind::InRegister | FaultKind::NotInRegister)) {
        FaultClass::RegisterDisagrees
    } else if all(|kind| {
        matches!(
            kind,
            FaultKind::NotInDirectory | FaultKind::NameTaken | FaultKind::AddressTaken
        )
    }) {
        FaultClass::DirectoryDisagrees
    } else {
        FaultClass::Invalid
    }
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
