//! Erases a person's data item by item. Each write has a condition on what was read, and leaves what the hashes cover as
//! it was. Nothing but the operator's tool calls these.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::contact::EmailAddress;
use countersign_domain::directory::name_digest;
use countersign_domain::fact::{Attribute, Fact};
use countersign_domain::history::{HistoryRow, RowParts, RowSeals};
use countersign_domain::id::{CompanyId, Digest, PersonId, RequestId};
use countersign_domain::mail::Mail;
use countersign_domain::time;
use jiff::Timestamp;

use super::condition::Expressions;
use super::item::{self, StoredHead, text};
use super::key::{self, Key, PK, SK};
use super::requests::{Lock, StoredForm};
use super::transaction::{Outcome, Part};
use super::{SortKeys, Store, StoreError};

/// The attributes of a head that name people, each with the attribute of that person's ID.
const NAMES: [(Attribute, Attribute); 4] = [
    (Attribute::Maker, Attribute::MakerName),
    (Attribute::FirstCheckBy, Attribute::FirstCheckByName),
    (Attribute::Holder, Attribute::HolderName),
    (Attribute::ConfirmedBy, Attribute::ConfirmedByName),
];

/// An e-mail in a request's ledger, with its place there.
#[derive(Debug)]
pub struct LedgerMail {
    /// The e-mail.
    pub mail: Mail,
    key: Key,
}

/// A notice that names an address.
#[derive(Debug)]
pub struct AddressNotice {
    /// The address.
    pub address: String,
    key: Key,
}

/// An attempt or a view that names a person.
#[derive(Debug)]
pub struct AuditEntry(Key);

/// Returns the attributes of a head that hold the name of this person.
pub fn names_in(head: &StoredHead, person: &PersonId) -> Vec<Attribute> {
    let is_theirs = |id| matches!(head.facts.get(&id), Some(Fact::Text(text)) if text == person.as_str());
    let named = NAMES
        .into_iter()
        .filter(|(id, name)| is_theirs(*id) && head.facts.contains_key(name));
    named.map(|(_, name)| name).collect()
}

impl Store {
    /// Returns every form of a request, by the version that saved it.
    pub async fn forms(&self, id: RequestId) -> Result<Vec<(u32, StoredForm)>, StoreError> {
        let items = self
            .partition(key::request(id), SortKeys::StartingWith(key::FORM))
            .await?;
        items.into_iter().map(StoredForm::read).collect()
    }

    /// Returns a request's e-mails with their places in the ledger.
    pub async fn ledger(&self, id: RequestId) -> Result<Vec<LedgerMail>, StoreError> {
        let items = self
            .partition(key::request(id), SortKeys::StartingWith(key::MAIL))
            .await?;
        let mails = items.into_iter().map(|found| {
            let key = Key {
                pk: key::request(id),
                sk: text(&found, SK).unwrap_or_default().to_owned(),
            };
            let mail = super::mail::read(found)?;
            Ok(LedgerMail { mail, key })
        });
        mails.collect()
    }

    /// Returns the notices at a request that name an address.
    pub async fn address_notices(&self, id: RequestId) -> Result<Vec<AddressNotice>, StoreError> {
        let items = self
            .partition(key::request(id), SortKeys::StartingWith(key::NOTICE))
            .await?;
        let notices = items.iter().filter_map(|found| {
            Some(AddressNotice {
                address: text(found, "address")?.to_owned(),
                key: Key {
                    pk: key::request(id),
                    sk: text(found, SK)?.to_owned(),
                },
            })
        });
        Ok(notices.collect())
    }

    /// Returns the attempts and views at a request that name this person.
    pub async fn entries_of(&self, id: RequestId, person: &PersonId) -> Result<Vec<AuditEntry>, StoreError> {
        let range = SortKeys::Between(key::ACCESS, key::HISTORY);
        let items = self.partition(key::request(id), range).await?;
        let theirs = items.iter().filter_map(|found| {
            let actor = found.get("actor")?.as_m().ok()?;
            let is_theirs = text(actor, "id") == Some(person.as_str()) && actor.contains_key("name");
            is_theirs.then_some(AuditEntry(Key {
                pk: key::request(id),
                sk: text(found, SK)?.to_owned(),
            }))
        });
        Ok(theirs.collect())
    }

