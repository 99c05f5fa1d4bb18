//! The portal's page: figures, the chart and its table, who is not ready, and which companies are behind.

use countersign_domain::request::StateName;
use countersign_tests::World;
use countersign_tests::cast::Cast;

use serde_json::json;

use super::{enter, list, put};

const PATH: &str = "/portal/readiness";

#[tokio::test(flavor = "multi_thread")]
async fn a_company_sees_figures_a_chart_and_what_is_left_to_do_in_its_language() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let _ = cast.request_in(StateName::Completed, 1).await;
    let ready = cast.request_in(StateName::ReadyToSend, 2).await;
    let maker = world.browser("maker@abc.example").await;
    let page = maker.get(PATH).await.expect(200);
    for said in [
        "aria-current=\"page\">2FA readiness",
        "<span class=\"number\">1</span><span class=\"means\">Registered in time.",
        "<span class=\"number\">7</span>",
        "80 days are left.",
        "28-Apr-2023",
        "<svg class=\"chart\" viewBox=\"0 0 720 240\" role=\"img\" aria-labelledby=\"chart-title chart-text\">",
        "1 of 9 administrators have an address. The deadline is 28-Apr-2023.",
        "Show as a table",
        ">07-Feb-2023</th>\n<td class=\"num\">1</td>",
        "With your company&#39;s checkers since <span class=\"nowrap\">07-Feb-2023 10:4",
        "href=\"/portal/readiness.csv\"",
        "As of <span class=\"nowrap\">07-Feb-2023 10:4",
        "DA 3 for B01234 (7)",
    ] {
        assert!(page.shows(said), "{said}: {}", page.body);
    }
    assert!(page.shows(&format!(
        "href=\"/portal/requests/{}\">DA3_00013362</a>",
        ready.id()
    )));
    assert!(!page.shows("B01234X1<") && page.shows("B01234X2<") && page.shows("B01234X9<"));
    assert!(!page.shows(" style=") && !page.shows("<style"));
    assert!(page.wire <= 20_000, "{}", page.wire);

    // The link leads to a form with the User IDs filled in.
    let start = page
        .body
        .split("href=\"")
        .find(|part| part.starts_with("/portal/requests/new?user="));
    let start = start.unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let form = maker.get(&start).await.expect(200);
    let in_a_row = |user_id| form.shows(&format!("dir=\"auto\" value=\"{user_id}\""));
    assert!(in_a_row("B01234X3") && in_a_row("B01234X9"));
    // The one with a request under way is offered to pick, and in no row.
    assert!(!in_a_row("B01234X2") && !form.shows("name=\"changes.7.userId\""));

    let listing = maker.get("/portal/delegated-administrators").await.expect(200);
    assert!(listing.shows("DA3_00013362</a> <bdi>Ready to Send to HKEX</bdi>"));
    let chinese = maker
        .with_cookie("language=zh-Hant-HK")
        .get(PATH)
        .await
        .expect(200);
    for said in [
        "雙重認證就緒情況",
        "尚餘 80 天。",
        "由貴公司覆核人處理，自 ",
        "為 B01234 填報 DA 3（7 名）",
    ] {
        assert!(chinese.shows(said), "{said}");
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exchange_sees_who_is_behind_first_and_hostile_names_stay_text() {
    let world = World::start().await;
    enter(&world, "aaa", "<script>alert(1)</script>\"'><img src=x>").await;
    list(&world, "aaa", "aaaX1").await;
    enter(&world, "zzz", "Z Done").await;
    world.local.settle().await;
    let round = serde_json::json!({"job": "readiness", "scheduled": "2023-02-07T03:00:00Z"});
    world.local.invoke("readiness", round).await.unwrap();
    let officer = world.browser("officer@exchange.example").await;
    let page = officer.get(PATH).await.expect(200);
    let place = |name: &str| {
        page.body
            .find(name)
            .unwrap_or_else(|| panic!("no {name}: {}", page.body))
    };
    assert!(
        place("company=abc\"") < place("company=bank\"") && place("company=bank\"") < place("company=aaa\"")
    );
    assert!(place("company=solo\"") < place("company=zzz\""));
    assert!(
        page.shows("4 of 5 companies are behind.")
            && page.shows("The oldest count is from <span class=\"nowrap\">07-Feb-2023")
    );
    assert!(page.shows("&#60;script&#62;alert(1)") && !page.shows("<img src=x"));
    let company = officer.get("/portal/readiness?company=aaa").await.expect(200);
    assert!(company.shows("&#60;script&#62;alert(1)") && company.shows("aaaX1"));
    for page in [&page, &company] {
        assert_eq!(page.body.matches("<script").count(), 1);
        assert!(!page.shows("/portal/requests/new"));
    }
    let _ = officer.get("/portal/readiness?company=nobody").await.expect(404);
    let maker = world.browser("maker@abc.example").await;
    let _ = maker.get("/portal/readiness?company=bank").await.expect(404);
    let _ = maker.get("/portal/readiness.csv?company=bank").await.expect(404);
    for path in [PATH, "/portal/readiness.csv"] {
        let _ = world
            .browser("norights@abc.example")
            .await
            .get(path)
            .await
            .expect(403);
        let away = world.stranger().get(path).await.expect(303);
        assert!(away.location().starts_with("/sign-in"));
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_administrators_and_companies_come_in_pages_that_stay_light() {
    let world = World::start().await;
    for number in 0..120 {
        list(&world, "B01234", &format!("B01234L{number:03}")).await;
    }
    for number in 0..55 {
        enter(
            &world,
            &format!("M{number:02}"),
            &format!("Many Brothers Securities {number:02}"),
        )
        .await;
    }
    world.local.settle().await;
    let maker = world.browser("maker@abc.example").await;
    let page = maker.get(PATH).await.expect(200);
    // A request has at most 50 rows, so the form is for 50.
    assert!(page.shows("of 129 administrators") && page.shows("DA 3 for B01234 (50)"));
    assert!(page.shows("B01234L049<") && !page.shows("B01234L050<"));
    assert!(page.shows("href=\"/portal/readiness?page=2\""));
    let last = maker.get("/portal/readiness?page=3").await.expect(200);
    assert!(last.shows("B01234X9<") && !last.shows("rel=\"next\"") && last.shows("First page"));
    let officer = world.browser("officer@exchange.example").await;
    let companies = officer.get(PATH).await.expect(200);
    assert!(companies.shows("href=\"/portal/readiness?page=2\""));
    let one = officer.get("/portal/readiness?company=abc").await.expect(200);
    assert!(one.shows("href=\"/portal/readiness?company=abc&#38;page=2\""));
    for (name, page) in [("company", page), ("companies", companies), ("one", one)] {
        println!("{name}: {} octets", page.wire);
        assert!(page.wire <= 20_000, "{name}: {}", page.wire);
    }
    let user = world.sign_in("maker@abc.example").await;
    assert_eq!(super::counts(&user).await, [129, 0, 0, 0, 129]);
    let document = user.get("/readiness.csv").await.expect(200);
    assert_eq!(document.body.as_str().unwrap().lines().count(), 130);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn companies_that_are_behind_come_first_then_the_uncounted_and_the_ready_ones_last() {
    let world = World::start().await;
    // The one has no administrator left to register; the other's number of them is not known.
    enter(&world, "C00001", "A Ready Company").await;
    let half = [
        ("pk", "COMPANIES"),
        ("sk", "COMPANY#half"),
        ("name", "A Half Company"),
    ];
    put(&world, &half).await;
    let round = json!({"job": "readiness", "scheduled": "2023-02-07T03:00:00Z"});
    assert!(world.local.invoke("readiness", round).await.is_err());
    let officer = world.browser("officer@exchange.example").await;
    let page = officer.get("/portal/readiness").await.expect(200);
    let links = page.body.split("href=\"/portal/readiness?company=").skip(1);
    let listed: Vec<&str> = links.filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(listed, ["abc", "bank", "solo", "half", "C00001"], "{}", page.body);
    world.local.stop().await;
}
