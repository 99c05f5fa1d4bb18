//! A person in the directory, and what they can choose about themselves.

use std::collections::BTreeSet;

use countersign_domain::actor::{Person, Right};
use countersign_domain::directory::Absence;
use countersign_domain::id::PersonId;
use countersign_domain::mail::ProgressMail;
use countersign_domain::time;
use jiff::Timestamp;
use jiff::civil::Date;

/// A person in the directory.
#[derive(Debug, Clone)]
pub struct DirectoryPerson {
    /// Their ID.
    pub id: PersonId,
    /// The name that others see.
    pub name: String,
    /// The names that they had before. They stay theirs: nobody else at the company gets one.
    pub former_names: BTreeSet<String>,
    /// Whether it is no person, but a system: a program of the company's own. It has no address, no absence and no mail.
    pub is_system: bool,
    /// Their address. Empty for a system.
    pub email: String,
    /// What they may do.
    pub rights: BTreeSet<Right>,
    /// The name, e-mail address and telephone number that their drafts start with.
    pub contact: [Option<String>; 3],
    /// The language that they chose for the portal, as a BCP 47 tag. `None` if they chose none.
    pub language: Option<String>,
    /// Whether they want to approve by reply, if their company allows it. True unless they turned it off.
    pub approves_by_mail: bool,
    /// Which mail they want, and in which language.
    pub mail: MailChoices,
    /// When they last signed in to the portal, newest first.
    pub sign_ins: Vec<Timestamp>,
    /// When they are away.
    pub absence: Option<Absence>,
    /// When they were removed. They have no rights since, and stay only so that the history can name them.
    pub removed_at: Option<Timestamp>,
    /// Whether they have been erased, too.
    pub is_erased: bool,
    /// How often a request has changed their entry, the one that entered them included.
    pub revision: u32,
    /// How often they have been invited.
    pub invitations: u32,
    /// How often their second factor has been reset.
    pub second_factor_resets: u32,
}

/// A person's choices about the mail that they get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailChoices {
    /// The language of mail, as a BCP 47 tag. `None` for the portal's.
    pub language: Option<String>,
    /// How they want mail that only tells how a request gets on.
    pub progress: ProgressMail,
    /// Whether they want reminders of the deadline. True unless they turned them off.
    pub reminders: bool,
}

/// What a person chooses about themselves.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The language of the portal, as a BCP 47 tag.
    pub language: String,
    /// Their mail.
    pub mail: MailChoices,
    /// Whether they approve by reply; `None` leaves it as it is.
    pub approves_by_mail: Option<bool>,
}

impl DirectoryPerson {
    /// The person, as the history names them.
    pub fn named(&self) -> Person {
        Person {
            id: self.id.clone(),
            name: self.name.clone(),
        }
    }

    /// A person to enter, who is invited once.
    pub fn new(id: PersonId, name: String, email: String, rights: BTreeSet<Right>) -> Self {
        Self {
            id,
            name,
            former_names: BTreeSet::new(),
            is_system: false,
            email,
            rights,
            contact: [None, None, None],
            language: None,
            approves_by_mail: true,
            mail: MailChoices {
                language: None,
                progress: ProgressMail::default(),
                reminders: true,
            },
            sign_ins: Vec::new(),
            absence: None,
            removed_at: None,
            is_erased: false,
            revision: 1,
            invitations: 1,
            second_factor_resets: 0,
        }
    }

    /// A system to enter, with the one right that systems have. It has a client of the user pool, and no invitation.
    pub fn system(id: PersonId, name: String) -> Self {
        Self {
            is_system: true,
            invitations: 0,
            ..Self::new(id, name, String::new(), BTreeSet::from([Right::SystemMaker]))
        }
    }

    /// Whether they are away at this time.
    pub fn is_away(&self, now: Timestamp) -> bool {
        self.absence
            .is_some_and(|absence| absence.includes(time::day_of(now)))
    }

    /// Whether they are away at this time, by an absence that began on this day or later.
    pub fn is_away_since(&self, since: Date, now: Timestamp) -> bool {
        self.is_away(now) && self.absence.is_some_and(|absence| absence.from >= since)
    }

    /// Whether they have been removed.
    pub fn is_removed(&self) -> bool {
        self.removed_at.is_some()
    }

    /// The tag of the language that mail to them is written in, if they chose one.
    pub fn mail_language(&self) -> Option<&str> {
        self.mail.language.as_deref().or(self.language.as_deref())
    }
}
