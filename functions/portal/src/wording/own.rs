//! The wording of what is one's own: the record, the profile, help, and the warnings before something ends.

macro_rules! own_words {
    ($($name:ident,)+) => {
        /// The words of the record, the profile, help and the warnings.
        pub(crate) struct OwnWords {
            $(pub(crate) $name: &'static str,)+
            /// What a maker does, step by step.
            pub(crate) maker_steps: &'static [&'static str],
            /// What a checker does, step by step.
            pub(crate) checker_steps: &'static [&'static str],
            /// What an officer does, step by step.
            pub(crate) officer_steps: &'static [&'static str],
            /// The keys, and what they do.
            pub(crate) keys: &'static [(&'static [&'static str], &'static str)],
        }

        #[cfg(test)]
        impl OwnWords {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

own_words! {
    record, print_record, print, print_hint, back_to_request, request_id, submitted_at, made_by,
    first_checked_by, checked_by, version, form_hash, chain_hash,
    printed_by, printed_at, record_end,
    profile, profile_kept, you, name, company, rights, no_rights, language_title, language_pages, language_mail, as_pages,
    mail_title, mail_always, progress_mail, progress_hint, progress_at_once, progress_daily, progress_never,
    reminder_mail, reminder_hint, replies_label, replies_hint,
    keyboard, shortcuts_on, keep, security, password_hint, change_password, second_factor_all, second_factor_some,
    session_ends, sign_ins, sign_ins_none,
    help, help_lead, as_maker, as_checker, as_officer, fields_title, contacts_title, contacts_lead, contacts_none,
    shortcuts_title, shortcuts_lead, then, close,
    session_warning_lead, session_warning_tail, stay, claim_warning_lead, claim_warning_tail, keep_claim, claim_kept,
    claim_kept_entry, claim_asks, submit_here_asks, confirm_here_asks,
}
