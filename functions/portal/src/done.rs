//! What the reader has just done, told once by the page that they are led to.
//!
//! It comes in a cookie and not in the address, so that no link can make a page say what never happened.

use countersign_domain::id::RequestId;
use countersign_domain::request::StateName;
use countersign_domain::workflow::Action;

/// What stands between the parts of the cookie. No part contains it.
const BETWEEN: &str = "|";
/// What stands for something else than a step.
const UNCHANGED: &str = "unchanged";
const SAVED: &str = "saved";
const CHOICES: &str = "choices";
const RETRIED: &str = "retried";

/// What the reader has just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JustDone {
    /// Went on from a form with nothing to save.
    Unchanged {
        /// What a script keeps the form's text under.
        kept: String,
    },
    /// Saved a form.
    Saved {
        /// What a script keeps the form's text under.
        kept: String,
    },
    /// Kept the choices of their profile.
    Choices,
    /// Let mail out again to an address from which it came back.
    Retried,
    /// Took a step on a request, which may be another one than the page is about.
    Step {
        request: RequestId,
        action: Action,
        /// The state that it led to.
        to: StateName,
        /// The request's reference number, or nothing.
        reference: String,
    },
}

impl JustDone {
    /// The value of the cookie for the page at this path.
    pub(crate) fn cookie(&self, path: &str) -> String {
        let id;
        let parts = match self {
            Self::Unchanged { kept } => [path, UNCHANGED, kept, "", ""],
            Self::Saved { kept } => [path, SAVED, kept, "", ""],
            Self::Choices => [path, CHOICES, "", "", ""],
            Self::Retried => [path, RETRIED, "", "", ""],
            Self::Step {
                request,
                action,
                to,
                reference,
            } => {
                id = request.to_string();
                [path, action.as_str(), &id, to.as_str(), reference]
            }
        };
        parts.join(BETWEEN)
    }

    /// Reads the cookie, for the page at this path alone.
    pub(crate) fn read(cookie: &str, path: &str) -> Option<Self> {
        let parts: Vec<&str> = cookie.split(BETWEEN).collect();
        let [place, what, of, to, reference] = parts.as_slice() else {
            return None;
        };
        if *place != path {
            return None;
        }
        let kept = || (*of).to_owned();
        Some(match *what {
            UNCHANGED => Self::Unchanged { kept: kept() },
            SAVED => Self::Saved { kept: kept() },
            CHOICES => Self::Choices,
            RETRIED => Self::Retried,
            action => Self::Step {
                request: RequestId::parse(of)?,
                action: Action::parse(action)?,
                to: StateName::parse(to)?,
                reference: (*reference).to_owned(),
            },
        })
    }

    /// What a script keeps the text of a form under that is saved now.
    pub(crate) fn kept(&self) -> Option<&str> {
        match self {
            Self::Unchanged { kept } | Self::Saved { kept } => Some(kept),
            Self::Choices | Self::Retried | Self::Step { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_reads_back_on_the_page_that_is_to_tell_it_and_on_no_other() {
        let id = RequestId::from_bytes([7; 16]);
        for done in [
            JustDone::Unchanged { kept: id.to_string() },
            JustDone::Saved {
                kept: "new-DA3".to_owned(),
            },
            JustDone::Choices,
            JustDone::Retried,
            JustDone::Step {
                request: id,
                action: Action::Confirm,
                to: StateName::ReadyToSend,
                reference: "DA3_00013361".to_owned(),
            },
            JustDone::Step {
                request: id,
                action: Action::Clone,
                to: StateName::Draft,
                reference: String::new(),
            },
        ] {
            let cookie = done.cookie("/portal/requests/1");
            // What a cookie may hold (RFC 6265, section 4.1.1).
            assert!(
                cookie
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && !b"\"\\,;".contains(&b))
            );
            assert_eq!(JustDone::read(&cookie, "/portal/requests/1"), Some(done));
            assert_eq!(JustDone::read(&cookie, "/portal/requests/2"), None);
        }
        for bad in [
            "",
            "/",
            "/|step|x|Sent|y",
            "/|confirm|x|Sent|y",
            "/|saved",
            "/|saved|a|b|c|d",
        ] {
            assert_eq!(JustDone::read(bad, "/"), None, "{bad}");
        }
    }
}
