//! Prepares a row: reads what its guards and writes need, side by side, and enforces every guard.

use std::collections::BTreeSet;

use countersign_domain::eservice::{EService, EServiceId};
use countersign_domain::fault::{Fault, FaultKind, NamedOption};
use countersign_domain::form::{CompleteForm, Form, Terms};
use countersign_domain::id::ParticipantId;
use countersign_domain::participantship::Participantship;
use countersign_domain::register::Standings;
use countersign_domain::request::Checks;
use countersign_domain::workflow::{self, Guard, Party, Refusal, Row, Source, Write};
use countersign_platform::store::StoreError;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::requests::StoredForm;
use futures_util::future::try_join_all;

use super::draw::salt;
use super::reads::Reads;
use super::{Execution, Rejection, Subject, Untaken};

/// What is read and checked before a row is staged.
#[derive(Default)]
pub(super) struct Prepared {
    /// The head that was read.
    pub(super) head: Option<StoredHead>,
    /// The form that was read.
    form: Option<StoredForm>,
    /// The company and its people.
    pub(super) directory: Option<(Company, Vec<DirectoryPerson>)>,
    /// The colleague whom the command names, if the directory has them.
    pub(super) colleague: Option<DirectoryPerson>,
    /// The registered addresses of the form's participant's administrators, if the step is checked against them.
    standings: Option<Standings>,
    /// The form that the step saves.
    pub(super) kept: Option<Form>,
    /// The same form as it is stored.
    pub(super) sealed: Option<StoredForm>,
    /// The form that the step completes or submits.
    pub(super) complete: Option<CompleteForm>,
    /// The request that a new one is cloned from.
    pub(super) source: Option<Source>,
}

/// A participant, and the registered addresses of its administrators.
type Register = (ParticipantId, Standings);

