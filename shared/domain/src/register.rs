//! The register: the User Profile Listing of a participant's Delegated Administrators, and how many of them are ready
//! for two-factor authentication.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::campaign::Campaign;
use crate::contact::EmailAddress;
use crate::eservice::End;
use crate::id::{CompanyId, Reference, RequestId};
use crate::request::{self, DeskKind, Head, State};
use crate::time;

/// What the register knows of a participant's administrators: each User ID, with its registered address if there is
/// one.
pub type Standings = BTreeMap<String, Option<String>>;

/// A Delegated Administrator in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegatedAdministrator {
    /// The User ID.
    pub user_id: String,
    /// The registered e-mail address, if any.
    pub registration: Option<Registered>,
    /// The request under way that would register one.
    pub pending: Option<Pending>,
}

/// A registered address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The address.
    pub email: String,
    /// Since when it has been registered.
    pub since: Timestamp,
    /// Since when the administrator has had any address.
    pub first: Timestamp,
    /// The request that registered it.
    pub request: RequestId,
    /// Whether that request reached the exchange in time for the parallel run.
    pub guaranteed: bool,
    /// When mail to it last came back, if it has.
    pub bounced: Option<Timestamp>,
}

/// A request under way that would register an address: which one, on whose desk, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The request.
    pub request: RequestId,
    /// The company whose request it is.
    pub company: CompanyId,
    /// Its reference number.
    pub reference: Reference,
    /// Its state, which says who holds it.
    pub state: State,
    /// The desk that has it.
    pub desk: DeskKind,
    /// Since when that desk has had it.
    pub since: Timestamp,
    /// Whether it is in time for the parallel run, as far as is known yet.
    pub guaranteed: bool,
}

impl Registered {
    /// The address as it goes on the wire, if people write it differently.
    pub fn ascii_form(&self) -> Option<String> {
        let address = EmailAddress::parse(&self.email).ok()?;
        address.other_form().map(str::to_owned)
    }
}

impl Pending {
    /// A request as a pending one at a time; `None` if it is not under way.
    pub fn of(head: &Head, campaign: &Campaign, now: Timestamp) -> Option<Self> {
        Some(Self {
            request: head.id,
            company: head.company.clone(),
            reference: head.reference.clone()?,
            state: head.state.clone(),
            desk: head.state.name().desk()?,
            since: head.desk_since?,
            guaranteed: head.is_guaranteed(campaign, now).unwrap_or(false),
        })
    }

    /// Whether an actor may see which request it is. Others learn only that there is one and which desk has it: a
    /// request that a company has not sent is its own.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        request::is_visible(&self.company, End::AtTheExchange, self.state.name(), actor)
    }
}

/// Whether an administrator can initiate two-factor authentication when the parallel run starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readiness {
    /// The request that registered the address came in time.
    Ready,
    /// There is no address yet, but a request under way would register one.
    Pending,
    /// The request that registered the address came after the deadline.
    NotGuaranteed,
    /// Mail to the registered address comes back, so it reaches nobody.
    AddressBounced,
    /// There is no address.
    NotRegistered,
}

impl Readiness {
    /// Every value.
    pub const ALL: [Self; 5] = [
        Self::Ready,
        Self::Pending,
        Self::NotGuaranteed,
        Self::AddressBounced,
        Self::NotRegistered,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Pending => "pending",
            Self::NotGuaranteed => "notGuaranteed",
            Self::AddressBounced => "addressBounced",
            Self::NotRegistered => "notRegistered",
        }
    }
}

impl DelegatedAdministrator {
    /// How ready the administrator is for two-factor authentication.
    pub fn readiness(&self) -> Readiness {
        match (&self.registration, &self.pending) {
            (Some(registered), _) if registered.bounced.is_some() => Readiness::AddressBounced,
            (Some(registered), _) if registered.guaranteed => Readiness::Ready,
            (Some(_), _) => Readiness::NotGuaranteed,
            (None, Some(_)) => Readiness::Pending,
            (None, None) => Readiness::NotRegistered,
        }
    }

