//! What a checker sees of a form that was edited after a return.

use countersign_domain::directory::Names;
use countersign_domain::eservice::EServiceId;
use countersign_domain::field::{FieldKind, ValueKind};
use countersign_domain::form::difference;
use countersign_domain::language::Language;

use super::{choices, filled_in, nth_typed, send, typed, with_button, world};

/// Text as it appears in a page's HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('\'', "&#39;")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_compares_every_field_that_was_edited_after_a_return() {
    let world = world().await;
    world.at("2023-06-01T10:00:00+08:00");
    let maker = world.browser("maker@abc.example").await;
    let checker = world.browser("checker@abc.example").await;
    let reader = world.sign_in("maker@abc.example").await;
    for id in EServiceId::ALL {
        let eservice = id.definition();
        for choices in choices(eservice) {
            let first = filled_in(eservice, &choices, typed);
            let sent = send(&maker, eservice, &first, "preview").await.expect(303);
            let preview = maker.get(sent.location()).await.expect(200);
            let (address, api) = (preview.request(), preview.request().replace("/portal", ""));
            let _ = maker.take(&preview, "submit", "").await;
            let before = reader.get(&api).await.expect(200);
            let claimed = checker.take(&checker.get(&address).await, "claim", "").await;
            let _ = checker.take(&claimed, "return", "Please check again.").await;

            let edit = format!("{address}/edit");
            let (tag, key) = maker.get(&edit).await.expect(200).form(&edit);
            let second = filled_in(eservice, &choices, |kind| nth_typed(kind, 2));
            let edited = maker
                .submit(&edit, &with_button(&second, (&tag, &key), "preview"))
                .await;
            let _ = maker.take(&edited, "submit", "").await;
            let after = reader.get(&api).await.expect(200);

            let review = checker.get(&address).await.expect(200);
            assert!(review.shows("What changed since you last looked"));
            let changed = difference(
                eservice,
                &before["form"],
                &after["form"],
                &Names::new(),
                Language::English,
            );
            for at in &changed {
                assert!(
                    review.shows(&format!("<bdi>{}</bdi>", escaped(&at.place))),
                    "{id}: {at:?}"
                );
                for (mark, text) in [("del", &at.before), ("ins", &at.after)] {
                    let marked = format!("<{mark} class=\"typed\" dir=\"auto\">{}</{mark}>", escaped(text));
                    assert!(text.is_empty() || review.shows(&marked), "{id}: {at:?}");
                }
            }
            // Values of all other kinds are different now; the choices are the same.
            let differs = |kind: &ValueKind| typed(kind) != nth_typed(kind, 2);
            for field in eservice
                .fields()
                .filter(|field| eservice.is_shown(field, &choices, None))
            {
                let place = match &field.kind {
                    FieldKind::Value { kind, .. } if field.choice().is_none() && differs(kind) => {
                        field.label.en
                    }
                    _ => continue,
                };
                assert!(changed.iter().any(|at| at.place == place), "{id}: {place}");
            }
            assert!(!changed.is_empty(), "{id} {choices}");
            let withdrawn = maker.take(&maker.get(&address).await, "reclaim", "").await;
            let _ = maker.take(&withdrawn, "discard", "").await;
        }
    }
    world.local.stop().await;
}
