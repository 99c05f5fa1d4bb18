//! What the API checks in a call before its meaning: query parameters, media type, JSON. And what every answer has,
//! whatever it says.

use std::io::Read as _;

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::scene::{COMMANDS, Scene};
use countersign_tests::{World, guideline_form};
use flate2::read::GzDecoder;
use reqwest::Method;

/// Every reading operation, with one of its parameters and a value for it.
const READS: [(&str, &str); 8] = [
    ("/requests", "state=Draft"),
    ("/tasks", "limit=5"),
    ("/delegated-administrators", "participant=B01234"),
    ("/readiness", "company=abc"),
    ("/readiness.csv", "company=abc"),
    ("/audit.csv", "kind=step"),
    ("/audit.jsonl", "from=2023-02-07"),
    ("/requests", "updatedSince=2023-02-07T02:43:00Z"),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_or_a_repeated_or_an_unknown_query_parameter_is_refused_by_name() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    for (path, given) in READS {
        let name = given.split('=').next().unwrap();
        let _ = maker.get(&format!("{path}?{given}")).await.expect(200);
        for query in [
            format!("{name}="),
            name.to_owned(),
            format!("{name}=%20"),
            format!("{given}&{given}"),
            format!("{given}&{name}="),
        ] {
            let refused = maker
                .get(&format!("{path}?{query}"))
                .await
                .refused(400, "malformed");
            let detail = refused["detail"].as_str().unwrap();
            assert!(detail.starts_with(name), "{path}?{query}: {detail}");
        }
    }
    let draft = maker.create(&guideline_form()).await.expect(201);
    let one = format!("/requests/{}", draft.id());
    let reads = READS.map(|(path, _)| path);
    for path in reads
        .into_iter()
        .chain(["/me", "/eservices", "/openapi.json", &one])
    {
        let refused = maker
            .get(&format!("{path}?stat=Draft"))
            .await
            .refused(400, "malformed");
        assert_eq!(refused["detail"], "There is no parameter stat here.", "{path}");
    }
    let create = maker
        .call(Method::POST, "/requests?dry=1")
        .json(&guideline_form());
    let _ = create.send().await.refused(400, "malformed");
    let submit = maker.action(&draft.id(), "submit?dry=1").if_match(&draft.etag());
    let _ = submit.send().await.refused(400, "malformed");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_say_that_it_is_json_is_an_unsupported_media_type() {
    let scene = Scene::set().await;
    let maker = &scene.cast.maker;
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonp"),
        Some("text/json"),
        Some(""),
    ] {
        let commands = COMMANDS.into_iter().map(|command| scene.bodiless(command));
        let create = maker.call(Method::POST, "/requests");
        let clone = maker.action(&scene.on(StateName::Draft).id(), "clone");
        for call in commands.chain([create, clone]) {
            let call = call.body("{}");
            let call = match kind {
                Some(kind) => call.header("content-type", kind),
                None => call,
            };
            let _ = call.send().await.refused(415, "unsupported-media-type");
        }
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_occurs_twice_is_refused_at_its_place() {
    let scene = Scene::set().await;
    let maker = &scene.cast.maker;
    let form = guideline_form().to_string();
    let twice = form.replacen(r#""email":"#, r#""email":"other@bank.example","email":"#, 1);
    for (text, pointer) in [
        (twice.as_str(), "/changes/0/email"),
        (r#"{"eService":"DA3","eService":"DA3"}"#, "/eService"),
        (r#"{"a\nb":1,"a\nb":2}"#, "/a\nb"),
    ] {
        let create = maker.call(Method::POST, "/requests");
        let create = create
            .header("content-type", "application/json")
            .body(text.to_owned());
        let refused = create.send().await.refused(400, "malformed");
        assert_eq!(refused.pointers(), [pointer]);
    }
    for command in COMMANDS {
        let call = scene.bodiless(command).header("content-type", "application/json");
        let call = call.body(r#"{"message":"One.","message":"Two."}"#);
        let refused = call.send().await.refused(400, "malformed");
        assert_eq!(refused.pointers(), ["/message"], "{command:?}");
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_member_is_named_by_a_valid_json_pointer_whatever_its_name() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    for (name, pointer) in [
        ("a\nb", "/a\nb"),
        ("\u{0}\r\t\u{7f}\u{85}\u{2028}", "/\u{0}\r\t\u{7f}\u{85}\u{2028}"),
        ("a/b~c", "/a~1b~0c"),
        ("", "/"),
    ] {
        let mut form = guideline_form();
        form[name] = 1.into();
        let refused = maker.create(&form).await.refused(422, "invalid");
        assert_eq!(refused.pointers(), [pointer]);
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_a_function_is_nosniff_and_hsts() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    let created = maker.create(&guideline_form()).await.expect(201);
    let read = maker
        .get(&format!("/requests/{}", created.id()))
        .await
        .expect(200);
    let refused = maker.get("/requests/x").await.expect(404);
    let description = world.bearer("").get("/openapi.json").await.expect(200);
    for reply in [created, read, refused, description] {
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(
            reply.header("strict-transport-security"),
            Some("max-age=31536000; includeSubDomains")
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_is_compressed_for_whoever_takes_gzip() {
    let world = World::start().await;
    let url = format!("{}/openapi.json", world.local.url());
    let http = reqwest::Client::new();
    let get = |coding: &'static str| http.get(&url).header("accept-encoding", coding).send();
    let plain = get("identity").await.unwrap();
    assert_eq!(plain.headers().get("content-encoding"), None);
    assert_eq!(plain.headers()["vary"], "accept-encoding");
    let plain = plain.bytes().await.unwrap();
    for refused in ["gzip;q=0", "br", ""] {
        assert_eq!(
            get(refused).await.unwrap().headers().get("content-encoding"),
            None,
            "{refused}"
        );
    }
    let packed = get("br, GZIP;q=0.8").await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let packed = packed.bytes().await.unwrap();
    assert!(
        packed.len() * 3 < plain.len(),
        "{} of {}",
        packed.len(),
        plain.len()
    );
    let mut unpacked = Vec::new();
    GzDecoder::new(&*packed).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    let maker = world.sign_in("maker@abc.example").await;
    let short = maker.call(Method::GET, "/me").header("accept-encoding", "gzip");
    assert_eq!(short.send().await.expect(200).header("content-encoding"), None);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_caller_has_already_is_not_modified_until_anything_in_it_changes() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    let draft = maker.create(&guideline_form()).await.expect(201);
    let path = format!("/requests/{}", draft.id());
    let known = maker
        .get(&path)
        .await
        .expect(200)
        .header("etag")
        .unwrap()
        .to_owned();
    let ask = |path: &str, tag: &str| maker.call(Method::GET, path).header("if-none-match", tag).send();
    for tag in [
        known.clone(),
        format!("W/{known}"),
        format!("\"x\", {known}"),
        "*".to_owned(),
    ] {
        let same = ask(&path, &tag).await.expect(304);
        assert_eq!(same.header("etag"), Some(known.as_str()));
        assert_eq!(same.header("content-type"), None);
    }
    for tag in ["\"x\"", &draft.etag(), &known[1..]] {
        let _ = ask(&path, tag).await.expect(200);
    }
    // The tag from a read can be used for a command.
    let submit = maker.action(&draft.id(), "submit").header("if-match", &known);
    let _ = submit.send().await.expect(200);
    let now = ask(&path, &known).await.expect(200);
    assert_ne!(now.header("etag"), Some(known.as_str()));
    let description = world.bearer("").get("/openapi.json").await.expect(200);
    let tag = description.header("etag").unwrap();
    let _ = ask("/openapi.json", tag).await.expect(304);
    // A command is not a read: it is carried out whatever `If-None-Match` says.
    let reclaim = maker.action(&draft.id(), "reclaim").if_match(&now.etag());
    let _ = reclaim.header("if-none-match", "*").send().await.expect(200);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_changes_gets_what_was_updated_since_an_instant() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let early = cast.request_in(StateName::Draft, 1).await;
    world.at("2023-02-07T10:48:00+08:00");
    let late = cast.request_in(StateName::ReadyToSend, 2).await;
    let since = |at: &str| format!("/requests?limit=1&updatedSince={at}");
    let instant = late["updatedAt"].as_str().unwrap().to_owned();
    let found = cast.maker.get(&since(&instant)).await.expect(200);
    assert_eq!(found.each("id"), [late.id()]);
    let found = cast
        .maker
        .get(&since("2023-02-07T10:48:00%2B08:00"))
        .await
        .expect(200);
    assert_eq!(found.each("id"), [late.id()]);
    // A step on an old request is a change as well.
    world.at("2023-02-07T10:53:00+08:00");
    let _ = cast.maker.act(&early, "submit").await.expect(200);
    let found = cast.maker.get(&since("2023-02-07T02:53:00Z")).await.expect(200);
    assert_eq!(found.each("id"), [early.id()]);
    for at in ["yesterday", "2023-02-07", "2023-02-07T02:43:00"] {
        let _ = cast.maker.get(&since(at)).await.refused(400, "malformed");
    }
    world.local.stop().await;
}
