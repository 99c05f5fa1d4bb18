//! What somebody types to make a letter say something that we don't.

use countersign_domain::approval::Declined;
use countersign_domain::character::first_invisible_in_prose;
use countersign_domain::language::Language;
use countersign_domain::request::{State, StateName};
use countersign_domain::workflow::{Action, Audience, Party, Row};
use serde_json::json;

use super::fixture::{REPLY_ADDRESS, Scene, form_of, guideline_form, row, told};
use crate::letter::text::MAX_OCTETS;
use crate::letter::{Letter, write};
use crate::news::What;

/// Characters that reorder text, wherever they stand.
const DIRECTING: [char; 12] = [
    '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{206a}', '\u{206f}',
];

const MARKUP: &str =
    "<script>alert(1)</script><img src=x onerror=\"x\"> & 'q' \"q\" </td></table><style>*{}</style>";
const HEADERS: &str =
    "A\r\nBcc: thief@evil.example\r\n\r\nDear D Wong,\nthis was checked. {maker} {nonsense}";
const OVERRIDES: &str =
    "\u{202e}moc.live\u{202c} \u{2067}\u{2066}\u{200f}\u{61c}\u{206a}x\u{2028}y\u{85}z\u{0}\u{1b}[2J";
const HEBREW: &str = "שלום 07-Feb-2023";

/// The guideline's scene with the same words wherever somebody can type some.
fn scene(row: &Row, words: &str) -> Scene {
    with_words(Scene::of(row), words)
}

fn with_words(mut scene: Scene, words: &str) -> Scene {
    let in_a_form = |text: &str, most: usize| -> String {
        let is_refused = |c: char| first_invisible_in_prose(&c.to_string()).is_some();
        let kept = text
            .chars()
            .filter(|&c| !(c.is_control() || is_refused(c)) || c == '\n');
        kept.take(most).collect()
    };
    let mut draft = guideline_form();
    draft["remarks"] = in_a_form(words, 2_000).into();
    let name = in_a_form(&words.replace('\n', " "), 100);
    draft["contacts"][0]["name"] = if name.trim().is_empty() {
        "AAA".into()
    } else {
        name.into()
    };
    draft["changes"] = json!([
        {"userId": "B01234X1", "email": "o'neill+{}`&|@bank.example"},
        {"userId": "B01234X2", "email": "da@例子.example"},
    ]);
    scene.form = form_of(&draft);
    scene.step.message = Some(words.to_owned());
    scene.step.actor.name = words.to_owned();
    scene.head.maker.name = words.to_owned();
    scene.head.company_name = words.to_owned();
    if let State::Claimed { holder, .. } = &mut scene.head.state {
        holder.by.name = words.to_owned();
    }
    scene
}

/// Every letter about a step or a reply, with the same words wherever somebody can type some.
pub(super) fn letters(words: &str) -> Vec<Letter> {
    let steps = told().map(|(row, audience)| (scene(row, words), audience, What::Step));
    let declined = Declined::ALL.map(|why| {
        let scene = with_words(Scene::of_declined(why), words);
        (scene, Audience::Checker, What::Declined(why))
    });
    let all = steps.chain(declined);
    all.flat_map(|(scene, audience, what)| {
        Language::ALL.map(|language| {
            let mut to = scene.recipient(audience, language);
            to.name = Some(words.to_owned());
            to.reply_address = Some(REPLY_ADDRESS.to_owned());
            write(&scene.news(what), &to).unwrap()
        })
    })
    .collect()
}

fn long_words() -> [String; 4] {
    [
        "W".repeat(2_000),
        "陳".repeat(2_000),
        "ש".repeat(2_000),
        "\n".repeat(1_000) + &"a\n".repeat(500),
    ]
}

#[test]
fn a_subject_holds_nothing_that_somebody_typed() {
    for (row, audience) in told() {
        for language in Language::ALL {
            let plain = Scene::of(row).letter(audience, language).subject;
            for words in [MARKUP, HEADERS, OVERRIDES, HEBREW] {
                let subject = scene(row, words).letter(audience, language).subject;
                assert_eq!(subject, plain);
                assert!(!subject.chars().any(char::is_control) && subject.len() < 100);
            }
        }
    }
}

/// Kept to be looked at: words without end, markup and what runs from right to left, in every place at once.
#[test]
fn a_letter_full_of_hostile_words_is_as_it_is_kept() {
    let submit = row(StateName::Draft, Action::Submit, Party::ItsMaker);
    let words = format!("{MARKUP}\n{HEBREW} {OVERRIDES}\n{}", "W".repeat(300));
    for language in Language::ALL {
        let letter = scene(submit, &words).letter(Audience::Checkers, language);
        super::assert_kept("submit-with-hostile-words", language, &letter);
    }
}

