//! Reads a SAM template into what the stand-ins are built from: the same file that AWS builds the stack from.
//!
//! What the reader doesn't know of a resource that it builds is refused, or it would be lost without a word.

mod conditions;
mod event_source;
mod events;
mod function;
mod intrinsics;
mod long_forms;
mod mail;
mod parameters;
mod schedule;
mod table;
mod times;
mod user_pool;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_norway::{Mapping, Value};

pub use event_source::{EventSourceMapping, QueueMapping, StartingPosition};
pub use events::{EventBus, Queue, Redrive, Rule};
pub use function::{Access, EventInvokeConfig, Function, Route};
pub use mail::{Bucket, EventDestination, Inbound, Mail, ReceiptRule};
pub use parameters::Parameter;
pub use schedule::Schedule;
pub use table::{Attribute, Index, Key, StreamSpecification, Table, TimeToLiveSpecification};
pub use times::Times;
pub use user_pool::{Authorizer, PasswordPolicy, UserPool};

pub(crate) use intrinsics::arn_of;

use intrinsics::Resolver;

/// A template as it is written. Reading it takes longer than filling in its parameters.
#[derive(Debug, Clone)]
pub struct Document {
    content: Value,
    parameters: BTreeMap<String, Parameter>,
}

/// What the template says, with every parameter and reference filled in.
#[derive(Debug, Clone)]
pub struct Template {
    /// The parameters, as declared.
    pub parameters: BTreeMap<String, Parameter>,
    /// The parameters' values, as set or by default.
    pub values: BTreeMap<String, String>,
    /// The functions, in the order of the file, without the one that only a deployment calls.
    pub functions: Vec<Function>,
    /// The function that is called before a deployment moves calls to another one's new version. Nothing is deployed on this
    /// machine, so nothing calls it.
    pub hook: Option<Function>,
    pub table: Table,
    pub authorizer: Authorizer,
    pub user_pool: UserPool,
    pub mail: Mail,
    pub inbound: Inbound,
    pub queues: Vec<Queue>,
    pub event_bus: EventBus,
}

/// Why the template can't be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TemplateError {
    #[error("template.yaml is no YAML: {0}")]
    Yaml(String),
    /// A parameter can't take the value that it was given.
    #[error("{0}")]
    Setting(String),
    /// A place in it says something that this reader doesn't understand.
    #[error("template.yaml, {place}: {reason}")]
    Content { place: String, reason: String },
}

impl Document {
    /// Reads a template's YAML.
    pub fn read(source: &str) -> Result<Self, TemplateError> {
        let no_yaml = |error: serde_norway::Error| TemplateError::Yaml(error.to_string());
        let mut content = serde_norway::from_str::<Value>(source).map_err(no_yaml)?;
        content.apply_merge().map_err(no_yaml)?;
        let content = long_forms::shortened(content);
        let parameters = parameters::read(section(&content, "Parameters"))?;
        Ok(Self { content, parameters })
    }

    /// The value of every parameter: the given one, or its default. Fails if a parameter can't take the value that it is given.
    pub fn values(
        &self,
        settings: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, TemplateError> {
        parameters::fill(&self.parameters, settings)
    }

    /// Fails if a parameter can't take the value that it is given, or a rule forbids these values together.
    pub fn check(&self, stack: &str, settings: &BTreeMap<String, String>) -> Result<(), TemplateError> {
        let nothing = Mapping::new();
        let resolver = Resolver::new(&nothing, stack, self.values(settings)?, BTreeMap::new());
        conditions::check_rules(section(&self.content, "Rules"), &resolver)
    }

    /// The template for a stack of that name, with the given values for its parameters.
    pub fn template(
        &self,
        stack: &str,
        settings: &BTreeMap<String, String>,
    ) -> Result<Template, TemplateError> {
        self.check(stack, settings)?;
        let values = self.values(settings)?;
        let nothing = Mapping::new();
        let of_parameters = Resolver::new(&nothing, stack, values.clone(), BTreeMap::new());
        let conditions = conditions::evaluate(section(&self.content, "Conditions"), &of_parameters)?;
        let resources = conditions::existing(section(&self.content, "Resources"), &conditions)?;
        let reader = Reader {
            resources: &resources,
            resolver: Resolver::new(&resources, stack, values.clone(), conditions),
        };
        let globals = self.content.get("Globals").unwrap_or(&Value::Null);
        let globals = reader.resolver.at("Globals", globals)?;
        let table = table::read(&reader)?;
        let queues = events::queues(&reader)?;
        let (functions, hook) = function::read(&reader, &globals, (&table, &queues))?;
        Ok(Template {
            mail: mail::read(&reader)?,
            inbound: mail::read_inbound(&reader)?,
            event_bus: events::read(&reader)?,
            queues,
            authorizer: user_pool::read_authorizer(&reader)?,
            user_pool: user_pool::read(&reader)?,
            functions,
            hook,
            table,
            parameters: self.parameters.clone(),
            values,
        })
    }
}

impl Template {
    /// The function of that package, e.g. `hand-back`.
    pub fn function(&self, binary: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.binary == binary)
    }

