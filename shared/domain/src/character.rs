//! Invisible characters, and characters that have a narrow form.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

use crate::language::{Bilingual, Language, both};

/// A character that is refused, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CharacterAt {
    /// The character.
    pub character: char,
    /// Its position in the text as sent, counted in characters from 1.
    pub position: usize,
}

impl CharacterAt {
    /// The character's name and code point: `zero width space (U+200B)`.
    pub fn named(&self, language: Language) -> String {
        let code = format!("U+{:04X}", u32::from(self.character));
        let name = name(self.character).text(language);
        match language {
            Language::English => format!("{name} ({code})"),
            Language::TraditionalChinese => format!("{name}（{code}）"),
        }
    }
}

/// Finds the first character that has no appearance of its own (Unicode's `Default_Ignorable_Code_Point`).
pub fn first_invisible(text: &str) -> Option<CharacterAt> {
    first(text, is_invisible)
}

/// Finds the first invisible character in prose. A joiner or a variation selector may follow a character that it
/// shapes, as in names with rare ideographs. Marks that set the direction of text are left to the program that shows
/// it.
pub fn first_invisible_in_prose(text: &str) -> Option<CharacterAt> {
    let mut follows_visible = false;
    first(text, |c| {
        let shapes =
            matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
        let directs = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
        let is_refused = is_invisible(c) && !directs && !(shapes && follows_visible);
        follows_visible = !is_invisible(c) && !c.is_whitespace();
        is_refused
    })
}

/// Finds the first control character (Unicode's category Cc) that is not in `allowed`.
pub fn first_control(text: &str, allowed: &[char]) -> Option<CharacterAt> {
    first(text, |c| c.is_control() && !allowed.contains(&c))
}

/// Returns the text with full-width letters, digits and signs in their ASCII form.
pub fn narrow(text: &str) -> String {
    text.chars().map(narrowed).collect()
}

/// The ASCII form of a full-width letter, digit or sign; any other character as it is.
pub fn narrowed(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

fn is_invisible(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

fn first(text: &str, mut is_refused: impl FnMut(char) -> bool) -> Option<CharacterAt> {
    let at = text.chars().position(&mut is_refused)?;
    let character = text.chars().nth(at)?;
    Some(CharacterAt {
        character,
        position: at + 1,
    })
}

/// What people call an invisible character.
fn name(c: char) -> Bilingual {
    match c {
        '\0' => both("null character", "空字元"),
        '\t' => both("tab", "定位字元"),
        '\n' => both("line feed", "換行字元"),
        '\r' => both("carriage return", "歸位字元"),
        '\u{8}' => both("backspace", "退格字元"),
        '\u{b}' => both("vertical tab", "垂直定位字元"),
        '\u{c}' => both("form feed", "換頁字元"),
        '\u{1b}' => both("escape character", "跳脫字元"),
        '\u{7f}' => both("delete character", "刪除字元"),
        '\u{85}' => both("next line character", "下一行字元"),
        '\u{ad}' => both("soft hyphen", "軟連字號"),
        '\u{34f}' => both("combining grapheme joiner", "組合字形連接符"),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => both("Hangul filler", "韓文填充字元"),
        '\u{180b}'..='\u{180f}' => both("Mongolian variation selector", "蒙古文變體選擇符"),
        '\u{200b}' => both("zero width space", "零寬空格"),
        '\u{200c}' => both("zero width non-joiner", "零寬不連字"),
        '\u{200d}' => both("zero width joiner", "零寬連字"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' => both("text direction mark", "文字方向標記"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => both("text direction control", "文字方向控制符"),
        '\u{2060}' => both("word joiner", "詞連接符"),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => both("variation selector", "變體選擇符"),
        '\u{feff}' => both("zero width no-break space", "零寬不斷行空格"),
        c if c.is_control() => both("control character", "控制字元"),
        _ => both("invisible character", "不可見字元"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_found_with_their_place() {
        for c in [
            '\u{200b}', '\u{ad}', '\u{2060}', '\u{feff}', '\u{fe0f}', '\u{180b}', '\u{3164}',
        ] {
            let found = first_invisible(&format!("da{c}@bank.example"));
            let expected = CharacterAt {
                character: c,
                position: 3,
            };
            assert_eq!(found, Some(expected), "{c:?}");
            assert!(
                !expected.named(Language::English).starts_with("invisible"),
                "{c:?}"
            );
        }
        assert_eq!(first_invisible("da@例子.example 陳"), None);
    }

    #[test]
    fn a_variation_selector_may_shape_a_name_but_not_stand_alone() {
        assert_eq!(first_invisible_in_prose("葛\u{e0100}太太"), None);
        assert!(first_invisible_in_prose("\u{e0100}葛").is_some());
        assert!(first_invisible_in_prose("葛\u{200b}太太").is_some());
    }

    #[test]
    fn a_character_is_named_in_both_languages_with_its_code_point() {
        let at = |character| CharacterAt {
            character,
            position: 1,
        };
        assert_eq!(
            at('\u{200b}').named(Language::English),
            "zero width space (U+200B)"
        );
        assert_eq!(
            at('\u{1}').named(Language::TraditionalChinese),
            "控制字元（U+0001）"
        );
        assert_eq!(
            at('\u{e0041}').named(Language::English),
            "invisible character (U+E0041)"
        );
    }

    #[test]
    fn full_width_becomes_ascii() {
        assert_eq!(narrow("Ｂ０１２３４Ｘ１＠＋\u{3000}例。"), "B01234X1@+ 例。");
    }
}
