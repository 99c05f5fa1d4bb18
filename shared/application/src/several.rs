//! One step on several requests, each a command of its own.

use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use futures_util::stream::{self, StreamExt as _};

use crate::access::Caller;
use crate::execute::{Command, Payload, Rejection, Subject, execute};

/// How many commands run side by side.
const SIDE_BY_SIDE: usize = 4;

/// A request that the caller picked from a list, as they read it there.
#[derive(Debug, Clone)]
pub struct Picked {
    /// The request.
    pub id: RequestId,
    /// The tag of the version that the list showed.
    pub tag: String,
}

/// What became of a request that was picked.
#[derive(Debug)]
pub struct Outcome {
    /// The request.
    pub picked: Picked,
    /// `Ok` if the step was taken.
    pub result: Result<(), Rejection>,
}

/// Claims requests, in the order in which they were picked. One that can't be claimed does not keep the caller from the
/// others. A repeat with the same key claims nothing twice and has the same outcome.
pub async fn claim(app: &App, caller: &Caller, picked: Vec<Picked>, key: &str) -> Vec<Outcome> {
    take(app, caller, Action::Claim, picked, key).await
}

async fn take(app: &App, caller: &Caller, action: Action, picked: Vec<Picked>, key: &str) -> Vec<Outcome> {
    let take = |picked: Picked| async move {
        let Picked { id, tag } = &picked;
        let command = Command {
            subject: Subject::Request(*id),
            action,
            actor: caller.actor(),
            receipt: Receipt::parse(tag).into(),
            payload: Payload::Message(None),
            key: Some(caller.command_key(key, &format!("{} {id}", action.as_str()), tag.as_bytes())),
        };
        let result = execute(app, command).await.map(|_| ());
        Outcome { picked, result }
    };
    stream::iter(picked.into_iter().map(take))
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await
}
