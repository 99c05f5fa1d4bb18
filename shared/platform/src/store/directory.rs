//! The directory of companies and their people.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::actor::Right;
use countersign_domain::directory::Absence;
use countersign_domain::id::{CompanyId, ParticipantId, PersonId};
use countersign_domain::mail::ProgressMail;
use countersign_domain::participantship::Participantship;
use countersign_domain::time;
use countersign_domain::wording::ERASED_NAME;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::companies::read_company;
use super::condition::Expressions;
use super::item::{self, Item, text};
use super::key::{self, PK, SK};
pub use super::person::{Choices, DirectoryPerson, MailChoices};
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
    /// How many checkers a request needs. 1 unless the directory says otherwise.
    pub checkers: u8,
    /// Whether its record also has who saw what. False unless the directory says otherwise.
    pub records_views: bool,
    /// How often requests and imports have changed it or its people since it was entered.
    pub revision: u32,
    /// How many of these changes were imports.
    pub imports: u32,
}

impl Company {
    /// Whether a request has changed it or its people. From then on, who is in it is its own decision.
    pub fn is_changed_by_requests(&self) -> bool {
        self.revision > self.imports
    }

    /// Returns its participants. A participant with several roles has one register.
    pub fn participants(&self) -> BTreeSet<ParticipantId> {
        self.participantships.iter().map(|own| own.id.clone()).collect()
    }
}

#[derive(Deserialize)]
struct PersonItem {
    /// None once they are erased, as every other personal attribute.
    name: Option<String>,
    #[serde(default)]
    former_names: BTreeSet<String>,
    #[serde(default)]
    system: bool,
    #[serde(default)]
    email: String,
    #[serde(default)]
    rights: BTreeSet<String>,
    contact_name: Option<String>,
    contact_email: Option<String>,
    contact_telephone: Option<String>,
    language: Option<String>,
    approves_by_mail: Option<bool>,
    mail_language: Option<String>,
    progress_mail: Option<Progress>,
    reminder_mail: Option<bool>,
    #[serde(default)]
    sign_ins: Vec<String>,
    away_from: Option<Date>,
    away_until: Option<Date>,
    removed_at: Option<String>,
    erased_at: Option<String>,
    #[serde(default)]
    revision: u32,
    #[serde(default)]
    invitations: u32,
    #[serde(default)]
    second_factor_resets: u32,
}

/// A person's choice of the mail that only informs. Earlier releases offered all or none.
#[derive(Deserialize)]
#[serde(untagged)]
enum Progress {
    AllOrNone(bool),
    Choice(String),
}

impl Progress {
    fn read(self) -> Option<ProgressMail> {
        match self {
            Self::AllOrNone(true) => Some(ProgressMail::AtOnce),
            Self::AllOrNone(false) => Some(ProgressMail::Never),
            Self::Choice(choice) => ProgressMail::parse(&choice),
        }
    }
}

impl Store {
    /// Reads a company.
    pub async fn company(&self, id: &CompanyId) -> Result<Option<Company>, StoreError> {
        self.get(key::profile(id)).await?.map(read_company).transpose()
    }

    /// Reads a person of a company, also one who has been removed.
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
        self.set(company, id, [("language", language)]).await
    }

    /// Stores what a person chose about themselves. Does nothing for someone who is not in the directory.
    pub async fn choose(
        &self,
        company: &CompanyId,
        id: &PersonId,
        choices: Choices,
    ) -> Result<(), StoreError> {
        let MailChoices {
            language,
            progress,
            reminders,
        } = choices.mail;
        let replies = choices.approves_by_mail.map(AttributeValue::Bool);
        let set = [
            ("language", AttributeValue::S(choices.language)),
            // An empty text is no language, so mail follows the portal.
            ("mail_language", AttributeValue::S(language.unwrap_or_default())),
            ("progress_mail", AttributeValue::S(progress.as_str().to_owned())),
            ("reminder_mail", AttributeValue::Bool(reminders)),
        ];
        let replies = replies.map(|wants| ("approves_by_mail", wants));
        self.set(company, id, set.into_iter().chain(replies)).await
    }

    /// Stores when a person last signed in, newest first. Does nothing for someone who is not in the directory.
    pub async fn remember_sign_ins(
        &self,
        company: &CompanyId,
        id: &PersonId,
        sign_ins: &[Timestamp],
    ) -> Result<(), StoreError> {
        let times = sign_ins.iter().map(|at| AttributeValue::S(time::stored(*at)));
        self.set(company, id, [("sign_ins", AttributeValue::L(times.collect()))])
            .await
    }

    async fn set(
        &self,
        company: &CompanyId,
        id: &PersonId,
        attributes: impl IntoIterator<Item = (&str, AttributeValue)>,
    ) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let is_there = format!("attribute_exists({})", expressions.name(PK));
        let set: Vec<String> = attributes
            .into_iter()
            .map(|(name, value)| format!("{} = {}", expressions.name(name), expressions.value(value)))
            .collect();
        let update = format!("SET {}", set.join(", "));
        self.update_where(key::person(company, id), update, is_there, &expressions)
            .await?;
        Ok(())
    }

    /// Reads a company with its people, in one call. Leaves out those who have been removed.
    pub async fn directory(
        &self,
        company: &CompanyId,
    ) -> Result<Option<(Company, Vec<DirectoryPerson>)>, StoreError> {
        let mut directory = self.whole_directory(company).await?;
        if let Some((_, people)) = &mut directory {
            people.retain(|person| !person.is_removed());
        }
        Ok(directory)
    }

    /// Reads a company with everybody who was ever in it, in one call.
    pub async fn whole_directory(
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

    /// Reads the people of a company. Leaves out those who have been removed.
    pub async fn people(&self, company: &CompanyId) -> Result<Vec<DirectoryPerson>, StoreError> {
        let mut people = self.everybody(company).await?;
        people.retain(|person| !person.is_removed());
        Ok(people)
    }

    /// Reads everybody who was ever in a company.
    pub async fn everybody(&self, company: &CompanyId) -> Result<Vec<DirectoryPerson>, StoreError> {
        let items = self
            .partition(key::company(company), SortKeys::StartingWith(key::PERSON))
            .await?;
        items.into_iter().map(read_listed_person).collect()
    }
}

pub(super) fn read_listed_person(item: Item) -> Result<DirectoryPerson, StoreError> {
    let id = text(&item, SK).and_then(|sk| PersonId::parse(sk.strip_prefix(key::PERSON)?));
    let id = id.ok_or_else(|| StoreError::Corrupt("a person without an ID".to_owned()))?;
    read_person(id, item)
}

fn read_person(id: PersonId, item: Item) -> Result<DirectoryPerson, StoreError> {
    let person: PersonItem = item::read(item)?;
    Ok(DirectoryPerson {
        id,
        is_erased: person.erased_at.is_some(),
        name: person.name.unwrap_or_else(|| ERASED_NAME.to_owned()),
        former_names: person.former_names,
        is_system: person.system,
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
        mail: MailChoices {
            language: person.mail_language.filter(|tag| !tag.is_empty()),
            progress: person.progress_mail.and_then(Progress::read).unwrap_or_default(),
            reminders: person.reminder_mail.unwrap_or(true),
        },
        sign_ins: person.sign_ins.iter().filter_map(|at| time::parse(at)).collect(),
        absence: person
            .away_from
            .zip(person.away_until)
            .map(|(from, until)| Absence { from, until }),
        removed_at: person.removed_at.as_deref().and_then(time::parse),
        revision: person.revision,
        invitations: person.invitations,
        second_factor_resets: person.second_factor_resets,
    })
}
