//! The event bus: no step waits for it, nothing is lost when it or a subscriber fails, and people can look at it.

mod page;
mod publishing;
mod subscribing;

use countersign_tests::{User, World};
use serde_json::Value;

/// The versions of a request on the bus, in the order in which they first came.
fn versions(world: &World, request: &str) -> Vec<u64> {
    let mut versions = Vec::new();
    for event in world.local.events().iter().rev() {
        let detail = &event["detail"];
        let version = detail["version"].as_u64().unwrap_or_default();
        if detail["request"] == request && !versions.contains(&version) {
            versions.push(version);
        }
    }
    versions
}

/// The counts of a company: total, ready, pending, not guaranteed, address bounced, not registered.
fn numbers(counts: &Value) -> [u64; 6] {
    let names = [
        "total",
        "ready",
        "pending",
        "notGuaranteed",
        "addressBounced",
        "notRegistered",
    ];
    names.map(|name| counts[name].as_u64().unwrap())
}

/// The counts that the function `readiness` keeps of a company, and those that are so now.
async fn counts(officer: &User, company: &str) -> ([u64; 6], [u64; 6]) {
    let page = officer.get("/readiness/companies").await.expect(200);
    let companies = page["items"].as_array().unwrap();
    let kept = companies.iter().find(|listed| listed["id"] == company).unwrap();
    let now = officer
        .get(&format!("/readiness?company={company}"))
        .await
        .expect(200);
    (numbers(&kept["counts"]), numbers(&now["counts"]))
}
