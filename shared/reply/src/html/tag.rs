//! Splits an HTML text into tags and the text between them, as browsers do (WHATWG HTML, section 13.2.5).

use html5gum::{DefaultEmitter, HtmlString, StartTag, State, StringReader, Token, Tokenizer};

/// A piece of an HTML text. Comments, declarations, scripts and style sheets are left out.
pub(super) enum Piece {
    Text(String),
    Start(Tag),
    End(String),
}

/// A start tag: its name and the attributes that classify its content, in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) class: String,
    pub(super) style: String,
    /// The attribute `name`.
    pub(super) label: String,
    /// The attribute `color`.
    pub(super) colour: String,
    /// The attribute `bgcolor`.
    pub(super) background: String,
    pub(super) is_hidden: bool,
}

/// Elements without content.
const VOID: [&str; 14] = [
    "area", "base", "basefont", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "wbr",
];

/// Elements that begin and end a line.
const BLOCK: [&str; 52] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

impl Tag {
    fn of(tag: &StartTag<()>) -> Self {
        let attribute = |name: &[u8]| {
            let value = tag.attributes.get(name).map(|value| text(&value.value));
            value.unwrap_or_default().to_ascii_lowercase()
        };
        Self {
            name: text(&tag.name),
            id: attribute(b"id"),
            class: attribute(b"class"),
            style: attribute(b"style"),
            label: attribute(b"name"),
            colour: attribute(b"color"),
            background: attribute(b"bgcolor"),
            is_hidden: tag.attributes.contains_key(b"hidden".as_slice()),
        }
    }

    /// Whether it has no content, and so no end tag.
    pub(super) fn is_void(&self) -> bool {
        VOID.contains(&self.name.as_str())
    }

    pub(super) fn is_block(&self) -> bool {
        is_block(&self.name)
    }

    /// Whether it has one of these classes.
    pub(super) fn has_class(&self, classes: &[&str]) -> bool {
        let mut all = self.class.split_ascii_whitespace();
        all.any(|class| classes.contains(&class))
    }
}

/// Whether an element starts and ends a line.
pub(super) fn is_block(name: &str) -> bool {
    BLOCK.contains(&name)
}

/// The pieces of an HTML text.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece> {
    Pieces {
        tokenizer: Tokenizer::new(html),
        is_raw: false,
    }
}

struct Pieces<'a> {
    tokenizer: Tokenizer<StringReader<'a>, DefaultEmitter>,
    /// Whether the next text is raw: content without markup.
    is_raw: bool,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            // Reading a string cannot fail.
            let Ok(token) = self.tokenizer.next()?;
            match token {
                Token::StartTag(tag) => {
                    let tag = Tag::of(&tag);
                    if let Some(state) = raw_state(&tag.name) {
                        self.tokenizer.set_state(state);
                        self.is_raw = true;
                    }
                    return Some(Piece::Start(tag));
                }
                Token::EndTag(tag) => {
                    self.is_raw = false;
                    return Some(Piece::End(text(&tag.name)));
                }
                Token::String(string) if !self.is_raw => return Some(Piece::Text(text(&string.value))),
                Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
    }
}

/// The tokenizer state for an element with raw content. Nothing ends `plaintext`.
fn raw_state(name: &str) -> Option<State> {
    match name {
        "textarea" | "title" => Some(State::RcData),
        "script" => Some(State::ScriptData),
        "plaintext" => Some(State::PlainText),
        "iframe" | "noembed" | "noframes" | "style" | "xmp" => Some(State::RawText),
        _ => None,
    }
}

/// A string, since a tokenizer of text yields text.
fn text(string: &HtmlString) -> String {
    String::from_utf8_lossy(string).into_owned()
}
