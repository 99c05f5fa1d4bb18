//! What mail programs and gateways write around a reply, in many languages. The words stand in the files beside this one.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::glyph::simplified;

const LANGUAGES: &str = include_str!("quoting/languages.txt");
const CALENDAR: &str = include_str!("quoting/calendar.txt");
const AROUND: &str = include_str!("quoting/around.txt");

/// The words of all languages, read once.
pub(super) static QUOTING: LazyLock<Quoting> = LazyLock::new(Quoting::read);

/// The words of all languages, as [`simplified`] writes them.
#[derive(Default)]
pub(super) struct Quoting {
    /// The labels of a quoted message's header: the languages that have each, and what it stands for.
    labels: HashMap<String, Vec<(usize, Field)>>,
    /// What says that a quote follows.
    wrote: Vec<String>,
    /// The words of a line that introduces a quote, apart from names.
    known: HashSet<String>,
    /// What stands above an original or forwarded message.
    cuts: HashSet<String>,
    devices: Vec<Device>,
    closings: HashSet<String>,
    around: HashMap<&'static str, Vec<String>>,
}

/// A field of a quoted message's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Field {
    From,
    Sent,
    Date,
    To,
    Subject,
}

/// A line that a telephone or a mail program adds: what stands around the name of a device or program.
struct Device {
    start: String,
    end: String,
}

impl Quoting {
    fn read() -> Self {
        let mut quoting = Self::default();
        let mut language = 0;
        for line in data(LANGUAGES) {
            match line.split_once(": ") {
                Some((key, value)) => quoting.add(language, key, value),
                None => language += 1,
            }
        }
        for line in data(CALENDAR).filter(|line| !line.starts_with('[')) {
            quoting.known.extend(line.split(' ').map(str::to_owned));
        }
        let mut section = "";
        for line in data(AROUND) {
            match SECTIONS.into_iter().find(|name| section_of(line) == Some(name)) {
                Some(name) => section = name,
                None if WORDS.contains(&section) => {
                    let names = line.split(' ').map(str::to_owned);
                    quoting.around.entry(section).or_default().extend(names);
                }
                None => quoting.around.entry(section).or_default().push(simplified(line)),
            }
        }
        quoting
    }

    fn add(&mut self, language: usize, key: &str, value: &str) {
        let listed = |value: &str| value.split(", ").map(simplified).collect::<Vec<_>>();
        match key {
            "header" => {
                let fields = [Field::From, Field::Sent, Field::Date, Field::To, Field::Subject];
                for (field, labels) in fields.into_iter().zip(value.split(" | ")) {
                    for label in listed(labels) {
                        self.labels.entry(label).or_default().push((language, field));
                    }
                }
            }
            "wrote" => {
                let phrases = listed(value);
                let words = phrases.iter().flat_map(|phrase| phrase.split([' ', '/']));
                self.known.extend(words.map(str::to_owned));
                self.wrote.extend(phrases);
            }
            "lead" => self.known.extend(value.split(' ').map(str::to_owned)),
            "cut" => self.cuts.extend(listed(value)),
            "device" => self.devices.extend(value.split(", ").map(Device::of)),
            "closing" => self.closings.extend(listed(value)),
            _ => {}
        }
    }

