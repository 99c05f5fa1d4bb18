//! Writes the directory: companies and their people, as parts of a transaction. Nothing else writes what a company
//! decides about its people; what people choose about themselves is in [`super::directory`].

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::actor::Right;
use countersign_domain::directory::{
    CompanySettings, PersonChange, PersonDetails, PersonSettings, name_digest,
};
use countersign_domain::id::{CompanyId, PersonId};
use countersign_domain::time;

use super::condition::Expressions;
use super::directory::{Company, DirectoryPerson};
use super::item::Item;
use super::key::{self, PK};
use super::transaction::{Part, Transaction};

impl Transaction<'_> {
    /// Enters a company, which must be new, into the directory and into the list of companies.
    pub fn enter_company(&mut self, id: &CompanyId, company: &Company) {
        let mut profile = key::profile(id).into_attributes();
        profile.insert("name".to_owned(), text(&company.name));
        profile.insert(
            "approves_by_mail".to_owned(),
            AttributeValue::Bool(company.approves_by_mail),
        );
        profile.insert(
            "records_views".to_owned(),
            AttributeValue::Bool(company.records_views),
        );
        profile.insert("checkers".to_owned(), number(company.checkers));
        let own = company.participantships.iter().map(ToString::to_string);
        insert_set(&mut profile, "participantships", own.collect());
        self.put_new(Part::Company, profile);
        let mut listed = key::listed_company(id).into_attributes();
        listed.insert("name".to_owned(), text(&company.name));
        self.put_new(Part::Listed, listed);
    }

    /// Enters a person, who must be new and have a name of their own at the company.
    pub fn enter_person(&mut self, company: &CompanyId, person: &DirectoryPerson) {
        self.keep_name(company, &person.id, &person.name);
        self.put_new(Part::Person, person_item(company, person));
    }

    /// Keeps a name for a person; nobody at the company may have or have had it.
    pub fn keep_name(&mut self, company: &CompanyId, person: &PersonId, name: &str) {
        let mut item = key::person_name(company, &name_digest(name)).into_attributes();
        item.insert("person".to_owned(), text(person.as_str()));
        self.put_new(Part::PersonName, item);
    }

    /// Brings back a person who was removed, under the ID that they had, and invites them. `former` is the name that they
    /// had, if it reads otherwise.
    pub fn restore_person(&mut self, company: &CompanyId, person: &DirectoryPerson, former: Option<&str>) {
        let mut update = Update::default();
        update.add_former_name(former);
        for (name, value) in settings(person) {
            update.set_or_remove(name, value);
        }
        for gone in ["removed_at", "away_from", "away_until"] {
            update.set_or_remove(gone, None);
        }
        update.add("revision");
        update.add("invitations");
        let removed = update.expressions.name("removed_at");
        self.update_if(
            Part::Person,
            key::person(company, &person.id),
            update.expression(),
            Some(format!("attribute_exists({removed})")),
            &update.expressions,
        );
    }

    /// Changes a person who is in the directory and has not been removed. `former` is the name that they have until now, if
    /// the change gives them one that reads otherwise.
    pub fn change_person(
        &mut self,
        company: &CompanyId,
        person: &PersonId,
        change: &PersonChange,
        former: Option<&str>,
    ) {
        let mut update = Update::default();
        update.add("revision");
        match change {
            PersonChange::Details(details) => {
                update.add_former_name(former);
                update.set_details(details);
            }
            PersonChange::Away(absence) => {
                let day = |day: jiff::civil::Date| text(&day.to_string());
                update.set_or_remove("away_from", absence.map(|absence| day(absence.from)));
                update.set_or_remove("away_until", absence.map(|absence| day(absence.until)));
            }
            PersonChange::Remove(at) => {
                update.set("removed_at", text(&time::stored(*at)));
                update.set_or_remove("rights", None);
            }
            PersonChange::Invite => update.add("invitations"),
            PersonChange::ResetSecondFactor => update.add("second_factor_resets"),
        }
        let (pk, removed) = (update.expressions.name(PK), update.expressions.name("removed_at"));
        let condition = format!("attribute_exists({pk}) AND attribute_not_exists({removed})");
        self.update_if(
            Part::Person,
            key::person(company, person),
            update.expression(),
            Some(condition),
            &update.expressions,
        );
    }

    /// Moves a company's directory on from the revision that was read, with other settings if there are any. Of two
    /// changes that rely on the same reading, one fails.
    pub fn change_company(&mut self, id: &CompanyId, read: u32, settings: Option<&CompanySettings>) {
        let mut update = Update::default();
        if let Some(settings) = settings {
            update.set("checkers", number(settings.checkers));
            update.set(
                "approves_by_mail",
                AttributeValue::Bool(settings.approves_by_mail),
            );
            update.set("records_views", AttributeValue::Bool(settings.records_views));
        }
        update.set("revision", number(read.saturating_add(1)));
        let (pk, revision) = (update.expressions.name(PK), update.expressions.name("revision"));
        let unchanged = if read == 0 {
            format!("attribute_not_exists({revision})")
        } else {
            format!("{revision} = {}", update.expressions.value(number(read)))
        };
        self.update_if(
            Part::Company,
            key::profile(id),
            update.expression(),
            Some(format!("attribute_exists({pk}) AND {unchanged}")),
            &update.expressions,
        );
    }

    /// Checks that a person is in the directory, has this right and has not been removed.
    pub fn hold_entitled(&mut self, company: &CompanyId, person: &PersonId, right: Right) {
        let mut expressions = Expressions::default();
        let (rights, removed) = (expressions.name("rights"), expressions.name("removed_at"));
        let right = expressions.value(text(right.as_str()));
        let condition = format!("contains({rights}, {right}) AND attribute_not_exists({removed})");
        self.check(
            Part::Entitled,
            key::person(company, person),
            condition,
            &expressions,
        );
    }
}

