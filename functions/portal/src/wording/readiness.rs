//! The wording of 2FA readiness, and of requests under way in the register.

use countersign_domain::register::Readiness;
use countersign_domain::request::DeskKind;
use countersign_domain::shortage::Shortage;

macro_rules! readiness_words {
    ($($name:ident,)+) => {
        /// The words of readiness.
        pub(crate) struct ReadinessWords {
            $(pub(crate) $name: &'static str,)+
            /// Whether two-factor authentication will work.
            pub(crate) name_of: fn(Readiness) -> &'static str,
            /// What that means, and what to do about it.
            pub(crate) means: fn(Readiness) -> &'static str,
            /// The same for officers, who do nothing about it themselves.
            pub(crate) means_to_officers: fn(Readiness) -> &'static str,
            /// Who has a request, as its company's people say it and as officers do.
            pub(crate) desk: fn(DeskKind, bool) -> &'static str,
            /// The days until the deadline, as the sentence behind another one; none once it has passed.
            pub(crate) days_left: fn(Option<u32>) -> String,
            /// That some companies are in no number yet.
            pub(crate) uncounted: fn(u32) -> String,
            /// How many of the companies are behind.
            pub(crate) behind: fn(u32, u32) -> String,
            /// How many people are there of those that a request takes, and how many are away.
            pub(crate) short: fn(&Shortage) -> String,
            /// That too few people are there in some companies.
            pub(crate) are_short: fn(u32) -> String,
            /// A description of the chart: how many of how many have an address, and the deadline.
            pub(crate) chart_text: fn(u32, u32, &str) -> String,
            /// The link to a form for so many administrators of a participant.
            pub(crate) start: fn(&str, &str, usize) -> String,
        }

        #[cfg(test)]
        impl ReadinessWords {
            pub(super) fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

readiness_words! {
    title, lead, lead_officer, figures, administrators, as_of, oldest_count, none_counted, download, chart_title,
    chart_table, chart_nobody, day, registered, today, deadline, not_ready, all_ready, under_way, companies, company, total,
    counted, never_counted, all_companies, no_companies, start_title,
    behind_tag, short_tag, bounced_since, retry, retry_hint, retried,
}
