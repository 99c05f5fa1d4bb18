//! No text that is made from a letter alone changes anything, however a mail program quotes, wraps, marks up and encodes it.
//!
//! Each case takes a letter with what a maker may have typed into it, shows it as text or HTML, cuts pieces out, wraps and
//! marks them, and puts a lead-in of some program above or none. No line is the person's own. The reader has to find nothing
//! in it: not by its knowledge of quotes, which a case can take away, but because no letter holds a command.
//!
//! `COUNTERSIGN_CASES=1000000 cargo test -p notify quoted` runs as many cases.

use std::cell::OnceCell;
use std::fmt::Write as _;
use std::thread;

use countersign_domain::language::Language;
use countersign_reply::{ReplyCommand, read};

use super::hostile;
use crate::letter::Letter;

use self::dice::Dice;
use self::shown::STYLES;

mod dice;
mod quote;
mod shown;
mod wire;

/// The first case's seed; each further case has the next.
const SEED: u64 = 20_230_207;
/// How many cases run unless the environment says otherwise.
const CASES: u64 = 20_000;
/// How many cases have the same words typed into their letters.
const CASES_OF_WORDS: u64 = 5_000;

/// What a maker types so that a quote might say it.
const TYPED: [&str; 17] = [
    "Please check this before noon.",
    "CONFIRM DA3_00013361",
    "RETURN DA3_00013361 the address is wrong",
    "Please check row 3.\nCONFIRM DA3_00013361\n-- \nThank you",
    "Once it is in order:\n\nconfirm da3_00013361.\n\nor\n\nreturn da3_00013361: no",
    "CONFIRM",
    "return",
    "DA3_00013361",
    "DA3_00013361 is wrong",
    "CONFIRM\u{a0}DA3_00013361\tCONFIRM\tDA3_00013361",
    "CON\u{ad}FIRM DA3_\u{200b}00013361 C\u{2060}ONFIRM\u{200d} DA3_00013361",
    "ＣＯＮＦＩＲＭ　ＤＡ３＿０００１３３６１",
    "*CONFIRM* *DA3_00013361* _RETURN_ _DA3_00013361_ no",
    "請於今天中午之前核對本申請內第三行的電郵地址以及聯絡人之電話號碼並CONFIRM\u{a0}DA3_00013361",
    "On Monday, D Wong wrote:\n> x\n\nCONFIRM DA3_00013361",
    "-----Original Message-----\nFrom: x\nSent: y\nTo: z\n\nCONFIRM DA3_00013361",
    "</div></blockquote><p>CONFIRM DA3_00013361</p>\rCONFIRM DA3_00013361\u{2028}CONFIRM DA3_00013361",
];

/// What such words are put together from.
const PIECES: [&str; 30] = [
    "CONFIRM",
    "CONFIRM",
    "confirm",
    "RETURN",
    "RETURN",
    "return",
    "DA3_00013361",
    "DA3_00013361",
    "da3_00013361",
    "SCARD1_00000001",
    " ",
    " ",
    " ",
    "\n",
    "\n",
    "\u{a0}",
    "\t",
    "\u{200b}",
    "\u{ad}",
    "*",
    "> ",
    ":",
    ".",
    "“",
    "-- ",
    "x",
    "核對",
    "ש",
    "On Monday, D Wong wrote:",
    "[request]",
];

/// A letter and the ways in which programs show it.
struct Page {
    text: Vec<String>,
    html: String,
    shown: [OnceCell<Vec<String>>; STYLES.len()],
}

impl Page {
    fn of(letter: Letter) -> Self {
        Self {
            text: letter.text.lines().map(str::to_owned).collect(),
            html: letter.html,
            shown: std::array::from_fn(|_| OnceCell::new()),
        }
    }

    /// Its lines in the text part, or as some program shows its HTML.
    fn lines(&self, dice: &mut Dice) -> &[String] {
        match dice.below(STYLES.len() + 2) {
            at if at < STYLES.len() => self.shown[at].get_or_init(|| shown::lines(&self.html, &STYLES[at])),
            _ => &self.text,
        }
    }
}

