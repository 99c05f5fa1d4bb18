//! The lines that an HTML message shows, and which of them are quoted.
//!
//! This does not render. It leaves out what the marks of mail programs quote or hide, and leaves out more, not less, of a
//! broken document. Text that a style sheet hides by its class counts as shown.

mod colour;
mod element;
mod tag;

use super::glyph::is_blank;
use super::line::{Line, MAX_LINES, Place};
use colour::Colours;
use element::Content;
use tag::{Piece, Tag};

/// The lines of an HTML text.
pub(super) fn lines(html: &str) -> Vec<Line<'static>> {
    let mut page = Page::default();
    for piece in tag::pieces(html) {
        match piece {
            Piece::Text(text) => page.text(&text),
            Piece::Start(tag) => page.start(&tag),
            Piece::End(name) => page.end(&name),
        }
        if page.is_over {
            break;
        }
    }
    page.end_line();
    page.lines
}

/// A part of a document that the sender did not write: from an element's start tag to its end tag.
struct Region {
    name: String,
    /// How many elements with that name are open.
    depth: usize,
    kind: RegionKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RegionKind {
    /// Not shown, and not a quote.
    Hidden,
    Quote,
    /// The element that some programs put around a quote and its introduction. Below the quote, the sender's text continues.
    AroundQuote,
}

#[derive(Default)]
struct Page {
    lines: Vec<Line<'static>>,
    current: String,
    region: Option<Region>,
    /// How deeply a quote inside a [`RegionKind::AroundQuote`] is nested.
    inner_quotes: usize,
    preformatted: usize,
    colours: Colours,
    /// The open lists, each with how many entries it has so far, if it shows their numbers.
    lists: Vec<Option<usize>>,
    /// Whether the original message has begun, which may end anywhere.
    is_cut: bool,
    is_over: bool,
}

impl Page {
    fn text(&mut self, text: &str) {
        if self
            .region
            .as_ref()
            .is_some_and(|region| region.kind != RegionKind::AroundQuote)
            || self.inner_quotes > 0
        {
            return;
        }
        for c in text.chars() {
            match c {
                '\n' if self.preformatted > 0 => self.break_line(),
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                    if !self.current.is_empty() && !self.current.ends_with(' ') {
                        self.current.push(' ');
                    }
                }
                _ => self.current.push(c),
            }
        }
    }

    fn start(&mut self, tag: &Tag) {
        if let Some(region) = &mut self.region {
            // A head may lack its end tag.
            if region.name == "head" && tag.name == "body" {
                self.region = None;
            } else {
                let is_counted = self.inner_quotes == 0 && region.name == tag.name && !tag.is_void();
                region.depth += usize::from(is_counted);
                if region.kind == RegionKind::AroundQuote {
                    self.start_around_quote(tag);
                }
                return;
            }
        }
        if tag.name == "br" {
            self.break_line();
        } else if tag.is_block() || element::begins_line(tag) {
            self.end_line();
        }
        let content = element::content(tag);
        if content == Content::RestQuoted {
            return self.cut();
        }
        // An element without content hides nothing.
        if tag.is_void() {
            return;
        }
        let is_faded = self.colours.start(tag);
        let kind = match content {
            Content::Quote => RegionKind::Quote,
            Content::AroundQuote => RegionKind::AroundQuote,
            Content::Signature if !is_faded => {
                self.end_line();
                self.push("--".to_owned(), Place::Own);
                return self.start_shown(tag);
            }
            Content::Shown if !is_faded => return self.start_shown(tag),
            Content::Shown | Content::Signature | Content::Hidden | Content::RestQuoted => RegionKind::Hidden,
        };
        if kind != RegionKind::Hidden {
            self.end_line();
            self.push(String::new(), Place::Quoted);
        }
        self.region = Some(Region {
            name: tag.name.clone(),
            depth: 1,
            kind,
        });
    }

    fn start_shown(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "pre" => self.preformatted += 1,
            "ul" => self.lists.push(None),
            "ol" => self.lists.push(Some(0)),
            "li" => {
                if let Some(Some(number)) = self.lists.last_mut() {
                    *number += 1;
                    self.current = format!("{number}. ");
                }
            }
            _ => {}
        }
    }

    fn start_around_quote(&mut self, tag: &Tag) {
        if tag.name == "blockquote" {
            self.end_line();
            self.inner_quotes += 1;
        } else if self.inner_quotes == 0 && tag.is_block() {
            self.end_line();
        }
    }

    fn end(&mut self, name: &str) {
        let is_block = tag::is_block(name);
        if let Some(region) = &mut self.region {
            let is_around = region.kind == RegionKind::AroundQuote;
            // Tags inside the quote, perhaps unbalanced, don't end the element around it.
            region.depth -= usize::from(self.inner_quotes == 0 && region.name == name);
            let is_closed = region.depth == 0;
            let ends_quote = is_around && self.inner_quotes == 1 && name == "blockquote";
            if is_around && is_block && self.inner_quotes == 0 {
                self.end_line();
            }
            if is_around && name == "blockquote" {
                self.inner_quotes = self.inner_quotes.saturating_sub(1);
            }
            if is_closed {
                self.colours.end(name);
            }
            if is_closed || ends_quote {
                self.region = None;
                self.inner_quotes = 0;
                if is_around {
                    self.current.clear();
                }
            }
            return;
        }
        self.colours.end(name);
        if is_block {
            self.end_line();
        }
        match name {
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "ul" | "ol" => {
                self.lists.pop();
            }
            _ => {}
        }
    }

    /// Breaks the line, and shows a blank one where nothing stands before the break.
    fn break_line(&mut self) {
        if self.current.is_empty() {
            self.push(String::new(), Place::Own);
        }
        self.end_line();
    }

    /// Ends the line, if anything stands on it.
    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.current);
        if text.is_empty() {
            return;
        }
        if self.region.is_none() {
            let place = if text.trim_start_matches(is_blank).starts_with('>') {
                Place::Quoted
            } else {
                Place::Own
            };
            self.push(text, place);
        } else if text.trim_start_matches(is_blank).starts_with("-----") {
            // A forwarded message has no quote element, so its end is unknown.
            self.cut();
        }
    }

    fn push(&mut self, text: String, place: Place) {
        let place = if self.is_cut { Place::RestQuoted } else { place };
        let repeats = text.is_empty()
            && self
                .lines
                .last()
                .is_some_and(|last| last.text.is_empty() && last.place == place);
        if !repeats {
            self.lines.push(Line {
                text: text.into(),
                place,
            });
        }
        self.is_over |= self.lines.len() >= MAX_LINES;
    }

    fn cut(&mut self) {
        self.current.clear();
        self.region = None;
        self.inner_quotes = 0;
        self.is_cut = true;
        self.push(String::new(), Place::RestQuoted);
    }
}
