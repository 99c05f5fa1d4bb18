//! Our mail and our accounts as two programs read them that share no code with the stand-ins: aws-ses-v2-local and
//! cognito-local. `.ci/second-readers` starts both and runs these tests, which a plain `cargo test` leaves out. docs/PROOF.md
//! names what these programs don't have.

use std::collections::BTreeMap;

use countersign_local::Mail;
use countersign_local::template::SOURCE;
use countersign_platform::App;
use countersign_tests::World;
use countersign_tests::cast::{Cast, MESSAGE};
use countersign_tests::market::app_of_function;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::provision::company::{
    COMPANY, User, change, enter, enter_company, enter_system, invitations, message, text, user,
};

/// The address of a program that `.ci/second-readers` has started.
fn address_of(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} names no program; run .ci/second-readers"))
}

/// An e-mail with what both readers show of it. The token of a reply is another one in every e-mail.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Letter {
    to: Vec<String>,
    from: String,
    reply_to: Vec<String>,
    subject: String,
    text: String,
    html: String,
    headers: BTreeMap<String, String>,
    files: Vec<(String, String)>,
}

/// The text with one token in the place of all, as it is and as links have it.
fn without_token(text: &str) -> String {
    ["approve+", "approve%2B"]
        .iter()
        .fold(text.to_owned(), |text, mark| {
            let mut parts = text.split(mark);
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |same, part| {
                let rest = part.split_once('@').map_or(part, |(_, rest)| rest);
                format!("{same}{mark}TOKEN@{rest}")
            })
        })
}

fn kept(mail: &Mail) -> Letter {
    let letter = &mail.message;
    let own = |text: &Option<String>| without_token(text.as_deref().unwrap_or_default());
    let headers = letter.headers.iter();
    Letter {
        to: letter.to.clone(),
        from: letter.from.clone(),
        reply_to: letter.reply_to.iter().map(|to| without_token(to)).collect(),
        subject: letter.subject.clone(),
        text: own(&letter.text),
        html: own(&letter.html),
        headers: headers
            .map(|header| (header.name.clone(), header.value.clone()))
            .collect(),
        files: letter
            .attachments
            .iter()
            .map(|file| (file.file_name.clone(), file.content.clone()))
            .collect(),
    }
}

fn read(email: &Value) -> Letter {
    let own = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| {
        value
            .as_array()
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
    };
    Letter {
        to: list(&email["destination"]["to"]).iter().map(own).collect(),
        from: own(&email["from"]),
        reply_to: list(&email["replyTo"])
            .iter()
            .map(|to| without_token(&own(to)))
            .collect(),
        subject: own(&email["subject"]),
        text: without_token(&own(&email["body"]["text"])),
        html: without_token(&own(&email["body"]["html"])),
        headers: list(&email["headers"])
            .iter()
            .map(|header| (own(&header["name"]), own(&header["value"])))
            .collect(),
        files: list(&email["attachments"])
            .iter()
            .map(|file| (own(&file["filename"]), own(&file["content"])))
            .collect(),
    }
}

