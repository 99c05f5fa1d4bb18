//! What people are shown: a request as the store has it, and lists of what they may see.

use std::collections::BTreeSet;

use countersign_domain::receipt::Receipt;
use countersign_tests::{Reply, User};

use crate::machine::checks::{desk, id_of};
use crate::machine::model::{Model, Request, Which, Who, is_officer, person};
use crate::machine::snapshot::Snapshot;

/// Checks that the API shows a person what the store has of a request, or nothing at all.
pub(crate) async fn hold_view(snapshot: &Snapshot, model: &Model, which: Which, (who, user): (Who, &User)) {
    let request = &model.requests[which];
    let shown = user.get(&format!("/requests/{}", request.id)).await;
    if !model.sees(who, which) {
        assert!(
            matches!(shown.status, 403 | 404),
            "{} sees {}",
            person(who).user,
            request.id
        );
        return;
    }
    let id = id_of(request);
    let (head, history) = (snapshot.head(id), snapshot.history(id));
    let shown = shown.expect(200);
    let text = |name: &str| shown[name].as_str().map(str::to_owned);
    assert_eq!(
        text("state").as_deref(),
        Some(head.state.name().as_str()),
        "{id}: state"
    );
    assert_eq!(shown["version"], head.version, "{id}: version");
    assert_eq!(
        text("reference"),
        head.reference.as_ref().map(ToString::to_string),
        "{id}: reference"
    );
    assert_eq!(text("formHash"), Some(head.form_hash.to_string()), "{id}: form");
    assert_eq!(
        shown.etag().trim_matches('"'),
        Receipt::of(&head).tag(),
        "{id}: tag"
    );
    let holder = shown["holder"]["name"].as_str();
    assert_eq!(holder, request.holder.map(|who| person(who).name), "{id}: holder");
    let hashes: Vec<_> = history.iter().map(|row| row.digest().to_string()).collect();
    let rows = shown["history"].as_array().map(Vec::as_slice).unwrap_or_default();
    let shown_hashes: Vec<_> = rows
        .iter()
        .map(|row| row["hash"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(shown_hashes, hashes, "{id}: history");
}

/// Checks that the lists have what the person may see: their company's requests, and what is on their desk.
pub(crate) async fn hold_lists(model: &Model, who: Who, user: &User) {
    let ids = |reply: &Reply| reply.each("id").into_iter().collect::<BTreeSet<_>>();
    let expected = |is_listed: &dyn Fn(&Request) -> bool| -> BTreeSet<_> {
        let listed = model.requests.iter().filter(|request| is_listed(request));
        listed.map(|request| request.id.clone()).collect()
    };
    let is_exchange = is_officer(who);
    let tasks = user.get("/tasks").await.expect(200);
    let on_desk = |request: &Request| {
        desk(request.state) == Some(is_exchange) && (is_exchange || request.company() == person(who).company)
    };
    assert_eq!(
        ids(&tasks),
        expected(&on_desk),
        "the tasks of {}",
        person(who).user
    );
    if !is_exchange {
        let all = user.get("/requests").await.expect(200);
        let own = |request: &Request| request.company() == person(who).company;
        assert_eq!(ids(&all), expected(&own), "the requests of {}", person(who).user);
    }
}
