//! Filling in a form (guideline, steps c to g).

use countersign_application::access::Caller;
use countersign_application::execute::{Command, Executed, Payload, Rejection, Subject, execute};
use countersign_application::people;
use countersign_domain::eservice::{EService, EServiceId, Field};
use countersign_domain::fault::Fault;
use countersign_domain::form::{Form, blank, difference};
use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::{Action, Refusal};
use countersign_platform::store::requests::StoredRequest;

use super::begin::before;
use super::fill_in;
use super::form_again::{again, in_language, parse};
use super::form_page::{Good, Stale, State, new_form, show};
use super::import::{Imports, add, take_files, waiting};
use super::language::remember;
use super::pressed::Pressed;
use super::problem::status_of;
use super::request::{Problem, allowed, find, page_after};
use crate::body::Fields;
use crate::difference::Difference;
use crate::done::JustDone;
use crate::form_input::{FormInput, RowInput};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::{Visit, language_cookie};

/// `GET /portal/requests/new`: someone of a company with the right. `form` names the eService (without it, the campaign's),
/// `as` preselects a participantship, and each `user` prefills a row with a User ID.
pub(crate) async fn new(visit: &Visit) -> Answer {
    let eservice = eservice(visit.query("form").as_deref())?;
    let caller = maker(visit, eservice)?;
    let named = visit.queries("user");
    if let Some(page) = Box::pin(before(visit, caller, eservice, &named)).await? {
        return Ok(page);
    }
    let blank = blank(eservice, &visit.app.terms().with_contact(&caller.contact));
    let mut input = FormInput::of_json(eservice, &blank);
    let is_prefilled = !named.is_empty() || visit.query("as").is_some();
    input.name(named);
    input.participantship = visit.query("as").unwrap_or_default();
    let state = State {
        is_prefilled,
        ..State::of(input)
    };
    show(visit, None, state).await
}

/// The eService of that code; the one of the campaign if none is named.
fn eservice(code: Option<&str>) -> Result<&'static EService, Stop> {
    let found = match code {
        Some(code) => EServiceId::parse(code),
        None => EServiceId::of_campaign(),
    };
    found.map(EServiceId::definition).ok_or(Stop::NotFound)
}

/// `GET /portal/requests/{id}/edit`: its maker, while it is a draft.
pub(crate) async fn edit(visit: &Visit) -> Answer {
    let request = find(visit).await?;
    if !allowed(visit, &request)?.contains(&Action::Save) {
        return not_editable(visit, &request, String::new()).await;
    }
    let state = State {
        good: matches!(visit.just_done(), Some(JustDone::Saved { .. })).then_some(Good::Saved),
        ..State::of(kept_input(&request)?)
    };
    show(visit, Some(&request), state).await
}

/// The stored input of a request.
fn kept_input(request: &StoredRequest) -> Result<FormInput, Stop> {
    let eservice = request.stored.head.eservice.definition();
    Ok(FormInput::of_json(eservice, &request.form.json()?))
}

/// The form of a draft whose submission found faults in it, and the message that came with that.
pub(crate) async fn with_faults(visit: &Visit, faults: Vec<Fault>, message: &str) -> Answer {
    let request = find(visit).await?;
    let state = State {
        faults,
        message: message.to_owned(),
        found_by: "preview",
        status: 422,
        ..State::of(kept_input(&request)?)
    };
    show(visit, Some(&request), state).await
}

/// `POST /portal/requests/new`: someone of a company with the right.
pub(crate) async fn keep_new(visit: &mut Visit) -> Answer {
    visit.caller_with_a_right()?;
    keep_as(visit, None).await
}

/// `POST /portal/requests/{id}/edit`: its maker, having read what the form was made from.
pub(crate) async fn keep(visit: &mut Visit) -> Answer {
    visit.caller_with_a_right()?;
    let id = visit
        .path("id")
        .and_then(|id| RequestId::parse(&id))
        .ok_or(Stop::NotFound)?;
    keep_as(visit, Some(id)).await
}

pub(crate) fn maker<'v>(visit: &'v Visit, eservice: &EService) -> Result<&'v Caller, Stop> {
    let caller = visit.caller_with_a_right()?;
    caller.as_a_maker(eservice.id)?;
    Ok(caller)
}

