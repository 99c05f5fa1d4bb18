//! The JSON format that the API's functions share: reads commands from calls, and writes answers and refusals.

mod problem;
mod read;
pub mod systems;
pub mod view;

pub use problem::{denied, invalid, rejected};
pub use read::{caller, caller_with_a_right, command_key, command_of, message, no_message};
