//! The wording of the desk: home, review and the page of a request.

use countersign_domain::form::Mark;
use countersign_domain::mail::MailStatus;
use countersign_domain::workflow::Audience;

macro_rules! desk_words {
    ($($name:ident,)+) => {
        /// The words of the desk.
        pub(crate) struct DeskWords {
            $(pub(crate) $name: &'static str,)+
            /// What a row is, compared with the register.
            pub(crate) mark: fn(Mark) -> &'static str,
            /// How many rows are to be looked at.
            pub(crate) to_look_at: fn(usize) -> String,
            /// How far an e-mail came.
            pub(crate) delivery: fn(MailStatus) -> &'static str,
            /// Who is told of a step by e-mail; nothing for those who are told only as an exception.
            pub(crate) audience: fn(Audience) -> Option<&'static str>,
            /// That there are more than a list shows.
            pub(crate) all_of: fn(usize) -> String,
            /// That only so many of the company's requests were looked through. The list that has all follows.
            pub(crate) company_cut: fn(usize) -> String,
            /// That only so many of the desk's requests were looked through. The list that has all follows.
            pub(crate) desk_cut: fn(usize) -> String,
            /// That none was found among so many requests.
            pub(crate) none_among: fn(usize) -> String,
            /// In how many minutes a claim ends.
            pub(crate) ends_in: fn(i64) -> String,
        }

        #[cfg(test)]
        impl DeskWords {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

desk_words! {
    changed_since_seen, registered_today, check, more_steps, maker, first_check,
    first_check_due, first_check_asks, first_check_done, version, form_hash, deadline, guaranteed,
    not_guaranteed, message_from, told, told_lead, list_separator, full_stop, confirm_and_next, nothing_next, expired_typed,
    expired_back, returned, returned_empty, to_check, to_check_empty, claimed, claimed_empty, drafts, drafts_empty,
    waiting, waiting_empty, late, late_empty, not_ready, not_ready_empty, desk, desk_empty, start,
    open, register_it, see_all, no_address, colleague, choose_colleague, handed_to,
}
