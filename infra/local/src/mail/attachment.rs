//! Files beside a mail: what SES takes of them, and how they are looked at.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_builder::headers::content_type::ContentType;
use serde::{Deserialize, Serialize};

use super::Ses;
use super::mailbox::Mail;
use super::message::{Refusal, bad};
use super::page;
use crate::html::escaped;

/// The longest file name.
const FILE_NAME: usize = 255;

/// The longest content type, and the shortest.
const TYPE: std::ops::RangeInclusive<usize> = 1..=78;

/// Some of the file types that SES refuses ("SES unsupported attachment types", SES Developer Guide): programs.
const REFUSED: [&str; 12] = [
    "bat", "cmd", "com", "exe", "hta", "js", "jse", "lnk", "msi", "ps1", "scr", "vbs",
];

/// A file beside a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Its name.
    pub file_name: String,
    /// Its media type.
    pub content_type: String,
    /// How many octets it has.
    pub size: usize,
    /// The octets, in base64.
    pub content: String,
}

/// An attachment as the request has it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Given {
    raw_content: String,
    file_name: String,
    content_type: Option<String>,
    content_disposition: Option<Disposition>,
    content_transfer_encoding: Option<Encoding>,
}

#[derive(Deserialize)]
enum Disposition {
    #[serde(rename = "ATTACHMENT")]
    Attachment,
}

#[derive(Deserialize, PartialEq, Eq)]
enum Encoding {
    #[serde(rename = "BASE64")]
    Base64,
    #[serde(rename = "QUOTED_PRINTABLE")]
    QuotedPrintable,
    #[serde(rename = "SEVEN_BIT")]
    SevenBit,
}

impl Attachment {
    /// Checks an attachment as SES does.
    pub(super) fn read(given: Given) -> Result<Self, Refusal> {
        let name = given.file_name;
        let extension = name
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase());
        let is_refused = extension
            .as_deref()
            .is_none_or(|extension| extension.is_empty() || REFUSED.contains(&extension));
        if is_refused || name.len() > FILE_NAME || name.contains(char::is_control) {
            return Err(bad(format!("The attachment's FileName {name:?} is invalid.")));
        }
        let is_printable = |byte: u8| (32..=126).contains(&byte);
        let content_type = given
            .content_type
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        if !TYPE.contains(&content_type.len()) || !content_type.bytes().all(is_printable) {
            return Err(bad(format!(
                "The attachment's ContentType {content_type:?} is invalid."
            )));
        }
        let octets = STANDARD
            .decode(&given.raw_content)
            .map_err(|_| bad("The attachment's RawContent is not base64."))?;
        let encoding = given.content_transfer_encoding.unwrap_or(Encoding::SevenBit);
        if encoding == Encoding::SevenBit && !octets.is_ascii() {
            return Err(bad(
                "The attachment is not ASCII, and its ContentTransferEncoding is SEVEN_BIT.",
            ));
        }
        match given.content_disposition {
            // What is shown inside of a mail would not be read in the first place.
            None | Some(Disposition::Attachment) => {}
        }
        Ok(Self {
            file_name: name,
            content_type,
            size: octets.len(),
            content: given.raw_content,
        })
    }

    /// The octets.
    pub(super) fn octets(&self) -> Vec<u8> {
        STANDARD.decode(&self.content).unwrap_or_default()
    }

    /// The media type with its parameters, as the part's header has it.
    pub(super) fn media_type(&self) -> ContentType<'_> {
        let mut parts = self.content_type.split(';').map(str::trim);
        let kind = ContentType::new(parts.next().unwrap_or_default());
        let parameters = parts.filter_map(|parameter| parameter.split_once('='));
        parameters.fold(kind, |kind, (name, value)| {
            kind.attribute(name, value.trim_matches('"'))
        })
    }
}

/// A file to be kept, and never to be shown: the browser takes it for what it is said to be, and opens nothing of it.
pub(super) async fn download(
    State(ses): State<Arc<Ses>>,
    Path((id, number)): Path<(String, usize)>,
) -> Response {
    let mail = ses.mailbox.find(&id);
    let found = mail.and_then(|mail| mail.message.attachments.into_iter().nth(number));
    let Some(file) = found else {
        return page::not_found(false);
    };
    let kind = HeaderValue::from_str(&file.content_type);
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let disposition = HeaderValue::from_str(&disposition(&file.file_name));
    let headers = [
        (CONTENT_TYPE, kind),
        (
            CONTENT_DISPOSITION,
            disposition.unwrap_or(HeaderValue::from_static("attachment")),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, file.octets()).into_response()
}

/// A name as the header has it (RFC 6266): what is not plain in it is escaped.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._ ".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let whole = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// The files beside a mail, to be downloaded; nothing where there are none.
pub(super) fn list(mail: &Mail) -> String {
    let mut rows = String::new();
    for (number, file) in mail.message.attachments.iter().enumerate() {
        let _ = writeln!(
            rows,
            "<li><a href=\"/mailbox/{}/attachments/{number}\" download>{}</a> ({}, {} octets)</li>",
            escaped(&mail.id),
            escaped(&file.file_name),
            escaped(&file.content_type),
            file.size
        );
    }
    if rows.is_empty() {
        return rows;
    }
    format!("<h2 id=\"attachments\">Attachments</h2>\n<ul>\n{rows}</ul>\n")
}
