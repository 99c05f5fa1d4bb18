//! What the stand-ins' pages and refusals take from the product that they stand around.

use jiff::Timestamp;

use crate::ses::Mail;

/// The product, as the stand-ins' pages and refusals name it.
#[derive(Clone, Copy)]
pub struct Site {
    /// The product's name, in the pages' titles and headers.
    pub name: &'static str,
    /// What the types of problems (RFC 9457) start with.
    pub problem_types: &'static str,
    /// Shows a time to people.
    pub show_time: fn(Timestamp) -> String,
    /// The texts that a reply to a mail is offered to start with.
    pub suggest_replies: fn(&Mail) -> Vec<String>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const SITE: Site = Site {
        name: "Example",
        problem_types: "urn:example:",
        show_time: |at| at.strftime("%d-%b-%Y %H:%M").to_string(),
        suggest_replies: |_| vec!["YES".to_owned()],
    };
}
