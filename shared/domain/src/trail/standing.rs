//! Who stands where with a request of a file, as its steps leave it. The table says whose the next step is.

use serde_json::Value as Json;

use super::What;
use crate::eservice::EServiceId;
use crate::history::Record;
use crate::id::PersonId;
use crate::workflow::{Guard, Party, Row, Write};

/// The people of a request.
#[derive(Default)]
pub(super) struct Standing {
    maker: Option<PersonId>,
    holder: Option<PersonId>,
    confirmer: Option<PersonId>,
    /// Whom the form is about.
    about: Option<PersonId>,
}

impl Standing {
    /// Takes a form that the next step saves.
    pub(super) fn save(&mut self, eservice: EServiceId, form: &Json) {
        self.about = eservice.definition().about(form);
    }

    /// Takes a step by its row, and returns what the row does not allow.
    pub(super) fn take(&mut self, row: Option<&Row>, record: &Record) -> Vec<What> {
        let found = row.map(|row| self.against(row, record)).unwrap_or_default();
        let actor = &record.actor;
        if record.from.is_none() || row.is_some_and(|row| row.has(Write::BecomeMaker)) {
            self.maker = Some(actor.clone());
        }
        if row.is_some_and(|row| row.has(Write::Confirm)) {
            self.confirmer = Some(actor.clone());
        }
        if row.is_some_and(|row| row.has(Write::Unconfirm)) {
            self.confirmer = None;
        }
        let holder = record.handed_to.as_ref().unwrap_or(actor);
        self.holder = record.to.is_held().then(|| holder.clone());
        found
    }

    fn against(&self, row: &Row, record: &Record) -> Vec<What> {
        let actor = &record.actor;
        let mut found = Vec::new();
        let is_theirs = match row.who {
            Party::ItsMaker => self.maker.as_ref() == Some(actor),
            Party::Manager => self.maker.as_ref() != Some(actor),
            Party::Holder | Party::HoldingOfficer => self.holder.as_ref() == Some(actor),
            Party::OtherOfficer => self.holder.as_ref() != Some(actor),
            Party::Confirmer => self.confirmer.as_ref() == Some(actor),
            // A clock's row is found only for the clock, and who checks is seen with all steps.
            Party::Colleague | Party::Checker | Party::Officer | Party::Clock => true,
        };
        if !is_theirs {
            found.push(What::NotTheirs(actor.clone(), record.action));
        }
        let about_actor = row.needs(Guard::NotAboutSelf).then_some(actor);
        let checks = about_actor.into_iter().chain(&record.handed_to);
        let own = checks.filter(|person| self.about.as_ref() == Some(*person));
        found.extend(own.cloned().map(What::AboutSelf));
        if row.has(Write::HoldForColleague) != record.handed_to.is_some() {
            found.push(What::HandedTo);
        }
        if row.has(Write::InheritEditors) != record.cloned_from.is_some() {
            found.push(What::Source);
        }
        if row.needs(Guard::MessageGiven) && record.message.is_none() {
            found.push(What::MessageMissing);
        }
        found
    }
}
