//! Starts the change of a person with the rights that they have. What was typed stays.

use std::collections::BTreeMap;

use countersign_application::filling;
use countersign_domain::id::PersonId;

use super::form::maker;
use crate::form_input::FormInput;
use crate::reply::Stop;
use crate::visit::Visit;

/// Whether the form was filled in for somebody else than it is about now.
pub(super) fn is_for_another(visit: &Visit, input: &FormInput) -> bool {
    !input.filled_for.is_empty() && about(visit, input).is_some_and(|about| about != input.filled_for)
}

/// Fills in the rights of the person whom the form is about, in each field that is empty or still has what was filled in for
/// somebody else. Returns whether anything was filled in.
pub(super) async fn fill_in(visit: &Visit, input: &mut FormInput) -> Result<bool, Stop> {
    let Some(about) = about(visit, input) else {
        return Ok(false);
    };
    let now = access(visit, input, &about).await?;
    if now.is_empty() {
        // The submission says why nothing can be changed of them.
        input.filled_for.clear();
        return Ok(false);
    }
    let before = access(visit, input, &input.filled_for).await?;
    let fields = input.eservice.fields();
    for field in fields.filter(|field| now.contains_key(field.name) || before.contains_key(field.name)) {
        let typed = input.value(field);
        if typed.is_empty() || before.get(field.name).is_some_and(|before| before == typed) {
            let text = now.get(field.name).cloned().unwrap_or_default();
            input.set_value(field, text);
        }
    }
    input.filled_for = about;
    Ok(true)
}

/// The ID of the person whose details the form changes, if one is chosen.
fn about(visit: &Visit, input: &FormInput) -> Option<String> {
    let form = input.to_json(visit.app.terms().milestones());
    let field = input.eservice.changes_details_of(&form)?;
    Some(input.value(field).to_owned()).filter(|id| !id.is_empty())
}

/// What each choice about rights says for a person.
async fn access(
    visit: &Visit,
    input: &FormInput,
    person: &str,
) -> Result<BTreeMap<&'static str, String>, Stop> {
    let Some(person) = PersonId::parse(person) else {
        return Ok(BTreeMap::new());
    };
    let caller = maker(visit, input.eservice)?;
    let form = input.to_json(visit.app.terms().milestones());
    let rights = filling::rights(&visit.app, caller, input.eservice.id, &person).await?;
    let texts = rights.map(|rights| input.eservice.prefill(&form, &rights));
    Ok(texts.unwrap_or_default().into_iter().collect())
}
