//! The form as it is shown: blank, filled in, or with what is wrong with it.

use askama::Template;
use countersign_application::filling::{self, Draft, Known};
use countersign_domain::eservice::{ACTING_AS, COMPANY_INFORMATION, EService, FROM, Period};
use countersign_domain::fault::Fault;
use countersign_domain::field::Standing;
use countersign_domain::participantship::Participantship;
use countersign_domain::receipt::Receipt;
use countersign_platform::store::requests::StoredRequest;

use super::field_view::{ControlKind, FieldContent, SectionView};
use super::fields::Maker;
use super::form::maker;
use super::history::{self, Step};
use super::import::Imports;
use super::steps::new_key;
use crate::difference::Difference;
use crate::form_input::FormInput;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    frame: Frame,
    w: &'static Words,
    heading: String,
    action: String,
    /// Which request's input a script keeps: its ID, or that of a new form.
    keep: String,
    /// The eService's code.
    eservice: &'static str,
    tag: String,
    key: String,
    reference: String,
    status: String,
    campaign: Option<String>,
    company_information: &'static str,
    from: &'static str,
    company: String,
    acting_as: &'static str,
    /// Each participantship as it is sent and as it is shown.
    participantships: Vec<(String, String)>,
    participantship: String,
    participantship_error: Option<String>,
    /// Whether the participantship is the only one.
    is_alone: bool,
    /// Whether the form is for a participantship, and not for the company itself.
    is_for_a_participant: bool,
    administrators: Vec<AdministratorView>,
    /// What stands beside a User ID that the register does not have.
    unknown: String,
    /// That nobody else at the company could check the request.
    no_checker: Option<&'static str>,
    history: Vec<Step>,
    sections: Vec<SectionView>,
    errors: Vec<FaultLine>,
    message: String,
    found_by: &'static str,
    stale: Option<Stale>,
    /// What has just come about.
    good: Option<&'static str>,
    /// The person whom the form was last filled in for.
    filled_for: String,
    is_answer: bool,
    offer: Offer,
}

/// The offer of what was typed before, which a script shows if it has kept something.
struct Offer {
    question: &'static str,
    yes: &'static str,
    no: &'static str,
    /// Whether it stands in place of the form until it is answered.
    is_alone: bool,
}

impl Offer {
    /// Where the reader chose what the form starts with, it is the one or the other.
    fn of(is_prefilled: bool, w: &Words) -> Self {
        let f = w.on_forms;
        let (question, yes, no) = if is_prefilled {
            (f.kept_there, f.continue_kept, f.start_anew)
        } else {
            (f.kept, f.put_back, f.throw_away)
        };
        Self {
            question,
            yes,
            no,
            is_alone: is_prefilled,
        }
    }
}

/// A User ID to pick.
struct AdministratorView {
    user_id: String,
    email: String,
    /// What stands beside it once it is picked.
    note: String,
    caution: Option<String>,
}

fn administrators(known: &Known, w: &Words) -> Vec<AdministratorView> {
    let view = |(user_id, email): (&String, &Option<String>)| {
        let standing = email
            .clone()
            .map_or(Standing::WithoutAddress, Standing::Registered);
        AdministratorView {
            user_id: user_id.clone(),
            email: email.clone().unwrap_or_default(),
            note: standing.text(w.language),
            caution: known.taken.get(user_id).map(w.fault),
        }
    };
    known.standings.iter().flatten().map(view).collect()
}

/// A fault in the summary.
struct FaultLine {
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
    /// Whether the next save writes over something, so that the page says so in whatever language it is shown.
    pub(crate) lasts: bool,
}

/// What has just come about.
#[derive(Clone, Copy)]
pub(crate) enum Good {
    /// The form was saved.
    Saved,
    /// The access that somebody has was filled in.
    FilledIn,
}

