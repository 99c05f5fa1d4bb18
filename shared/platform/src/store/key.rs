//! Keys of the table's items.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::contact::EmailAddress;
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::{CompanyId, Digest, ParticipantId, PersonId, RequestId};
use jiff::civil::Date;

/// The partition key's name.
pub const PK: &str = "pk";
/// The sort key's name.
pub const SK: &str = "sk";

/// The sort key of a request's head.
pub const HEAD: &str = "HEAD";
/// What the sort key of a request's form, as a version saved it, starts with.
pub const FORM: &str = "FORM#";
/// The sort key of a company's own item.
pub const PROFILE: &str = "PROFILE";

/// The sort key of what a person is reminded of.
pub const DIGEST: &str = "DIGEST";

/// What the sort key of a company's person starts with.
pub const PERSON: &str = "PERSON#";

/// What the sort key of a Delegated Administrator starts with.
pub const USER: &str = "USER#";

/// A key of the table.
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

    /// As the SDK takes it.
    pub fn into_attributes(self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.pk)),
            (SK.to_owned(), AttributeValue::S(self.sk)),
        ])
    }
}

/// What the partition of a request starts with.
const REQUEST: &str = "REQ#";

/// The partition of a request.
pub fn request(id: RequestId) -> String {
    format!("{REQUEST}{id}")
}

/// The request that a partition is of.
pub(super) fn request_id(pk: &str) -> Option<RequestId> {
    RequestId::parse(pk.strip_prefix(REQUEST)?)
}

/// A request's head.
pub fn head(id: RequestId) -> Key {
    Key::new(request(id), HEAD)
}

/// What the sort key of a request's history row starts with.
pub const HISTORY: &str = "EVT#";

/// A request's history row; text order is the order of versions.
pub fn history(id: RequestId, version: u32) -> Key {
    Key::new(request(id), format!("{HISTORY}{version:010}"))
}

/// A request's form as the save of a version left it. The last one is the form as it is now.
pub fn form(id: RequestId, version: u32) -> Key {
    Key::new(request(id), format!("{FORM}{version:010}"))
}

/// The mark that a command with an idempotency key leaves at its request.
pub fn command(id: RequestId, key: &Digest) -> Key {
    Key::new(request(id), format!("KEY#{key}"))
}

/// What the sort key of a mail in a request's ledger starts with.
pub const MAIL: &str = "MAIL#";

/// A mail in a request's ledger: which step it tells of, and the digest of whom it is to and as what.
pub fn mail(id: RequestId, version: u32, recipient: &Digest) -> Key {
    Key::new(request(id), format!("{MAIL}{version:010}#{recipient}"))
}

/// The notice of something about a step: that nobody could be told of it who has to be, or that its claim ends soon.
pub fn notice(id: RequestId, version: u32) -> Key {
    Key::new(request(id), format!("NOTICE#{version:010}"))
}

/// A mail that came for a request, by the ID that SES gave it.
pub fn inbound(id: RequestId, message: &str) -> Key {
    Key::new(request(id), format!("RECEIVED#{message}"))
}

/// A token for approving by reply, by its digest.
pub fn token(digest: &Digest) -> Key {
    Key::new(format!("TOKEN#{digest}"), "TOKEN")
}

/// What is known of an address that mail can't be sent to. The key holds its digest alone.
pub fn address(address: &EmailAddress) -> Key {
    let digest = Digest::of(address.ascii().to_ascii_lowercase().as_bytes());
    Key::new(format!("ADDRESS#{digest}"), "SUPPRESSED")
}

/// The lock of a User ID.
pub fn lock(participant: &ParticipantId, user_id: &str) -> Key {
    Key::new(format!("LOCK#{participant}#{user_id}"), "LOCK")
}

/// The counter of an eService's reference numbers.
pub fn counter(eservice: EServiceId) -> Key {
    Key::new(format!("SEQ#{}", eservice.code()), "SEQ")
}

/// The partition of a participant's register.
pub fn register(participant: &ParticipantId) -> String {
    format!("DA#{participant}")
}

/// A Delegated Administrator in the register.
pub fn administrator(participant: &ParticipantId, user_id: &str) -> Key {
    Key::new(register(participant), format!("{USER}{user_id}"))
}

/// The partition of a company.
pub fn company(id: &CompanyId) -> String {
    format!("COMPANY#{id}")
}

/// A company's own item.
pub fn profile(id: &CompanyId) -> Key {
    Key::new(company(id), PROFILE)
}

/// A person of a company.
pub fn person(company_id: &CompanyId, person: &PersonId) -> Key {
    Key::new(company(company_id), format!("{PERSON}{person}"))
}

/// The partition of the list of companies, the exchange among them. Whoever enters a company enters it here too.
pub const COMPANIES: &str = "COMPANIES";

/// What the sort key of a listed company starts with.
pub const LISTED: &str = "COMPANY#";

/// A company in the list of companies, with how far its registration has come.
pub fn listed_company(id: &CompanyId) -> Key {
    Key::new(COMPANIES.to_owned(), format!("{LISTED}{id}"))
}

/// Whose reminder it is, as its keys and its mail's tags say it: they name nobody.
pub fn whose(company: &CompanyId, person: &PersonId) -> Digest {
    Digest::of(format!("{company} {person}").as_bytes())
}

/// The partition of one person's reminder of one day: what they are reminded of, and the mail that told them. Whose it is
/// stands there as a digest, which lets reminders lie spread over the table as well.
fn reminder(day: Date, whose: &Digest) -> String {
    format!("REMIND#{day}#{whose}")
}

/// What a person is reminded of on a day.
pub fn digest(day: Date, company: &CompanyId, person: &PersonId) -> Key {
    Key::new(reminder(day, &whose(company, person)), DIGEST)
}

/// The mail that reminds a person on a day, in the ledger.
pub fn reminder_mail(day: Date, whose: &Digest) -> Key {
    Key::new(reminder(day, whose), "MAIL")
}

/// How far a scheduled job has come on a day.
pub fn job(name: &str, day: Date) -> Key {
    Key::new(format!("JOB#{name}"), format!("DAY#{day}"))
}

/// The mark of the layout that the table's items are in.
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
        let beside = [
            command(id, &digest),
            mail(id, 1, &digest),
            notice(id, 1),
            inbound(id, "m"),
        ];
        for other in beside {
            assert!(other.sk.as_str() > HEAD, "{}", other.sk);
        }
    }
}
