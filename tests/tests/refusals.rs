//! A maker's mistakes get one problem that names every fault and its place, and change nothing.

use countersign_tests::guideline_form;
use countersign_tests::scene::Scene;
use serde_json::{Value, json};

/// The most characters that remarks may have.
const MAX_REMARKS: usize = 2_000;

fn form_with(member: &str, value: Value) -> Value {
    let mut form = guideline_form();
    form[member] = value;
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_json_of_another_type_is_refused_at_every_place() {
    let scene = Scene::set().await;
    for whole in [json!(null), json!([]), json!("DA3"), json!(1), json!(true)] {
        scene.hold_to_faults(&whole, &[""]).await;
    }
    let form = json!({
        "eService": "DA3", "participantship": "B01234", "maintenanceRequest": ["Change"], "changes": {},
        "remarks": 1, "declaration": "true", "contacts": "AAA",
    });
    let everywhere = [
        "/participantship",
        "/maintenanceRequest",
        "/changes",
        "/remarks",
        "/declaration",
        "/contacts",
    ];
    scene.hold_to_faults(&form, &everywhere).await;
    let form = json!({
        "eService": "DA3", "participantship": {"kind": 1, "id": ["B01234"]},
        "changes": [null, [], {"userId": 1, "email": {}}], "contacts": [{"name": 1, "email": 2, "telephone": 29_797_111}],
    });
    let inside = [
        "/participantship/kind",
        "/participantship/id",
        "/changes/0",
        "/changes/1",
        "/changes/2/userId",
        "/changes/2/email",
        "/contacts/0/name",
        "/contacts/0/email",
        "/contacts/0/telephone",
    ];
    scene.hold_to_faults(&form, &inside).await;
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_form_is_named_at_once_at_its_place_and_in_words() {
    let scene = Scene::set().await;
    let form = json!({
        "eService": "DA3",
        "participantship": {"kind": "HKSCC Participant", "id": "B01234", "since": 2001},
        "maintenanceRequest": "Delete",
        "changes": [
            {"userId": "B01234X1", "email": "a@b@c.example"},
            {"userId": "BNK109X1", "email": "ok@bank.example"},
            {"userId": "b01234x1", "email": "ok@bank.example", "e/mail~": ""},
        ],
        "remarks": "\u{1b}[31m",
        "declaration": 1,
        "contacts": [{"name": "A".repeat(101), "email": "AAA", "telephone": "12345678", "fax": ""}],
        "status": "Completed",
    });
    let expected = [
        ("/participantship/since", "There is no such field in this form."),
        ("/maintenanceRequest", "Choose one of: Change."),
        (
            "/changes/0/email",
            "Give one e-mail address, like name@company.com.hk.",
        ),
        (
            "/changes/1/userId",
            "This is not a User ID of participant B01234: it is B01234 followed by a suffix of the form [A-Z0-9]{1,4}.",
        ),
        ("/changes/2/e~1mail~0", "There is no such field in this form."),
        ("/changes/2/userId", "This is in row 1 already."),
        (
            "/remarks",
            "Take out the character at position 1: escape character (U+001B).",
        ),
        ("/declaration", "This has to be true or false."),
        ("/contacts/0/fax", "There is no such field in this form."),
        ("/contacts/0/name", "This can have 100 characters at most."),
        (
            "/contacts/0/email",
            "Give one e-mail address, like name@company.com.hk.",
        ),
        (
            "/contacts/0/telephone",
            "Give a Hong Kong number of 8 digits, or an international one like +85229797111.",
        ),
        ("/status", "There is no such field in this form."),
    ];
    for reply in scene.both_ways(&form).await {
        let reply = reply.refused(422, "invalid");
        let said: Vec<_> = reply.pointers().into_iter().zip(reply.details()).collect();
        assert_eq!(said, expected);
        assert_eq!(reply["detail"], "13 things need your attention.");
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_no_eservice_is_refused() {
    let scene = Scene::set().await;
    for unknown in [json!("DA4"), json!("da3"), json!(""), json!(3), json!(null)] {
        scene
            .hold_to_faults(&form_with("eService", unknown), &["/eService"])
            .await;
    }
    scene
        .hold_to_faults(&json!({}), &["/eService", "/participantship"])
        .await;
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_for_a_participantship_that_the_company_does_not_hold_is_refused() {
    let scene = Scene::set().await;
    for (kind, id) in [
        ("HKSCC Designated Bank", "BNK109"),
        ("HKSCC Participant", "B09999"),
        ("HKCC Participant", "B01234"),
        ("HKSCC Participant", "CXYZ"),
    ] {
        let mut form = form_with("participantship", json!({"kind": kind, "id": id}));
        form["changes"] = json!([]);
        scene.hold_to_faults(&form, &["/participantship"]).await;
    }
    let kind = json!({"kind": "HKSCC", "id": "B01234"});
    scene
        .hold_to_faults(&form_with("participantship", kind), &["/participantship/kind"])
        .await;
    let no_id = json!({"kind": "HKSCC Participant", "id": "B0 1234#"});
    scene
        .hold_to_faults(&form_with("participantship", no_id), &["/participantship/id"])
        .await;
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_fifty_at_most_and_no_user_id_stands_twice_or_belongs_to_another() {
    let scene = Scene::set().await;
    let row = |n: usize| json!({"userId": format!("B01234{n}"), "email": "da@bank.com.hk"});
    let too_many = form_with("changes", (0..51).map(row).collect());
    scene.hold_to_faults(&too_many, &["/changes"]).await;
    let contact = guideline_form()["contacts"][0].clone();
    let too_many = form_with("contacts", (0..11).map(|_| contact.clone()).collect());
    scene.hold_to_faults(&too_many, &["/contacts"]).await;

    let twice = ["B01234X1", "B01234X2", "B01234X1", "b01234x2", " B01234X1 "];
    let twice = twice.map(|user_id| json!({"userId": user_id, "email": "da@bank.com.hk"}));
    let places = ["/changes/2/userId", "/changes/3/userId", "/changes/4/userId"];
    scene
        .hold_to_faults(&form_with("changes", twice.into_iter().collect()), &places)
        .await;

    let foreign = [
        "BNK109X1",
        "B01234",
        "B01234X1234",
        "B01234-1",
        "X1",
        "B01234Ⅹ1",
        "B01234X#1",
        "B01234X 1",
    ];
    let rows = foreign.map(|user_id| json!({"userId": user_id, "email": "da@bank.com.hk"}));
    let places: Vec<String> = (0..foreign.len())
        .map(|row| format!("/changes/{row}/userId"))
        .collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    scene
        .hold_to_faults(&form_with("changes", rows.into_iter().collect()), &places)
        .await;
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_e_mail_address_is_one_address_at_a_domain() {
    let scene = Scene::set().await;
    let bad = [
        "plain".to_owned(),
        "@bank.com.hk".to_owned(),
        "a@".to_owned(),
        "a@bank".to_owned(),
        "a b@bank.com.hk".to_owned(),
        "a..b@bank.com.hk".to_owned(),
        ".a@bank.com.hk".to_owned(),
        "a@bank..hk".to_owned(),
        "a@-bank.hk".to_owned(),
        "a@127.0.0.1".to_owned(),
        "a@[127.0.0.1]".to_owned(),
        "\"a b\"@bank.com.hk".to_owned(),
        "A <a@bank.com.hk>".to_owned(),
        "a@bank.com.hk,b@bank.com.hk".to_owned(),
        "a@bank.com.hk;b@bank.com.hk".to_owned(),
        "陳@bank.com.hk".to_owned(),
        format!("{}@bank.com.hk", "a".repeat(65)),
        format!("a@{}.hk", "b".repeat(64)),
        format!("a@{}hk", "b.".repeat(126)),
    ];
    let row = |(n, email): (usize, &String)| json!({"userId": format!("B01234{n}"), "email": email});
    let rows: Value = bad.iter().enumerate().map(row).collect();
    let places: Vec<String> = (0..bad.len())
        .map(|row| format!("/changes/{row}/email"))
        .collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    scene.hold_to_faults(&form_with("changes", rows), &places).await;
    scene.hold_unchanged().await;

    let longest = format!("{}@{}.hk", "a".repeat(64), "b.".repeat(92) + "bb");
    assert_eq!(longest.len(), 254);
    for good in [
        "ABC@bank.com.hk",
        "o'neill+da3@x-y.example",
        "da@例子.example",
        &longest,
    ] {
        let form = form_with("changes", json!([{"userId": "B01234X1", "email": good}]));
        let draft = scene.cast.maker.create(&form).await.expect(201);
        assert_eq!(
            scene.cast.maker.read(&draft.id()).await["form"]["changes"][0]["email"],
            good
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn control_characters_are_refused_in_every_place_of_a_form() {
    let scene = Scene::set().await;
    for control in ['\0', '\u{1}', '\u{1b}', '\u{7f}', '\u{85}', '\u{9f}'] {
        let typed = format!("B01{control}234");
        let mut form = guideline_form();
        form["changes"] = json!([{"userId": &typed, "email": format!("a{control}b@bank.com.hk")}]);
        form["contacts"] = json!([{"name": &typed, "email": &typed, "telephone": &typed}]);
        form["remarks"] = json!(&typed);
        let places = [
            "/changes/0/userId",
            "/changes/0/email",
            "/remarks",
            "/contacts/0/name",
            "/contacts/0/email",
            "/contacts/0/telephone",
        ];
        scene.hold_to_faults(&form, &places).await;
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn remarks_hold_two_thousand_characters_of_several_lines_and_not_one_more() {
    let scene = Scene::set().await;
    // The limit counts characters, not octets.
    let longest = "界".repeat(MAX_REMARKS - 1) + "\n";
    let too_long = form_with("remarks", json!(format!("{longest}界")));
    scene.hold_to_faults(&too_long, &["/remarks"]).await;
    scene.hold_unchanged().await;
    let draft = scene
        .cast
        .maker
        .create(&form_with("remarks", json!(longest)))
        .await
        .expect(201);
    assert_eq!(
        scene.cast.maker.read(&draft.id()).await["form"]["remarks"],
        longest
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_may_be_incomplete_and_submitting_it_names_every_gap() {
    let scene = Scene::set().await;
    let maker = &scene.cast.maker;
    let form = json!({
        "eService": "DA3", "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "changes": [{"userId": "B01234X9"}, {"email": "da@bank.com.hk"}, {}],
        "contacts": [{"name": "AAA"}],
    });
    let draft = maker.create(&form).await.expect(201);
    let refused = maker.attempt(&draft, "submit").await.refused(422, "invalid");
    let gaps = [
        "/changes/0/email",
        "/changes/1/userId",
        "/changes/2/userId",
        "/changes/2/email",
        "/declaration",
        "/contacts/0/email",
        "/contacts/0/telephone",
    ];
    assert_eq!(refused.pointers(), gaps);
    let mut empty = form.clone();
    (empty["changes"], empty["contacts"]) = (json!([]), json!([]));
    let saved = maker
        .action(&draft.id(), "save")
        .if_match(&draft.etag())
        .json(&empty);
    let saved = saved.send().await.expect(200);
    let refused = maker.attempt(&saved, "submit").await.refused(422, "invalid");
    assert_eq!(refused.pointers(), ["/changes", "/declaration", "/contacts"]);
    let now = maker.read(&draft.id()).await;
    assert_eq!(
        (now.etag(), now["reference"].clone()),
        (saved.etag(), Value::Null)
    );
}
