//! A request as the Tasks list shows it.

use countersign_domain::language::Language;
use countersign_domain::request::StateName;
use countersign_domain::{time, wording};
use countersign_platform::store::item::StoredHead;
use serde::Serialize;

use super::{Viewer, tag};

/// A row of the Tasks list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    classification: &'static str,
    company_participant_id: String,
    details: String,
    last_update_date: String,
    job_status: String,
    state: StateName,
    version: u32,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guaranteed: Option<bool>,
    allowed_actions: Vec<&'static str>,
    etag: String,
}

impl Viewer<'_> {
    /// Returns a request as the Tasks list shows it (guideline, step k).
    pub fn task(&self, stored: &StoredHead) -> Task {
        let head = &stored.head;
        let eservice = head.eservice.definition();
        Task {
            id: head.id.to_string(),
            reference: head.reference.as_ref().map(ToString::to_string),
            classification: eservice.classification.en,
            company_participant_id: wording::company_participant_id(head),
            details: wording::details(head.reference.as_ref(), eservice),
            last_update_date: time::shown_date(head.updated_at),
            job_status: wording::status_of(head, Language::English),
            state: head.state.name(),
            version: head.version,
            updated_at: time::stored(head.updated_at),
            waiting_since: head.desk_since.map(time::stored),
            guaranteed: head.is_guaranteed(&self.app.config().campaign, self.app.now()),
            allowed_actions: self.allowed(stored),
            etag: tag(head),
        }
    }
}
