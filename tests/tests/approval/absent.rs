//! A deployment that receives no mail offers nobody to decide by replying.

use countersign_tests::cast::Cast;
use countersign_tests::{World, guideline_day, guideline_form};

use super::{CHECKER, to};

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_receives_mail_no_letter_and_no_page_offers_to_decide_by_replying() {
    for (by_reply, is_offered) in [("yes", true), ("no", false)] {
        let world = World::with(guideline_day().set("ApprovalByReply", by_reply)).await;
        let cast = Cast::sign_in(&world).await;
        let _ = cast.maker.submit(&guideline_form()).await;
        let mails = world.mails_since(0).await;
        let letter = &to(&mails, CHECKER).message;
        assert_eq!(!letter.reply_to.is_empty(), is_offered, "{by_reply}");
        for part in [&letter.text, &letter.html] {
            let part = part.as_deref().unwrap();
            assert_eq!(part.contains("mailto:"), is_offered, "{by_reply}");
            assert_eq!(part.contains("CONFIRM"), is_offered, "{by_reply}");
        }
        let all = world.local.dynamodb().scan().table_name(world.local.table_name());
        let all = all.send().await.unwrap();
        let mut keys = all.items().iter().map(|item| item["pk"].as_s().unwrap());
        assert_eq!(
            keys.any(|key| key.starts_with("TOKEN#")),
            is_offered,
            "{by_reply}"
        );
        let profile = world
            .browser(CHECKER)
            .await
            .get("/portal/profile")
            .await
            .expect(200);
        assert_eq!(profile.shows("id=\"replies\""), is_offered, "{by_reply}");
        world.local.stop().await;
    }
}
