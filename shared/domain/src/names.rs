//! Tells people apart who have one name and are named together: people of two companies, or of a directory from before
//! names were unique.

use std::collections::{BTreeMap, BTreeSet};

use crate::actor::Person;
use crate::directory::name_digest;
use crate::id::{Digest, PersonId};
use crate::request::Head;

/// How many digits of an ID's digest tell people apart.
const DIGITS: usize = 6;

/// The names that several of these people share, as names are compared.
#[derive(Debug, Default)]
pub struct Names(BTreeSet<Digest>);

impl Names {
    /// Looks for shared names among people. A person may occur more than once.
    pub fn among<'a>(people: impl IntoIterator<Item = &'a Person>) -> Self {
        let mut ids: BTreeMap<Digest, BTreeSet<&PersonId>> = BTreeMap::new();
        let known: BTreeSet<(&str, &PersonId)> = people
            .into_iter()
            .map(|person| (person.name.as_str(), &person.id))
            .collect();
        for (name, id) in known {
            ids.entry(name_digest(name)).or_default().insert(id);
        }
        let shared = ids.into_iter().filter(|(_, ids)| ids.len() > 1);
        Self(shared.map(|(name, _)| name).collect())
    }

    /// Looks for shared names among those who have to do with a request as it is, and who took a step on it.
    pub fn of_request<'a>(head: &'a Head, others: impl IntoIterator<Item = &'a Person>) -> Self {
        let holder = head.state.holder().map(|taken| &taken.by);
        let confirmed = head.state.confirmed().map(|taken| &taken.by);
        let first = head.state.first_check().map(|taken| &taken.by);
        let own = [Some(&head.maker), holder, first, confirmed];
        Self::among(own.into_iter().flatten().chain(others))
    }

    /// The person's name. One that several people share has the person's mark behind it.
    pub fn of(&self, person: &Person) -> String {
        if self.0.contains(&name_digest(&person.name)) {
            format!("{} ({})", person.name, mark(&person.id))
        } else {
            person.name.clone()
        }
    }
}

/// The mark of a person, which is theirs wherever they are named.
fn mark(id: &PersonId) -> String {
    let digest = Digest::of(id.as_str().as_bytes()).to_string();
    digest.chars().take(DIGITS).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    fn person(id: &str, name: &str) -> Person {
        Person {
            id: PersonId::parse(id).unwrap(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn people_of_one_name_are_told_apart_and_everybody_else_is_named_as_ever() {
        let people = [
            person("1", "D Wong"),
            person("2", "d  wong"),
            person("3", "A Maker"),
            person("3", "A Maker"),
        ];
        let names = Names::among(&people);
        let shown = people.each_ref().map(|person| names.of(person));
        assert_eq!(shown[2], "A Maker");
        assert!(shown[0].starts_with("D Wong (") && shown[1].starts_with("d  wong ("));
        let marks = [&shown[0], &shown[1]].map(|shown| shown.split('(').next_back().unwrap().to_owned());
        assert_ne!(marks[0], marks[1]);
        // The mark does not depend on who else is named.
        let with_another = Names::among([&people[1], &person("4", "D WONG")]);
        assert_eq!(with_another.of(&people[1]), shown[1]);
    }
}
