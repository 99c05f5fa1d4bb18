//! Taking a step on several requests that were picked from a list, and telling what became of each.

use countersign_application::execute::Rejection;
use countersign_application::several::{Outcome, Picked, Untaken};
use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::{Action, Refusal};
use countersign_platform::store::StoreError;

use crate::body::Fields;
use crate::visit::Visit;
use crate::wording::Words;

/// The most requests that a page lets people pick.
const MOST_PICKED: usize = 100;

/// What became of requests that were picked.
pub(super) struct Told {
    /// How many of them the step was taken on.
    pub(super) sum: String,
    pub(super) taken: Vec<Line>,
    pub(super) not_taken: Vec<Line>,
}

pub(super) struct Line {
    pub(super) id: RequestId,
    pub(super) name: String,
    /// Why the step was not taken.
    pub(super) why: String,
}

/// The requests that a form picked, with the form's key. `None` if no page has such a form.
pub(super) fn pick(fields: &Fields) -> Option<(Vec<Picked>, &str)> {
    let key = Some(fields.get("key")).filter(|key| (1..=64).contains(&key.len()))?;
    let picked = fields.iter().filter(|(name, _)| *name == "pick");
    let picked: Vec<Picked> = picked
        .map(|(_, value)| {
            let (id, tag) = value.split_once(' ')?;
            Some(Picked {
                id: RequestId::parse(id)?,
                tag: tag.to_owned(),
            })
        })
        .collect::<Option<_>>()?;
    (picked.len() <= MOST_PICKED).then_some((picked, key))
}

impl Told {
    /// That nothing was picked.
    pub(super) fn nothing(visit: &Visit) -> Self {
        Self {
            sum: visit.words().on_lists.pick_first.to_owned(),
            taken: Vec::new(),
            not_taken: Vec::new(),
        }
    }

    pub(super) fn of(visit: &Visit, action: Action, outcomes: &[Outcome]) -> Self {
        let line = |outcome: &Outcome| Line {
            id: outcome.picked.id,
            name: name(&outcome.picked),
            why: match &outcome.result {
                Ok(()) => String::new(),
                Err(Untaken::NotOpened) => visit.words().on_lists.not_opened.to_owned(),
                Err(Untaken::Rejected(rejection)) => why(visit, action, rejection),
            },
        };
        let (taken, not_taken): (Vec<_>, Vec<_>) =
            outcomes.iter().partition(|outcome| outcome.result.is_ok());
        let w = visit.words().on_lists;
        Self {
            sum: (w.taken)(action, taken.len(), outcomes.len()),
            taken: taken.into_iter().map(line).collect(),
            not_taken: not_taken.into_iter().map(line).collect(),
        }
    }
}

/// What the list called a request.
fn name(picked: &Picked) -> String {
    let reference = Receipt::parse(&picked.tag).and_then(|receipt| receipt.reference);
    reference.map_or_else(|| picked.id.to_string(), |reference| reference.to_string())
}

fn why(visit: &Visit, action: Action, rejection: &Rejection) -> String {
    let w: &Words = visit.words();
    match rejection {
        Rejection::Refused {
            refusal: Refusal::Stale,
            ..
        }
        | Rejection::KeyReused => w.on_lists.no_longer.to_owned(),
        Rejection::Refused { refusal, .. } => {
            (w.refusal)(refusal, action, None, &visit.app.config().campaign)
        }
        Rejection::Store(error @ (StoreError::Busy | StoreError::Unavailable(_))) => {
            tracing::warn!(%error, "one of several");
            w.busy_text.to_owned()
        }
        Rejection::Store(error) => {
            tracing::error!(%error, "one of several");
            w.failed_title.to_owned()
        }
        Rejection::Invalid(_)
        | Rejection::NoOtherChecker(_)
        | Rejection::TokenEnded
        | Rejection::OnRecord => w.refused_title.to_owned(),
    }
}
