//! Breaks each guard of each row on its own.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_application::execute::{Command, MailPayload, Payload, Rejection};
use countersign_domain::actor::{Actor, Right};
use countersign_domain::commitment::Salt;
use countersign_domain::fault::FaultKind;
use countersign_domain::id::{Digest, PersonId, RequestId};
use countersign_domain::request::StateName;
use countersign_domain::workflow::{Action, From, Guard, Refusal, Row, TABLE};
use countersign_platform::store::requests::StoredForm;
use countersign_platform::{App, Clock};
use countersign_tests::market::{Market, Role, app};
use countersign_tests::post::text;
use countersign_tests::{World, guideline_day};

use super::play::{IN_THE_CAMPAIGN, Play, Who};

/// Breaks this guard and no other: in the store, in the command, or in time.
async fn break_alone(
    world: &World,
    play: &mut Play<'_>,
    row: &Row,
    guard: Guard,
    (id, command, token): (RequestId, &mut Command, Digest),
) {
    let company = format!("COMPANY#{}", play.firm.id());
    match guard {
        Guard::CampaignOpen => play.app = before_the_campaign(world),
        Guard::MessageGiven => command.payload = without_message(&command.payload),
        Guard::ClaimedParticipantship => {
            if let Actor::Member(member) = &mut command.actor {
                member.participantships = BTreeSet::new();
            }
        }
        Guard::OwnParticipantship => {
            let others = AttributeValue::Ss(vec!["HKSCC Participant (B09999)".to_owned()]);
            let profile = (company, "PROFILE".to_owned());
            world.edit(profile, "participantships", others).await;
        }
        Guard::FormComplete => {
            store_unfinished(world, play, id).await;
            (*command, _) = play.command(row, id).await;
        }
        Guard::AnotherChecker => withdraw_checkers(world, play).await,
        Guard::RegisterAgrees => take_out_of_register(world, play).await,
        // The request is not as the command's receipt says.
        Guard::FirstOfTwoChecks => {
            edit_head(world, id, &["first_check_by", "first_check_by_name"], "colleague").await;
            edit_head(world, id, &["first_check_at"], "2023-03-27T02:40:00.000Z").await;
            edit_head(world, id, &["checks"], "last-of-two").await;
        }
        Guard::LastCheck => edit_head(world, id, &["checks"], "first-of-two").await,
        Guard::UserIdsFree => {
            let other = play.draft().await;
            play.step(Who::Maker, other, Action::Submit).await;
        }
        Guard::Unclaimed => claim_by_another(play, row, id).await,
        Guard::LeaseEnded => extend_lease(world, play, id).await,
        Guard::MakerGone => edit_person(world, play, Role::Maker, "away_until", text("2023-03-26")).await,
        Guard::HolderGone => {
            let absent = text("2023-03-26");
            world.edit(holder(play, row), "away_until", absent).await;
        }
        Guard::ColleagueCanCheck => {
            for attribute in ["away_from", "away_until"] {
                edit_person(world, play, Role::SecondChecker, attribute, text("2023-03-27")).await;
            }
        }
        Guard::MailToken => {
            let token = (format!("TOKEN#{token}"), "TOKEN".to_owned());
            world.edit(token, "spent", text("2023-02-07T02:43:00.000Z")).await;
        }
        Guard::Entitled => withdraw_right(world, play, row, command).await,
        Guard::EntitledToManage => {
            withdraw_right(world, play, row, command).await;
            // Not to the person whom the form is about.
            if let Payload::HandOver { colleague, .. } = &mut command.payload {
                *colleague = PersonId::parse(&play.firm.person(Role::Clerk));
            }
        }
        // The request is of an eService that ends elsewhere.
        Guard::GoesToTheExchange | Guard::EndsAtTheCompany => {}
        Guard::NotAboutSelf => {
            let about = AttributeValue::Ss(vec![command.actor.id().to_owned()]);
            let head = (format!("REQ#{id}"), "HEAD".to_owned());
            world.edit(head, "about", about).await;
        }
        Guard::DirectoryAgrees => {
            let person = format!("PERSON#{}", play.firm.person(Role::SecondChecker));
            world.take_out((company, person)).await;
        }
        Guard::TwoManagersStay => {
            let rights = AttributeValue::Ss(vec![Right::UserMaintenance.as_str().to_owned()]);
            edit_person(world, play, Role::Maker, "rights", rights).await;
        }
    }
}

