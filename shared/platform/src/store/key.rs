//! The keys of the table's items.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::contact::EmailAddress;
use countersign_domain::eservice::EServiceId;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{CompanyId, Digest, ParticipantId, PersonId, RequestId};
use countersign_domain::time;
use jiff::civil::Date;

/// The name of the partition key attribute.
pub const PK: &str = "pk";
/// The name of the sort key attribute.
pub const SK: &str = "sk";

/// The sort key of a request's head.
pub const HEAD: &str = "HEAD";
/// The prefix of the sort key of a request's form. Each version that saves the form has its own.
pub const FORM: &str = "FORM#";
/// The sort key of a company's profile.
pub const PROFILE: &str = "PROFILE";

/// The sort key of a digest: of a reminder's, and of the day's news.
pub const DIGEST: &str = "DIGEST";

/// The prefix of the sort key of a company's person.
pub const PERSON: &str = "PERSON#";

/// The prefix of the sort key of a Delegated Administrator.
pub const USER: &str = "USER#";

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    /// Converts the key to the SDK's form.
    pub fn into_attributes(self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.pk)),
            (SK.to_owned(), AttributeValue::S(self.sk)),
        ])
    }
}

/// The prefix of a request's partition.
const REQUEST: &str = "REQ#";

/// The partition of a request: its head, forms, history and everything else about it.
pub fn request(id: RequestId) -> String {
    format!("{REQUEST}{id}")
}

/// Returns the request that a partition belongs to.
pub(super) fn request_id(pk: &str) -> Option<RequestId> {
    RequestId::parse(pk.strip_prefix(REQUEST)?)
}

/// The key of a request's head.
pub fn head(id: RequestId) -> Key {
    Key::new(request(id), HEAD)
}

/// The prefix of the sort key of a history row.
pub const HISTORY: &str = "EVT#";
/// What the sort key of a notice starts with.
pub const NOTICE: &str = "NOTICE#";
/// What the sort key of the record of a reply starts with.
pub const RECEIVED: &str = "RECEIVED#";
/// What the sort keys of items start with that a reader of the table's stream announces.
pub(super) const ANNOUNCED: [&str; 4] = [HISTORY, NOTICE, RECEIVED, DIGEST];

/// The key of what a client of the user pool is for.
pub fn client(id: &str) -> Key {
    Key::new(format!("CLIENT#{id}"), "CLIENT")
}

/// The key of the calls that a system makes in a minute, by the digest of [`whose`].
pub fn calls(whose: &Digest, minute: i64) -> Key {
    Key::new(format!("CALLS#{whose}"), format!("MINUTE#{minute}"))
}

/// The key of a request's history row. Keys sort in the order of versions.
pub fn history(id: RequestId, version: u32) -> Key {
    Key::new(request(id), format!("{HISTORY}{version:010}"))
}

/// What sorts after every history row, and before everything else that follows.
pub const AFTER_HISTORY: &str = "EVT$";
/// The prefix of the sort key of attempts that were refused. They sort right before the history, so that one query reads
/// both.
pub const ATTEMPT: &str = "ATTEMPT#";
/// The prefix of the sort key of a view, which a company's audit asks for. Views sort right before the attempts.
pub const ACCESS: &str = "ACCESS#";

/// The key of a person's attempts that were refused, by the digest of who tried what and why it was refused.
pub fn attempt(id: RequestId, what: &Digest) -> Key {
    Key::new(request(id), format!("{ATTEMPT}{what}"))
}

/// The key of a person's views of a version, by the digest of [`whose`].
pub fn view(id: RequestId, version: u32, whose: &Digest) -> Key {
    Key::new(request(id), format!("{ACCESS}{version:010}#{whose}"))
}

/// The key of a request's form as this version saved it. The last one is the current form.
pub fn form(id: RequestId, version: u32) -> Key {
    Key::new(request(id), format!("{FORM}{version:010}"))
}

/// The key of the mark that a command with an idempotency key leaves at its request.
pub fn command(id: RequestId, key: &Digest) -> Key {
    Key::new(request(id), format!("KEY#{key}"))
}

