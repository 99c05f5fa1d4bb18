//! What can be wrong with a file.

use std::fmt;

use crate::id::{PersonId, RequestId};
use crate::request::StateName;
use crate::workflow::Action;

/// Something wrong, and the line that shows it; lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub what: What,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The line is none of the format's. Holds the reason.
    Unreadable(String),
    /// The file does not start as a file of this format does.
    NoStart,
    /// The line stands where it does not belong.
    Misplaced,
    /// The file ends early.
    CutOff,
    /// The last line counts something else than the file has.
    Totals,
    /// A request comes twice.
    Twice(RequestId),
    /// Another company's request.
    OtherCompany,
    /// A step is not the next one: rows were dropped, added or reordered.
    NotNext {
        /// The version that had to come.
        expected: u32,
        /// The version that came.
        found: u32,
    },
    /// The record is not what the hash is of.
    Hash,
    /// The record names another row as the one before.
    Chain,
    /// The record is about another request, eService or version than the line.
    OtherStep,
    /// The step starts in another state than the one before ended in.
    State,
    /// The step is older than the one before.
    Time,
    /// No row of the workflow leads there.
    NoSuchStep(Action, Option<StateName>, StateName),
    /// The steps before leave this step to somebody else.
    NotTheirs(PersonId, Action),
    /// Somebody had to check, or checked, what is about themselves.
    AboutSelf(PersonId),
    /// A hand-over names no colleague, or another step names one.
    HandedTo,
    /// A clone does not say what it is cloned from, or another step does.
    Source,
    /// The step has to have a message, and has none.
    MessageMissing,
    /// The name is not the one that the record commits to, or is gone without its commitment.
    Name,
    /// The message is not the one that the record commits to, or is gone without its commitment.
    Message,
    /// A step that saves the form comes without one, or another step with one.
    FormMissing,
    /// A form and its seal don't belong together: a value was blanked without its commitment, or put in place of an
    /// erased one.
    FormSeal,
    /// Something is erased at this JSON pointer that identifies nobody, such as a choice, a day or a User ID.
    Blanked(String),
    /// A person's name is erased here and stands elsewhere.
    ErasedInPart {
        /// The person.
        person: PersonId,
        /// A line that has the name.
        kept: usize,
    },
    /// The form is not the one that the step saved.
    FormHash,
    /// The step names another form than the one that was saved last.
    OtherForm,
    /// The reference number is another one, or gone.
    Reference,
    /// The request is not as its last step left it.
    Head,
    /// The request's editors lack someone who edited it.
    Editors,
    /// Somebody checked what they had edited, or what it was cloned from.
    OwnWork(PersonId),
    /// Fewer people checked it than had to.
    TooFewCheckers,
    /// One person checked twice.
    SameChecker(PersonId),
    /// An officer decided what they had edited or checked.
    SameOfficer(PersonId),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(f, "can't be read: {reason}"),
            Self::NoStart => f.write_str("is not the first line of an audit trail of this format"),
            Self::Misplaced => f.write_str("does not belong here"),
            Self::CutOff => f.write_str("is the last one, and the line that ends the file is missing"),
            Self::Totals => f.write_str("counts other lines than the file has"),
            Self::Twice(request) => write!(f, "request {request} comes a second time"),
            Self::OtherCompany => f.write_str("is about another company's request"),
            Self::NotNext { expected, found } => {
                write!(f, "is version {found} where version {expected} has to come")
            }
            Self::Hash => f.write_str("the record does not have this hash"),
            Self::Chain => f.write_str("the record does not continue the row before"),
            Self::OtherStep => f.write_str("the record is about another step"),
            Self::State => f.write_str("the step does not start in the state where the one before ended"),
            Self::Time => f.write_str("the step is older than the one before"),
            Self::NoSuchStep(action, from, to) => {
                let from = from.map_or("nothing", StateName::as_str);
                write!(
                    f,
                    "no rule lets `{}` lead from {from} to {}",
                    action.as_str(),
                    to.as_str()
                )
            }
            Self::NotTheirs(person, action) => write!(
                f,
                "the steps before leave `{}` to somebody else than {person}",
                action.as_str()
            ),
            Self::AboutSelf(person) => write!(f, "{person} took what is about themselves to check it"),
            Self::HandedTo => f.write_str("a hand-over names no colleague, or another step names one"),
            Self::Source => f.write_str("a clone does not say of what, or another step does"),
            Self::MessageMissing => f.write_str("the step has to have a message"),
            Self::Name => {
                f.write_str("the name is not the one on record, or was removed without its commitment")
            }
            Self::Message => {
                f.write_str("the message is not the one on record, or was removed without its commitment")
            }
            Self::FormMissing => f.write_str("a form is missing before this step, or one too many"),
            Self::FormSeal => f.write_str("the form's values and seals don't belong together"),
            Self::Blanked(pointer) => write!(f, "{pointer} is erased, where nothing identifies a person"),
            Self::ErasedInPart { person, kept } => {
                write!(
                    f,
                    "the name of {person} is erased here, and stands in line {kept}"
                )
            }
            Self::FormHash => f.write_str("the form is not the one that the step saved"),
            Self::OtherForm => f.write_str("the step names another form than the one saved last"),
            Self::Reference => f.write_str("the reference number has changed"),
            Self::Head => f.write_str("the request is not as its last step left it"),
            Self::Editors => f.write_str("the request's editors lack someone who edited it"),
            Self::OwnWork(person) => write!(f, "{person} checked what they had edited themselves"),
            Self::TooFewCheckers => f.write_str("fewer people checked it than had to"),
            Self::SameChecker(person) => write!(f, "{person} checked twice"),
            Self::SameOfficer(person) => {
                write!(f, "{person} decided what they had edited or checked themselves")
            }
        }
    }
}
