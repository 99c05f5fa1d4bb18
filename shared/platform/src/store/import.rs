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
use super::people::{Update, number, text};
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
    /// The name in the directory, if it differs.
    pub former: Option<String>,
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

    /// Moves a company's directory on from the revision that was read, and corrects the company itself if it has to be
    /// another. A request moves the same revision, so of two changes that rely on the same reading, one fails, whichever
    /// of them is an import.
    pub fn import_company(&mut self, id: &CompanyId, read: u32, company: Option<&Company>) {
        let mut update = Update::default();
        if let Some(company) = company {
            update.set("name", text(&company.name));
            let own: Vec<String> = company.participantships.iter().map(ToString::to_string).collect();
            update.set_or_remove(
                "participantships",
                (!own.is_empty()).then_some(AttributeValue::Ss(own)),
            );
            update.set("checkers", number(company.checkers));
            update.set("approves_by_mail", AttributeValue::Bool(company.approves_by_mail));
            update.set("records_views", AttributeValue::Bool(company.records_views));
        }
        update.set("revision", number(read.saturating_add(1)));
        update.add("imports");
        let condition = unchanged(&mut update.expressions, read);
        self.update_if(
            Part::Company,
            key::profile(id),
            update.expression(),
            Some(condition),
            &update.expressions,
        );
    }

    /// Renames a company in the list of companies.
    pub fn rename_listed(&mut self, id: &CompanyId, name: &str) {
        let mut update = Update::default();
        update.set("name", text(name));
        let condition = format!("attribute_exists({})", update.expressions.name(PK));
        self.update_if(
            Part::Listed,
            key::listed_company(id),
            update.expression(),
            Some(condition),
            &update.expressions,
        );
    }

    /// Corrects a person who has not changed since they were read. Their former name stays theirs: the history has it.
    pub fn correct_person(&mut self, company: &CompanyId, correction: &Correction) {
        if correction.former.is_some() {
            let mut name = key::person_name(company, &name_digest(&correction.name)).into_attributes();
            name.insert("person".to_owned(), text(correction.person.as_str()));
            let mut expressions = Expressions::default();
            let (pk, person) = (expressions.name(PK), expressions.name("person"));
            let own = expressions.value(text(correction.person.as_str()));
            let condition = format!("attribute_not_exists({pk}) OR {person} = {own}");
            self.put_if(Part::PersonName, name, condition, &expressions);
        }
        let mut update = Update::default();
        update.set("name", text(&correction.name));
        update.add_former_name(correction.former.as_deref());
        let rights: Vec<String> = correction
            .rights
            .iter()
            .map(|right| right.as_str().to_owned())
            .collect();
        update.set_or_remove(
            "rights",
            (!rights.is_empty()).then_some(AttributeValue::Ss(rights)),
        );
        for (name, value) in ["contact_name", "contact_email", "contact_telephone"]
            .into_iter()
            .zip(&correction.contact)
        {
            update.set_or_remove(name, value.as_deref().map(text));
        }
        update.set("revision", number(correction.revision.saturating_add(1)));
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
