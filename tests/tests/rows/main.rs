//! Every row of the workflow's table, on the real engine: each of its guards broken alone is refused with that row's
//! reason, and what it says it writes is what its transaction holds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod guards;
mod play;
mod writes;
