//! A letter as plain text.
//!
//! Our own lines are wrapped. Each line that a person entered starts with `> `, so that it can't pass for ours.

use super::compose::{Block, Contents, Fact, Item};
use super::prose::{Prose, Sort};
use super::typed;

/// Maximum width of our lines in columns.
const COLUMNS: usize = 72;
/// Maximum length of a line in octets, without its ending (RFC 5322, section 2.1.1).
pub(super) const MAX_OCTETS: usize = 998;
/// The prefix of each line that a person entered.
const MARK: &str = "> ";
/// Length in octets of the characters that isolate text that runs from right to left.
const ISOLATING_OCTETS: usize = 6;

/// Writes a letter's text part.
pub(super) fn write(contents: &Contents) -> String {
    let mut page = Page::default();
    page.wrapped("", &Prose::ours(contents.heading.as_str()));
    page.line(&contents.details);
    page.gap();
    page.wrapped("", &contents.greeting);
    for block in &contents.blocks {
        page.gap();
        page.block(block, contents);
    }
    page.gap();
    page.line(&"-".repeat(COLUMNS));
    page.wrapped("", &contents.why);
    page.wrapped("", &Prose::ours(contents.replies));
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn gap(&mut self) {
        self.0.push('\n');
    }

    /// Writes our words, wrapped. `lead` precedes the first line, and as much space the others.
    fn wrapped(&mut self, lead: &str, prose: &Prose) {
        let space = " ".repeat(lead.len());
        for (index, line) in wrap(prose, COLUMNS - lead.len()).iter().enumerate() {
            let before = if index == 0 { lead } else { &space };
            self.line(&format!("{before}{line}"));
        }
    }

    fn block(&mut self, block: &Block, contents: &Contents) {
        let colon = contents.words.colon.trim_end();
        match block {
            Block::Paragraph(prose) => self.wrapped("", prose),
            Block::Notice(prose) => self.wrapped("! ", prose),
            Block::Quote { title, lines } => {
                self.wrapped("", &title.clone().and(colon));
                for line in lines {
                    self.quoted(line);
                }
            }
            Block::Steps { title, steps } => {
                self.line(&format!("{title}{colon}"));
                for (number, step) in (1..).zip(steps) {
                    self.wrapped(&format!("{number}. "), step);
                }
            }
            Block::Link { label, url } => {
                self.line(&format!("{label}{colon}"));
                self.line(url);
            }
            Block::Facts { title, groups } => {
                self.line(&format!("{title}{colon}"));
                for (index, facts) in groups.iter().enumerate() {
                    if index > 0 {
                        self.gap();
                    }
                    for fact in facts {
                        self.fact(fact, contents);
                    }
                }
            }
            Block::Begin { title, intro, mails } => {
                self.line(&format!("{title}{colon}"));
                self.wrapped("", intro);
                for begin in mails {
                    self.gap();
                    self.line(&format!("{}{colon}", begin.label));
                    self.line(&begin.url);
                    self.wrapped("", &begin.says);
                }
            }
            Block::List { title, items, more } => self.list(title, colon, items, more.as_deref()),
            Block::Addresses { title, rows } => {
                self.line(&format!("{title}{colon}"));
                for row in rows {
                    let (user_id, email) = (row.user_id.plain(), row.email.plain());
                    self.line(&format!("  {user_id}{}{email}", contents.words.colon));
                }
            }
        }
    }

    fn list(&mut self, title: &str, colon: &str, items: &[Item], more: Option<&str>) {
        self.line(&format!("{title}{colon}"));
        for item in items {
            self.wrapped("  - ", &item.name);
            self.wrapped("    ", &item.says);
            if let Some(url) = &item.url {
                self.line(&format!("    {url}"));
            }
        }
        if let Some(more) = more {
            self.line(&format!("  - {more}"));
        }
    }

    fn fact(&mut self, fact: &Fact, contents: &Contents) {
        let value = fact.value.plain();
        if fact.label.is_empty() {
            self.line(&format!("  {value}"));
        } else if fact.value.is_code() {
            self.line(&format!("  {}{}", fact.label, contents.words.colon.trim_end()));
            self.line(&format!("  {value}"));
        } else {
            self.line(&format!("  {}{}{value}", fact.label, contents.words.colon));
        }
    }

    /// Writes a line that a person entered, split where it has too many octets.
    fn quoted(&mut self, typed: &str) {
        if typed.is_empty() {
            self.line(MARK.trim_end());
        }
        let mut rest = typed;
        while !rest.is_empty() {
            let end = rest.floor_char_boundary(MAX_OCTETS - MARK.len() - ISOLATING_OCTETS);
            let (line, after) = rest.split_at(end);
            self.line(&format!("{MARK}{}", typed::isolated(line)));
            rest = after;
        }
    }
}

/// A character of a sentence that is being wrapped.
struct Glyph {
    c: char,
    /// Whether a line may end next to it. None ends inside a time or typed text.
    splits: bool,
}

/// Breaks a sentence into lines: at spaces, and between Chinese characters.
fn wrap(prose: &Prose, columns: usize) -> Vec<String> {
    let glyphs: Vec<Glyph> = prose
        .pieces()
        .iter()
        .flat_map(|piece| {
            let splits = piece.sort == Sort::Words;
            piece
                .plain()
                .chars()
                .map(move |c| Glyph { c, splits })
                .collect::<Vec<_>>()
        })
        .collect();
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in glyphs.chunk_by(|left, right| !may_break(left, right)) {
        let text: String = word.iter().map(|glyph| glyph.c).collect();
        let width = text.trim_end().chars().map(width_of).sum::<usize>();
        if used > 0 && used + width > columns {
            lines.push(String::new());
            used = 0;
        }
        used += text.chars().map(width_of).sum::<usize>();
        if let Some(line) = lines.last_mut() {
            line.push_str(&text);
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

fn may_break(left: &Glyph, right: &Glyph) -> bool {
    if left.c == ' ' {
        return left.splits;
    }
    let beside_chinese = (left.splits && is_wide(left.c)) || (right.splits && is_wide(right.c));
    beside_chinese && right.c != ' ' && !stays_behind(right.c) && !stays_before(left.c)
}

/// Punctuation that may not start a line.
fn stays_behind(c: char) -> bool {
    "，。、；：？！）」』》”".contains(c) || ",.;:?!)".contains(c)
}

/// Punctuation that may not end a line.
fn stays_before(c: char) -> bool {
    "（「『《“(".contains(c)
}

fn width_of(c: char) -> usize {
    match c {
        '\u{2068}' | '\u{2069}' => 0,
        c if is_wide(c) => 2,
        _ => 1,
    }
}

/// Whether a character takes two columns (Unicode Standard Annex 11, simplified).
fn is_wide(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}'
    )
}
