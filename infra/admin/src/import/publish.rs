//! Tells subscribers of the event bus that a company has changed. The table's stream tells them of new companies only.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use countersign_domain::event::{Event, SOURCE};
use countersign_domain::id::CompanyId;

use crate::{AdminError, Deployment};

/// Publishes a company as entered, which subscribers take as often as it comes: `provision` makes the accounts of those who
/// are new. Does nothing where no bus is known.
pub(super) async fn changed(deployment: &Deployment, company: &CompanyId) -> Result<(), AdminError> {
    let known = deployment
        .physical("EventBus")
        .zip(deployment.service("eventbridge"));
    let Some((bus, config)) = known else {
        return Ok(());
    };
    let event = Event::of_company(company.clone(), deployment.now());
    // An event holds only texts and numbers with fixed names, which JSON can always express.
    let written = serde_json::to_value(&event).unwrap_or_default();
    let entry = PutEventsRequestEntry::builder()
        .event_bus_name(bus)
        .source(SOURCE)
        .detail_type(written["detail-type"].as_str().unwrap_or_default())
        .detail(written["detail"].to_string())
        .build();
    let answer = Client::new(&config).put_events().entries(entry).send().await;
    let answer = answer.map_err(|error| AdminError::aws("EventBridge", &error))?;
    if answer.failed_entry_count() > 0 {
        return Err(AdminError::Aws("EventBridge", "it refused the event".to_owned()));
    }
    Ok(())
}
