//! Draws reference numbers.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::Reference;

use super::condition::Expressions;
use super::item::Item;
use super::{Store, StoreError, key};

/// A reference number that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The number.
    pub reference: Reference,
    /// The number of the draw. A draw is never taken back, unlike a reference number. So the store can tell whether
    /// this is still the last one drawn, even if the call to give it back is sent twice.
    draw: u64,
}

impl Store {
    /// Draws the next reference number of an eService. Numbers may have gaps but never repeat: nothing else checks that
    /// a number is new.
    pub async fn draw_reference(&self, eservice: EServiceId) -> Result<Drawn, StoreError> {
        let mut expressions = Expressions::default();
        let (last, count) = (expressions.name("last"), expressions.name("draws"));
        let one = expressions.value(AttributeValue::N("1".to_owned()));
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key::counter(eservice).into_attributes()))
            .update_expression(format!("ADD {last} {one}, {count} {one}"))
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await?;
        let counter = answer.attributes.unwrap_or_default();
        let reference = number(&counter, "last").and_then(|number| Reference::new(eservice, number));
        reference
            .zip(number(&counter, "draws"))
            .map(|(reference, draw)| Drawn { reference, draw })
            .ok_or_else(|| StoreError::Corrupt("the reference counter has run past its 8 digits".to_owned()))
    }

    /// Gives back a number that was not used, unless another has been drawn since.
    pub async fn give_back(&self, eservice: EServiceId, drawn: &Drawn) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let (last, count) = (expressions.name("last"), expressions.name("draws"));
        let number = drawn.reference.number();
        let now = expressions.value(AttributeValue::N(number.to_string()));
        let before = expressions.value(AttributeValue::N(number.saturating_sub(1).to_string()));
        let draw = expressions.value(AttributeValue::N(drawn.draw.to_string()));
        self.update_where(
            key::counter(eservice),
            format!("SET {last} = {before}"),
            format!("{last} = {now} AND {count} = {draw}"),
            &expressions,
        )
        .await
        .map(|_| ())
    }
}

fn number<T: std::str::FromStr>(counter: &Item, name: &str) -> Option<T> {
    counter.get(name)?.as_n().ok()?.parse().ok()
}
