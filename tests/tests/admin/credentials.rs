//! The operator hands a system's credentials over.

use countersign_tests::admin::admin;
use countersign_tests::systems::{manage, removing, system};
use countersign_tests::{World, guideline_day};

/// The value in the line with this name.
fn value<'a>(output: &'a str, name: &str) -> &'a str {
    let line = output.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap().trim()
}

const OF_REGISTRAR: [&str; 5] = ["credentials", "--company", "abc", "--system", "abc  REGISTRAR"];

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_reads_and_renews_a_systems_secret_and_the_one_before_works_until_the_next_renewal() {
    let world = World::with(guideline_day()).await;
    let (maker, checker) = (
        world.sign_in("maker@abc.example").await,
        world.sign_in("checker@abc.example").await,
    );
    let (id, client, _) = system(&world, &maker, &checker, "ABC Registrar").await;
    let works = async |secret: &str| world.client_credentials(&client, secret).await.0 == 200;

    let told = admin(&world, &OF_REGISTRAR).await;
    assert!(told.is_success, "{}", told.output);
    let first = value(&told.output, "client_secret").to_owned();
    assert_eq!(value(&told.output, "client_id"), client);
    assert_eq!(value(&told.output, "scope"), "countersign/requests");
    let endpoint = format!("{}/oauth2/token", world.local.url());
    assert_eq!(value(&told.output, "token_endpoint"), endpoint);
    assert!(works(&first).await);

    let renewal = [&OF_REGISTRAR[..], &["--renew"]].concat();
    let told = admin(&world, &renewal).await;
    let second = value(&told.output, "client_secret").to_owned();
    assert!(first != second && works(&first).await && works(&second).await);
    let told = admin(&world, &renewal).await;
    let third = value(&told.output, "client_secret").to_owned();
    assert!(!works(&first).await && works(&second).await && works(&third).await);

    manage(&world, &maker, &checker, &removing(&id)).await;
    let erasing = admin(&world, &["erase", "--company", "abc", "--person", &id]).await;
    assert!(
        !erasing.is_success && erasing.output.contains("is a system"),
        "{}",
        erasing.output
    );
    for named in ["ABC Registrar", "Nobody"] {
        let told = admin(&world, &["credentials", "--company", "abc", "--system", named]).await;
        assert!(
            !told.is_success && told.output.contains("has no system"),
            "{}",
            told.output
        );
    }
    world.local.stop().await;
}
