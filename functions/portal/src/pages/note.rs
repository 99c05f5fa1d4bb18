//! Notes that a reader sees beside a value: from its kind, and from the register.

use countersign_application::register::Standings;
use countersign_domain::field::{Note, UserIdValue, ValueKind, Whose, text_of};
use serde_json::Value as Json;

use crate::wording::Words;

/// A note beside a value.
pub(crate) struct NoteView {
    pub(crate) text: String,
    /// Whether it is to be looked at twice.
    pub(crate) is_caution: bool,
}

/// The standing of a User ID in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing<'a> {
    /// An administrator with this address.
    Registered(&'a str),
    /// An administrator without an address.
    WithoutAddress,
    /// Nobody, where the request needs somebody.
    Unknown,
    /// Somebody, where the request adds them.
    Taken,
}

/// The notes of a value. Without standings, there are none about the register.
pub(crate) fn notes(
    kind: &ValueKind,
    value: &Json,
    standings: Option<&Standings>,
    w: &Words,
) -> Vec<NoteView> {
    let of_kind = kind.kind().notes(value).into_iter().map(|note| NoteView {
        text: note.text(w.language),
        is_caution: matches!(note, Note::Caution(_)),
    });
    let user_id = text_of(value);
    let standing = standings.and_then(|standings| standing(kind, &user_id, standings));
    let of_register = standing.map(|standing| NoteView {
        text: (w.on_forms.standing)(standing),
        is_caution: matches!(standing, Standing::Unknown | Standing::Taken),
    });
    of_kind.chain(of_register).collect()
}

fn standing<'a>(kind: &ValueKind, user_id: &str, standings: &'a Standings) -> Option<Standing<'a>> {
    let ValueKind::UserId(UserIdValue { whose }) = kind else {
        return None;
    };
    let known = standings.get(user_id.trim().to_ascii_uppercase().as_str());
    match (whose, known) {
        _ if user_id.is_empty() => None,
        (Whose::Known, Some(Some(email))) => Some(Standing::Registered(email)),
        (Whose::Known, Some(None)) => Some(Standing::WithoutAddress),
        (Whose::Known, None) => Some(Standing::Unknown),
        (Whose::New, Some(_)) => Some(Standing::Taken),
        (Whose::New, None) | (Whose::Anyone, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_register_has_is_said_where_the_request_is_about_it() {
        let kind = |whose| ValueKind::UserId(UserIdValue { whose });
        let standings = Standings::from([
            ("B01234X1".to_owned(), Some("a@b.example".to_owned())),
            ("B01234X2".to_owned(), None),
        ]);
        for (whose, user_id, expected) in [
            (
                Whose::Known,
                "b01234x1",
                Some(Standing::Registered("a@b.example")),
            ),
            (Whose::Known, "B01234X2", Some(Standing::WithoutAddress)),
            (Whose::Known, "B01234ZZ", Some(Standing::Unknown)),
            (Whose::Known, "", None),
            (Whose::New, "B01234X1", Some(Standing::Taken)),
            (Whose::New, "B01234ZZ", None),
            (Whose::Anyone, "B01234ZZ", None),
        ] {
            assert_eq!(standing(&kind(whose), user_id, &standings), expected, "{user_id}");
        }
    }
}
