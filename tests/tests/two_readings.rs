//! The two readings of the workflow's table give the same verdict: in memory, and as a DynamoDB condition on the real
//! engine. If a step is taken, both result in the same head.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::actor::{Actor, Member, Person, Right};
use countersign_domain::commitment::Salt;
use countersign_domain::contact::EmailAddress;
use countersign_domain::eservice::EServiceId;
use countersign_domain::fact::{Attribute, Fact, Facts, apply};
use countersign_domain::history::RowSalts;
use countersign_domain::id::{CompanyId, Digest, PersonId, Reference, RequestId};
use countersign_domain::receipt::Receipt;
use countersign_domain::request::{Checks, Head, StateName};
use countersign_domain::workflow::{self, Action, Attempt, Details, From, Party, Plan, Reading, Row};
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::transaction::Outcome;
use countersign_platform::{App, Clock};
use countersign_tests::World;
use countersign_tests::market::app;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};

const NOW: &str = "2023-02-07T02:45:00.000Z";
const BEFORE: &str = "2023-02-07T02:43:00.000Z";
const AFTER: &str = "2023-02-07T02:47:00.000Z";
const PEOPLE: [&str; 3] = ["p0", "p1", "p2"];

/// Random numbers from which a head, an actor and a command are made.
type Seeds = ((u8, u8, u8, u8), (u8, u8, u8, u8, u8, u8), (u8, u8, u8));

fn pick<T: Copy>(options: &[T], seed: u8) -> T {
    options[usize::from(seed) % options.len()]
}

/// A head that could result from commands, as far as the conditions on it can tell.
fn facts(
    state: StateName,
    (is_managing, about): (bool, u8),
    (_, maker, editor, holder): (u8, u8, u8, u8),
    (confirmer, lease, company, _, _, checks): (u8, u8, u8, u8, u8, u8),
) -> Facts {
    let maker = pick(&PEOPLE, maker);
    let mut facts: Facts = BTreeMap::from([
        (Attribute::EService, EServiceId::Da3.code().into()),
        (Attribute::State, state.as_str().into()),
        (Attribute::Version, Fact::Number(7)),
        (Attribute::Chain, Digest::of(b"chain").to_string().into()),
        (Attribute::FormHash, Digest::of(b"form").to_string().into()),
        (
            Attribute::Company,
            pick(&["abc", "abc", "abc", "bank"], company).into(),
        ),
        (Attribute::CompanyName, "A Company".into()),
        (Attribute::ParticipantKind, "HKSCC Participant".into()),
        (Attribute::ParticipantId, "B01234".into()),
        (Attribute::Maker, maker.into()),
        (Attribute::MakerName, "Maker".into()),
        (
            Attribute::Editors,
            Fact::Set(BTreeSet::from([
                maker.to_owned(),
                pick(&PEOPLE, editor).to_owned(),
            ])),
        ),
        (Attribute::CreatedAt, BEFORE.into()),
        (Attribute::UpdatedAt, BEFORE.into()),
    ]);
    if state.is_held() {
        hold(&mut facts, holder, lease);
    }
    if state.is_before_the_exchange() {
        facts.insert(Attribute::ConfirmedBy, pick(&PEOPLE, confirmer).into());
        facts.insert(Attribute::ConfirmedByName, "Checker".into());
        facts.insert(Attribute::ConfirmedAt, BEFORE.into());
    }
    // Two people check half of the requests that can have been checked.
    let (first, checks) = (checks / 4, checks % 4);
    let checks = match (state.is_open(), checks) {
        (true, 0) if !state.is_before_the_exchange() => Checks::FirstOfTwo,
        (true, 1) => Checks::LastOfTwo,
        _ => Checks::One,
    };
    if !checks.is_one() {
        facts.insert(Attribute::Checks, checks.as_str().into());
    }
    if checks == Checks::LastOfTwo {
        facts.insert(Attribute::FirstCheckBy, pick(&PEOPLE, first).into());
        facts.insert(Attribute::FirstCheckByName, "First Checker".into());
        facts.insert(Attribute::FirstCheckAt, BEFORE.into());
    }
    if state.is_open() || lease % 2 == 0 {
        facts.insert(Attribute::Reference, "DA3_00013361".into());
        facts.insert(Attribute::SubmittedAt, BEFORE.into());
    }
    if is_managing {
        facts.insert(Attribute::EService, EServiceId::Am1.code().into());
        facts.remove(&Attribute::ParticipantKind);
        facts.remove(&Attribute::ParticipantId);
        let about = pick(&PEOPLE, about).to_owned();
        facts.insert(Attribute::About, Fact::Set(BTreeSet::from([about])));
    }
    if state.desk().is_some() {
        facts.insert(Attribute::Desk, "COMPANY#abc".into());
        facts.insert(Attribute::DeskSince, BEFORE.into());
    }
    facts
}

