//! AM 1: a company manages its own people by the same four eyes, and each change is in the directory with the
//! confirmation.

use std::collections::BTreeSet;

use countersign_domain::actor::Right;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_local::demonstration::PEOPLE;
use countersign_platform::App;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_tests::market::app;
use countersign_tests::{Reply, User, World, guideline_form};
use serde_json::{Value, json};

mod changed;
mod prefilled;
mod refused;
mod status;

const MAKER: &str = "maker@abc.example";
const CHECKER: &str = "checker@abc.example";
const CHECKER2: &str = "checker2@abc.example";

/// The ID that the directory has for a person of the demonstration.
fn id_of(user: &str) -> &'static str {
    PEOPLE.iter().find(|person| person.user == user).unwrap().id
}

/// A form that does this to a person.
fn about(request: &str, user: &str) -> Value {
    json!({"eService": "AM1", "maintenanceRequest": request, "person": id_of(user)})
}

/// A form that gives a person these rights.
fn change(user: &str, access: &str, manages: &str) -> Value {
    let mut form = about("Change", user);
    form["access"] = json!(access);
    form["managesUsers"] = json!(manages);
    form
}

fn add(name: &str, address: &str) -> Value {
    json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": name, "email": address,
        "access": "MakeAndCheck", "managesUsers": "No",
    })
}

struct Scene {
    world: World,
    app: App,
    maker: User,
    checker: User,
    checker2: User,
}

impl Scene {
    async fn set() -> Self {
        let world = World::start().await;
        Self {
            app: app(&world, world.local.clock().clone()),
            maker: world.sign_in(MAKER).await,
            checker: world.sign_in(CHECKER).await,
            checker2: world.sign_in(CHECKER2).await,
            world,
        }
    }

    /// Takes a form to the checker's hands.
    async fn claimed(&self, form: &Value) -> Reply {
        let submitted = self.maker.submit(form).await;
        self.checker.act(&submitted, "claim").await.expect(200)
    }

    /// Takes a form to its completion.
    async fn done(&self, form: &Value) -> Reply {
        let claimed = self.claimed(form).await;
        self.checker.act(&claimed, "confirm").await.expect(200)
    }

    async fn person(&self, id: &str) -> DirectoryPerson {
        let company = CompanyId::parse("abc").unwrap();
        let person = PersonId::parse(id).unwrap();
        self.app.store().person(&company, &person).await.unwrap().unwrap()
    }

