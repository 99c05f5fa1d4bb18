//! What the template of a form is given: sections, fields, controls and rows, as they are shown.

use super::note::NoteView;

/// A section with what it asks for.
pub(crate) struct SectionView {
    pub(crate) title: &'static str,
    pub(crate) fields: Vec<FieldView>,
}

/// A field.
pub(crate) struct FieldView {
    pub(crate) name: &'static str,
    /// The heading of rows. A single value has its label with its control.
    pub(crate) heading: Option<&'static str>,
    pub(crate) help: Option<&'static str>,
    pub(crate) error: Option<String>,
    /// Whether it asks for User IDs that the User Profile Listing has.
    pub(crate) asks_the_register: bool,
    /// Whether a choice of the form leaves it out.
    pub(crate) is_hidden: bool,
    /// The choice that it depends on, with the values that show it.
    pub(crate) depends: Option<(&'static str, String)>,
    pub(crate) content: FieldContent,
}

pub(crate) enum FieldContent {
    Value(Control),
    Declaration {
        text: &'static str,
        confirmation: &'static str,
        is_ticked: bool,
    },
    Rows(RowsView),
}

/// What one value is filled into.
pub(crate) struct Control {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) label: &'static str,
    /// Whether it is a field of its own, and not in a row.
    pub(crate) is_field: bool,
    /// Whether it is the first thing that is left to fill in, and so where the typing starts.
    pub(crate) is_first: bool,
    pub(crate) hint: Option<String>,
    /// Notes about the value.
    pub(crate) notes: Vec<NoteView>,
    pub(crate) error: Option<String>,
    pub(crate) value: String,
    /// How many characters it takes, as a number and in words.
    pub(crate) limit: Option<(usize, String)>,
    pub(crate) kind: ControlKind,
}

pub(crate) enum ControlKind {
    /// Options, and whether choosing one shows other fields.
    Select(Vec<OptionView>, bool),
    /// The people of the company, and the button that fills in the access of one.
    People(Vec<PersonView>, Option<FillInView>),
    /// One line, and which keyboard a touch screen shows for it.
    Line(&'static str),
    /// One line, with the register's User IDs to pick from.
    Administrator,
    /// Several lines.
    Lines,
}

pub(crate) struct OptionView {
    pub(crate) value: &'static str,
    pub(crate) label: &'static str,
    pub(crate) is_chosen: bool,
}

/// The button that fills in the access of the person who is chosen.
pub(crate) struct FillInView {
    /// The choice that it depends on, with the value that shows it.
    pub(crate) depends: (&'static str, &'static str),
    pub(crate) is_hidden: bool,
}

/// A person to choose. Names are texts that people typed.
pub(crate) struct PersonView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) is_chosen: bool,
}

/// Rows that can be added to.
pub(crate) struct RowsView {
    pub(crate) name: &'static str,
    pub(crate) legend: &'static str,
    pub(crate) add: &'static str,
    pub(crate) most: usize,
    pub(crate) entries: Vec<RowView>,
    /// The template that a script copies for a new row.
    pub(crate) blank: RowView,
    pub(crate) import: Option<ImportView>,
}

pub(crate) struct RowView {
    pub(crate) index: usize,
    pub(crate) number: usize,
    pub(crate) cells: Vec<Control>,
}

impl RowView {
    pub(crate) fn has_error(&self) -> bool {
        self.cells.iter().any(|cell| cell.error.is_some())
    }
}

/// Where lines are pasted or uploaded.
pub(crate) struct ImportView {
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) lines: String,
    /// The lines of a file that was chosen.
    pub(crate) filed: String,
    pub(crate) errors: Vec<String>,
    pub(crate) left_out: Option<String>,
}

impl ImportView {
    pub(crate) fn is_open(&self) -> bool {
        !self.errors.is_empty() || !self.lines.is_empty() || !self.filed.is_empty()
    }
}

impl SectionView {
    /// The first empty cell of the section's rows.
    pub(crate) fn first_empty_cell(&mut self) -> Option<&mut Control> {
        let shown = self.fields.iter_mut().filter(|field| !field.is_hidden);
        let mut cells = shown.flat_map(|field| match &mut field.content {
            FieldContent::Rows(rows) => rows.entries.iter_mut().flat_map(|row| &mut row.cells).collect(),
            FieldContent::Value(_) | FieldContent::Declaration { .. } => Vec::new(),
        });
        cells.find(|cell| cell.value.is_empty())
    }
}

impl Control {
    /// The elements that describe it.
    pub(crate) fn described_by(&self) -> String {
        let parts = [
            (self.hint.is_some(), "hint"),
            (self.limit.is_some(), "count"),
            (!self.notes.is_empty(), "notes"),
            (self.error.is_some(), "error"),
        ];
        let there = parts.iter().filter(|(is_there, _)| *is_there);
        let ids: Vec<String> = there.map(|(_, part)| format!("{}-{part}", self.id)).collect();
        ids.join(" ")
    }
}
