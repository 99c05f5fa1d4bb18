//! Who is notified of a step by mail: the last column of the table; and who may do without.

use serde::{Deserialize, Serialize};

use super::{Action, Row};
use crate::request::StateName;

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
    /// The person who holds the request from this step on.
    Holder,
    /// The person who held the request until this step.
    LastHolder,
    /// The officer who holds the request from this step on.
    Officer,
    /// The officer who held the request until this step.
    LastOfficer,
    /// The exchange's officers.
    ExchangeDesk,
    /// The contact persons named in the form.
    ContactPersons,
    /// Every address that the step registers.
    NewAddresses,
    /// The person of the company whom the request is about.
    PersonConcerned,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 13] = [
        Self::Checkers,
        Self::OtherCheckers,
        Self::Maker,
        Self::Colleagues,
        Self::Checker,
        Self::Holder,
        Self::LastHolder,
        Self::Officer,
        Self::LastOfficer,
        Self::ExchangeDesk,
        Self::ContactPersons,
        Self::NewAddresses,
        Self::PersonConcerned,
    ];

    /// Whether it is among the exchange's people.
    pub fn is_of_the_exchange(self) -> bool {
        match self {
            Self::ExchangeDesk | Self::Officer | Self::LastOfficer => true,
            Self::Checkers
            | Self::OtherCheckers
            | Self::Maker
            | Self::Colleagues
            | Self::Checker
            | Self::Holder
            | Self::LastHolder
            | Self::ContactPersons
            | Self::NewAddresses
            | Self::PersonConcerned => false,
        }
    }

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
            | Action::ReleaseForAbsence
            | Action::HandOver
            | Action::TakeOver
            | Action::Reject => false,
        }
    }

    /// Whether the mail asks this audience for an action, so that it is not sent to someone who is away.
    pub fn asks(&self, audience: Audience) -> bool {
        match audience {
            Audience::Checkers => self.to == StateName::ReadyToSend,
            Audience::Maker | Audience::Colleagues => self.to == StateName::Draft,
            Audience::ExchangeDesk => self.to == StateName::Sent,
            Audience::Holder | Audience::LastHolder | Audience::Officer | Audience::LastOfficer => true,
            Audience::OtherCheckers
            | Audience::Checker
            | Audience::ContactPersons
            | Audience::NewAddresses
            | Audience::PersonConcerned => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::TABLE;

    #[test]
    fn nobody_can_switch_off_what_asks_for_an_action() {
        for row in &TABLE {
            for audience in row.tell.iter().filter(|audience| row.only_informs(**audience)) {
                let what = format!("{:?} from {:?} to {audience:?}", row.action, row.from);
                assert!(!row.asks(*audience) && row.to != StateName::Rejected, "{what}");
            }
        }
    }
}
