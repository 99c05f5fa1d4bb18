//! A whole number with limits.

use serde_json::{Value as Json, json};

use super::{Context, Kind, Stage};
use crate::character::narrow;
use crate::fault::FaultKind;
use crate::id::ParticipantId;

/// A whole number.
#[derive(Debug)]
pub struct WholeNumber {
    /// The smallest number allowed.
    pub min: u32,
    /// The largest number allowed.
    pub max: u32,
}

impl Kind for WholeNumber {
    fn read(&self, sent: &Json, _context: &Context<'_>) -> Result<Json, FaultKind> {
        let refused = FaultKind::Number {
            min: self.min,
            max: self.max,
        };
        let number = sent.as_u64().and_then(|number| u32::try_from(number).ok());
        match number.filter(|number| (self.min..=self.max).contains(number)) {
            Some(number) => Ok(json!(number)),
            None => Err(refused),
        }
    }

    fn blank(&self) -> Json {
        Json::Null
    }

    fn typed(&self, text: &str) -> Json {
        let digits = narrow(text);
        match digits.trim() {
            "" => Json::Null,
            digits => digits
                .parse::<u32>()
                .map_or_else(|_| json!(text), |number| json!(number)),
        }
    }

    fn schema(&self, _stage: Stage, _user_id_suffix: &str) -> Json {
        json!({"type": ["integer", "null"], "minimum": self.min, "maximum": self.max})
    }

    fn example(&self, _participant: &ParticipantId, n: usize) -> Json {
        let n = u32::try_from(n).unwrap_or_default();
        json!(self.min.saturating_add(n).min(self.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::testing::read;

    #[test]
    fn a_number_is_whole_and_within_its_limits() {
        let kind = WholeNumber { min: 1, max: 20 };
        assert_eq!(read(&kind, &json!(20)), Ok(json!(20)));
        for bad in [
            json!(0),
            json!(21),
            json!(1.5),
            json!(-1),
            json!("3"),
            json!(u64::MAX),
        ] {
            let refused = FaultKind::Number { min: 1, max: 20 };
            assert_eq!(read(&kind, &bad), Err(refused), "{bad}");
        }
    }

    #[test]
    fn a_number_that_was_typed_may_be_full_width_or_left_out() {
        let kind = WholeNumber { min: 1, max: 20 };
        assert_eq!(kind.typed(" １２ "), json!(12));
        assert_eq!(kind.typed(" "), Json::Null);
        assert_eq!(kind.typed("a few"), json!("a few"));
    }
}
