//! A letter as HTML.

use askama::Template;

use super::compose::{Block, Contents};
use super::prose::Sort;

/// The whole document. Askama escapes all values.
#[derive(Template)]
#[template(path = "letter.html")]
struct Document<'a> {
    letter: &'a Contents,
}

/// Writes a letter's HTML part.
pub(super) fn write(contents: &Contents) -> Result<String, askama::Error> {
    Document { letter: contents }.render()
}
