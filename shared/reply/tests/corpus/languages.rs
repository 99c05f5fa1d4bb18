//! What mail programs write in thirty languages, and what people say in them.
//!
//! The data are this test's own, collected from what the programs write. The reader has data of its own; this is a second
//! opinion.

use std::collections::BTreeMap;

const LABELS: &str = include_str!("labels.tsv");
const SIGNATURES: &str = include_str!("signatures.tsv");
const WORDS: &str = include_str!("words.tsv");
const LEAD_INS: &str = include_str!("lead-ins.txt");

pub(crate) const LANGUAGES: usize = 30;

/// How a language is written by programs and people.
pub(crate) struct Language {
    /// Its code and the number of its writing, for people: programs and their versions translate differently.
    pub(crate) name: String,
    pub(crate) code: &'static str,
    pub(crate) labels: Labels,
    pub(crate) signatures: Signatures,
    pub(crate) words: Words,
    /// By the program's name.
    lead_ins: BTreeMap<&'static str, &'static str>,
}

/// The header of a quoted message, as it is shown above it.
pub(crate) struct Labels {
    /// The character set that a program of the time before UTF-8 takes.
    pub(crate) charset: &'static str,
    pub(crate) from: &'static str,
    pub(crate) sent: &'static str,
    pub(crate) date: &'static str,
    pub(crate) to: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) colon: &'static str,
    pub(crate) when: &'static str,
    /// What is put before the subject of a reply.
    pub(crate) reply: &'static str,
}

/// What telephones write under a message.
pub(crate) struct Signatures {
    pub(crate) iphone: &'static str,
    pub(crate) outlook: &'static str,
    pub(crate) samsung: &'static str,
    /// What the rule above a quote says.
    pub(crate) original: &'static str,
}

/// What a checker says.
pub(crate) struct Words {
    pub(crate) reason: &'static str,
    pub(crate) under: &'static str,
    /// Ends in a colon.
    pub(crate) objection: &'static str,
    pub(crate) question: &'static str,
}

impl Language {
    /// What a program writes above a quote of a message by someone.
    pub(crate) fn lead_in(&self, program: &str, name: &str, address: &str) -> String {
        let (key, zone) = match program {
            "proton" => ("yahoo", ""),
            "yahoo" => ("yahoo", ":00 GMT+8"),
            other => (other, ""),
        };
        self.lead_ins[key]
            .replace("{who}", &format!("{name} <{address}>"))
            .replace("{name}", name)
            .replace("{z}", zone)
    }

    pub(crate) fn is_chinese(&self) -> bool {
        self.code.starts_with("zh")
    }
}

/// The thirty languages, each in two writings.
pub(crate) fn all() -> Vec<Language> {
    let words: BTreeMap<_, _> = rows::<5>(WORDS).map(|row| (row[0], row)).collect();
    let lead_ins = lead_ins();
    let languages = rows::<10>(LABELS).zip(rows::<5>(SIGNATURES)).enumerate().map(
        |(at, ([code, charset, from, sent, date, to, subject, colon, when, reply], signatures))| {
            let [of, iphone, outlook, samsung, original] = signatures;
            assert_eq!(code, of, "the tables are in one order");
            let [_, reason, under, objection, question] = words[code];
            Language {
                name: format!("{code} {}", at / LANGUAGES + 1),
                code,
                labels: Labels {
                    charset,
                    from,
                    sent,
                    date,
                    to,
                    subject,
                    colon,
                    when,
                    reply,
                },
                signatures: Signatures {
                    iphone,
                    outlook,
                    samsung,
                    original,
                },
                words: Words {
                    reason,
                    under,
                    objection,
                    question,
                },
                lead_ins: lead_ins[code].clone(),
            }
        },
    );
    languages.collect()
}

/// The rows of a table, in columns.
fn rows<const COLUMNS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| row.split('|').collect::<Vec<_>>().try_into().unwrap())
}

fn lead_ins() -> BTreeMap<&'static str, BTreeMap<&'static str, &'static str>> {
    let mut all: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    let mut code = "";
    for line in LEAD_INS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        if let Some(rest) = line.strip_prefix('[') {
            code = rest.trim_end_matches(']');
        } else {
            let (program, lead_in) = line.split_once(" = ").unwrap();
            all.entry(code).or_default().insert(program, lead_in);
        }
    }
    all
}
