//! What a person can do here: commands, and reads of what they may see. Knows no HTTP and no page.

pub mod access;
pub mod execute;
pub mod people;
pub mod readiness;
pub mod register;
pub mod requests;
