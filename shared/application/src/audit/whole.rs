//! The audit as JSON Lines: whole requests, each with its forms, its steps and what is kept beside them, so that
//! `countersign-admin verify` needs nothing but the file.

use countersign_domain::request::Head;
use countersign_domain::trail::{End, FORMAT, Kept, Line, Scope, Totals};
use countersign_platform::App;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::{AT_ONCE, FIRST, Filter, Place, Position, asked};
use crate::access::{AccessError, Caller};

/// How many octets a file may have. Lambda answers with 6 MB at most, and in its answer every quote takes two.
const SIZE: usize = 3_000_000;

/// Writes the requests that have an entry which is asked for, those that were made last first. Also returns where the
/// next file starts. A file has at least one request, however large.
pub(super) async fn file(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    start: Option<&Place>,
) -> Result<(String, Option<Place>), AccessError> {
    let place = start.unwrap_or(&FIRST);
    let (heads, next_block) = asked(app, caller, filter, place).await?;
    let mut heads: Vec<(Position, Head)> = heads.into_iter().map(|head| (position(&head), head)).collect();
    heads.retain(|(position, _)| place.after.as_ref().is_none_or(|after| position < after));
    heads.sort_by(|(one, _), (other, _)| other.cmp(one));
    let mut requests = stream::iter(heads)
        .map(|(position, head)| async move {
            let kept = of_request(app, caller, filter, &head).await?;
            Ok::<_, AccessError>((position, kept.map(Kept::lines)))
        })
        .buffered(AT_ONCE);
    let scope = Line::File(Scope {
        format: FORMAT,
        company: caller.member.company.clone(),
        asked: filter.asked(),
        exported_at: app.now(),
    });
    let (mut text, mut totals) = (written(&[scope]), Totals::default());
    let (mut last, mut next) = (None, next_block);
    while let Some((position, lines)) = requests.try_next().await? {
        let Some(lines) = lines else {
            continue;
        };
        let request = written(&lines);
        if last.is_some() && text.len() + request.len() > SIZE {
            next = Some(Place {
                after: last,
                ..place.clone()
            });
            break;
        }
        text += &request;
        for line in &lines {
            totals.count(line);
        }
        last = Some(position);
    }
    let end = End {
        totals,
        next: next.as_ref().map(Place::encode),
    };
    text += &written(&[Line::End(end)]);
    Ok((text, next))
}

fn written(lines: &[Line]) -> String {
    lines.iter().map(|line| line.write() + "\n").collect()
}

/// Reads what the caller may know of a request. `None` if none of its entries is asked for, or if it has left the list
/// since.
async fn of_request(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    head: &Head,
) -> Result<Option<Kept>, AccessError> {
    let actor = caller.actor();
    let kept = app.store().kept(head.id).await?;
    let kept = kept.filter(|kept| kept.head.is_visible_to(&actor));
    let kept = kept.map(|kept| kept.as_visible_to(&actor));
    Ok(kept.filter(|kept| kept.entries().any(|entry| filter.takes(&entry))))
}

/// The position of a request among those of its block: the one that was made later comes first.
fn position(head: &Head) -> Position {
    Position {
        at: head.created_at.as_millisecond(),
        key: head.id.to_string(),
    }
}
