//! The steps that the reader may take on a request, and the question before each.

use countersign_domain::actor::Person;
use countersign_domain::eservice::End;
use countersign_domain::eservice::MAX_TEXT_CHARS;
use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::{Checks, Head, StateName};
use countersign_domain::workflow::{Action, Guard, TABLE};

use super::claim::{is_keeping, name_of};
use crate::visit::Visit;
use crate::wording::Words;

/// The links to the steps: the one next step, those beside it, those in the menu, and those set apart.
#[derive(Default)]
pub(crate) struct Buttons {
    pub(crate) apart: Vec<Button>,
    pub(crate) menu: Vec<Button>,
    pub(crate) beside: Vec<Button>,
    pub(crate) next: Option<Button>,
}

pub(crate) struct Button {
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    /// Whether the step can't be taken back.
    pub(crate) is_grave: bool,
    pub(crate) has_dialog: bool,
}

impl Buttons {
    pub(crate) fn of(allowed: &[Action], state: StateName, w: &Words) -> Self {
        let mut buttons = Self::default();
        for action in allowed {
            let button = Button {
                path: if *action == Action::Save {
                    "edit"
                } else {
                    action.as_str()
                },
                name: name_of(*action, state, w),
                is_grave: is_grave(*action),
                has_dialog: *action != Action::Save,
            };
            match action {
                Action::Claim if is_keeping(*action, state) => buttons.menu.push(button),
                Action::Clone | Action::Discard | Action::Reject => buttons.apart.push(button),
                Action::Release | Action::HandOver | Action::Return => buttons.menu.push(button),
                Action::Save | Action::Reclaim | Action::TakeOver => buttons.beside.push(button),
                Action::Submit | Action::Claim | Action::Confirm | Action::Complete => {
                    buttons.next = Some(button);
                }
                Action::ConfirmByMail | Action::ReturnByMail | Action::ReleaseForAbsence => {}
            }
        }
        buttons
    }
}

fn is_grave(action: Action) -> bool {
    matches!(action, Action::Discard | Action::Reject)
}

/// The question whether to take a step, with its message.
pub(crate) struct StepForm {
    pub(crate) id: RequestId,
    pub(crate) action: &'static str,
    pub(crate) name: &'static str,
    pub(crate) tag: String,
    pub(crate) key: String,
    pub(crate) text: &'static str,
    /// That with this step the request is not guaranteed, or that it is not anyway.
    pub(crate) late: Option<String>,
    pub(crate) takes_message: bool,
    pub(crate) text_limit: usize,
    pub(crate) needs_message: bool,
    /// The colleagues to choose from; `None` if the step hands the request to nobody by name.
    pub(crate) colleagues: Option<Vec<Person>>,
    pub(crate) message: String,
    pub(crate) error: Option<String>,
    pub(crate) is_grave: bool,
}

impl StepForm {
    /// The question about a request as it was read.
    pub(crate) fn of(visit: &Visit, head: &Head, action: Action, colleagues: &[Person]) -> Self {
        let (w, campaign) = (visit.words(), &visit.app.config().campaign);
        let state = head.state.name();
        let settles = matches!(action, Action::Submit | Action::Confirm);
        let eservice = head.eservice.definition();
        let misses = eservice.guarantees(campaign, visit.now) == Some(false);
        let is_late = head.is_late(campaign, visit.now) || settles && misses;
        let ends_here = eservice.end == End::AtTheCompany;
        Self {
            id: head.id,
            action: action.as_str(),
            name: name_of(action, state, w),
            tag: Receipt::of(head).tag(),
            key: new_key(),
            text: match action {
                _ if is_keeping(action, state) => w.on_own.claim_asks,
                Action::Submit if ends_here => w.on_own.submit_here_asks,
                Action::Confirm if head.checks == Checks::FirstOfTwo => w.on_desk.first_check_asks,
                Action::Confirm if ends_here => w.on_own.confirm_here_asks,
                _ => (w.asks)(action, state),
            },
            late: is_late.then(|| (w.late)(campaign)),
            takes_message: takes_message(action),
            text_limit: MAX_TEXT_CHARS,
            needs_message: needs_message(action, state),
            colleagues: (action == Action::HandOver).then(|| colleagues.to_vec()),
            message: String::new(),
            error: None,
            is_grave: is_grave(action),
        }
    }
}

impl StepForm {
    /// Whether the step can lead on to the next request.
    pub(crate) fn leads_on(&self) -> bool {
        self.action == Action::Confirm.as_str()
    }
}

/// Every step but these hands the request to a next-step user.
pub(crate) fn takes_message(action: Action) -> bool {
    !matches!(action, Action::Save | Action::Clone | Action::Discard)
}

fn needs_message(action: Action, state: StateName) -> bool {
    let mut rows = TABLE
        .iter()
        .filter(|row| row.action == action && row.starts_from(state));
    rows.any(|row| row.needs(Guard::MessageGiven))
}

/// What tells a form that is sent twice from two forms.
pub(crate) fn new_key() -> String {
    let part = || getrandom::u64().unwrap_or_default();
    format!("{:016x}{:016x}", part(), part())
}