async fn keep_as(visit: &mut Visit, id: Option<RequestId>) -> Answer {
    let fields = Fields::read(&visit.request).await?;
    let code = Some(fields.get("eService")).filter(|code| !code.is_empty());
    let mut input = FormInput::of_fields(eservice(code)?, &fields);
    if id.is_none() {
        maker(visit, input.eservice)?;
    }
    let pressed = Pressed::parse(fields.get("do"), input.eservice).ok_or(Stop::Malformed)?;
    let unreadable = take_files(&mut input, &fields, visit.app.terms().milestones());
    if let Pressed::Language(language) = pressed {
        remember(visit, language).await;
        visit.language = language;
        let reply = in_language(visit, id, &fields, input, unreadable).await?;
        return Ok(reply.with_cookie(language_cookie(language)));
    }
    let visit = &*visit;
    // Nobody gets what was filled in for somebody else.
    if matches!(pressed, Pressed::FillIn) || fill_in::is_for_another(visit, &input) {
        let is_filled_in = fill_in::fill_in(visit, &mut input).await?;
        let good = is_filled_in.then_some(Good::FilledIn);
        let state = again(&fields, input, unreadable);
        return show_again(visit, id, State { good, ..state }).await;
    }
    let imports = match pressed {
        Pressed::Choose | Pressed::FillIn | Pressed::Add(_) | Pressed::Remove(..) | Pressed::Language(_) => {
            change_rows(&mut input, pressed)?;
            return show_again(visit, id, again(&fields, input, unreadable)).await;
        }
        Pressed::Import(field) => {
            let imports = import_into(visit, &mut input, unreadable, &[field]);
            return show_again(visit, id, again(&fields, input, imports)).await;
        }
        // Lines that wait without having been added belong to the request too.
        Pressed::Save | Pressed::Preview => {
            let waiting = waiting(&input, visit.app.terms().milestones());
            import_into(visit, &mut input, unreadable, &waiting)
        }
    };
    // Nothing is left out unseen.
    if imports.values().any(|import| !import.left_out.is_empty()) {
        return show_again(visit, id, again(&fields, input, imports)).await;
    }
    input.compact();
    let button = if matches!(pressed, Pressed::Preview) {
        "preview"
    } else {
        "save"
    };
    let form = parse(visit, &input, button);
    let state = again(&fields, input, imports);
    match form {
        Ok(form) if !state.has_bad_lines() => Box::pin(save(visit, id, &fields, state.input, &form)).await,
        parsed => {
            let state = State {
                faults: parsed.err().unwrap_or_default(),
                found_by: button,
                status: 422,
                ..state
            };
            show_again(visit, id, state).await
        }
    }
}

/// Adds a row or takes one out, if that is the button.
fn change_rows(input: &mut FormInput, pressed: Pressed) -> Result<(), Stop> {
    match pressed {
        Pressed::Add(field) => input.rows_mut(field).push(RowInput::new()),
        Pressed::Remove(field, index) => {
            let rows = input.rows_mut(field);
            if index >= rows.len() {
                return Err(Stop::Malformed);
            }
            rows.remove(index);
        }
        Pressed::Save
        | Pressed::Preview
        | Pressed::Choose
        | Pressed::FillIn
        | Pressed::Import(_)
        | Pressed::Language(_) => {}
    }
    Ok(())
}

