//! Rows that somebody pasted or uploaded, as spreadsheets write them. It knows columns and cells, and no eService.

use countersign_domain::fault::FaultKind;

mod table;

pub(crate) use countersign_platform::decode::text;
pub(crate) use table::read;

/// A column that rows are imported into.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Its label, in the reader's language.
    pub(crate) label: &'static str,
    /// Whether every row has to fill it in.
    pub(crate) is_required: bool,
}

/// A row of cells, one for each wanted column, and the line that it begins on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) cells: Vec<String>,
}

/// The contents of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) lines: Vec<Line>,
    /// Columns of the heading that nobody asked for.
    pub(crate) left_out: Vec<String>,
    pub(crate) faults: Vec<ImportFault>,
}

/// Where lines come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// Somebody pasted them.
    Pasted,
    /// They are in a file.
    File,
}

/// A fault in lines of one source, which is named where there are two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFault {
    pub(crate) source: Option<Source>,
    pub(crate) fault: ImportFault,
}

/// What is wrong with a line, or with all of them. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ImportFault {
    /// The file holds no text that can be read.
    NotText,
    /// There is nothing.
    Nothing,
    /// The heading lacks a column; holds its label.
    NoColumn(&'static str),
    /// The heading has a column twice; holds its label.
    ColumnTwice(&'static str),
    /// The cells of a line are not those of the columns; holds the columns' labels.
    Columns { line: usize, labels: Vec<&'static str> },
    /// A quotation mark is not closed.
    Quotes { line: usize },
    /// A cell is not right.
    Cell { line: usize, kind: FaultKind },
    /// A cell repeats that of an earlier line.
    Repeated { line: usize, earlier: usize },
    /// A cell of a file repeats that of a line that was pasted.
    RepeatsPasted { line: usize, earlier: usize },
    /// With these there would be too many rows.
    TooMany { most: usize, found: usize },
}

impl ImportFault {
    /// The line that it is in; 0 where it is in no one line.
    pub(crate) fn line(&self) -> usize {
        match self {
            Self::Columns { line, .. }
            | Self::Quotes { line }
            | Self::Cell { line, .. }
            | Self::Repeated { line, .. }
            | Self::RepeatsPasted { line, .. } => *line,
            Self::NotText
            | Self::Nothing
            | Self::NoColumn(_)
            | Self::ColumnTwice(_)
            | Self::TooMany { .. } => 0,
        }
    }
}
