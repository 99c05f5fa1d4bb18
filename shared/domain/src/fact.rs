//! A request's head as flat facts, and the tests and changes that commands make on them.
//!
//! This is the hinge between the two readings of the workflow table: [`Test::holds`] and [`apply`] read a test or a
//! change in memory; the store compiles the very same value to a condition or an update expression.

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
    /// Which eService.
    EService = "eservice",
    /// The state's name.
    State = "state",
    /// Steps taken so far.
    Version = "version",
    /// The digest of the last history row.
    Chain = "chain",
    /// The digest of the form.
    FormHash = "form_hash",
    /// Whether nothing is missing in the form.
    Complete = "complete",
    /// The company whose request it is.
    Company = "company",
    /// That company's name.
    CompanyName = "company_name",
    /// The participantship's kind.
    ParticipantKind = "participant_kind",
    /// The participantship's ID.
    ParticipantId = "participant_id",
    /// Who made it.
    Maker = "maker",
    /// The maker's name.
    MakerName = "maker_name",
    /// Everyone who ever edited it.
    Editors = "editors",
    /// Who holds it.
    Holder = "holder",
    /// The holder's name.
    HolderName = "holder_name",
    /// Since when.
    HolderSince = "holder_since",
    /// When the holder's lease ends.
    LeaseEnds = "lease_ends",
    /// The checker who confirmed.
    ConfirmedBy = "confirmed_by",
    /// That checker's name.
    ConfirmedByName = "confirmed_by_name",
    /// When.
    ConfirmedAt = "confirmed_at",
    /// The reference number. Rows of the history have theirs under another name, so that the index of numbers holds heads alone.
    Reference = "head_reference",
    /// When it was created.
    CreatedAt = "created_at",
    /// When the last step was taken.
    UpdatedAt = "updated_at",
    /// When it was last submitted.
    SubmittedAt = "submitted_at",
    /// Whether it came in time for the parallel run.
    Guaranteed = "guaranteed",
    /// The desk that has it.
    Desk = "desk",
    /// Since when.
    DeskSince = "desk_since",
}

/// The value of an attribute. Instants are texts as [`crate::time::stored`] writes them.
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

/// A head, flat.
pub type Facts = BTreeMap<Attribute, Fact>;

/// A test on one attribute. An absent attribute passes `Lacks` and `Absent` alone, as in a condition expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It is this.
    Is(Attribute, Fact),
    /// The set lacks this member.
    Lacks(Attribute, String),
    /// There is no such attribute.
    Absent(Attribute),
    /// It is this instant or an earlier one.
    NotAfter(Attribute, String),
}

impl Test {
    /// The reading in memory.
    pub fn holds(&self, facts: &Facts) -> bool {
        match self {
            Self::Is(attribute, expected) => facts.get(attribute) == Some(expected),
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

/// A change of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It becomes this.
    Set(Attribute, Fact),
    /// It goes away.
    Remove(Attribute),
    /// The set gains this member.
    Add(Attribute, String),
}

/// Makes changes in memory.
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
