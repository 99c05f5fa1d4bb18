//! The links of a mail that start a mail to where its replies go. A mail program opens a window for them; here they lead to
//! the form for replies, with the same contents.

use aws_local::ses::{Mail, bare_address};
use percent_encoding::percent_decode_str;

/// The form that a `mailto:` link leads to, if it is one to where the mail's replies go.
pub(super) fn form_of(mail: &Mail, link: &str) -> Option<String> {
    let (to, contents) = link.strip_prefix("mailto:")?.split_once('?')?;
    let to = percent_decode_str(to).decode_utf8().ok()?;
    let takes_replies = mail
        .message
        .reply_to
        .iter()
        .any(|address| bare_address(address) == to);
    takes_replies.then(|| format!("/mailbox/{}/reply?{contents}", mail.id))
}

/// A mail's HTML with those links. An address in HTML stays as it is escaped.
pub(super) fn with_forms(mail: &Mail, html: &str) -> String {
    const LINK: &str = "href=\"";
    let mut parts = html.split(LINK);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (link, rest) = part.split_once('"').unwrap_or((part, ""));
        let form = form_of(mail, link);
        shown.push_str(LINK);
        shown.push_str(form.as_deref().unwrap_or(link));
        shown.push('"');
        shown.push_str(rest);
    }
    shown
}