/// Deletes what the ledger has on a request's e-mails, so that they are sent again.
async fn forget_mails(world: &World, request: &str) {
    let (table, client) = (world.local.table_name(), world.local.dynamodb());
    let pk = text(&format!("REQ#{request}"));
    let mails = client
        .query()
        .table_name(table)
        .key_condition_expression("pk = :pk AND begins_with(sk, :mail)")
        .expression_attribute_values(":pk", pk.clone())
        .expression_attribute_values(":mail", text("MAIL#"))
        .send()
        .await
        .unwrap();
    for mail in mails.items() {
        let delete = client.delete_item().table_name(table).key("pk", pk.clone());
        delete.key("sk", mail["sk"].clone()).send().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs aws-ses-v2-local, which .ci/second-readers starts"]
async fn another_ses_takes_each_letter_of_a_request_and_reads_it_as_our_mailbox_does() {
    let ses = address_of("COUNTERSIGN_SES");
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let app = app_of_function(&world, "notify", &[("AWS_ENDPOINT_URL_SESV2", &ses)]);
    let mut request = cast
        .maker
        .create(&countersign_tests::guideline_form())
        .await
        .expect(201);
    let (mut seen, mut ours) = (0, Vec::new());
    let steps = [
        (&cast.maker, "submit"),
        (&cast.checker, "claim"),
        (&cast.checker, "return"),
        (&cast.maker, "submit"),
        (&cast.checker, "claim"),
        (&cast.checker, "confirm"),
        (&cast.officer, "claim"),
        (&cast.officer, "complete"),
    ];
    for (user, action) in steps {
        let call = user.action(&request.id(), action).if_match(&request.etag());
        request = call.json(&json!({ "message": MESSAGE })).send().await.expect(200);
        let mails = world.mails_since(seen).await;
        seen += mails.len();
        ours.extend(mails.iter().map(kept));
        forget_mails(&world, &request.id()).await;
        let version = request["version"]
            .as_u64()
            .and_then(|version| version.try_into().ok());
        let row = world.row(&request.id(), version.unwrap()).await;
        let answer = notify::handle(app.clone(), json!({ "Records": [row] })).await;
        assert_eq!(answer.unwrap(), json!({ "batchItemFailures": [] }), "{action}");
    }
    let store: Value = reqwest::get(format!("{ses}/store"))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut theirs: Vec<Letter> = store["emails"].as_array().unwrap().iter().map(read).collect();
    ours.sort();
    theirs.sort();
    assert!(ours.len() > 10, "{} letters", ours.len());
    assert_eq!(theirs.len(), ours.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
    world.local.stop().await;
}

/// Calls an operation of the other Cognito.
async fn cognito(url: &str, operation: &str, call: Value) -> Value {
    let call = reqwest::Client::new()
        .post(url)
        .header(
            "x-amz-target",
            format!("AWSCognitoIdentityProviderService.{operation}"),
        )
        .header("content-type", "application/x-amz-json-1.1")
        .body(call.to_string());
    let answer = call.send().await.unwrap();
    let (status, answer) = (answer.status(), answer.json::<Value>().await.unwrap());
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

/// Makes a pool with the attributes of the template's, and returns its ID.
async fn pool_of_the_template(url: &str) -> String {
    let template: serde_norway::Value = serde_norway::from_str(SOURCE).unwrap();
    let pool = &template["Resources"]["UserPool"]["Properties"];
    let call = json!({
        "PoolName": "countersign",
        "UsernameAttributes": pool["UsernameAttributes"],
        "AutoVerifiedAttributes": pool["AutoVerifiedAttributes"],
        "Schema": pool["Schema"],
    });
    let answer = cognito(url, "CreateUserPool", call).await;
    let id = answer["UserPool"]["Id"].as_str();
    id.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// Every account of the other Cognito's pool.
async fn accounts_at(url: &str, pool: &str) -> Vec<User> {
    let users = cognito(url, "ListUsers", json!({ "UserPoolId": pool })).await;
    users["Users"].as_array().unwrap().iter().map(user).collect()
}

/// Has `provision` look at the company. Answers whether everything is up to date.
async fn look(app: &App) -> bool {
    let batch = json!({ "Records": [message(1, COMPANY)] });
    let answer = provision::handle(app.clone(), batch).await.unwrap();
    answer["batchItemFailures"] == json!([])
}

/// Signs in with a temporary password and gives a new one. Returns the access token.
async fn first_sign_in(url: &str, client: &str, email: &str, temporary: &str) -> String {
    let call = json!({
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": client,
        "AuthParameters": {"USERNAME": email, "PASSWORD": temporary},
    });
    let challenge = cognito(url, "InitiateAuth", call).await;
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED", "{challenge}");
    let call = json!({
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "ClientId": client,
        "Session": challenge["Session"],
        "ChallengeResponses": {"USERNAME": email, "NEW_PASSWORD": "A new password, 2023"},
    });
    let answer = cognito(url, "RespondToAuthChallenge", call).await;
    let token = &answer["AuthenticationResult"]["AccessToken"];
    token.as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs cognito-local, which .ci/second-readers starts"]
async fn another_cognito_has_the_accounts_that_we_make_and_its_tokens_are_read() {
    let url = address_of("COUNTERSIGN_COGNITO");
    let pool = pool_of_the_template(&url).await;
    let world = World::start().await;
    let own = [
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", &*url),
        ("AWS_ENDPOINT_URL_SESV2", world.local.ses_endpoint()),
        ("USER_POOL", &*pool),
    ];
    let app = app_of_function(&world, "provision", &own);
    enter_company(&world).await;
    enter(&world, "ann", "ann@firm.example").await;
    for _ in 0..2 {
        assert!(look(&app).await);
    }
    let accounts = accounts_at(&url, &pool).await;
    let [ann] = accounts.as_slice() else {
        panic!("{accounts:?}");
    };
    let said = ["email", "email_verified", "custom:company", "custom:person"].map(|name| ann.says(name));
    assert_eq!(said, ["ann@firm.example", "true", COMPANY, "ann"]);
    assert_eq!(ann.status, "FORCE_CHANGE_PASSWORD");

    let (count, password) = invitations(&world, "ann@firm.example");
    assert_eq!(count, 1);
    let call = json!({
        "UserPoolId": pool,
        "ClientName": "portal",
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
    });
    let answer = cognito(&url, "CreateUserPoolClient", call).await;
    let client = answer["UserPoolClient"]["ClientId"].as_str().unwrap();
    let token = first_sign_in(&url, client, "ann@firm.example", &password.unwrap()).await;
    let issuer = format!("{url}/{pool}");
    let own = [
        ("TOKEN_ISSUER", &*issuer),
        ("CLIENT_ID", client),
        ("SIGN_IN_URL", &*url),
    ];
    let portal = app_of_function(&world, "portal", &own);
    let identity = portal.identity().unwrap();
    let now = Timestamp::now();
    let claims = identity.session(&token, now).await.unwrap();
    assert_eq!(claims["sub"], ann.says("sub"));
    let tomorrow = now + jiff::SignedDuration::from_hours(24);
    assert!(identity.session(&token, tomorrow).await.is_err());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("{signed}.{other}{}", &signature[1..]);
    assert!(identity.session(&forged, now).await.is_err());

    change(&world, "ann", &[("email", text("ann@new.example"))], &[]).await;
    enter_system(&world, "Archive").await;
    assert!(look(&app).await);
    let accounts = accounts_at(&url, &pool).await;
    assert_eq!(
        accounts.iter().map(|user| user.says("email")).collect::<Vec<_>>(),
        ["ann@new.example"]
    );
    let call = json!({"UserPoolId": pool, "MaxResults": 60});
    let clients = cognito(&url, "ListUserPoolClients", call).await["UserPoolClients"].clone();
    assert_eq!(clients.as_array().map(Vec::len), Some(2), "{clients}");
    world.local.stop().await;
}
