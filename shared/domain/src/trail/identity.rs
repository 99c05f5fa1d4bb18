//! What identifies a person in what others wrote, so that erasing them finds it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::character;
use crate::eservice::EServiceId;
use crate::form::leaves;

/// The fewest digits that count as a telephone number.
const FEWEST_DIGITS: usize = 6;

/// A person's names, e-mail addresses and telephone numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Names and addresses, in lower case and with single blanks.
    words: BTreeSet<String>,
    /// Digits of telephone numbers.
    numbers: BTreeSet<String>,
}

impl Identity {
    /// Gathers names, addresses and telephone numbers; empty ones count for nothing.
    pub fn of<'a>(
        names_and_addresses: impl IntoIterator<Item = &'a str>,
        telephones: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let words = names_and_addresses.into_iter().map(fold);
        let numbers = telephones.into_iter().map(digits);
        Self {
            words: words.filter(|word| !word.is_empty()).collect(),
            numbers: numbers.filter(|number| number.len() >= FEWEST_DIGITS).collect(),
        }
    }

    /// Whether a text has one of the names or addresses as words of its own, or one of the numbers.
    pub fn is_in(&self, text: &str) -> bool {
        let folded = fold(text);
        self.words.iter().any(|word| has_word(&folded, word)) || self.has_number(&folded)
    }

    fn has_number(&self, text: &str) -> bool {
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '.');
        // A number may come with its area code or without.
        let has = |found: &str| {
            let shorter = |own: &String| own.ends_with(found) || found.ends_with(own.as_str());
            found.len() >= FEWEST_DIGITS && self.numbers.iter().any(shorter)
        };
        text.split(|c| !is_part(c)).map(digits).any(|found| has(&found))
    }

    /// The JSON pointers of the texts in an eService's form that identify the person.
    pub fn pointers(&self, eservice: EServiceId, form: &Json) -> BTreeSet<String> {
        let definition = eservice.definition();
        let texts = leaves(form).into_iter();
        texts
            .filter(|(pointer, value)| {
                let text = value.as_str().filter(|text| self.is_in(text));
                text.is_some() && definition.can_identify(pointer)
            })
            .map(|(pointer, _)| pointer)
            .collect()
    }
}

fn fold(text: &str) -> String {
    let folded = character::narrow(text).to_lowercase();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn digits(text: &str) -> String {
    character::narrow(text)
        .chars()
        .filter(char::is_ascii_digit)
        .collect()
}

/// Whether a text has a word that no letter or digit touches. Characters that are written without blanks, as in Chinese,
/// touch nothing.
fn has_word(text: &str, word: &str) -> bool {
    let touches = |c: char| c.is_alphanumeric() && !is_ideograph(c);
    text.match_indices(word).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + word.len()..]);
        let starts = word.chars().next().is_none_or(|first| !touches(first))
            || before.chars().next_back().is_none_or(|c| !touches(c));
        let ends = word.chars().next_back().is_none_or(|last| !touches(last))
            || after.chars().next().is_none_or(|c| !touches(c));
        starts && ends
    })
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wong() -> Identity {
        Identity::of(
            ["D Wong", "陳大文", "d.wong@abc.example", ""],
            ["+852 2979 7111", ""],
        )
    }

    #[test]
    fn a_person_is_found_by_name_address_or_number_however_it_is_written() {
        for text in [
            "D Wong",
            "d  WONG",
            "Ask Ｄ Wong, please.",
            "請找陳大文先生",
            "D.Wong@ABC.example",
            "<d.wong@abc.example>",
            "29797111",
            "Tel. (852) 2979-7111.",
        ] {
            assert!(wong().is_in(text), "{text}");
        }
    }

    #[test]
    fn nobody_else_is_taken_for_the_person() {
        for text in [
            "",
            "D Wongson",
            "Ed Wong",
            "ed.wong@abc.example",
            "29797112",
            "7111",
            "B01234X1",
        ] {
            assert!(!wong().is_in(text), "{text}");
        }
    }

    #[test]
    fn only_the_texts_of_a_form_that_identify_the_person_are_pointed_to() {
        // A User ID and a choice identify nobody, even if they read like the person's number or name.
        let form = json!({
            "maintenanceRequest": "D Wong", "changes": [{"userId": "29797111"}], "n": 29_797_111, "t": "29797111",
            "contacts": [{"name": "D Wong", "email": "a@abc.example"}],
        });
        let pointers = ["/contacts/0/name".to_owned(), "/t".to_owned()];
        assert_eq!(wong().pointers(EServiceId::Da3, &form), pointers.into());
    }
}
