//! The wording of lists.

use countersign_domain::workflow::Action;

macro_rules! list_words {
    ($($name:ident,)+) => {
        /// The words of Tasks and My requests.
        pub(crate) struct ListWords {
            $(pub(crate) $name: &'static str,)+
            /// That only the first so many requests were looked at.
            pub(crate) bounded: fn(usize) -> String,
            /// That only so many forms were searched.
            pub(crate) forms_bounded: fn(usize) -> String,
            /// How many requests the file has at most.
            pub(crate) file_bounded: fn(usize) -> String,
            /// How many requests a step was taken on, of how many.
            pub(crate) taken: fn(Action, usize, usize) -> String,
            /// What the box of a row picks.
            pub(crate) pick: fn(&str) -> String,
        }

        #[cfg(test)]
        impl ListWords {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

list_words! {
    search_hint, filters, clear, any, eservice, participantship, participant_hint, maker,
    makers_mine, makers_all, with, with_you, with_checkers, with_exchange, with_nobody, from, to,
    download, nothing_matches, claim_selected, confirm_selected, not_opened, select_all, selected, pick_first, no_longer,
    fault_choice, fault_date, fault_order, fault_participant, fault_long,
}
