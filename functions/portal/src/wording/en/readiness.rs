//! 2FA readiness in English.

use countersign_domain::register::Readiness;
use countersign_domain::request::DeskKind;
use countersign_domain::shortage::Shortage;

use crate::wording::readiness::ReadinessWords;

pub(crate) static READINESS: ReadinessWords = ReadinessWords {
    title: "2FA readiness",
    lead: "Whose two-factor authentication (2FA) will work when the parallel run starts, and what is left to do for the others.",
    lead_officer: "How many Delegated Administrators can use two-factor authentication (2FA) when the parallel run \
        starts, and which companies are behind.",
    figures: "Registration so far",
    administrators: "Delegated Administrators: ",
    as_of: "As of ",
    oldest_count: "Each company is counted again when it changes. The oldest count is from ",
    none_counted: "No company has been counted yet.",
    download: "Download as CSV",
    chart_title: "Progress against the deadline",
    chart_table: "Show as a table",
    chart_nobody: "Nobody has registered an address yet.",
    day: "Day",
    registered: "With an address",
    today: "Today",
    deadline: "Deadline",
    not_ready: "Not ready",
    all_ready: "Everyone listed is ready.",
    under_way: "Under way",
    companies: "Companies",
    company: "Company",
    total: "All",
    counted: "Counted",
    never_counted: "Not yet",
    all_companies: "All companies",
    no_companies: "No company is listed yet.",
    start_title: "Start a request for administrators without one",
    behind_tag: "Behind",
    short_tag: "Too few people",
    bounced_since: "E-mail comes back since ",
    retry: "Let e-mail out again",
    retry_hint: "The next e-mail to this address is sent. If it comes back too, the address shows as bounced again.",
    retried: "E-mail goes out to that address again. If the next one comes back too, it shows as bounced again.",
    name_of: |readiness| match readiness {
        Readiness::Ready => "Ready",
        Readiness::Pending => "Pending",
        Readiness::NotGuaranteed => "Not guaranteed",
        Readiness::AddressBounced => "Address bounced",
        Readiness::NotRegistered => "No e-mail address",
    },
    means: |readiness| match readiness {
        Readiness::Ready => "Registered in time. There is nothing left to do.",
        Readiness::Pending => "A request is under way. Follow up with the people who have it.",
        Readiness::NotGuaranteed => {
            "Registered after the deadline, so 2FA may not work when the parallel run starts."
        }
        Readiness::AddressBounced => {
            "E-mail to the registered address comes back. Register the right one, or ask HKEX to try it again."
        }
        Readiness::NotRegistered => "No request is under way. Start one.",
    },
    means_to_officers: |readiness| match readiness {
        Readiness::Ready => "Registered in time.",
        Readiness::Pending => "A request is under way.",
        Readiness::NotGuaranteed => {
            "Registered after the deadline, so 2FA may not work when the parallel run starts."
        }
        Readiness::AddressBounced => {
            "E-mail to the registered address comes back. Once its company has had it mended, let e-mail out again."
        }
        Readiness::NotRegistered => "No request is under way.",
    },
    desk: |desk, is_officer| match (desk, is_officer) {
        (DeskKind::Checkers, false) => "With your company's checkers",
        (DeskKind::Checkers, true) => "With the company's checkers",
        (DeskKind::Exchange, _) => "With HKEX",
    },
    days_left: |days| match days {
        Some(0) => " The deadline is today.".to_owned(),
        Some(1) => " 1 day is left.".to_owned(),
        Some(days) => format!(" {days} days are left."),
        None => " The deadline has passed.".to_owned(),
    },
    uncounted: |companies| match companies {
        1 => "1 company has not been counted yet and is not included in these numbers.".to_owned(),
        companies => {
            format!("{companies} companies have not been counted yet and are not included in these numbers.")
        }
    },
    behind: |behind, companies| format!("{behind} of {companies} companies are behind."),
    short: |shortage| {
        let Shortage { needed, there, away } = *shortage;
        let away = if away > 0 {
            format!(", {away} away")
        } else {
            String::new()
        };
        format!("{there} of {needed} who are needed are there{away}.")
    },
    are_short: |companies| match companies {
        1 => "1 company has too few people to get a request through.".to_owned(),
        companies => format!("{companies} companies have too few people to get a request through."),
    },
    chart_text: |registered, total, deadline| {
        format!("{registered} of {total} administrators have an address. The deadline is {deadline}.")
    },
    start: |form, participant, administrators| format!("{form} for {participant} ({administrators})"),
};
