//! A change of a person starts with the access that they have. No script takes part.

use countersign_tests::portal::{Browser, Page};

use super::{CHECKER2, MAKER, Scene, id_of};

const FORM: &str = "/portal/requests/new?form=AM1";
const NEW: &str = "/portal/requests/new";

/// Sends the form with a button pressed.
async fn press(maker: &Browser, button: &str, typed: &[(&str, &str)]) -> Page {
    let (tag, key) = maker.get(FORM).await.expect(200).form(NEW);
    let own = [
        ("tag", tag.as_str()),
        ("key", key.as_str()),
        ("do", button),
        ("eService", "AM1"),
        ("maintenanceRequest", "Change"),
    ];
    let fields: Vec<(&str, &str)> = own.into_iter().chain(typed.iter().copied()).collect();
    maker.post(NEW, &fields).await
}

/// Whether a field of one line has this value.
fn has(page: &Page, field: &str, value: &str) -> bool {
    let start = page.body.find(&format!("<input id=\"{field}\"")).unwrap();
    let tag = page.body[start..].split('>').next().unwrap();
    tag.contains(&format!("value=\"{value}\""))
}

/// Whether an option of a field is chosen.
fn chosen(page: &Page, field: &str, value: &str) -> bool {
    let start = page.body.find(&format!("<select id=\"{field}\"")).unwrap();
    let select = page.body[start..].split("</select>").next().unwrap();
    select.contains(&format!("<option value=\"{value}\" selected>"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_filled_in_with_the_access_that_a_person_has_and_what_was_typed_stays() {
    let scene = Scene::set().await;
    let maker = scene.world.browser(MAKER).await;
    let blank = maker.get(FORM).await.expect(200);
    assert!(blank.shows("value=\"fill\""), "{}", blank.body);
    let person = id_of(CHECKER2);
    let typed = [
        ("person", person),
        ("newEmail", "typed@abc.example"),
        ("remarks", "since the merger"),
    ];
    let page = press(&maker, "fill", &typed).await.expect(200);
    assert!(page.shows("The access that this person has now is filled in."));
    assert!(has(&page, "newName", "") && has(&page, "newEmail", "typed@abc.example"));
    assert!(chosen(&page, "access", "MakeAndCheck") && chosen(&page, "managesUsers", "Yes"));
    // A checker would take what is filled in for something that changes.
    assert!(chosen(&page, "progressMail", "") && chosen(&page, "reminderMail", ""));
    assert!(page.shows("since the merger") && chosen(&page, "person", person));
    // Nobody is chosen, or somebody of another company: nothing is filled in.
    for nobody in ["", id_of("maker@bank.example")] {
        let page = press(&maker, "fill", &[("person", nobody)]).await.expect(200);
        assert!(chosen(&page, "access", "") && !page.shows("is filled in"));
    }
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_off_with_what_was_filled_in_for_somebody_else() {
    let scene = Scene::set().await;
    let maker = scene.world.browser(MAKER).await;
    let viewer = id_of("viewer@abc.example");
    let typed = [
        ("person", viewer),
        ("filledFor", id_of(CHECKER2)),
        ("newEmail", "typed@abc.example"),
        ("access", "MakeAndCheck"),
        ("managesUsers", "Yes"),
    ];
    let page = press(&maker, "preview", &typed).await.expect(200);
    assert!(has(&page, "newEmail", "typed@abc.example"));
    assert!(chosen(&page, "access", "SeeOnly") && chosen(&page, "managesUsers", "No"));
    // Once it is read, it is sent; and a draft that is opened again knows whom it was filled in for.
    let typed = [
        ("person", viewer),
        ("filledFor", viewer),
        ("newEmail", "typed@abc.example"),
        ("access", "SeeOnly"),
        ("managesUsers", "No"),
    ];
    let sent = press(&maker, "save", &typed).await.expect(303);
    let draft = maker.get(sent.location()).await.expect(200);
    assert!(draft.shows(&format!("name=\"filledFor\" value=\"{viewer}\"")));
    scene.world.local.stop().await;
}
