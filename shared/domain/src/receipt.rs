//! What an actor has read of a request, as an opaque tag.
//!
//! A command carries the tag. From it the command knows its row of the workflow table and the history row to extend,
//! without reading anything. The transaction's condition checks everything in the tag, so a forged tag is just a stale
//! one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::eservice::EServiceId;
use crate::fact::{Attribute, Fact, Test};
use crate::history::HistoryRow;
use crate::id::{Digest, Reference};
use crate::request::{Checks, Head, StateName};

/// The number of the layout. A tag of another layout is unreadable, and so counts as stale.
const LAYOUT: u8 = 1;
/// Layout, eService, state and checks, version, reference number, chain hash, form hash.
const OCTETS: usize = 3 + 4 + 4 + 32 + 32;
/// The checks are in the two highest bits of the octet with the state. They are zero for one check.
const CHECKS_SHIFT: u32 = 6;

/// What an actor has read of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The request's eService.
    pub eservice: EServiceId,
    /// The state that the request was in.
    pub state: StateName,
    /// The checks that the request needed.
    pub checks: Checks,
    /// The version that the actor read.
    pub version: u32,
    /// The reference number, if the request had one.
    pub reference: Option<Reference>,
    /// The digest of the last history row.
    pub chain: Digest,
    /// The digest of the form.
    pub form_hash: Digest,
}

impl Receipt {
    /// The receipt for a head that was read.
    pub fn of(head: &Head) -> Self {
        Self {
            eservice: head.eservice,
            state: head.state.name(),
            checks: head.checks,
            version: head.version,
            reference: head.reference.clone(),
            chain: head.chain,
            form_hash: head.form_hash,
        }
    }

    /// The receipt for a request as a step left it.
    pub fn after(row: &HistoryRow) -> Self {
        Self {
            eservice: row.eservice,
            state: row.to,
            checks: row.checks,
            version: row.version,
            reference: row.reference.clone(),
            chain: row.digest(),
            form_hash: row.form_hash,
        }
    }

    /// Encodes the receipt as a tag, without quotes.
    pub fn tag(&self) -> String {
        let index = |position: Option<usize>| {
            position
                .and_then(|index| u8::try_from(index).ok())
                .unwrap_or(u8::MAX)
        };
        let mut octets = Vec::with_capacity(OCTETS);
        octets.push(LAYOUT);
        octets.push(index(EServiceId::ALL.iter().position(|id| *id == self.eservice)));
        let state = index(StateName::ALL.iter().position(|state| *state == self.state));
        let checks = index(Checks::ALL.iter().position(|checks| *checks == self.checks));
        octets.push(state | checks << CHECKS_SHIFT);
        octets.extend(self.version.to_be_bytes());
        octets.extend(self.reference.as_ref().map_or(0, Reference::number).to_be_bytes());
        octets.extend(self.chain.as_bytes());
        octets.extend(self.form_hash.as_bytes());
        URL_SAFE_NO_PAD.encode(octets)
    }

    /// Parses what [`Self::tag`] returns; `None` for anything else. Ignores a full stop and what follows it, which only
    /// distinguishes responses with the same receipt.
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.split_once('.').map_or(tag, |(receipt, _)| receipt);
        let octets: [u8; OCTETS] = URL_SAFE_NO_PAD.decode(tag).ok()?.try_into().ok()?;
        let (head, digests) = octets.split_at(OCTETS - 64);
        let &[LAYOUT, eservice, state, v0, v1, v2, v3, r0, r1, r2, r3] = head else {
            return None;
        };
        let (chain, form_hash) = digests.split_at(32);
        let eservice = *EServiceId::ALL.get(usize::from(eservice))?;
        let (checks, state) = (state >> CHECKS_SHIFT, state & ((1 << CHECKS_SHIFT) - 1));
        let reference = match u32::from_be_bytes([r0, r1, r2, r3]) {
            0 => None,
            number => Some(Reference::new(eservice, number)?),
        };
        let version = u32::from_be_bytes([v0, v1, v2, v3]);
        // A step adds 1 to the version, so the largest number cannot be extended.
        (1..u32::MAX).contains(&version).then_some(())?;
        Some(Self {
            eservice,
            state: *StateName::ALL.get(usize::from(state))?,
            checks: *Checks::ALL.get(usize::from(checks))?,
            version,
            reference,
            chain: Digest::from_bytes(chain.try_into().ok()?),
            form_hash: Digest::from_bytes(form_hash.try_into().ok()?),
        })
    }

    /// The tests that check the receipt against the stored head.
    pub fn tests(&self) -> Vec<Test> {
        vec![
            Test::Is(Attribute::State, self.state.as_str().into()),
            Test::Is(Attribute::Version, Fact::Number(self.version)),
            Test::Is(Attribute::Chain, self.chain.to_string().into()),
            Test::Is(Attribute::FormHash, self.form_hash.to_string().into()),
            Test::Is(Attribute::EService, self.eservice.code().into()),
            match &self.reference {
                Some(reference) => Test::Is(Attribute::Reference, reference.to_string().into()),
                None => Test::Absent(Attribute::Reference),
            },
            match self.checks {
                Checks::One => Test::Absent(Attribute::Checks),
                Checks::FirstOfTwo | Checks::LastOfTwo => {
                    Test::Is(Attribute::Checks, self.checks.as_str().into())
                }
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(reference: Option<u32>) -> Receipt {
        Receipt {
            eservice: EServiceId::Da3,
            state: StateName::Claimed,
            checks: Checks::One,
            version: 7,
            reference: reference.and_then(|number| Reference::new(EServiceId::Da3, number)),
            chain: Digest::of(b"row"),
            form_hash: Digest::of(b"form"),
        }
    }

    #[test]
    fn a_tag_reads_back_what_was_read() {
        for reference in [None, Some(13361), Some(Reference::MAX)] {
            let receipt = receipt(reference);
            assert_eq!(Receipt::parse(&receipt.tag()), Some(receipt));
        }
    }

    #[test]
    fn a_tag_reads_back_every_state_with_every_number_of_checks() {
        for (state, checks) in StateName::ALL
            .into_iter()
            .flat_map(|state| Checks::ALL.map(|checks| (state, checks)))
        {
            let receipt = Receipt {
                state,
                checks,
                ..receipt(Some(13361))
            };
            assert_eq!(Receipt::parse(&receipt.tag()), Some(receipt));
        }
    }

    #[test]
    fn a_tag_that_nothing_gave_is_unreadable() {
        let tag = receipt(None).tag();
        for bad in [
            "",
            "abc",
            &tag[1..],
            &format!("{tag}A"),
            &format!("B{}", &tag[1..]),
        ] {
            assert_eq!(Receipt::parse(bad), None, "{bad}");
        }
    }
}
