//! A company's own system: two people add it, it makes requests for which others answer, and it never decides.

use std::collections::BTreeSet;

use countersign_application::execute::{Command, Payload, Rejection, Subject, execute};
use countersign_domain::actor::{Actor, Member, Person, Right};
use countersign_domain::id::{CompanyId, PersonId, RequestId};
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::{Action, Refusal};
use countersign_tests::market::app;
use countersign_tests::systems::{adding, client_of, manage, removing, secret_of, system};
use countersign_tests::{Reply, User, World, form_for, guideline_day};
use reqwest::Method;
use serde_json::{Value, json};

const NAME: &str = "ABC Registrar";

struct Scene {
    world: World,
    maker: User,
    checker: User,
    checker2: User,
    officer: User,
}

impl Scene {
    async fn set() -> Self {
        Self::with(120).await
    }

    /// A world in which a system may make so many calls in a minute.
    async fn with(calls: u32) -> Self {
        let world = World::with(guideline_day().set("SystemCallsPerMinute", &calls.to_string())).await;
        Self {
            maker: world.sign_in("maker@abc.example").await,
            checker: world.sign_in("checker@abc.example").await,
            checker2: world.sign_in("checker2@abc.example").await,
            officer: world.sign_in("officer@exchange.example").await,
            world,
        }
    }

    async fn system(&self) -> (String, String, User) {
        system(&self.world, &self.maker, &self.checker, NAME).await
    }
}

