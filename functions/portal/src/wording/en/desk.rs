//! The desk in English.

use crate::wording::desk::DeskWords;

pub(crate) static DESK: DeskWords = DeskWords {
    changed_since_seen: "What changed since you last looked",
};
