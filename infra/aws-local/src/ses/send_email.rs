//! A mail as SES is asked to send it, and what SES refuses.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::REGION;
use crate::cloudformation::Mail as Settings;

const MOST_RECIPIENTS: usize = 50;
const MOST_HEADERS: usize = 15;
const MOST_TAGS: usize = 50;
const LONGEST_ADDRESS: usize = 320;
const LONGEST_HEADER_NAME: usize = 126;
const LONGEST_TAG: usize = 256;
const LONGEST_FILE_NAME: usize = 255;
const LONGEST_CONTENT_TYPE: usize = 78;

/// AWS's documentation gave this limit for years and gives 995 now; what keeps to the lower one is taken everywhere.
const LONGEST_HEADER_VALUE: usize = 870;

/// The headers that SES writes itself.
const OWN_HEADERS: [&str; 13] = [
    "bcc",
    "cc",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
];

/// Some of the file types that SES refuses ("SES unsupported attachment types", SES Developer Guide): programs.
const REFUSED_FILES: [&str; 12] = [
    "bat", "cmd", "com", "exe", "hta", "js", "jse", "lnk", "msi", "ps1", "scr", "vbs",
];

/// A mail as a function hands it to SES.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outgoing {
    pub from: String,
    pub to: Vec<String>,
    pub reply_to: Vec<String>,
    pub subject: String,
    pub text: Option<String>,
    pub html: Option<String>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The headers that the function gave it.
    pub headers: Vec<Header>,
    /// The tags that events about it carry.
    pub tags: BTreeMap<String, String>,
    pub configuration_set: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    #[serde(alias = "Name")]
    pub name: String,
    #[serde(alias = "Value")]
    pub value: String,
}

/// A file beside a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub file_name: String,
    pub content_type: String,
    /// How many bytes it has.
    pub size: usize,
    /// The bytes, in base64.
    pub content: String,
}

impl Attachment {
    pub fn bytes(&self) -> Vec<u8> {
        STANDARD.decode(&self.content).unwrap_or_default()
    }
}

/// Why SES doesn't take a mail: the exception's name and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SendError {
    pub(crate) status: u16,
    pub(crate) exception: &'static str,
    pub(crate) message: String,
}

impl SendError {
    pub(crate) fn new(status: u16, exception: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            exception,
            message: message.into(),
        }
    }
}

fn bad(message: impl Into<String>) -> SendError {
    SendError::new(400, "BadRequestException", message)
}

/// The request of `SendEmail`. What this doesn't know of it is refused, or it would be lost without a word.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    #[serde(default)]
    email_tags: Vec<Header>,
    configuration_set_name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Destination {
    #[serde(default)]
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Content {
    simple: Simple,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    attachments: Vec<RawAttachment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Text {
    data: String,
    charset: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RawAttachment {
    raw_content: String,
    file_name: String,
    content_type: Option<String>,
    #[serde(rename = "ContentDisposition")]
    _disposition: Option<Disposition>,
    content_transfer_encoding: Option<Encoding>,
}

/// What is shown inside of a mail would not be read in the first place, so `INLINE` is refused.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Disposition {
    Attachment,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Encoding {
    Base64,
    QuotedPrintable,
    SevenBit,
}

impl SendEmail {
    /// Checks a request as SES does.
    pub(super) fn checked(self, settings: &Settings) -> Result<Outgoing, SendError> {
        let simple = self.content.simple;
        let from = self
            .from_email_address
            .ok_or_else(|| bad("FromEmailAddress is missing"))?;
        check_from(&from, settings)?;
        if let Some(name) = &self.configuration_set_name
            && *name != settings.configuration_set
        {
            let message = format!("Configuration set <{name}> does not exist.");
            return Err(SendError::new(404, "NotFoundException", message));
        }
        let to = self.destination.to_addresses;
        if to.is_empty() {
            return Err(bad("There has to be a recipient."));
        }
        if to.len() > MOST_RECIPIENTS {
            return Err(bad(format!("Recipient count exceeds {MOST_RECIPIENTS}.")));
        }
        for address in to.iter().chain(&self.reply_to_addresses) {
            check_address(address)?;
        }
        check_headers(&simple.headers)?;
        let (text, html) = (simple.body.text, simple.body.html);
        if text.is_none() && html.is_none() {
            return Err(bad("There has to be a body, as text or as HTML."));
        }
        let subject = data("subject", simple.subject)?;
        if subject.contains(char::is_control) {
            return Err(bad("The subject contains control characters."));
        }
        let attachments = simple.attachments.into_iter().map(RawAttachment::checked);
        Ok(Outgoing {
            from,
            to,
            reply_to: self.reply_to_addresses,
            subject,
            text: text.map(|text| data("text", text)).transpose()?,
            html: html.map(|html| data("HTML", html)).transpose()?,
            attachments: attachments.collect::<Result<_, _>>()?,
            headers: simple.headers,
            tags: tags(self.email_tags)?,
            configuration_set: self.configuration_set_name,
        })
    }
}

impl RawAttachment {
    fn checked(self) -> Result<Attachment, SendError> {
        let name = self.file_name;
        let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        let is_taken = extension.is_some_and(|end| !end.is_empty() && !REFUSED_FILES.contains(&end.as_str()));
        if !is_taken || name.len() > LONGEST_FILE_NAME || name.contains(char::is_control) {
            return Err(bad(format!("The attachment's FileName {name:?} is invalid.")));
        }
        let content_type = self
            .content_type
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        if !is_printable(&content_type, LONGEST_CONTENT_TYPE) || content_type.is_empty() {
            return Err(bad(format!(
                "The attachment's ContentType {content_type:?} is invalid."
            )));
        }
        let bytes = STANDARD
            .decode(&self.raw_content)
            .map_err(|_| bad("The attachment's RawContent is not base64."))?;
        let is_seven_bit = self
            .content_transfer_encoding
            .is_none_or(|one| one == Encoding::SevenBit);
        if is_seven_bit && !bytes.is_ascii() {
            return Err(bad(
                "The attachment is not ASCII, and its ContentTransferEncoding is SEVEN_BIT.",
            ));
        }
        Ok(Attachment {
            file_name: name,
            content_type,
            size: bytes.len(),
            content: self.raw_content,
        })
    }
}

/// The address without the name before it.
pub fn bare_address(address: &str) -> &str {
    split_address(address).1
}

/// The name before an address, if there is one, and the address.
pub(crate) fn split_address(address: &str) -> (Option<&str>, &str) {
    match address.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, bare)) => {
            let name = name.trim().trim_matches('"');
            (Some(name).filter(|name| !name.is_empty()), bare)
        }
        None => (None, address),
    }
}

