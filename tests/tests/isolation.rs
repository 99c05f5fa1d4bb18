//! Two companies never see anything of each other, through any route of the API.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::contract::documented;
use countersign_tests::scene::{UNKNOWN, send};
use countersign_tests::{Reply, User, World, form_for, guideline_form};
use reqwest::Method;
use serde_json::{Value, json};

/// Texts that only ABC Company's own people and the exchange may read.
const SECRETS: [&str; 8] = [
    "ABC Company",
    "abc.example",
    "B01234",
    "CXYZ",
    "A Maker",
    "D Wong",
    "DA3_0001",
    "bank.com.hk",
];

/// Two companies that must not learn anything about each other.
struct Neighbours {
    world: World,
    cast: Cast,
    strangers: [User; 2],
}

impl Neighbours {
    async fn start() -> Self {
        let world = World::start().await;
        let strangers = [
            world.sign_in("maker@bank.example").await,
            world.sign_in("checker@bank.example").await,
        ];
        let cast = Cast::sign_in(&world).await;
        Self {
            world,
            cast,
            strangers,
        }
    }
}

/// The other company's own form for the User ID with this number.
fn bank_form(number: usize) -> Value {
    let mut form = guideline_form();
    form["participantship"] = json!({"kind": "HKSCC Designated Bank", "id": "BNK109"});
    form["changes"] = json!([{"userId": format!("BNK109X{number}"), "email": "da@bank.example"}]);
    form["contacts"] = json!([{"name": "BBB", "email": "BBB@bank.example", "telephone": "29797222"}]);
    form
}

/// Checks that a reply reveals nothing about ABC Company.
fn hold_silent(reply: &Reply) {
    let said = format!("{} {:?}", reply.body, reply.headers);
    for secret in SECRETS {
        assert!(!said.contains(secret), "it tells of {secret}: {said}");
    }
}

