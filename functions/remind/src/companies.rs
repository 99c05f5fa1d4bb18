//! Goes through the list of companies, some at a time, for as long as a run may take.

use std::time::{Duration, Instant};

use countersign_domain::id::CompanyId;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::companies::ListedCompany;

/// How many companies, or claims, are handled side by side.
pub(crate) const LANES: usize = 8;
/// After this long a run starts no further leg; the next call finds the rest. The function's own time limit is 15 minutes.
const BUDGET: Duration = Duration::from_mins(12);

/// A way through the list.
pub(crate) struct Legs<'a> {
    app: &'a App,
    length: usize,
    started: Instant,
    reached: Option<CompanyId>,
    is_through: bool,
}

/// What comes next on the way.
pub(crate) enum Next {
    /// These companies.
    Leg(Vec<ListedCompany>),
    /// Nothing: every company was listed.
    Through,
    /// Nothing in this run: its time is up.
    OutOfTime,
}

impl<'a> Legs<'a> {
    /// Starts after a company, or at the first one. A leg has `length` companies.
    pub(crate) fn new(app: &'a App, length: usize, after: Option<CompanyId>) -> Self {
        Self {
            app,
            length,
            started: Instant::now(),
            reached: after,
            is_through: false,
        }
    }

    /// Whether the last leg has been listed.
    pub(crate) fn is_through(&self) -> bool {
        self.is_through
    }

    /// Lists the next leg.
    pub(crate) async fn next(&mut self) -> Result<Next, StoreError> {
        if self.is_through {
            return Ok(Next::Through);
        }
        if self.started.elapsed() > BUDGET {
            return Ok(Next::OutOfTime);
        }
        let store = self.app.store();
        let leg = store.companies(self.reached.as_ref(), Some(self.length)).await?;
        self.is_through = leg.len() < self.length;
        self.reached = leg.last().map(|company| company.id.clone());
        Ok(Next::Leg(leg))
    }
}
