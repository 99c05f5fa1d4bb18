//! What changed since a checker last saw a request.

use countersign_application::people;
use countersign_application::requests;
use countersign_application::seen::Seen;
use countersign_domain::form::difference;
use countersign_domain::history::HistoryRow;
use countersign_domain::workflow::Action;
use countersign_platform::store::requests::StoredRequest;

use crate::difference::Difference;
use crate::reply::Stop;
use crate::visit::Visit;

/// Compares the form with the one that the reader saw last, if another person has saved it since. Otherwise compares it
/// with the form that was last submitted, if it has been saved again since. `None` if neither is the case.
pub(crate) async fn changed(
    visit: &Visit,
    request: &StoredRequest,
    seen: Option<&Seen>,
) -> Result<Option<Difference>, Stop> {
    let w = visit.words();
    let reader = &visit.caller_with_a_right()?.member.person.id;
    let by_another = last_save(&request.history).is_some_and(|row| row.actor.id != *reader);
    let own = seen.and_then(|seen| seen.form_before).filter(|_| by_another);
    let (version, title) = match (own, last_seen(&request.history)) {
        (Some(version), _) => (version, w.on_desk.changed_since_seen),
        (None, Some(version)) => (version, w.changed_title),
        (None, None) => return Ok(None),
    };
    let Some(kept) = requests::form_of_version(&visit.app, request, version).await? else {
        return Ok(None);
    };
    let head = &request.stored.head;
    let names = people::names(&visit.app, &head.company, head.eservice).await?;
    let (before, after) = (kept.shown(w.language)?, request.form.shown(w.language)?);
    Ok(Some(Difference {
        title,
        before: w.changed_before,
        after: w.changed_after,
        rows: difference(head.eservice.definition(), &before, &after, &names, w.language),
    }))
}

/// The version of the save that checkers saw before the last save; `None` if they saw none, or nothing came after.
fn last_seen(history: &[HistoryRow]) -> Option<u32> {
    let last_save = last_save(history)?;
    let seen = history
        .iter()
        .rfind(|row| row.action == Action::Submit && row.version < last_save.version)?;
    let of_it = history
        .iter()
        .rfind(|row| row.saves_form() && row.version < seen.version)?;
    Some(of_it.version)
}

fn last_save(history: &[HistoryRow]) -> Option<&HistoryRow> {
    history.iter().rfind(|row| row.saves_form())
}

#[cfg(test)]
mod tests {
    use countersign_domain::actor::Person;
    use countersign_domain::commitment::Salt;
    use countersign_domain::eservice::EServiceId;
    use countersign_domain::history::RowSalts;
    use countersign_domain::id::{Digest, RequestId};
    use countersign_domain::request::{Checks, StateName};

    use super::*;

    fn history(actions: &[Action]) -> Vec<HistoryRow> {
        let row = |(version, action): (u32, &Action)| HistoryRow {
            request: RequestId::from_bytes([0; 16]),
            eservice: EServiceId::Da3,
            version,
            action: *action,
            actor: Person::clock(),
            at: jiff::Timestamp::UNIX_EPOCH,
            from: None,
            to: StateName::Draft,
            checks: Checks::One,
            message: None,
            handed_to: None,
            reference: None,
            cloned_from: None,
            form_hash: Digest::ZERO,
            previous: Digest::ZERO,
            command: None,
            seals: RowSalts {
                name: Salt::from_bits(0),
                message: Salt::from_bits(0),
                handed_to: Salt::from_bits(0),
            }
            .seals(None, None),
        };
        (1..).zip(actions).map(row).collect()
    }

    #[test]
    fn the_version_that_checkers_saw_is_the_one_that_was_submitted_before_the_last_save() {
        use Action::{Claim, Clone, Return, Save, Submit};
        for (actions, seen) in [
            (vec![Save], None),
            (vec![Save, Submit, Claim], None),
            (vec![Save, Save, Submit, Claim, Return], None),
            (
                vec![Save, Save, Submit, Claim, Return, Save, Save, Submit],
                Some(2),
            ),
            (
                vec![Clone, Submit, Claim, Return, Save, Submit, Claim, Return, Save],
                Some(5),
            ),
        ] {
            assert_eq!(last_seen(&history(&actions)), seen, "{actions:?}");
        }
    }
}