/// The letters with these words in them.
fn pages(words: &str) -> Vec<Page> {
    hostile::letters(words).into_iter().map(Page::of).collect()
}

fn words(number: u64) -> String {
    let fixed = usize::try_from(number).ok().and_then(|at| TYPED.get(at));
    fixed.map_or_else(
        || {
            let mut dice = Dice::new(SEED ^ number);
            (0..dice.between(2, 14)).map(|_| *dice.pick(&PIECES)).collect()
        },
        |words| (*words).to_owned(),
    )
}

/// The message of a case.
fn message(pages: &[Page], dice: &mut Dice) -> Vec<u8> {
    let page = dice.pick(pages);
    let quoted = |dice: &mut Dice| quote::quoted(page.lines(dice), dice);
    match dice.below(10) {
        0..4 => {
            let lines = quoted(dice);
            wire::plain(&lines, dice)
        }
        4..6 => {
            let lines = quoted(dice);
            wire::html(&quote::marked_up(&lines, dice), dice)
        }
        6..7 => wire::html(&quote::html(&page.html, dice), dice),
        7..8 => {
            let lines = quoted(dice);
            wire::both(&lines, &quote::marked_up(&lines, dice), dice)
        }
        8..9 => {
            let lines = quoted(dice);
            wire::both(&lines, &quote::html(&page.html, dice), dice)
        }
        _ => {
            let (plain, html) = (quoted(dice), quoted(dice));
            wire::both(&plain, &quote::marked_up(&html, dice), dice)
        }
    }
}

fn says_something(raw: &[u8]) -> bool {
    read(raw).is_ok_and(|message| message.command != ReplyCommand::Nothing)
}

/// Runs cases on as many threads as there are processors, and tells of those that say something.
fn failures(cases: u64) -> Vec<String> {
    let batch = CASES_OF_WORDS.min(cases.div_ceil(TYPED.len() as u64));
    let batches = cases.div_ceil(batch);
    let threads = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let run = |thread: u64| {
        let mut failures = Vec::new();
        for number in (thread..batches).step_by(usize::try_from(threads).unwrap()) {
            let words = words(number);
            let pages = pages(&words);
            for case in (number * batch..cases).take(usize::try_from(batch).unwrap()) {
                let raw = message(&pages, &mut Dice::new(SEED + case));
                if says_something(&raw) {
                    failures.push(format!(
                        "case {case}, typed {words:?}:\n{}\n",
                        String::from_utf8_lossy(&raw)
                    ));
                }
            }
        }
        failures
    };
    thread::scope(|scope| {
        let run = &run;
        let running: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || run(thread)))
            .collect();
        running
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn a_text_made_from_a_letter_alone_changes_nothing() {
    let cases = std::env::var("COUNTERSIGN_CASES").map_or(CASES, |cases| cases.parse().unwrap());
    let failures = failures(cases);
    let mut first = String::new();
    for failure in failures.iter().take(5) {
        writeln!(first, "{failure}").unwrap();
    }
    assert!(
        failures.is_empty(),
        "{} of {cases} cases say something, seed {SEED}:\n{first}",
        failures.len()
    );
}

/// The cases are those in which a command is found if there is one.
#[test]
fn a_letter_with_a_command_would_be_found_out() {
    let letter = Letter {
        subject: String::new(),
        text: "It waits for you.\nCONFIRM DA3_00013361\nThank you.\n".to_owned(),
        html: "<p>It waits for you.</p><p>CONFIRM <b>DA3_00013361</b></p><p>Thank you.</p>".to_owned(),
        file: None,
    };
    let pages = [Page::of(letter)];
    let found = (0..2_000).filter(|&case| says_something(&message(&pages, &mut Dice::new(SEED + case))));
    let found = found.count();
    assert!(found > 20, "{found}");
}

#[test]
fn every_letter_to_a_checker_is_among_those_that_are_quoted() {
    let pages = pages("x");
    for language in Language::ALL {
        for (name, letter) in super::reply::letters(language) {
            let first = letter.text.lines().next().unwrap();
            assert!(pages.iter().any(|page| page.text[0] == first), "{name}");
        }
    }
}
