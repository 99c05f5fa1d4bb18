//! Stand-ins for AWS on this machine, each named as AWS names the service. [`cloudformation`] reads the SAM template that
//! says what there is of each; whoever embeds them brings the functions and puts the stand-ins around them.
//!
//! Cognito's API for administrators, DynamoDB, EventBridge, SES and S3 answer on their real wires, so the functions use the
//! real SDK. A call of Lambda is a call of an [`Invoke`](lambda::Invoke) with the event that AWS would send.

#![allow(missing_docs, reason = "read by this workspace alone")]

pub mod api_gateway;
pub mod cloudformation;
pub mod cognito;
pub mod dynamodb;
pub mod event_pattern;
pub mod eventbridge;
pub mod files;
pub mod iam;
pub mod lambda;
pub mod origin;
pub mod problem;
pub mod s3;
pub mod scheduler;
pub mod server;
pub mod ses;
pub mod sns;
pub mod sqs;

mod clock;
mod error;
mod random;
#[cfg(test)]
mod testing;

pub use clock::Clock;
pub use error::{Error, one_line};

/// The region that the stack is in.
pub const REGION: &str = "ap-southeast-1";

/// The account that the stack is in.
pub const ACCOUNT: &str = "000000000000";