impl Execution<'_> {
    /// Reads what the row needs and enforces its guards. Guards that need only the command are enforced before the
    /// reads.
    pub(super) async fn prepare(&self, row: &Row) -> Result<Prepared, Untaken> {
        let mut prepared = Prepared::default();
        let (of_the_command, of_what_is_read): (Vec<Guard>, Vec<Guard>) =
            row.guards.iter().partition(|guard| match guard {
                Guard::MessageGiven | Guard::FirstOfTwoChecks | Guard::LastCheck => true,
                // A clone's command need not name the eService.
                Guard::CampaignOpen => self.eservice().is_some(),
                Guard::ClaimedParticipantship
                | Guard::OwnParticipantship
                | Guard::FormComplete
                | Guard::AnotherChecker
                | Guard::RegisterAgrees
                | Guard::UserIdsFree
                | Guard::Unclaimed
                | Guard::LeaseEnded
                | Guard::MailToken
                | Guard::Entitled
                | Guard::MakerGone
                | Guard::HolderGone
                | Guard::ColleagueCanCheck
                | Guard::EntitledToManage
                | Guard::GoesToTheExchange
                | Guard::EndsAtTheCompany
                | Guard::NotAboutSelf
                | Guard::DirectoryAgrees
                | Guard::TwoManagersStay => false,
            });
        for guard in of_the_command {
            self.enforce(row, guard, &mut prepared).map_err(Untaken::Unmet)?;
        }
        Box::pin(self.read(self.reads(row), &mut prepared)).await?;
        for guard in of_what_is_read {
            self.enforce(row, guard, &mut prepared).map_err(Untaken::Unmet)?;
        }
        if row.has(Write::KeepForm) {
            let form = self.form_to_keep(&prepared).map_err(Untaken::Unmet)?;
            prepared.sealed = Some(StoredForm::of(&form, salt()?));
            prepared.kept = Some(form);
        }
        if row.has(Write::InheritEditors) {
            prepared.source = prepared.head.as_ref().map(|stored| Source {
                id: stored.head.id,
                editors: stored.head.editors.clone(),
            });
        }
        Ok(prepared)
    }

    fn reads(&self, row: &Row) -> Reads {
        let reads = Reads::for_row(row);
        let eservice = self.eservice().map(EServiceId::definition);
        Reads {
            register: reads.register && eservice.is_none_or(EService::relies_on_the_register),
            ..reads
        }
    }

    async fn read(&self, reads: Reads, prepared: &mut Prepared) -> Result<(), Untaken> {
        let store = self.app.store();
        let request = async {
            match self.command.subject {
                Subject::Request(id) if reads.request => {
                    let read = store.head_and_form(id).await?;
                    Ok::<_, StoreError>(read.map(|(head, form)| (head, Some(form))))
                }
                Subject::Request(id) if reads.head => Ok(store.head(id).await?.map(|head| (head, None))),
                Subject::Request(_) | Subject::New => Ok(None),
            }
        };
        let directory = async {
            match (reads.directory, self.command.actor.member()) {
                (true, Some(member)) => store.whole_directory(&member.company).await,
                (true, None) | (false, _) => Ok(None),
            }
        };
        let colleague = async {
            match (self.command.payload.colleague(), self.command.actor.member()) {
                (Some(id), Some(member)) if reads.colleague => store.person(&member.company, id).await,
                _ => Ok(None),
            }
        };
        let registers = async {
            match self.command.actor.member() {
                Some(member) if reads.register => self.registers(&member.participantships).await,
                Some(_) | None => Ok(Vec::new()),
            }
        };
        let (request, directory, colleague, registers) =
            tokio::join!(request, directory, colleague, registers);
        (prepared.directory, prepared.colleague) = (directory?, colleague?);
        let (request, registers) = (request?, registers?);
        if reads.request || reads.head {
            let (stored, form) = request.ok_or(Untaken::Unexplained)?;
            // If the form is not the head's, a save came between the reads.
            let is_current = workflow::judge(&stored.head, &stored.facts, &self.attempt()).is_ok();
            let is_its_own = |form: &StoredForm| form.has(&stored.head.form_hash);
            if !is_current || !form.as_ref().is_none_or(is_its_own) {
                return Err(Untaken::Unexplained);
            }
            if reads.register {
                prepared.standings = Some(self.standings(&stored, registers).await?);
            }
            prepared.head = Some(stored);
            prepared.form = form;
        }
        Ok(())
    }

    /// Reads the registers of all participants that the caller's token names. They are read side by side with the
    /// request, whose form says which of them is needed.
    async fn registers(&self, own: &BTreeSet<Participantship>) -> Result<Vec<Register>, StoreError> {
        let participants: BTreeSet<&ParticipantId> = own.iter().map(|own| &own.id).collect();
        let reads = participants.into_iter().map(async |participant| {
            let standings = self.app.store().standings(participant).await?;
            Ok((participant.clone(), standings))
        });
        try_join_all(reads).await
    }

    /// Picks the register of the form's participant. Reads it if it is missing, as when the token is older than the
    /// participantship.
    async fn standings(&self, stored: &StoredHead, read: Vec<Register>) -> Result<Standings, StoreError> {
        let Some(wanted) = stored.head.participantship.as_ref().map(|own| &own.id) else {
            return Ok(Standings::new());
        };
        let found = read.into_iter().find(|(participant, _)| participant == wanted);
        match found {
            Some((_, standings)) => Ok(standings),
            None => self.app.store().standings(wanted).await,
        }
    }

    /// Enforces a guard, or leaves it to a condition of the transaction.
    fn enforce(&self, row: &Row, guard: Guard, prepared: &mut Prepared) -> Result<(), Rejection> {
        match guard {
            Guard::CampaignOpen => self.hold_campaign(prepared),
            Guard::MessageGiven => {
                let message = self.command.payload.message();
                if message.is_some_and(|message| !message.trim().is_empty()) {
                    return Ok(());
                }
                Err(self.refused(Refusal::MessageMissing, None))
            }
            Guard::FormComplete => self.complete(row, prepared),
            Guard::ClaimedParticipantship => {
                let member = self.command.actor.member();
                let form = self.form_to_keep(prepared)?;
                hold_own(
                    member.map(|member| &member.participantships),
                    form.participantship(),
                )
            }
            Guard::OwnParticipantship => {
                let directory = prepared.directory.as_ref();
                let Some(stored) = &prepared.head else {
                    return Err(not_own());
                };
                hold_own(
                    directory.map(|(company, _)| &company.participantships),
                    stored.head.participantship.as_ref(),
                )
            }
            Guard::AnotherChecker => self.hold_checkers(prepared),
            // Of the rows for the first of two checks and for the last, the receipt fits one.
            Guard::FirstOfTwoChecks | Guard::LastCheck => match self.command.receipt.receipt() {
                Some(receipt) if !row.may_follow(receipt) => {
                    Err(self.refused(Refusal::NoLongerPossible, None))
                }
                Some(_) | None => Ok(()),
            },
            Guard::RegisterAgrees => hold_register(prepared),
            Guard::ColleagueCanCheck => self.hold_colleague(prepared),
            Guard::DirectoryAgrees => self.hold_directory(prepared),
            Guard::TwoManagersStay => {
                let staff = prepared.staff();
                match self.directory_change(prepared) {
                    Some(change) if !change.leaves_managers(&staff) => {
                        Err(self.refused(Refusal::TooFewManagers, None))
                    }
                    Some(_) | None => Ok(()),
                }
            }
            // The transaction checks these: by conditions on the locks, the head, the token and the directory. Of the
            // last two, which say for which eServices a row is, only rows for the request's are candidates, and the head
            // tells again.
            Guard::UserIdsFree
            | Guard::Unclaimed
            | Guard::LeaseEnded
            | Guard::MailToken
            | Guard::Entitled
            | Guard::MakerGone
            | Guard::HolderGone
            | Guard::EntitledToManage
            | Guard::NotAboutSelf
            | Guard::GoesToTheExchange
            | Guard::EndsAtTheCompany => Ok(()),
        }
    }

    /// Holds the step to the day on which the eService's campaign opens.
    fn hold_campaign(&self, prepared: &Prepared) -> Result<(), Rejection> {
        let campaign = &self.app.config().campaign;
        let read = prepared.head.as_ref().map(|stored| stored.head.eservice);
        let eservice = self.eservice().or(read).map(EServiceId::definition);
        if eservice.is_some_and(|eservice| eservice.is_open(campaign, self.now)) {
            return Ok(());
        }
        Err(self.refused(Refusal::NotOpenYet, None))
    }

    /// Holds the form to be complete, and keeps it as such.
    fn complete(&self, row: &Row, prepared: &mut Prepared) -> Result<(), Rejection> {
        // A maker has to meet the rules of today. Later steps apply the rules under which the form was handed
        // over.
        let terms = match row.who {
            Party::Colleague | Party::ItsMaker => self.app.terms(),
            Party::Manager
            | Party::Checker
            | Party::Holder
            | Party::Confirmer
            | Party::Officer
            | Party::OtherOfficer
            | Party::HoldingOfficer
            | Party::Clock => self.app.kept_terms(),
        };
        let form = form_as_read(prepared, &terms)?;
        prepared.complete = Some(form.complete().map_err(Rejection::Invalid)?);
        Ok(())
    }

    /// Counts the others in the company who could check the request.
    fn hold_checkers(&self, prepared: &Prepared) -> Result<(), Rejection> {
        let people = prepared.directory.iter().flat_map(|(_, people)| people);
        let others = people.filter(|person| {
            let head = prepared.head.as_ref().map(|stored| &stored.head);
            head.is_some_and(|head| head.could_be_checked_by(&person.id, &person.rights))
        });
        let checks = self.checks(prepared);
        if others.count() >= checks.needed() {
            Ok(())
        } else {
            Err(Rejection::NoOtherChecker(checks))
        }
    }

    /// Returns the checks that the request needs if it is submitted now.
    pub(super) fn checks(&self, prepared: &Prepared) -> Checks {
        let company = prepared
            .directory
            .as_ref()
            .map_or(1, |(company, _)| company.checkers);
        let eservice = self.eservice().map(EServiceId::definition);
        eservice.map_or(Checks::One, |eservice| eservice.checkers.checks(company))
    }

    /// Returns the form to save: the command's, or for a clone the source's, without its declaration.
    fn form_to_keep(&self, prepared: &Prepared) -> Result<Form, Rejection> {
        let Some(form) = self.command.payload.form() else {
            return Ok(form_as_read(prepared, &self.app.kept_terms())?.undeclared());
        };
        match self.command.receipt.receipt() {
            Some(receipt) if receipt.eservice != form.eservice() => {
                let eservice = receipt.eservice.definition();
                let options = vec![NamedOption {
                    value: eservice.code,
                    label: eservice.function,
                }];
                Err(Rejection::Invalid(vec![Fault::new(
                    "/eService",
                    FaultKind::NotAnOption(options),
                )]))
            }
            _ => Ok(form.clone()),
        }
    }
}