/// The parts of an update expression.
#[derive(Default)]
pub(super) struct Update {
    pub(super) expressions: Expressions,
    set: Vec<String>,
    remove: Vec<String>,
    add: Vec<String>,
}

impl Update {
    pub(super) fn set(&mut self, name: &str, value: AttributeValue) {
        let set = format!(
            "{} = {}",
            self.expressions.name(name),
            self.expressions.value(value)
        );
        self.set.push(set);
    }

    pub(super) fn set_or_remove(&mut self, name: &str, value: Option<AttributeValue>) {
        match value {
            Some(value) => self.set(name, value),
            None => self.remove.push(self.expressions.name(name)),
        }
    }

    /// Adds 1 to a number.
    pub(super) fn add(&mut self, name: &str) {
        let add = format!(
            "{} {}",
            self.expressions.name(name),
            self.expressions.value(number(1_u8))
        );
        self.add.push(add);
    }

    /// Adds to the names that somebody had before.
    pub(super) fn add_former_name(&mut self, name: Option<&str>) {
        if let Some(former) = set(name.map(str::to_owned).into_iter()) {
            let add = format!(
                "{} {}",
                self.expressions.name("former_names"),
                self.expressions.value(former)
            );
            self.add.push(add);
        }
    }

    fn set_details(&mut self, details: &PersonDetails) {
        let PersonSettings {
            rights,
            language,
            progress,
            reminders,
        } = &details.settings;
        let rights = rights.iter().map(|right| right.as_str().to_owned());
        self.set_or_remove("rights", set(rights));
        let given = [
            ("name", details.name.as_deref().map(text)),
            ("email", details.email.as_deref().map(text)),
            ("mail_language", language.map(|language| text(language.tag()))),
            ("progress_mail", progress.map(|progress| text(progress.as_str()))),
            ("reminder_mail", reminders.map(AttributeValue::Bool)),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                self.set(name, value);
            }
        }
    }

    pub(super) fn expression(&self) -> String {
        let clauses = [("SET", &self.set), ("REMOVE", &self.remove), ("ADD", &self.add)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        let clauses: Vec<String> = clauses
            .map(|(verb, parts)| format!("{verb} {}", parts.join(", ")))
            .collect();
        clauses.join(" ")
    }
}

/// What a person's entry says from the start.
fn settings(person: &DirectoryPerson) -> [(&'static str, Option<AttributeValue>); 6] {
    let rights = person.rights.iter().map(|right| right.as_str().to_owned());
    // A system has no address, and no mail to choose.
    let of_a_person = |value| Some(value).filter(|_| !person.is_system);
    [
        ("name", Some(text(&person.name))),
        ("email", of_a_person(text(&person.email))),
        ("rights", set(rights)),
        ("mail_language", person.mail.language.as_deref().map(text)),
        ("progress_mail", of_a_person(text(person.mail.progress.as_str()))),
        (
            "reminder_mail",
            of_a_person(AttributeValue::Bool(person.mail.reminders)),
        ),
    ]
}

fn person_item(company: &CompanyId, person: &DirectoryPerson) -> Item {
    let mut item = key::person(company, &person.id).into_attributes();
    let mut insert = |name: &str, value: Option<AttributeValue>| {
        item.extend(value.map(|value| (name.to_owned(), value)));
    };
    for (name, value) in settings(person) {
        insert(name, value);
    }
    insert("system", person.is_system.then_some(AttributeValue::Bool(true)));
    let [name, email, telephone] = person.contact.each_ref().map(|own| own.as_deref().map(text));
    insert("contact_name", name);
    insert("contact_email", email);
    insert("contact_telephone", telephone);
    insert("revision", Some(number(person.revision)));
    insert("invitations", Some(number(person.invitations)));
    item
}

pub(super) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(super) fn number(number: impl Into<u32>) -> AttributeValue {
    AttributeValue::N(number.into().to_string())
}

/// DynamoDB has no empty sets.
fn set(texts: impl Iterator<Item = String>) -> Option<AttributeValue> {
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then_some(AttributeValue::Ss(texts))
}

fn insert_set(item: &mut Item, name: &str, texts: Vec<String>) {
    item.extend(set(texts.into_iter()).map(|set| (name.to_owned(), set)));
}
