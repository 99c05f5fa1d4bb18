//! Turns a reply into a step: who wrote it, what it says, and whether the workflow allows it.

use countersign_application::execute::{Command, MailPayload, Payload, Rejection, Subject, execute};
use countersign_domain::actor::{Actor, Member, Person};
use countersign_domain::approval::{Declined, Ignored, InboundResult};
use countersign_domain::contact::EmailAddress;
use countersign_domain::id::Digest;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::{Action, Refusal};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::approval::{Inbound, Offer};
use countersign_platform::store::directory::{Company, DirectoryPerson};

use crate::message::{Message, ReplyCommand};

/// A reply whose sender SES vouches for, and the token it was sent to.
pub(crate) struct Approval<'a> {
    pub(crate) app: &'a App,
    pub(crate) token: &'a Digest,
    pub(crate) offer: &'a Offer,
    pub(crate) message: &'a Message,
    pub(crate) inbound: &'a Inbound,
}

/// What the directory says about the token's checker.
struct Checker {
    person: DirectoryPerson,
    company: Company,
    address: EmailAddress,
}

impl Approval<'_> {
    /// Takes the step that the reply asks for, or says why not; `None` if this reply has been handled already.
    pub(crate) async fn take(&self) -> Result<Option<InboundResult>, StoreError> {
        let Some(checker) = self.checker().await? else {
            return Ok(Some(InboundResult::Ignored(Ignored::OtherSender)));
        };
        if self.message.is_automatic {
            return Ok(Some(InboundResult::Ignored(Ignored::Automatic)));
        }
        match self.command(&checker) {
            Ok(command) => self.carry_out(command).await,
            Err(why) => Ok(Some(InboundResult::Declined(why))),
        }
    }

    /// The token's checker, if the reply comes from their address in the directory.
    async fn checker(&self) -> Result<Option<Checker>, StoreError> {
        let (store, offer) = (self.app.store(), self.offer);
        let (person, company) = tokio::join!(
            store.person(&offer.company, &offer.checker),
            store.company(&offer.company)
        );
        let Some((person, company)) = person?.zip(company?) else {
            return Ok(None);
        };
        let address = EmailAddress::parse(&person.email).ok();
        let is_theirs =
            |address: &EmailAddress| address.ascii().eq_ignore_ascii_case(self.message.from.ascii());
        Ok(address.filter(is_theirs).map(|address| Checker {
            person,
            company,
            address,
        }))
    }

    /// The command that the reply asks for. Whatever can be refused without reading the request is refused here.
    fn command(&self, checker: &Checker) -> Result<Command, Declined> {
        let (action, reference, message) = match &self.message.command {
            ReplyCommand::Confirm(reference, message) => (Action::ConfirmByMail, reference, message.clone()),
            ReplyCommand::Return(reference, reason) => {
                (Action::ReturnByMail, reference, Some(reason.clone()))
            }
            ReplyCommand::Nothing => return Err(Declined::NotUnderstood),
        };
        let receipt = Receipt::parse(&self.offer.tag).ok_or(Declined::NoLongerPossible)?;
        if receipt.reference.as_ref() != Some(reference) {
            return Err(Declined::OtherRequest);
        }
        if !(checker.company.approves_by_mail && checker.person.approves_by_mail) {
            return Err(Declined::SwitchedOff);
        }
        if self.app.now() >= self.offer.until {
            return Err(Declined::Expired);
        }
        Ok(Command {
            subject: Subject::Request(self.offer.request),
            action,
            actor: Actor::Member(Member {
                person: Person {
                    id: checker.person.id.clone(),
                    name: checker.person.name.clone(),
                },
                email: checker.address.clone(),
                company: self.offer.company.clone(),
                company_name: checker.company.name.clone(),
                rights: checker.person.rights.clone(),
                participantships: checker.company.participantships.clone(),
            }),
            receipt: Some(receipt).into(),
            payload: Payload::Mail(Box::new(MailPayload {
                message,
                token: *self.token,
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
            Err(Rejection::Invalid(_) | Rejection::NoOtherChecker | Rejection::KeyReused) => {
                Ok(Some(InboundResult::Declined(Declined::NoLongerPossible)))
            }
        }
    }
}

fn declined(refusal: &Refusal) -> Declined {
    match refusal {
        Refusal::RightMissing(_) => Declined::RightMissing,
        Refusal::OwnRequest => Declined::OwnRequest,
        Refusal::MessageMissing => Declined::NotUnderstood,
        Refusal::NotFound
        | Refusal::NotItsMaker
        | Refusal::NotItsConfirmer
        | Refusal::NoLongerPossible
        | Refusal::Stale
        | Refusal::NotOpenYet => Declined::NoLongerPossible,
    }
}