/// The prefix of the sort key of an e-mail in a request's ledger.
pub const MAIL: &str = "MAIL#";

/// The key of an e-mail in a request's ledger: the step that it announces, and the digest of the recipient and their
/// role.
pub fn mail(id: RequestId, version: u32, recipient: &Digest) -> Key {
    Key::new(request(id), format!("{MAIL}{version:010}#{recipient}"))
}

/// The key of a notice about a step: none of those who have to act could be notified, or the claim ends soon.
pub fn notice(id: RequestId, version: u32) -> Key {
    Key::new(request(id), format!("{NOTICE}{version:010}"))
}

/// The key of a notice that mail to an address which a step registered comes back.
pub fn bounce_notice(id: RequestId, version: u32, bounced: &EmailAddress) -> Key {
    let digest = Digest::of(bounced.folded().as_bytes());
    Key::new(request(id), format!("{NOTICE}{version:010}#{digest}"))
}

/// The key of an e-mail received for a request, by the ID that SES gave it.
pub fn inbound(id: RequestId, message: &str) -> Key {
    Key::new(request(id), format!("{RECEIVED}{message}"))
}

/// The key of what a person last saw of a request, by the digest of [`whose`].
pub fn seen(id: RequestId, whose: &Digest) -> Key {
    Key::new(request(id), format!("SEEN#{whose}"))
}

/// The key of a token for approval by reply, by the token's digest.
pub fn token(digest: &Digest) -> Key {
    Key::new(format!("TOKEN#{digest}"), "TOKEN")
}

/// The key of the count of a person's answers on a day, by the digest of [`whose`].
pub fn answers(day: Date, whose: &Digest) -> Key {
    Key::new(format!("ANSWERS#{whose}"), format!("DAY#{day}"))
}

/// The key of the suppression of an address. It holds only the address's digest.
pub fn address(address: &EmailAddress) -> Key {
    let digest = Digest::of(address.folded().as_bytes());
    Key::new(format!("ADDRESS#{digest}"), "SUPPRESSED")
}

/// The key of a User ID's lock.
pub fn lock(participant: &ParticipantId, user_id: &str) -> Key {
    Key::new(format!("LOCK#{participant}#{user_id}"), "LOCK")
}

/// The key of the lock of a person, a name or the settings of a company.
pub fn company_lock(id: &CompanyId, subject: &str) -> Key {
    Key::new(format!("LOCK#{}#{subject}", company(id)), "LOCK")
}

/// The key of the counter of an eService's reference numbers.
pub fn counter(eservice: EServiceId) -> Key {
    Key::new(format!("SEQ#{}", eservice.code()), "SEQ")
}

/// The partition of a participant's register.
pub fn register(participant: &ParticipantId) -> String {
    format!("DA#{participant}")
}

/// The key of a Delegated Administrator in the register.
pub fn administrator(participant: &ParticipantId, user_id: &str) -> Key {
    Key::new(register(participant), format!("{USER}{user_id}"))
}

/// The partition of a company: its profile and its people.
pub fn company(id: &CompanyId) -> String {
    format!("COMPANY#{id}")
}

/// The key of a company's profile.
pub fn profile(id: &CompanyId) -> Key {
    Key::new(company(id), PROFILE)
}

/// The key of a company's person.
pub fn person(company_id: &CompanyId, person: &PersonId) -> Key {
    Key::new(company(company_id), format!("{PERSON}{person}"))
}

/// The prefix of the sort key of the name of a company's person.
pub const NAME: &str = "NAME#";

/// The key of the name of a company's person, by its digest. It lets nobody else of the company have that name.
pub fn person_name(company_id: &CompanyId, name: &Digest) -> Key {
    Key::new(company(company_id), format!("{NAME}{name}"))
}

/// The prefix of the sort key of what the user pool has of a company's person.
pub const ACCOUNT: &str = "ACCOUNT#";

/// The key of what the user pool has of a company's person. It sorts before the company's people and its profile.
pub fn account(company_id: &CompanyId, person: &PersonId) -> Key {
    Key::new(company(company_id), format!("{ACCOUNT}{person}"))
}

