//! The exchange's own requests, which are about its people: on the lists of the officers who manage them, and on no other.

use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, OpenBook};
use countersign_tests::portal::Browser;
use countersign_tests::{Reply, User};
use serde_json::{Value, json};

/// An officer of the exchange who only processes requests.
fn plain_officer(book: &OpenBook) -> String {
    let mut claims = book.claims("plain");
    for (name, value) in [
        ("company", json!("EXCHANGE")),
        ("company_name", json!("The exchange")),
        ("participantships", json!("")),
        ("cognito:groups", json!(["HKEX_Operations"])),
    ] {
        claims[name] = value;
    }
    book.token(&claims)
}

/// A request to add an officer.
fn add(name: &str) -> Value {
    json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": name,
        "email": format!("{}@exchange.example", name.replace(' ', ".")), "access": "Process", "managesUsers": "No",
    })
}

fn ids(page: &Reply) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// All of a list, two rows a page.
async fn all(user: &User, path: &str) -> Vec<String> {
    let (mut found, mut address) = (Vec::new(), format!("{path}?limit=2"));
    loop {
        let page = user.get(&address).await.expect(200);
        let rows = ids(&page);
        assert!(rows.len() <= 2, "{rows:?}");
        found.extend(rows);
        let Some(next) = page["nextCursor"].as_str() else {
            return found;
        };
        address = format!("{path}?limit=2&cursor={next}");
    }
}

/// Requests about the exchange's people: a draft, one to check, one that is done; and three of companies on its desk.
struct Scene {
    book: OpenBook,
    cast: Cast,
    plain: User,
    draft: String,
    ready: String,
    done: String,
    sent: Vec<String>,
}

impl Scene {
    async fn set() -> Self {
        let book = OpenBook::start().await;
        let cast = Cast::sign_in(&book.world).await;
        let mut sent = Vec::new();
        for number in 1..=3 {
            sent.push(cast.request_in(StateName::Sent, number).await.id());
        }
        let draft = cast.officer.create(&add("E Draft")).await.expect(201).id();
        let claimed = cast.officer.submit(&add("E Done")).await;
        let claimed = cast.officer2.act(&claimed, "claim").await.expect(200);
        let done = cast.officer2.act(&claimed, "confirm").await.expect(200).id();
        let ready = cast.officer.submit(&add("E Ready")).await.id();
        Self {
            plain: book.world.bearer(&plain_officer(&book)),
            book,
            cast,
            draft,
            ready,
            done,
            sent,
        }
    }

    fn sorted(&self, own: &[&String]) -> Vec<String> {
        let own = own.iter().map(|id| (*id).clone());
        let mut all: Vec<String> = own.chain(self.sent.iter().cloned()).collect();
        all.sort();
        all
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_about_officers_are_on_the_lists_of_those_who_manage_users_and_on_no_other() {
    let scene = Scene::set().await;
    for (path, own) in [
        ("/tasks", vec![&scene.ready]),
        ("/requests", vec![&scene.ready, &scene.done, &scene.draft]),
    ] {
        let mut found = all(&scene.cast.officer2, path).await;
        // Those about the exchange's people come first.
        let (first, _) = found.split_at(own.len());
        assert!(own.iter().all(|id| first.contains(id)), "{path}: {found:?}");
        found.sort();
        assert_eq!(found, scene.sorted(&own), "{path}");
        let mut found = all(&scene.plain, path).await;
        found.sort();
        assert_eq!(found, scene.sorted(&[]), "{path}");
        let company = scene.cast.maker.get(path).await.expect(200);
        assert!(own.iter().all(|id| !ids(&company).contains(id)), "{path}");
    }
    let found = scene
        .cast
        .officer
        .get("/requests?state=Completed")
        .await
        .expect(200);
    assert_eq!(ids(&found), [scene.done.as_str()]);
    let cursor = scene.cast.maker.get("/tasks?cursor=x").await;
    let _ = cursor.refused(400, "malformed");
    scene.book.world.local.stop().await;
}

/// Whether a page's table links to a request.
async fn lists(browser: &Browser, path: &str, id: &str) -> bool {
    let page = browser.get(path).await.expect(200);
    page.shows(&format!("<a class=\"ref\" href=\"/portal/requests/{id}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portal_lists_them_for_an_officer_who_manages_users_and_for_no_other() {
    let scene = Scene::set().await;
    let world = &scene.book.world;
    let manager = world.browser("officer2@exchange.example").await;
    let plain = world.stranger().with_session(&plain_officer(&scene.book));
    let sent = &scene.sent[0];
    for (path, expected) in [
        ("/portal/tasks", [true, false, false, true]),
        ("/portal/tasks?state=ReadyToSend", [true, false, false, false]),
        ("/portal/tasks?with=checkers", [true, false, false, false]),
        (
            "/portal/tasks?with=exchange&sort=updated",
            [false, false, false, true],
        ),
        ("/portal/requests", [false, false, false, false]),
        ("/portal/requests?maker=all", [true, true, true, false]),
        (
            "/portal/requests?maker=all&state=Completed",
            [false, true, false, false],
        ),
    ] {
        let mut found = Vec::new();
        for id in [&scene.ready, &scene.done, &scene.draft, sent] {
            found.push(lists(&manager, path, id).await);
        }
        assert_eq!(found, expected, "{path}");
    }
    let maker = world.browser("officer@exchange.example").await;
    assert!(lists(&maker, "/portal/requests", &scene.draft).await);
    // The navigation counts what waits on both desks.
    let home = manager.get("/").await.expect(200);
    assert!(
        home.shows("href=\"/portal/requests\"") && home.shows(">4<"),
        "{}",
        home.body
    );
    let file = manager.get("/portal/requests.csv?maker=all").await.expect(200);
    assert_eq!(file.body.lines().count(), 4, "{}", file.body);

    let home = plain.get("/").await.expect(200);
    assert!(
        !home.shows("href=\"/portal/requests\"") && home.shows(">3<"),
        "{}",
        home.body
    );
    assert!(lists(&plain, "/portal/tasks", sent).await);
    assert!(!lists(&plain, "/portal/tasks", &scene.ready).await);
    let _ = plain.get("/portal/tasks?state=ReadyToSend").await.expect(422);
    let redirected = plain.get("/portal/requests").await.expect(303);
    assert_eq!(redirected.location(), "/portal/tasks");
    let _ = plain.get("/portal/requests.csv?maker=all").await.expect(404);
    scene.book.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_reads_what_changed_colleagues_as_anybody_does_at_a_company_and_takes_no_step() {
    let scene = Scene::set().await;
    let plain = scene
        .book
        .world
        .stranger()
        .with_session(&plain_officer(&scene.book));
    // The company's page has the names and rights, and leads to the requests that changed them.
    let page = plain.get("/portal/company").await.expect(200);
    assert!(page.shows(&format!("href=\"/portal/requests/{}\"", scene.done)));
    for id in [&scene.draft, &scene.ready, &scene.done] {
        let read = scene.plain.read(id).await;
        assert_eq!((read.status, &read["allowedActions"]), (200, &json!([])), "{id}");
        let _ = plain.get(&format!("/portal/requests/{id}")).await.expect(200);
    }
    let ready = scene.plain.read(&scene.ready).await;
    let _ = scene
        .plain
        .attempt(&ready, "claim")
        .await
        .refused(409, "not-possible");
    scene.book.world.local.stop().await;
}
