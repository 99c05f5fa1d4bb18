//! The portal remembers which version of a request each person last opened.

use countersign_tests::portal::{Browser, NEW_FORM, Page, guideline_fields};
use countersign_tests::{World, form_for, seed};

/// Saves a draft again with another address.
async fn edit(maker: &Browser, address: &str, email: &str) -> Page {
    let path = format!("{address}/edit");
    let (tag, key) = maker.get(&path).await.expect(200).form(&path);
    let mut fields = guideline_fields(&tag, &key, "preview");
    for (name, value) in &mut fields {
        if *name == "changes.0.email" {
            *value = email;
        }
    }
    maker.submit(&path, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_sees_what_changed_since_they_last_looked_until_the_form_changes_again() {
    let world = World::start().await;
    seed::administrators_of(&world, &form_for(1)).await;
    let maker = world.browser("maker@abc.example").await;
    let checker = world.browser("checker@abc.example").await;
    let (tag, key) = maker.get(NEW_FORM).await.expect(200).form(NEW_FORM);
    let draft = maker
        .submit(NEW_FORM, &guideline_fields(&tag, &key, "preview"))
        .await;
    let address = draft.request();
    let since = "What changed since you last looked";
    let first = checker.get(&address).await.expect(200);
    assert!(!first.shows(since), "nothing was seen before");
    let edited = edit(&maker, &address, "DEF@bank.com.hk").await;
    assert!(!edited.shows(since), "the maker knows what they wrote");
    // A reload, and the checker's own step, do not hide what has changed.
    let _ = maker.take(&edited, "submit", "").await;
    for _ in 0..2 {
        let again = checker.get(&address).await.expect(200);
        assert!(again.shows(since));
        assert!(again.shows("<del class=\"typed\" dir=\"auto\">ABC@bank.com.hk</del>"));
        assert!(again.shows("<ins class=\"typed\" dir=\"auto\">DEF@bank.com.hk</ins>"));
    }
    let claimed = checker.take(&checker.get(&address).await, "claim", "").await;
    assert!(claimed.shows(since));
    // Somebody who opens it for the first time has nothing to compare it with.
    let other = world.browser("checker2@abc.example").await;
    assert!(!other.get(&address).await.expect(200).shows(since));
    world.local.stop().await;
}
