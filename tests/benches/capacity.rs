//! What each command consumes on the base table and on each index, as the engine reports it over the wire. The figures
//! are the same in every run.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::stage::{Stage, form_with};
use countersign_tests::wire::RoundTrip;
use countersign_tests::{Reply, User, form_for, seed};
use reqwest::Method;
use serde_json::{Value, json};

/// Units by the table or index that they were consumed on.
#[derive(Debug, Default, Clone, Copy)]
struct Units {
    table_written: f64,
    by_desk_written: f64,
    by_company_written: f64,
    by_reference_written: f64,
    read: f64,
}

impl Units {
    fn add(&mut self, call: &RoundTrip) {
        let consumed = &call.response["ConsumedCapacity"];
        // A transaction has a list of tables; there is only one.
        let consumed = consumed.get(0).unwrap_or(consumed);
        let units = |part: &Value| part["CapacityUnits"].as_f64().unwrap_or(0.0);
        if matches!(call.operation.as_str(), "BatchGetItem" | "GetItem" | "Query") {
            self.read += units(consumed);
            return;
        }
        let index = |name: &str| units(&consumed["GlobalSecondaryIndexes"][name]);
        self.table_written += units(&consumed["Table"]);
        self.by_desk_written += index("by_desk");
        self.by_company_written += index("by_company");
        self.by_reference_written += index("by_reference");
    }
}

/// A Markdown table that is being filled.
struct Table<'a> {
    stage: &'a Stage,
    /// What each command consumed itself, what its e-mails consumed until SES has delivered them, and what its event and
    /// counting its company again consumed.
    rows: Vec<(String, [Units; 3])>,
}

impl Table<'_> {
    /// Waits for a command and its e-mails, and records what they consumed.
    async fn row(&mut self, name: &str, command: impl Future<Output = Reply>) -> Reply {
        let local = &self.stage.world.local;
        local.settle().await;
        let told = async {
            let reply = command.await;
            local.settle().await;
            reply
        };
        let (reply, calls) = self.stage.wire.during(told).await;
        assert!(reply.status < 300, "{name}: {}", reply.body);
        let [mut own, mut mail, mut event] = [Units::default(); 3];
        for call in &calls {
            match call.function.as_str() {
                "notify" | "feedback" => mail.add(call),
                "relay" | "readiness" => event.add(call),
                _ => own.add(call),
            }
        }
        self.rows.push((name.to_owned(), [own, mail, event]));
        reply
    }

    fn print(&self) {
        println!(
            "| command | written: table | by_desk | by_company | by_reference | sum | read | its mails: written | read \
             | its event: written | read |"
        );
        println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (name, [units, mail, event]) in &self.rows {
            let Units {
                table_written,
                by_desk_written,
                by_company_written,
                by_reference_written,
                read,
            } = units;
            let sum = table_written + by_desk_written + by_company_written + by_reference_written;
            println!(
                "| {name} | {table_written} | {by_desk_written} | {by_company_written} | {by_reference_written} | {sum} | {read} \
                 | {} | {} | {} | {} |",
                mail.table_written, mail.read, event.table_written, event.read
            );
        }
        println!();
    }
}

/// Runs every command once, with `form(n)` as the form of the n-th request.
async fn commands(stage: &Stage, form: impl Fn(usize) -> Value) {
    let (maker, checker) = (&stage.maker, &stage.checker);
    let mut table = Table {
        stage,
        rows: Vec::new(),
    };
    seed::administrators_of(&stage.world, &form(1)).await;
    let draft = table.row("save, a new draft", maker.create(&form(1))).await;
    let save = maker
        .action(&draft.id(), "save")
        .if_match(&draft.etag())
        .json(&form(1));
    let saved = table.row("save again", save.send()).await;
    let ready = table
        .row("submit, the first time", maker.act(&saved, "submit"))
        .await;
    let reclaimed = table
        .row("reclaim, by the maker", maker.act(&ready, "reclaim"))
        .await;
    let ready = table.row("submit again", maker.act(&reclaimed, "submit")).await;
    let claimed = table
        .row("claim, by a checker", checker.act(&ready, "claim"))
        .await;
    let released = table
        .row("release, by a checker", checker.act(&claimed, "release"))
        .await;
    let claimed = with_key(&mut table, checker, &released).await;
    let returned = checker.act_saying(&claimed, "return", "The address is not ours.");
    let returned = table.row("return, by a checker", returned).await;
    let ready = maker.act(&returned, "submit").await.expect(200);
    let claimed = checker.act(&ready, "claim").await.expect(200);
    let sent = table.row("confirm", checker.act(&claimed, "confirm")).await;
    let reclaimed = table
        .row("reclaim, by the checker", checker.act(&sent, "reclaim"))
        .await;
    let sent = checker.act(&reclaimed, "confirm").await.expect(200);
    at_the_exchange(&mut table, &sent, &form(2)).await;
    let clone = maker.action(&draft.id(), "clone").send();
    let clone = table.row("clone", clone).await;
    table.row("discard", maker.act(&clone, "discard")).await;
    let twin = stage.request(&form(1), StateName::Draft).await;
    table
        .row(
            "submit, taking over its locks from one closed request",
            maker.act(&twin, "submit"),
        )
        .await;
    let path = format!("/requests/{}", draft.id());
    table
        .row("`GET /requests/{id}`, after 18 steps", maker.get(&path))
        .await;
    let whole = maker.read(&draft.id()).await;
    assert_eq!(
        (whole["version"].as_u64(), &whole["state"]),
        (Some(18), &json!("Completed"))
    );
    table.print();
}

