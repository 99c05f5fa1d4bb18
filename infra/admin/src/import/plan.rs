//! What the files of a folder say, company by company.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use countersign_domain::actor::Right;
use countersign_domain::contact::{EmailAddress, UserId, UserIdRule};
use countersign_domain::directory::{MOST_CHECKERS, name_digest};
use countersign_domain::id::{CompanyId, Digest, ParticipantId};
use countersign_domain::language::Language;
use countersign_domain::participantship::{Participantship, ParticipantshipKind};

use super::cell::Reader;
use super::sheet::{Column, Fault, Line, Sheet, optional, required};
use crate::AdminError;

/// Companies, one a line.
pub(super) const COMPANIES: &str = "companies.csv";
const COMPANY_COLUMNS: [Column; 5] = [
    required("company_id"),
    required("name"),
    optional("checkers"),
    optional("approves_by_mail"),
    optional("records_views"),
];

/// Their roles at the clearing houses, one a line.
pub(super) const PARTICIPANTSHIPS: &str = "participantships.csv";
const PARTICIPANTSHIP_COLUMNS: [Column; 3] = [
    required("company_id"),
    required("participantship"),
    required("participant_id"),
];

/// The User IDs of their Delegated Administrators, one a line.
pub(super) const ADMINISTRATORS: &str = "administrators.csv";
const ADMINISTRATOR_COLUMNS: [Column; 2] = [required("participant_id"), required("user_id")];

/// Their first people, one a line.
pub(super) const PEOPLE: &str = "people.csv";
const PERSON_COLUMNS: [Column; 8] = [
    required("company_id"),
    required("name"),
    required("email"),
    required("rights"),
    optional("language"),
    optional("contact_name"),
    optional("contact_email"),
    optional("contact_telephone"),
];

/// How many people a company can be entered with: the company and its people are one transaction of 100 operations, of
/// which the company takes two and each person two.
pub(super) const MOST_PEOPLE: usize = 49;

/// How many people have to be able to manage a company's users, so that one can check what another one makes.
pub const LEAST_MANAGERS: usize = 2;

/// A company as the files have it.
#[derive(Debug)]
pub(super) struct Firm {
    /// Its line in [`COMPANIES`].
    pub(super) line: usize,
    pub(super) id: CompanyId,
    pub(super) name: String,
    /// `None` leaves it as it is, which is one for a new company.
    pub(super) checkers: Option<u8>,
    /// `None` leaves it as it is, which is no for a new company.
    pub(super) approves_by_mail: Option<bool>,
    /// `None` leaves it as it is, which is no for a new company.
    pub(super) records_views: Option<bool>,
    pub(super) participantships: BTreeSet<Participantship>,
    pub(super) administrators: BTreeSet<(ParticipantId, UserId)>,
    pub(super) people: Vec<Person>,
}

/// A person as the files have them.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: EmailAddress,
    pub(super) rights: BTreeSet<Right>,
    /// The language of mail to them; `None` for the default.
    pub(super) language: Option<Language>,
    /// The name, e-mail address and telephone number that their drafts start with.
    pub(super) contact: [Option<String>; 3],
}

impl Firm {
    /// How many of its people can manage users.
    pub(super) fn managers(&self) -> usize {
        self.people.iter().filter(|person| person.manages_users()).count()
    }
}

impl Person {
    /// Whether they can manage users.
    pub(super) fn manages_users(&self) -> bool {
        self.rights.contains(&Right::ManageUsers)
    }
}

