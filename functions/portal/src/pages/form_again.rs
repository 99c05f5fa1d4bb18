//! A form that was sent, shown again with what was typed into it.

use countersign_application::execute::Rejection;
use countersign_domain::fault::Fault;
use countersign_domain::form::Form;
use countersign_domain::id::RequestId;

use super::form::{refused, show_again};
use super::form_page::State;
use super::import::{Imports, add, waiting};
use crate::body::Fields;
use crate::form_input::FormInput;
use crate::reply::Answer;
use crate::visit::Visit;

/// What answers a form that was sent: the same, with what was typed into it.
pub(super) fn again(fields: &Fields, input: FormInput, imports: Imports) -> State {
    let state = State {
        imports,
        is_answer: true,
        key: Some(fields.get("key").to_owned()),
        tag: Some(fields.get("tag").to_owned()),
        ..State::of(input)
    };
    let status = if state.has_bad_lines() { 422 } else { 200 };
    State { status, ..state }
}

/// Reads what was typed, as far as the button asks: the whole form for a preview.
pub(super) fn parse(visit: &Visit, input: &FormInput, button: &str) -> Result<Form, Vec<Fault>> {
    let terms = visit.app.terms();
    let json = input.to_json(terms.milestones());
    match button {
        "preview" => Form::parse_whole(&json, &terms),
        _ => Form::parse(&json, &terms),
    }
}

/// The form in another language, with the message, the warning and the faults that the page had. Lines that wait are judged
/// again as well.
pub(super) async fn in_language(
    visit: &Visit,
    id: Option<RequestId>,
    fields: &Fields,
    mut input: FormInput,
    mut imports: Imports,
) -> Answer {
    if !fields.get("stale").is_empty() {
        return refused(visit, id, input, Rejection::KeyReused).await;
    }
    let terms = visit.app.terms();
    for field in waiting(&input, terms.milestones()) {
        let judged = add(&mut input.clone(), field, &terms, visit.language);
        if !judged.faults.is_empty() {
            imports.entry(field.name).or_insert(judged);
        }
    }
    let mut buttons = ["preview", "save"].into_iter();
    let found_by = buttons.find(|button| fields.get("faults") == *button);
    let mut faults = Vec::new();
    if let Some(button) = found_by {
        input.compact();
        faults = parse(visit, &input, button).err().unwrap_or_default();
    }
    let state = again(fields, input, imports);
    let status = if faults.is_empty() { state.status } else { 422 };
    let state = State {
        faults,
        found_by: found_by.unwrap_or_default(),
        message: fields.get("message").to_owned(),
        status,
        ..state
    };
    show_again(visit, id, state).await
}
