//! Every row of the workflow's table, on the real engine. When one of its guards is broken, the row is refused with
//! that guard's reason, and its transaction contains what the row says it writes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod events;
mod guards;
mod play;
mod writes;