/// Reads the files of a folder. Returns every fault that they have, if any.
pub(super) fn read(
    folder: &Path,
    user_ids: &UserIdRule,
) -> Result<Result<Vec<Firm>, Vec<Fault>>, AdminError> {
    let mut faults = Vec::new();
    let mut load = |file, columns: &[Column]| Sheet::load(folder, file, columns, &mut faults);
    let companies = load(COMPANIES, &COMPANY_COLUMNS)?;
    let participantships = load(PARTICIPANTSHIPS, &PARTICIPANTSHIP_COLUMNS)?;
    let administrators = load(ADMINISTRATORS, &ADMINISTRATOR_COLUMNS)?;
    let people = load(PEOPLE, &PERSON_COLUMNS)?;
    let mut plan = Plan {
        faults,
        ..Plan::default()
    };
    if plan.faults.is_empty() && companies.lines.is_empty() {
        let text = format!("{} has no {COMPANIES} with a company in it.", folder.display());
        plan.fault(COMPANIES, 0, None, text);
    }
    companies.lines.iter().for_each(|line| plan.company(line));
    participantships
        .lines
        .iter()
        .for_each(|line| plan.participantship(line));
    administrators
        .lines
        .iter()
        .for_each(|line| plan.administrator(line, user_ids));
    people.lines.iter().for_each(|line| plan.person(line));
    Ok(plan.finish())
}

#[derive(Default)]
struct Plan {
    faults: Vec<Fault>,
    firms: Vec<Firm>,
    /// Where each company is in `firms`. `None` for one whose line is at fault, so that its other lines are not.
    places: BTreeMap<CompanyId, Option<usize>>,
    participants: BTreeMap<ParticipantId, CompanyId>,
    administrators: BTreeMap<String, usize>,
    addresses: BTreeMap<String, usize>,
    names: BTreeMap<(CompanyId, Digest), usize>,
}

impl Plan {
    fn company(&mut self, line: &Line) {
        let mut cells = Reader::new(COMPANIES, line, &mut self.faults);
        let id = cells.company("company_id");
        let (name, checkers) = (cells.name("name"), cells.number("checkers", 1, MOST_CHECKERS));
        let (mails, views) = (cells.flag("approves_by_mail"), cells.flag("records_views"));
        let Some(id) = id else { return };
        if self.places.contains_key(&id) {
            let text = format!("The company {id} is on another line already.");
            return self.fault(COMPANIES, line.number, Some("company_id"), text);
        }
        let (Some(name), Ok(checkers), Ok(approves_by_mail), Ok(records_views)) =
            (name, checkers, mails, views)
        else {
            self.places.insert(id, None);
            return;
        };
        self.places.insert(id.clone(), Some(self.firms.len()));
        self.firms.push(Firm {
            line: line.number,
            id,
            name,
            checkers,
            approves_by_mail,
            records_views,
            participantships: BTreeSet::new(),
            administrators: BTreeSet::new(),
            people: Vec::new(),
        });
    }

    fn participantship(&mut self, line: &Line) {
        let mut cells = Reader::new(PARTICIPANTSHIPS, line, &mut self.faults);
        let (company, kind) = (
            cells.company("company_id"),
            cells.participantship("participantship"),
        );
        let participant = cells.participant("participant_id");
        let (Some(company), Some(kind), Some(participant)) = (company, kind, participant) else {
            return;
        };
        let column = Some("company_id");
        if company.is_exchange() {
            let text = "The exchange has no participantships.".to_owned();
            return self.fault(PARTICIPANTSHIPS, line.number, column, text);
        }
        let Some(place) = self.place(&company, PARTICIPANTSHIPS, line) else {
            return;
        };
        let owner = self
            .participants
            .entry(participant.clone())
            .or_insert_with(|| company.clone());
        if *owner != company {
            let text = format!("The participant {participant} is of the company {owner} already.");
            return self.fault(PARTICIPANTSHIPS, line.number, Some("participant_id"), text);
        }
        let own = Participantship {
            kind,
            id: participant,
        };
        if !self.firms[place].participantships.insert(own) {
            let text = "The company has this participantship on another line already.".to_owned();
            self.fault(PARTICIPANTSHIPS, line.number, Some("participantship"), text);
        }
    }

