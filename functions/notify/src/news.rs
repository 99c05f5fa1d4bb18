//! What happened to a request, and whom it concerns: everything a letter can say.

use countersign_domain::actor::Person;
use countersign_domain::approval::{Declined, ReplyTime};
use countersign_domain::campaign::Campaign;
use countersign_domain::contact::EmailAddress;
use countersign_domain::form::{CompleteForm, Registration};
use countersign_domain::history::HistoryRow;
use countersign_domain::id::PersonId;
use countersign_domain::language::Language;
use countersign_domain::names::Names;
use countersign_domain::register::Standings;
use countersign_domain::request::Head;
use countersign_domain::workflow::Audience;
use jiff::Timestamp;

/// What happened to a request.
pub(crate) struct News<'a> {
    /// What kind of news it is.
    pub(crate) what: What,
    /// The step: who did what when, with which message.
    pub(crate) step: &'a HistoryRow,
    /// The request as it is now. What letters say about it does not change after submission.
    pub(crate) head: &'a Head,
    /// The form as it was at that step.
    pub(crate) form: &'a CompleteForm,
    /// What the register has of the administrators of the form's participant, for those who decide on it.
    pub(crate) standings: Option<&'a Standings>,
    /// Who held the request until the step, if anybody did.
    pub(crate) last_holder: Option<&'a Person>,
    /// The registered address from which mail comes back, for [`What::AddressBounced`].
    pub(crate) bounced: Option<&'a str>,
    /// The dates that matter.
    pub(crate) campaign: &'a Campaign,
    /// How long a reply counts.
    pub(crate) reply_time: ReplyTime,
    /// The portal's origin, without a slash at its end.
    pub(crate) portal_url: &'a str,
    /// Whether it is the last answer to a reply that the recipient gets today.
    pub(crate) is_last_answer: bool,
}

impl News<'_> {
    /// The name of someone who has to do with the request, told apart from others of that name.
    pub(crate) fn name_of(&self, person: &Person) -> String {
        Names::of_request(self.head, [&self.step.actor]).of(person)
    }
}

/// The kinds of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// The step itself.
    Step,
    /// No checker could be told of the step, because all their addresses bounce.
    CheckersUnreachable,
    /// Mail to an address that the step registered comes back: [`News::bounced`].
    AddressBounced,
    /// The claim that the step made ends soon, at this time.
    ClaimEndsSoon(Timestamp),
    /// The checker's reply about the step did nothing, for this reason.
    Declined(Declined),
}

/// Someone who gets a letter.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    /// The audience they belong to.
    pub(crate) audience: Audience,
    /// Who it is, if the directory knows them.
    pub(crate) person: Option<PersonId>,
    /// Whether they want to approve by replying.
    pub(crate) approves_by_mail: bool,
    /// The address for approving this request by reply, if they may.
    pub(crate) reply_address: Option<String>,
    /// The name to greet them by, if one is known.
    pub(crate) name: Option<String>,
    /// Their address.
    pub(crate) address: EmailAddress,
    /// Their language.
    pub(crate) language: Language,
    /// What was registered for this address; only for [`Audience::NewAddresses`].
    pub(crate) registrations: Vec<Registration>,
}
