//! A form in the reader's language: changed in the middle of filling in, and without an English word left over.

use countersign_domain::eservice::EServiceId;
use countersign_tests::portal::{Browser, NEW_FORM, Page};
use serde_json::json;

use super::{Fields, address, filled_in, send, typed, with_button, world};

const TO_CHINESE: &str = "language-zh-Hant-HK";
const BUTTON: &str = "form=\"filled-in\" name=\"do\" value=\"language-zh-Hant-HK\"";

/// Presses the language's button on a page, with what is typed into its form.
async fn in_chinese(maker: &Browser, action: &str, page: &Page, fields: &Fields) -> Page {
    assert!(page.shows(BUTTON), "{}", page.body);
    assert!(!page.shows("action=\"/portal/language\""));
    let (tag, key) = page.form(action);
    let sent = with_button(fields, (&tag, &key), TO_CHINESE);
    let page = maker.post(action, &sent).await;
    assert!(page.shows("<html lang=\"zh-Hant-HK\">"), "{}", page.body);
    assert_eq!(page.header("content-language"), "zh-Hant-HK");
    assert_eq!(page.cookie("language"), Some("zh-Hant-HK"));
    assert_eq!(page.form(action), (tag, key), "what is saved later is this form");
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_keeps_the_form_that_is_filled_in_and_everything_that_was_typed() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let scard3 = EServiceId::SCard3.definition();
    let mut fields = filled_in(scard3, &json!({}), typed);
    fields.push(("remarks".into(), "Typed & kept".into()));
    for (name, value) in &mut fields {
        if name == "contacts.0.email" {
            "no address".clone_into(value);
        }
    }
    let blank = maker.get(&address(scard3)).await.expect(200);
    let first = blank.body.split("form=\"filled-in\"").nth(1).unwrap();
    assert!(
        first.starts_with(" name=\"do\" value=\"save\""),
        "Enter saves, as ever"
    );
    let same = in_chinese(&maker, NEW_FORM, &blank, &fields).await.expect(200);
    let refused = send(&maker, scard3, &fields, "preview").await.expect(422);
    fields.push(("faults".into(), refused.field_after("id=\"filled-in\"", "faults")));
    let faulty = in_chinese(&maker, NEW_FORM, &refused, &fields).await.expect(422);
    for page in [&same, &faulty] {
        assert!(page.shows("name=\"eService\" value=\"SCard3\""), "{}", page.body);
        assert!(page.shows("Typed &#38; kept") && page.shows("value=\"no address\""));
        assert!(page.shows("value=\"language-en\""));
    }
    let fault = "請輸入一個電郵地址";
    assert!(faulty.shows(fault) && !same.shows(fault));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_keeps_what_was_typed_into_a_draft() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let da3 = EServiceId::Da3.definition();
    let mut fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    let saved = send(&maker, da3, &fields, "save").await.expect(303);
    let edit = saved.location().to_owned();
    let draft = maker.get(&edit).await.expect(200);
    fields.push(("changes.1.userId".into(), "not saved".into()));
    let page = in_chinese(&maker, &edit, &draft, &fields).await.expect(200);
    assert!(
        page.shows("value=\"not saved\"") && page.shows("更改"),
        "{}",
        page.body
    );
    let kept = maker.get(&edit).await.expect(200);
    assert!(!kept.shows("value=\"not saved\""), "nothing is saved by it");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_keeps_the_warning_that_somebody_else_was_faster() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let da3 = EServiceId::Da3.definition();
    let fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    let saved = send(&maker, da3, &fields, "save").await.expect(303);
    let edit = saved.location().to_owned();
    let (tag, key) = maker.get(&edit).await.expect(200).form(&edit);
    let mut elsewhere = fields.clone();
    elsewhere.push(("remarks".into(), "other window".into()));
    let (other_tag, other_key) = maker.get(&edit).await.expect(200).form(&edit);
    let other = with_button(&elsewhere, (&other_tag, &other_key), "save");
    let _ = maker.post(&edit, &other).await.expect(303);

    let stale = maker
        .post(&edit, &with_button(&fields, (&tag, &key), "save"))
        .await
        .expect(412);
    let mut fields = fields;
    fields.push(("stale".into(), stale.field_after("id=\"filled-in\"", "stale")));
    let (tag, key) = stale.form(&edit);
    let sent = with_button(&fields, (&tag, &key), TO_CHINESE);
    let chinese = maker.post(&edit, &sent).await.expect(412);
    assert_eq!(chinese.form(&edit).0, tag);
    assert!(
        chinese.shows("other window") && chinese.shows("name=\"stale\""),
        "{}",
        chinese.body
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_keeps_what_is_wrong_with_lines_that_wait() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let da3 = EServiceId::Da3.definition();
    let mut fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    fields.push(("lines.changes".into(), "B01234X5,x5@y.example\nB01234X6".into()));
    let refused = send(&maker, da3, &fields, "import-changes").await.expect(422);
    let chinese = in_chinese(&maker, NEW_FORM, &refused, &fields).await.expect(422);
    assert!(
        chinese.shows("第 2 行") && chinese.shows("B01234X6"),
        "{}",
        chinese.body
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_is_none_is_no_button_of_a_form() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let _ = maker
        .post(NEW_FORM, &[("key", "k"), ("do", "language-xx")])
        .await
        .expect(400);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chinese_page_names_roles_and_classifications_in_chinese() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let maker = maker.with_cookie("language=zh-Hant-HK");
    let catalogue = maker.get("/portal/user-maintenance").await.expect(200);
    for text in ["用戶維護 CC", "用戶維護 CH", "存取權限管理"] {
        assert!(catalogue.shows(text), "{text}: {}", catalogue.body);
    }
    assert!(!catalogue.shows("User Maintenance") && !catalogue.shows("Access Management"));

    let da3 = EServiceId::Da3.definition();
    let fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    let sent = send(&maker, da3, &fields, "preview").await.expect(303);
    let preview = sent.location().to_owned();
    let shown = "香港結算參與者（B01234）";
    for path in [
        "/",
        NEW_FORM,
        "/portal/requests",
        "/portal/company",
        "/portal/delegated-administrators",
        &preview,
        &format!("{preview}/record"),
    ] {
        let page = maker.get(path).await.expect(200);
        let texts: Vec<&str> = page
            .body
            .split('>')
            .filter_map(|rest| rest.split('<').next())
            .collect();
        let english = |text: &&&str| {
            [
                "HKSCC Participant",
                "HKCC Participant",
                "SEOCH Participant",
                "User Maintenance CC",
            ]
            .iter()
            .any(|name| text.contains(name))
        };
        assert_eq!(texts.iter().find(english), None, "{path}");
        let is_listed = path == "/portal/requests" || page.shows(shown);
        assert!(is_listed, "{path}: {}", page.body);
    }
    let found = maker
        .get("/portal/requests?participant=HKSCC+Participant+%28B01234%29")
        .await;
    assert!(
        found.expect(200).shows(shown),
        "an address still says it in English"
    );
    let csv = maker.get("/portal/requests.csv").await.expect(200);
    assert!(
        csv.shows("User Maintenance CC"),
        "a program's file stays as it was"
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_option_that_is_none_is_told_with_the_words_that_the_form_shows() {
    let world = world().await;
    let maker = world.browser("maker@abc.example").await;
    let maker = maker.with_cookie("language=zh-Hant-HK");
    let scard1 = EServiceId::SCard1.definition();
    let mut fields = filled_in(scard1, &json!({"maintenanceRequest": "Replace"}), typed);
    fields.retain(|(name, _)| !name.starts_with("replacements."));
    fields.push(("lines.replacements".into(), "B01234X2,陳大文,借出".into()));
    let page = send(&maker, scard1, &fields, "import-replacements")
        .await
        .expect(422);
    assert!(page.shows("遺失、損壞、到期"), "{}", page.body);
    assert!(!page.shows("Lost、"));
    world.local.stop().await;
}
