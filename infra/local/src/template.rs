//! The workspace's template.yaml.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

pub use aws_local::cloudformation::*;

use countersign_platform::Clock;

use crate::clock;
use crate::error::StartError;
use crate::options::Options;

/// template.yaml, as of the build.
pub const SOURCE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml"));

/// The stack's name unless another one is given.
pub const STACK: &str = "countersign";

/// The link in the portal's footer.
const MAILBOX_LINK: &str = "Mailbox|郵箱|/mailbox";

/// Reads it with the given values for its parameters.
pub fn load(settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    load_stack(STACK, settings)
}

/// Reads it for a stack of that name, which the names of its resources start with.
pub fn load_stack(stack: &str, settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    document()?.template(stack, settings)
}

/// The document as of the build.
fn document() -> Result<&'static Document, TemplateError> {
    static DOCUMENT: LazyLock<Result<Document, TemplateError>> = LazyLock::new(|| Document::read(SOURCE));
    DOCUMENT.as_ref().map_err(Clone::clone)
}

/// The template that `sam build` left in a folder; without a folder, the one as of the build.
pub(crate) fn written(sam_build: Option<&Path>) -> Result<Cow<'static, Document>, StartError> {
    let Some(folder) = sam_build else {
        return Ok(Cow::Borrowed(document()?));
    };
    let path = folder.join("template.yaml");
    let source =
        std::fs::read_to_string(&path).map_err(|error| StartError::SamBuild(path, error.to_string()))?;
    Ok(Cow::Owned(Document::read(&source)?))
}

/// What was set; the portal at the runner's own address, with a link to the mailbox; and without a clock of its own, a
/// campaign around today.
pub(crate) fn settings(options: &Options, clock: &Clock, url: &str) -> BTreeMap<String, String> {
    let mut settings = options.settings.clone();
    settings
        .entry("PortalUrl".to_owned())
        .or_insert_with(|| url.to_owned());
    settings
        .entry("FooterLink".to_owned())
        .or_insert_with(|| MAILBOX_LINK.to_owned());
    if options.clock.is_none()
        && let Some((opens, deadline)) = clock::campaign_around(clock.now())
    {
        settings.entry("CampaignOpens".to_owned()).or_insert(opens);
        settings.entry("CampaignDeadline".to_owned()).or_insert(deadline);
    }
    settings
}

#[cfg(test)]
mod tests;
