//! A form's hash, which covers a salted commitment to each of its values, and what becomes of it when some are erased.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::commitment::{Salt, Seal};
use crate::id::Digest;

/// What keeps a form verifiable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FormSeal {
    /// Nothing is erased: every salt is derived from one secret.
    Whole {
        /// The secret of this version of the form.
        secret: Salt,
    },
    /// Some values are erased. The secret is too, since it gives their salts.
    Parts {
        /// The seal of each value, by its JSON pointer.
        seals: BTreeMap<String, Seal>,
    },
}

impl FormSeal {
    /// The form's hash: the SHA-256 of a JSON object, sorted and without blanks, that has for each value's JSON pointer
    /// the commitment to the value. `None` if a value has no seal, or a seal no value, or where something is erased
    /// stands more than an empty text.
    pub fn hash(&self, form: &Json) -> Option<Digest> {
        let leaves = leaves(form);
        let commitments: BTreeMap<&str, String> = leaves
            .iter()
            .map(|(pointer, value)| Some((pointer.as_str(), self.commitment(pointer, value)?.to_string())))
            .collect::<Option<_>>()?;
        if let Self::Parts { seals } = self
            && seals.len() != leaves.len()
        {
            return None;
        }
        let document = serde_json::to_string(&commitments).ok()?;
        Some(Digest::of(document.as_bytes()))
    }

    /// The commitment to the value at a pointer.
    fn commitment(&self, pointer: &str, value: &Json) -> Option<Digest> {
        match self.seal(pointer)? {
            Seal::Salt(salt) => Some(salt.commit(&value.to_string())),
            Seal::Commitment(commitment) => (value.as_str() == Some("")).then_some(commitment),
        }
    }

    fn seal(&self, pointer: &str) -> Option<Seal> {
        match self {
            Self::Whole { secret } => Some(Seal::Salt(secret.derive(pointer))),
            Self::Parts { seals } => seals.get(pointer).copied(),
        }
    }

    /// The pointers of what is erased.
    pub fn erased(&self) -> BTreeSet<&str> {
        match self {
            Self::Whole { .. } => BTreeSet::new(),
            Self::Parts { seals } => {
                let erased = seals.iter().filter(|(_, seal)| seal.is_erased());
                erased.map(|(pointer, _)| pointer.as_str()).collect()
            }
        }
    }

    /// Erases the texts at these pointers: empties them, and returns the seal that keeps the hash. `None` if the form
    /// and its seal don't agree.
    pub fn erase(&self, form: &mut Json, pointers: &BTreeSet<String>) -> Option<Self> {
        let mut seals = BTreeMap::new();
        for (pointer, value) in leaves(form) {
            let seal = if pointers.contains(&pointer) {
                Seal::Commitment(self.commitment(&pointer, value)?)
            } else {
                self.seal(&pointer)?
            };
            seals.insert(pointer, seal);
        }
        for pointer in pointers {
            *form.pointer_mut(pointer)? = Json::String(String::new());
        }
        Some(Self::Parts { seals })
    }
}

/// The values of a document with their JSON pointers: texts, numbers, flags, `null`, and arrays and objects that are
/// empty.
pub fn leaves(document: &Json) -> Vec<(String, &Json)> {
    let mut found = Vec::new();
    collect(String::new(), document, &mut found);
    found
}

fn collect<'a>(pointer: String, value: &'a Json, found: &mut Vec<(String, &'a Json)>) {
    match value {
        Json::Array(elements) if !elements.is_empty() => {
            for (index, element) in elements.iter().enumerate() {
                collect(format!("{pointer}/{index}"), element, found);
            }
        }
        Json::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(format!("{pointer}/{name}"), member, found);
            }
        }
        leaf => found.push((pointer, leaf)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Json {
        json!({"eService": "DA3", "rows": [{"a/b": "D Wong", "sure": true}, {"n": 7}], "none": [], "also": null})
    }

    fn whole() -> FormSeal {
        FormSeal::Whole {
            secret: Salt::from_bits(5),
        }
    }

    fn erased() -> (Json, FormSeal) {
        let mut form = form();
        let seal = whole().erase(&mut form, &["/rows/0/a~1b".to_owned()].into());
        (form, seal.unwrap())
    }

    #[test]
    fn a_form_hash_is_the_digest_of_the_commitments_by_their_pointers() {
        let one = json!({"b": "x", "a": 1});
        let commit = |pointer: &str, json: &str| Salt::from_bits(5).derive(pointer).commit(json);
        let document = format!(
            r#"{{"/a":"{}","/b":"{}"}}"#,
            commit("/a", "1"),
            commit("/b", "\"x\"")
        );
        assert_eq!(whole().hash(&one), Some(Digest::of(document.as_bytes())));
    }

    #[test]
    fn every_value_and_the_secret_decide_a_form_hash() {
        let hash = whole().hash(&form());
        for (pointer, _) in leaves(&form()) {
            let mut other = form();
            *other.pointer_mut(&pointer).unwrap() = json!("other");
            assert_ne!(whole().hash(&other), hash, "{pointer}");
        }
        let secret = Salt::from_bits(6);
        assert_ne!(FormSeal::Whole { secret }.hash(&form()), hash);
    }

    #[test]
    fn a_form_of_which_values_are_erased_keeps_its_hash_and_not_its_secret() {
        let (form_after, seal) = erased();
        assert_eq!(seal.hash(&form_after), whole().hash(&form()));
        let written = serde_json::to_string(&(&form_after, &seal)).unwrap();
        for gone in ["D Wong", &Salt::from_bits(5).to_string()] {
            assert!(!written.contains(gone), "{gone}");
        }
        let salt = Salt::from_bits(5).derive("/rows/0/a~1b").to_string();
        assert!(!written.contains(&salt));
        assert_eq!(
            serde_json::from_str::<(Json, FormSeal)>(&written).unwrap(),
            (form_after, seal)
        );
    }

    #[test]
    fn values_are_erased_one_after_the_other_and_again() {
        let (mut form_after, seal) = erased();
        let both: BTreeSet<String> = ["/eService".to_owned(), "/rows/0/a~1b".to_owned()].into();
        let seal = seal.erase(&mut form_after, &both).unwrap();
        assert_eq!(seal.hash(&form_after), whole().hash(&form()));
        assert_eq!(seal.erased(), ["/eService", "/rows/0/a~1b"].into());
    }

    #[test]
    fn what_is_blanked_without_its_commitment_has_no_hash_or_another() {
        let mut blanked = form();
        blanked["rows"][0]["a/b"] = json!("");
        assert_ne!(whole().hash(&blanked), whole().hash(&form()));
        let (mut form_after, seal) = erased();
        form_after["rows"][0]["a/b"] = json!("someone else");
        assert_eq!(seal.hash(&form_after), None);
        let FormSeal::Parts { mut seals } = seal else {
            unreachable!()
        };
        seals.remove("/rows/0/a~1b");
        form_after["rows"][0]["a/b"] = json!("");
        assert_eq!(FormSeal::Parts { seals }.hash(&form_after), None);
    }
}
