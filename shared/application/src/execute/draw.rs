//! What a command draws: the ID of a new request, and salts.

use countersign_domain::commitment::Salt;
use countersign_domain::history::CommandKey;
use countersign_domain::id::{Digest, RequestId};
use countersign_domain::workflow::Action;
use countersign_platform::store::StoreError;
use jiff::Timestamp;

use super::{Command, Subject};

/// Returns the request that a command changes: its subject, or the one that it creates. A command with an idempotency
/// key always creates the same ID, so that a repeat finds it.
pub(super) fn target(command: &Command, now: Timestamp) -> RequestId {
    match (command.subject, command.action) {
        (Subject::New, _) | (Subject::Request(_), Action::Clone) => new_id(command.key.as_ref(), now),
        (Subject::Request(id), _) => id,
    }
}

fn new_id(command: Option<&CommandKey>, now: Timestamp) -> RequestId {
    if let Some(command) = command {
        let digest = Digest::of(format!("request of {}", command.key).as_bytes());
        let mut octets = [0; 16];
        octets.copy_from_slice(&digest.as_bytes()[..16]);
        return RequestId::from_bytes(octets);
    }
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
    RequestId::from_parts(milliseconds, random())
}

/// Draws a salt. Without a random one, nothing is written.
pub(super) fn salt() -> Result<Salt, StoreError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|_| StoreError::Busy)?;
    Ok(Salt::from_bits(u128::from_be_bytes(bits)))
}

/// Returns 128 random bits. The system's source never fails on Lambda's platforms, and the store would refuse a
/// duplicate ID.
fn random() -> u128 {
    let high = u128::from(getrandom::u64().unwrap_or_default());
    high << 64 | u128::from(getrandom::u64().unwrap_or_default())
}
