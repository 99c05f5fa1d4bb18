//! Who acts: a person who is signed in, or the clock.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::contact::EmailAddress;
use crate::eservice::EServiceId;
use crate::id::{CompanyId, PersonId};
use crate::participantship::Participantship;
use crate::wording::ERASED_NAME;

/// An access right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Right {
    /// Lets a user of a company make and check requests (guideline, section 1).
    #[serde(rename = "EU_UserMaintenance")]
    UserMaintenance,
    /// Lets a user see their company's requests.
    #[serde(rename = "EU_ViewOnly")]
    ViewOnly,
    /// Lets a user make and check requests about their company's own people, at a company and at the exchange alike.
    #[serde(rename = "EU_ManageUsers")]
    ManageUsers,
    /// Lets a company's own system make requests. It never checks any.
    #[serde(rename = "EU_SystemMaker")]
    SystemMaker,
    /// Lets an officer of the exchange process requests.
    #[serde(rename = "HKEX_Operations")]
    Operations,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 5] = [
        Self::UserMaintenance,
        Self::ViewOnly,
        Self::ManageUsers,
        Self::SystemMaker,
        Self::Operations,
    ];

    /// The name in sign-in groups and in the directory.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserMaintenance => "EU_UserMaintenance",
            Self::ViewOnly => "EU_ViewOnly",
            Self::ManageUsers => "EU_ManageUsers",
            Self::SystemMaker => "EU_SystemMaker",
            Self::Operations => "HKEX_Operations",
        }
    }

    /// Whether it is the one right of a company's own system, which no person has.
    pub fn is_a_systems(self) -> bool {
        self == Self::SystemMaker
    }

    /// Whether the right counts at a company. The exchange's own people make no requests for participants, whatever their
    /// rights: they process what companies send.
    pub fn counts_at(self, company: &CompanyId) -> bool {
        match self {
            Self::UserMaintenance | Self::ViewOnly | Self::SystemMaker => !company.is_exchange(),
            Self::Operations => company.is_exchange(),
            Self::ManageUsers => true,
        }
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.as_str() == text)
    }
}

/// A person, as the history names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their ID in the directory.
    pub id: PersonId,
    /// The name that others see, e.g. `D Wong`. [`ERASED_NAME`] once it is erased.
    #[serde(default = "erased_name", skip_serializing_if = "is_erased_name")]
    pub name: String,
}

fn erased_name() -> String {
    ERASED_NAME.to_owned()
}

fn is_erased_name(name: &str) -> bool {
    name == ERASED_NAME
}

/// A person who is signed in, with what the directory knows about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their ID and name.
    pub person: Person,
    /// The address they signed in with; a system has none.
    pub email: Option<EmailAddress>,
    /// The company that they act for.
    pub company: CompanyId,
    /// That company's name.
    pub company_name: String,
    /// Their access rights.
    pub rights: BTreeSet<Right>,
    /// The company's roles at the clearing houses, as the directory had them when the person signed in.
    pub participantships: BTreeSet<Participantship>,
}

impl Member {
    /// Whether they may see requests: their company's, or for an officer those that the exchange has been sent.
    pub fn may_see(&self) -> bool {
        Right::ALL.into_iter().any(|right| self.has(right))
    }

    /// Whether they may make requests of an eService.
    pub fn may_make(&self, eservice: EServiceId) -> bool {
        let by_a_system = eservice.definition().right == Right::UserMaintenance;
        self.may_check(eservice) || (by_a_system && self.has(Right::SystemMaker))
    }

    /// Whether they may check their colleagues' requests of an eService.
    pub fn may_check(&self, eservice: EServiceId) -> bool {
        self.has(eservice.definition().right)
    }

    /// Whether they may manage their company's people.
    pub fn may_manage_users(&self) -> bool {
        self.has(Right::ManageUsers)
    }

    /// Whether they may take over the drafts of colleagues who are gone, and go on with them.
    pub fn may_take_over(&self, eservice: EServiceId) -> bool {
        self.may_manage_users() && self.may_check(eservice)
    }

    /// Whether they are an officer.
    pub fn is_officer(&self) -> bool {
        self.has(Right::Operations)
    }

    /// Whether they have a right, and it counts where they work.
    fn has(&self, right: Right) -> bool {
        self.rights.contains(&right) && right.counts_at(&self.company)
    }
}

/// Who takes a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person who is signed in.
    Member(Member),
    /// The clock, which acts when a lease ends.
    Clock,
}

impl Actor {
    /// The person's ID, or [`PersonId::CLOCK`] for the clock.
    pub fn id(&self) -> &str {
        match self {
            Self::Member(member) => member.person.id.as_str(),
            Self::Clock => PersonId::CLOCK,
        }
    }

    /// The name that the history shows.
    pub fn name(&self) -> &str {
        match self {
            Self::Member(member) => &member.person.name,
            Self::Clock => crate::wording::CLOCK_NAME,
        }
    }

    /// The person; `None` for the clock.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Member(member) => Some(member),
            Self::Clock => None,
        }
    }
}

impl Person {
    /// A person whose name is erased.
    pub fn erased(id: PersonId) -> Self {
        Self {
            id,
            name: erased_name(),
        }
    }

    /// Whether the name is erased.
    pub fn is_erased(&self) -> bool {
        is_erased_name(&self.name)
    }

    /// The clock, as the history names it.
    pub fn clock() -> Self {
        Self {
            id: PersonId::clock(),
            name: crate::wording::CLOCK_NAME.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eservice::End;

    fn member(company: &str, right: Right) -> Member {
        Member {
            person: Person::clock(),
            email: None,
            company: CompanyId::parse(company).unwrap(),
            company_name: "C".to_owned(),
            rights: BTreeSet::from([right]),
            participantships: BTreeSet::new(),
        }
    }

    #[test]
    fn a_system_makes_what_ends_at_the_exchange_and_checks_nothing() {
        let system = member("abc", Right::SystemMaker);
        for eservice in EServiceId::ALL {
            let definition = eservice.definition();
            let ends_at_exchange = definition.end == End::AtTheExchange;
            assert_eq!(system.may_make(eservice), ends_at_exchange, "{eservice}");
            assert!(
                !system.may_check(eservice) && !system.may_take_over(eservice),
                "{eservice}"
            );
        }
        assert!(system.may_see() && !system.may_manage_users() && !system.is_officer());
        let exchange = CompanyId::exchange();
        let out_of_place = member(exchange.as_str(), Right::SystemMaker);
        assert!(!out_of_place.may_see() && EServiceId::ALL.iter().all(|id| !out_of_place.may_make(*id)));
    }
}
