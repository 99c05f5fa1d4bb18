//! Parts an HTML text into tags and what stands between them, in one pass over it.

/// A piece of an HTML text. Comments, declarations and what is no text at all (scripts, style sheets) are left out.
pub(super) enum Piece<'a> {
    Text(&'a str),
    Start(Tag),
    End(String),
}

/// A start tag: its name and the attributes that say what its content is, in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) class: String,
    pub(super) style: String,
    pub(super) is_hidden: bool,
}

/// Elements whose content is no markup. What they hold is never shown as the message's text.
const RAW: [&str; 9] = [
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "plaintext",
];

/// Elements without content.
const VOID: [&str; 14] = [
    "area", "base", "basefont", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "wbr",
];

/// Elements that start and end a line.
const BLOCK: [&str; 33] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "table",
    "td",
    "tr",
    "ul",
];

impl Tag {
    /// Whether it has no content, and so no end tag.
    pub(super) fn is_void(&self) -> bool {
        VOID.contains(&self.name.as_str())
    }

    pub(super) fn is_block(&self) -> bool {
        is_block(&self.name)
    }
}

/// Whether an element starts and ends a line.
pub(super) fn is_block(name: &str) -> bool {
    BLOCK.contains(&name)
}

/// The pieces of an HTML text.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    Pieces { rest: html }
}

struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        while !self.rest.is_empty() {
            if !self.rest.starts_with('<') {
                return Some(self.text());
            }
            let after = self.rest.as_bytes().get(1).copied().unwrap_or_default();
            match after {
                b'!' | b'?' => self.skip_declaration(),
                b'/' => {
                    if let Some(end) = self.end_tag() {
                        return Some(end);
                    }
                }
                b if b.is_ascii_alphabetic() => return self.start_tag().map(Piece::Start),
                _ => {
                    let text;
                    (text, self.rest) = self.rest.split_at(1);
                    return Some(Piece::Text(text));
                }
            }
        }
        None
    }
}

impl<'a> Pieces<'a> {
    fn text(&mut self) -> Piece<'a> {
        let end = self.rest.find('<').unwrap_or(self.rest.len());
        let text;
        (text, self.rest) = self.rest.split_at(end);
        Piece::Text(text)
    }

    /// A comment or declaration. One without an end takes the rest along.
    fn skip_declaration(&mut self) {
        let (from, end) = if self.rest.starts_with("<!--") {
            (2, "-->")
        } else {
            (2, ">")
        };
        self.skip_past(from, end);
    }

    fn skip_past(&mut self, from: usize, end: &str) {
        let rest = &self.rest[from..];
        self.rest = rest.find(end).map_or("", |at| &rest[at + end.len()..]);
    }

    /// An end tag; `None` for one without a name, which is a comment.
    fn end_tag(&mut self) -> Option<Piece<'a>> {
        let name = name_at(&self.rest[2..]).to_ascii_lowercase();
        self.skip_past(2, ">");
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            .then_some(Piece::End(name))
    }

    /// A start tag; `None`, and nothing more comes, if it doesn't end.
    fn start_tag(&mut self) -> Option<Tag> {
        let name = name_at(&self.rest[1..]);
        let mut rest = &self.rest[1 + name.len()..];
        let mut tag = Tag {
            name: name.to_ascii_lowercase(),
            ..Tag::default()
        };
        self.rest = "";
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if let Some(after) = rest.strip_prefix('>') {
                self.rest = after;
                break;
            }
            let (name, value, after) = attribute(rest)?;
            tag.set(name, value);
            rest = after;
        }
        if RAW.contains(&tag.name.as_str()) {
            self.rest = after_raw(self.rest, &tag.name);
        }
        Some(tag)
    }
}

impl Tag {
    /// The first attribute of a name counts, as in browsers.
    fn set(&mut self, name: &str, value: &str) {
        let target = match name.to_ascii_lowercase().as_str() {
            "id" => &mut self.id,
            "class" => &mut self.class,
            "style" => &mut self.style,
            "hidden" => {
                self.is_hidden = true;
                return;
            }
            _ => return,
        };
        if target.is_empty() {
            super::decode(value, target);
            target.make_ascii_lowercase();
        }
    }
}

fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    &text[..end.unwrap_or(text.len())]
}

/// Reads an attribute: its name, its value, and what follows. `None` if the tag ends nowhere.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    // A name may start with an equals sign, though nothing good does.
    let end = text
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))?
        .0;
    let (name, rest) = text.split_at(end);
    let after_blanks = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let Some(value) = after_blanks.strip_prefix('=') else {
        return Some((name, "", rest));
    };
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let (value, rest) = quoted.split_once(quote)?;
            return Some((name, value, rest));
        }
    }
    let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
    Some((name, &value[..end], &value[end..]))
}

/// What follows an element whose content is no markup; its end tag stays.
fn after_raw<'a>(text: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    while let Some(found) = text[at..].find("</") {
        let end = at + found;
        let candidate = text.as_bytes().get(end + 2..end + 2 + name.len());
        if candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(name.as_bytes())) {
            return &text[end..];
        }
        at = end + 2;
    }
    ""
}
