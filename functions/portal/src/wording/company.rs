//! The wording of the company's page.

use countersign_domain::actor::Right;

macro_rules! company_words {
    ($($name:ident,)+) => {
        /// The words of the company's page.
        pub(crate) struct CompanyWords {
            $(pub(crate) $name: &'static str,)+
            /// What a right lets someone do.
            pub(crate) right: fn(Right) -> &'static str,
            /// How many checkers a request needs.
            pub(crate) checkers: fn(u8) -> String,
            /// From when to when someone is away.
            pub(crate) away: fn(&str, &str) -> String,
            /// That too few people are there to make and check a request.
            pub(crate) short: fn(usize, usize) -> String,
            /// That so many changes are shown at most.
            pub(crate) bounded: fn(usize) -> String,
        }

        #[cfg(test)]
        impl CompanyWords {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

company_words! {
    title, lead, change, settings, participantships, none, checkers_label, replies, views, yes, no,
    people, person, rights, absence, here, last_sign_in, never, you, formerly, no_account, earlier_address,
    suppressed_address,
    duties, duties_lead, checkers_of, nobody, removed, removed_lead, removed_on,
    changes, changes_lead, no_changes, when, what, request, made_by, checked_by,
}
