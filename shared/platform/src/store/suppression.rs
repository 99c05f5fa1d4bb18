//! The addresses to which no e-mail goes, because it bounces or is unwanted there.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::contact::EmailAddress;
use countersign_domain::mail::MailStatus;
use countersign_domain::time;
use jiff::Timestamp;
use serde::Serialize;

use super::condition::Expressions;
use super::item::{self, text};
use super::key::{self, Key, PK};
use super::{Store, StoreError};

/// That no e-mail goes to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suppression {
    /// What became of the last e-mail: it bounced, or its recipient complained.
    pub why: MailStatus,
    /// When that happened last.
    pub since: Timestamp,
}

#[derive(Serialize)]
struct SuppressionItem {
    status: &'static str,
    at: String,
}

impl Suppression {
    fn read(item: &item::Item) -> Result<Self, StoreError> {
        let why = text(item, "status").and_then(MailStatus::parse);
        let read = why.zip(text(item, "at").and_then(time::parse));
        let (why, since) = read.ok_or_else(|| StoreError::Corrupt("a suppressed address".to_owned()))?;
        Ok(Self { why, since })
    }
}

/// The suppressions of those addresses to which no e-mail goes, by the partition of each address. One that can't be read
/// does not hide the others.
#[derive(Debug)]
pub struct Suppressions(BTreeMap<String, item::Item>);

impl Suppressions {
    /// Returns why no e-mail goes to this address, if none does.
    pub fn of(&self, address: &EmailAddress) -> Result<Option<Suppression>, StoreError> {
        let item = self.0.get(&key::address(address).pk);
        item.map(Suppression::read).transpose()
    }
}

impl Store {
    /// Returns which of these addresses no e-mail goes to.
    pub async fn suppressions(&self, addresses: &[EmailAddress]) -> Result<Suppressions, StoreError> {
        let keys: BTreeMap<String, Key> = addresses
            .iter()
            .map(key::address)
            .map(|key| (key.pk.clone(), key))
            .collect();
        let items = self.get_all(keys.into_values().collect()).await?;
        let by_partition = items.into_iter().map(|item| {
            let pk = text(&item, PK).unwrap_or_default().to_owned();
            (pk, item)
        });
        Ok(Suppressions(by_partition.collect()))
    }

    /// Lets e-mail out to an address again, if nothing came back after this time. Returns whether it was suppressed.
    pub async fn lift_suppression(
        &self,
        address: &EmailAddress,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let until = expressions.value(AttributeValue::S(time::stored(until)));
        let condition = format!("{} <= {until}", expressions.name("at"));
        self.delete_where(key::address(address), condition, &expressions)
            .await
    }

    /// Records that e-mail to an address bounced or was unwanted there at this time. What is known already and later
    /// stays, and so does a complaint, which no bounce takes back.
    pub async fn suppress(
        &self,
        address: &EmailAddress,
        why: MailStatus,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let item = SuppressionItem {
            status: why.as_str(),
            at: time::stored(at),
        };
        let mut expressions = Expressions::default();
        let complained = AttributeValue::S(MailStatus::Complained.as_str().to_owned());
        let complained = expressions.value(complained);
        let at = expressions.value(AttributeValue::S(item.at.clone()));
        let [pk, status, known_at] = [PK, "status", "at"].map(|name| expressions.name(name));
        let condition = if why == MailStatus::Complained {
            format!("attribute_not_exists({pk}) OR {status} <> {complained} OR {known_at} < {at}")
        } else {
            format!("attribute_not_exists({pk}) OR ({status} <> {complained} AND {known_at} < {at})")
        };
        let _known = self
            .put_where(key::address(address), &item, condition, &expressions)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suppression_that_cannot_be_read_hides_no_other() {
        let [broken, suppressed, free] = ["broken", "suppressed", "free"]
            .map(|name| EmailAddress::parse(&format!("{name}@bank.example")).unwrap());
        let found = |address, status: &str| {
            let mut item = key::address(address).into_attributes();
            let at = "2023-02-07T02:43:00.000Z";
            item.extend(
                [("status", status), ("at", at)]
                    .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned()))),
            );
            (key::address(address).pk, item)
        };
        let bounced = MailStatus::Bounced.as_str();
        let suppressions = Suppressions([found(&broken, "?"), found(&suppressed, bounced)].into());
        assert!(suppressions.of(&broken).is_err());
        let why = suppressions.of(&suppressed).unwrap().map(|found| found.why);
        assert_eq!(why, Some(MailStatus::Bounced));
        assert_eq!(suppressions.of(&free).unwrap(), None);
    }
}
