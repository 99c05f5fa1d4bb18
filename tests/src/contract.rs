//! Being written.

/// Being written.
pub fn check(_: &str, _: &str, _: u16, _: Option<&str>, _: &serde_json::Value) {}
