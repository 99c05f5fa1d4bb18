//! A mail as SES is asked to send it, and what SES refuses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::attachment::{Attachment, Given};

/// The most recipients of one mail.
const RECIPIENTS: usize = 50;

/// The most headers of a mail's own.
const HEADERS: usize = 15;

/// The longest name of a header.
const HEADER_NAME: usize = 126;

/// The longest value of a header. AWS's documentation gave this limit for years and gives 995 now; what keeps to the
/// lower one is taken everywhere.
const HEADER_VALUE: usize = 870;

/// The longest name or value of a tag.
const TAG: usize = 256;

/// The most tags of a mail.
const TAGS: usize = 50;

/// The longest address.
const ADDRESS: usize = 320;

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

/// A mail as a function hands it to SES.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outgoing {
    /// Whom it is from, e.g. `Countersign <no-reply@countersign.example>`.
    pub from: String,
    /// Whom it is to.
    pub to: Vec<String>,
    /// Where answers go.
    pub reply_to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: Option<String>,
    /// The HTML.
    pub html: Option<String>,
    /// The files beside it. Mails that were kept before there were any have none.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The headers that the function gave it.
    pub headers: Vec<Header>,
    /// The tags that events about it carry.
    pub tags: BTreeMap<String, String>,
    /// The configuration set, if one was named.
    pub configuration_set: Option<String>,
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Why SES doesn't take a mail: the exception's name and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
        }
    }
}

pub(super) fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "BadRequestException", message)
}

/// The request of `SendEmail`. What this doesn't know of it is refused, or it would be lost without a word.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    #[serde(default)]
    email_tags: Vec<Tag>,
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
    headers: Vec<NameAndValue>,
    #[serde(default)]
    attachments: Vec<Given>,
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
struct NameAndValue {
    name: String,
    value: String,
}

type Tag = NameAndValue;

/// What mail may be sent from and with.
pub(crate) struct Rules<'a> {
    /// The verified domain.
    pub(crate) domain: &'a str,
    /// The one configuration set.
    pub(crate) configuration_set: &'a str,
    /// The region that SES names in its refusal.
    pub(crate) region: &'a str,
}

impl Outgoing {
    /// Reads a request and checks it as SES does.
    pub(crate) fn read(request: Json, rules: &Rules<'_>) -> Result<Self, Refusal> {
        let request: SendEmail = serde_json::from_value(request).map_err(|error| bad(error.to_string()))?;
        let simple = request.content.simple;
        let from = request
            .from_email_address
            .ok_or_else(|| bad("FromEmailAddress is missing"))?;
        check_from(&from, rules)?;
        if let Some(name) = &request.configuration_set_name
            && name != rules.configuration_set
        {
            let message = format!("Configuration set <{name}> does not exist.");
            return Err(Refusal::new(404, "NotFoundException", message));
        }
        let to = request.destination.to_addresses;
        match to.len() {
            0 => return Err(bad("There has to be a recipient.")),
            1..=RECIPIENTS => {}
            _ => return Err(bad(format!("Recipient count exceeds {RECIPIENTS}."))),
        }
        for address in to.iter().chain(&request.reply_to_addresses) {
            parsed(address)?;
        }
        let headers = headers(simple.headers)?;
        let (text, html) = (simple.body.text, simple.body.html);
        if text.is_none() && html.is_none() {
            return Err(bad("There has to be a body, as text or as HTML."));
        }
        let subject = data("subject", simple.subject)?;
        if subject.contains(char::is_control) {
            return Err(bad("The subject contains control characters."));
        }
        Ok(Self {
            from,
            to,
            reply_to: request.reply_to_addresses,
            subject,
            text: text.map(|text| data("text", text)).transpose()?,
            html: html.map(|html| data("HTML", html)).transpose()?,
            attachments: simple
                .attachments
                .into_iter()
                .map(Attachment::read)
                .collect::<Result<_, _>>()?,
            headers,
            tags: tags(request.email_tags)?,
            configuration_set: request.configuration_set_name,
        })
    }
}

