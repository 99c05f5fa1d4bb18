//! What is to be erased at one request.

use std::collections::BTreeSet;
use std::fmt;

use countersign_domain::commitment::Salt;
use countersign_domain::fact::Attribute;
use countersign_domain::history::{HistoryRow, RowParts};
use countersign_domain::id::{Digest, PersonId};
use countersign_domain::request::StateName;
use countersign_domain::trail::Identity;
use countersign_platform::store::erase::{AddressNotice, AuditEntry, LedgerMail, names_in};
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::requests::StoredForm;
use countersign_platform::store::{Store, StoreError};

use crate::AdminError;

/// What is to be erased at a request.
pub(super) struct Due {
    /// Whether the request is open and needs the person: they made it, hold it, or stand in its form.
    pub(super) is_blocked: bool,
    stored: StoredHead,
    names: Vec<Attribute>,
    rows: Vec<DueRow>,
    forms: Vec<DueForm>,
    mails: Vec<LedgerMail>,
    notices: Vec<AddressNotice>,
    entries: Vec<AuditEntry>,
}

/// A history row of which parts are to be erased.
struct DueRow {
    row: HistoryRow,
    parts: RowParts,
}

/// A form of which values are to be erased.
struct DueForm {
    version: u32,
    form: StoredForm,
    pointers: BTreeSet<String>,
}

impl Due {
    /// Finds what is to be erased at a request; `None` if there is nothing.
    pub(super) async fn find(
        store: &Store,
        stored: StoredHead,
        person: &PersonId,
        identity: &Identity,
    ) -> Result<Option<Self>, AdminError> {
        let id = stored.head.id;
        let (whole, forms, mails, notices, entries) = tokio::try_join!(
            store.request(id),
            store.forms(id),
            store.ledger(id),
            store.address_notices(id),
            store.entries_of(id, person)
        )?;
        let history = whole.map(|whole| whole.history).unwrap_or_default();
        let forms: Vec<DueForm> = forms
            .into_iter()
            .map(|(version, form)| {
                let pointers = identity.pointers(stored.head.eservice, &form.json()?);
                Ok(DueForm {
                    version,
                    form,
                    pointers,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        let is_open = match stored.head.state.name() {
            StateName::Completed | StateName::Rejected | StateName::Discarded => false,
            StateName::Draft
            | StateName::ReadyToSend
            | StateName::Claimed
            | StateName::Sent
            | StateName::Processing => true,
        };
        let head = &stored.head;
        let holds = head.state.holder().is_some_and(|holder| holder.by.id == *person);
        let is_in_form = forms.last().is_some_and(|form| !form.pointers.is_empty());
        let rows = history
            .into_iter()
            .map(|row| DueRow {
                parts: parts_of(&row, person, identity),
                row,
            })
            .filter(|due| due.parts.is_something());
        let due = Self {
            is_blocked: is_open && (head.maker.id == *person || holds || is_in_form),
            names: names_in(&stored, person),
            rows: rows.collect(),
            forms: forms
                .into_iter()
                .filter(|form| !form.pointers.is_empty())
                .collect(),
            mails: mails
                .into_iter()
                .filter(|found| {
                    let name = found.mail.name.as_deref();
                    identity.is_in(&found.mail.address) || name.is_some_and(|name| identity.is_in(name))
                })
                .collect(),
            notices: notices
                .into_iter()
                .filter(|notice| identity.is_in(&notice.address))
                .collect(),
            entries,
            stored,
        };
        Ok(due.is_something().then_some(due))
    }

    fn is_something(&self) -> bool {
        self.is_blocked
            || !(self.names.is_empty()
                && self.rows.is_empty()
                && self.forms.is_empty()
                && self.mails.is_empty()
                && self.notices.is_empty()
                && self.entries.is_empty())
    }

    /// Erases it. Returns whether nothing of it changed meanwhile.
    pub(super) async fn erase(self, store: &Store) -> Result<bool, AdminError> {
        let id = self.stored.head.id;
        let mut is_whole = true;
        for due in &self.forms {
            let erased = due.form.erased(&due.pointers)?;
            is_whole &= store.erase_in_form(id, due.version, &due.form, &erased).await?;
        }
        for due in &self.rows {
            is_whole &= store.erase_in_row(&due.row, due.parts).await?;
        }
        if !self.names.is_empty() {
            is_whole &= store.erase_names(&self.stored, &self.names).await?;
        }
        for mail in &self.mails {
            is_whole &= store.erase_mail(mail, &place()?).await?;
        }
        for entry in &self.entries {
            is_whole &= store.erase_in_entry(entry).await?;
        }
        for notice in &self.notices {
            is_whole &= store.erase_notice(notice).await?;
        }
        Ok(is_whole)
    }
}

/// A place in the ledger that no address leads to.
fn place() -> Result<Digest, AdminError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|error| AdminError::Deployment(error.to_string()))?;
    Ok(Digest::of(
        Salt::from_bits(u128::from_be_bytes(bits)).to_string().as_bytes(),
    ))
}

/// Says where something would be erased, and never what.
impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = &self.stored.head;
        match &head.reference {
            Some(reference) => write!(f, "{reference}")?,
            None => write!(f, "{}", head.id)?,
        }
        write!(f, " ({}):", head.state.name().as_str())?;
        let mut parts = Vec::new();
        if self.is_blocked {
            parts.push("is open and needs them".to_owned());
        }
        let steps = |due: &dyn Fn(&DueRow) -> bool| {
            let versions = self.rows.iter().filter(|row| due(row));
            let versions: Vec<String> = versions.map(|due| due.row.version.to_string()).collect();
            (!versions.is_empty()).then(|| versions.join(", "))
        };
        parts.extend(
            steps(&|due| due.parts.name || due.parts.colleague)
                .map(|steps| format!("the name in steps {steps}")),
        );
        parts.extend(steps(&|due| due.parts.message).map(|steps| format!("the messages of steps {steps}")));
        for due in &self.forms {
            let pointers: Vec<&str> = due.pointers.iter().map(String::as_str).collect();
            let version = due.version;
            parts.push(format!(
                "in the form of version {version} {}",
                pointers.join(", ")
            ));
        }
        if !self.names.is_empty() {
            parts.push("the name at the request".to_owned());
        }
        let entries = self.entries.len();
        if entries > 0 {
            parts.push(format!("the name in {entries} entries of the audit"));
        }
        let mails = self.mails.len() + self.notices.len();
        if mails > 0 {
            parts.push(format!("{mails} e-mails in the ledger"));
        }
        write!(f, " {}", parts.join("; "))
    }
}

/// The parts of a row that name the person or tell of them.
fn parts_of(row: &HistoryRow, person: &PersonId, identity: &Identity) -> RowParts {
    let handed_to = row.handed_to.as_ref().zip(row.seals.handed_to.as_ref());
    RowParts {
        name: row.actor.id == *person && !row.seals.name.is_erased(),
        message: row.message.as_ref().is_some_and(|text| identity.is_in(text)),
        colleague: handed_to.is_some_and(|(colleague, seal)| colleague.id == *person && !seal.is_erased()),
    }
}