/// Everything by which a caller can tell two replies apart.
fn seen(reply: &Reply) -> (u16, String, Vec<(String, String)>) {
    let told = |name: &str| !matches!(name, "date" | "apigw-requestid");
    let headers = reply.headers.iter().filter(|(name, _)| told(name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, reply.body.to_string(), headers.collect())
}

/// The documented routes that contain a request's ID.
fn routes_of_a_request() -> Vec<(&'static str, &'static str)> {
    let routes: Vec<_> = documented().map(|(method, path, _)| (method, path)).collect();
    let routes: Vec<_> = routes
        .into_iter()
        .filter(|(_, path)| path.contains("{id}"))
        .collect();
    assert_eq!(routes.len(), 14, "{routes:?}");
    routes
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_request_is_not_there_on_any_route_whatever_is_known_of_it() {
    let Neighbours {
        world: _world,
        cast,
        strangers,
    } = Neighbours::start().await;
    let own = strangers[0].create(&bank_form(1)).await.expect(201);
    let mut nobodys = BTreeMap::new();
    for (index, state) in StateName::ALL.into_iter().enumerate() {
        let user = &strangers[index % 2];
        let theirs = cast.request_in(state, index + 1).await;
        let before = cast.maker.read(&theirs.id()).await;
        let tags = [
            Some(theirs.etag()),
            Some(own.etag()),
            Some("\"made-up\"".to_owned()),
            None,
        ];
        for route in routes_of_a_request() {
            let needs_a_tag = !matches!(route, ("GET", _) | (_, "/requests/{id}/clone"));
            let tags = tags
                .iter()
                .enumerate()
                .filter(|(_, tag)| tag.is_some() || !needs_a_tag);
            for (kind, tag) in tags {
                // A save sends either the form that is stored or one of the stranger's own.
                let form = if kind == 0 {
                    form_for(index + 1)
                } else {
                    bank_form(1)
                };
                let known = send(user, route, &theirs.id(), tag.as_deref(), &form).await;
                hold_silent(&known);
                let _ = known.clone().refused(404, "not-found");
                if let Entry::Vacant(entry) = nobodys.entry((route, kind)) {
                    entry.insert(seen(&send(user, route, UNKNOWN, tag.as_deref(), &form).await));
                }
                assert_eq!(
                    seen(&known),
                    nobodys[&(route, kind)],
                    "{route:?} {state:?} {tag:?}"
                );
            }
        }
        let after = cast.maker.read(&theirs.id()).await;
        assert_eq!((after.etag(), after.body), (before.etag(), before.body));
    }
    assert_eq!(strangers[1].get("/requests").await.each("id"), [own.id()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_exchange_has_not_been_sent_is_not_there_for_its_officers() {
    let Neighbours {
        world: _world, cast, ..
    } = Neighbours::start().await;
    let unsent = [
        StateName::Draft,
        StateName::ReadyToSend,
        StateName::Claimed,
        StateName::Discarded,
    ];
    for (index, state) in unsent.into_iter().enumerate() {
        let theirs = cast.request_in(state, index + 1).await;
        for route in routes_of_a_request() {
            let known = send(
                &cast.officer,
                route,
                &theirs.id(),
                Some(&theirs.etag()),
                &form_for(1),
            )
            .await;
            let unknown = send(&cast.officer, route, UNKNOWN, Some(&theirs.etag()), &form_for(1)).await;
            assert_eq!(seen(&known), seen(&unknown), "{route:?} {state:?}");
            let _ = known.refused(404, "not-found");
        }
        let reference = cast.maker.read(&theirs.id()).await["reference"].clone();
        if let Some(reference) = reference.as_str() {
            let found = cast
                .officer
                .get(&format!("/requests?reference={reference}"))
                .await
                .expect(200);
            assert_eq!(found["items"], json!([]));
        }
    }
    assert_eq!(cast.officer.get("/tasks").await["items"], json!([]));
    assert_eq!(cast.officer.get("/requests").await["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_filters_and_references_show_the_callers_own_company_alone() {
    let Neighbours {
        world: _world,
        cast,
        strangers,
    } = Neighbours::start().await;
    let states = [
        StateName::ReadyToSend,
        StateName::Sent,
        StateName::Completed,
        StateName::Draft,
    ];
    for (index, state) in states.into_iter().enumerate() {
        let _ = cast.request_in(state, index + 1).await;
    }
    let own = strangers[0].submit(&bank_form(1)).await;
    assert_eq!(own["reference"], "DA3_00013364");
    for user in &strangers {
        for path in [
            "/requests",
            "/requests?limit=1",
            "/requests?state=Sent",
            "/requests?state=Completed",
            "/tasks",
            "/tasks?limit=1",
            "/requests?q=ABC",
            "/requests?q=d%20wong",
            "/requests?q=B01234",
            "/requests?reference=DA3_00013361",
            "/requests?reference=DA3_00013362&state=Sent",
            "/audit.csv",
            "/audit.jsonl",
            "/audit.csv?reference=DA3_00013361",
            "/audit.jsonl?person=clock",
            "/me",
            "/eservices",
            "/delegated-administrators",
        ] {
            let reply = user.get(path).await.expect(200);
            let said = reply.body.to_string().replace("DA3_00013364", "");
            for secret in SECRETS {
                assert!(!said.contains(secret), "{path} tells of {secret}: {said}");
            }
            assert!(
                reply
                    .each("id")
                    .iter()
                    .all(|id| *id == own.id() || path == "/eservices"),
                "{path}"
            );
        }
        let foreign = user.get("/requests?reference=DA3_00013361").await;
        let unknown = user.get("/requests?reference=DA3_00099999").await;
        assert_eq!(seen(&foreign), seen(&unknown));
    }
    // The exchange's desk has what was sent to it, from any company.
    let desk = cast.officer.get("/tasks").await.expect(200);
    assert_eq!(desk.each("companyParticipantId"), ["ABC Company B01234"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_companys_list_is_of_no_use() {
    let Neighbours {
        world: _world,
        cast,
        strangers,
    } = Neighbours::start().await;
    for number in 1..=2 {
        let _ = cast.request_in(StateName::Sent, number).await;
        let _ = cast.request_in(StateName::ReadyToSend, number + 2).await;
        let _ = strangers[0].submit(&bank_form(number)).await;
    }
    for list in ["/requests", "/tasks", "/delegated-administrators"] {
        let garbage = strangers[0].get(&format!("{list}?limit=1&cursor=garbage")).await;
        let mut people = vec![&cast.maker];
        if list != "/delegated-administrators" {
            people.push(&cast.officer);
        }
        for person in people {
            let page = person.get(&format!("{list}?limit=1")).await.expect(200);
            let path = format!("{list}?limit=1&cursor={}", page["nextCursor"].as_str().unwrap());
            for user in &strangers {
                let reply = user.get(&path).await;
                assert_eq!(seen(&reply), seen(&garbage));
                let _ = reply.refused(400, "malformed");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_register_and_participantships_are_as_good_as_none() {
    let Neighbours {
        world: _world,
        cast,
        strangers,
    } = Neighbours::start().await;
    let _ = cast.request_in(StateName::Completed, 1).await;
    let user = &strangers[0];
    let nobodys = user.get("/delegated-administrators?participant=B77777").await;
    let _ = nobodys.clone().refused(404, "not-found");
    for participant in ["B01234", "CXYZ", "B09999", "b01234", "BNK109%23", "%2A"] {
        let theirs = user
            .get(&format!("/delegated-administrators?participant={participant}"))
            .await;
        assert_eq!(seen(&theirs), seen(&nobodys), "{participant}");
    }
    let own = user
        .get("/delegated-administrators?participant=BNK109")
        .await
        .expect(200);
    assert_eq!(own.each("userId"), ["BNK109X1", "BNK109X2", "BNK109X3"]);
    let of_both = user
        .get("/delegated-administrators?participant=BNK109&participant=B01234")
        .await;
    hold_silent(&of_both);

    let with = |id: &str, changes: Value| {
        let mut form = bank_form(1);
        form["participantship"] = json!({"kind": "HKSCC Participant", "id": id});
        form["changes"] = changes;
        form
    };
    let nobodys = user.create(&with("B77777", json!([]))).await;
    let theirs = user.create(&with("B01234", json!([]))).await;
    assert_eq!(seen(&theirs), seen(&nobodys));
    assert_eq!(theirs.refused(422, "invalid").pointers(), ["/participantship"]);
    // A form for one's own participantship can't name another participant's User ID, nor reveal that it is in use.
    let mut form = bank_form(1);
    form["changes"][0]["userId"] = json!("B01234X1");
    assert_eq!(
        user.create(&form).await.refused(422, "invalid").pointers(),
        ["/changes/0/userId"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_idempotency_key_gives_nothing_away() {
    let Neighbours {
        world: _world,
        cast,
        strangers,
    } = Neighbours::start().await;
    let keyed = |user: &User, form: &Value| {
        let call = user
            .call(Method::POST, "/requests")
            .header("idempotency-key", "shared");
        call.json(form).send()
    };
    let theirs = keyed(&cast.maker, &guideline_form()).await.expect(201);
    let submit = cast.maker.action(&theirs.id(), "submit").if_match(&theirs.etag());
    let submitted = submit.header("idempotency-key", "step").send().await.expect(200);
    for user in &strangers {
        let replay = keyed(user, &guideline_form()).await.refused(422, "invalid");
        assert_eq!(replay.pointers(), ["/participantship"]);
        hold_silent(&replay);
        let own = keyed(user, &bank_form(1)).await.expect(201);
        assert_ne!(own.id(), theirs.id());
        for tag in [theirs.etag(), submitted.etag()] {
            let replay = user.action(&theirs.id(), "submit").if_match(&tag);
            let replay = replay.header("idempotency-key", "step").send().await;
            hold_silent(&replay);
            let _ = replay.refused(404, "not-found");
        }
        let clone = user
            .action(&theirs.id(), "clone")
            .header("idempotency-key", "shared");
        let _ = clone.send().await.refused(404, "not-found");
    }
}
