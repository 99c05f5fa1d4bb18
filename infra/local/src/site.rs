//! What the stand-ins' pages say of the product.

use aws_local::Site;
use aws_local::ses::Mail;
use countersign_domain::id::Reference;
use countersign_domain::time;

pub(crate) const SITE: Site = Site {
    name: "Countersign",
    problem_types: "urn:countersign:problem:",
    show_time: time::shown,
    suggest_replies,
};

/// The words that count in a reply to a mail about a request.
fn suggest_replies(mail: &Mail) -> Vec<String> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut words = mail.message.subject.split(|character| !is_part(character));
    match words.find_map(Reference::parse) {
        Some(reference) => vec![format!("CONFIRM {reference}"), format!("RETURN {reference} ")],
        None => Vec::new(),
    }
}
