//! Lists in English.

use countersign_domain::workflow::Action;

use crate::wording::list::ListWords;

pub(crate) static LIST: ListWords = ListWords {
    search_hint: "Reference number, User ID, e-mail address or name",
    filters: "Filters",
    clear: "Clear all",
    any: "Any",
    eservice: "eService",
    participantship: "Participantship",
    participant_hint: "A participant’s ID, like B01234",
    maker: "Maker",
    makers_mine: "Me",
    makers_all: "Anyone in my company",
    with: "With",
    with_you: "You",
    with_checkers: "Checkers",
    with_exchange: "HKEX",
    with_nobody: "Nobody",
    from: "Updated from",
    to: "Updated to",
    download: "Download CSV",
    nothing_matches: "No request matches. Search for something else, or clear the filters.",
    claim_selected: "Claim selected",
    confirm_selected: "Confirm selected",
    not_opened: "Open it and read it first: you have not opened this version.",
    select_all: "Select all",
    selected: "selected",
    pick_first: "Nothing was selected. Select the requests first.",
    no_longer: "It has changed since this list was shown.",
    fault_choice: "Choose one from the list.",
    fault_date: "Enter a date like 2023-02-07.",
    fault_order: "This is before the first date.",
    fault_participant: "Enter a participant’s ID like B01234.",
    fault_long: "Search for 200 characters at most.",
    bounded: |most| {
        format!(
            "Only the first {most} requests were looked at. Search for a reference number or a User ID to find others."
        )
    },
    forms_bounded: |most| {
        format!("What is filled in was searched in {most} forms only. Use filters to search the others.")
    },
    file_bounded: |most| {
        format!("The CSV has the first {most} requests of this list at most, and says so where it ends.")
    },
    taken: |action, taken, all| {
        let verb = match action {
            Action::Confirm => "confirmed",
            _ => "claimed",
        };
        format!("{taken} of {all} {verb}")
    },
    pick: |name| format!("Select {name}"),
};
