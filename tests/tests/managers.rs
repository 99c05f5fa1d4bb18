//! Whoever does what with AM 1, in whatever order: nobody decides alone who may check.
//!
//! Random people of one company make, copy, claim and confirm random requests about each other, with actors whose tokens
//! still have every right. After each step the directory is compared with a model of a few lines.

use std::collections::BTreeSet;

use countersign_application::execute::{AsRead, Command, Payload, Subject, execute};
use countersign_domain::actor::{Actor, Right};
use countersign_domain::form::Form;
use countersign_domain::id::{CompanyId, PersonId, RequestId};
use countersign_domain::receipt::Receipt;
use countersign_domain::request::StateName;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_tests::World;
use countersign_tests::market::{Firm, Market, Role, app};
use serde_json::json;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

struct Company {
    app: App,
    firm: Firm,
    id: CompanyId,
    open: Vec<RequestId>,
}

impl Company {
    async fn managers(&self) -> BTreeSet<PersonId> {
        let people = self.app.store().people(&self.id).await.unwrap();
        let managers = people
            .into_iter()
            .filter(|person| person.rights.contains(&Right::ManageUsers));
        managers.map(|person| person.id).collect()
    }

    /// A person whose token has every right, whatever the directory says.
    fn actor(&self, role: Role) -> Actor {
        let Actor::Member(mut member) = self.firm.actor(role) else {
            panic!("people only");
        };
        member.rights = [Right::UserMaintenance, Right::ManageUsers].into();
        Actor::Member(member)
    }

    fn form(&self, about: Role, dice: &mut Dice) -> Form {
        let person = self.firm.person(about);
        let content = match dice.below(4) {
            0 => json!({"eService": "AM1", "maintenanceRequest": "Remove", "person": person}),
            1 => {
                json!({
                    "eService": "AM1", "maintenanceRequest": "Change", "person": person,
                    "access": "MakeAndCheck", "managesUsers": "Yes",
                })
            }
            2 => {
                json!({"eService": "AM1", "maintenanceRequest": "Change", "person": person, "access": "None", "managesUsers": "No"})
            }
            _ => json!({"eService": "AM1", "maintenanceRequest": "Invite", "person": person}),
        };
        Form::parse(&content, &self.app.kept_terms()).unwrap()
    }

    async fn take(
        &self,
        actor: Actor,
        subject: Subject,
        action: Action,
        payload: Payload,
    ) -> Option<RequestId> {
        let receipt = match (subject, action) {
            (Subject::New, _) | (_, Action::Clone) => AsRead::Current,
            (Subject::Request(id), _) => {
                let stored = self.app.store().head(id).await.unwrap().unwrap();
                AsRead::Receipt(Receipt::of(&stored.head))
            }
        };
        let command = Command {
            subject,
            action,
            actor,
            receipt,
            payload,
            key: None,
        };
        let taken = execute(&self.app, command).await.ok()?;
        Some(taken.row.request)
    }

    /// A step that the state of a request suggests. Mostly by the one whose turn it is, otherwise by anybody.
    async fn likely(&self, subject: Subject, dice: &mut Dice) -> (Role, Action) {
        let anybody = Role::ALL[dice.below(Role::ALL.len())];
        let Subject::Request(id) = subject else {
            return (anybody, Action::Save);
        };
        let head = self.app.store().head(id).await.unwrap().unwrap().head;
        let turn = head.state.holder().map_or(&head.maker.id, |holder| &holder.by.id);
        let turn = Role::ALL
            .into_iter()
            .find(|role| self.firm.person(*role) == turn.as_str());
        let who = turn.filter(|_| dice.below(4) > 0).unwrap_or(anybody);
        match head.state.name() {
            _ if dice.below(12) == 0 => (anybody, Action::Clone),
            StateName::Draft => (who, Action::Submit),
            StateName::ReadyToSend => (anybody, Action::Claim),
            _ => (who, Action::Confirm),
        }
    }

    /// Checks who had a part in a request that has just been completed.
    async fn hold_four_eyes(&self, id: RequestId, managers: &BTreeSet<PersonId>) {
        let request = self.app.store().request(id).await.unwrap().unwrap();
        let head = request.stored.head;
        let checker = head.state.confirmed().unwrap().by.id.clone();
        assert!(!head.editors.contains(&checker), "{head:?}");
        assert_ne!(head.about.as_ref(), Some(&checker), "{head:?}");
        assert!(managers.contains(&checker), "{head:?}");
        for row in request.history {
            let alone = row.actor.id == checker
                && matches!(row.action, Action::Save | Action::Clone | Action::Submit);
            assert!(!alone, "{row:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sequence_of_requests_ends_in_one_person_deciding_alone_who_may_check() {
    let world = World::start().await;
    let (mut completed, mut refused) = (0, 0);
    for number in 1..=6 {
        let firm = Firm {
            number,
            administrators: 1,
            registered: 0,
            has_checkers: true,
        };
        Market::open(&world, std::slice::from_ref(&firm)).await;
        let mut company = Company {
            app: app(&world, world.local.clock().clone()),
            id: CompanyId::parse(&firm.id()).unwrap(),
            firm,
            open: Vec::new(),
        };
        let mut dice = Dice((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for _ in 0..80 {
            let managers = company.managers().await;
            let about = Role::ALL[dice.below(Role::ALL.len())];
            let subject = match company.open.len() {
                count if count < 3 || dice.below(6) == 0 => Subject::New,
                count => Subject::Request(company.open[dice.below(count)]),
            };
            let (who, action) = company.likely(subject, &mut dice).await;
            let payload = if action == Action::Save {
                Payload::Form(Box::new(company.form(about, &mut dice)))
            } else {
                Payload::Message(None)
            };
            let actor = company.actor(who);
            let Some(taken) = company.take(actor, subject, action, payload).await else {
                refused += 1;
                continue;
            };
            if !company.open.contains(&taken) {
                company.open.push(taken);
            }
            let state = company
                .app
                .store()
                .head(taken)
                .await
                .unwrap()
                .unwrap()
                .head
                .state
                .name();
            if state == StateName::Completed {
                completed += 1;
                company.hold_four_eyes(taken, &managers).await;
                company.open.retain(|id| *id != taken);
            }
            assert!(company.managers().await.len() >= 2, "{}", company.firm.id());
        }
    }
    assert!(
        completed >= 15 && refused >= 50,
        "{completed} completed, {refused} refused"
    );
    world.local.stop().await;
}
