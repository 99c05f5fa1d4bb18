//! How ready companies are for two-factor authentication: one company as it is now, or all companies by their last
//! counts.

use countersign_domain::actor::{Member, Right};
use countersign_domain::contact::EmailAddress;
use countersign_domain::id::{CompanyId, ParticipantId};
use countersign_domain::register::{DelegatedAdministrator, Overview, Progress};
use countersign_domain::shortage::Shortage;
use jiff::Timestamp;

use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::companies::ListedCompany;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::page::{Cursor, Page};

use crate::access::{AccessError, Caller};
use crate::colleagues::shortage_of;

mod document;

pub use document::Document;

/// Whose readiness the call asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One company's.
    Company(CompanyId),
    /// All companies'.
    Exchange,
}

impl Scope {
    /// Returns what a member may see: their own company; for officers, all companies or the one that they name. `None`
    /// if it does not exist for them.
    pub fn of(member: &Member, named: Option<&str>) -> Option<Self> {
        let named = match named {
            Some(named) => Some(CompanyId::parse(named)?),
            None => None,
        };
        if member.is_officer() {
            return match named {
                None => Some(Self::Exchange),
                Some(company) => (!company.is_exchange()).then_some(Self::Company(company)),
            };
        }
        let is_own = named.is_none_or(|named| named == member.company);
        is_own.then(|| Self::Company(member.company.clone()))
    }
}

/// A company as it is now.
#[derive(Debug)]
pub struct CompanyNow {
    /// Its ID.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// How many checkers a request needs.
    pub checkers: u8,
    /// Its people.
    pub people: Vec<DirectoryPerson>,
    /// That too few of them are there to get a request through.
    pub shortage: Option<Shortage>,
    /// The administrators of its participants.
    pub participants: Vec<(ParticipantId, Vec<DelegatedAdministrator>)>,
    /// When it was read.
    pub at: Timestamp,
}

impl CompanyNow {
    /// Reads a company. `None` if it is not in the directory. The people come with the company by one query, which is no
    /// more calls than the company alone.
    pub async fn read(app: &App, id: &CompanyId) -> Result<Option<Self>, StoreError> {
        // Taken before the reads: whatever happens during them belongs to a later count.
        let at = app.now();
        let Some((company, people)) = app.store().directory(id).await? else {
            return Ok(None);
        };
        let participants = company.participants();
        let reads = participants.iter().map(|participant| {
            app.store()
                .all_administrators(participant, (&app.config().campaign, at))
        });
        let administrators = futures_util::future::try_join_all(reads).await?;
        Ok(Some(Self {
            id: id.clone(),
            shortage: shortage_of(&company, &people, at),
            name: company.name,
            checkers: company.checkers,
            people,
            participants: participants.into_iter().zip(administrators).collect(),
            at,
        }))
    }

    /// Returns every administrator with their participant, in order.
    pub fn administrators(&self) -> impl Iterator<Item = (&ParticipantId, &DelegatedAdministrator)> {
        self.participants
            .iter()
            .flat_map(|(participant, all)| all.iter().map(move |one| (participant, one)))
    }

    /// Counts the company's progress.
    pub fn progress(&self) -> Progress {
        Progress::of(self.administrators().map(|(_, administrator)| administrator))
    }
}

/// Lets e-mail out again to the address of an administrator from which it came back. For officers only. An administrator
/// whom the company's register does not have, or who has no address, does not exist.
pub async fn try_address_again(
    app: &App,
    caller: &Caller,
    company: &CompanyId,
    participant: &ParticipantId,
    user_id: &str,
) -> Result<(), AccessError> {
    if !caller.member.is_officer() {
        return Err(AccessError::RightMissing(Right::Operations));
    }
    let (company, standings) = tokio::join!(app.store().company(company), app.store().standings(participant));
    let company = company?.ok_or(AccessError::NotFound)?;
    let address = standings?
        .remove(user_id)
        .flatten()
        .and_then(|address| EmailAddress::parse(&address).ok());
    let address = address.filter(|_| company.participants().contains(participant));
    let address = address.ok_or(AccessError::NotFound)?;
    let was_suppressed = app.store().lift_suppression(&address, app.now()).await?;
    let officer = &caller.member.person.id;
    tracing::info!(%officer, %participant, user_id, was_suppressed, "an address is tried again");
    Ok(())
}

