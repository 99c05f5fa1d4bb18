//! The directory of companies and their people.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::actor::Right;
use countersign_domain::id::{CompanyId, ParticipantId, PersonId};
use countersign_domain::participantship::Participantship;
use serde::Deserialize;

use super::item::{self, Item, text};
use super::key::{self, PK, SK};
use super::{SortKeys, Store, StoreError};

/// A company in the directory.
#[derive(Debug, Clone)]
pub struct Company {
    /// Its name.
    pub name: String,
    /// Its roles at the clearing houses.
    pub participantships: BTreeSet<Participantship>,
    /// Whether its checkers may approve by replying to an e-mail. False unless the directory says otherwise.
    pub approves_by_mail: bool,
}

impl Company {
    /// Returns its participants. A participant with several roles has one register.
    pub fn participants(&self) -> BTreeSet<ParticipantId> {
        self.participantships.iter().map(|own| own.id.clone()).collect()
    }
}

/// A person in the directory.
#[derive(Debug, Clone)]
pub struct DirectoryPerson {
    /// Their ID.
    pub id: PersonId,
    /// The name that others see.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub rights: BTreeSet<Right>,
    /// The name, e-mail address and telephone number that their drafts start with.
    pub contact: [Option<String>; 3],
    /// The language that they chose for the portal, as a BCP 47 tag. `None` if they chose none.
    pub language: Option<String>,
    /// Whether they want to approve by reply, if their company allows it. True unless they turned it off.
    pub approves_by_mail: bool,
}

#[derive(Deserialize)]
struct CompanyItem {
    name: String,
    #[serde(default)]
    participantships: BTreeSet<String>,
    #[serde(default)]
    approves_by_mail: bool,
}

#[derive(Deserialize)]
struct PersonItem {
    name: String,
    email: String,
    #[serde(default)]
    rights: BTreeSet<String>,
    contact_name: Option<String>,
    contact_email: Option<String>,
    contact_telephone: Option<String>,
    language: Option<String>,
    approves_by_mail: Option<bool>,
}

impl Store {
    /// Reads a company.
    pub async fn company(&self, id: &CompanyId) -> Result<Option<Company>, StoreError> {
        self.get(key::profile(id)).await?.map(read_company).transpose()
    }

    /// Reads a person of a company.
    pub async fn person(
        &self,
        company: &CompanyId,
        id: &PersonId,
    ) -> Result<Option<DirectoryPerson>, StoreError> {
        let item = self.get(key::person(company, id)).await?;
        item.map(|item| read_person(id.clone(), item)).transpose()
    }

    /// Stores the language that a person chose. Does nothing for someone who is not in the directory.
    pub async fn choose_language(
        &self,
        company: &CompanyId,
        id: &PersonId,
        language: &str,
    ) -> Result<(), StoreError> {
        let language = AttributeValue::S(language.to_owned());
        self.choose(company, id, "language", language).await
    }

    /// Stores whether a person wants to approve by reply. Does nothing for someone who is not in the directory.
    pub async fn choose_approval_by_mail(
        &self,
        company: &CompanyId,
        id: &PersonId,
        wants: bool,
    ) -> Result<(), StoreError> {
        self.choose(company, id, "approves_by_mail", AttributeValue::Bool(wants))
            .await
    }

    async fn choose(
        &self,
        company: &CompanyId,
        id: &PersonId,
        attribute: &str,
        choice: AttributeValue,
    ) -> Result<(), StoreError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key::person(company, id).into_attributes()))
            .update_expression("SET #attribute = :choice")
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":choice", choice)
            .send()
            .await;
        match answer {
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            answer => Ok(answer.map(|_| ())?),
        }
    }

    /// Reads a company with its people, in one call.
    pub async fn directory(
        &self,
        company: &CompanyId,
    ) -> Result<Option<(Company, Vec<DirectoryPerson>)>, StoreError> {
        let range = SortKeys::Between(key::PERSON, key::PROFILE);
        let (mut profile, mut people) = (None, Vec::new());
        for item in self.partition(key::company(company), range).await? {
            if text(&item, SK) == Some(key::PROFILE) {
                profile = Some(read_company(item)?);
            } else {
                people.push(read_listed_person(item)?);
            }
        }
        Ok(profile.map(|profile| (profile, people)))
    }

    /// Reads the people of a company.
    pub async fn people(&self, company: &CompanyId) -> Result<Vec<DirectoryPerson>, StoreError> {
        let items = self
            .partition(key::company(company), SortKeys::StartingWith(key::PERSON))
            .await?;
        items.into_iter().map(read_listed_person).collect()
    }
}

fn read_listed_person(item: Item) -> Result<DirectoryPerson, StoreError> {
    let id = text(&item, SK).and_then(|sk| PersonId::parse(sk.strip_prefix(key::PERSON)?));
    let id = id.ok_or_else(|| StoreError::Corrupt("a person without an ID".to_owned()))?;
    read_person(id, item)
}

fn read_company(item: Item) -> Result<Company, StoreError> {
    let CompanyItem {
        name,
        participantships,
        approves_by_mail,
    } = item::read(item)?;
    let participantships = participantships
        .iter()
        .map(|own| Participantship::parse(own))
        .collect::<Option<_>>()
        .ok_or_else(|| StoreError::Corrupt("a participantship that is none".to_owned()))?;
    Ok(Company {
        name,
        participantships,
        approves_by_mail,
    })
}

fn read_person(id: PersonId, item: Item) -> Result<DirectoryPerson, StoreError> {
    let person: PersonItem = item::read(item)?;
    Ok(DirectoryPerson {
        id,
        name: person.name,
        email: person.email,
        // A right that this release does not know is ignored.
        rights: person
            .rights
            .iter()
            .filter_map(|right| Right::parse(right))
            .collect(),
        contact: [
            person.contact_name,
            person.contact_email,
            person.contact_telephone,
        ],
        language: person.language,
        approves_by_mail: person.approves_by_mail.unwrap_or(true),
    })
}
