//! Compiles the tests and changes of a workflow row to DynamoDB expressions.
//!
//! Every name and value becomes a placeholder, so no reserved word and no text from a person is read as an expression.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::fact::{Attribute, Change, Test};

use super::item;

/// The placeholders that the expressions of one operation share.
#[derive(Debug, Default)]
pub struct Expressions {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Expressions {
    /// Returns the placeholder for an attribute's name.
    pub fn name(&mut self, name: &str) -> String {
        let placeholder = format!("#{name}");
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }

    /// Returns a new placeholder for a value.
    pub fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    /// Returns a condition that holds if every test holds.
    pub fn condition(&mut self, tests: &[Test]) -> String {
        let tests: Vec<String> = tests.iter().map(|test| self.test(test)).collect();
        tests.join(" AND ")
    }

    /// Returns a condition that holds if every test of one of these groups holds.
    pub fn any_of(&mut self, groups: &[Vec<Test>]) -> String {
        let groups: Vec<String> = groups
            .iter()
            .map(|tests| format!("({})", self.condition(tests)))
            .collect();
        groups.join(" OR ")
    }

    fn test(&mut self, test: &Test) -> String {
        match test {
            Test::Is(attribute, fact) => {
                format!(
                    "{} = {}",
                    self.name(attribute.name()),
                    self.value(item::value(fact))
                )
            }
            Test::OneOf(attribute, texts) => {
                let texts: Vec<String> = texts
                    .iter()
                    .map(|text| self.value(AttributeValue::S(text.clone())))
                    .collect();
                format!("{} IN ({})", self.name(attribute.name()), texts.join(", "))
            }
            Test::IsNot(attribute, fact) => {
                format!(
                    "NOT {} = {}",
                    self.name(attribute.name()),
                    self.value(item::value(fact))
                )
            }
            Test::Lacks(attribute, member) => {
                let member = self.value(AttributeValue::S(member.clone()));
                format!("NOT contains({}, {member})", self.name(attribute.name()))
            }
            Test::Absent(attribute) => format!("attribute_not_exists({})", self.name(attribute.name())),
            Test::NotAfter(attribute, instant) => {
                let instant = self.value(AttributeValue::S(instant.clone()));
                format!("{} <= {instant}", self.name(attribute.name()))
            }
        }
    }

    /// Returns an update expression that makes every change.
    pub fn update(&mut self, changes: &[Change]) -> String {
        let (mut set, mut remove, mut add) = (Vec::new(), Vec::new(), Vec::new());
        for change in changes {
            match change {
                Change::Set(attribute, fact) => {
                    set.push(format!(
                        "{} = {}",
                        self.name(attribute.name()),
                        self.value(item::value(fact))
                    ));
                }
                Change::Remove(attribute) => remove.push(self.name(attribute.name())),
                Change::Add(attribute, member) => {
                    let member = self.value(AttributeValue::Ss(vec![member.clone()]));
                    add.push(format!("{} {member}", self.name(attribute.name())));
                }
            }
        }
        let clause = |verb: &str, parts: Vec<String>| {
            if parts.is_empty() {
                String::new()
            } else {
                format!("{verb} {} ", parts.join(", "))
            }
        };
        let clauses = [clause("SET", set), clause("REMOVE", remove), clause("ADD", add)].concat();
        clauses.trim_end().to_owned()
    }

    /// Returns the condition that an attribute has none of these values.
    pub fn none_of(&mut self, attribute: Attribute, values: impl IntoIterator<Item = String>) -> String {
        let values: Vec<String> = values
            .into_iter()
            .map(|value| self.value(AttributeValue::S(value)))
            .collect();
        format!("NOT {} IN ({})", self.name(attribute.name()), values.join(", "))
    }

    /// Returns the placeholders of names, in the SDK's form.
    pub fn names(&self) -> Option<HashMap<String, String>> {
        (!self.names.is_empty()).then(|| self.names.clone())
    }

    /// Returns the placeholders of values, in the SDK's form.
    pub fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::fact::Fact;

    use super::*;

    #[test]
    fn tests_become_one_condition_without_a_literal() {
        let mut expressions = Expressions::default();
        let condition = expressions.condition(&[
            Test::Is(Attribute::State, "Draft".into()),
            Test::Lacks(Attribute::Editors, "me".into()),
            Test::Absent(Attribute::Holder),
            Test::NotAfter(Attribute::LeaseEnds, "2023-02-07T02:43:00.000Z".into()),
        ]);
        assert_eq!(
            condition,
            "#state = :v0 AND NOT contains(#editors, :v1) AND attribute_not_exists(#holder) AND #lease_ends <= :v2"
        );
        assert_eq!(expressions.names().unwrap()["#state"], "state");
        assert_eq!(
            expressions.values().unwrap()[":v1"],
            AttributeValue::S("me".into())
        );
    }

    #[test]
    fn changes_become_one_update() {
        let mut expressions = Expressions::default();
        let update = expressions.update(&[
            Change::Set(Attribute::Version, Fact::Number(2)),
            Change::Remove(Attribute::Desk),
            Change::Add(Attribute::Editors, "me".into()),
            Change::Set(Attribute::State, "Draft".into()),
        ]);
        assert_eq!(
            update,
            "SET #version = :v0, #state = :v2 REMOVE #desk ADD #editors :v1"
        );
    }
}