    fn administrator(&mut self, line: &Line, rule: &UserIdRule) {
        let mut cells = Reader::new(ADMINISTRATORS, line, &mut self.faults);
        let Some(participant) = cells.participant("participant_id") else {
            return;
        };
        let Some(user_id) = cells.user_id("user_id", &participant, rule) else {
            return;
        };
        let Some(company) = self.participants.get(&participant) else {
            let text = format!("{PARTICIPANTSHIPS} has no participant {participant}.");
            return self.fault(ADMINISTRATORS, line.number, Some("participant_id"), text);
        };
        let Some(Some(place)) = self.places.get(company) else {
            return;
        };
        self.firms[*place]
            .administrators
            .insert((participant, user_id.clone()));
        if let Some(before) = self.administrators.insert(user_id.to_string(), line.number) {
            let text = format!("The User ID {user_id} is on line {before} already.");
            self.fault(ADMINISTRATORS, line.number, Some("user_id"), text);
        }
    }

    fn person(&mut self, line: &Line) {
        let mut cells = Reader::new(PEOPLE, line, &mut self.faults);
        let (company, name) = (cells.company("company_id"), cells.name("name"));
        let (email, language) = (cells.email("email"), cells.language("language"));
        let rights = company
            .as_ref()
            .and_then(|company| cells.rights("rights", company));
        let contact = [
            cells.optional_name("contact_name"),
            cells.optional_email("contact_email"),
            cells.optional_telephone("contact_telephone"),
        ];
        let [Ok(contact_name), Ok(contact_email), Ok(contact_telephone)] = contact else {
            return;
        };
        let (Some(company), Some(name), Some(email), Some(rights), Ok(language)) =
            (company, name, email, rights, language)
        else {
            return;
        };
        let Some(place) = self.place(&company, PEOPLE, line) else {
            return;
        };
        // People sign in with their address, so nobody else in any company has it.
        if let Some(before) = self.addresses.insert(email.folded(), line.number) {
            let text = format!("The person on line {before} has this address already.");
            self.fault(PEOPLE, line.number, Some("email"), text);
        }
        if let Some(before) = self.names.insert((company, name_digest(&name)), line.number) {
            let text = format!(
                "The person on line {before} has this name already, or one that looks like it. Tell the two apart, as in \
                 D Wong (Settlement)."
            );
            self.fault(PEOPLE, line.number, Some("name"), text);
        }
        self.firms[place].people.push(Person {
            name,
            email,
            rights,
            language,
            contact: [contact_name, contact_email, contact_telephone],
        });
    }

    /// Where a company is in `firms`. One that is not in [`COMPANIES`] is a fault.
    fn place(&mut self, company: &CompanyId, file: &'static str, line: &Line) -> Option<usize> {
        if let Some(place) = self.places.get(company) {
            return *place;
        }
        let text = format!("{COMPANIES} has no company {company}.");
        self.fault(file, line.number, Some("company_id"), text);
        None
    }

    fn fault(&mut self, file: &'static str, line: usize, column: Option<&'static str>, text: String) {
        self.faults.push(Fault {
            file,
            line,
            column,
            text,
        });
    }

    fn finish(mut self) -> Result<Vec<Firm>, Vec<Fault>> {
        let mut faults = Vec::new();
        for firm in &self.firms {
            let mut fault = |text: String| {
                faults.push(Fault {
                    file: COMPANIES,
                    line: firm.line,
                    column: Some("company_id"),
                    text,
                });
            };
            let id = &firm.id;
            if firm.participantships.is_empty() && !id.is_exchange() {
                fault(format!(
                    "{PARTICIPANTSHIPS} has no participantship of the company {id}."
                ));
            }
            if firm.people.len() > MOST_PEOPLE {
                let people = firm.people.len();
                fault(format!(
                    "{PEOPLE} has {people} people of the company {id}. A company is entered with {MOST_PEOPLE} at most, and \
                     adds the others itself (AM 1)."
                ));
            }
        }
        // A company whose people are at fault has faults enough.
        if self.faults.is_empty() {
            self.faults = faults;
        } else {
            self.faults.extend(faults);
        }
        self.faults.sort();
        if self.faults.is_empty() {
            Ok(self.firms)
        } else {
            Err(self.faults)
        }
    }
}

/// The names of the roles at the clearing houses, for a message.
pub(super) fn participantship_kinds() -> String {
    ParticipantshipKind::ALL
        .map(ParticipantshipKind::as_str)
        .join(", ")
}
