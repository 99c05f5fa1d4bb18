//! The workflow as a diagram, generated from the table.

use std::fmt::Write as _;

use super::{From, Guard, Party, Row, TABLE};

/// A Mermaid state diagram of [`TABLE`].
pub fn mermaid() -> String {
    let mut text = String::from("stateDiagram-v2\n");
    for row in &TABLE {
        // A clone leaves the request unchanged and starts a new one.
        let (from, of) = match row.from {
            From::Nothing => ("[*]", ""),
            From::Any => ("[*]", " of any request"),
            From::State(state) if row.needs(Guard::FirstOfTwoChecks) => (state.as_str(), ", first of two"),
            From::State(state) if row.needs(Guard::EndsAtTheCompany) => {
                (state.as_str(), " of what ends at the company")
            }
            From::State(state) => (state.as_str(), ""),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "    {from} --> {}: {}{of} ({})",
            row.to.as_str(),
            row.action.as_str(),
            who(row)
        );
    }
    for end in ["Completed", "Rejected", "Discarded"] {
        let _ = writeln!(text, "    {end} --> [*]");
    }
    text
}

fn who(row: &Row) -> &'static str {
    match row.who {
        Party::Colleague | Party::ItsMaker => "maker",
        Party::Manager => "manager of users",
        Party::Checker => "checker",
        Party::Holder => "checker who holds it",
        Party::Confirmer => "checker who confirmed",
        Party::Officer => "officer",
        Party::OtherOfficer => "another officer",
        Party::HoldingOfficer => "officer who holds it",
        Party::Clock => "clock",
    }
}
