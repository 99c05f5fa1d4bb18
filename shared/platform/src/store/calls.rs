//! How many calls a system has made in a minute.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::id::{CompanyId, PersonId};
use jiff::Timestamp;

use super::condition::Expressions;
use super::{Store, StoreError, key};

/// How many seconds are counted together.
pub const COUNTED_SECONDS: i64 = 60;

impl Store {
    /// Counts a call of a system. False if it has made as many as it may in this minute.
    pub async fn count_call(
        &self,
        company: &CompanyId,
        system: &PersonId,
        most: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let minute = now.as_second().div_euclid(COUNTED_SECONDS);
        let number = |number: i64| AttributeValue::N(number.to_string());
        let mut expressions = Expressions::default();
        let (calls, expires_at) = (expressions.name("calls"), expressions.name("expires_at"));
        let (one, most) = (
            expressions.value(number(1)),
            expressions.value(number(most.into())),
        );
        let end = expressions.value(number((minute + 2) * COUNTED_SECONDS));
        let update = format!("SET {expires_at} = {end} ADD {calls} {one}");
        let condition = format!("attribute_not_exists({calls}) OR {calls} < {most}");
        let key = key::calls(&key::whose(company, system), minute);
        self.update_where(key, update, condition, &expressions).await
    }
}
