//! Colours as elements state them, to find text in the colour of its background.

use super::element::declarations;
use super::tag::Tag;

/// How many elements that state a colour are kept track of.
const MAX_OPEN: usize = 64;

/// The colours at a place in a document.
#[derive(Default)]
pub(super) struct Colours {
    open: Vec<Painted>,
}

/// An open element that states a colour, and what holds inside it.
struct Painted {
    name: String,
    /// How many elements with that name are open.
    depth: usize,
    paint: Paint,
}

/// The red, green and blue of a text and of what is behind it.
#[derive(Default, Clone, Copy)]
struct Paint {
    text: Option<[u8; 3]>,
    background: Option<[u8; 3]>,
}

impl Colours {
    /// Enters an element; returns whether its text has the colour of its background.
    pub(super) fn start(&mut self, tag: &Tag) -> bool {
        let stated = Paint::stated(tag);
        if stated.text.is_none() && stated.background.is_none() {
            if let Some(open) = self.open.iter_mut().rfind(|open| open.name == tag.name) {
                open.depth += 1;
            }
            return false;
        }
        let around = self.open.last().map(|open| open.paint).unwrap_or_default();
        let paint = Paint {
            text: stated.text.or(around.text),
            background: stated.background.or(around.background),
        };
        if self.open.len() < MAX_OPEN {
            self.open.push(Painted {
                name: tag.name.clone(),
                depth: 1,
                paint,
            });
        }
        paint.text.is_some() && paint.text == paint.background
    }

    pub(super) fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            return;
        };
        self.open[at].depth -= 1;
        if self.open[at].depth == 0 {
            self.open.truncate(at);
        }
    }
}

impl Paint {
    fn stated(tag: &Tag) -> Self {
        let mut paint = Self {
            text: colour(&tag.colour),
            background: colour(&tag.background),
        };
        for (name, value) in declarations(&tag.style) {
            match name {
                "color" => paint.text = colour(value),
                "background-color" | "background" => paint.background = colour(value),
                _ => {}
            }
        }
        paint
    }
}

/// A colour in one of the forms that mail programs write: `#fff`, `#ffffff`, `rgb(255, 255, 255)` or a basic name.
fn colour(value: &str) -> Option<[u8; 3]> {
    if let Some((_, numbers)) = value.split_once("rgb(") {
        let mut numbers = numbers
            .split(')')
            .next()?
            .split([',', ' '])
            .filter(|number| !number.is_empty());
        let mut next = || numbers.next()?.parse().ok();
        return Some([next()?, next()?, next()?]);
    }
    value.split(' ').find_map(|word| {
        let word = word.trim_end_matches("!important");
        let named = NAMES.into_iter().find(|(name, _)| *name == word);
        let hex = named.map(|(_, hex)| hex).or_else(|| word.strip_prefix('#'))?;
        let octet = |digits: &str| u8::from_str_radix(digits, 16).ok();
        match hex.len() {
            3 => Some([
                octet(hex.get(..1)?)? * 17,
                octet(hex.get(1..2)?)? * 17,
                octet(hex.get(2..)?)? * 17,
            ]),
            6 => Some([
                octet(hex.get(..2)?)?,
                octet(hex.get(2..4)?)?,
                octet(hex.get(4..)?)?,
            ]),
            _ => None,
        }
    })
}

/// The basic names of CSS Color Module Level 3, section 4.1.
const NAMES: [(&str, &str); 16] = [
    ("aqua", "00ffff"),
    ("black", "000000"),
    ("blue", "0000ff"),
    ("fuchsia", "ff00ff"),
    ("gray", "808080"),
    ("green", "008000"),
    ("lime", "00ff00"),
    ("maroon", "800000"),
    ("navy", "000080"),
    ("olive", "808000"),
    ("purple", "800080"),
    ("red", "ff0000"),
    ("silver", "c0c0c0"),
    ("teal", "008080"),
    ("white", "ffffff"),
    ("yellow", "ffff00"),
];
