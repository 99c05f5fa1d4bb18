//! What the user pool has of each person, in the same partition as the directory: a ledger, by which the pool follows the
//! directory.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use countersign_domain::id::{CompanyId, PersonId};
use countersign_domain::time;
use jiff::Timestamp;
use serde::Deserialize;

use super::companies::read_company;
use super::directory::{Company, DirectoryPerson, read_listed_person};
use super::item::{self, text};
use super::key::{self, SK};
use super::{SortKeys, Store, StoreError};

/// How far a person's account has followed the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct AccountRecord {
    /// The pool that has the account. Empty before the first time.
    #[serde(default)]
    pub pool: String,
    /// The user name that the pool gave, if there is an account.
    pub user: Option<String>,
    /// The revision of the directory's entry.
    #[serde(default)]
    pub revision: u32,
    /// How many invitations have gone out.
    #[serde(default)]
    pub invitations: u32,
    /// The digest of the address that the last invitation went to, if one did.
    pub invited: Option<String>,
    /// What an account was being made under when this was last written: a person's address, a system's name in the pool.
    pub made_for: Option<String>,
    /// What keeps the account from following the directory, if the company has to do something about it.
    #[serde(default)]
    pub obstacle: Option<Obstacle>,
    /// How many resets of the second factor have been made.
    #[serde(default)]
    pub second_factor_resets: u32,
}

/// What keeps an account from following the directory until its company does something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// Somebody else's account has the address.
    AddressInUse,
}

impl Obstacle {
    fn stored(self) -> AttributeValue {
        let name = match self {
            Self::AddressInUse => "address-in-use",
        };
        AttributeValue::S(name.to_owned())
    }
}

/// A company, and everybody who was ever in it, with what the user pool has of them.
#[derive(Debug)]
pub struct Roster {
    /// The company.
    pub company: Company,
    /// Its people, those who have been removed included.
    pub people: Vec<(DirectoryPerson, AccountRecord)>,
}

/// The right to bring a person's account up to date, until a time.
#[derive(Debug)]
pub struct AccountLease {
    until: String,
}

impl Store {
    /// Reads a company with everybody who was ever in it and with their accounts, in one call.
    pub async fn roster(&self, company: &CompanyId) -> Result<Option<Roster>, StoreError> {
        let range = SortKeys::Between(key::ACCOUNT, key::PROFILE);
        let (mut profile, mut people, mut records) = (None, Vec::new(), BTreeMap::new());
        for item in self.partition(key::company(company), range).await? {
            let Some(sk) = text(&item, SK).map(str::to_owned) else {
                continue;
            };
            if sk == key::PROFILE {
                profile = Some(read_company(item)?);
            } else if sk.starts_with(key::PERSON) {
                people.push(read_listed_person(item)?);
            } else if let Some(person) = sk.strip_prefix(key::ACCOUNT) {
                records.insert(person.to_owned(), item::read::<AccountRecord>(item)?);
            }
        }
        let with_record = |person: DirectoryPerson| {
            let record = records.remove(&person.id.to_string()).unwrap_or_default();
            (person, record)
        };
        let people = people.into_iter().map(with_record).collect();
        Ok(profile.map(|company| Roster { company, people }))
    }

