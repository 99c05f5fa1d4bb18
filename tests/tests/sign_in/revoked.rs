//! Revocation at the sign-in stand-in (RFC 7009).

use crate::sign_in::client::Portal;

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_was_revoked_gives_no_access_and_revoking_tells_nothing_else() {
    let portal = Portal::start().await;
    let code = portal.code().await;
    let (_, tokens) = portal.token(&[("code", &code)]).await;
    let client = portal.client().to_owned();
    let text = |member: &str| tokens[member].as_str().unwrap().to_owned();
    let revoke = |form: Vec<(&'static str, String)>| {
        let call = portal
            .http
            .post(format!("{}/oauth2/revoke", portal.world.local.url()))
            .form(&form);
        async move {
            let answer = call.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    for (form, error) in [
        (vec![("token", text("refresh_token"))], "invalid_request"),
        (vec![("client_id", client.clone())], "invalid_request"),
        (
            vec![
                ("token", text("refresh_token")),
                ("client_id", "other".to_owned()),
            ],
            "invalid_client",
        ),
        (
            vec![("token", text("access_token")), ("client_id", client.clone())],
            "unsupported_token_type",
        ),
    ] {
        let (status, answer) = revoke(form).await;
        assert!(status == 400 && answer.contains(error), "{answer}");
    }
    let refresh = text("refresh_token");
    let refreshing = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
    ];
    assert_eq!(portal.token(&refreshing).await.0, 200);
    for token in [refresh.clone(), refresh.clone(), "made-up".to_owned()] {
        let answer = revoke(vec![("token", token), ("client_id", client.clone())]).await;
        assert_eq!(answer, (200, String::new()));
    }
    assert_eq!(portal.refused(&refreshing).await, "invalid_grant");
    portal.world.local.stop().await;
}