/// The names of those who took a request's steps.
fn actors(whole: &Reply) -> Vec<&str> {
    let rows = whole["history"].as_array().unwrap().iter();
    rows.map(|row| row["actor"]["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_makes_a_request_that_people_check_and_complete_and_the_history_names_it() {
    let scene = Scene::set().await;
    let (id, _, system) = scene.system().await;
    let me = system.get("/me").await.expect(200);
    assert_eq!(me["user"], json!({"id": id, "name": NAME}));
    assert_eq!(me["company"]["id"], "abc");
    assert_eq!(me["rights"], json!(["EU_SystemMaker"]));

    let draft = system.create(&form_for(1)).await.expect(201);
    let address = format!("/systems/requests/{}", draft.id());
    assert_eq!(draft.header("location"), Some(address.as_str()));
    let save = system.action(&draft.id(), "save").if_match(&draft.etag());
    let draft = save.json(&form_for(2)).send().await.expect(200);
    let ready = system.act(&draft, "submit").await.expect(200);
    let draft = system.act(&ready, "reclaim").await.expect(200);
    let ready = system.act(&draft, "submit").await.expect(200);
    let listed = system.get("/requests?limit=1").await.expect(200);
    assert_eq!(listed["items"][0]["id"], ready["id"]);
    let next = listed.header("link").unwrap();
    assert!(next.starts_with("</systems/requests?limit=1&cursor="), "{next}");

    let claimed = scene.checker.act(&ready, "claim").await.expect(200);
    let whole = scene.checker.read(&claimed.id()).await;
    let offered = whole["handOverTo"].as_array().unwrap();
    assert!(!offered.is_empty() && offered.iter().all(|person| person["id"] != id.as_str()));
    let sent = scene.checker.act(&claimed, "confirm").await.expect(200);
    let processing = scene.officer.act(&sent, "claim").await.expect(200);
    let done = scene.officer.act(&processing, "complete").await.expect(200);
    assert_eq!(done["state"], "Completed");
    let whole = system.get(&format!("/requests/{}", done.id())).await.expect(200);
    assert_eq!(whole["maker"]["name"], NAME);
    let by_system = actors(&whole).into_iter().filter(|name| *name == NAME);
    assert_eq!(by_system.count(), 5);

    // A clone starts with those who edited what it copies.
    let clone = system.action(&done.id(), "clone").send().await.expect(201);
    let discarded = system.act(&clone, "discard").await.expect(200);
    assert_eq!(discarded["state"], "Discarded");
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_request_of_a_system_goes_to_nobody_by_mail_and_no_letter_fails() {
    let scene = Scene::set().await;
    let (_, _, system) = scene.system().await;
    let draft = system.create(&form_for(1)).await.expect(201);
    let ready = system.act(&draft, "submit").await.expect(200);
    scene.world.local.settle().await;
    let to = |scene: &Scene| -> BTreeSet<String> {
        let mails = scene.world.local.mailbox().into_iter();
        mails.flat_map(|mail| mail.message.to).collect()
    };
    let checkers = ["checker@abc.example", "checker2@abc.example"];
    let told = to(&scene);
    assert!(checkers.iter().all(|checker| told.contains(*checker)), "{told:?}");
    let claimed = scene.checker.act(&ready, "claim").await.expect(200);
    let returned = scene
        .checker
        .act_saying(&claimed, "return", "Please correct.")
        .await;
    assert_eq!(returned.expect(200)["state"], "Draft");
    scene.world.local.settle().await;
    let mails = scene.world.local.mailbox();
    let told = mails
        .iter()
        .filter(|mail| mail.message.subject.contains("returned"));
    let told: Vec<_> = told.map(|mail| mail.message.subject.as_str()).collect();
    // The other checkers hear that there is nothing to check any more.
    assert!(
        !told.is_empty() && told.iter().all(|subject| subject.ends_with("nothing to check")),
        "{told:?}"
    );
    let whole = system.get(&format!("/requests/{}", ready.id())).await.expect(200);
    assert!(
        whole
            .body
            .get("undelivered")
            .is_none_or(|list| *list == json!([])),
        "{}",
        whole.body
    );
    scene.world.local.stop().await;
}

/// What the workflow says to a system that takes a step, whatever the API lets through.
async fn refusal(world: &World, id: &str, on: &Reply, action: Action) -> Option<Refusal> {
    let member = Member {
        person: Person {
            id: PersonId::parse(id)?,
            name: NAME.to_owned(),
        },
        email: None,
        company: CompanyId::parse("abc")?,
        company_name: "ABC Company".to_owned(),
        rights: BTreeSet::from([Right::SystemMaker]),
        participantships: BTreeSet::new(),
    };
    let message = Some("For the record.".to_owned());
    let payload = match action {
        Action::HandOver => Payload::HandOver {
            colleague: None,
            message,
        },
        _ => Payload::Message(message),
    };
    let command = Command {
        subject: Subject::Request(RequestId::parse(&on.id())?),
        action,
        actor: Actor::Member(member),
        receipt: Receipt::parse(on.etag().trim_matches('"')).into(),
        payload,
        key: None,
    };
    let app = app(world, world.local.clock().clone());
    match execute(&app, command).await {
        Err(Rejection::Refused { refusal, .. }) => Some(refusal),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_decides_nothing_makes_no_am_1_and_sees_no_other_company() {
    let scene = Scene::set().await;
    let (id, _, system) = scene.system().await;
    let ready = scene.maker.submit(&form_for(1)).await;
    let claimed = scene.checker.act(&ready, "claim").await.expect(200);
    for (on, actions) in [
        (&ready, &[Action::Claim][..]),
        (
            &claimed,
            &[Action::Confirm, Action::Return, Action::Release, Action::HandOver],
        ),
    ] {
        for action in actions {
            let refused = refusal(&scene.world, &id, on, *action).await;
            let missing = Some(Refusal::RightMissing(Right::UserMaintenance));
            assert_eq!(refused, missing, "{action:?}");
            // API Gateway has no such route.
            let turned_away = system.act(on, action.as_str()).await;
            assert_eq!(turned_away.status, 404, "{action:?}: {}", turned_away.body);
        }
    }
    let _ = system
        .create(&adding("Another"))
        .await
        .refused(403, "right-missing");
    let stranger = scene.world.sign_in("maker@bank.example").await;
    let mut foreign = form_for(1);
    foreign["participantship"] = json!({"kind": "HKSCC Designated Bank", "id": "BNK109"});
    foreign["changes"] = json!([]);
    let theirs = stranger.create(&foreign).await.expect(201);
    let path = format!("/requests/{}", theirs.id());
    let _ = system.get(&path).await.refused(404, "not-found");
    let listed = system.get("/requests?limit=100").await.expect(200);
    let own = listed["items"].as_array().unwrap().iter();
    assert!(own.clone().count() > 0 && own.clone().all(|one| one["company"]["id"] == "abc"));
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_edited_what_a_system_cloned_cannot_check_the_clone() {
    let scene = Scene::set().await;
    let (_, _, system) = scene.system().await;
    let draft = scene.checker.create(&form_for(1)).await.expect(201);
    let clone = system.action(&draft.id(), "clone").send().await.expect(201);
    let save = system.action(&clone.id(), "save").if_match(&clone.etag());
    let clone = save.json(&form_for(1)).send().await.expect(200);
    let ready = system.act(&clone, "submit").await.expect(200);
    let _ = scene
        .checker
        .act(&ready, "claim")
        .await
        .refused(403, "own-request");
    let claimed = scene.checker2.act(&ready, "claim").await.expect(200);
    let sent = scene.checker2.act(&claimed, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_systems_token_opens_its_own_routes_alone_and_a_persons_token_none_of_them() {
    let scene = Scene::set().await;
    let (_, _, system) = scene.system().await;
    let as_person = scene.world.bearer(system.token());
    assert_eq!(as_person.get("/me").await.status, 401);
    let browser = scene.world.stranger().with_session(system.token());
    let page = browser.get("/portal/tasks").await;
    assert_eq!(page.status, 303);
    assert!(page.header("location").starts_with("/sign-in"));
    for token in [scene.maker.token(), "x.y.z", ""] {
        let refused = scene.world.system(token).get("/me").await;
        assert_eq!(
            (refused.status, refused.problem()),
            (401, "not-signed-in"),
            "{token}"
        );
    }
    let (head, signature) = system.token().rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", signature.chars().rev().collect::<String>());
    assert_eq!(scene.world.system(&forged).get("/me").await.status, 401);
    // A token is good for fifteen minutes.
    scene.world.at("2023-02-07T11:03:00+08:00");
    assert_eq!(system.get("/me").await.status, 401);
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_that_is_removed_gets_no_token_any_more_and_its_client_is_gone() {
    let scene = Scene::set().await;
    let (id, client, _) = scene.system().await;
    let secret = secret_of(&scene.world, &client).await;
    manage(&scene.world, &scene.maker, &scene.checker, &removing(&id)).await;
    let (status, answer) = scene.world.client_credentials(&client, &secret).await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_client")));
    let gone = scene
        .world
        .administer("DescribeUserPoolClient", json!({ "ClientId": client }))
        .await;
    assert_eq!(gone["__type"], "ResourceNotFoundException");
    assert_eq!(client_of(&scene.world, "abc", &id).await, None);
    // Its name stays taken, so that the history says which system did what.
    let again = scene.maker.create(&adding("abc registrar")).await.expect(201);
    let refused = scene.maker.act(&again, "submit").await;
    let refused = refused.refused(409, "directory-disagrees");
    assert_eq!(refused.pointers(), ["/name"]);
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_whose_removal_the_pool_has_not_followed_yet_gets_a_token_that_opens_nothing() {
    let scene = Scene::set().await;
    let (id, client, _) = scene.system().await;
    let entry = ("COMPANY#abc".to_owned(), format!("PERSON#{id}"));
    let at = countersign_tests::post::text("2023-02-07T02:43:03.434Z");
    scene.world.edit(entry, "removed_at", at).await;
    let secret = secret_of(&scene.world, &client).await;
    let (status, answer) = scene.world.client_credentials(&client, &secret).await;
    assert_eq!(status, 200, "{answer}");
    let system = scene.world.system(answer["access_token"].as_str().unwrap());
    let _ = system.get("/me").await.refused(403, "not-in-directory");
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_that_calls_too_often_waits_for_the_next_minute_and_holds_up_nobody_else() {
    let scene = Scene::with(3).await;
    let (_, _, system) = scene.system().await;
    let (_, _, other) =
        countersign_tests::systems::system(&scene.world, &scene.maker, &scene.checker, "ABC Ledger").await;
    scene.world.at("2023-02-07T10:50:43+08:00");
    for _ in 0..3 {
        let _ = system.get("/me").await.expect(200);
    }
    for _ in 0..2 {
        let refused = system.get("/me").await.refused(429, "too-many-calls");
        assert_eq!(refused.header("retry-after"), Some("17"));
    }
    for _ in 0..4 {
        let _ = scene.maker.get("/me").await.expect(200);
    }
    let _ = other.get("/me").await.expect(200);
    scene.world.at("2023-02-07T10:51:00+08:00");
    let _ = system.get("/me").await.expect(200);
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn am_1_changes_nothing_of_a_system_but_its_removal() {
    let scene = Scene::set().await;
    let (id, ..) = scene.system().await;
    for (request, more) in [
        ("Change", json!({"access": "MakeAndCheck", "managesUsers": "Yes"})),
        (
            "Away",
            json!({"awayFrom": "2023-02-08", "awayUntil": "2023-02-09"}),
        ),
        ("Back", json!({})),
        ("Invite", json!({})),
        ("ResetSecondFactor", json!({})),
    ] {
        let mut form = json!({"eService": "AM1", "maintenanceRequest": request, "person": id});
        form.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let draft = scene.maker.create(&form).await.expect(201);
        let refused = scene.maker.act(&draft, "submit").await.refused(422, "invalid");
        assert_eq!(refused.pointers(), ["/person"], "{request}");
        assert!(
            refused["detail"]
                .as_str()
                .unwrap()
                .starts_with("This is a system.")
        );
    }
    let at_exchange = scene.world.sign_in("officer@exchange.example").await;
    let draft = at_exchange.create(&adding("Exchange Robot")).await;
    if draft.status == 201 {
        let refused = at_exchange.act(&draft, "submit").await.refused(422, "invalid");
        assert_eq!(refused.pointers(), ["/maintenanceRequest"]);
    }
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_endpoint_gives_a_system_nothing_without_its_secret_and_its_scope() {
    let scene = Scene::set().await;
    let (_, client, _) = scene.system().await;
    let secret = secret_of(&scene.world, &client).await;
    let ask = async |form: &[(&str, &str)]| -> Value {
        let url = format!("{}/oauth2/token", scene.world.local.url());
        let call = reqwest::Client::new().post(url).form(form);
        call.send().await.unwrap().json().await.unwrap()
    };
    let grant = ("grant_type", "client_credentials");
    let (id, own) = (("client_id", client.as_str()), ("client_secret", secret.as_str()));
    let good = ask(&[grant, id, own, ("scope", "countersign/requests")]).await;
    assert_eq!(
        (&good["token_type"], &good["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    assert!(good.get("refresh_token").is_none() && good.get("id_token").is_none());
    for (form, error) in [
        (vec![grant, id, ("client_secret", "guess")], "invalid_client"),
        (vec![grant, id], "invalid_client"),
        (vec![grant, own], "invalid_client"),
        (vec![grant, ("client_id", "nobody"), own], "invalid_client"),
        (vec![grant, id, own, ("scope", "openid")], "invalid_scope"),
    ] {
        let answer = ask(&form).await;
        assert_eq!(answer["error"], error, "{form:?}: {answer}");
        assert!(answer.get("access_token").is_none());
    }
    let call = scene.world.bearer("").call(Method::GET, "/me").send().await;
    assert_eq!(call.status, 401);
    scene.world.local.stop().await;
}