    async fn company(&self) -> Company {
        let company = CompanyId::parse("abc").unwrap();
        self.app.store().company(&company).await.unwrap().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_added_is_in_the_directory_with_the_confirmation_and_the_exchange_sees_none_of_it() {
    let scene = Scene::set().await;
    let done = scene.done(&add("N Joiner", "joiner@abc.example")).await;
    assert_eq!(
        (&done["state"], &done["status"]),
        (&json!("Completed"), &json!("Completed"))
    );
    assert_eq!(done["reference"], "AM1_00000001");
    let added = scene.person(&done.id()).await;
    assert_eq!(
        (added.name.as_str(), added.email.as_str()),
        ("N Joiner", "joiner@abc.example")
    );
    assert_eq!(added.rights, BTreeSet::from([Right::UserMaintenance]));
    assert_eq!((added.revision, added.invitations), (1, 1));
    assert_eq!(scene.company().await.revision, 1);
    let kept = scene.maker.read(&done.id()).await;
    assert!(kept.body.get("participantship").is_none(), "{}", kept.body);

    let officer = scene.world.sign_in("officer@exchange.example").await;
    let stranger = scene.world.sign_in("maker@bank.example").await;
    for other in [&officer, &stranger] {
        let path = format!("/requests/{}", done.id());
        let _ = other.get(&path).await.refused(404, "not-found");
    }
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_does_what_it_says() {
    let scene = Scene::set().await;
    let who = id_of(CHECKER2);
    let mut form = change(CHECKER2, "SeeOnly", "No");
    form["mailLanguage"] = json!("zh-Hant-HK");
    let _ = scene.done(&form).await;
    let person = scene.person(who).await;
    assert_eq!(person.rights, BTreeSet::from([Right::ViewOnly]));
    assert_eq!(person.mail_language(), Some("zh-Hant-HK"));

    let mut form = about("Away", CHECKER2);
    form["awayFrom"] = json!("2023-02-07");
    form["awayUntil"] = json!("2023-02-10");
    let _ = scene.done(&form).await;
    assert!(scene.person(who).await.is_away(scene.app.now()));
    let _ = scene.done(&about("Back", CHECKER2)).await;
    assert!(!scene.person(who).await.is_away(scene.app.now()));

    let _ = scene.done(&about("Invite", CHECKER2)).await;
    let _ = scene.done(&about("ResetSecondFactor", CHECKER2)).await;
    let person = scene.person(who).await;
    assert_eq!(
        (person.revision, person.invitations, person.second_factor_resets),
        (5, 1, 1)
    );

    let form = json!({
        "eService": "AM1", "maintenanceRequest": "Company", "checkers": "2", "approvesByMail": "No", "recordsViews": "Yes",
    });
    let _ = scene.done(&form).await;
    let company = scene.company().await;
    assert_eq!(
        (company.checkers, company.approves_by_mail, company.records_views),
        (2, false, true)
    );
    assert_eq!(company.revision, 6);
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_has_no_right_any_more_and_keeps_a_name_in_the_history() {
    let scene = Scene::set().await;
    let _ = scene.done(&about("Remove", CHECKER2)).await;
    let removed = scene.person(id_of(CHECKER2)).await;
    assert!(removed.is_removed() && removed.rights.is_empty());
    let _ = scene.maker.create(&guideline_form()).await.expect(201);
    // Their token is still good, and what it says decides nothing.
    let refused = scene
        .checker2
        .create(&add("N Joiner", "joiner@abc.example"))
        .await;
    let _ = refused.refused(403, "right-withdrawn");
    let again = scene.world.sign_in(CHECKER2).await;
    let _ = again.get("/me").await.refused(403, "not-in-directory");
    let draft = scene.maker.create(&about("Invite", CHECKER2)).await.expect(201);
    let refused = scene
        .maker
        .act(&draft, "submit")
        .await
        .refused(409, "directory-disagrees");
    assert_eq!(refused.pointers(), ["/person"]);
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exchange_manages_its_own_people_and_sees_its_own_requests() {
    let scene = Scene::set().await;
    let officer = scene.world.sign_in("officer@exchange.example").await;
    let officer2 = scene.world.sign_in("officer2@exchange.example").await;
    let form = json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": "E Three", "email": "officer3@exchange.example",
        "access": "Process", "managesUsers": "No",
    });
    let submitted = officer.submit(&form).await;
    let claimed = officer2.act(&submitted, "claim").await.expect(200);
    let done = officer2.act(&claimed, "confirm").await.expect(200);
    let exchange = CompanyId::parse(CompanyId::EXCHANGE).unwrap();
    let added = PersonId::parse(&done.id()).unwrap();
    let added = scene
        .app
        .store()
        .person(&exchange, &added)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(added.rights, BTreeSet::from([Right::Operations]));
    let path = format!("/requests/{}", done.id());
    let _ = scene.maker.get(&path).await.refused(404, "not-found");
    assert_eq!(officer.get(&path).await.expect(200)["state"], "Completed");
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_mails_offer_no_reply_and_tell_the_person_concerned() {
    let scene = Scene::set().await;
    let claimed = scene.claimed(&about("Remove", "viewer@abc.example")).await;
    let to_checkers = scene.world.mails_since(0).await;
    assert!(!to_checkers.is_empty());
    for mail in &to_checkers {
        let body = mail.message.text.as_deref().unwrap_or_default();
        assert!(!body.contains("mailto:") && !body.contains("HKEX"), "{body}");
        assert!(
            body.contains("V Reader") && !body.contains(id_of("viewer@abc.example")),
            "{body}"
        );
    }
    let before = to_checkers.len();
    let _ = scene.checker.act(&claimed, "confirm").await.expect(200);
    let told = scene.world.told_since(before).await;
    let reference = "AM1_00000001";
    for (to, said) in [
        (MAKER, "confirmed and completed"),
        ("viewer@abc.example", "your access has changed"),
        (CHECKER2, "confirmed, nothing to check"),
    ] {
        let subject = format!("{reference}: {said}");
        assert!(told.contains(&(to.to_owned(), subject)), "{to}: {told:?}");
    }
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_offers_the_companys_people_by_name_and_the_request_shows_the_name() {
    let scene = Scene::set().await;
    let maker = scene.world.browser(MAKER).await;
    let form = maker.get("/portal/requests/new?form=AM1").await.expect(200);
    let option = format!("<option value=\"{}\">C Two</option>", id_of(CHECKER2));
    assert!(form.shows(&option) && !form.shows("B Maker") && !form.shows("name=\"participantship\""));
    let submitted = scene.maker.submit(&about("Invite", CHECKER2)).await;
    let page = maker
        .get(&format!("/portal/requests/{}", submitted.id()))
        .await
        .expect(200);
    assert!(page.shows("C Two") && !page.shows(id_of(CHECKER2)));
    scene.world.local.stop().await;
}