/// A form for the company itself needs no participantship.
fn hold_own(
    own: Option<&BTreeSet<Participantship>>,
    made_for: Option<&Participantship>,
) -> Result<(), Rejection> {
    let is_own = |made_for| own.is_some_and(|own| own.contains(made_for));
    if made_for.is_none_or(is_own) {
        Ok(())
    } else {
        Err(not_own())
    }
}

/// Compares the form with the register. Without standings there is nothing to compare: the form does not depend on the
/// register, or the writes to it have conditions.
fn hold_register(prepared: &Prepared) -> Result<(), Rejection> {
    let form = prepared.complete.as_ref().map(CompleteForm::form);
    let faults = form
        .zip(prepared.standings.as_ref())
        .map(|(form, standings)| form.register_faults(standings));
    match faults {
        Some(faults) if !faults.is_empty() => Err(Rejection::Invalid(faults)),
        Some(_) | None => Ok(()),
    }
}

fn not_own() -> Rejection {
    Rejection::Invalid(vec![Fault::new(
        "/participantship",
        FaultKind::NotOwnParticipantship,
    )])
}

/// Parses the form that was read. Without one, answers that the form is missing: the command had to bring it.
fn form_as_read(prepared: &Prepared, terms: &Terms<'_>) -> Result<Form, Rejection> {
    let Some(stored) = &prepared.form else {
        return Err(Rejection::Invalid(vec![Fault::new("", FaultKind::Missing)]));
    };
    Form::parse(&stored.json()?, terms).map_err(Rejection::Invalid)
}
