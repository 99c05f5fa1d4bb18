//! Finding requests by a text.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::contact::UserId;
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::{ParticipantId, Reference, RequestId};
use countersign_domain::language::Language;
use countersign_domain::request::{Desk, DeskKind};
use countersign_domain::wording;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::MOST_FORMS;
use crate::access::Caller;
use crate::requests::List;

/// How many forms are read side by side.
const SIDE_BY_SIDE: usize = 16;

/// Returns the requests that a reference number names, if the caller may see them. The number may come without its
/// eService: then each eService's request with this number is meant. Takes an index lookup for each number.
pub(super) async fn named(app: &App, caller: &Caller, text: &str) -> Result<Vec<StoredHead>, StoreError> {
    let store = app.store();
    let ids = try_join_all(
        references(text)
            .iter()
            .map(|reference| store.by_reference(reference)),
    )
    .await?;
    visible(app, caller, ids.into_iter().flatten().collect()).await
}

fn references(text: &str) -> Vec<Reference> {
    let is_number = (1..=8).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_digit());
    match (Reference::parse_typed(text), text.parse()) {
        (Some(reference), _) => vec![reference],
        (None, Ok(number)) if is_number => EServiceId::ALL
            .into_iter()
            .filter_map(|eservice| Reference::new(eservice, number))
            .collect(),
        (None, _) => Vec::new(),
    }
}

/// Returns the request of a list that last took the lock of a User ID: the one under way, if there is one. Takes a
/// batch of the locks that the text can mean: one for each of the company's participants whose ID it starts with.
pub(super) async fn with_user_id(
    app: &App,
    caller: &Caller,
    list: &List,
    text: &str,
) -> Result<Vec<StoredHead>, StoreError> {
    let meant = user_ids(app, caller, text);
    let reads = meant.into_iter().map(async |(participant, user_id)| {
        let user_ids = BTreeSet::from([user_id]);
        app.store().requests_with_locks(&participant, &user_ids).await
    });
    let holders = try_join_all(reads).await?;
    let actor = caller.actor();
    let mut heads: Vec<StoredHead> = holders.into_iter().flat_map(BTreeMap::into_values).collect();
    heads.retain(|StoredHead { head, .. }| {
        let desk = head.state.name().desk();
        head.is_visible_to(&actor)
            && match list {
                List::Company(company) => head.company == *company,
                List::Desk(Desk::Company(company)) => {
                    head.company == *company && desk == Some(DeskKind::Checkers)
                }
                List::Desk(Desk::Exchange) | List::OwnThenDesk(_) => desk == Some(DeskKind::Exchange),
            }
    });
    Ok(heads)
}

/// The User IDs that a text can mean, each with its participant. An officer looks at any participant's.
fn user_ids(app: &App, caller: &Caller, text: &str) -> Vec<(ParticipantId, String)> {
    let rule = &app.config().user_id_rule;
    let own: BTreeSet<&ParticipantId> = caller.member.participantships.iter().map(|own| &own.id).collect();
    let ends = text.char_indices().map(|(end, _)| end);
    let participants = ends.filter_map(|end| ParticipantId::parse(&text[..end].to_uppercase()));
    participants
        .filter(|participant| caller.member.is_officer() || own.contains(participant))
        .filter_map(|participant| {
            let user_id = UserId::parse(text, &participant, rule).ok()?;
            Some((participant, user_id.to_string()))
        })
        .collect()
}

async fn visible(
    app: &App,
    caller: &Caller,
    ids: BTreeSet<RequestId>,
) -> Result<Vec<StoredHead>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (mut heads, actor) = (app.store().heads(&ids).await?, caller.actor());
    heads.retain(|stored| stored.head.is_visible_to(&actor));
    Ok(heads)
}

/// Returns those of the requests whose row or whose form contains a text. Says whether there were more forms than it
/// looked into. Takes a query for each form.
pub(super) async fn containing(
    app: &App,
    caller: &Caller,
    text: &str,
    heads: Vec<StoredHead>,
) -> Result<(Vec<StoredHead>, bool), StoreError> {
    let text = text.to_lowercase();
    let rest: Vec<RequestId> = heads
        .iter()
        .filter(|stored| !row_contains(stored, &text))
        .map(|stored| stored.head.id)
        .collect();
    let is_bounded = rest.len() > MOST_FORMS;
    let look = |id: RequestId| {
        let text = text.clone();
        async move {
            let contains = form_contains(app, caller, id, &text).await?;
            Ok::<_, StoreError>(contains.then_some(id))
        }
    };
    let looked: Vec<Option<RequestId>> = stream::iter(rest.into_iter().take(MOST_FORMS).map(look))
        .buffer_unordered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let by_form: BTreeSet<RequestId> = looked.into_iter().flatten().collect();
    let found = heads
        .into_iter()
        .filter(|stored| by_form.contains(&stored.head.id) || row_contains(stored, &text));
    Ok((found.collect(), is_bounded))
}

/// Whether the row of a request contains a text, in either language.
fn row_contains(stored: &StoredHead, text: &str) -> bool {
    let head = &stored.head;
    let eservice = head.eservice.definition();
    let holder = head.state.holder().map(|holder| holder.by.name.clone());
    let shown = [
        wording::details(head.reference.as_ref(), eservice),
        eservice.function.zh.to_owned(),
        eservice.classification.en.to_owned(),
        eservice.classification.zh.to_owned(),
        wording::company_participant_id(head),
        wording::brief_status(&head.state, eservice.end, Language::English).to_owned(),
        wording::brief_status(&head.state, eservice.end, Language::TraditionalChinese).to_owned(),
        head.maker.name.clone(),
    ];
    shown
        .iter()
        .chain(&holder)
        .any(|shown| shown.to_lowercase().contains(text))
}

/// Whether the form of a request contains a text. It may have left the caller's sight since its row was read.
async fn form_contains(app: &App, caller: &Caller, id: RequestId, text: &str) -> Result<bool, StoreError> {
    let Some((stored, form)) = app.store().head_and_form(id).await? else {
        return Ok(false);
    };
    Ok(stored.head.is_visible_to(&caller.actor()) && form.contains(text)?)
}