/// The bare address, if SES takes it.
pub(crate) fn check_address(address: &str) -> Result<&str, SendError> {
    if !address.is_ascii() {
        return Err(bad(
            "Addresses have to be ASCII; domains in Punycode, names encoded.",
        ));
    }
    if address.len() > LONGEST_ADDRESS || address.contains(|character: char| character.is_ascii_control()) {
        return Err(bad("Local address contains control or whitespace"));
    }
    let bare = bare_address(address);
    let (local, domain) = bare
        .rsplit_once('@')
        .ok_or_else(|| bad("Missing final '@domain'"))?;
    if local.is_empty() || local.contains([' ', '@']) {
        return Err(bad("Local address contains control or whitespace"));
    }
    let is_label_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_label_byte);
    if !domain.split('.').all(is_label) || bare.contains(['<', '>', ',', ';']) {
        return Err(bad("Domain contains illegal character"));
    }
    Ok(bare)
}

fn check_from(from: &str, settings: &Settings) -> Result<(), SendError> {
    let bare = check_address(from)?;
    let domain = bare.rsplit('@').next().unwrap_or_default();
    if domain.eq_ignore_ascii_case(&settings.domain) {
        return Ok(());
    }
    let region = REGION.to_ascii_uppercase();
    let message = format!(
        "Email address is not verified. The following identities failed the check in region {region}: {bare}"
    );
    Err(SendError::new(400, "MessageRejected", message))
}

/// SES reads as ASCII what names no character set, and would put question marks for the rest.
fn data(what: &str, text: Text) -> Result<String, SendError> {
    match text.charset.as_deref() {
        None if text.data.is_ascii() => Ok(text.data),
        None => Err(bad(format!("The {what} is not ASCII and names no Charset."))),
        Some(charset) if charset.eq_ignore_ascii_case("UTF-8") => Ok(text.data),
        Some(charset) => Err(bad(format!(
            "The Charset {charset} is not understood here, UTF-8 is."
        ))),
    }
}

fn is_printable(text: &str, longest: usize) -> bool {
    text.len() <= longest && text.bytes().all(|byte| (32..=126).contains(&byte))
}

fn check_headers(headers: &[Header]) -> Result<(), SendError> {
    if headers.len() > MOST_HEADERS {
        return Err(bad(format!("There can be {MOST_HEADERS} headers at most.")));
    }
    for Header { name, value } in headers {
        if name.is_empty() || !is_printable(name, LONGEST_HEADER_NAME) || name.contains([' ', ':']) {
            return Err(bad(format!("The header name {name:?} is invalid.")));
        }
        if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(bad(format!("The header {name} can't be set.")));
        }
        if !is_printable(value, LONGEST_HEADER_VALUE) {
            return Err(bad(format!("The value of the header {name} is invalid.")));
        }
    }
    Ok(())
}

fn tags(given: Vec<Header>) -> Result<BTreeMap<String, String>, SendError> {
    if given.len() > MOST_TAGS {
        return Err(bad(format!("There can be {MOST_TAGS} tags at most.")));
    }
    let is_tag_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let is_tag = |text: &str| (1..=LONGEST_TAG).contains(&text.len()) && text.bytes().all(is_tag_byte);
    let mut tags = BTreeMap::new();
    for Header { name, value } in given {
        if !is_tag(&name) || !is_tag(&value) {
            return Err(bad(format!("The tag {name:?} or its value is invalid.")));
        }
        if tags.insert(name.clone(), value).is_some() {
            return Err(bad(format!("The tag {name} is there twice.")));
        }
    }
    Ok(tags)
}
