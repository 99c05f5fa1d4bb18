//! Reads a SAM template into what the stand-ins are built from: the same file that AWS builds the stack from.

mod api;
mod function;
mod inbound;
mod intrinsics;
mod mail;
mod parameters;
mod schedule;
mod table;
mod times;
mod trigger;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_norway::{Mapping, Value};

pub use api::{Authorizer, UserPool};
pub use function::{Access, EventInvokeConfig, Function, Route, Trigger};
pub use inbound::{Bucket, Inbound, ReceiptRule};
pub use mail::{EventDestination, Mail};
pub use parameters::{Parameter, SettingError};
pub use schedule::Schedule;
pub use table::{Index, Key, Projection, Table};
pub use times::Times;
pub use trigger::StreamTrigger;

use intrinsics::Resolver;

/// What the template says, with every parameter and reference filled in.
#[derive(Debug, Clone)]
pub struct Template {
    /// The parameters, as declared.
    pub parameters: BTreeMap<String, Parameter>,
    /// The parameters' values, as set or by default.
    pub values: BTreeMap<String, String>,
    /// The functions, in the order of the file.
    pub functions: Vec<Function>,
    /// The table.
    pub table: Table,
    /// Who is let in at the HTTP API.
    pub authorizer: Authorizer,
    /// Who issues tokens.
    pub user_pool: UserPool,
    /// How mail is sent and what is told of it.
    pub mail: Mail,
    /// What becomes of mail that comes in.
    pub inbound: Inbound,
    /// The logical IDs of the queues.
    pub queues: Vec<String>,
}

/// Why the template can't be read.
#[derive(Debug)]
pub enum TemplateError {
    /// It is no YAML.
    Yaml(serde_norway::Error),
    /// A parameter can't take a value that it was given.
    Setting(SettingError),
    /// A place in it says something that this reader doesn't understand.
    Content {
        /// Where, e.g. `Resources.Table`.
        place: String,
        /// What is wrong there.
        reason: String,
    },
}

impl Template {
    /// Reads a template with the given values for its parameters.
    pub fn parse(source: &str, settings: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let document: Value = serde_norway::from_str(source).map_err(TemplateError::Yaml)?;
        let parameters = parameters::read(section(&document, "Parameters"))?;
        let values = parameters::fill(&parameters, settings).map_err(TemplateError::Setting)?;
        let resources = section(&document, "Resources");
        let resolver = Resolver::new(&document, values.clone());
        let reader = Reader {
            resources,
            resolver: &resolver,
        };
        let globals = resolver.at("Globals", document.get("Globals").unwrap_or(&Value::Null))?;
        let table = table::read(&reader)?;
        let queues = mail::queues(&reader)?;
        let mut functions = function::read(&reader, &globals, &queues)?;
        trigger::fill(&mut functions, &table, &mail::topics(&reader)?, &queues)?;
        schedule::tell_apart(&functions)?;
        Ok(Self {
            inbound: inbound::read(&reader, &functions)?,
            functions,
            table,
            mail: mail::read(&reader)?,
            queues,
            authorizer: api::read_authorizer(&reader)?,
            user_pool: api::read_user_pool(&reader)?,
            parameters,
            values,
        })
    }

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
    resolver: &'a Resolver<'a>,
}

impl Reader<'_> {
    /// Every resource of a type as its logical ID and what it says.
    fn all<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<(String, T)>, TemplateError> {
        let of_kind = self
            .resources
            .iter()
            .filter(|(_, resource)| resource.get("Type").and_then(Value::as_str) == Some(kind));
        of_kind
            .map(|(name, resource)| {
                let name = name.as_str().unwrap_or_default().to_owned();
                let place = format!("Resources.{name}");
                let resolved = self.resolver.at(&place, resource)?;
                Ok((name, typed(&place, resolved)?))
            })
            .collect()
    }

    /// The one resource of a type.
    fn one<T: DeserializeOwned>(&self, kind: &str) -> Result<(String, T), TemplateError> {
        let mut all = self.all(kind)?;
        match (all.pop(), all.is_empty()) {
            (Some(one), true) => Ok(one),
            _ => Err(content("Resources", format!("there has to be one {kind}"))),
        }
    }
}

fn section<'a>(document: &'a Value, name: &str) -> &'a Mapping {
    static NONE: std::sync::LazyLock<Mapping> = std::sync::LazyLock::new(Mapping::new);
    document.get(name).and_then(Value::as_mapping).unwrap_or(&NONE)
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

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yaml(error) => write!(f, "template.yaml is no YAML: {error}"),
            Self::Setting(error) => error.fmt(f),
            Self::Content { place, reason } => write!(f, "template.yaml, {place}: {reason}"),
        }
    }
}

impl std::error::Error for TemplateError {}
