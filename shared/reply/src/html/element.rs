//! Classifies an element's content by the marks that mail programs make.

use super::tag::Tag;

/// What an element's content is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    Shown,
    /// Hidden, struck out, or not text.
    Hidden,
    /// What the sender's mail program adds below every text.
    Signature,
    Quote,
    /// A quote with its introduction, as Gmail writes it.
    AroundQuote,
    /// Everything from here on is the original message, as Outlook writes it.
    RestQuoted,
}

/// Elements whose content is not text of the message.
const NO_TEXT: [&str; 18] = [
    "audio",
    "button",
    "canvas",
    "datalist",
    "head",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "select",
    "svg",
    "template",
    "textarea",
    "video",
    "xmp",
];

/// Elements whose content is struck out.
const STRUCK: [&str; 3] = ["s", "strike", "del"];

/// Identifiers that start the original message: Outlook on the web and on telephones, Outlook for Mac, Zimbra, 163.com.
const STARTS_ORIGINAL: [&str; 8] = [
    "divrplyfwdmsg",
    "appendonsend",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "olk_src_body_section",
    "zwchr",
    "isreplycontent",
    "isforwardcontent",
];

/// Classes found only around quotes: Yahoo, Thunderbird, Proton, Tuta, Zoho, and the introduction of a quote.
const QUOTES: [&str; 7] = [
    "yahoo_quoted",
    "moz-cite-prefix",
    "moz-forward-container",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "gmail_attr",
];

/// Names of elements around quotes: GMX and WEB.DE, Spark.
const QUOTE_NAMES: [&str; 2] = ["quote", "messagereplysection"];

/// Classes of signatures: Gmail, Thunderbird, Proton, Outlook on telephones.
const SIGNATURES: [&str; 4] = [
    "gmail_signature",
    "moz-signature",
    "protonmail_signature_block",
    "ms-outlook-mobile-signature",
];

/// Identifiers of signatures: Outlook, Samsung, Apple.
const SIGNATURE_IDS: [&str; 4] = [
    "signature",
    "ms-outlook-mobile-signature",
    "composer_signature",
    "applemailsignature",
];

pub(super) fn content(tag: &Tag) -> Content {
    // Outlook puts `x_` before the identifiers of what it quotes.
    let id = tag.id.trim_start_matches("x_");
    let is_struck = STRUCK.contains(&tag.name.as_str());
    if NO_TEXT.contains(&tag.name.as_str()) || is_struck || tag.is_hidden || is_hidden(&tag.style) {
        Content::Hidden
    } else if STARTS_ORIGINAL.contains(&id) || tag.has_class(&["outlookmessageheader"]) || is_rule(tag) {
        Content::RestQuoted
    } else if tag.name == "blockquote" || tag.has_class(&QUOTES) || QUOTE_NAMES.contains(&tag.label.as_str())
    {
        Content::Quote
    } else if tag.has_class(&["gmail_quote"]) {
        Content::AroundQuote
    } else if tag.has_class(&SIGNATURES) || SIGNATURE_IDS.contains(&id) {
        Content::Signature
    } else {
        Content::Shown
    }
}

pub(super) fn declarations(style: &str) -> impl Iterator<Item = (&str, &str)> {
    style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
}

/// Whether a style shows an element on lines of its own.
pub(super) fn begins_line(tag: &Tag) -> bool {
    let inline = ["none", "inline", "contents"];
    let mut displays = declarations(&tag.style).filter(|(name, _)| *name == "display");
    displays.any(|(_, value)| !inline.iter().any(|start| value.starts_with(start)))
}

/// Outlook draws a line above the header of the original message, in one of two ways.
fn is_rule(tag: &Tag) -> bool {
    let draws = |(name, value): (&str, &str)| match name {
        "border-top" => value.contains("solid"),
        "border-style" => value.starts_with("solid none none"),
        _ => false,
    };
    tag.name == "div" && declarations(&tag.style).any(draws)
}

fn is_hidden(style: &str) -> bool {
    let clips = declarations(style).any(|(name, value)| {
        matches!(name, "overflow" | "overflow-x" | "overflow-y")
            && ["hidden", "clip"].iter().any(|clip| value.starts_with(clip))
    });
    declarations(style).any(|(name, value)| match name {
        "display" => value.starts_with("none"),
        "visibility" => value.starts_with("hidden") || value.starts_with("collapse"),
        "mso-hide" => value.starts_with("all") || value.starts_with("screen"),
        "text-decoration" | "text-decoration-line" => value.contains("line-through"),
        "color" | "-webkit-text-fill-color" => value.starts_with("transparent"),
        "font-size" | "opacity" => is_zero(value),
        // Without this, the text stands outside of its box.
        "height" | "max-height" | "width" | "max-width" => clips && is_zero(value),
        "text-indent" | "left" | "top" | "margin-left" | "margin-top" => is_far_off(value),
        "font" => value
            .split([' ', '/'])
            .any(|part| part.starts_with('0') && is_zero(part)),
        _ => false,
    })
}

/// Whether a size is zero or close to it.
fn is_zero(value: &str) -> bool {
    let end = value.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+'));
    let (number, unit) = value.split_at(end.unwrap_or(value.len()));
    let Ok(number) = number.parse::<f64>() else {
        return false;
    };
    let is_small_unit = unit.starts_with("px") || unit.starts_with("pt");
    number <= 0.0 || (is_small_unit && number <= 2.0) || (number < 0.1)
}

/// Whether a distance moves text out of view. Word indents by hundreds of points, and takes the first line back by as much.
fn is_far_off(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or_default();
    digits.bytes().take_while(u8::is_ascii_digit).count() >= 4
}
