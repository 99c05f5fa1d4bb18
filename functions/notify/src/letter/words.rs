//! The wording of letters: one file per language, one type for both, so that nothing can be missing in either.

use countersign_domain::eservice::End;
use countersign_domain::language::Language;
use countersign_domain::request::State;
use countersign_domain::workflow::Audience;

use super::kind::Kind;
use super::{en, zh};

/// The wording of one kind of letter. Names in braces are slots. The subject has none, because headers never contain
/// typed text.
pub(super) struct Wording {
    /// The subject, after the reference.
    pub(super) subject: &'static str,
    /// The preview that mailboxes show beside the subject.
    pub(super) preheader: &'static str,
    /// The letter's heading.
    pub(super) heading: &'static str,
    /// What happened, in paragraphs.
    pub(super) opening: &'static [&'static str],
    /// What to do next; empty if nothing.
    pub(super) steps: &'static [&'static str],
    /// The label of the link to the request, for those who can act on it or read it.
    pub(super) link: Option<&'static str>,
}

macro_rules! words {
    ($($name:ident,)+) => {
        /// The wording of all letters.
        pub(super) struct Words {
            $(pub(super) $name: &'static str,)+
            /// The wording of a kind of letter.
            pub(super) wording: fn(Kind) -> Wording,
            /// The opening for requests that register no address, where the usual opening mentions one.
            pub(super) without_addresses: fn(Kind) -> Option<&'static [&'static str]>,
            /// Why the recipient gets the letter.
            pub(super) why: fn(Audience) -> &'static str,
            /// The status of a request that ends there, without its holder.
            pub(super) status: fn(&State, End) -> &'static str,
        }

        #[cfg(test)]
        impl Words {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

words! {
    product, colon, comma, list_comma, dear, dear_administrator, hello, some_checker,
    message, your_reason, you_also_wrote, steps, undo, link_hint,
    in_time, late, late_completed, late_registered, works, works_for_you,
    who_checks, who_checks_two, confirming, confirming_first,
    submitted_by, first_checked_by, confirmed_by, confirmed_by_mail, user_ids,
    registered_addresses, user_id, email_address, none, if_wrong,
    what_you_check, version, form_sha256,
    or_by_mail, by_mail, by_mail_intro, confirm_by_mail, confirm_does, confirm_does_first, return_by_mail, return_does, without_links,
    again, again_in_the_portal, again_by_mail, again_without_links,
    when_it_counts, it_arrives, it_comes_from, otherwise, keep_to_yourself,
    status_now, claimed, no_further_reply, last_answer, not_you,
    why_returned, why_replied, replies, only_such_replies,
}

/// The words of a language.
pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &en::WORDS,
        Language::TraditionalChinese => &zh::WORDS,
    }
}
