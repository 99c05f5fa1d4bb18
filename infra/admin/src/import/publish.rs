//! Tells subscribers of the event bus that a company has changed. The table's stream tells them of new companies only.

use countersign_domain::event::{Event, SOURCE};
use countersign_domain::id::CompanyId;
use countersign_platform::aws_json::{Client, EVENTBRIDGE};
use serde::Deserialize;
use serde_json::json;

use crate::{AdminError, Deployment};

/// What the bus made of a call.
#[derive(Deserialize)]
struct Taken {
    #[serde(rename = "FailedEntryCount")]
    refused: u32,
}

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
    let entry = json!({
        "EventBusName": bus,
        "Source": SOURCE,
        "DetailType": written["detail-type"],
        "Detail": written["detail"].to_string(),
    });
    let client = Client::new(&config, EVENTBRIDGE);
    let answer = client.call("PutEvents", &json!({ "Entries": [entry] })).await;
    let answer: Taken = answer.map_err(|error| AdminError::call(EVENTBRIDGE, &error))?;
    if answer.refused > 0 {
        return Err(AdminError::Aws(
            EVENTBRIDGE.name,
            "it refused the event".to_owned(),
        ));
    }
    Ok(())
}