    /// Whether the registration, or else the pending request, is in time; `None` if there is neither.
    pub fn is_guaranteed(&self) -> Option<bool> {
        let registered = self.registration.as_ref().map(|registered| registered.guaranteed);
        registered.or(self.pending.as_ref().map(|pending| pending.guaranteed))
    }
}

/// The number of administrators by readiness.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Counts {
    /// Registered in time.
    pub ready: u32,
    /// With a request under way.
    pub pending: u32,
    /// Registered after the deadline.
    pub not_guaranteed: u32,
    /// Registered with an address from which mail comes back. Counts of earlier releases have none.
    #[serde(default)]
    pub address_bounced: u32,
    /// Without an address.
    pub not_registered: u32,
}

impl Counts {
    /// All administrators.
    pub fn total(&self) -> u32 {
        self.ready + self.pending + self.not_guaranteed + self.address_bounced + self.not_registered
    }

    /// Administrators who have an address.
    pub fn registered(&self) -> u32 {
        self.ready + self.not_guaranteed + self.address_bounced
    }

    /// How many of them have no address yet, or none that mail reaches.
    pub fn left(&self) -> u32 {
        self.pending + self.address_bounced + self.not_registered
    }

    /// Whether any of them has no address yet, or none that mail reaches.
    pub fn is_behind(&self) -> bool {
        self.left() > 0
    }

    /// Adds two counts.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            ready: self.ready + other.ready,
            pending: self.pending + other.pending,
            not_guaranteed: self.not_guaranteed + other.not_guaranteed,
            address_bounced: self.address_bounced + other.address_bounced,
            not_registered: self.not_registered + other.not_registered,
        }
    }
}

/// How far registration has come, and how it got there day by day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// The number of administrators by readiness, now.
    pub counts: Counts,
    /// How many administrators got their first address on each Hong Kong day.
    pub by_day: BTreeMap<Date, u32>,
}

impl Progress {
    /// Counts administrators.
    pub fn of<'a>(administrators: impl IntoIterator<Item = &'a DelegatedAdministrator>) -> Self {
        let mut progress = Self::default();
        for administrator in administrators {
            let counts = &mut progress.counts;
            *match administrator.readiness() {
                Readiness::Ready => &mut counts.ready,
                Readiness::Pending => &mut counts.pending,
                Readiness::NotGuaranteed => &mut counts.not_guaranteed,
                Readiness::AddressBounced => &mut counts.address_bounced,
                Readiness::NotRegistered => &mut counts.not_registered,
            } += 1;
            if let Some(registered) = &administrator.registration {
                *progress.by_day.entry(time::day_of(registered.first)).or_default() += 1;
            }
        }
        progress
    }

    /// Adds another company's progress.
    pub fn add(&mut self, other: &Self) {
        self.counts = self.counts.and(&other.counts);
        for (day, registered) in &other.by_day {
            *self.by_day.entry(*day).or_default() += registered;
        }
    }

    /// Returns how many had an address at the end of each day on which someone got a first one.
    pub fn cumulative(&self) -> Vec<(Date, u32)> {
        let mut registered = 0;
        let days = self.by_day.iter();
        days.map(|(day, more)| {
            registered += more;
            (*day, registered)
        })
        .collect()
    }
}

/// The progress of all companies together, as each was last counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// Their total progress.
    pub progress: Progress,
    /// How many companies there are.
    pub companies: u32,
    /// How many of them have administrators without an address.
    pub behind: u32,
    /// How many have not been counted yet. The progress does not include them.
    pub uncounted: u32,
    /// When the oldest of the counts was made.
    pub as_of: Option<Timestamp>,
}

