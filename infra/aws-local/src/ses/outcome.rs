//! What becomes of a mail at each recipient. As with SES's mailbox simulator, the address decides.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::bare_address;

/// What becomes of a mail at one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DeliveryOutcome {
    /// It arrives.
    Delivered,
    /// The recipient's server refuses it for good.
    Bounced,
    /// It arrives, and the recipient calls it spam.
    Complained,
    /// It arrives, but late.
    Delayed,
    /// SES takes it and doesn't send it, for the address is on the suppression list.
    Suppressed,
    /// SES takes it, finds something bad in it and doesn't send it.
    Rejected,
}

impl DeliveryOutcome {
    /// What becomes of a mail at this address.
    pub(crate) fn of(address: &str, suppression_list: &BTreeSet<String>) -> Self {
        if suppression_list.contains(&listed(address)) {
            return Self::Suppressed;
        }
        let local = bare_address(address).split('@').next().unwrap_or_default();
        match local
            .split('+')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "bounce" => Self::Bounced,
            "complaint" => Self::Complained,
            "delay" => Self::Delayed,
            "suppressed" => Self::Suppressed,
            "reject" => Self::Rejected,
            _ => Self::Delivered,
        }
    }

    /// Whether SES sent it at all, and so whether it is in the mailbox.
    pub(crate) fn was_sent(self) -> bool {
        match self {
            Self::Delivered | Self::Bounced | Self::Complained | Self::Delayed => true,
            Self::Suppressed | Self::Rejected => false,
        }
    }

    /// The event type as a configuration set names it.
    pub(crate) fn event_type(self) -> &'static str {
        match self {
            Self::Delivered => "DELIVERY",
            Self::Bounced | Self::Suppressed => "BOUNCE",
            Self::Complained => "COMPLAINT",
            Self::Delayed => "DELIVERY_DELAY",
            Self::Rejected => "REJECT",
        }
    }

    /// Why this puts an address on the suppression list, if it does.
    pub(crate) fn suppresses(self) -> Option<&'static str> {
        match self {
            Self::Bounced => Some("BOUNCE"),
            Self::Complained => Some("COMPLAINT"),
            Self::Delivered | Self::Delayed | Self::Suppressed | Self::Rejected => None,
        }
    }

    /// In a word, for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::Complained => "complained about",
            Self::Delayed => "delayed",
            Self::Suppressed => "suppressed",
            Self::Rejected => "rejected",
        }
    }
}

/// An address as the suppression list has it.
pub(crate) fn listed(address: &str) -> String {
    bare_address(address).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_part_decides_and_the_suppression_list_before_it() {
        let list = BTreeSet::from(["gone@bank.example".to_owned()]);
        for (address, outcome) in [
            ("ann@abc.example", DeliveryOutcome::Delivered),
            ("bounce@abc.example", DeliveryOutcome::Bounced),
            ("Bounce+7@abc.example", DeliveryOutcome::Bounced),
            ("bouncer@abc.example", DeliveryOutcome::Delivered),
            ("Ann <complaint@abc.example>", DeliveryOutcome::Complained),
            ("delay+x+y@abc.example", DeliveryOutcome::Delayed),
            ("suppressed@abc.example", DeliveryOutcome::Suppressed),
            ("reject@abc.example", DeliveryOutcome::Rejected),
            ("Gone@Bank.example", DeliveryOutcome::Suppressed),
        ] {
            assert_eq!(DeliveryOutcome::of(address, &list), outcome, "{address}");
        }
    }
}
