//! What letters say: one file a language, one type for both, so that nothing can be missing in either.

use countersign_domain::language::Language;
use countersign_domain::request::StateName;
use countersign_domain::workflow::Audience;

use super::kind::Kind;
use super::{en, zh};

/// What one kind of letter says. Names in braces are slots; the subject has none, since what stands in a header is
/// never typed.
pub(super) struct Wording {
    /// What follows the reference in the subject.
    pub(super) subject: &'static str,
    /// What mailboxes show beside the subject.
    pub(super) preheader: &'static str,
    /// The letter's heading.
    pub(super) heading: &'static str,
    /// What happened, in paragraphs.
    pub(super) opening: &'static [&'static str],
    /// What to do next; empty if nothing.
    pub(super) steps: &'static [&'static str],
    /// What the link to the request says, for who has something to look at there.
    pub(super) link: Option<&'static str>,
}

macro_rules! words {
    ($($name:ident,)+) => {
        /// Everything that a letter says.
        pub(super) struct Words {
            $(pub(super) $name: &'static str,)+
            /// What a kind of letter says.
            pub(super) wording: fn(Kind) -> Wording,
            /// What happened, where no address is registered by it and the wording would speak of one.
            pub(super) without_addresses: fn(Kind) -> Option<&'static [&'static str]>,
            /// Why somebody gets the letter.
            pub(super) why: fn(Audience) -> &'static str,
            /// A request's status, without who holds it.
            pub(super) status: fn(StateName) -> &'static str,
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
    message, your_reason, steps, link_hint,
    in_time, late, late_completed, late_registered, works, works_for_you,
    submitted_by, confirmed_by, confirmed_by_mail, user_ids,
    registered_addresses, user_id, email_address, none, if_wrong,
    what_you_check, version, form_sha256,
    or_by_reply, by_reply, by_reply_intro, again, again_intro,
    confirm_does, return_does, reason, begin_reply,
    when_it_counts, it_arrives, it_comes_from, otherwise, keep_to_yourself,
    status_now, claimed, no_further_reply, not_you,
    why_returned, why_replied, why_holding, replies, only_such_replies,
}

/// The words of a language.
pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &en::WORDS,
        Language::TraditionalChinese => &zh::WORDS,
    }
}
