//! Tokens for approval by reply, and the record of the e-mails received with them.

use countersign_domain::approval::{InboundResult, MailToken};
use countersign_domain::id::{CompanyId, Digest, PersonId, RequestId};
use countersign_domain::time;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::item;
use super::key;
use super::transaction::{Outcome, Part};
use super::{Store, StoreError};

/// How long a token is kept after it has expired, so that a late sender is told so.
const KEPT_AFTER_ITS_END: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a token offers: one checker may approve one version of a request.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The request.
    pub request: RequestId,
    /// The tag of the version that was sent to the checker.
    pub tag: String,
    /// The checker's company.
    pub company: CompanyId,
    /// The checker.
    pub checker: PersonId,
    /// When it expires.
    pub until: Timestamp,
}

/// A token's item. It holds the token's digest and never the token.
#[derive(Debug, Serialize, Deserialize)]
struct TokenItem {
    request: String,
    tag: String,
    company: CompanyId,
    checker: PersonId,
    until: String,
    /// When DynamoDB may delete the item (its time to live), in seconds since 1970.
    expires_at: i64,
}

/// The record of an e-mail received for a request. Its stream record starts the answer to the checker, where one is
/// due.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Inbound {
    /// The request's ID.
    pub request: String,
    /// The version that the token was issued for.
    pub version: u32,
    /// The ID that SES gave the e-mail.
    pub message: String,
    /// The checker whose token it came with.
    pub checker: PersonId,
    /// When it was received.
    pub at: String,
    /// Its result, as [`InboundResult::as_str`] writes it.
    pub result: String,
    /// The e-mail's own Message-ID, which the answer refers to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_id: Option<String>,
    /// Whether its answer is the last one that the checker gets on this day.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub is_last_answer: bool,
}

/// How many answers a person has had on a day.
#[derive(Default, Serialize, Deserialize)]
struct AnswersItem {
    answers: u32,
}

impl Inbound {
    /// Returns the same record with another result.
    #[must_use]
    pub fn that_was(&self, result: InboundResult) -> Self {
        Self {
            result: result.as_str().to_owned(),
            ..self.clone()
        }
    }
}

impl Store {
    /// Stores what a token offers.
    pub async fn keep_token(&self, token: &MailToken, offer: &Offer) -> Result<(), StoreError> {
        let kept_until = offer.until.saturating_add(KEPT_AFTER_ITS_END);
        let item = TokenItem {
            request: offer.request.to_string(),
            tag: offer.tag.clone(),
            company: offer.company.clone(),
            checker: offer.checker.clone(),
            until: time::stored(offer.until),
            expires_at: kept_until.unwrap_or(offer.until).as_second(),
        };
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::write(key::token(&token.digest()), &item)?))
            .send()
            .await?;
        Ok(())
    }

    /// Returns what a token offers. `None` if there is no such token.
    pub async fn offer(&self, token: &Digest) -> Result<Option<Offer>, StoreError> {
        let Some(item) = self.get(key::token(token)).await? else {
            return Ok(None);
        };
        let item: TokenItem = item::read(item)?;
        let read = RequestId::parse(&item.request).zip(time::parse(&item.until));
        let (request, until) = read.ok_or_else(|| StoreError::Corrupt("a token".to_owned()))?;
        Ok(Some(Offer {
            request,
            tag: item.tag,
            company: item.company,
            checker: item.checker,
            until,
        }))
    }

    /// Whether a received e-mail is on record.
    pub async fn is_on_record(&self, request: RequestId, message: &str) -> Result<bool, StoreError> {
        Ok(self.get(key::inbound(request, message)).await?.is_some())
    }

    /// Records an e-mail that took no step, once, and counts the answer that this starts. Records nothing, and returns
    /// false, if the checker has had this many answers on this day.
    pub async fn record_answer(
        &self,
        offer: &Offer,
        inbound: &Inbound,
        (day, most): (Date, u32),
    ) -> Result<bool, StoreError> {
        let key = key::answers(day, &key::whose(&offer.company, &offer.checker));
        // Each refusal means that another answer has been counted meanwhile.
        for _ in 0..=most {
            let counted = self.get(key.clone()).await?.map(item::read::<AnswersItem>);
            let given = counted.transpose()?.unwrap_or_default().answers;
            if given >= most {
                return Ok(false);
            }
            let inbound = Inbound {
                is_last_answer: given + 1 == most,
                ..inbound.clone()
            };
            let mut transaction = self.transaction();
            transaction.record_mail(offer.request, &inbound)?;
            transaction.count_answer(key.clone(), given, day);
            match transaction.commit().await? {
                Outcome::Refused(refused) if !refused.has(Part::Inbound) => {}
                Outcome::Committed | Outcome::Refused(_) => return Ok(true),
            }
        }
        Err(StoreError::Busy)
    }
}
