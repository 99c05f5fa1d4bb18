//! The test's own book of what each company has done, and of which reminders its people are due.

use std::collections::BTreeSet;

use countersign_domain::id::RequestId;
use countersign_domain::request::StateName;
use countersign_domain::workflow::Action;
use countersign_tests::World;
use countersign_tests::market::{Firm, Market, Role};
use jiff::civil::Date;
use serde_json::json;

use crate::year::plan::{self, Deed, Planned};

/// A request in the book.
pub(crate) struct Entry {
    pub(crate) id: RequestId,
    pub(crate) state: StateName,
    pub(crate) administrators: BTreeSet<usize>,
    pub(crate) holder: Option<Role>,
}

/// A company with its plan and its book.
pub(crate) struct Account {
    pub(crate) firm: Firm,
    plan: &'static [Planned],
    requests: Vec<Entry>,
    registered: BTreeSet<usize>,
}

/// A person's reminder, as the book expects it or as it was sent.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(crate) struct Told {
    pub(crate) not_registered: BTreeSet<String>,
    pub(crate) drafts: BTreeSet<String>,
    pub(crate) waiting: BTreeSet<String>,
    pub(crate) claimed: BTreeSet<String>,
}

impl Told {
    pub(crate) fn is_empty(&self) -> bool {
        [&self.not_registered, &self.drafts, &self.waiting, &self.claimed]
            .iter()
            .all(|list| list.is_empty())
    }

    /// The reminder in short form.
    pub(crate) fn words(&self) -> String {
        let parts = [
            (&self.not_registered, "without an address"),
            (&self.drafts, "left as a draft"),
            (&self.waiting, "on the desk"),
            (&self.claimed, "claimed"),
        ];
        let parts = parts.iter().filter(|(list, _)| !list.is_empty());
        let parts: Vec<String> = parts
            .map(|(list, what)| format!("{} {what}", list.len()))
            .collect();
        parts.join(", ")
    }
}

impl Account {
    pub(crate) fn of(number: usize) -> Self {
        let (firm, plan) = plan::of(number);
        Self {
            firm,
            plan,
            requests: Vec::new(),
            registered: BTreeSet::new(),
        }
    }

    /// Does what is planned for a day and updates the book.
    pub(crate) async fn live(&mut self, world: &World, market: &Market, day: Date) {
        for Planned { hour, deed, .. } in self.plan.iter().filter(|planned| planned.day == day) {
            world.at(&format!("{day}T{hour:02}:00:00+08:00"));
            match deed {
                Deed::Draft(share) => {
                    let administrators = share.of(&self.firm);
                    self.requests.push(Entry {
                        id: market.draft(&self.firm, administrators.clone()).await,
                        state: StateName::Draft,
                        administrators: administrators.collect(),
                        holder: None,
                    });
                }
                Deed::Step(role, action) => {
                    let entry = self.requests.last_mut().unwrap();
                    market.step(&self.firm, *role, entry.id, *action).await;
                    (entry.state, entry.holder) = match action {
                        Action::Submit => (StateName::ReadyToSend, None),
                        Action::Claim => (StateName::Claimed, Some(*role)),
                        Action::Confirm => (StateName::Sent, None),
                        Action::Return => (StateName::Draft, None),
                        Action::Discard => (StateName::Discarded, None),
                        other => panic!("{other:?}"),
                    };
                }
                Deed::ClaimEnds => {
                    let job = json!({"job": "claim-leases", "scheduled": "2023-04-13T06:00:00Z"});
                    world.local.invoke("remind", job).await.unwrap();
                    let entry = self.requests.last_mut().unwrap();
                    (entry.state, entry.holder) = (StateName::ReadyToSend, None);
                }
                Deed::Officer(action) => {
                    let entry = self.requests.last_mut().unwrap();
                    market.decide(entry.id, *action).await;
                    entry.state = match action {
                        Action::Claim => StateName::Processing,
                        Action::Reject => StateName::Rejected,
                        _ => StateName::Completed,
                    };
                    if entry.state == StateName::Completed {
                        self.registered.extend(&entry.administrators);
                    }
                }
            }
        }
    }

    /// The reminder that one of its people is due, according to the book.
    pub(crate) fn owed(&self, role: Role, for_everyone: bool) -> Told {
        let under_way: BTreeSet<usize> = self
            .requests
            .iter()
            .filter(|entry| entry.state.is_open())
            .flat_map(|entry| entry.administrators.iter().copied())
            .collect();
        let left = (1..=self.firm.administrators)
            .filter(|number| !self.registered.contains(number) && !under_way.contains(number))
            .filter(|_| for_everyone || self.firm.may_act(role));
        let of = |state: StateName, concerns: &dyn Fn(&Entry) -> bool| {
            let entries = self.requests.iter().filter(|entry| entry.state == state);
            let entries = entries.filter(|entry| for_everyone || concerns(entry));
            entries.map(|entry| entry.id.to_string()).collect()
        };
        Told {
            not_registered: left.map(|number| self.firm.user_id(number)).collect(),
            drafts: of(StateName::Draft, &|_| role == Role::Maker),
            waiting: of(StateName::ReadyToSend, &|_| {
                role != Role::Maker && self.firm.may_act(role)
            }),
            claimed: of(StateName::Claimed, &|entry| entry.holder == Some(role)),
        }
    }
}
