//! What the operator's tool writes: companies' administrators and corrections to the directory, as parts of a
//! transaction, and the mark of a new table.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::actor::Right;
use countersign_domain::contact::UserId;
use countersign_domain::directory::name_digest;
use countersign_domain::id::{CompanyId, ParticipantId, PersonId};

use super::condition::Expressions;
use super::directory::Company;
use super::key::{self, PK};
use super::layout;
use super::transaction::{Part, Transaction};
use super::{Store, StoreError};

/// A person as an operator corrects them.
#[derive(Debug)]
pub struct Correction {
    /// The person.
    pub person: PersonId,
    /// Their revision when they were read.
    pub revision: u32,
    /// The name that others see.
    pub name: String,
    /// Whether it differs from the name in the directory.
    pub is_renamed: bool,
    /// What they may do.
    pub rights: BTreeSet<Right>,
    /// The name, e-mail address and telephone number that their drafts start with.
    pub contact: [Option<String>; 3],
}

impl Store {
    /// Marks an empty table with this release's layout, and refuses one in another layout. Returns whether the table was
    /// empty.
    pub async fn mark_layout(&self) -> Result<bool, StoreError> {
        if !self.is_unmarked().await? {
            return Ok(false);
        }
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        let mut transaction = self.transaction();
        transaction.put_if(Part::Layout, layout::mark(), condition, &expressions);
        // If another one has marked it in the meantime, it is marked.
        transaction.commit().await.map(|_| true)
    }

    /// Whether the table is empty and has no mark of its layout. Refuses one in another layout.
    pub async fn is_unmarked(&self) -> Result<bool, StoreError> {
        let mark = self.get(key::layout()).await?;
        if mark.is_none() {
            let any = self.client.scan().table_name(&self.table).limit(1).send().await?;
            if any.count() == 0 {
                return Ok(true);
            }
        }
        layout::verify(mark.as_ref()).map(|()| false)
    }
}

impl Transaction<'_> {
    /// Enters an administrator, who must be new, into a participant's register, without an address.
    pub fn list_administrator(&mut self, part: Part, participant: &ParticipantId, user_id: &UserId) {
        let mut item = key::administrator(participant, user_id.as_str()).into_attributes();
        item.insert("user_id".to_owned(), text(user_id.as_str()));
        self.put_new(part, item);
    }

    /// Corrects a company that has not changed since it was read. A change of its people or settings counts as one of its
    /// directory, so that of two changes that rely on the same reading, one fails.
    pub fn correct_company(&mut self, id: &CompanyId, company: &Company, read: u32) {
        let mut update = Update::default();
        update.set("name", Some(text(&company.name)));
        let own: Vec<String> = company.participantships.iter().map(ToString::to_string).collect();
        update.set(
            "participantships",
            (!own.is_empty()).then_some(AttributeValue::Ss(own)),
        );
        update.set("checkers", Some(AttributeValue::N(company.checkers.to_string())));
        update.set(
            "approves_by_mail",
            Some(AttributeValue::Bool(company.approves_by_mail)),
        );
        update.set("records_views", Some(AttributeValue::Bool(company.records_views)));
        let condition = unchanged(&mut update.expressions, read);
        self.update_if(
            Part::Company,
            key::profile(id),
            update.expression(),
            Some(condition),
            &update.expressions,
        );
    }

    /// Checks that no request has changed a company's directory since it was read.
    pub fn hold_company(&mut self, id: &CompanyId, read: u32) {
        let mut expressions = Expressions::default();
        let condition = unchanged(&mut expressions, read);
        self.check(Part::Company, key::profile(id), condition, &expressions);
    }

    /// Renames a company in the list of companies.
    pub fn rename_listed(&mut self, id: &CompanyId, name: &str) {
        let mut update = Update::default();
        update.set("name", Some(text(name)));
        let condition = format!("attribute_exists({})", update.expressions.name(PK));
        self.update_if(
            Part::Listed,
            key::listed_company(id),
            update.expression(),
            Some(condition),
            &update.expressions,
        );
    }

    /// Corrects a person who has not changed since they were read. Their former name stays taken: the history has it.
    pub fn correct_person(&mut self, company: &CompanyId, correction: &Correction) {
        if correction.is_renamed {
            let mut name = key::person_name(company, &name_digest(&correction.name)).into_attributes();
            name.insert("person".to_owned(), text(correction.person.as_str()));
            let mut expressions = Expressions::default();
            let (pk, person) = (expressions.name(PK), expressions.name("person"));
            let own = expressions.value(text(correction.person.as_str()));
            let condition = format!("attribute_not_exists({pk}) OR {person} = {own}");
            self.put_if(Part::PersonName, name, condition, &expressions);
        }
        let mut update = Update::default();
        update.set("name", Some(text(&correction.name)));
        let rights: Vec<String> = correction
            .rights
            .iter()
            .map(|right| right.as_str().to_owned())
            .collect();
        update.set(
            "rights",
            (!rights.is_empty()).then_some(AttributeValue::Ss(rights)),
        );
        for (name, value) in ["contact_name", "contact_email", "contact_telephone"]
            .into_iter()
            .zip(&correction.contact)
        {
            update.set(name, value.as_deref().map(text));
        }
        let next = correction.revision.saturating_add(1);
        update.set("revision", Some(AttributeValue::N(next.to_string())));
        let condition = unchanged(&mut update.expressions, correction.revision);
        let removed = update.expressions.name("removed_at");
        self.update_if(
            Part::Person,
            key::person(company, &correction.person),
            update.expression(),
            Some(format!("{condition} AND attribute_not_exists({removed})")),
            &update.expressions,
        );
    }
}

/// The condition that an item is there with this revision.
fn unchanged(expressions: &mut Expressions, read: u32) -> String {
    let (pk, revision) = (expressions.name(PK), expressions.name("revision"));
    if read == 0 {
        format!("attribute_exists({pk}) AND attribute_not_exists({revision})")
    } else {
        let read = expressions.value(AttributeValue::N(read.to_string()));
        format!("attribute_exists({pk}) AND {revision} = {read}")
    }
}

/// The parts of an update expression.
#[derive(Default)]
struct Update {
    expressions: Expressions,
    set: Vec<String>,
    remove: Vec<String>,
}

impl Update {
    /// Sets an attribute; without a value, removes it.
    fn set(&mut self, name: &str, value: Option<AttributeValue>) {
        let name = self.expressions.name(name);
        match value {
            Some(value) => self
                .set
                .push(format!("{name} = {}", self.expressions.value(value))),
            None => self.remove.push(name),
        }
    }

    fn expression(&self) -> String {
        let clauses = [("SET", &self.set), ("REMOVE", &self.remove)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        let clauses: Vec<String> = clauses
            .map(|(verb, parts)| format!("{verb} {}", parts.join(", ")))
            .collect();
        clauses.join(" ")
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