/// The state of a form that is shown.
pub(crate) struct State {
    pub(crate) input: FormInput,
    pub(crate) faults: Vec<Fault>,
    /// The result of importing lines, by field.
    pub(crate) imports: Imports,
    pub(crate) stale: Option<Stale>,
    /// The message that came with a submission that found faults.
    pub(crate) message: String,
    /// The button that these faults are found by, in any language.
    pub(crate) found_by: &'static str,
    pub(crate) good: Option<Good>,
    /// Whether this answers a form that was sent, and so carries what was typed into it.
    pub(crate) is_answer: bool,
    /// Whether the reader chose what it starts with, which is not to be mixed up with what they typed before.
    pub(crate) is_prefilled: bool,
    pub(crate) key: Option<String>,
    pub(crate) tag: Option<String>,
    pub(crate) status: u16,
}

impl State {
    /// A form with nothing wrong with it.
    pub(crate) fn of(input: FormInput) -> Self {
        Self {
            input,
            faults: Vec::new(),
            imports: Imports::new(),
            stale: None,
            message: String::new(),
            found_by: "",
            good: None,
            is_answer: false,
            is_prefilled: false,
            key: None,
            tag: None,
            status: 200,
        }
    }

    /// Whether lines were refused.
    pub(crate) fn has_bad_lines(&self) -> bool {
        self.imports.values().any(|import| !import.faults.is_empty())
    }
}

/// Shows the form.
pub(crate) async fn show(visit: &Visit, request: Option<&StoredRequest>, state: State) -> Answer {
    let maker = maker(visit, state.input.eservice)?;
    let draft = Draft {
        eservice: state.input.eservice.id,
        request: request.map(|request| &request.stored),
        participantship: &state.input.participantship,
        user_ids: state.input.user_ids(),
    };
    let (known, frame) = tokio::join!(
        Box::pin(filling::known(&visit.app, maker, draft)),
        Frame::of(visit, Place::UserMaintenance)
    );
    let known = known?;
    let has_problem = !state.faults.is_empty() || state.stale.is_some() || state.has_bad_lines();
    let frame = if has_problem { frame.of_problem() } else { frame }.of_form();
    let status = state.status;
    let page = form_page(visit, frame, request, &known, state);
    Reply::page_with(status, &page)
}

fn form_page(
    visit: &Visit,
    frame: Frame,
    request: Option<&StoredRequest>,
    known: &Known,
    mut state: State,
) -> FormPage {
    let w = visit.words();
    let own: Vec<&Participantship> = known.own.iter().collect();
    // With only one participantship there is nothing to choose.
    if let ([only], true) = (own.as_slice(), state.input.participantship.is_empty()) {
        state.input.participantship = only.to_string();
    }
    let head = request.map(|request| &request.stored.head);
    let eservice = state.input.eservice;
    let id = head.map(|head| head.id.to_string());
    let campaign = match eservice.period {
        Period::Campaign => Some((w.campaign)(&visit.app.config().campaign, visit.now)),
        Period::Always => None,
    };
    let of_company = |fault: &&Fault| fault.pointer.starts_with("/participantship");
    let company_fault = state.faults.iter().find(of_company);
    FormPage {
        frame,
        w,
        heading: format!("{} {}", eservice.label, (w.function_name)(eservice)),
        action: id.as_ref().map_or_else(
            || "/portal/requests/new".to_owned(),
            |id| format!("/portal/requests/{id}/edit"),
        ),
        keep: id.unwrap_or_else(|| new_form(eservice.code)),
        eservice: eservice.code,
        tag: state
            .tag
            .clone()
            .unwrap_or_else(|| head.map(|head| Receipt::of(head).tag()).unwrap_or_default()),
        key: state
            .key
            .clone()
            .filter(|key| !key.is_empty())
            .unwrap_or_else(new_key),
        reference: head
            .and_then(|head| head.reference.as_ref())
            .map_or_else(|| w.no_reference.to_owned(), ToString::to_string),
        status: head.map_or_else(|| w.draft.to_owned(), |head| w.status_of(head)),
        campaign,
        company_information: COMPANY_INFORMATION.text(w.language),
        from: FROM.text(w.language),
        company: visit
            .caller()
            .map(|caller| caller.member.company_name.clone())
            .unwrap_or_default(),
        acting_as: ACTING_AS.text(w.language),
        participantships: roles(&own, w),
        participantship: state.input.participantship.clone(),
        participantship_error: company_fault.map(|fault| (w.fault)(&fault.kind)),
        is_alone: matches!(own.as_slice(), [only] if only.to_string() == state.input.participantship),
        is_for_a_participant: eservice.is_for_a_participant(),
        administrators: administrators(known, w),
        unknown: Standing::Unknown.text(w.language),
        no_checker: known.lacks_checkers.map(w.no_other_checker),
        history: request.map_or_else(Vec::new, |request| history::steps(&request.history, &[], w)),
        sections: sections(visit, &state, known),
        errors: fault_lines(&state, w),
        message: state.message,
        found_by: state.found_by,
        stale: state.stale,
        good: state.good.map(|good| match good {
            Good::Saved => w.saved,
            Good::FilledIn => w.on_forms.filled_in,
        }),
        filled_for: state.input.filled_for,
        is_answer: state.is_answer,
        offer: Offer::of(state.is_prefilled, w),
    }
}

