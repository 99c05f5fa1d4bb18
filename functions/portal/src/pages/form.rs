//! Filling in DA 3 (guideline, steps c to g).

use countersign_application::access::Caller;
use countersign_application::command::{Command, CommandError, create};
use countersign_domain::fault::Fault;
use countersign_domain::form::Form;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::{Action, Refusal};
use countersign_platform::store::requests::StoredRequest;

use super::form_page::{Stale, State, show};
use super::import::Import;
use super::request::{Problem, allowed, find, page_after};
use crate::body::Fields;
use crate::difference::{self, Difference};
use crate::reply::{Answer, Reply, Stop};
use crate::typed::{Change, ContactRow, Typed};
use crate::visit::Visit;

/// `GET /portal/requests/new`: someone of a company with the right. `user` fills in User IDs, as if they had been typed.
pub(crate) async fn new(visit: &Visit) -> Answer {
    let caller = maker(visit)?;
    let mut typed = Typed::new(&caller.contact);
    typed.name(visit.queries("user"));
    let state = State {
        typed,
        ..State::default()
    };
    show(visit, None, state).await
}

/// `GET /portal/requests/{id}/edit`: its maker, while it is a draft.
pub(crate) async fn edit(visit: &Visit) -> Answer {
    let request = find(visit).await?;
    if !allowed(visit, &request)?.contains(&Action::Save) {
        return not_editable(visit, &request, String::new()).await;
    }
    let state = State {
        typed: Typed::of_json(&request.form.json()?),
        saved: visit.query("done").is_some(),
        ..State::default()
    };
    show(visit, Some(&request), state).await
}

/// The form of a draft whose submission found faults in it.
pub(crate) async fn with_faults(visit: &Visit, faults: &[Fault]) -> Answer {
    let request = find(visit).await?;
    let state = State {
        typed: Typed::of_json(&request.form.json()?),
        faults: faults.to_vec(),
        status: 422,
        ..State::default()
    };
    show(visit, Some(&request), state).await
}

/// `POST /portal/requests/new`: someone of a company with the right.
pub(crate) async fn keep_new(visit: &Visit) -> Answer {
    maker(visit)?;
    keep_as(visit, None).await
}

/// `POST /portal/requests/{id}/edit`: its maker, having read what the form was made from.
pub(crate) async fn keep(visit: &Visit) -> Answer {
    visit.caller_with_a_right()?;
    let id = visit
        .path("id")
        .and_then(|id| RequestId::parse(&id))
        .ok_or(Stop::NotFound)?;
    keep_as(visit, Some(id)).await
}

pub(crate) fn maker(visit: &Visit) -> Result<&Caller, Stop> {
    let caller = visit.caller_with_a_right()?;
    caller.as_a_maker()?;
    Ok(caller)
}

async fn keep_as(visit: &Visit, id: Option<RequestId>) -> Answer {
    let mut fields = Fields::read(&visit.request).await?;
    let file = fields.file.take();
    let mut typed = Typed::of_fields(&fields);
    let what = fields.get("do");
    let (terms, w) = (visit.app.terms(), visit.words());
    let again = |typed, import: Import| State {
        status: if import.faults.is_empty() { 200 } else { 422 },
        typed,
        import,
        is_answer: true,
        key: Some(fields.get("key").to_owned()),
        tag: Some(fields.get("tag").to_owned()),
        ..State::default()
    };
    match what {
        "save" | "preview" | "" => {}
        "import" => {
            let import = super::import::add(&mut typed, file.as_deref(), &terms, w);
            return show_again(visit, id, again(typed, import)).await;
        }
        change => {
            change_rows(&mut typed, change).ok_or(Stop::Malformed)?;
            return show_again(visit, id, again(typed, Import::default())).await;
        }
    }
    // Whoever pasted lines and did not press their button wants them in the request all the same.
    let has_lines = file.is_some() || !typed.csv.trim().is_empty();
    let import = if has_lines {
        super::import::add(&mut typed, file.as_deref(), &terms, w)
    } else {
        Import::default()
    };
    // Nothing is left out unseen.
    if !import.left_out.is_empty() {
        return show_again(visit, id, again(typed, import)).await;
    }
    typed.compact();
    let form = Form::parse(&typed.to_json(), &terms);
    let form = if what == "preview" {
        form.and_then(|form| form.clone().complete().map(|_| form))
    } else {
        form
    };
    match form {
        Ok(form) if import.faults.is_empty() => Box::pin(save(visit, id, &fields, typed, &form)).await,
        parsed => {
            let state = State {
                faults: parsed.err().unwrap_or_default(),
                status: 422,
                ..again(typed, import)
            };
            show_again(visit, id, state).await
        }
    }
}

/// Adds or removes a row, as a button without script asks.
fn change_rows(typed: &mut Typed, change: &str) -> Option<()> {
    match change {
        "add-changes" => typed.changes.push(Change::default()),
        "add-contacts" => typed.contacts.push(ContactRow::default()),
        other => {
            let (member, index) = other.strip_prefix("remove-")?.split_once('-')?;
            let index: usize = index.parse().ok()?;
            match member {
                "changes" if index < typed.changes.len() => drop(typed.changes.remove(index)),
                "contacts" if index < typed.contacts.len() => drop(typed.contacts.remove(index)),
                _ => return None,
            }
        }
    }
    Some(())
}

