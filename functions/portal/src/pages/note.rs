//! Notes that a reader sees beside a value, as a page shows them.

use countersign_domain::field::Note;
use countersign_domain::language::Language;

/// A note beside a value.
pub(crate) struct NoteView {
    pub(crate) text: String,
    /// Whether it is to be looked at twice.
    pub(crate) is_caution: bool,
}

impl NoteView {
    pub(crate) fn all(notes: &[Note], language: Language) -> Vec<Self> {
        let view = |note: &Note| Self {
            text: note.text(language),
            is_caution: note.is_caution(),
        };
        notes.iter().map(view).collect()
    }
}
