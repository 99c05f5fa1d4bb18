//! The CSV documents: the API and the portal serve the same, and a spreadsheet finds no formula in them.

use countersign_domain::request::StateName;
use countersign_tests::World;
use countersign_tests::cast::Cast;
use serde_json::json;

use super::{enter, list};

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_csv_for_excel_to_be_saved_and_kept_by_nobody_on_the_way() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let _ = cast.request_in(StateName::Completed, 1).await;
    let sent = cast.request_in(StateName::Sent, 2).await;
    world.local.settle().await;
    let document = cast.maker.get("/readiness.csv").await.expect(200);
    assert_eq!(
        document.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    assert_eq!(
        document.header("content-disposition"),
        Some("attachment; filename=\"2fa-readiness-abc-2023-02-07.csv\"")
    );
    assert_eq!(document.header("cache-control"), Some("no-store"));
    let text = document.body.as_str().unwrap().to_owned();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "\u{feff}Participant,User ID,Email Address,Registered,2FA,Guaranteed,Request,Reference \
            Number,Status,Desk,Since,Email Address in ASCII"
    );
    assert_eq!(lines.len(), 11, "{text}");
    assert!(
        lines[1].starts_with("B01234,B01234X1,ABC@bank.com.hk,07-Feb-2023 10:4"),
        "{text}"
    );
    assert!(lines[1].contains(" HKT,ready,yes,"), "{text}");
    let pending = format!(
        "B01234,B01234X2,,,pending,yes,{},DA3_00013362,Sent to HKEX,exchange,07-Feb-2023",
        sent.id()
    );
    assert!(lines[2].starts_with(&pending), "{text}");
    assert_eq!(lines[3], "B01234,B01234X3,,,notRegistered,,,,,,,");

    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_save_the_companies_and_the_portal_gives_the_very_same_documents() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let _ = cast.request_in(StateName::Completed, 1).await;
    let _ = cast.request_in(StateName::Sent, 2).await;
    world.local.settle().await;
    let document = cast.maker.get("/readiness.csv").await.expect(200);
    let text = document.body.as_str().unwrap().to_owned();
    let of_all = cast.officer.get("/readiness.csv").await.expect(200);
    let text_of_all = of_all.body.as_str().unwrap().to_owned();
    assert!(
        text_of_all.contains("\r\nabc,ABC Company,9,1,1,0,0,7,07-Feb-2023"),
        "{text_of_all}"
    );
    assert!(
        text_of_all.contains("\r\nbank,\"Example Bank, Ltd.\",3,0,0,0,0,3,"),
        "{text_of_all}"
    );
    assert!(!text_of_all.contains("EXCHANGE"));
    for (user, text) in [
        ("maker@abc.example", &text),
        ("officer@exchange.example", &text_of_all),
    ] {
        let page = world
            .browser(user)
            .await
            .get("/portal/readiness.csv")
            .await
            .expect(200);
        assert_eq!(&page.body, text);
        assert_eq!(
            page.header("content-type"),
            "text/csv; charset=utf-8; header=present"
        );
        assert!(
            page.header("content-disposition")
                .starts_with("attachment; filename=\"2fa-readiness-")
        );
        assert_eq!(
            (
                page.header("cache-control"),
                page.header("x-content-type-options")
            ),
            ("no-store", "nosniff")
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_formula_in_an_address_a_user_id_or_a_companys_name_stays_text() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut form = countersign_tests::form_for(1);
    form["changes"][0]["email"] = json!("=1+1@bank.com.hk");
    let draft = cast.maker.create(&form).await.expect(201);
    let _ = cast.bring(draft, StateName::Completed).await;
    list(&world, "B01234", "@SUM(A1)").await;
    enter(&world, "evil", "=HYPERLINK(\"https://evil.example\",\"a;b\")").await;
    world.local.settle().await;
    let own = cast.maker.get("/readiness.csv").await.expect(200);
    let text = own.body.as_str().unwrap();
    assert!(text.contains(",\"'=1+1@bank.com.hk\","), "{text}");
    assert!(text.contains(",\"'@SUM(A1)\","), "{text}");
    let all = cast.officer.get("/readiness.csv").await.expect(200);
    let text = all.body.as_str().unwrap();
    assert!(
        text.contains("evil,\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"a;b\"\")\",0,"),
        "{text}"
    );
    for line in text.lines().chain(own.body.as_str().unwrap().lines()) {
        for cell in line.split(',') {
            assert!(
                !cell.trim_matches('"').starts_with(['=', '+', '-', '@', '\t']) || cell.is_empty(),
                "{line}"
            );
        }
    }
    world.local.stop().await;
}