/// Adds who holds it, and until when.
fn hold(facts: &mut Facts, holder: u8, lease: u8) {
    facts.insert(Attribute::Holder, pick(&PEOPLE, holder).into());
    facts.insert(Attribute::HolderName, "Holder".into());
    facts.insert(Attribute::HolderSince, BEFORE.into());
    if !lease.is_multiple_of(3) {
        facts.insert(
            Attribute::LeaseEnds,
            pick(&[BEFORE, NOW, AFTER], lease / 3).into(),
        );
    }
}

/// In half of the cases an actor of the kind that the row requires, otherwise anyone.
fn actor(row: &Row, person: u8, kind: u8) -> Actor {
    let of_the_row = match row.who {
        Party::Clock => 0,
        Party::Officer | Party::OtherOfficer | Party::HoldingOfficer => 1,
        Party::Manager => 5,
        _ if !row.is_for(EServiceId::Da3) => 5,
        Party::Colleague | Party::ItsMaker | Party::Checker | Party::Holder | Party::Confirmer => 6,
    };
    let (company, rights) = match if kind.is_multiple_of(2) {
        of_the_row
    } else {
        kind / 2 % 7
    } {
        0 => return Actor::Clock,
        1 => ("EXCHANGE", vec![Right::Operations]),
        2 => ("EXCHANGE", Right::ALL.to_vec()),
        3 => ("bank", vec![Right::UserMaintenance]),
        4 => ("abc", vec![]),
        5 => ("abc", Right::ALL.to_vec()),
        _ => ("abc", vec![Right::UserMaintenance]),
    };
    Actor::Member(Member {
        person: Person {
            id: PersonId::parse(pick(&PEOPLE, person)).unwrap(),
            name: "Someone".to_owned(),
        },
        email: EmailAddress::parse("someone@abc.example").ok(),
        company: CompanyId::parse(company).unwrap(),
        company_name: "A Company".to_owned(),
        rights: rights.into_iter().collect(),
        participantships: BTreeSet::new(),
    })
}

/// The actor's receipt: mostly of the current head, sometimes with one part changed.
fn receipt(head: &Head, change: u8) -> Receipt {
    let mut receipt = Receipt::of(head);
    match change % 12 {
        0 => receipt.version += 1,
        1 => receipt.chain = Digest::of(b"another chain"),
        2 => receipt.form_hash = Digest::of(b"another form"),
        3 => receipt.state = pick(&StateName::ALL, change / 12),
        4 => receipt.reference = Reference::new(EServiceId::Da3, 1),
        5 => receipt.reference = None,
        6 => receipt.eservice = EServiceId::SCard1,
        7 => receipt.checks = pick(&Checks::ALL, change / 12),
        _ => {}
    }
    receipt
}

/// Every row that changes an existing request. A clone changes none; it makes a new one.
fn steps() -> Vec<(&'static Row, StateName)> {
    let start = |row: &'static Row| match row.from {
        From::State(state) => Some((row, state)),
        From::Nothing | From::Any => None,
    };
    workflow::TABLE.iter().filter_map(start).collect()
}

/// The plan of the first row that may be taken.
fn first_plan(id: RequestId, receipt: &Receipt, attempt: &Attempt<'_>, details: &Details) -> Option<Plan> {
    let rows = Row::candidates(attempt.action, From::State(receipt.state), attempt.actor);
    let row = rows.iter().find(|row| row.may_follow(receipt))?;
    workflow::plan_step(row, id, receipt, attempt, details).ok()
}

/// What a step has beside its attempt.
fn details(action: Action, reference: Option<Reference>, lease: u8, checks: u8) -> Details {
    let salt = Salt::from_bits(1);
    Details {
        salts: RowSalts {
            name: salt,
            message: salt,
            handed_to: salt,
        },
        message: Some("Because.".to_owned()),
        reference,
        checks: if checks.is_multiple_of(2) {
            Checks::FirstOfTwo
        } else {
            Checks::One
        },
        // A claim has a lease, unless the list of holidays ends before.
        lease_ends: Some(AFTER.parse().unwrap()).filter(|_| lease.is_multiple_of(2)),
        handed_to: (action == Action::HandOver).then(|| Person {
            id: PersonId::parse("p9").unwrap(),
            name: "A Colleague".to_owned(),
        }),
        command: None,
        in_time: None,
        saved: None,
    }
}

