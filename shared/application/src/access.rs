//! Who the caller is, and why access is denied.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;

use countersign_domain::actor::{Actor, Member, Person, Right};
use countersign_domain::contact::EmailAddress;
use countersign_domain::eservice::EServiceId;
use countersign_domain::form::Contact;
use countersign_domain::history::CommandKey;
use countersign_domain::id::{CompanyId, Digest, PersonId};
use countersign_domain::participantship::Participantship;
use countersign_platform::store::StoreError;
use countersign_platform::telemetry;

/// Why access is denied.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Nobody has signed in.
    #[error("nobody has signed in")]
    NotSignedIn,
    /// The person who signed in is not in the directory.
    #[error("not in the directory")]
    NotInDirectory,
    /// The caller lacks this right.
    #[error("a right is missing")]
    RightMissing(Right),
    /// It does not exist, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The store gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The names of the access token's claims. The function `sign-in` adds most of them.
pub mod claim {
    /// The company's ID.
    pub const COMPANY: &str = "company";
    /// The company's name.
    pub const COMPANY_NAME: &str = "company_name";
    /// The company's participantships, separated by semicolons.
    pub const PARTICIPANTSHIPS: &str = "participantships";
    /// The name that others see.
    pub const NAME: &str = "name";
    /// The address.
    pub const EMAIL: &str = "email";
    /// The name, e-mail address and telephone number that drafts start with.
    pub const CONTACT: [&str; 3] = ["contact_name", "contact_email", "contact_telephone"];
    /// The rights, as groups.
    pub(super) const GROUPS: &str = "cognito:groups";
    /// The person's ID in the directory.
    pub const PERSON: &str = "person";
    /// Says that the token is a system's. Cognito puts no client into groups, so a system's one right follows from this.
    pub const SYSTEM: &str = "system";
    /// The value of [`SYSTEM`].
    pub const IS_SYSTEM: &str = "true";
    /// What the token is for.
    pub(super) const TOKEN_USE: &str = "token_use";
}

/// A signed-in caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person, their company and their rights.
    pub member: Member,
    /// The contact that their drafts start with.
    pub contact: Contact,
}

impl Caller {
    /// Reads the caller from claims that have been verified. Someone who is not in the directory has no company in
    /// their claims and is refused. The call's line in the log has the caller's IDs.
    pub fn of_claims<S: BuildHasher>(claims: &HashMap<String, String, S>) -> Result<Self, AccessError> {
        let text = |name: &str| {
            claims
                .get(name)
                .map(String::as_str)
                .filter(|text| !text.is_empty())
        };
        // API Gateway accepts ID tokens too, since they name the same client. An ID token is meant for the portal
        // alone.
        if text(claim::TOKEN_USE) != Some("access") {
            return Err(AccessError::NotSignedIn);
        }
        let is_system = text(claim::SYSTEM) == Some(claim::IS_SYSTEM);
        let email = match text(claim::EMAIL) {
            None if is_system => Some(None),
            email => email.and_then(|email| EmailAddress::parse(email).ok()).map(Some),
        };
        let known = || {
            let member = Member {
                person: Person {
                    id: PersonId::parse(text(claim::PERSON)?)?,
                    name: text(claim::NAME)?.to_owned(),
                },
                email: email?,
                company: CompanyId::parse(text(claim::COMPANY)?)?,
                company_name: text(claim::COMPANY_NAME)?.to_owned(),
                rights: if is_system {
                    BTreeSet::from([Right::SystemMaker])
                } else {
                    rights(text(claim::GROUPS).unwrap_or_default())
                },
                participantships: text(claim::PARTICIPANTSHIPS)
                    .unwrap_or_default()
                    .split(';')
                    .filter_map(Participantship::parse)
                    .collect(),
            };
            let contact = |name| text(name).unwrap_or_default().to_owned();
            let [name, email, telephone] = claim::CONTACT.map(contact);
            Some(Self {
                member,
                contact: Contact {
                    name,
                    email,
                    telephone,
                },
            })
        };
        let caller = known().ok_or(AccessError::NotInDirectory)?;
        telemetry::acts(&caller.member.company, &caller.member.person.id);
        Ok(caller)
    }

    /// The caller as an actor of the workflow.
    pub fn actor(&self) -> Actor {
        Actor::Member(self.member.clone())
    }

    /// Refuses a caller who has no right beyond reading who they are.
    pub fn with_a_right(self) -> Result<Self, AccessError> {
        if self.member.may_see() {
            return Ok(self);
        }
        let right = if self.member.company.is_exchange() {
            Right::Operations
        } else {
            Right::UserMaintenance
        };
        Err(AccessError::RightMissing(right))
    }

    /// Refuses a caller who may not make requests of an eService.
    pub fn as_a_maker(&self, eservice: EServiceId) -> Result<&Member, AccessError> {
        if self.member.may_make(eservice) {
            Ok(&self.member)
        } else {
            Err(AccessError::RightMissing(eservice.definition().right))
        }
    }

    /// Makes the key that identifies a repeated command: from the caller and their idempotency key, and from what they
    /// ask for. The idempotency key, which is stored nowhere, salts the second digest, so that nobody can guess from it
    /// what was asked for once that is erased.
    pub fn command_key(&self, key: &str, subject: &str, said: &[u8]) -> CommandKey {
        let mut body = format!("{key}\n{subject}\n").into_bytes();
        body.extend(said);
        CommandKey {
            key: Digest::of(format!("{}\n{key}", self.member.person.id).as_bytes()),
            body: Digest::of(&body),
        }
    }
}

/// Reads the rights from groups. API Gateway passes an array as one text: `[EU_UserMaintenance HKEX_Operations]`. No
/// group's name contains a space. A text in any other form gives no rights.
fn rights(groups: &str) -> BTreeSet<Right> {
    let groups = groups
        .strip_prefix('[')
        .and_then(|groups| groups.strip_suffix(']'));
    groups
        .unwrap_or_default()
        .split(' ')
        .filter_map(Right::parse)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_read_as_api_gateway_flattens_them() {
        assert_eq!(
            rights("[EU_UserMaintenance HKEX_Operations]"),
            BTreeSet::from([Right::UserMaintenance, Right::Operations])
        );
        assert_eq!(
            rights("[EU_UserMaintenance]"),
            BTreeSet::from([Right::UserMaintenance])
        );
        assert_eq!(rights("[]"), BTreeSet::new());
        for other in [
            "[admin XHKEX_Operations]",
            "[x,HKEX_Operations]",
            "[HKEX_Operations,x]",
            "[x,HKEX_Operations EU]",
            "HKEX_Operations",
            "[HKEX_Operations",
            "[[HKEX_Operations]]",
        ] {
            assert_eq!(rights(other), BTreeSet::new(), "{other}");
        }
    }
}
