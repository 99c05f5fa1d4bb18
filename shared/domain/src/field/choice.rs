//! A choice from several options.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Context, Kind, Stage};
use crate::campaign::Campaign;
use crate::fault::{FaultKind, JsonType, NamedOption};
use crate::id::ParticipantId;
use crate::language::{Bilingual, Language};
use crate::time;

/// A choice from several options.
#[derive(Debug)]
pub struct Choice {
    /// The options, in the order in which they are shown.
    pub options: &'static [ChoiceOption],
    /// Whether the first offered option is selected by default.
    pub preselected: bool,
}

/// An option of a choice.
#[derive(Debug)]
pub struct ChoiceOption {
    /// The value on the wire.
    pub value: &'static str,
    /// The name that people read.
    pub label: Bilingual,
    /// When it can be chosen.
    pub offered: Offered,
}

/// When an option can be chosen.
#[derive(Debug, Clone, Copy)]
pub struct Offered {
    /// The first day; `None` for no start.
    pub from: Option<Milestone>,
    /// The first day on which it is no longer offered; `None` for no end.
    pub until: Option<Milestone>,
}

/// A day from which an option is offered, or no longer offered.
#[derive(Debug, Clone, Copy)]
pub enum Milestone {
    /// The day on which the parallel run starts, once it is known.
    ParallelRun,
    /// A calendar day.
    Day(Date),
}

/// Today, and the date that options wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestones {
    today: Date,
    parallel_run: Option<Date>,
}

impl Milestones {
    /// The milestones at a time.
    pub fn at(campaign: &Campaign, now: Timestamp) -> Self {
        Self {
            today: time::day_of(now),
            parallel_run: campaign.parallel_run(),
        }
    }

    fn has_reached(self, milestone: Milestone) -> bool {
        let day = match milestone {
            Milestone::ParallelRun => self.parallel_run,
            Milestone::Day(day) => Some(day),
        };
        day.is_some_and(|day| day <= self.today)
    }
}

impl Offered {
    /// At any time.
    pub const ALWAYS: Self = Self {
        from: None,
        until: None,
    };

    /// From the start of the parallel run.
    pub const FROM_PARALLEL_RUN: Self = Self {
        from: Some(Milestone::ParallelRun),
        until: None,
    };

    fn holds(self, milestones: Milestones) -> bool {
        self.from.is_none_or(|from| milestones.has_reached(from))
            && !self.until.is_some_and(|until| milestones.has_reached(until))
    }
}

impl ChoiceOption {
    fn named(&self) -> NamedOption {
        NamedOption {
            value: self.value,
            label: self.label,
        }
    }
}

impl Choice {
    /// The options that can be chosen; all of them without milestones.
    pub fn offered(&self, milestones: Option<Milestones>) -> impl Iterator<Item = &'static ChoiceOption> {
        self.options
            .iter()
            .filter(move |option| milestones.is_none_or(|now| option.offered.holds(now)))
    }

    /// The option that is selected by default.
    pub fn preselection(&self, milestones: Option<Milestones>) -> Option<&'static str> {
        let first = self.offered(milestones).next().filter(|_| self.preselected);
        first.map(|option| option.value)
    }

    fn option(&self, value: &Json) -> Option<&'static ChoiceOption> {
        let is_it = |option: &&ChoiceOption| value.as_str() == Some(option.value);
        self.options.iter().find(is_it)
    }
}

impl Kind for Choice {
    fn read(&self, sent: &Json, context: &Context<'_>) -> Result<Json, FaultKind> {
        let sent = sent.as_str().ok_or(FaultKind::NotA(JsonType::Text))?;
        if sent.is_empty() && !self.preselected {
            return Ok(json!(""));
        }
        let offered = || self.offered(context.milestones);
        match offered().find(|option| sent == option.value) {
            Some(option) => Ok(json!(option.value)),
            None => Err(FaultKind::NotAnOption(
                offered().map(ChoiceOption::named).collect(),
            )),
        }
    }

    fn shown(&self, value: &Json, language: Language) -> String {
        match self.option(value) {
            Some(option) => option.label.text(language).to_owned(),
            None => super::text_of(value),
        }
    }

    fn schema(&self, stage: Stage, _user_id_suffix: &str) -> Json {
        let mut values: Vec<Json> = self.options.iter().map(|option| json!(option.value)).collect();
        if !self.preselected {
            values.push(json!(""));
        }
        match stage {
            Stage::Sent => {
                values.push(Json::Null);
                json!({"type": ["string", "null"], "enum": values})
            }
            Stage::Kept => json!({"type": "string", "enum": values}),
        }
    }

    fn example(&self, _participant: &ParticipantId, n: usize) -> Json {
        json!(
            self.options
                .get(n % self.options.len().max(1))
                .map_or("", |option| option.value)
        )
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::contact::UserIdRule;
    use crate::language::both;

    static KIND: Choice = Choice {
        options: &[
            ChoiceOption {
                value: "Now",
                label: both("Now", "現在"),
                offered: Offered {
                    from: None,
                    until: Some(Milestone::Day(date(2023, 6, 1))),
                },
            },
            ChoiceOption {
                value: "Later",
                label: both("Later", "稍後"),
                offered: Offered::FROM_PARALLEL_RUN,
            },
        ],
        preselected: true,
    };

    fn offered_on(today: Date, parallel_run: Option<Date>) -> Vec<&'static str> {
        let milestones = Milestones { today, parallel_run };
        KIND.offered(Some(milestones))
            .map(|option| option.value)
            .collect()
    }

    #[test]
    fn an_option_is_offered_from_its_first_day_to_the_day_before_its_end() {
        let run = Some(date(2023, 5, 2));
        assert_eq!(offered_on(date(2023, 5, 1), run), ["Now"]);
        assert_eq!(offered_on(date(2023, 5, 2), run), ["Now", "Later"]);
        assert_eq!(offered_on(date(2023, 5, 31), None), ["Now"]);
        assert_eq!(offered_on(date(2023, 6, 1), run), ["Later"]);
        assert_eq!(KIND.offered(None).count(), 2);
    }

    #[test]
    fn an_option_that_is_not_offered_is_refused_with_those_that_are() {
        let rule = UserIdRule::new("X").unwrap();
        let context = Context {
            user_ids: &rule,
            participant: None,
            milestones: Some(Milestones {
                today: date(2023, 5, 1),
                parallel_run: None,
            }),
        };
        assert_eq!(
            KIND.read(&json!("Later"), &context),
            Err(FaultKind::NotAnOption(vec![NamedOption {
                value: "Now",
                label: both("Now", "現在"),
            }]))
        );
        assert_eq!(KIND.read(&json!("Now"), &context), Ok(json!("Now")));
        assert_eq!(KIND.shown(&json!("Later"), Language::TraditionalChinese), "稍後");
    }
}
