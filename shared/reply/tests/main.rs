//! Replies as mail programs, attackers and chance write them. They are one program, so that its dependencies are linked
//! once; `memory.rs` measures and has a process of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod attacks;
mod chunks;
mod corpus;
mod decisions;
mod html;
mod random;
mod replies;
mod samples;
mod words;
