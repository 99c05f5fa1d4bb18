//! A mail as the recipient's server gets it (RFC 5322).

use std::io;

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;

use super::mailbox::Mail;
use super::send_email::{Attachment, split_address};

/// The whole mail.
pub(crate) fn rendered(mail: &Mail) -> io::Result<String> {
    let message = &mail.message;
    let mut builder = MessageBuilder::new()
        .date(mail.sent_at.as_second())
        .from(address(&message.from))
        .to(addresses(&message.to));
    if !message.reply_to.is_empty() {
        builder = builder.reply_to(addresses(&message.reply_to));
    }
    builder = builder
        .subject(message.subject.as_str())
        .message_id(mail.message_id());
    for header in &message.headers {
        builder = builder.header(header.name.as_str(), Raw::new(header.value.as_str()));
    }
    if let Some(text) = &message.text {
        builder = builder.text_body(text.as_str());
    }
    if let Some(html) = &message.html {
        builder = builder.html_body(html.as_str());
    }
    for file in &message.attachments {
        builder = builder.attachment(media_type(file), file.file_name.as_str(), file.bytes());
    }
    builder.write_to_string()
}

pub(super) fn address(text: &str) -> Address<'_> {
    let (name, bare) = split_address(text);
    Address::new_address(name, bare)
}

fn addresses(all: &[String]) -> Address<'_> {
    Address::new_list(all.iter().map(|text| address(text)).collect())
}

/// An attachment's media type with its parameters, as the part's header has it.
fn media_type(file: &Attachment) -> ContentType<'_> {
    let mut parts = file.content_type.split(';').map(str::trim);
    let kind = ContentType::new(parts.next().unwrap_or_default());
    let parameters = parts.filter_map(|parameter| parameter.split_once('='));
    parameters.fold(kind, |kind, (name, value)| {
        kind.attribute(name, value.trim_matches('"'))
    })
}
