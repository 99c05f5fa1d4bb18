//! The header of a quoted message without marks, as Outlook and Notes show it: "From: …", "Sent: …", "To: …".

use super::glyph::{is_blank, simplified};
use super::line::{Line, Place, start_of};
use super::quoting::{Field, QUOTING};

/// How many lines of a header are looked at: a list of recipients may fill several.
const MAX_LINES: usize = 8;

/// Whether the header of a quoted message starts here.
pub(super) fn starts(lines: &[Line], at: usize) -> bool {
    let Some(first) = lines.get(at).and_then(Labelled::of) else {
        return false;
    };
    let mut languages = first.fields.iter().map(|&(language, _)| language);
    let block: Vec<Labelled> = lines[at..]
        .iter()
        .take(MAX_LINES)
        .take_while(|line| line.place == Place::Own && !line.is_blank())
        .filter_map(Labelled::of)
        .collect();
    languages.any(|language| is_header(&block, language))
}

/// Whether labels of one language make a header: From and two more. People write "From: … To: …", too.
fn is_header(block: &[Labelled], language: usize) -> bool {
    let has = |field| {
        block
            .iter()
            .any(|labelled| labelled.fields.contains(&(language, field)))
    };
    let more = [
        has(Field::Sent) || has(Field::Date),
        has(Field::To),
        has(Field::Subject),
    ];
    has(Field::From) && more.into_iter().filter(|&has| has).count() >= 2
}

/// A line that starts with a label.
struct Labelled {
    /// What the label stands for, language by language.
    fields: &'static [(usize, Field)],
}

impl Labelled {
    fn of(line: &Line) -> Option<Self> {
        let text = start_of(&line.text).trim_matches(|c| is_blank(c) || matches!(c, '*' | '_'));
        let (label, _) = text.split_once([':', '：'])?;
        let label = simplified(label.trim_matches(|c| is_blank(c) || matches!(c, '*' | '_')));
        let fields = QUOTING.label(&label);
        (!fields.is_empty()).then_some(Self { fields })
    }
}
