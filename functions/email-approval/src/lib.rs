//! Approvals by mail: a checker answers the mail that told of a request, and the answer claims and confirms it.
//!
//! What the message says is read without any I/O, so that it can be tested, and fuzzed, on its own.

pub mod message;
