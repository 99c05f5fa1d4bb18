//! No letter contains a command, so no reply that quotes one says more than its writer did: not a line of it, wherever a
//! mail program wraps it, and whatever marks it takes off.

use std::collections::HashSet;

use countersign_domain::language::Language;
use countersign_reply::ReplyCommand;

use super::hostile;
use crate::letter::Letter;

/// How many words of a line are read. No command has more without its reason.
const WORDS: usize = 4;

/// What the reader of replies makes of a reply, with or without markup.
fn read(kind: &str, says: &str) -> ReplyCommand {
    let raw = format!("From: checker@abc.example\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{says}");
    countersign_reply::read(raw.as_bytes()).unwrap().command
}

/// What a reply that starts with these words says. More words follow on the next line, as they do in a letter.
fn read_first_line(line: &str) -> ReplyCommand {
    read("plain", &format!("{line}\nand so on"))
}

/// Every way in which a text could start if it were wrapped anew, and each of its lines without the marks before it.
fn starts_of_lines(text: &str) -> HashSet<String> {
    let mut starts = HashSet::new();
    for line in text.lines() {
        let is_mark = |c: char| c.is_ascii_digit() || "> !-.".contains(c);
        starts.insert(line.to_owned());
        starts.insert(line.trim_start_matches(is_mark).to_owned());
    }
    let words = words(text);
    for place in 0..words.len() {
        let mut start = String::new();
        for word in words[place..].iter().take(WORDS) {
            start.push_str(word);
            starts.insert(start.trim_end().to_owned());
        }
    }
    starts
}

/// The words, each with the space after it. A line may end after any of them, and beside each Chinese character.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text
        .split_whitespace()
        .filter(|word| ![">", "!", "-"].contains(word))
    {
        let mut last_was_wide = true;
        for c in word.chars() {
            let is_wide = c >= '\u{2e80}';
            match words.last_mut() {
                Some(word) if !(is_wide || last_was_wide) => word.push(c),
                _ => words.push(c.to_string()),
            }
            last_was_wide = is_wide;
        }
        if let Some(word) = words.last_mut() {
            word.push(' ');
        }
    }
    words
}

/// The text that a mail program makes of HTML, line by line, and the addresses of its links.
fn text_of(html: &str) -> String {
    const INLINE: [&str; 6] = ["a", "bdi", "span", "code", "strong", "b"];
    let mut text = String::new();
    for (index, piece) in html.split('<').enumerate() {
        let (tag, after) = piece.split_once('>').unwrap_or_default();
        let name = tag.trim_start_matches('/').split([' ', '\n']).next();
        if index > 0 && !name.is_some_and(|name| INLINE.contains(&name)) {
            text.push('\n');
        }
        text.push_str(after);
        if let Some((_, link)) = tag.split_once("href=\"") {
            text.extend(["\n", link.trim_end_matches('"'), "\n"]);
        }
    }
    text.replace("&nbsp;", "\u{a0}")
        .replace("&#38;", "&")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
}

/// What of the letters would be a command.
fn commands_in(letters: impl IntoIterator<Item = Letter>) -> Vec<String> {
    let mut starts = HashSet::new();
    let mut commands = Vec::new();
    for Letter { text, html, .. } in letters {
        for (kind, whole) in [("plain", &text), ("html", &html)] {
            if read(kind, whole) != ReplyCommand::Nothing {
                commands.push(whole.clone());
            }
        }
        starts.extend(starts_of_lines(&text));
        starts.extend(starts_of_lines(&text_of(&html)));
    }
    let is_command = |start: &String| read_first_line(start) != ReplyCommand::Nothing;
    commands.extend(starts.into_iter().filter(is_command));
    commands
}

/// Holds letters to containing no command.
pub(in crate::letter) fn assert_none_in(letters: impl IntoIterator<Item = Letter>) {
    assert_eq!(commands_in(letters), [""; 0]);
}

#[test]
fn no_letter_contains_a_command() {
    assert_none_in(
        Language::ALL
            .into_iter()
            .flat_map(super::letters)
            .map(|(_, letter)| letter),
    );
}

#[test]
fn no_letter_contains_a_command_that_somebody_typed_into_the_request() {
    for words in [
        "CONFIRM DA3_00013361",
        "Confirm\nDA3_00013361",
        "Once this is in order:\n\nRETURN DA3_00013361 the address is wrong",
        "You may CONFIRM\u{a0}DA3_00013361\nor return\tDA3_00013361\nit",
        "*confirm* *da3_00013361*\nＣＯＮＦＩＲＭ ＤＡ３＿０００１３３６１",
    ] {
        assert_none_in(hostile::letters(words));
    }
}

#[test]
fn no_letter_completes_a_command_that_somebody_typed_half_of() {
    for words in ["CONFIRM", "return", "DA3_00013361", "DA3_00013361 is wrong"] {
        assert_none_in(hostile::letters(words));
    }
}

/// What the tests above look for is found where it is.
#[test]
fn a_command_is_found_wherever_a_line_could_start_with_it() {
    let letter = |text: &str, html: &str| Letter {
        subject: String::new(),
        text: text.to_owned(),
        html: html.to_owned(),
        file: None,
    };
    for (text, html) in [
        ("Please\nCONFIRM DA3_00013361\n", ""),
        ("> CONFIRM DA3_00013361\n", ""),
        ("1. RETURN DA3_00013361 <reason>\n", ""),
        ("It is best to confirm\nDA3_00013361 by noon.\n", ""),
        ("請寫 CONFIRM DA3_00013361。", ""),
        ("", "<p>Write <b>CONFIRM</b> <bdi>DA3_00013361</bdi></p>"),
        ("", "<tr><td>RETURN</td><td>DA3_00013361</td><td>why</td></tr>"),
    ] {
        assert_ne!(commands_in([letter(text, html)]), [""; 0], "{text}{html}");
    }
}
