//! The layout of the table's items, which a mark in the table names. A release that stores items differently has
//! another layout and refuses a table that an earlier release wrote: nothing migrates items.

use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use super::item::Item;
use super::{Store, StoreError, key};

/// This release's layout.
pub const LAYOUT: u32 = 2;

/// The attribute of the mark that holds the layout's number.
const NAMED: &str = "layout";

/// The mark that a new table gets.
pub fn mark() -> Item {
    let mut mark = key::layout().into_attributes();
    mark.insert(NAMED.to_owned(), AttributeValue::N(LAYOUT.to_string()));
    mark
}

/// Refuses a table whose mark is missing or names another layout.
pub fn verify(mark: Option<&Item>) -> Result<(), StoreError> {
    let layout = mark.and_then(|mark| mark.get(NAMED)?.as_n().ok()?.parse().ok());
    if layout == Some(LAYOUT) {
        return Ok(());
    }
    Err(StoreError::OtherLayout(layout))
}

impl Store {
    /// Reads the table's mark. Fails if it can't be read, is missing or names another layout.
    pub async fn check_layout(&self) -> Result<(), StoreError> {
        verify(self.get(key::layout()).await?.as_ref())
    }

    /// Reads the table's mark, which also opens the connection (a TLS handshake) ahead of the first call. Only logs a
    /// failure to read: the first call then reports it.
    pub(crate) async fn open(&self) -> Result<(), StoreError> {
        match self.check_layout().await {
            Err(error) if !matches!(error, StoreError::OtherLayout(_)) => {
                tracing::warn!(%error, "connecting ahead");
                Ok(())
            }
            checked => checked,
        }
    }
}

pub(super) fn explain(found: Option<u32>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match found {
        Some(found) => write!(f, "the table is in layout {found}")?,
        None => f.write_str("the table has no mark of its layout")?,
    }
    write!(
        f,
        ", and this release needs layout {LAYOUT}: see docs/DEPLOY.md, A table of another layout"
    )
}
