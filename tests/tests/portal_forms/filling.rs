//! What the form tells while it is filled in, so that nothing waits for its submission.

use countersign_domain::eservice::EServiceId;
use countersign_tests::portal::NEW_FORM;
use countersign_tests::{World, guideline_day};
use serde_json::json;

use super::{filled_in, send, typed, world};

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_tells_what_is_wrong_and_what_is_missing_at_once() {
    let world = world().await;
    let da3 = EServiceId::Da3.definition();
    let maker = world.browser("maker@abc.example").await;
    let mut fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    fields.retain(|(name, _)| name != "declaration" && name != "participantship");
    for (name, value) in &mut fields {
        match name.as_str() {
            "changes.0.userId" | "contacts.0.name" => value.clear(),
            "changes.0.email" => "not an address".clone_into(value),
            _ => {}
        }
    }
    let refused = send(&maker, da3, &fields, "preview").await.expect(422);
    let faulty = [
        "participantship",
        "changes-0-userId",
        "changes-0-email",
        "declaration",
        "contacts-0-name",
    ];
    for at in faulty {
        assert!(refused.shows(&format!("id=\"{at}-error\"")), "{at}");
    }
    // The summary follows the form.
    let (_, summary) = refused.body.split_once("class=\"errors\"").unwrap();
    let (summary, _) = summary.split_once("</ul>").unwrap();
    let links: Vec<&str> = summary
        .split("href=\"#")
        .skip(1)
        .filter_map(|link| link.split('"').next())
        .collect();
    let targets = faulty.map(|at| {
        if at == "participantship" {
            "participantship-0"
        } else {
            at
        }
    });
    assert_eq!(links, targets);
    // What is filled in rightly is not called missing because of another fault.
    assert!(!refused.shows("id=\"contacts-0-email-error\""));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_id_in_another_open_request_is_told_on_the_form_and_offered_with_that() {
    let world = world().await;
    let da3 = EServiceId::Da3.definition();
    let maker = world.browser("maker@abc.example").await;
    let fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    let sent = send(&maker, da3, &fields, "preview").await.expect(303);
    let preview = maker.get(sent.location()).await.expect(200);
    let told = "<div class=\"note caution\"><bdi>This User ID is in the open request DA3_";
    let first = maker
        .get(&format!("{}/edit", preview.request()))
        .await
        .expect(200);
    assert!(!first.shows(told));
    let _ = maker.take(&preview, "submit", "").await;
    let second = maker.get(&format!("{NEW_FORM}?user=b01234x1")).await.expect(200);
    assert!(second.shows(told), "{}", second.body);
    assert!(second.shows("data-caution=\"This User ID is in the open request DA3_"));
    let saved = send(&maker, da3, &fields, "save").await.expect(303);
    assert!(maker.get(saved.location()).await.expect(200).shows(told));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_alone_at_a_company_is_told_so_and_chooses_no_participantship() {
    let world = world().await;
    let alone = world.browser("only@solo.example").await;
    let form = alone.get(NEW_FORM).await.expect(200);
    assert!(form.shows("Nobody else of your company"), "{}", form.body);
    let own = "<input type=\"hidden\" name=\"participantship\" value=\"HKSCC Participant (B09999)\">";
    assert!(form.shows(own) && !form.shows("type=\"radio\""));
    let maker = world.browser("maker@abc.example").await;
    let form = maker.get(NEW_FORM).await.expect(200);
    assert!(!form.shows("Nobody else of your company") && form.shows("type=\"radio\""));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_offered_to_the_fields_of_known_user_ids_alone() {
    let world = world().await;
    world.at("2023-06-01T10:00:00+08:00");
    let maker = world.browser("maker@abc.example").await;
    let form = maker.get(NEW_FORM).await.expect(200);
    assert!(form.shows("<option value=\"B01234X1\" data-note="));
    let input = |id: &str| {
        let start = form.body.find(&format!("id=\"{id}\"")).unwrap();
        form.body[start..]
            .split('>')
            .next()
            .unwrap()
            .contains("list=\"administrators\"")
    };
    assert!(input("changes-0-userId") && input("deletions-0-userId"));
    assert!(!input("additions-0-userId") && !input("changes-0-email"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_campaign_opens_its_day_stands_in_place_of_the_form() {
    let world = World::with(guideline_day().set("CampaignOpens", "2023-03-20")).await;
    let maker = world.browser("maker@abc.example").await;
    let page = maker.get(NEW_FORM).await.expect(200);
    assert!(
        page.shows("20-Mar-2023") && !page.shows("name=\"eService\""),
        "{}",
        page.body
    );
    let always = maker.get(&format!("{NEW_FORM}?form=SCard1")).await.expect(200);
    assert!(always.shows("name=\"eService\""));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prefilled_start_offers_the_drafts_that_are_there_first() {
    let world = world().await;
    let da3 = EServiceId::Da3.definition();
    let maker = world.browser("maker@abc.example").await;
    let prefilled = format!("{NEW_FORM}?user=B01234X2");
    assert!(maker.get(&prefilled).await.expect(200).shows("name=\"eService\""));
    let fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    let saved = send(&maker, da3, &fields, "save").await.expect(303);
    let draft = saved.location().split('?').next().unwrap().to_owned();
    let page = maker.get(&prefilled).await.expect(200);
    assert!(page.shows(&format!("href=\"{draft}\"")) && !page.shows("name=\"eService\""));
    let anew = maker.get(&format!("{prefilled}&anew=yes")).await.expect(200);
    assert!(anew.shows("value=\"B01234X2\"") && anew.shows("name=\"eService\""));
    // A colleague's draft is no concern of theirs.
    let colleague = world.browser("checker@abc.example").await;
    assert!(
        colleague
            .get(&prefilled)
            .await
            .expect(200)
            .shows("name=\"eService\"")
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_shows_its_history_and_saves_at_both_ends_and_the_catalogue_explains_it() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let form = maker.get(NEW_FORM).await.expect(200);
    assert_eq!(form.body.matches("value=\"preview\"").count(), 2);
    assert!(form.shows("Not saved yet, so there is no history."));
    assert!(form.shows("href=\"/portal/delegated-administrators\" target"));
    let da3 = EServiceId::Da3.definition();
    let fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    let saved = send(&maker, da3, &fields, "save").await.expect(303);
    let saved = maker.get(saved.location()).await.expect(200);
    assert!(saved.shows("<ol class=\"line\">") && !saved.shows("Not saved yet"));
    let catalogue = maker.get("/portal/user-maintenance").await.expect(200);
    for text in [
        "Format",
        "Glossary",
        "Reference",
        "28 February 2023",
        "Name of Contact Person",
    ] {
        assert!(catalogue.shows(text), "{text}");
    }
    world.local.stop().await;
}