/// Adds the lines that wait to their rows, unless a file of them can't be read.
fn import_into(
    visit: &Visit,
    input: &mut FormInput,
    mut imports: Imports,
    into: &[&'static Field],
) -> Imports {
    let terms = visit.app.terms();
    for field in into {
        if !imports.contains_key(field.name) {
            imports.insert(field.name, add(input, field, &terms, visit.language));
        }
    }
    imports
}

async fn save(
    visit: &Visit,
    id: Option<RequestId>,
    fields: &Fields,
    input: FormInput,
    form: &Form,
) -> Answer {
    let (tag, key) = (fields.get("tag"), fields.get("key"));
    if key.is_empty() || key.len() > 64 {
        return Err(Stop::Malformed);
    }
    let is_preview = fields.get("do") == "preview";
    let receipt = Receipt::parse(tag);
    if let (Some(id), Some(receipt), true) = (id, &receipt, is_preview) {
        let request = find(visit).await?;
        if request.stored.head.form_hash == receipt.form_hash && request.form.says(form) {
            let kept = id.to_string();
            let page = format!("/portal/requests/{id}");
            return Ok(Reply::see_done(page, &JustDone::Unchanged { kept }));
        }
    }
    match kept(visit, id, receipt, (tag, key), form).await {
        Ok(Executed { row, .. }) => {
            let kept = id.map_or_else(|| new_form(input.eservice.code), |id| id.to_string());
            let page = if is_preview { "" } else { "/edit" };
            let page = format!("/portal/requests/{}{page}", row.request);
            Ok(Reply::see_done(page, &JustDone::Saved { kept }))
        }
        Err(error) => Box::pin(refused(visit, id, input, error)).await,
    }
}

async fn kept(
    visit: &Visit,
    id: Option<RequestId>,
    receipt: Option<Receipt>,
    (tag, key): (&str, &str),
    form: &Form,
) -> Result<Executed, Rejection> {
    let Ok(caller) = visit.caller() else {
        return Err(Rejection::KeyReused);
    };
    let subject = id.map_or_else(|| "create".to_owned(), |id| format!("save {id}"));
    let said = [tag, "\n", &form.text()].concat();
    let key = Some(caller.command_key(key, &subject, said.as_bytes()));
    let command = Command {
        subject: id.map_or(Subject::New, Subject::Request),
        action: Action::Save,
        actor: caller.actor(),
        receipt: receipt.into(),
        payload: Payload::Form(Box::new(form.clone())),
        key,
    };
    execute(&visit.app, command).await
}

/// The answer to a refused save: it always shows what was typed, and what to do.
pub(super) async fn refused(
    visit: &Visit,
    id: Option<RequestId>,
    input: FormInput,
    error: Rejection,
) -> Answer {
    let w = visit.words();
    let with = |status, faults, stale| State {
        status,
        faults,
        stale,
        is_answer: true,
        ..State::of(input.clone())
    };
    let (refusal, status) = match error {
        Rejection::Invalid(faults) => return show_again(visit, id, with(422, faults, None)).await,
        Rejection::Store(error) => return Err(error.into()),
        Rejection::NoOtherChecker(_) | Rejection::TokenEnded | Rejection::OnRecord => {
            return Err(Stop::Failed);
        }
        Rejection::KeyReused if id.is_none() => {
            let stale = Stale {
                title: w.key_used_title,
                text: w.key_used_text.to_owned(),
                status: None,
                changed: None,
                lasts: true,
            };
            return show(visit, None, with(409, Vec::new(), Some(stale))).await;
        }
        Rejection::KeyReused => (Refusal::Stale, 412),
        Rejection::Refused {
            refusal: Refusal::RightWithdrawn(right),
            ..
        } => return Err(Stop::RightMissing(right)),
        Rejection::Refused { refusal, .. } => (refusal.clone(), status_of(&refusal)?),
    };
    let text = (w.refusal)(&refusal, Action::Save, None, &visit.app.config().campaign);
    let Some(_) = id else {
        let stale = Stale {
            title: w.refused_title,
            text,
            status: None,
            changed: None,
            lasts: false,
        };
        return show(visit, None, with(status, Vec::new(), Some(stale))).await;
    };
    let request = find(visit).await?;
    if !allowed(visit, &request)?.contains(&Action::Save) {
        return not_editable(visit, &request, input.as_lines()).await;
    }
    let head = &request.stored.head;
    let names = people::names(&visit.app, &head.company, head.eservice).await?;
    let stale = Stale {
        title: w.stale_title,
        text,
        status: Some(w.status_of(&request.stored.head)),
        changed: Some(Difference {
            title: w.changed_title_typed,
            before: w.kept_now,
            after: w.you_have,
            rows: difference(
                input.eservice,
                &request.form.json()?,
                &input.to_json(None),
                &names,
                w.language,
            ),
        }),
        lasts: true,
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
    Box::pin(page_after(visit, if is_its_maker { 409 } else { 403 }, problem)).await
}

pub(super) async fn show_again(visit: &Visit, id: Option<RequestId>, state: State) -> Answer {
    if id.is_none() {
        return Box::pin(show(visit, None, state)).await;
    }
    let request = find(visit).await?;
    if !allowed(visit, &request)?.contains(&Action::Save) {
        return not_editable(visit, &request, state.input.as_lines()).await;
    }
    Box::pin(show(visit, Some(&request), state)).await
}