/// Stores a form that is not finished as the request's first version.
async fn store_unfinished(world: &World, play: &Play<'_>, id: RequestId) {
    let form = unfinished(play, id).await;
    let pk = format!("REQ#{id}");
    let secret = Salt::from_bits(1);
    let hash = StoredForm::of_text(form.clone(), secret)
        .hash()
        .unwrap()
        .to_string();
    world
        .edit((pk.clone(), "FORM#0000000001".to_owned()), "form", text(&form))
        .await;
    let secret = text(&secret.to_string());
    world
        .edit((pk.clone(), "FORM#0000000001".to_owned()), "secret", secret)
        .await;
    world
        .edit((pk, "HEAD".to_owned()), "form_hash", text(&hash))
        .await;
}

/// Takes the actor's right away, or the actor.
async fn withdraw_right(world: &World, play: &Play<'_>, row: &Row, command: &Command) {
    let company = format!("COMPANY#{}", play.firm.id());
    // Enough others can manage users, so that no other guard breaks.
    let clerk = format!("PERSON#{}", play.firm.person(Role::Clerk));
    let manages = AttributeValue::Ss(vec![Right::ManageUsers.as_str().to_owned()]);
    world.edit((company, clerk), "rights", manages).await;
    let member = command.actor.member().unwrap();
    let person = (
        format!("COMPANY#{}", member.company),
        format!("PERSON#{}", member.person.id),
    );
    // Once the right is gone, once the person.
    if row.to == StateName::Sent {
        world
            .edit(person, "removed_at", text("2023-02-07T02:43:00.000Z"))
            .await;
    } else {
        let other = AttributeValue::Ss(vec![Right::ViewOnly.as_str().to_owned()]);
        world.edit(person, "rights", other).await;
    }
}

/// Takes the rights of all who could check.
async fn withdraw_checkers(world: &World, play: &Play<'_>) {
    let company = format!("COMPANY#{}", play.firm.id());
    for role in [Role::Checker, Role::SecondChecker] {
        let person = (company.clone(), format!("PERSON#{}", play.firm.person(role)));
        let none = AttributeValue::Ss(vec!["none".to_owned()]);
        world.edit(person, "rights", none).await;
    }
}

/// Has somebody else claim it before.
async fn claim_by_another(play: &Play<'_>, row: &Row, id: RequestId) {
    let who = match (row.from, Play::who(row)) {
        (From::State(StateName::ReadyToSend), _) => Who::SecondChecker,
        (_, Who::Officer) => Who::SecondOfficer,
        (..) => Who::Officer,
    };
    play.step(who, id, Action::Claim).await;
}

/// Takes an administrator out of the register.
async fn take_out_of_register(world: &World, play: &Play<'_>) {
    let entry = (
        format!("DA#{}", play.firm.participant()),
        format!("USER#{}", play.firm.user_id(2)),
    );
    world.take_out(entry).await;
}

/// Lets the claim last for another hour.
async fn extend_lease(world: &World, play: &Play<'_>, id: RequestId) {
    let later = countersign_domain::time::stored(play.app.now() + jiff::SignedDuration::from_hours(1));
    let head = (format!("REQ#{id}"), "HEAD".to_owned());
    world.edit(head, "lease_ends", text(&later)).await;
}

async fn edit_head(world: &World, id: RequestId, attributes: &[&str], value: &str) {
    for attribute in attributes {
        let head = (format!("REQ#{id}"), "HEAD".to_owned());
        world.edit(head, attribute, text(value)).await;
    }
}

/// Where the directory has the person who holds the request before a row.
fn holder(play: &Play<'_>, row: &Row) -> (String, String) {
    if row.from == From::State(StateName::Processing) {
        ("COMPANY#EXCHANGE".to_owned(), "PERSON#officer-1".to_owned())
    } else {
        let person = format!("PERSON#{}", play.firm.person(Role::Checker));
        (format!("COMPANY#{}", play.firm.id()), person)
    }
}

