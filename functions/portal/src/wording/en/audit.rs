//! The audit in English.

use countersign_domain::audit::{Kind, Reason};

use crate::wording::audit::AuditWords;

pub(crate) static AUDIT: AuditWords = AuditWords {
    title: "Audit",
    lead: "Every step on your company’s requests, and every attempt that was refused, newest first.",
    lead_officer: "Every step on the requests on the desk and on the exchange’s own. Find any other by its reference number.",
    entries: "Entries",
    kinds: "Kind of entry",
    person: "Person",
    step: "Step",
    from: "From",
    to: "To",
    when: "Time",
    what: "What happened",
    who: "Who",
    request: "Request",
    reference: "Reference number",
    nothing: "No entry matches among these requests.",
    older: "Go on",
    csv: "Download CSV",
    json_lines: "Download JSON Lines",
    json_hint: "JSON Lines has each request with such an entry whole, so that a program can verify it. A file ends after about \
                3 MB; where there is more, its last line has \"next\".",
    json_next: "Next file of JSON Lines",
    json_cursor: "\"next\" from the last line of the file before",
    refused_attempts: "Refused attempts",
    refused_lead: "Steps that someone tried and was refused. They changed nothing and are not part of the history.",
    kind: |kind| match kind {
        Kind::Step => "Steps",
        Kind::Refused => "Refused attempts",
        Kind::Viewed => "Who opened what",
    },
    reason: |reason| match reason {
        Reason::RightMissing => "access right missing",
        Reason::RightWithdrawn => "access right withdrawn",
        Reason::OwnRequest => "made or edited it",
        Reason::AboutActor => "the request was about them",
        Reason::TooFewManagers => "too few would be left to manage users",
        Reason::CheckedFirst => "was the first to check it",
        Reason::MakerIsThere => "the draft's maker was there",
        Reason::ColleagueCannotCheck => "named nobody who could check it",
        Reason::NotItsMaker => "not its maker",
        Reason::NotItsConfirmer => "did not confirm it",
        Reason::NotPossible => "not possible at that point",
        Reason::Stale => "changed since it was read",
        Reason::NotOpenYet => "not open yet",
        Reason::MessageMissing => "message missing",
        Reason::NoOtherChecker => "nobody else could check it",
        Reason::TokenEnded => "the e-mail could no longer be used",
    },
    times: |times, first| format!("{times} times, first on {first}"),
    opened: |version| format!("Opened version {version}"),
    bounded: |most| {
        format!(
            "This page looked at {most} requests at most. “Go on” leads to further entries, then to requests made earlier."
        )
    },
};
