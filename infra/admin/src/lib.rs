//! The operator's tool: what `countersign-admin` does, for its command line and for tests.
//!
//! A subcommand is a module. It takes its own arguments, a [`Deployment`] if it works on one, and the place that it
//! writes to, and returns the process's exit code.

#![allow(missing_docs, reason = "read by this workspace alone")]

pub mod command;
pub mod credentials;
pub mod deployment;
pub mod doctor;
pub mod erase;
pub mod error;
pub mod export;
pub mod import;
mod private_file;
mod requests;
pub mod resend;
pub mod restore;
pub mod smoke;
pub mod verify;

pub use clap::Parser;
pub use command::Cli;
pub use deployment::Deployment;
pub use error::AdminError;