async fn edit_person(world: &World, play: &Play<'_>, role: Role, attribute: &str, value: AttributeValue) {
    let person = format!("PERSON#{}", play.firm.person(role));
    let key = (format!("COMPANY#{}", play.firm.id()), person);
    world.edit(key, attribute, value).await;
}

/// Makes the guards hold that a new request does not meet: that the lease has ended, and that its maker or its holder is
/// away.
pub(crate) async fn make_ready(world: &World, play: &Play<'_>, row: &Row, id: RequestId) {
    for (attribute, day) in [("away_from", "2023-03-27"), ("away_until", "2023-03-28")] {
        if row.needs(Guard::MakerGone) {
            edit_person(world, play, Role::Maker, attribute, text(day)).await;
        }
        if row.needs(Guard::HolderGone) {
            world.edit(holder(play, row), attribute, text(day)).await;
        }
    }
    if row.needs(Guard::LeaseEnded) {
        let head = (format!("REQ#{id}"), "HEAD".to_owned());
        world
            .edit(head, "lease_ends", text("2023-02-07T02:40:00.000Z"))
            .await;
    }
}

fn before_the_campaign(world: &World) -> App {
    app(world, Clock::starting_at("2023-01-20T02:00:00Z".parse().unwrap()))
}

fn without_message(payload: &Payload) -> Payload {
    match payload {
        Payload::Mail(mail) => Payload::Mail(Box::new(MailPayload {
            message: None,
            token: mail.token,
            record: mail.record.clone(),
        })),
        Payload::Message(_) | Payload::HandOver { .. } | Payload::Form(_) => Payload::Message(None),
    }
}

async fn unfinished(play: &Play<'_>, id: RequestId) -> String {
    let form = play.app.store().form_of_version(id, 1).await.unwrap().unwrap();
    let mut form = form.json().unwrap();
    if play.manages {
        form["access"] = "".into();
    } else {
        form["declaration"] = false.into();
    }
    form.to_string()
}

