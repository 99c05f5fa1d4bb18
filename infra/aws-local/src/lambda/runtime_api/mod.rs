//! Stands in for Lambda's runtime API: functions as programs of their own. Each runs in an execution environment, which is
//! a process that asks for its events over HTTP and has the environment that Lambda would give it, and no other.

mod endpoint;
mod environment;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::sync::Semaphore;

use super::{FunctionError, Invoke};
use crate::cloudformation::Function;
use crate::{ACCOUNT, REGION};
use environment::{ExecutionEnvironment, Outcome};

/// The target of what a program writes to its log, a line each.
pub const LOG_TARGET: &str = "aws_local::lambda::log";

/// The most processes of one function. A call beyond them waits; on AWS, the account's concurrency sets the limit.
const MOST_PROCESSES: usize = 8;

/// A function's program, and what it is started with.
#[derive(Debug, Clone)]
pub struct Program {
    name: String,
    arn: String,
    path: PathBuf,
    environment: BTreeMap<String, String>,
    timeout: Duration,
}

impl Program {
    /// The program at this path for a function of the template. `environment` is what the program finds besides what
    /// Lambda itself sets.
    pub fn new(function: &Function, path: PathBuf, environment: BTreeMap<String, String>) -> Self {
        let name = &function.logical_id;
        let root = path.parent().map(|folder| folder.display().to_string());
        let of_lambda = [
            ("AWS_DEFAULT_REGION", REGION.to_owned()),
            ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory.to_string()),
            ("AWS_LAMBDA_FUNCTION_NAME", name.clone()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
            ("LAMBDA_TASK_ROOT", root.unwrap_or_default()),
            ("TZ", ":UTC".to_owned()),
            ("_HANDLER", "bootstrap".to_owned()),
        ];
        let mut environment = environment;
        environment.extend(of_lambda.map(|(name, value)| (name.to_owned(), value)));
        Self {
            arn: format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"),
            name: function.binary.clone(),
            path,
            environment,
            timeout: function.timeout,
        }
    }
}

/// The processes of one function: one for each call that is under way, and those that wait for the next.
pub struct Processes {
    program: Program,
    /// `None` once they have been stopped.
    idle: Mutex<Option<Vec<ExecutionEnvironment>>>,
    places: Semaphore,
}

impl Processes {
    /// Starts a first process. If its INIT fails, the error says why, in one line.
    pub async fn start(program: Program) -> Result<Arc<Self>, String> {
        let first = ExecutionEnvironment::start(&program).await?;
        Ok(Arc::new(Self {
            program,
            idle: Mutex::new(Some(vec![first])),
            places: Semaphore::new(MOST_PROCESSES),
        }))
    }

    /// Returns the function that event sources call.
    pub fn function(self: Arc<Self>) -> Invoke {
        Arc::new(move |event| {
            let processes = self.clone();
            Box::pin(async move { processes.invoke(&event).await })
        })
    }

    /// Calls the function in a process that waits, or in a new one. A process that ends or takes too long fails its call,
    /// and the next call gets another.
    async fn invoke(&self, event: &Json) -> Result<Json, FunctionError> {
        let _place = self.places.acquire().await.map_err(|_| FunctionError)?;
        let mut environment = match self.waiting()? {
            Some(environment) => environment,
            None => ExecutionEnvironment::start(&self.program)
                .await
                .map_err(|reason| self.failed(&reason))?,
        };
        match environment.call(event, &self.program).await {
            Outcome::Answered(answer) => {
                if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    idle.push(environment);
                }
                answer
            }
            Outcome::Lost(reason) => Err(self.failed(&reason)),
        }
    }

    /// A process that waits for a call.
    fn waiting(&self) -> Result<Option<ExecutionEnvironment>, FunctionError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = idle.as_mut().ok_or(FunctionError)?;
        idle.retain(|environment| !environment.has_ended());
        Ok(idle.pop())
    }

    fn failed(&self, reason: &str) -> FunctionError {
        tracing::warn!(
            function = self.program.name,
            reason,
            "a function's process failed"
        );
        FunctionError
    }

    /// Ends every process that waits; one that works ends after its call.
    pub fn stop(&self) {
        let stopped = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(stopped);
    }
}
