//! Turns a reply into a step: who wrote it, what it says, and whether the workflow allows it.

use countersign_application::execute::{Command, MailPayload, Payload, Rejection, Subject, execute};
use countersign_domain::actor::{Actor, Member, Person};
use countersign_domain::approval::{Declined, InboundResult, MailToken};
use countersign_domain::contact::EmailAddress;
use countersign_domain::id::Digest;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::{Action, Refusal};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::approval::{Inbound, Offer};
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_reply::{Message, ReplyCommand};

/// A token that a reply was sent to, and its checker in the directory.
pub(crate) struct Asked {
    pub(crate) token: Digest,
    pub(crate) offer: Offer,
    person: DirectoryPerson,
    company: Company,
    address: EmailAddress,
}

impl Asked {
    /// `None` if there is no such token, or the directory has no usable address of its checker any more.
    pub(crate) async fn by(app: &App, token: &MailToken) -> Result<Option<Self>, StoreError> {
        let (store, token) = (app.store(), token.digest());
        let Some(offer) = store.offer(&token).await? else {
            return Ok(None);
        };
        let (person, company) = tokio::join!(
            store.person(&offer.company, &offer.checker),
            store.company(&offer.company)
        );
        let Some((person, company)) = person?.zip(company?) else {
            return Ok(None);
        };
        Ok(EmailAddress::parse(&person.email).ok().map(|address| Self {
            token,
            offer,
            person,
            company,
            address,
        }))
    }

    /// Whether this is the checker's address in the directory.
    pub(crate) fn has_address(&self, address: &EmailAddress) -> bool {
        address.folded() == self.address.folded()
    }
}

/// A reply that SES vouches for as the checker's.
pub(crate) struct Approval<'a> {
    pub(crate) app: &'a App,
    pub(crate) asked: &'a Asked,
    pub(crate) message: &'a Message,
    pub(crate) inbound: &'a Inbound,
}

impl Approval<'_> {
    /// Takes the step that the reply asks for, or says why not; `None` if this reply has been handled already.
    pub(crate) async fn take(&self) -> Result<Option<InboundResult>, StoreError> {
        match self.command() {
            Ok(command) => self.carry_out(command).await,
            Err(why) => Ok(Some(InboundResult::Declined(why))),
        }
    }

    /// The command that the reply asks for. Whatever can be refused without reading the request is refused here.
    fn command(&self) -> Result<Command, Declined> {
        let asked = self.asked;
        if let Some(obstacle) = self.message.obstacle {
            return Err(obstacle);
        }
        let (action, reference, message) = match &self.message.command {
            ReplyCommand::Confirm(reference, message) => (Action::ConfirmByMail, reference, message.clone()),
            ReplyCommand::Return(reference, reason) => {
                (Action::ReturnByMail, reference, Some(reason.clone()))
            }
            ReplyCommand::Nothing => return Err(Declined::NotUnderstood),
        };
        let receipt = Receipt::parse(&asked.offer.tag).ok_or(Declined::NoLongerPossible)?;
        if receipt.reference.as_ref() != Some(reference) {
            return Err(Declined::OtherRequest);
        }
        if !(asked.company.approves_by_mail && asked.person.approves_by_mail) {
            return Err(Declined::SwitchedOff);
        }
        if self.app.now() >= asked.offer.until {
            return Err(Declined::Expired);
        }
        Ok(Command {
            subject: Subject::Request(asked.offer.request),
            action,
            actor: Actor::Member(Member {
                person: Person {
                    id: asked.person.id.clone(),
                    name: asked.person.name.clone(),
                },
                email: Some(asked.address.clone()),
                company: asked.offer.company.clone(),
                company_name: asked.company.name.clone(),
                rights: asked.person.rights.clone(),
                participantships: asked.company.participantships.clone(),
            }),
            receipt: Some(receipt).into(),
            payload: Payload::Mail(Box::new(MailPayload {
                message,
                token: asked.token,
                record: self.inbound.that_was(InboundResult::Taken),
            })),
            key: None,
        })
    }

    async fn carry_out(&self, command: Command) -> Result<Option<InboundResult>, StoreError> {
        match execute(self.app, command).await {
            Ok(_) => Ok(Some(InboundResult::Taken)),
            Err(Rejection::OnRecord) => Ok(None),
            Err(Rejection::TokenEnded) => Ok(Some(InboundResult::Declined(Declined::Spent))),
            Err(Rejection::Refused { refusal, .. }) => Ok(Some(InboundResult::Declined(declined(&refusal)))),
            Err(Rejection::Store(error)) => Err(error),
            // These refusals concern a form or a key, and a step by mail has neither.
            Err(Rejection::Invalid(_) | Rejection::NoOtherChecker(_) | Rejection::KeyReused) => {
                Ok(Some(InboundResult::Declined(Declined::NoLongerPossible)))
            }
        }
    }
}

fn declined(refusal: &Refusal) -> Declined {
    match refusal {
        Refusal::RightMissing(_) | Refusal::RightWithdrawn(_) => Declined::RightMissing,
        Refusal::OwnRequest => Declined::OwnRequest,
        Refusal::CheckedFirst => Declined::CheckedFirst,
        Refusal::MessageMissing => Declined::NoReason,
        Refusal::NotFound
        | Refusal::AboutActor
        | Refusal::TooFewManagers
        | Refusal::NotItsMaker
        | Refusal::NotItsConfirmer
        | Refusal::NoLongerPossible
        | Refusal::Stale
        | Refusal::NotOpenYet
        | Refusal::MakerIsThere
        | Refusal::ColleagueMissing
        | Refusal::ColleagueCannotCheck => Declined::NoLongerPossible,
    }
}
