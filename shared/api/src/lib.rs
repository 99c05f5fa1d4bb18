//! The JSON face that the API's functions share: commands read from calls, answers and refusals as JSON.

mod problem;
mod read;
pub mod view;

pub use problem::{denied, invalid, rejected};
pub use read::{caller, caller_with_a_right, command_key, command_of, message, no_message};
