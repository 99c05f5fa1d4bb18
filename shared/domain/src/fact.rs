//! A request's head as flat facts, and the tests and changes that commands make on them.
//!
//! Both readings of the workflow table meet here: [`Test::holds`] and [`apply`] evaluate a test or a change in memory;
//! the store compiles the same value into a condition or an update expression.

use std::collections::{BTreeMap, BTreeSet};

macro_rules! attributes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// An attribute of a request's head.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Attribute { $($(#[$doc])* $variant,)+ }

        impl Attribute {
            /// Every attribute.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name in storage.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

attributes! {
    /// The request's ID.
    Id = "id",
    /// Its eService.
    EService = "eservice",
    /// The state's name.
    State = "state",
    /// Steps taken so far.
    Version = "version",
    /// The digest of the last history row.
    Chain = "chain",
    /// The digest of the form.
    FormHash = "form_hash",
    /// Whether the form is complete.
    Complete = "complete",
    /// The company whose request it is.
    Company = "company",
    /// That company's name.
    CompanyName = "company_name",
    /// The participantship's kind.
    ParticipantKind = "participant_kind",
    /// The participantship's ID.
    ParticipantId = "participant_id",
    /// The person whom it is about, as a set of one. Absent if it is about nobody.
    About = "about",
    /// The person who made it.
    Maker = "maker",
    /// The maker's name.
    MakerName = "maker_name",
    /// Everyone who has ever edited it.
    Editors = "editors",
    /// The person who holds it.
    Holder = "holder",
    /// The holder's name.
    HolderName = "holder_name",
    /// Since when they have held it.
    HolderSince = "holder_since",
    /// When the holder's lease ends.
    LeaseEnds = "lease_ends",
    /// The checker who confirmed.
    ConfirmedBy = "confirmed_by",
    /// That checker's name.
    ConfirmedByName = "confirmed_by_name",
    /// When they confirmed it.
    ConfirmedAt = "confirmed_at",
    /// The reference number. History rows keep theirs under another name, so that the index of numbers holds only
    /// heads.
    Reference = "head_reference",
    /// When it was created.
    CreatedAt = "created_at",
    /// When the last step was taken.
    UpdatedAt = "updated_at",
    /// When it was last submitted.
    SubmittedAt = "submitted_at",
    /// Whether it is in time for the parallel run.
    Guaranteed = "guaranteed",
    /// The desk that has it.
    Desk = "desk",
    /// Since when that desk has had it.
    DeskSince = "desk_since",
}

/// The value of an attribute. Instants are texts, as [`crate::time::stored`] writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A text.
    Text(String),
    /// A whole number.
    Number(u32),
    /// A flag.
    Flag(bool),
    /// A set of texts, never empty.
    Set(BTreeSet<String>),
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A head as flat facts.
pub type Facts = BTreeMap<Attribute, Fact>;

/// A test on one attribute. An absent attribute passes only `IsNot`, `Lacks` and `Absent`, as in a condition expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It has this value.
    Is(Attribute, Fact),
    /// It is one of these texts.
    OneOf(Attribute, Vec<String>),
    /// It does not have this value.
    IsNot(Attribute, Fact),
    /// The set lacks this member.
    Lacks(Attribute, String),
    /// There is no such attribute.
    Absent(Attribute),
    /// It is this instant or an earlier one.
    NotAfter(Attribute, String),
}

impl Test {
    /// Evaluates the test in memory.
    pub fn holds(&self, facts: &Facts) -> bool {
        match self {
            Self::Is(attribute, expected) => facts.get(attribute) == Some(expected),
            Self::OneOf(attribute, texts) => {
                matches!(facts.get(attribute), Some(Fact::Text(text)) if texts.contains(text))
            }
            Self::IsNot(attribute, fact) => facts.get(attribute) != Some(fact),
            Self::Lacks(attribute, member) => {
                !matches!(facts.get(attribute), Some(Fact::Set(members)) if members.contains(member))
            }
            Self::Absent(attribute) => !facts.contains_key(attribute),
            Self::NotAfter(attribute, bound) => {
                matches!(facts.get(attribute), Some(Fact::Text(instant)) if instant <= bound)
            }
        }
    }
}

/// A change to one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It gets this value.
    Set(Attribute, Fact),
    /// It is removed.
    Remove(Attribute),
    /// The set gains this member.
    Add(Attribute, String),
}

/// Applies changes in memory.
pub fn apply(facts: &mut Facts, changes: &[Change]) {
    for change in changes {
        match change {
            Change::Set(attribute, fact) => {
                facts.insert(*attribute, fact.clone());
            }
            Change::Remove(attribute) => {
                facts.remove(attribute);
            }
            Change::Add(attribute, member) => {
                let members = facts
                    .entry(*attribute)
                    .or_insert_with(|| Fact::Set(BTreeSet::new()));
                if let Fact::Set(members) = members {
                    members.insert(member.clone());
                }
            }
        }
    }
}
