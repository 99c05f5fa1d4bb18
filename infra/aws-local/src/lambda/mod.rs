//! Stands in for Lambda: functions, their asynchronous invocation and the event source mappings that call them.

pub mod event_source_mapping;
pub mod runtime_api;

mod async_invocation;
mod endpoint;
mod target;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value as Json;

pub use async_invocation::{AsyncTarget, UnderWay};
pub use endpoint::router;
pub use target::EventTarget;

/// A function as Lambda sees it: an event in, an answer out.
pub type Invoke =
    Arc<dyn Fn(Json) -> Pin<Box<dyn Future<Output = Result<Json, FunctionError>> + Send>> + Send + Sync>;

/// The functions by the program that each runs.
pub type Functions = BTreeMap<&'static str, Invoke>;

/// A function failed. What went wrong is in its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the function failed; see its log")]
pub struct FunctionError;
