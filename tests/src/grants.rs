//! What template.yaml lets each function do to the table, and what a recorded call did to it, in comparable form. Whether the
//! one covers the other is decided where the stand-in for IAM decides it.

use std::collections::{BTreeMap, BTreeSet};

use countersign_local::iam::{ATTRIBUTES, Access, Condition, LEADING_KEYS, Statement, of_dynamodb};
use countersign_local::template::{Document, STACK, Template};

use crate::wire::RoundTrip;

/// A single permission. A statement with several actions, resources or keys becomes several of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The function's package.
    pub function: String,
    /// The action, such as `PutItem`.
    pub action: String,
    /// `table`, or an index such as `index/by_desk`.
    pub resource: String,
    /// The pattern of partition keys, such as `REQ#*`.
    pub keys: String,
    /// The attributes to which it is limited. Empty if it is limited to none.
    pub attributes: BTreeSet<String>,
    /// The statement that grants this and nothing else.
    statement: Statement,
}

/// Something that a function did to the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The function's package.
    pub function: String,
    /// What IAM is asked about.
    pub access: Access,
}

impl Grant {
    /// Whether the permission covers a use, as IAM would decide.
    pub fn covers(&self, done: &Use) -> bool {
        self.function == done.function && self.statement.allows(&done.access)
    }
}

impl Use {
    /// The same use of any partition with the same kind of key.
    #[must_use]
    pub fn of_kind(mut self) -> Self {
        if let Some(keys) = self.access.context.get_mut(LEADING_KEYS) {
            let kinds = keys
                .iter()
                .map(|key| key.split('#').next().unwrap_or_default().to_owned());
            *keys = kinds.collect();
        }
        self
    }
}

/// Everything that a template lets its functions do to the table. Panics at anything that it can't read, so that no
/// permission goes unnoticed.
pub fn granted(source: &str) -> BTreeSet<Grant> {
    let template = Document::read(source).and_then(|document| document.template(STACK, &BTreeMap::new()));
    let template = template.unwrap_or_else(|error| panic!("{error}"));
    let mut grants = BTreeSet::new();
    for function in template.functions.iter().chain(&template.hook) {
        for statement in &function.policies {
            grants.extend(singles(&template, &function.binary, statement));
        }
    }
    grants
}

/// The permissions of a statement, one by one.
fn singles(template: &Template, function: &str, statement: &Statement) -> Vec<Grant> {
    let values = |key: &str| {
        let mut conditions = statement.conditions.iter();
        conditions
            .find(|condition| condition.key == key)
            .map(|condition| condition.values.clone())
    };
    let keys = values(LEADING_KEYS).unwrap_or_else(|| vec!["*".to_owned()]);
    let attributes: BTreeSet<_> = values(ATTRIBUTES).unwrap_or_default().into_iter().collect();
    let mut grants = Vec::new();
    for action in &statement.actions {
        let Some(name) = action.strip_prefix("dynamodb:") else {
            continue;
        };
        for resource in &statement.resources {
            for keys in &keys {
                let only = |condition: &Condition| match condition.key.as_str() {
                    LEADING_KEYS => Condition {
                        values: vec![keys.clone()],
                        ..condition.clone()
                    },
                    ATTRIBUTES => condition.clone(),
                    other => panic!("a condition of another kind: {other}"),
                };
                grants.push(Grant {
                    function: function.to_owned(),
                    action: name.to_owned(),
                    resource: resource_name(template, resource),
                    keys: keys.clone(),
                    attributes: attributes.clone(),
                    statement: Statement {
                        actions: vec![action.clone()],
                        resources: vec![resource.clone()],
                        conditions: statement.conditions.iter().map(only).collect(),
                    },
                });
            }
        }
    }
    grants
}

fn resource_name(template: &Template, arn: &str) -> String {
    match arn.rsplit_once(&template.table.name) {
        Some((_, "")) => "table".to_owned(),
        Some((_, index)) if !index.contains('*') => index.trim_start_matches('/').to_owned(),
        _ => panic!("a resource of another kind: {arn}"),
    }
}

/// What a call did. A transaction counts as what each of its elements does.
pub fn used(template: &Template, round_trip: &RoundTrip) -> Vec<Use> {
    let function = &round_trip.function;
    let done =
        of_dynamodb(&template.table, &round_trip.operation, &round_trip.request).unwrap_or_else(|| {
            panic!(
                "{function} did what IAM does not understand: {}",
                round_trip.operation
            )
        });
    let by_function = |access| Use {
        function: function.clone(),
        access,
    };
    done.into_iter().map(by_function).collect()
}
