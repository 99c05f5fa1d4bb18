//! A company with people whom a test enters and changes, as the requests that do so would, and what became of their
//! accounts.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_tests::World;
use countersign_tests::seed;
use serde_json::{Value, json};

/// The company's ID.
pub(crate) const COMPANY: &str = "firm";

/// A user of the pool, as the API for administrators shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) is_enabled: bool,
    pub(crate) status: String,
}

impl User {
    pub(crate) fn says(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }
}

/// Enters the company, with nobody in it.
pub(crate) async fn enter_company(world: &World) {
    enter_company_as(world, COMPANY).await;
}

/// Enters a company of this ID.
pub(crate) async fn enter_company_as(world: &World, company: &str) {
    let profile = item(company, &[("sk", text("PROFILE")), ("name", text("Firm & Co"))]);
    seed::items(world, vec![profile]).await;
}

/// Enters a person as the request that adds them would.
pub(crate) async fn enter(world: &World, person: &str, email: &str) {
    enter_at(world, COMPANY, person, email).await;
}

/// Enters a person of this company.
pub(crate) async fn enter_at(world: &World, company: &str, person: &str, email: &str) {
    let sk = format!("PERSON#{person}");
    let entry = [
        ("sk", text(&sk)),
        ("name", text(person)),
        ("email", text(email)),
        (
            "rights",
            AttributeValue::Ss(vec!["EU_UserMaintenance".to_owned()]),
        ),
        ("revision", number(1)),
        ("invitations", number(1)),
    ];
    seed::items(world, vec![item(company, &entry)]).await;
}

/// Enters a system as the request that adds it would.
pub(crate) async fn enter_system(world: &World, system: &str) {
    enter_system_at(world, COMPANY, system).await;
}

/// Enters a system of this company.
pub(crate) async fn enter_system_at(world: &World, company: &str, system: &str) {
    let sk = format!("PERSON#{system}");
    let entry = [
        ("sk", text(&sk)),
        ("name", text(system)),
        ("system", AttributeValue::Bool(true)),
        ("rights", AttributeValue::Ss(vec!["EU_SystemMaker".to_owned()])),
        ("revision", number(1)),
    ];
    seed::items(world, vec![item(company, &entry)]).await;
}

/// Changes a person's entry as a request would: the values, and the revision with them.
pub(crate) async fn change(world: &World, person: &str, set: &[(&str, AttributeValue)], raised: &[&str]) {
    change_at(world, (COMPANY, person), set, raised).await;
}

/// Changes the entry of a company's person.
pub(crate) async fn change_at(
    world: &World,
    (company, person): (&str, &str),
    set: &[(&str, AttributeValue)],
    raised: &[&str],
) {
    let mut update = world
        .local
        .dynamodb()
        .update_item()
        .table_name(world.local.table_name())
        .key("pk", text(&format!("COMPANY#{company}")))
        .key("sk", text(&format!("PERSON#{person}")))
        .expression_attribute_names("#revision", "revision")
        .expression_attribute_values(":one", number(1));
    let mut sets = Vec::new();
    for (name, value) in set {
        sets.push(format!("#{name} = :{name}"));
        update = update
            .expression_attribute_names(format!("#{name}"), *name)
            .expression_attribute_values(format!(":{name}"), value.clone());
    }
    let mut adds = vec!["#revision :one".to_owned()];
    for name in raised {
        adds.push(format!("#{name} :one"));
        update = update.expression_attribute_names(format!("#{name}"), *name);
    }
    let sets = if sets.is_empty() {
        String::new()
    } else {
        format!("SET {} ", sets.join(", "))
    };
    let expression = format!("{sets}ADD {}", adds.join(", "));
    update.update_expression(expression).send().await.unwrap();
}

/// The message that brings the event of a company to the function's queue.
pub(crate) fn message(id: usize, company: &str) -> Value {
    let detail = json!({"schemaVersion": 1, "company": company, "at": "2023-02-07T02:43:03.434Z"});
    let event = json!({"source": "countersign", "detail-type": "Company Entered", "detail": detail});
    json!({"messageId": id.to_string(), "body": event.to_string()})
}

/// Has the function look at the company. Answers whether everything is up to date.
pub(crate) async fn look(world: &World) -> bool {
    let batch = json!({"Records": [message(1, COMPANY)]});
    let answer = world.local.invoke("provision", batch).await.unwrap();
    answer["batchItemFailures"] == json!([])
}

