//! The walk of mail: told, come back, not tried again, and nobody left to tell.

use countersign_tests::form_for;
use countersign_tests::post::text;
use countersign_tests::stage::Stage;

/// Everything that a mail can come to. It spoils the addresses of the company's checkers, so it comes last.
pub(crate) async fn walk(stage: &Stage) {
    let world = &stage.world;
    for (number, user) in ["checker@abc.example", "checker2@abc.example"].iter().enumerate() {
        let bounces = format!("bounce+{number}@abc.example");
        world.edit_person(user, "email", text(&bounces)).await;
    }
    for number in [8, 9] {
        stage.maker.submit(&form_for(number)).await;
        world.local.settle().await;
    }
    let last = world.local.mailbox();
    let to_maker = last
        .iter()
        .take_while(|mail| mail.message.to == ["maker@abc.example"]);
    assert_eq!(
        to_maker.count(),
        2,
        "the maker is told of each that nobody heard of"
    );
}
