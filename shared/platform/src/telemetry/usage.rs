//! Counts what a piece of work asks of the store. Work that runs side by side in one process is counted apart, as long as
//! it stays in its own task.

use std::cell::Cell;
use std::ops::{Add, AddAssign};

tokio::task_local! {
    static USED: Cell<Usage>;
}

/// Calls of DynamoDB and the units that they consumed. A write whose condition fails consumes units too, and DynamoDB does
/// not say how many, so these are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// How often the table was called. Each attempt counts.
    pub calls: u32,
    /// The read units.
    pub read_units: f64,
    /// The write units, of the table and its indexes.
    pub write_units: f64,
}

impl Add for Usage {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(more.calls),
            read_units: self.read_units + more.read_units,
            write_units: self.write_units + more.write_units,
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, more: Self) {
        *self = *self + more;
    }
}

/// Does a piece of work and returns what it used as well. Work of which it is a part has used that, too.
pub fn measure<T>(work: impl Future<Output = T>) -> impl Future<Output = (T, Usage)> {
    // Boxed, since each future around it would hold it anew, and one that calls the table is large.
    let work = Box::pin(work);
    async move {
        let counted = async {
            let output = work.await;
            (output, USED.with(Cell::get))
        };
        let (output, used) = USED.scope(Cell::default(), counted).await;
        add(used);
        (output, used)
    }
}

/// Adds to what the work that is being done has used. Does nothing outside such work.
pub(crate) fn add(more: Usage) {
    let _ = USED.try_with(|used| used.set(used.get() + more));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(calls: u32) -> Usage {
        Usage {
            calls,
            read_units: 0.5,
            write_units: f64::from(calls),
        }
    }

    async fn used(times: u32) -> Usage {
        let ((), used) = measure(async {
            for _ in 0..times {
                add(calls(1));
                tokio::task::yield_now().await;
            }
        })
        .await;
        used
    }

    #[tokio::test]
    async fn work_side_by_side_is_counted_apart_and_all_of_it_in_what_it_is_part_of() {
        let whole = async {
            let parts = tokio::join!(used(1), used(5));
            add(calls(1));
            parts
        };
        let ((one, five), all) = measure(whole).await;
        assert_eq!((one.calls, five.calls, all.calls), (1, 5, 7));
        assert_eq!((five.write_units, five.read_units), (5.0, 2.5));
        assert_eq!((all.write_units, all.read_units), (7.0, 3.5));
        let elsewhere = tokio::spawn(used(3));
        assert_eq!(elsewhere.await.map(|used| used.calls).ok(), Some(3));
    }
}
