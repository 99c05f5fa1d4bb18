//! A company with too few people: one makes a request, and others have to check it.

use serde::{Deserialize, Serialize};

/// That so few of a company's people are there that none of its requests can get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// How many people a request takes: its maker and its checkers.
    pub needed: usize,
    /// How many people with the right are there.
    pub there: usize,
    /// How many people with the right are away.
    pub away: usize,
}

impl Shortage {
    /// Counts people with the right, each given by whether they are away, for requests that need so many checkers. `None`
    /// if they are enough.
    pub fn of(are_away: impl IntoIterator<Item = bool>, checkers: u8) -> Option<Self> {
        let (away, there): (Vec<bool>, Vec<bool>) = are_away.into_iter().partition(|is_away| *is_away);
        let shortage = Self {
            needed: usize::from(checkers) + 1,
            there: there.len(),
            away: away.len(),
        };
        (shortage.there < shortage.needed).then_some(shortage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maker_and_every_checker_have_to_be_there() {
        let shortage = |people: &[bool], checkers| {
            let found = Shortage::of(people.iter().copied(), checkers);
            found.map(|shortage| (shortage.needed, shortage.there, shortage.away))
        };
        assert_eq!(shortage(&[false, false], 1), None);
        assert_eq!(shortage(&[false, true], 1), Some((2, 1, 1)));
        assert_eq!(shortage(&[false], 1), Some((2, 1, 0)));
        assert_eq!(shortage(&[false, false, true], 2), Some((3, 2, 1)));
        assert_eq!(shortage(&[false, false, false], 2), None);
        assert_eq!(shortage(&[], 1), Some((2, 0, 0)));
    }
}
