//! Tokens for approving by reply, and the record of the mails that came in with one.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use countersign_domain::approval::{InboundResult, MailToken};
use countersign_domain::id::{CompanyId, Digest, PersonId, RequestId};
use countersign_domain::time;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::item;
use super::key::{self, PK};
use super::{Store, StoreError};

/// How long a token is kept after it has ended, so that who uses it late is told so.
const KEPT_AFTER_ITS_END: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a token stands for.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The request.
    pub request: RequestId,
    /// The tag of the version that the checker was sent.
    pub tag: String,
    /// The checker's company.
    pub company: CompanyId,
    /// The checker.
    pub checker: PersonId,
    /// Until when it lasts.
    pub until: Timestamp,
}

/// A token's item, in which only its digest stands for it.
#[derive(Debug, Serialize, Deserialize)]
struct TokenItem {
    request: String,
    tag: String,
    company: CompanyId,
    checker: PersonId,
    until: String,
    /// When the item may go, in seconds since 1970: DynamoDB's time to live.
    expires_at: i64,
}

/// The record of a mail that came in for a request. Its stream record has the checker told where that is due.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Inbound {
    /// The request's ID.
    pub request: String,
    /// The version that the token was drawn for.
    pub version: u32,
    /// The ID that SES gave the mail.
    pub message: String,
    /// Whose token it came with.
    pub checker: PersonId,
    /// When.
    pub at: String,
    /// What became of it ([`InboundResult::as_str`]).
    pub result: String,
    /// The mail's own Message-ID, which an answer refers to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_id: Option<String>,
}

impl Inbound {
    /// The same record with a result.
    #[must_use]
    pub fn that_was(&self, result: InboundResult) -> Self {
        Self {
            result: result.as_str().to_owned(),
            ..self.clone()
        }
    }
}

impl Store {
    /// Keeps what a token stands for.
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

    /// What a token stands for, if it is one.
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

    /// Counts a mail that came with a token; gives how many have. A token that has gone meanwhile is not made anew.
    pub async fn count_mail(&self, token: &Digest) -> Result<u32, StoreError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key::token(token).into_attributes()))
            .update_expression("ADD #mails :one")
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#mails", "mails")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await?;
        let count = answer.attributes.as_ref().and_then(|item| item.get("mails"));
        count
            .and_then(|count| count.as_n().ok()?.parse().ok())
            .ok_or_else(|| StoreError::Corrupt("a token's count of mails".to_owned()))
    }

    /// Whether a mail that came in is on record.
    pub async fn is_on_record(&self, request: RequestId, message: &str) -> Result<bool, StoreError> {
        Ok(self.get(key::inbound(request, message)).await?.is_some())
    }

    /// Puts a mail that took no step on record, once.
    pub async fn record(&self, request: RequestId, inbound: &Inbound) -> Result<(), StoreError> {
        let mut transaction = self.transaction();
        transaction.record_mail(request, inbound)?;
        transaction.commit().await.map(|_| ())
    }
}