    /// Enters which system a client of the user pool is for.
    pub async fn enter_client(
        &self,
        client: &str,
        company: &CompanyId,
        person: &PersonId,
    ) -> Result<(), StoreError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(key::client(client).into_attributes()))
            .item("company", text(company.as_str()))
            .item("person", text(person.as_str()));
        put.send().await?;
        Ok(())
    }

    /// Deletes which system a client of the user pool was for.
    pub async fn forget_client(&self, client: &str) -> Result<(), StoreError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key::client(client).into_attributes()));
        delete.send().await?;
        Ok(())
    }

    /// Reads which system a client of the user pool is for: its company and its ID there.
    pub async fn client(&self, client: &str) -> Result<Option<(CompanyId, PersonId)>, StoreError> {
        let item = self.get(key::client(client)).await?;
        Ok(item.and_then(|item| {
            let company = CompanyId::parse(text(&item, "company")?)?;
            Some((company, PersonId::parse(text(&item, "person")?)?))
        }))
    }

    /// Leases a person's account until a time. `None` if somebody else has it now.
    pub async fn lease_account(
        &self,
        company: &CompanyId,
        person: &PersonId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(AccountLease, AccountRecord)>, StoreError> {
        let lease = AccountLease {
            until: time::stored(until),
        };
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key::account(company, person).into_attributes()))
            .update_expression("SET #leased_until = :until")
            .condition_expression("attribute_not_exists(#leased_until) OR #leased_until <= :now")
            .expression_attribute_names("#leased_until", LEASED_UNTIL)
            .expression_attribute_values(":until", AttributeValue::S(lease.until.clone()))
            .expression_attribute_values(":now", AttributeValue::S(time::stored(now)))
            .return_values(ReturnValue::AllNew);
        let Some(leased) = written(update.send().await)? else {
            return Ok(None);
        };
        let record = item::read(leased.attributes.unwrap_or_default())?;
        Ok(Some((lease, record)))
    }

    /// Records that an account is about to be made under an address or a name, so that the next call finds it whatever
    /// becomes of this one and of the address. False if the lease had ended.
    pub async fn announce_account(
        &self,
        company: &CompanyId,
        person: &PersonId,
        made_for: &str,
        lease: &AccountLease,
    ) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key::account(company, person).into_attributes()))
            .update_expression("SET #made_for = :made_for")
            .condition_expression("#leased_until = :until")
            .expression_attribute_names("#leased_until", LEASED_UNTIL)
            .expression_attribute_names("#made_for", "made_for")
            .expression_attribute_values(":until", AttributeValue::S(lease.until.clone()))
            .expression_attribute_values(":made_for", AttributeValue::S(made_for.to_owned()));
        Ok(written(update.send().await)?.is_some())
    }

    /// Records how far a person's account has come, and gives up the lease. False if the lease had ended.
    pub async fn keep_account(
        &self,
        company: &CompanyId,
        person: &PersonId,
        record: &AccountRecord,
        lease: AccountLease,
    ) -> Result<bool, StoreError> {
        let number = |number: u32| AttributeValue::N(number.to_string());
        let set = [
            ("pool", Some(AttributeValue::S(record.pool.clone()))),
            ("user", record.user.clone().map(AttributeValue::S)),
            ("invited", record.invited.clone().map(AttributeValue::S)),
            ("made_for", record.made_for.clone().map(AttributeValue::S)),
            ("obstacle", record.obstacle.map(Obstacle::stored)),
            ("revision", Some(number(record.revision))),
            ("invitations", Some(number(record.invitations))),
            ("second_factor_resets", Some(number(record.second_factor_resets))),
        ];
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key::account(company, person).into_attributes()))
            .condition_expression("#leased_until = :until")
            .expression_attribute_names("#leased_until", LEASED_UNTIL)
            .expression_attribute_values(":until", AttributeValue::S(lease.until));
        let (mut kept, mut removed) = (Vec::new(), vec!["#leased_until".to_owned()]);
        for (name, value) in set {
            update = update.expression_attribute_names(format!("#{name}"), name);
            if let Some(value) = value {
                kept.push(format!("#{name} = :{name}"));
                update = update.expression_attribute_values(format!(":{name}"), value);
            } else {
                removed.push(format!("#{name}"));
            }
        }
        let expression = format!("SET {} REMOVE {}", kept.join(", "), removed.join(", "));
        Ok(written(update.update_expression(expression).send().await)?.is_some())
    }

    /// Gives up a lease without a record, so that the next try need not wait for its end. Keeps what the company has to do
    /// something about.
    pub async fn give_up_account(
        &self,
        company: &CompanyId,
        person: &PersonId,
        obstacle: Option<Obstacle>,
        lease: AccountLease,
    ) -> Result<(), StoreError> {
        let expression = match obstacle {
            Some(_) => "SET #obstacle = :obstacle REMOVE #leased_until",
            None => "REMOVE #leased_until, #obstacle",
        };
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key::account(company, person).into_attributes()))
            .update_expression(expression)
            .condition_expression("#leased_until = :until")
            .expression_attribute_names("#leased_until", LEASED_UNTIL)
            .expression_attribute_names("#obstacle", "obstacle")
            .expression_attribute_values(":until", AttributeValue::S(lease.until));
        let update = match obstacle {
            Some(obstacle) => update.expression_attribute_values(":obstacle", obstacle.stored()),
            None => update,
        };
        written(update.send().await).map(|_| ())
    }
}

/// The attribute of a lease.
const LEASED_UNTIL: &str = "leased_until";

/// The answer to an update. `None` if its condition did not hold.
fn written<T, R>(
    answer: Result<T, aws_sdk_dynamodb::error::SdkError<UpdateItemError, R>>,
) -> Result<Option<T>, StoreError> {
    match answer {
        Err(error)
            if error
                .as_service_error()
                .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
        {
            Ok(None)
        }
        answer => Ok(answer.map(Some)?),
    }
}