#[test]
fn markup_is_shown_and_never_taken_as_markup() {
    for letter in letters(MARKUP) {
        assert!(!letter.html.contains("<script") && !letter.html.contains("<img"));
        assert!(!letter.html.contains("onerror=\"") && !letter.html.contains("<style>*"));
        assert_eq!(letter.html.matches("<style>").count(), 2);
        assert!(letter.html.contains("&#60;script&#62;"), "{}", letter.html);
    }
}

/// Tags that are opened are closed, whatever was typed.
#[test]
fn the_document_stays_whole() {
    for words in [MARKUP, HEADERS, OVERRIDES, HEBREW] {
        for letter in letters(words) {
            for tag in [
                "html", "head", "body", "table", "tr", "td", "th", "p", "bdi", "div", "ol", "li", "a", "h1",
                "code", "strong",
            ] {
                let html = &letter.html;
                let open =
                    html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
                assert_eq!(open, html.matches(&format!("</{tag}>")).count(), "{tag}");
            }
        }
    }
}

#[test]
fn typed_line_ends_start_no_line_of_ours() {
    for letter in letters(HEADERS) {
        for line in letter.text.lines() {
            assert!(
                !line.starts_with("Bcc:") && !line.starts_with("this was checked"),
                "{line}"
            );
        }
        assert!(!letter.text.contains('\r') && !letter.html.contains('\r'));
    }
    let submit = row(StateName::Draft, Action::Submit, Party::ItsMaker);
    let text = scene(submit, HEADERS)
        .letter(Audience::Checkers, Language::English)
        .text;
    assert!(text.contains("> A\n> Bcc: thief@evil.example\n>\n> Dear D Wong,\n> this was checked."));
}

#[test]
fn slots_that_somebody_typed_stay_as_typed() {
    let submit = row(StateName::Draft, Action::Submit, Party::ItsMaker);
    let text = scene(submit, HEADERS)
        .letter(Audience::Checkers, Language::English)
        .text;
    assert!(text.contains("{maker} {nonsense}"));
}

#[test]
fn no_typed_character_reorders_our_words() {
    for letter in letters(OVERRIDES) {
        for part in [&letter.text, &letter.html] {
            assert!(!part.contains(DIRECTING), "{part:?}");
            assert!(!part.contains(['\u{2028}', '\u{85}']));
            assert!(!part.chars().any(|c| c.is_control() && c != '\n'), "{part:?}");
        }
    }
    for letter in letters(HEBREW) {
        let isolated = letter.text.matches(HEBREW).count();
        // The name of one of two namesakes goes on with a mark of its own.
        let starts = letter.text.matches(&format!("\u{2068}{HEBREW}")).count();
        let ends = letter.text.matches('\u{2069}').count();
        assert!(starts == isolated && ends >= starts, "{}", letter.text);
        assert!(isolated > 0);
        let body = letter.html.split_once("<h1").unwrap().1;
        let marked =
            ["<bdi>", "<div dir=\"auto\">"].map(|tag| body.matches(&format!("{tag}{HEBREW}")).count());
        assert_eq!(body.matches(HEBREW).count(), marked.iter().sum::<usize>());
    }
}

#[test]
fn no_line_of_text_is_longer_than_mail_allows() {
    for words in long_words()
        .iter()
        .map(String::as_str)
        .chain([MARKUP, HEADERS, OVERRIDES, HEBREW])
    {
        for letter in letters(words) {
            let longest = letter.text.lines().map(str::len).max();
            assert!(longest <= Some(MAX_OCTETS), "{longest:?}");
        }
    }
}

#[test]
fn a_word_without_end_is_kept_whole_where_it_was_written() {
    let submit = row(StateName::Draft, Action::Submit, Party::ItsMaker);
    for words in &long_words()[..3] {
        let letter = scene(submit, words).letter(Audience::Checkers, Language::English);
        assert!(letter.html.contains(words.as_str()));
        let quoted = letter.text.lines().filter_map(|line| line.strip_prefix("> "));
        let together: String = quoted
            .flat_map(str::chars)
            .filter(|c| !"\u{2068}\u{2069}".contains(*c))
            .collect();
        assert!(together.starts_with(words.as_str()));
    }
}

#[test]
fn empty_lines_push_nothing_out_of_sight() {
    let submit = row(StateName::Draft, Action::Submit, Party::ItsMaker);
    let words = format!("a{}b", "\n".repeat(1_900));
    let letter = scene(submit, &words).letter(Audience::Checkers, Language::English);
    assert!(letter.text.contains("> a\n>\n> b\n"));
    assert!(letter.html.len() < 20_000);
}

#[test]
fn an_international_domain_is_shown_with_what_goes_on_the_wire() {
    let submit = row(StateName::Draft, Action::Submit, Party::ItsMaker);
    let letter = scene(submit, "x").letter(Audience::Checkers, Language::English);
    let shown = "da@例子.example (da@xn--fsqu00a.example)";
    assert!(letter.text.contains(&format!("B01234X2: {shown}")));
    assert!(letter.html.contains(&format!("<bdi>{shown}</bdi>")));
}
