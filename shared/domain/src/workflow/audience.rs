//! Who is notified of a step by mail: the last column of the table; and who may do without.

use serde::{Deserialize, Serialize};

use super::{Action, Row};

/// Who is notified by mail.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "camelCase")]
#[strum(serialize_all = "camelCase")]
pub enum Audience {
    /// Everyone in the company who may check the request.
    Checkers,
    /// Those who were last asked to check the request, without the one who decided. They hear once that it is decided.
    OtherCheckers,
    /// The maker.
    Maker,
    /// If the maker has left the company or may no longer make requests: everyone there who may.
    Colleagues,
    /// The checker who confirmed.
    Checker,
    /// The person who held the request until this step.
    LastHolder,
    /// The exchange's officers.
    ExchangeDesk,
    /// The contact persons named in the form.
    ContactPersons,
    /// Every address that the step registers.
    NewAddresses,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 9] = [
        Self::Checkers,
        Self::OtherCheckers,
        Self::Maker,
        Self::Colleagues,
        Self::Checker,
        Self::LastHolder,
        Self::ExchangeDesk,
        Self::ContactPersons,
        Self::NewAddresses,
    ];

    /// The name on the wire and in storage.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Row {
    /// Whether the mail only tells this audience how a request gets on, so that they may switch it off or get it once a day.
    /// A mail that asks for an action, says why something was refused or answers a reply always goes out.
    pub fn only_informs(&self, audience: Audience) -> bool {
        match self.action {
            Action::Reclaim => matches!(audience, Audience::Checkers | Audience::ExchangeDesk),
            Action::Confirm | Action::ConfirmByMail => {
                matches!(audience, Audience::Maker | Audience::OtherCheckers)
            }
            Action::Return => matches!(audience, Audience::Checker | Audience::OtherCheckers),
            Action::ReturnByMail => audience == Audience::OtherCheckers,
            Action::Complete => matches!(audience, Audience::Maker | Audience::Checker),
            Action::Save
            | Action::Clone
            | Action::Discard
            | Action::Submit
            | Action::Claim
            | Action::Release
            | Action::Reject => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::StateName;
    use crate::workflow::TABLE;

    #[test]
    fn nobody_can_switch_off_what_asks_for_an_action() {
        for row in &TABLE {
            for audience in row.tell.iter().filter(|audience| row.only_informs(**audience)) {
                let what = format!("{:?} from {:?} to {audience:?}", row.action, row.from);
                let decides = row.to == StateName::ReadyToSend && *audience == Audience::Checkers;
                let corrects =
                    row.to == StateName::Draft && matches!(audience, Audience::Maker | Audience::Colleagues);
                let handles = row.to == StateName::Sent && *audience == Audience::ExchangeDesk;
                assert!(
                    !decides && !corrects && !handles && row.to != StateName::Rejected,
                    "{what}"
                );
            }
        }
    }
}