async fn save(visit: &Visit, id: Option<RequestId>, fields: &Fields, typed: Typed, form: &Form) -> Answer {
    let (tag, key) = (fields.get("tag"), fields.get("key"));
    if key.is_empty() || key.len() > 64 {
        return Err(Stop::Malformed);
    }
    let is_preview = fields.get("do") == "preview";
    let receipt = Receipt::parse(tag);
    let is_unchanged = receipt
        .as_ref()
        .is_some_and(|receipt| receipt.form_hash == form.digest());
    if let Some(id) = id.filter(|_| is_unchanged && is_preview) {
        return Ok(Reply::see(format!("/portal/requests/{id}?kept={id}")));
    }
    match kept(visit, id, receipt, (tag, key), form).await {
        Ok(row) => {
            let kept = id.map_or_else(|| "new".to_owned(), |id| id.to_string());
            let (page, done) = if is_preview {
                ("", "preview")
            } else {
                ("/edit", "save")
            };
            Ok(Reply::see(format!(
                "/portal/requests/{}{page}?done={done}&kept={kept}",
                row.request
            )))
        }
        Err(error) => Box::pin(refused(visit, id, typed, error)).await,
    }
}

async fn kept(
    visit: &Visit,
    id: Option<RequestId>,
    receipt: Option<Receipt>,
    (tag, key): (&str, &str),
    form: &Form,
) -> Result<HistoryRow, CommandError> {
    let Ok(caller) = visit.caller() else {
        return Err(CommandError::KeyReused);
    };
    let subject = id.map_or_else(|| "create".to_owned(), |id| format!("save {id}"));
    let said = [tag, "\n", &form.text()].concat();
    let key = Some(caller.command_key(key, &subject, said.as_bytes()));
    let Some(id) = id else {
        return create::create(&visit.app, &caller.actor(), form, None, key).await;
    };
    let command = Command {
        id,
        action: Action::Save,
        actor: caller.actor(),
        receipt,
        message: None,
        key,
    };
    create::save(&visit.app, &command, form).await
}

/// What a refused save leads to: always what was typed, and what to do about it.
async fn refused(visit: &Visit, id: Option<RequestId>, typed: Typed, error: CommandError) -> Answer {
    let w = visit.words();
    let campaign = &visit.app.config().campaign;
    let with = |status, faults, stale| State {
        typed: typed.clone(),
        status,
        faults,
        stale,
        is_answer: true,
        ..State::default()
    };
    let (refusal, status) = match error {
        CommandError::Invalid(faults) => return show_again(visit, id, with(422, faults, None)).await,
        CommandError::Store(error) => return Err(error.into()),
        CommandError::NoOtherChecker => return Err(Stop::Failed),
        CommandError::KeyReused if id.is_none() => {
            let stale = Stale {
                title: w.key_used_title,
                text: w.key_used_text.to_owned(),
                status: None,
                changed: None,
            };
            return show(visit, None, with(409, Vec::new(), Some(stale))).await;
        }
        CommandError::KeyReused => (Refusal::Stale, 412),
        CommandError::Refused { refusal, .. } => match refusal {
            Refusal::NotFound => return Err(Stop::NotFound),
            Refusal::RightMissing(right) => return Err(Stop::RightMissing(right)),
            Refusal::Stale => (Refusal::Stale, 412),
            Refusal::OwnRequest | Refusal::NotItsMaker | Refusal::NotItsConfirmer => (refusal, 403),
            Refusal::NoLongerPossible | Refusal::NotOpenYet | Refusal::MessageMissing => (refusal, 409),
        },
    };
    let text = (w.refusal)(&refusal, Action::Save, None, campaign);
    let Some(_) = id else {
        let stale = Stale {
            title: w.refused_title,
            text,
            status: None,
            changed: None,
        };
        return show(visit, None, with(status, Vec::new(), Some(stale))).await;
    };
    let request = find(visit).await?;
    if !allowed(visit, &request)?.contains(&Action::Save) {
        return not_editable(visit, &request, typed.lines()).await;
    }
    let stale = Stale {
        title: w.stale_title,
        text,
        status: Some((w.status)(&request.stored.head.state)),
        changed: Some(Difference {
            title: w.changed_title_typed,
            before: w.kept_now,
            after: w.you_have,
            rows: difference::rows(&Typed::of_json(&request.form.json()?), &typed, w),
        }),
    };
    show(visit, Some(&request), with(status, Vec::new(), Some(stale))).await
}

/// The request itself, with what was typed beside it, where it is no draft of the reader's any more.
async fn not_editable(visit: &Visit, request: &StoredRequest, typed: String) -> Answer {
    let w = visit.words();
    let is_its_maker = visit.caller()?.member.person.id == request.stored.head.maker.id;
    let refusal = if is_its_maker {
        Refusal::NoLongerPossible
    } else {
        Refusal::NotItsMaker
    };
    let title = if typed.is_empty() {
        w.refused_title
    } else {
        w.stale_title
    };
    let problem = Problem {
        title,
        text: (w.refusal)(&refusal, Action::Save, None, &visit.app.config().campaign),
        typed,
        action: None,
    };
    page_after(visit, if is_its_maker { 409 } else { 403 }, problem).await
}

async fn show_again(visit: &Visit, id: Option<RequestId>, state: State) -> Answer {
    if id.is_none() {
        return show(visit, None, state).await;
    }
    let request = find(visit).await?;
    if !allowed(visit, &request)?.contains(&Action::Save) {
        return not_editable(visit, &request, state.typed.lines()).await;
    }
    show(visit, Some(&request), state).await
}
