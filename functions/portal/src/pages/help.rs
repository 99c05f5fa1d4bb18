//! Help: what to do, what to fill in, whom to ask, which keys there are.

use askama::Template;
use countersign_application::people::{self, Contact};
use countersign_domain::eservice::{EService, EServiceId};

use crate::frame::{Frame, Place};
use crate::reply::Answer;
use crate::reply::Reply;
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "help.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    parts: Vec<(&'static str, &'static [&'static str])>,
    forms: Vec<FormHelp>,
    contacts: Vec<Contact>,
}

/// What an eService's definition says about its fields.
struct FormHelp {
    name: String,
    fields: Vec<(&'static str, Vec<&'static str>)>,
}

/// `GET /portal/help`: someone with a right.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let w = visit.words();
    let own = w.on_own;
    let is_officer = caller.member.is_officer();
    let (frame, contacts) = tokio::join!(
        Frame::of(visit, Place::Elsewhere),
        people::contacts(&visit.app, caller)
    );
    let parts = if is_officer {
        vec![(own.as_officer, own.officer_steps)]
    } else {
        vec![
            (own.as_maker, own.maker_steps),
            (own.as_checker, own.checker_steps),
        ]
    };
    let forms = EServiceId::ALL.map(|id| form_help(id.definition(), w));
    Reply::page(&Page {
        frame,
        w,
        parts,
        forms: forms
            .into_iter()
            .filter(|form| !is_officer && !form.fields.is_empty())
            .collect(),
        contacts: contacts?,
    })
}

fn form_help(eservice: &'static EService, w: &Words) -> FormHelp {
    let explained = eservice.fields().filter_map(|field| {
        let texts: Vec<&str> = [field.hint, field.help]
            .into_iter()
            .flatten()
            .map(|text| text.text(w.language))
            .collect();
        (!texts.is_empty()).then(|| (field.label.text(w.language), texts))
    });
    FormHelp {
        name: format!("{} {}", eservice.label, (w.function_name)(eservice)),
        fields: explained.collect(),
    }
}