/// Every user of the pool.
pub(crate) async fn users(world: &World) -> Vec<User> {
    let (mut all, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut call = json!({"UserPoolId": world.local.template().user_pool.id, "Limit": 60});
        if token.is_string() {
            call["PaginationToken"] = token;
        }
        let page = administer(world, "ListUsers", call).await;
        all.extend(page["Users"].as_array().unwrap().iter().map(user));
        token = page["PaginationToken"].clone();
        if token.is_null() {
            return all;
        }
    }
}

/// The pool's clients for systems, each with its name.
pub(crate) async fn clients(world: &World) -> BTreeMap<String, String> {
    let (mut all, mut token) = (BTreeMap::new(), Value::Null);
    loop {
        let mut call = json!({"UserPoolId": world.local.template().user_pool.id, "MaxResults": 60});
        if token.is_string() {
            call["NextToken"] = token;
        }
        let page = administer(world, "ListUserPoolClients", call).await;
        let of = |client: &Value, name: &str| client[name].as_str().unwrap().to_owned();
        let clients = page["UserPoolClients"].as_array().unwrap().iter();
        all.extend(clients.map(|client| (of(client, "ClientId"), of(client, "ClientName"))));
        token = page["NextToken"].clone();
        if token.is_null() {
            return all;
        }
    }
}

/// What the table says each client is for: a company and a system of it.
pub(crate) async fn purposes(world: &World) -> BTreeMap<String, (String, String)> {
    let dynamodb = world.local.dynamodb();
    let scan = dynamodb.scan().table_name(world.local.table_name());
    let scan = scan
        .filter_expression("begins_with(pk, :client)")
        .expression_attribute_values(":client", text("CLIENT#"));
    let items: Result<Vec<_>, _> = scan.into_paginator().items().send().collect().await;
    let of = |item: &seed::Item, name: &str| item[name].as_s().unwrap().clone();
    let purpose = |item: seed::Item| {
        let client = of(&item, "pk").trim_start_matches("CLIENT#").to_owned();
        (client, (of(&item, "company"), of(&item, "person")))
    };
    items.unwrap().into_iter().map(purpose).collect()
}

/// A user as the pool's API shows one.
pub(crate) fn user(user: &Value) -> User {
    let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let attributes = user["Attributes"].as_array().unwrap().iter();
    User {
        name: of(&user["Username"]),
        attributes: attributes
            .map(|one| (of(&one["Name"]), of(&one["Value"])))
            .collect(),
        is_enabled: user["Enabled"] == true,
        status: of(&user["UserStatus"]),
    }
}

/// The users whom the pool has for a person of the company.
pub(crate) async fn users_of(world: &World, person: &str) -> Vec<User> {
    let mut users = users(world).await;
    users.retain(|user| user.says("custom:company") == COMPANY && user.says("custom:person") == person);
    users
}

/// Calls an operation as an administrator.
pub(crate) async fn administer(world: &World, operation: &str, call: Value) -> Value {
    let target = format!("AWSCognitoIdentityProviderService.{operation}");
    let call = reqwest::Client::new()
        .post(world.local.users_endpoint())
        .header("x-amz-target", target)
        .body(call.to_string());
    let answer = call.send().await.unwrap();
    let status = answer.status();
    let answer = answer.json().await.unwrap_or_default();
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

/// How many invitations went to an address, and the password in the last one.
pub(crate) fn invitations(world: &World, email: &str) -> (usize, Option<String>) {
    let mails = world.local.mailbox();
    let own = mails.iter().filter(|mail| mail.message.to == [email]);
    let passwords = own.filter_map(|mail| {
        let (_, rest) = mail.message.text.as_deref()?.split_once("Temporary password: ")?;
        rest.split_whitespace().next().map(str::to_owned)
    });
    let passwords: Vec<String> = passwords.collect();
    // The mailbox is sorted newest first.
    (passwords.len(), passwords.first().cloned())
}

/// What the token endpoint says to a password.
pub(crate) async fn password_grant(world: &World, email: &str, password: &str) -> Value {
    let form = [
        ("grant_type", "password"),
        ("username", email),
        ("password", password),
    ];
    let call = reqwest::Client::new()
        .post(format!("{}/oauth2/token", world.local.url()))
        .form(&form);
    call.send().await.unwrap().json().await.unwrap()
}

/// Whether a temporary password is the one that works, in time or not.
pub(crate) async fn is_temporary(world: &World, email: &str, password: &str) -> bool {
    let answer = password_grant(world, email, password).await;
    let told = answer["error_description"].as_str().unwrap_or_default();
    told.contains("temporary")
}

fn item(company: &str, members: &[(&str, AttributeValue)]) -> seed::Item {
    let pk = ("pk", text(&format!("COMPANY#{company}")));
    let members = members.iter().cloned().chain([pk]);
    members.map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: u32) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