/// Reads the listed companies, without the exchange itself, which registers nobody.
pub async fn companies(app: &App) -> Result<Vec<ListedCompany>, StoreError> {
    let mut listed = app.store().companies(None, None).await?;
    listed.retain(|company| !company.id.is_exchange());
    Ok(listed)
}

/// The most queries that one call makes to find companies that are behind.
const MAX_QUERIES: usize = 10;

/// Reads a page of the listed companies, or of those that are behind. For officers only.
pub async fn companies_page(
    app: &App,
    caller: &Caller,
    behind: bool,
    limit: usize,
    mut start: Option<Cursor>,
) -> Result<Page<ListedCompany>, AccessError> {
    if !caller.member.is_officer() {
        return Err(AccessError::RightMissing(Right::Operations));
    }
    let mut items = Vec::new();
    for _ in 0..MAX_QUERIES {
        let wanted = limit - items.len();
        let page = app.store().companies_page(wanted, start.as_ref()).await?;
        let listed = page.items.into_iter().filter(|company| !company.id.is_exchange());
        items.extend(listed.filter(|company| {
            let counted = company.progress.as_ref();
            !behind || counted.is_some_and(|(progress, _)| progress.counts.is_behind())
        }));
        start = page.next;
        if start.is_none() || items.len() >= limit {
            break;
        }
    }
    Ok(Page { items, next: start })
}

/// Counts the companies where too few people are there.
pub fn short(listed: &[ListedCompany]) -> u32 {
    let short = listed.iter().filter(|company| company.shortage.is_some());
    u32::try_from(short.count()).unwrap_or(u32::MAX)
}

/// Sums up the progress of listed companies.
pub fn overview(listed: &[ListedCompany]) -> Overview {
    Overview::of(listed.iter().map(|company| company.progress.as_ref()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use countersign_domain::actor::{Person, Right};
    use countersign_domain::id::PersonId;

    use super::*;

    fn member(company: &str, right: Right) -> Option<Member> {
        Some(Member {
            person: Person {
                id: PersonId::parse("p")?,
                name: "P".to_owned(),
            },
            email: EmailAddress::parse("p@abc.example").ok(),
            company: CompanyId::parse(company)?,
            company_name: "C".to_owned(),
            rights: BTreeSet::from([right]),
            participantships: BTreeSet::new(),
        })
    }

    fn scope(company: &str, right: Right, named: Option<&str>) -> Option<String> {
        Scope::of(&member(company, right)?, named).map(|scope| match scope {
            Scope::Company(company) => company.to_string(),
            Scope::Exchange => "everybody".to_owned(),
        })
    }

    #[test]
    fn a_company_sees_itself_and_officers_see_whom_they_name() {
        let (own, officers) = (Right::UserMaintenance, Right::Operations);
        for (company, right, named, seen) in [
            ("abc", own, None, Some("abc")),
            ("abc", own, Some("abc"), Some("abc")),
            ("abc", own, Some("bank"), None),
            ("abc", officers, Some("bank"), None),
            ("EXCHANGE", officers, None, Some("everybody")),
            ("EXCHANGE", officers, Some("bank"), Some("bank")),
            ("EXCHANGE", officers, Some("EXCHANGE"), None),
            ("EXCHANGE", officers, Some("a#b"), None),
        ] {
            assert_eq!(
                scope(company, right, named).as_deref(),
                seen,
                "{company} {named:?}"
            );
        }
    }
}
