//! The form as it is shown: blank, filled in, or with what is wrong with it.

use askama::Template;
use countersign_application::people;
use countersign_domain::eservice::{EServiceId, Field, MAX_TEXT_CHARS};
use countersign_domain::fault::Fault;
use countersign_domain::receipt::Receipt;
use countersign_platform::store::requests::StoredRequest;

use super::form::maker;
use super::import::Import;
use super::request::new_key;
use super::rows::{self, Rows};
use crate::difference::Difference;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply};
use crate::typed::Typed;
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    frame: Frame,
    w: &'static Words,
    heading: String,
    action: String,
    /// Which request's input a script keeps: its ID, or `new`.
    keep: String,
    tag: String,
    key: String,
    reference: String,
    status: String,
    campaign: String,
    company: String,
    participantships: Vec<String>,
    participantship_error: Option<String>,
    choices: Vec<&'static str>,
    maintenance_error: Option<String>,
    changes: Rows,
    changes_error: Option<String>,
    import_open: bool,
    import_errors: Vec<String>,
    /// Columns of an import that were left out.
    left_out: Option<String>,
    text_limit: usize,
    remarks_error: Option<String>,
    declaration_error: Option<String>,
    contacts: Rows,
    contacts_error: Option<String>,
    typed: Typed,
    errors: Vec<Told>,
    stale: Option<Stale>,
    saved: bool,
    is_answer: bool,
}

/// A fault in the summary.
struct Told {
    target: String,
    place: String,
    text: String,
}

/// That somebody else, or oneself in another window, was faster.
pub(crate) struct Stale {
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) status: Option<String>,
    pub(crate) changed: Option<Difference>,
}

/// What a form is shown with.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) typed: Typed,
    pub(crate) faults: Vec<Fault>,
    pub(crate) import: Import,
    pub(crate) stale: Option<Stale>,
    pub(crate) saved: bool,
    /// Whether this answers a form that was sent, and so carries what was typed into it.
    pub(crate) is_answer: bool,
    pub(crate) key: Option<String>,
    pub(crate) tag: Option<String>,
    pub(crate) status: u16,
}

/// Shows the form.
pub(crate) async fn show(visit: &Visit, request: Option<&StoredRequest>, state: State) -> Answer {
    let maker = maker(visit)?;
    let (own, frame) = tokio::join!(
        people::participantships(&visit.app, maker),
        Frame::of(visit, Place::UserMaintenance)
    );
    let participantships = own?.iter().map(ToString::to_string).collect();
    let status = if state.status == 0 { 200 } else { state.status };
    let has_problem = !state.faults.is_empty() || state.stale.is_some() || !state.import.faults.is_empty();
    let frame = if has_problem { frame.of_problem() } else { frame };
    let page = form_page(visit, frame, request, participantships, state);
    Reply::page_with(status, &page)
}

fn form_page(
    visit: &Visit,
    frame: Frame,
    request: Option<&StoredRequest>,
    participantships: Vec<String>,
    mut state: State,
) -> FormPage {
    let w = visit.words();
    // Whoever has one role has no choice to make.
    if let ([only], true) = (
        participantships.as_slice(),
        state.typed.participantship.is_empty(),
    ) {
        state.typed.participantship.clone_from(only);
    }
    let head = request.map(|request| &request.stored.head);
    let at = |pointer: &str| {
        let fault = state.faults.iter().find(|fault| fault.pointer == pointer);
        fault.map(|fault| (w.fault)(&fault.kind))
    };
    let under = |pointer: &str| {
        let fault = state
            .faults
            .iter()
            .find(|fault| fault.pointer.starts_with(pointer));
        fault.map(|fault| (w.fault)(&fault.kind))
    };
    let eservice = EServiceId::Da3.definition();
    let id = head.map(|head| head.id.to_string());
    let current_tag = head.map(|head| Receipt::of(head).tag()).unwrap_or_default();
    FormPage {
        frame,
        w,
        heading: format!("{} {}", eservice.label, (w.function_name)(eservice)),
        action: id.as_ref().map_or_else(
            || "/portal/requests/new".to_owned(),
            |id| format!("/portal/requests/{id}/edit"),
        ),
        keep: id.unwrap_or_else(|| "new".to_owned()),
        tag: state.tag.clone().unwrap_or(current_tag),
        key: state
            .key
            .clone()
            .filter(|key| !key.is_empty())
            .unwrap_or_else(new_key),
        reference: head
            .and_then(|head| head.reference.as_ref())
            .map_or_else(|| w.no_reference.to_owned(), ToString::to_string),
        status: head.map_or_else(|| w.draft.to_owned(), |head| (w.status)(&head.state)),
        campaign: (w.campaign)(&visit.app.config().campaign, visit.now),
        company: visit
            .caller()
            .map(|caller| caller.member.company_name.clone())
            .unwrap_or_default(),
        participantships,
        participantship_error: under("/participantship"),
        choices: choices(visit),
        maintenance_error: at("/maintenanceRequest"),
        changes: rows::changes(&state.typed, &state.faults, w),
        changes_error: at("/changes"),
        import_open: !state.import.faults.is_empty() || !state.typed.csv.is_empty(),
        import_errors: state.import.faults.iter().map(w.on_forms.import_fault).collect(),
        left_out: Some(state.import.left_out.join(w.on_forms.list_separator))
            .filter(|names| !names.is_empty()),
        text_limit: MAX_TEXT_CHARS,
        remarks_error: at("/remarks"),
        declaration_error: at("/declaration"),
        contacts: rows::contacts(&state.typed, &state.faults, w),
        contacts_error: at("/contacts"),
        errors: told(&state, w),
        typed: state.typed,
        stale: state.stale,
        saved: state.saved,
        is_answer: state.is_answer,
    }
}

fn told(state: &State, w: &Words) -> Vec<Told> {
    let of_fields = state.faults.iter().map(|fault| {
        let (place, target) = rows::place(fault, w);
        Told {
            target,
            place,
            text: (w.fault)(&fault.kind),
        }
    });
    let of_lines = state.import.faults.iter().map(|fault| Told {
        target: "csv".to_owned(),
        place: String::new(),
        text: (w.on_forms.import_fault)(fault),
    });
    of_fields.chain(of_lines).collect()
}

/// The options of the maintenance request.
fn choices(visit: &Visit) -> Vec<&'static str> {
    let choice = EServiceId::Da3.definition().fields().find_map(Field::choice);
    let offered = choice.map(|choice| choice.offered(visit.app.terms().milestones()));
    offered.into_iter().flatten().map(|option| option.value).collect()
}
