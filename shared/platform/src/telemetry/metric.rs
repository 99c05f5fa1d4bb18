//! The list of the product's metrics. What is on the dashboard or behind an alarm has to be on it.

/// The namespace of the metrics. The dimension `Stack` keeps two stacks of an account apart.
pub const NAMESPACE: &str = "Countersign";

/// A metric: its name, its unit, and the names of its dimensions. Every combination of a metric with values of its
/// dimensions is billed as a metric of its own, so no dimension has many values (docs/COST.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// The name, which is also that of the line's field with the value.
    pub name: &'static str,
    /// The unit, as CloudWatch spells it.
    pub unit: &'static str,
    /// The names of the dimensions, which are also fields of the line.
    pub dimensions: &'static [&'static str],
}

/// The dimensions of everything that is counted for the stack as a whole.
const STACK: &[&str] = &["Stack"];

/// Steps that were asked for, by action and [`Outcome`].
pub const STEPS: Metric = Metric {
    name: "Steps",
    unit: "Count",
    dimensions: &["Stack", "Action", "Outcome"],
};
/// How long a step took, whatever came of it.
pub const STEP_TIME: Metric = Metric {
    name: "StepTime",
    unit: "Milliseconds",
    dimensions: STACK,
};
/// The read units that a call consumed.
pub(super) const READ_UNITS: Metric = Metric {
    name: "ReadUnits",
    unit: "Count",
    dimensions: STACK,
};
/// The write units that a call consumed.
pub(super) const WRITE_UNITS: Metric = Metric {
    name: "WriteUnits",
    unit: "Count",
    dimensions: STACK,
};

impl Metric {
    /// Every metric that the product writes.
    pub fn all() -> impl Iterator<Item = Self> {
        let counted = Count::ALL.into_iter().map(Count::metric);
        [STEPS, STEP_TIME, READ_UNITS, WRITE_UNITS]
            .into_iter()
            .chain(counted)
    }
}

/// Something that a call counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
pub enum Count {
    /// E-mails that SES took.
    MailsSent,
    /// E-mails that were not sent, since nothing can be sent to their address.
    MailsHeld,
    /// E-mails that could not be sent this time.
    MailsFailed,
    /// Replies that took a step.
    RepliesTaken,
    /// Replies that took none, of checkers who are told why.
    RepliesDeclined,
    /// Replies of which nobody is told.
    RepliesIgnored,
    /// Sign-ins and token refreshes of people or systems that are not in the directory.
    SignInsRefused,
    /// People for whom a reminder was made.
    Reminders,
}

impl Count {
    /// Everything that is counted.
    pub const ALL: [Self; 8] = [
        Self::MailsSent,
        Self::MailsHeld,
        Self::MailsFailed,
        Self::RepliesTaken,
        Self::RepliesDeclined,
        Self::RepliesIgnored,
        Self::SignInsRefused,
        Self::Reminders,
    ];

    /// Its metric.
    pub fn metric(self) -> Metric {
        Metric {
            name: self.into(),
            unit: "Count",
            dimensions: STACK,
        }
    }
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    /// It was taken.
    Done,
    /// It had been taken before; the first answer was given again.
    Repeated,
    /// It was refused.
    Refused,
    /// The store gave no answer.
    Failed,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Done, Self::Repeated, Self::Refused, Self::Failed];

    /// The value of the dimension.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
