//! The desk in Traditional Chinese.

use crate::wording::desk::DeskWords;

pub(crate) static DESK: DeskWords = DeskWords {
    changed_since_seen: "自你上次查閱以來的更改",
};
