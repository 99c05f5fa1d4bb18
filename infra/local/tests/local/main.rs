//! The runner from outside: what it answers, how it starts and stops, and what a kill leaves behind.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers end it where something is not as it has to be"
)]

mod damaged;
mod gateway;
mod inbound;
mod killed;
mod lines;
mod logs;
mod mail;
mod objects;
mod process;
mod reply;
mod schedules;
mod start;
mod support;