/// Each participantship as it is sent and as it is shown.
fn roles(own: &[&Participantship], w: &Words) -> Vec<(String, String)> {
    let role = |own: &&Participantship| (own.to_string(), own.shown(w.language));
    own.iter().map(role).collect()
}

fn sections(visit: &Visit, state: &State, known: &Known) -> Vec<SectionView> {
    let own = &known.own;
    let chosen = own
        .iter()
        .find(|own| own.to_string() == state.input.participantship);
    let maker = Maker {
        input: &state.input,
        faults: &state.faults,
        imports: &state.imports,
        milestones: visit.app.terms().milestones(),
        participant: chosen.or_else(|| own.first()).map(|own| &own.id),
        standings: known.standings.as_ref(),
        taken: &known.taken,
        people: &known.people,
        w: visit.words(),
    };
    let mut sections = maker.sections();
    // What the form starts with is chosen, so the typing can start.
    if state.is_prefilled
        && let Some(cell) = sections.iter_mut().find_map(SectionView::first_empty_cell)
    {
        cell.is_first = true;
    }
    sections
}

/// The name under which a script keeps the input of a new form.
pub(crate) fn new_form(code: &str) -> String {
    format!("new-{code}")
}

fn fault_lines(state: &State, w: &Words) -> Vec<FaultLine> {
    let eservice = state.input.eservice;
    let mut faults: Vec<&Fault> = state.faults.iter().collect();
    faults.sort_by_key(|fault| eservice.position(&fault.pointer));
    let of_fields = faults.into_iter().map(|fault| FaultLine {
        target: target(eservice, &fault.pointer),
        place: eservice.place(&fault.pointer, w.language).unwrap_or_default(),
        text: (w.fault)(&fault.kind),
    });
    let of_lines = state.imports.iter().flat_map(|(field, import)| {
        import.faults.iter().map(move |fault| FaultLine {
            target: format!("lines-{field}"),
            place: String::new(),
            text: (w.on_forms.import_fault)(fault),
        })
    });
    of_fields.chain(of_lines).collect()
}

/// The field on the page that a place in the form has: the first cell of rows where the fault is theirs as a whole.
fn target(eservice: &EService, pointer: &str) -> String {
    let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["participantship", ..] => "participantship-0".to_owned(),
        [name] | [name, _] => match eservice.rows(name).and_then(|rows| rows.columns.first()) {
            Some(column) => format!("{name}-{}-{}", parts.get(1).unwrap_or(&"0"), column.name),
            None if eservice.field(name).is_some() => (*name).to_owned(),
            None => "main".to_owned(),
        },
        [name, index, column] => format!("{name}-{index}-{column}"),
        _ => "main".to_owned(),
    }
}
