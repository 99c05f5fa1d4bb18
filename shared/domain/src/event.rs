//! What happens, for programs outside: the events on the event bus. `docs/EVENTS.md` describes them, and
//! `docs/events` has their schemas.
//!
//! They name requests, companies and states and contain no personal data. Members may be added; any other change is a
//! new schema version.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::eservice::EServiceId;
use crate::history::HistoryRow;
use crate::id::{CompanyId, Digest, Reference, RequestId};
use crate::request::{DeskKind, StateName};
use crate::spelled::{instant, optional_text, text};
use crate::workflow::Action;

/// The source that the product's events name.
pub const SOURCE: &str = "countersign";

/// An event: its kind and its detail, with the names that they have on the bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "detail-type", content = "detail")]
pub enum Event {
    /// A step was taken on a request.
    #[serde(rename = "Request Step Taken")]
    StepTaken(StepTaken),
    /// A company was entered in the directory.
    #[serde(rename = "Company Entered")]
    CompanyEntered(CompanyEntered),
}

/// A step that was taken on a request. A request and a version name one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepTaken {
    schema_version: SchemaVersion,
    /// The request.
    #[serde(with = "text")]
    pub request: RequestId,
    /// The version that the step created.
    pub version: u32,
    /// The company whose request it is.
    #[serde(with = "text")]
    pub company: CompanyId,
    /// The request's eService.
    #[serde(rename = "eService")]
    pub eservice: EServiceId,
    /// The reference number, if the request has one after the step.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub reference: Option<Reference>,
    /// The step.
    pub action: Action,
    /// The state before; `None` for a new request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<StateName>,
    /// The state after.
    pub to: StateName,
    /// The desk that has the request after the step, if one has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub desk: Option<DeskKind>,
    /// When the step was taken.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// The digest of the step's row in the history.
    #[serde(with = "text")]
    pub hash: Digest,
}

/// A company that was entered in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompanyEntered {
    schema_version: SchemaVersion,
    /// The company.
    #[serde(with = "text")]
    pub company: CompanyId,
    /// When this was noticed. A repeat of the event may name a later time.
    #[serde(with = "instant")]
    pub at: Timestamp,
}

/// The version of the schema that this code writes and understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
struct SchemaVersion;

const SCHEMA_VERSION: u8 = 1;

impl From<SchemaVersion> for u8 {
    fn from(_: SchemaVersion) -> Self {
        SCHEMA_VERSION
    }
}

impl TryFrom<u8> for SchemaVersion {
    type Error = &'static str;

    fn try_from(version: u8) -> Result<Self, Self::Error> {
        match version {
            SCHEMA_VERSION => Ok(Self),
            _ => Err("another schema version"),
        }
    }
}

impl Event {
    /// The event of a history row of a company's request.
    pub fn of_step(row: &HistoryRow, company: CompanyId) -> Self {
        Self::StepTaken(StepTaken {
            schema_version: SchemaVersion,
            request: row.request,
            version: row.version,
            company,
            eservice: row.eservice,
            reference: row.reference.clone(),
            action: row.action,
            from: row.from,
            to: row.to,
            desk: row.to.desk(),
            at: row.at,
            hash: row.digest(),
        })
    }

    /// The event of a company that was entered.
    pub fn of_company(company: CompanyId, at: Timestamp) -> Self {
        Self::CompanyEntered(CompanyEntered {
            schema_version: SchemaVersion,
            company,
            at,
        })
    }

    /// The company that it is about.
    pub fn company(&self) -> &CompanyId {
        match self {
            Self::StepTaken(step) => &step.company,
            Self::CompanyEntered(entered) => &entered.company,
        }
    }

    /// When it happened.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::StepTaken(step) => step.at,
            Self::CompanyEntered(entered) => entered.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn on_the_bus() -> Value {
        json!({
            "detail-type": "Company Entered",
            "source": "countersign",
            "detail": {"schemaVersion": 1, "company": "abc", "at": "2023-02-07T02:43:03.434Z", "added": "later"},
        })
    }

    #[test]
    fn an_event_reads_back_what_it_wrote_whatever_members_were_added() {
        let event: Event = serde_json::from_value(on_the_bus()).unwrap();
        assert_eq!(event.company().as_str(), "abc");
        let written = serde_json::to_value(&event).unwrap();
        assert_eq!(written["detail-type"], "Company Entered");
        assert_eq!(serde_json::from_value::<Event>(written).unwrap(), event);
    }

    #[test]
    fn another_schema_version_is_not_taken_for_this_one() {
        let mut event = on_the_bus();
        event["detail"]["schemaVersion"] = json!(2);
        assert!(serde_json::from_value::<Event>(event).is_err());
    }
}