async fn verdicts_agree(
    app: &App,
    id: RequestId,
    (head, more, command): Seeds,
) -> Result<Option<&'static Row>, TestCaseError> {
    let (row, start) = pick(&steps(), command.0);
    let state = if head.0.is_multiple_of(4) {
        pick(&StateName::ALL, head.0 / 4)
    } else {
        start
    };
    // What ends at the company never comes to the exchange.
    let can_manage = !matches!(
        state,
        StateName::Sent | StateName::Processing | StateName::Rejected
    );
    let is_managing = can_manage && (!row.is_for(EServiceId::Da3) || command.2.is_multiple_of(4));
    let mut facts = facts(state, (is_managing, command.2 / 4), head, more);
    facts.insert(Attribute::Id, id.to_string().into());
    let head = Head::from_facts(&facts).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let now: Timestamp = NOW.parse().unwrap();
    let actor = actor(row, more.3, more.4);
    let receipt = receipt(&head, command.1);
    let action = row.action;
    let attempt = Attempt {
        actor: &actor,
        action,
        reading: Reading::Receipt(&receipt),
        now,
    };
    let in_memory = workflow::judge(&head, &facts, &attempt);

    // A first submission has a reference, as the command does after drawing one.
    let is_first = action == Action::Submit && receipt.reference.is_none();
    let reference = is_first.then(|| Reference::new(EServiceId::Da3, 13362)).flatten();
    let details = details(action, reference, more.1, more.5);
    let Some(plan) = first_plan(id, &receipt, &attempt, &details) else {
        prop_assert!(
            in_memory.is_err(),
            "{action:?} by {actor:?} has no plan but is judged {in_memory:?}"
        );
        return Ok(None);
    };
    let mut seed = app.store().transaction();
    seed.new_head(id, &facts);
    assert!(matches!(seed.commit().await.unwrap(), Outcome::Committed));
    let mut step = app.store().transaction();
    step.change_head(id, &plan.tests, &plan.changes);
    let in_store = step.commit().await.unwrap();
    let stored: StoredHead = app.store().head(id).await.unwrap().unwrap();
    match in_store {
        Outcome::Committed => {
            prop_assert!(
                in_memory.is_ok(),
                "{action:?} by {actor:?} on {head:?}: taken, but judged {in_memory:?}"
            );
            prop_assert_eq!(in_memory.unwrap().to, plan.row.to);
            apply(&mut facts, &plan.changes);
            prop_assert_eq!(&stored.facts, &facts);
            prop_assert_eq!(stored.head.state.name(), plan.row.to);
            Ok(Some(plan.row))
        }
        Outcome::Refused(refused) => {
            prop_assert!(
                in_memory.is_err(),
                "{action:?} by {actor:?} on {head:?}: refused, but judged possible"
            );
            let old = refused.head().unwrap().map(|stored| stored.facts);
            prop_assert_eq!(old.as_ref(), Some(&facts));
            prop_assert_eq!(&stored.facts, &facts);
            Ok(None)
        }
    }
}

#[test]
fn the_two_readings_of_the_workflow_table_agree() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(World::start());
    let app = app(&world, Clock::system());
    let (mut taken, mut tried) = (BTreeSet::new(), 0_u64);
    let mut check = |cases: u32, row: BoxedStrategy<u8>| {
        let counts = std::cell::RefCell::new((&mut taken, &mut tried));
        let seeds = (
            any::<(u8, u8, u8, u8)>(),
            any::<(u8, u8, u8, u8, u8, u8)>(),
            (row, any::<u8>(), any::<u8>()),
        );
        let settings = Cases {
            cases,
            failure_persistence: None,
            ..Cases::default()
        };
        let verdict = |seeds| {
            let mut counts = counts.borrow_mut();
            *counts.1 += 1;
            let id = RequestId::from_parts(*counts.1, 0);
            if let Some(row) = runtime.block_on(verdicts_agree(&app, id, seeds))? {
                counts.0.insert(format!("{row:?}"));
            }
            Ok(())
        };
        TestRunner::new(settings).run(&seeds, verdict).unwrap();
        taken.clone()
    };
    let mut taken = check(2_000, any::<u8>().boxed());
    // If all cases were refused, the property would prove nothing, so every row has to be taken. About one case in 25
    // takes its row. Rows that were never taken get additional cases.
    for (place, (row, _)) in (0_u8..).zip(steps()) {
        for _ in 0..10 {
            if taken.contains(&format!("{row:?}")) {
                break;
            }
            taken = check(600, Just(place).boxed());
        }
        assert!(taken.contains(&format!("{row:?}")), "{row:?} was never taken");
    }
    runtime.block_on(world.local.stop());
}
