//! A company's own systems: how often they may call.

use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::calls::COUNTED_SECONDS;

use crate::access::Caller;

/// Counts a system's call. Returns in how many seconds it may go on, if it has made as many as it may in this minute.
pub async fn count_call(app: &App, caller: &Caller) -> Result<Option<u16>, StoreError> {
    let (member, now) = (&caller.member, app.now());
    // The template gives every function that systems call the number.
    let most = app.config().system_calls_per_minute.unwrap_or_default();
    let store = app.store();
    let may_go_on = store
        .count_call(&member.company, &member.person.id, most, now)
        .await?;
    let left = COUNTED_SECONDS - now.as_second().rem_euclid(COUNTED_SECONDS);
    let left = u16::try_from(left).unwrap_or(u16::MAX);
    Ok((!may_go_on).then_some(left))
}
