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
    opening: "The deadline is near, and at {company} there is something left that you can do. Below is what it was on {as_of}.",
    opening_everyone: "The last days before the deadline have come, so everyone at {company} gets this mail, whoever’s turn it is. Below is all that was left to do there on {as_of}, and who has it.",
    ask: "You can’t do any of it yourself, since you do not have the access right {right}. Please ask a colleague who has it.",
    dates: "The deadline",
    company: "Company",
    deadline: "Deadline",
    days_left: "Days left",
    today: "Today",
    working_days_left: "Working days left",
    parallel_run: "Start of the parallel run",
    as_of: "As of",
    draft: "Draft",
    open_since: "Left open since {since}.",
    open_with: "{with} has left it open since {since}.",
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
    attached: "The file {file} beside this mail puts the deadline into your calendar. The one of a later reminder takes its place.",
    why_everyone: "You get this mail because you belong to {company}, and the deadline is near.",
    description: "The deadline is {deadline}.",
};

fn side(side: Side) -> SideWords {
    match side {
        Side::Company => SideWords {
            consequence: "A Delegated Administrator whose e-mail address is not registered by the deadline can’t initiate two-factor authentication (2FA) when the parallel run starts.",
            consequence_on: "A Delegated Administrator whose e-mail address is not registered by the deadline can’t initiate two-factor authentication (2FA) when the parallel run starts on {parallel_run}.",
            why: "You get this mail because you may make and check the requests of {company}.",
            summary: "Deadline 23:59:59 HKT: register e-mail addresses of Delegated Administrators (2FA)",
        },
        Side::Exchange => SideWords {
            consequence: "Requests that companies send by the deadline are guaranteed to be completed before the parallel run starts.",
            consequence_on: "Requests that companies send by the deadline are guaranteed to be completed before the parallel run starts on {parallel_run}.",
            why: "You get this mail because you handle requests on the exchange desk.",
            summary: "Deadline 23:59:59 HKT: requests for Delegated Administrators (2FA) that are guaranteed",
        },
    }
}

fn list(matter: Matter, side: Side) -> ListWords {
    match (matter, side) {
        (Matter::NotRegistered, Side::Company | Side::Exchange) => ListWords {
            count: Counted {
                one: "1 administrator has no e-mail address registered",
                more: "{n} administrators have no e-mail address registered",
            },
            title: "Administrators without a registered e-mail address",
        },
        (Matter::Drafts, Side::Company | Side::Exchange) => ListWords {
            count: Counted {
                one: "1 draft is not submitted",
                more: "{n} drafts are not submitted",
            },
            title: "Drafts that are not submitted",
        },
        (Matter::Waiting, Side::Company) => ListWords {
            count: Counted {
                one: "1 request waits for a checker",
                more: "{n} requests wait for a checker",
            },
            title: "Requests that wait for a checker",
        },
        (Matter::Waiting, Side::Exchange) => ListWords {
            count: Counted {
                one: "1 request waits on the exchange desk",
                more: "{n} requests wait on the exchange desk",
            },
            title: "Requests that wait on the exchange desk",
        },
        (Matter::Claimed, Side::Company | Side::Exchange) => ListWords {
            count: Counted {
                one: "1 claimed request is not decided on",
                more: "{n} claimed requests are not decided on",
            },
            title: "Claimed requests that are not decided on",
        },
    }
}
