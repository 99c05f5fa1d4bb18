//! What differs between two states of a form, under its headings.

use countersign_domain::form::Changed;

/// What differs.
pub(crate) struct Difference {
    pub(crate) title: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    pub(crate) rows: Vec<Changed>,
}