/// Whether a rejection is the one for this broken guard.
fn is_reason(guard: Guard, rejection: &Rejection) -> bool {
    let refused =
        |wanted: &Refusal| matches!(rejection, Rejection::Refused { refusal, .. } if refusal == wanted);
    let invalid = |wanted: fn(&FaultKind) -> bool| match rejection {
        Rejection::Invalid(faults) => faults.iter().all(|fault| wanted(&fault.kind)),
        _ => false,
    };
    match guard {
        Guard::CampaignOpen => refused(&Refusal::NotOpenYet),
        Guard::MessageGiven => refused(&Refusal::MessageMissing),
        // Where the other row would apply, only the version is another one.
        Guard::FirstOfTwoChecks | Guard::LastCheck => {
            refused(&Refusal::Stale) || refused(&Refusal::NoLongerPossible)
        }
        Guard::Unclaimed
        | Guard::LeaseEnded
        | Guard::HolderGone
        | Guard::GoesToTheExchange
        | Guard::EndsAtTheCompany => refused(&Refusal::NoLongerPossible),
        Guard::MakerGone => refused(&Refusal::MakerIsThere),
        Guard::ColleagueCanCheck => refused(&Refusal::ColleagueCannotCheck),
        Guard::ClaimedParticipantship | Guard::OwnParticipantship => {
            invalid(|kind| matches!(kind, FaultKind::NotOwnParticipantship))
        }
        Guard::FormComplete => invalid(|kind| matches!(kind, FaultKind::Undeclared | FaultKind::Missing)),
        Guard::RegisterAgrees => invalid(|kind| matches!(kind, FaultKind::NotInRegister)),
        Guard::AnotherChecker => matches!(rejection, Rejection::NoOtherChecker(_)),
        Guard::UserIdsFree => invalid(|kind| matches!(kind, FaultKind::InOpenRequest(_))),
        Guard::MailToken => matches!(rejection, Rejection::TokenEnded),
        Guard::Entitled => {
            refused(&Refusal::RightWithdrawn(Right::UserMaintenance))
                || refused(&Refusal::RightWithdrawn(Right::ManageUsers))
                || refused(&Refusal::RightWithdrawn(Right::Operations))
        }
        Guard::EntitledToManage => refused(&Refusal::RightWithdrawn(Right::ManageUsers)),
        Guard::NotAboutSelf => refused(&Refusal::AboutActor),
        Guard::DirectoryAgrees => invalid(|kind| matches!(kind, FaultKind::NotInDirectory)),
        Guard::TwoManagersStay => refused(&Refusal::TooFewManagers),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_guard_of_each_row_broken_alone_is_refused_with_that_rows_reason() {
    let world = World::with(guideline_day()).await;
    world.at(IN_THE_CAMPAIGN);
    let mut number = 0;
    let mut guards = BTreeSet::new();
    for row in &TABLE {
        for guard in row.guards {
            number += 1;
            let mut play = Play::open(&world, number).await.for_row(row);
            match guard {
                Guard::EntitledToManage | Guard::DirectoryAgrees | Guard::GoesToTheExchange => {
                    play.manages = true;
                }
                Guard::EndsAtTheCompany => play.manages = false,
                _ => {}
            }
            let id = play.request_for(row).await;
            make_ready(&world, &play, row, id).await;
            let (mut command, token) = play.command(row, id).await;
            break_alone(&world, &mut play, row, *guard, (id, &mut command, token)).await;
            let before = play.head(id).await;
            let what = format!("{:?} from {:?}, {guard:?}", row.action, row.from);
            match play.take(command).await {
                // Another row is for it.
                Ok(step) if matches!(guard, Guard::GoesToTheExchange | Guard::EndsAtTheCompany) => {
                    assert_ne!(step.to, row.to, "{what}");
                }
                Ok(row) => panic!("{what}: taken, {row:?}"),
                Err(rejection) => {
                    assert!(is_reason(*guard, &rejection), "{what}: {rejection:?}");
                    assert_eq!(play.head(id).await.facts, before.facts, "{what}");
                }
            }
            guards.insert(*guard);
        }
    }
    assert_eq!(guards.len(), 23, "a guard that no row has: {guards:?}");
    world.local.stop().await;
}

/// The token of a person who signed in before their company got its participant does not name it.
#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_held_to_the_register_of_a_participant_that_the_token_does_not_name() {
    let world = World::with(guideline_day()).await;
    world.at(IN_THE_CAMPAIGN);
    let row = TABLE.iter().find(|row| row.action == Action::Submit).unwrap();
    let mut play = Play::open(&world, 1).await;
    for is_broken in [true, false] {
        let id = play.request_for(row).await;
        let (mut command, token) = play.command(row, id).await;
        if is_broken {
            let broken = (id, &mut command, token);
            break_alone(&world, &mut play, row, Guard::RegisterAgrees, broken).await;
        } else {
            Market::open(&world, std::slice::from_ref(&play.firm)).await;
        }
        if let Actor::Member(member) = &mut command.actor {
            member.participantships = BTreeSet::new();
        }
        match play.take(command).await {
            Ok(row) => assert!(!is_broken && row.to == StateName::ReadyToSend, "{row:?}"),
            Err(rejection) => assert!(is_broken && is_reason(Guard::RegisterAgrees, &rejection)),
        }
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_is_taken_when_all_its_guards_hold() {
    let world = World::with(guideline_day()).await;
    world.at(IN_THE_CAMPAIGN);
    for (number, row) in (1..).zip(&TABLE) {
        let play = Play::open(&world, number).await.for_row(row);
        let id = play.request_for(row).await;
        make_ready(&world, &play, row, id).await;
        let (command, _) = play.command(row, id).await;
        let taken = play.take(command).await;
        let taken = taken.unwrap_or_else(|rejection| panic!("{:?}: {rejection:?}", row.action));
        assert_eq!((taken.action, taken.to), (row.action, row.to));
    }
    world.local.stop().await;
}