impl Overview {
    /// Adds up the counts of all companies, each with the time at which it was made.
    pub fn of<'a>(counts: impl IntoIterator<Item = Option<&'a (Progress, Timestamp)>>) -> Self {
        let mut overview = Self::default();
        for counted in counts {
            overview.companies += 1;
            let Some((progress, at)) = counted else {
                overview.uncounted += 1;
                continue;
            };
            overview.progress.add(progress);
            overview.behind += u32::from(progress.counts.is_behind());
            overview.as_of = Some(overview.as_of.map_or(*at, |oldest| oldest.min(*at)));
        }
        overview
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn administrator(registered: Option<(&str, bool)>) -> DelegatedAdministrator {
        DelegatedAdministrator {
            user_id: "B01234X1".to_owned(),
            registration: registered.map(|(at, guaranteed)| Registered {
                email: "a@b.example".to_owned(),
                since: time::parse(at).unwrap(),
                first: time::parse(at).unwrap(),
                request: RequestId::from_bytes([0; 16]),
                guaranteed,
                bounced: None,
            }),
            pending: None,
        }
    }

    #[test]
    fn progress_counts_each_administrator_once_and_by_hong_kongs_days() {
        let listed = [
            administrator(None),
            administrator(Some(("2023-03-21T15:59:59Z", true))),
            administrator(Some(("2023-03-21T16:00:00Z", true))),
            administrator(Some(("2023-04-29T02:00:00Z", false))),
        ];
        let mut progress = Progress::of(&listed);
        progress.add(&Progress::of(&listed[..1]));
        let Counts {
            ready,
            pending,
            not_guaranteed,
            address_bounced,
            not_registered,
        } = progress.counts;
        assert_eq!((ready, pending, not_guaranteed, not_registered), (2, 0, 1, 2));
        assert_eq!(address_bounced, 0);
        assert_eq!((progress.counts.total(), progress.counts.registered()), (5, 3));
        let days: Vec<String> = progress.by_day.keys().map(ToString::to_string).collect();
        assert_eq!(days, ["2023-03-21", "2023-03-22", "2023-04-29"]);
        let registered: Vec<u32> = progress.cumulative().iter().map(|(_, all)| *all).collect();
        assert_eq!(registered, [1, 2, 3]);
    }

    #[test]
    fn an_administrator_whose_address_bounces_is_behind_and_not_ready() {
        for guaranteed in [true, false] {
            let mut administrator = administrator(Some(("2023-03-21T02:00:00Z", guaranteed)));
            let registered = administrator.registration.as_mut().unwrap();
            registered.bounced = time::parse("2023-03-22T02:00:00Z");
            assert_eq!(administrator.readiness(), Readiness::AddressBounced);
            let counts = Progress::of([&administrator]).counts;
            assert_eq!(
                (counts.address_bounced, counts.registered(), counts.total()),
                (1, 1, 1)
            );
            assert!(counts.is_behind());
        }
    }

    #[test]
    fn an_overview_is_as_old_as_its_oldest_count_and_names_who_was_not_counted() {
        let ready = Progress::of(&[administrator(Some(("2023-03-21T02:00:00Z", true)))]);
        let behind = Progress::of(&[
            administrator(None),
            administrator(Some(("2023-03-22T02:00:00Z", true))),
        ]);
        let at = |text| time::parse(text).unwrap();
        let counted = [
            Some((ready, at("2023-03-23T02:00:00Z"))),
            None,
            Some((behind, at("2023-03-22T03:00:00Z"))),
        ];
        let overview = Overview::of(counted.iter().map(Option::as_ref));
        assert_eq!(
            (overview.companies, overview.behind, overview.uncounted),
            (3, 1, 1)
        );
        assert_eq!(overview.as_of, Some(at("2023-03-22T03:00:00Z")));
        assert_eq!(
            (overview.progress.counts.total(), overview.progress.counts.ready),
            (3, 2)
        );
        assert_eq!(Overview::of([]), Overview::default());
    }
}
