//! The company's page in English.

use countersign_domain::actor::Right;

use crate::wording::company::CompanyWords;

pub(crate) static COMPANY: CompanyWords = CompanyWords {
    title: "Company",
    lead: "Your company’s people, who can check what, and how it handles its requests.",
    change: "Change people or settings",
    settings: "Settings",
    participantships: "Participantships",
    none: "None",
    checkers_label: "Checkers a request needs",
    replies: "Approval by reply to e-mails",
    views: "Record of who saw what",
    yes: "On",
    no: "Off",
    people: "People",
    person: "Name",
    rights: "Access rights",
    absence: "Absence",
    here: "Not away",
    formerly: "Formerly",
    no_account: "No account yet: the address is in use elsewhere",
    earlier_address: "Signs in with the earlier address: this one is in use elsewhere",
    suppressed_address: "No e-mail goes to this address: it came back, or was marked as unwanted",
    last_sign_in: "Last sign-in",
    never: "None on record",
    you: "You",
    duties: "Who can check what",
    duties_lead: "Nobody checks a request that they made or edited.",
    checkers_of: "Can check",
    nobody: "Nobody",
    removed: "People who have left",
    removed_lead: "They have no access rights. They are named here so that the history can be read.",
    removed_on: "Removed",
    changes: "What changed",
    changes_lead: "Changes to people and settings, each made by one person and checked by another.",
    no_changes: "No change has been made by a request yet.",
    when: "Time",
    what: "Change",
    request: "Request",
    made_by: "Maker",
    checked_by: "Confirmed by",
    right: |right| match right {
        Right::UserMaintenance => "Makes and checks requests",
        Right::ViewOnly => "Sees requests",
        Right::ManageUsers => "Manages users",
        Right::SystemMaker => "System that makes requests",
        Right::Operations => "Processes requests",
    },
    checkers: |checkers| match checkers {
        1 => "1 person besides the maker".to_owned(),
        checkers => format!("{checkers} people besides the maker"),
    },
    away: |from, until| format!("Away from {from} to {until}"),
    short: |present, needed| {
        let checkers = if needed == 1 { "1 checker" } else { "2 checkers" };
        format!("{present} there now: too few for a maker and {checkers}")
    },
    bounded: |most| format!("The last {most} changes at most. The audit has all of them."),
};