    /// Every route with the function that serves it.
    pub fn routes(&self) -> impl Iterator<Item = (&Route, &Function)> {
        self.functions
            .iter()
            .flat_map(|function| function.routes.iter().map(move |route| (route, function)))
    }
}

/// Resources by their type, resolved.
struct Reader<'a> {
    resources: &'a Mapping,
    resolver: Resolver<'a>,
}

impl Reader<'_> {
    /// The logical IDs of all resources of a type.
    fn names(&self, kind: &str) -> Vec<String> {
        let of_kind = self
            .resources
            .iter()
            .filter(|(_, resource)| is_of(resource, kind));
        of_kind
            .filter_map(|(name, _)| name.as_str().map(str::to_owned))
            .collect()
    }

    /// A member of every resource of a type, by the resource's logical ID.
    fn member<T: DeserializeOwned>(
        &self,
        kind: &str,
        member: &str,
    ) -> Result<Vec<(String, T)>, TemplateError> {
        let read = |name: String| {
            let place = format!("Resources.{name}");
            let resolved = self.resolver.at(&place, &self.resources[name.as_str()])?;
            let value = resolved.get(member).cloned();
            let value = value.unwrap_or_else(|| Json::Object(serde_json::Map::new()));
            Ok((name, typed(&place, value)?))
        };
        self.names(kind).into_iter().map(read).collect()
    }

    /// The properties of every resource of a type, by the resource's logical ID.
    fn all<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<(String, T)>, TemplateError> {
        self.member(kind, "Properties")
    }

    /// The properties of the one resource of a type, and its logical ID.
    fn one<T: DeserializeOwned>(&self, kind: &str) -> Result<(String, T), TemplateError> {
        let mut all = self.all(kind)?;
        match (all.pop(), all.is_empty()) {
            (Some(one), true) => Ok(one),
            _ => Err(content("Resources", format!("there has to be one {kind}"))),
        }
    }

    /// The logical ID of the resource of a type that an ARN or a name stands for.
    fn named(&self, kind: &str, value: &str, place: &str) -> Result<String, TemplateError> {
        let names = self.names(kind).into_iter();
        let mut found = names.filter(|id| self.resolver.arn(id) == value || self.resolver.name(id) == value);
        found
            .next()
            .ok_or_else(|| content(place, format!("{value} is none of the template's {kind}")))
    }
}

fn is_of(resource: &Value, kind: &str) -> bool {
    resource.get("Type").and_then(Value::as_str) == Some(kind)
}

fn section<'a>(content: &'a Value, name: &str) -> &'a Mapping {
    static NONE: LazyLock<Mapping> = LazyLock::new(Mapping::new);
    content.get(name).and_then(Value::as_mapping).unwrap_or(&NONE)
}

fn typed<T: DeserializeOwned>(place: &str, value: Json) -> Result<T, TemplateError> {
    serde_json::from_value(value).map_err(|error| content(place, error.to_string()))
}

fn content(place: impl Into<String>, reason: impl Into<String>) -> TemplateError {
    TemplateError::Content {
        place: place.into(),
        reason: reason.into(),
    }
}