/// A claim with an idempotency key, which writes one item more.
async fn with_key(table: &mut Table<'_>, checker: &User, on: &Reply) -> Reply {
    let call = checker.action(&on.id(), "claim").if_match(&on.etag());
    let call = call.header("idempotency-key", "one").send();
    table
        .row("claim, by a checker, with an `Idempotency-Key`", call)
        .await
}

async fn at_the_exchange(table: &mut Table<'_>, sent: &Reply, other: &Value) {
    let (stage, officer) = (table.stage, &table.stage.officer);
    let processing = table
        .row("claim, by an officer", officer.act(sent, "claim"))
        .await;
    let released = table
        .row("release, by an officer", officer.act(&processing, "release"))
        .await;
    let processing = officer.act(&released, "claim").await.expect(200);
    let other = stage.request(other, StateName::Processing).await;
    let returned = officer.act_saying(&other, "return", "Tick the declaration.");
    let returned = table.row("return, by an officer", returned).await;
    let other = stage.maker.act(&returned, "submit").await.expect(200);
    let other = stage.checker.act(&other, "claim").await.expect(200);
    let other = stage.checker.act(&other, "confirm").await.expect(200);
    let other = officer.act(&other, "claim").await.expect(200);
    table
        .row("reject", officer.act_saying(&other, "reject", "Not this one."))
        .await;
    table.row("complete", officer.act(&processing, "complete")).await;
}

/// The approximate size of an item as DynamoDB counts it: names and values.
fn size(item: &HashMap<String, AttributeValue>) -> usize {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::Ss(members) => members.iter().map(String::len).sum(),
        AttributeValue::M(members) => size(members) + 3 + members.len(),
        _ => 1,
    };
    item.iter().map(|(name, stored)| name.len() + value(stored)).sum()
}

/// Prints how large a request's items become.
async fn sizes(stage: &Stage, name: &str, form: &Value) {
    let request = stage.request(form, StateName::Completed).await;
    let answer = stage
        .world
        .local
        .dynamodb()
        .query()
        .table_name(stage.world.local.table_name())
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", AttributeValue::S(format!("REQ#{}", request.id())))
        .send()
        .await;
    let items = answer
        .map(|answer| answer.items.unwrap_or_default())
        .unwrap_or_default();
    let largest = |kind: &str| {
        let of_kind = items
            .iter()
            .filter(|item| item["sk"].as_s().is_ok_and(|sk| sk.starts_with(kind)));
        of_kind.map(size).max().unwrap_or_default()
    };
    println!(
        "| {name} | {} | {} | {} |",
        largest("HEAD"),
        largest("FORM#"),
        largest("EVT#")
    );
}

async fn tasks(stage: &Stage) {
    let mut table = Table {
        stage,
        rows: Vec::new(),
    };
    let first = stage.request(&form_with(9_000, 1), StateName::ReadyToSend).await;
    countersign_tests::seed::open_requests_like(&stage.world, &first.id(), 100).await;
    table
        .row("`GET /tasks`, 50 rows", stage.checker.get("/tasks"))
        .await;
    table
        .row("`GET /requests`, 50 rows", stage.checker.get("/requests"))
        .await;
    let listing = stage.maker.call(Method::GET, "/delegated-administrators").send();
    table
        .row("`GET /delegated-administrators`, 50 rows", listing)
        .await;
    table.print();
}

#[tokio::main]
async fn main() {
    let stage = Stage::set().await;
    stage.wire.ask_for_capacity();
    println!("Capacity units with the guideline's form (one row):\n");
    commands(&stage, form_for).await;
    println!("Capacity units with 50 rows:\n");
    commands(&stage, |number| form_with(50 * number, 50)).await;
    println!("Capacity units of lists:\n");
    tasks(&stage).await;
    println!("Octets of the largest item of each kind, after completion:\n");
    println!("| form | head | form | history row |");
    println!("| --- | ---: | ---: | ---: |");
    sizes(&stage, "one row", &form_for(9)).await;
    sizes(&stage, "50 rows", &form_with(500, 50)).await;
    let mut wordy = form_with(600, 50);
    wordy["remarks"] = json!("x".repeat(2_000));
    sizes(&stage, "50 rows and 2,000 characters of remarks", &wordy).await;
    stage.strike().await;
}