    /// Removes the name from an attempt or a view.
    pub async fn erase_in_entry(&self, entry: &AuditEntry) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let name = format!("{}.{}", expressions.name("actor"), expressions.name("name"));
        let condition = format!("attribute_exists({name})");
        self.update_where(entry.0.clone(), format!("REMOVE {name}"), condition, &expressions)
            .await
    }

    /// Removes names from a head. Returns whether it is still the one that was read.
    pub async fn erase_names(&self, head: &StoredHead, names: &[Attribute]) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let names: Vec<String> = names.iter().map(|name| expressions.name(name.name())).collect();
        let chain = AttributeValue::S(head.head.chain.to_string());
        let condition = format!(
            "{} = {}",
            expressions.name(Attribute::Chain.name()),
            expressions.value(chain)
        );
        let update = format!("REMOVE {}", names.join(", "));
        self.update_where(key::head(head.head.id), update, condition, &expressions)
            .await
    }

    /// Removes the name of who took a step, its message, or both, and keeps the commitments. The row's hash stays.
    pub async fn erase_in_row(&self, row: &HistoryRow, parts: RowParts) -> Result<bool, StoreError> {
        let erased = row.erased(parts);
        if erased.digest() != row.digest() {
            return Err(StoreError::Corrupt("a row that erasing changes".to_owned()));
        }
        let mut expressions = Expressions::default();
        let unchanged = format!(
            "{} = {}",
            expressions.name("seals"),
            expressions.value(seals(&row.seals)?)
        );
        let set = format!(
            "{} = {}",
            expressions.name("seals"),
            expressions.value(seals(&erased.seals)?)
        );
        let mut gone = Vec::new();
        for (is_erased, person) in [(parts.name, "actor"), (parts.colleague, "handed_to")] {
            if is_erased {
                gone.push(format!(
                    "{}.{}",
                    expressions.name(person),
                    expressions.name("name")
                ));
            }
        }
        if parts.message {
            gone.push(expressions.name("message"));
        }
        let update = format!("SET {set} REMOVE {}", gone.join(", "));
        let key = key::history(row.request, row.version);
        self.update_where(key, update, unchanged, &expressions).await
    }

    /// Replaces a version's form by the one of which values are erased.
    pub async fn erase_in_form(
        &self,
        id: RequestId,
        version: u32,
        read: &StoredForm,
        erased: &StoredForm,
    ) -> Result<bool, StoreError> {
        if erased.hash()? != read.hash()? {
            return Err(StoreError::Corrupt("a form that erasing changes".to_owned()));
        }
        let mut expressions = Expressions::default();
        let form = expressions.name("form");
        let before = expressions.value(AttributeValue::S(read.text().to_owned()));
        let condition = format!("{form} = {before}");
        let kept = self
            .put_where(key::form(id, version), erased, condition, &expressions)
            .await?;
        Ok(kept.is_ok())
    }

    /// Replaces an e-mail in the ledger by one without name and address, at a place that no address leads to.
    pub async fn erase_mail(&self, found: &LedgerMail, place: &Digest) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_exists({})", expressions.name(PK));
        let request = key::request_id(&found.key.pk)
            .ok_or_else(|| StoreError::Corrupt("an e-mail of no request".to_owned()))?;
        let nameless = super::mail::erased(&found.mail);
        let mut transaction = self.transaction();
        transaction.delete_if(Part::Mail, found.key.clone(), condition, &expressions);
        let place = key::mail(request, found.mail.version, place);
        transaction.put_new(Part::Mail, item::write(place, &nameless)?);
        Ok(matches!(transaction.commit().await?, Outcome::Committed))
    }

    /// Deletes a notice that names an address. It has long been read.
    pub async fn erase_notice(&self, notice: &AddressNotice) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_exists({})", expressions.name(PK));
        self.delete_where(notice.key.clone(), condition, &expressions)
            .await
    }

    /// Leaves of a removed person's entry the ID and when they were removed and erased, frees every name that they have or
    /// had, and forgets that mail to their address came back, or that an invitation went there. `names` are those that
    /// are known beside the ones that the directory keeps from others.
    pub async fn erase_person(
        &self,
        company: &CompanyId,
        person: &PersonId,
        (names, email): (&[&str], &str),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        // The entry comes last: it is what a run that was cut off finds name and address in.
        self.free_names(company, person, names).await?;
        if let Ok(address) = EmailAddress::parse(email) {
            self.lift_suppression(&address, now).await?;
        }
        let mut of_account = Expressions::default();
        let [invited, made_for] = ["invited", "made_for"].map(|name| of_account.name(name));
        let (update, condition) = (
            format!("REMOVE {invited}, {made_for}"),
            format!("attribute_exists({invited}) OR attribute_exists({made_for})"),
        );
        self.update_where(key::account(company, person), update, condition, &of_account)
            .await?;
        let mut expressions = Expressions::default();
        let gone = PERSONAL.map(|attribute| expressions.name(attribute));
        let set = format!(
            "{} = {}",
            expressions.name("erased_at"),
            expressions.value(AttributeValue::S(time::stored(now)))
        );
        let condition = format!("attribute_exists({})", expressions.name("removed_at"));
        let update = format!("SET {set} REMOVE {}", gone.join(", "));
        self.update_where(key::person(company, person), update, condition, &expressions)
            .await
    }

    /// Deletes the digests of a person's names: what keeps the names from others, and what closed requests about them
    /// have left locked. Whoever has a list of names could find theirs by these.
    async fn free_names(
        &self,
        company: &CompanyId,
        person: &PersonId,
        names: &[&str],
    ) -> Result<(), StoreError> {
        let taken = self
            .partition(key::company(company), SortKeys::StartingWith(key::NAME))
            .await?;
        let theirs = taken
            .iter()
            .filter(|item| text(item, "person") == Some(person.as_str()))
            .filter_map(|item| text(item, SK).map(str::to_owned));
        let known = names
            .iter()
            .map(|name| key::person_name(company, &name_digest(name)).sk);
        for sk in theirs.chain(known).collect::<BTreeSet<_>>() {
            // The lock of a name goes by what keeps the name. It goes first: nobody asks for a name that is taken.
            self.drop_closed_lock(key::company_lock(company, &sk)).await?;
            let mut expressions = Expressions::default();
            let own = format!(
                "{} = {}",
                expressions.name("person"),
                expressions.value(AttributeValue::S(person.to_string()))
            );
            let pk = key::company(company);
            self.delete_where(Key { pk, sk }, own, &expressions).await?;
        }
        Ok(())
    }

    /// Deletes a lock, unless an open request needs it.
    async fn drop_closed_lock(&self, lock: Key) -> Result<(), StoreError> {
        let Some(found) = self.get(lock.clone()).await? else {
            return Ok(());
        };
        let held: Lock = item::read(found)?;
        let holder = match RequestId::parse(&held.request) {
            Some(id) => self.head(id).await?,
            None => None,
        };
        let needs = |stored: &StoredHead| {
            stored.head.state.name().is_open() && stored.head.form_hash.to_string() == held.form_hash
        };
        if !holder.as_ref().is_some_and(needs) {
            let mut expressions = Expressions::default();
            let unchanged = format!(
                "{} = {}",
                expressions.name("request"),
                expressions.value(AttributeValue::S(held.request))
            );
            self.delete_where(lock, unchanged, &expressions).await?;
        }
        Ok(())
    }
}

/// What of a person's entry is about them.
const PERSONAL: [&str; 11] = [
    "name",
    "former_names",
    "email",
    "contact_name",
    "contact_email",
    "contact_telephone",
    "language",
    "mail_language",
    "sign_ins",
    "away_from",
    "away_until",
];

fn seals(seals: &RowSeals) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(seals).map_err(|error| StoreError::Corrupt(error.to_string()))
}
