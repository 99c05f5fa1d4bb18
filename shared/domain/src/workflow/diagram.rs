//! The workflow as a picture, made from the table.

use std::fmt::Write as _;

use super::{From, Party, Row, TABLE};

/// A Mermaid state diagram of [`TABLE`].
pub fn mermaid() -> String {
    let mut text = String::from("stateDiagram-v2\n");
    for row in &TABLE {
        let (from, label) = match row.from {
            From::Nothing => ("[*]", label(row)),
            // A clone leaves the request alone and starts another one.
            From::Any => ("[*]", format!("{} of any request", label(row))),
            From::State(state) => (state.as_str(), label(row)),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    {from} --> {}: {label}", row.to.as_str());
    }
    for end in ["Completed", "Rejected", "Discarded"] {
        let _ = writeln!(text, "    {end} --> [*]");
    }
    text
}

fn label(row: &Row) -> String {
    let who = match row.who {
        Party::Colleague | Party::ItsMaker => "maker",
        Party::Checker => "checker",
        Party::Holder => "checker who holds it",
        Party::Confirmer => "checker who confirmed",
        Party::Officer => "officer",
        Party::HoldingOfficer => "officer who holds it",
        Party::Clock => "clock",
    };
    format!("{} ({who})", row.action.as_str())
}