/// The address without the name before it.
pub(crate) fn bare(address: &str) -> &str {
    split(address).1
}

/// The name before an address, if there is one, and the address.
pub(crate) fn split(address: &str) -> (Option<&str>, &str) {
    match address.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, bare)) => {
            let name = name.trim().trim_matches('"');
            (Some(name).filter(|name| !name.is_empty()), bare)
        }
        None => (None, address),
    }
}

fn parsed(address: &str) -> Result<&str, Refusal> {
    if !address.is_ascii() {
        return Err(bad(
            "Addresses have to be ASCII; domains in Punycode, names encoded.",
        ));
    }
    if address.len() > ADDRESS || address.contains(|character: char| character.is_ascii_control()) {
        return Err(bad("Local address contains control or whitespace"));
    }
    let bare = bare(address);
    let (local, domain) = bare
        .rsplit_once('@')
        .ok_or_else(|| bad("Missing final '@domain'"))?;
    if local.is_empty() || local.contains([' ', '@']) {
        return Err(bad("Local address contains control or whitespace"));
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if !domain.split('.').all(is_label) || bare.contains(['<', '>', ',', ';']) {
        return Err(bad("Domain contains illegal character"));
    }
    Ok(bare)
}

fn check_from(from: &str, rules: &Rules<'_>) -> Result<(), Refusal> {
    let bare = parsed(from)?;
    let domain = bare.rsplit('@').next().unwrap_or_default();
    if domain.eq_ignore_ascii_case(rules.domain) {
        return Ok(());
    }
    let region = rules.region.to_ascii_uppercase();
    let message = format!(
        "Email address is not verified. The following identities failed the check in region {region}: {bare}"
    );
    Err(Refusal::new(400, "MessageRejected", message))
}

/// SES reads as ASCII what names no character set, and would put question marks for the rest.
fn data(what: &str, text: Text) -> Result<String, Refusal> {
    match text.charset.as_deref() {
        None if text.data.is_ascii() => Ok(text.data),
        None => Err(bad(format!("The {what} is not ASCII and names no Charset."))),
        Some(charset) if charset.eq_ignore_ascii_case("UTF-8") => Ok(text.data),
        Some(charset) => Err(bad(format!(
            "The Charset {charset} is not understood here, UTF-8 is."
        ))),
    }
}

fn headers(given: Vec<NameAndValue>) -> Result<Vec<Header>, Refusal> {
    if given.len() > HEADERS {
        return Err(bad(format!("There can be {HEADERS} headers at most.")));
    }
    let header = |NameAndValue { name, value }: NameAndValue| {
        let is_name = |byte: u8| (33..=126).contains(&byte) && byte != b':';
        if name.is_empty() || name.len() > HEADER_NAME || !name.bytes().all(is_name) {
            return Err(bad(format!("The header name {name:?} is invalid.")));
        }
        if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(bad(format!("The header {name} can't be set.")));
        }
        let is_printable = |byte: u8| (32..=126).contains(&byte);
        if value.len() > HEADER_VALUE || !value.bytes().all(is_printable) {
            return Err(bad(format!("The value of the header {name} is invalid.")));
        }
        Ok(Header { name, value })
    };
    given.into_iter().map(header).collect()
}

fn tags(given: Vec<Tag>) -> Result<BTreeMap<String, String>, Refusal> {
    if given.len() > TAGS {
        return Err(bad(format!("There can be {TAGS} tags at most.")));
    }
    let is_tag = |text: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        !text.is_empty() && text.len() <= TAG && text.bytes().all(allowed)
    };
    let mut tags = BTreeMap::new();
    for Tag { name, value } in given {
        if !is_tag(&name) || !is_tag(&value) {
            return Err(bad(format!("The tag {name:?} or its value is invalid.")));
        }
        if tags.insert(name.clone(), value).is_some() {
            return Err(bad(format!("The tag {name} is there twice.")));
        }
    }
    Ok(tags)
}
