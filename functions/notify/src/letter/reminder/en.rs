//! English.

use super::words::{Counted, ListWords, Matter, Side, SideWords, Words};

pub(super) static WORDS: Words = Words {
    list,
    side,
    days: Counted {
        one: "1 day left",
        more: "{n} days left",
    },
    last_day: "Today is the last day",
    heading: Counted {
        one: "1 day left until the deadline",
        more: "{n} days left until the deadline",
    },
    heading_today: "Today is the last day",
    details: "E-mail addresses of CCASS/CCMS Delegated Administrators",
    preheader: "Deadline: {deadline}. As of {as_of}.",
    opening: "The deadline is near, and there is work left at {company} that you can do. This is how things stood on {as_of}.",
    opening_everyone: "The deadline is very close, so everyone at {company} gets this e-mail. Below is all that was \
        left to do there on {as_of}, and who has it.",
    ask: "You can’t do any of this yourself, because you don’t have the access right {right}. Please ask a colleague who has it.",
    too_few: "too few people to get requests through",
    opening_too_few: "The deadline is near, and what was left to do at {company} on {as_of} can’t get through as things are.",
    dates: "The deadline",
    company: "Company",
    deadline: "Deadline",
    days_left: "Days left",
    today: "Today",
    working_days_left: "Working days left",
    parallel_run: "Start of the parallel run",
    as_of: "As of",
    draft: "Draft",
    open_since: "Last updated on {since}.",
    open_with: "With {with}, last updated on {since}.",
    waiting_since: "Waiting since {since}.",
    claimed_by_you: "You claimed it on {since}.",
    claimed_by: "{with} claimed it on {since}.",
    claim_ends: " The claim ends on {ends}.",
    and_more: Counted {
        one: "and 1 more",
        more: "and {n} more",
    },
    new_request: "Start a new request",
    open_tasks: "Open “Tasks”",
    attached: "The attached file {file} adds the deadline to your calendar. A later reminder’s file replaces it.",
    why_everyone: "You are receiving this e-mail because you belong to {company} and the deadline is near.",
    description: "The deadline is {deadline}.",
};

fn side(side: Side) -> SideWords {
    match side {
        Side::Company => SideWords {
            consequence: "A Delegated Administrator whose e-mail address is not registered by the deadline can’t \
                initiate two-factor authentication (2FA) when the parallel run starts.",
            consequence_on: "A Delegated Administrator whose e-mail address is not registered by the deadline can’t \
                initiate two-factor authentication (2FA) when the parallel run starts on {parallel_run}.",
            why: "You are receiving this e-mail because you can make and check requests of {company}.",
            summary: "Deadline 23:59:59 HKT: register e-mail addresses of Delegated Administrators (2FA)",
        },
        Side::Exchange => SideWords {
            consequence: "Requests that companies send by the deadline are guaranteed to be completed before the parallel run starts.",
            consequence_on: "Requests that companies send by the deadline are guaranteed to be completed before the \
                parallel run starts on {parallel_run}.",
            why: "You are receiving this e-mail because you handle requests on the exchange desk.",
            summary: "Deadline 23:59:59 HKT: guaranteed requests for Delegated Administrators (2FA)",
        },
    }
}

fn list(matter: Matter, side: Side) -> ListWords {
    match (matter, side) {
        (Matter::NotRegistered, Side::Company | Side::Exchange) => ListWords {
            count: Counted {
                one: "1 administrator has no e-mail address that works",
                more: "{n} administrators have no e-mail address that works",
            },
            title: "Administrators without an e-mail address, or whose mail comes back",
        },
        (Matter::Drafts, Side::Company | Side::Exchange) => ListWords {
            count: Counted {
                one: "1 draft has not been submitted",
                more: "{n} drafts have not been submitted",
            },
            title: "Drafts not submitted",
        },
        (Matter::Waiting, Side::Company) => ListWords {
            count: Counted {
                one: "1 request is waiting for a checker",
                more: "{n} requests are waiting for a checker",
            },
            title: "Requests waiting for a checker",
        },
        (Matter::Waiting, Side::Exchange) => ListWords {
            count: Counted {
                one: "1 request is waiting on the exchange desk",
                more: "{n} requests are waiting on the exchange desk",
            },
            title: "Requests waiting on the exchange desk",
        },
        (Matter::Claimed, Side::Company | Side::Exchange) => ListWords {
            count: Counted {
                one: "1 claimed request is awaiting a decision",
                more: "{n} claimed requests are awaiting a decision",
            },
            title: "Claimed requests awaiting a decision",
        },
    }
}
