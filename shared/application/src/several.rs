//! One step on several requests, each a command of its own.

use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use futures_util::stream::{self, StreamExt as _};

use crate::access::Caller;
use crate::execute::{Command, Payload, Rejection, Subject, execute};
use crate::seen;

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
    pub result: Result<(), Untaken>,
}

/// Why the step was not taken on a request.
#[derive(Debug)]
pub enum Untaken {
    /// The caller has not opened the request at the version that they picked.
    NotOpened,
    /// The command was not carried out.
    Rejected(Rejection),
}

/// Claims requests, in the order in which they were picked. One that can't be claimed does not keep the caller from the
/// others. A repeat with the same key claims nothing twice and has the same outcome.
pub async fn claim(app: &App, caller: &Caller, picked: Vec<Picked>, key: &str) -> Vec<Outcome> {
    let picked = picked.into_iter().map(|picked| (picked, true)).collect();
    take(app, caller, Action::Claim, picked, key).await
}

/// Confirms requests in the same way, but only those that the caller opened at exactly the version that they picked:
/// nobody confirms what they have not read.
pub async fn confirm(
    app: &App,
    caller: &Caller,
    picked: Vec<Picked>,
    key: &str,
) -> Result<Vec<Outcome>, StoreError> {
    let ids = picked.iter().map(|picked| picked.id).collect();
    let seen = seen::of_each(app, caller, &ids).await?;
    let is_opened = |picked: &Picked| {
        let version = Receipt::parse(&picked.tag).map(|receipt| receipt.version);
        version.is_some() && version == seen.get(&picked.id).map(|seen| seen.version)
    };
    let picked = picked
        .into_iter()
        .map(|picked| {
            let is_opened = is_opened(&picked);
            (picked, is_opened)
        })
        .collect();
    Ok(take(app, caller, Action::Confirm, picked, key).await)
}

/// Takes a step on each request that may be taken.
async fn take(
    app: &App,
    caller: &Caller,
    action: Action,
    picked: Vec<(Picked, bool)>,
    key: &str,
) -> Vec<Outcome> {
    let take = |(picked, may): (Picked, bool)| async move {
        if !may {
            let result = Err(Untaken::NotOpened);
            return Outcome { picked, result };
        }
        let Picked { id, tag } = &picked;
        let command = Command {
            subject: Subject::Request(*id),
            action,
            actor: caller.actor(),
            receipt: Receipt::parse(tag).into(),
            payload: Payload::Message(None),
            key: Some(caller.command_key(key, &format!("{} {id}", action.as_str()), tag.as_bytes())),
        };
        let result = execute(app, command).await;
        let result = result.map(|_| ()).map_err(Untaken::Rejected);
        Outcome { picked, result }
    };
    stream::iter(picked.into_iter().map(take))
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await
}