/// The partition of the list of companies, which includes the exchange. Whatever adds a company has to add it here too.
pub const COMPANIES: &str = "COMPANIES";

/// The prefix of the sort key of a listed company.
pub const LISTED: &str = "COMPANY#";

/// The key of a company in the list of companies, with its progress of registration.
pub fn listed_company(id: &CompanyId) -> Key {
    Key::new(COMPANIES.to_owned(), format!("{LISTED}{id}"))
}

/// The digest of a company and a person. Keys of reminders and tags of their e-mails use it, so that they name nobody.
pub fn whose(company: &CompanyId, person: &PersonId) -> Digest {
    Digest::of(format!("{company} {person}").as_bytes())
}

/// The partition of one person's reminder of one day: what they are reminded of, and the ledger's entry for its e-mail.
/// The key holds the day and a hash of the person, which also spreads reminders over the table.
fn reminder(day: Date, whose: &Digest) -> String {
    format!("REMIND#{day}#{whose}")
}

/// The key of what a person is reminded of on a day.
pub fn digest(day: Date, company: &CompanyId, person: &PersonId) -> Key {
    Key::new(reminder(day, &whose(company, person)), DIGEST)
}

/// The key of the e-mail that reminds a person on a day, in the ledger.
pub fn reminder_mail(day: Date, whose: &Digest) -> Key {
    Key::new(reminder(day, whose), "MAIL")
}

/// The partition of the news that is collected for a company's people.
pub fn news(company: &CompanyId) -> String {
    format!("NEWS#{company}")
}

/// The prefix of the sort key of a piece of news.
pub const FOR: &str = "FOR#";

/// The key of a piece of news for a person, by the time of the step.
pub fn piece_of_news(company_id: &CompanyId, person: &PersonId, step: &HistoryRow) -> Key {
    let (at, request, version) = (time::stored(step.at), step.request, step.version);
    Key::new(
        news(company_id),
        format!("{FOR}{person}#{at}#{request}#{version:010}"),
    )
}

/// The prefix of the partition of one person's digest of one day: its contents, and the ledger's entry for its e-mail.
pub const DAILY: &str = "DAILY#";

fn daily(day: Date, whose: &Digest) -> String {
    format!("{DAILY}{day}#{whose}")
}

/// The key of a person's digest of a day.
pub fn daily_digest(day: Date, company: &CompanyId, person: &PersonId) -> Key {
    Key::new(daily(day, &whose(company, person)), DIGEST)
}

/// The key of the e-mail that sends a person's digest of a day, in the ledger.
pub fn daily_mail(day: Date, whose: &Digest) -> Key {
    Key::new(daily(day, whose), "MAIL")
}

/// The key of a scheduled job's progress on a day.
pub fn job(name: &str, day: Date) -> Key {
    Key::new(format!("JOB#{name}"), format!("DAY#{day}"))
}

/// The key of the mark that names the table's layout.
pub fn layout() -> Key {
    Key::new("LAYOUT".to_owned(), "LAYOUT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requests_last_form_and_its_head_are_read_without_what_other_purposes_keep_beside_them() {
        let (id, digest) = (RequestId::from_bytes([0; 16]), Digest::ZERO);
        for own in [head(id), form(id, 1), history(id, 1)] {
            assert!(own.sk.as_str() <= HEAD, "{}", own.sk);
        }
        let recorded = [view(id, 1, &digest), attempt(id, &digest), history(id, 1)];
        assert!(recorded.is_sorted_by_key(|key| key.sk.clone()));
        assert!(recorded.iter().all(|key| key.sk.as_str() < AFTER_HISTORY));
        assert!(form(id, 1).sk.as_str() > AFTER_HISTORY);
        let beside = [
            command(id, &digest),
            mail(id, 1, &digest),
            notice(id, 1),
            inbound(id, "m"),
            seen(id, &digest),
        ];
        for other in beside {
            assert!(other.sk.as_str() > HEAD, "{}", other.sk);
        }
    }
}
