//! One e-mail address.

use serde_json::{Value as Json, json};

use super::{Context, Kind, Note, Stage, plain_line, text_schema};
use crate::contact::EmailAddress;
use crate::fault::FaultKind;
use crate::id::ParticipantId;

/// One e-mail address, stored with its domain in the canonical form of UTS 46.
#[derive(Debug)]
pub struct Email;

impl Kind for Email {
    fn read(&self, sent: &Json, _context: &Context<'_>) -> Result<Json, FaultKind> {
        let typed = plain_line(sent)?;
        if typed.is_empty() {
            return Ok(json!(""));
        }
        EmailAddress::parse(&typed).map(|address| json!(address.as_str()))
    }

    fn key(&self, value: &Json) -> String {
        let text = super::text_of(value);
        EmailAddress::parse(&text).map_or(text, |address| address.folded())
    }

    fn notes(&self, value: &Json) -> Vec<Note> {
        let Ok(address) = EmailAddress::parse(&super::text_of(value)) else {
            return Vec::new();
        };
        let ascii = address
            .other_form()
            .map(|ascii| Note::AsciiForm(ascii.to_owned()));
        ascii
            .into_iter()
            .chain(address.caution().map(Note::Caution))
            .collect()
    }

    fn schema(&self, stage: Stage, _user_id_suffix: &str) -> Json {
        let most = EmailAddress::MAX_OCTETS;
        let schema = match stage {
            Stage::Sent => json!({
                "description": "One address: a dot-atom at an ASCII or internationalised domain.",
                "format": "idn-email",
                "maxLength": most,
            }),
            // No format, because it is empty until it is filled in.
            Stage::Kept => json!({
                "description": "One address, its domain in the canonical form of UTS 46.",
                "maxLength": most,
            }),
        };
        text_schema(stage, schema)
    }

    fn example(&self, _participant: &ParticipantId, n: usize) -> Json {
        json!(format!("person{n}@bank.example"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::character::CharacterAt;
    use crate::contact::Caution;
    use crate::field::testing::read;

    #[test]
    fn an_invisible_character_anywhere_is_refused_by_name_and_place() {
        for c in [
            '\u{200b}', '\u{ad}', '\u{2060}', '\u{feff}', '\u{fe0f}', '\u{180b}', '\u{3164}',
        ] {
            for (text, position) in [
                (format!("{c}da@bank.example"), 1),
                (format!(" da@b{c}ank.example"), 6),
                (format!("da@bank.example{c}"), 16),
            ] {
                let at = CharacterAt {
                    character: c,
                    position,
                };
                assert_eq!(
                    read(&Email, &json!(text)),
                    Err(FaultKind::Character(at)),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn an_address_that_is_not_ascii_has_its_ascii_form_beside_it() {
        assert_eq!(
            Email.notes(&json!("da@例子.example")),
            [Note::AsciiForm("da@xn--fsqu00a.example".into())]
        );
        assert_eq!(Email.notes(&json!("ABC@bank.com.hk")), []);
        let notes = Email.notes(&json!("da@b\u{430}nk.example"));
        assert!(notes.contains(&Note::Caution(Caution::MixedScripts)), "{notes:?}");
    }

    #[test]
    fn full_width_is_kept_in_its_canonical_form() {
        for typed in ["da@ｂａｎｋ.example", "da@bank。example", " ｄａ＠BANK.example "] {
            assert_eq!(
                read(&Email, &json!(typed)),
                Ok(json!("da@bank.example")),
                "{typed}"
            );
        }
    }

    #[test]
    fn addresses_that_one_mailbox_has_are_the_same() {
        assert_eq!(
            Email.key(&json!("DA@bank.example")),
            Email.key(&json!("da@BANK.example"))
        );
    }
}
