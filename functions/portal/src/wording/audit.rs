//! The wording of the audit, and of attempts on a request's record.

use countersign_domain::audit::{Kind, Reason};

macro_rules! audit_words {
    ($($name:ident,)+) => {
        /// The words of the audit.
        pub(crate) struct AuditWords {
            $(pub(crate) $name: &'static str,)+
            /// What a kind of entries is called.
            pub(crate) kind: fn(Kind) -> &'static str,
            /// Why an attempt was refused.
            pub(crate) reason: fn(Reason) -> &'static str,
            /// How often something happened, and since when.
            pub(crate) times: fn(u32, &str) -> String,
            /// That a version was opened.
            pub(crate) opened: fn(u32) -> String,
            /// How many requests a page looks at.
            pub(crate) bounded: fn(usize) -> String,
        }

        #[cfg(test)]
        impl AuditWords {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

audit_words! {
    title, lead, lead_officer, entries, kinds, person, step, from, to, when, what, who, request, reference, nothing, older,
    csv, json_lines, json_hint, json_next, json_cursor, refused_attempts, refused_lead,
}