    /// What a label stands for, language by language.
    pub(super) fn label(&self, label: &str) -> &[(usize, Field)] {
        self.labels.get(label).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a text says that a quote follows. A script without blanks between words has these letters in other words,
    /// too, so they count only at its end.
    pub(super) fn says_wrote(&self, simple: &str) -> bool {
        let unended = simple.trim_end_matches([':', ' ', ')']);
        self.wrote.iter().any(|phrase| {
            if is_unspaced(phrase) {
                return unended.ends_with(phrase.as_str());
            }
            let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            simple.match_indices(phrase.as_str()).any(|(at, _)| {
                let (before, after) = (&simple[..at], &simple[at + phrase.len()..]);
                is_edge(before.chars().next_back()) && is_edge(after.chars().next())
            })
        })
    }

    /// Whether a word, in lower case, belongs to a line that introduces a quote. In a script without blanks, it may be several.
    pub(super) fn knows(&self, word: &str) -> bool {
        let mut cuts = word.char_indices().skip(1);
        self.known.contains(word)
            || (is_unspaced(word)
                && word.len() <= MAX_UNSPACED
                && cuts.any(|(at, _)| self.known.contains(&word[..at]) && self.knows(&word[at..])))
    }

    /// Whether this stands above an original or forwarded message.
    pub(super) fn cuts(&self, simple: &str) -> bool {
        self.cuts.contains(simple)
    }

    /// Whether a telephone or a mail program adds this line: it has nothing but a name in it.
    pub(super) fn is_of_device(&self, simple: &str) -> bool {
        self.devices.iter().any(|device| {
            let rest = simple.strip_prefix(device.start.as_str());
            let name = rest.and_then(|rest| rest.strip_suffix(device.end.as_str()));
            name.is_some_and(|name| self.is_device(name))
        })
    }

    /// Whether a text holds names of devices and programs, and no other words. Many languages add endings to a name.
    fn is_device(&self, text: &str) -> bool {
        let mut words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        words.all(|word| {
            let is_ending = word.chars().count() == 1;
            let is_number = word.chars().all(char::is_numeric);
            let is_one =
                |name: &String| word == name || (name.len() >= MIN_STEM && word.starts_with(name.as_str()));
            is_ending || is_number || self.around("device").iter().any(is_one)
        })
    }

    /// Whether this stands above the name of the one who wrote.
    pub(super) fn closes(&self, simple: &str) -> bool {
        self.closings.contains(simple)
    }

    /// The texts of one of the [`SECTIONS`].
    pub(super) fn around(&self, section: &'static str) -> &[String] {
        self.around.get(section).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Maximum length in octets of words without blanks between them.
const MAX_UNSPACED: usize = 45;
/// How many octets a name has at least that may have an ending.
const MIN_STEM: usize = 5;

impl Device {
    fn of(pattern: &str) -> Self {
        let (start, end) = pattern.split_once('*').unwrap_or((pattern, ""));
        let simple = |part: &str| part.to_lowercase();
        Self {
            start: simple(start),
            end: simple(end),
        }
    }
}

const SECTIONS: [&str; 6] = ["label", "footer", "notice", "secret", "placeholder", "device"];
/// Sections whose lines hold several words.
const WORDS: [&str; 2] = ["secret", "device"];

fn section_of(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']')
}

/// The lines of a file that hold data.
fn data(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a script puts no blanks between words, or adds endings to names: Thai and those of East Asia.
fn is_unspaced(phrase: &str) -> bool {
    phrase.starts_with(|c| matches!(c, '\u{e00}'..='\u{e7f}' | '\u{2e80}'..='\u{d7ff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_least_thirty_languages_have_every_kind_of_words() {
        let mut languages: Vec<(&str, HashSet<&str>)> = Vec::new();
        for line in data(LANGUAGES) {
            if let Some(code) = section_of(line) {
                languages.push((code, HashSet::new()));
            } else {
                let (key, value) = line.split_once(": ").unwrap();
                assert!(key != "header" || value.split(" | ").count() == 5, "{line}");
                languages.last_mut().unwrap().1.insert(key);
            }
        }
        assert!(languages.len() >= 30, "{}", languages.len());
        let kinds = HashSet::from(["header", "wrote", "lead", "cut", "device", "closing"]);
        for (code, keys) in languages {
            assert_eq!(keys, kinds, "{code}");
        }
    }

    #[test]
    fn every_section_has_texts_in_their_simplified_form() {
        for section in SECTIONS {
            let texts = QUOTING.around(section);
            assert!(!texts.is_empty(), "{section}");
            assert!(texts.iter().all(|text| *text == simplified(text)), "{section}");
        }
        let calendar = data(CALENDAR).filter(|line| section_of(line).is_none());
        assert!(calendar.into_iter().all(|line| line == line.to_lowercase()));
    }

    #[test]
    fn a_line_of_a_device_names_it() {
        for line in [
            "von meinem iphone gesendet",
            "從我的 galaxy 智慧型手機傳送",
            "下載 outlook ios 版",
            "az iphone-omról küldve",
            "iphoneから送信",
        ] {
            assert!(QUOTING.is_of_device(line), "{line}");
        }
        for line in [
            "rossz címre küldve",
            "sent from my desk",
            "sent with the wrong mail address",
            "von herrn wong gesendet",
            "отправлено с ошибкой",
        ] {
            assert!(!QUOTING.is_of_device(line), "{line}");
        }
    }
}
