//! Each row's transaction contains what the row says it writes.

use std::collections::BTreeSet;

use countersign_domain::request::DeskKind;
use countersign_domain::workflow::{Row, TABLE, Write};
use countersign_tests::market::Role;
use countersign_tests::stage::Stage;
use countersign_tests::wire::RoundTrip;
use serde_json::Value;

use super::guards::make_ready;
use super::play::{IN_THE_CAMPAIGN, Play};

/// The writes in one operation of a transaction, judged by its key and, for a head, by what it changes.
fn writes(operation: &Value) -> BTreeSet<Write> {
    let (kind, content) = operation.as_object().unwrap().iter().next().unwrap();
    if kind == "ConditionCheck" {
        return BTreeSet::new();
    }
    let key = if kind == "Put" {
        &content["Item"]
    } else {
        &content["Key"]
    };
    let (pk, sk) = (key["pk"]["S"].as_str().unwrap(), key["sk"]["S"].as_str().unwrap());
    let one = |write| BTreeSet::from([write]);
    match (pk.split('#').next().unwrap(), sk.split('#').next().unwrap()) {
        ("REQ", "HEAD") if kind == "Update" => head(content),
        ("REQ", "HEAD") => new_head(content),
        ("REQ", "FORM") => one(Write::KeepForm),
        ("REQ", "RECEIVED") => one(Write::RecordMail),
        ("REQ", "EVT") => BTreeSet::new(),
        ("LOCK", _) => one(Write::TakeLocks),
        ("TOKEN", _) => one(Write::SpendToken),
        ("DA", _) => one(Write::Register),
        ("COMPANY", "PERSON" | "PROFILE" | "NAME") => one(Write::ChangeDirectory),
        _ => panic!("nothing writes {pk} {sk}"),
    }
}

/// If a new head has more editors than its maker, it inherited them.
fn new_head(put: &Value) -> BTreeSet<Write> {
    let editors = put["Item"]["editors"]["SS"].as_array().unwrap();
    if editors.len() > 1 {
        BTreeSet::from([Write::InheritEditors])
    } else {
        BTreeSet::new()
    }
}

fn head(update: &Value) -> BTreeSet<Write> {
    let expression = update["UpdateExpression"].as_str().unwrap();
    let (set, gone) = expression.split_once("REMOVE").unwrap_or((expression, ""));
    let sets = |name: &str| set.contains(&format!("#{name} = "));
    let removes = |name: &str| gone.split([' ', ',']).any(|word| word == format!("#{name}"));
    let value = |name: &str| {
        let (_, after) = set.split_once(&format!("#{name} = "))?;
        let placeholder = after.split([' ', ',']).next()?;
        update["ExpressionAttributeValues"][placeholder]["S"].as_str()
    };
    let is_handed_over = value("holder").is_some_and(|holder| holder.ends_with(Role::SecondChecker.name()));
    let desk = match value("desk") {
        Some("EXCHANGE") => Some(Write::EnterDesk(DeskKind::Exchange)),
        Some(_) => Some(Write::EnterDesk(DeskKind::Checkers)),
        None => None,
    };
    let found = [
        (sets("head_reference"), Write::GiveReference),
        (sets("submitted_at"), Write::MarkSubmitted),
        (sets("guaranteed"), Write::SettleGuarantee),
        (removes("desk"), Write::LeaveDesk),
        (sets("holder") && !is_handed_over, Write::Hold),
        (sets("holder") && is_handed_over, Write::HoldForColleague),
        (sets("maker"), Write::BecomeMaker),
        (removes("holder"), Write::Unhold),
        (sets("lease_ends"), Write::StartLease),
        (sets("confirmed_by"), Write::Confirm),
        (removes("confirmed_by"), Write::Unconfirm),
        (sets("checks") && !sets("first_check_by"), Write::SettleChecks),
        (sets("first_check_by"), Write::FirstCheck),
        (removes("first_check_by"), Write::VoidChecks),
    ];
    let found = found.into_iter().filter(|(is, _)| *is).map(|(_, write)| write);
    found.chain(desk).collect()
}

/// The writes in a command's only transaction.
fn written(round_trips: &[RoundTrip], row: &Row) -> BTreeSet<Write> {
    let transactions: Vec<&RoundTrip> = round_trips
        .iter()
        .filter(|call| call.operation == "TransactWriteItems")
        .collect();
    let [transaction] = transactions.as_slice() else {
        panic!("{:?} made {} transactions", row.action, transactions.len());
    };
    let operations = transaction.request["TransactItems"].as_array().unwrap();
    operations.iter().flat_map(writes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_transaction_of_each_row_holds_what_the_row_says_it_writes_and_no_more() {
    let stage = Stage::set().await;
    stage.world.at(IN_THE_CAMPAIGN);
    for (number, row) in (1..).zip(&TABLE) {
        let play = Play::over(stage.wire.url(), &stage.world, number)
            .await
            .for_row(row);
        let id = play.request_for(row).await;
        let head = (format!("REQ#{id}"), "HEAD".to_owned());
        make_ready(&stage.world, &play, row, id).await;
        if row.has(Write::InheritEditors) {
            // A colleague edited it as well, which shows in the clone.
            let editors = [play.firm.person(Role::Maker), "colleague".to_owned()];
            let editors = aws_sdk_dynamodb::types::AttributeValue::Ss(editors.into());
            stage.world.edit(head, "editors", editors).await;
        }
        let (command, _) = play.command(row, id).await;
        let (taken, round_trips) = stage.wire.during(Box::pin(play.take(command))).await;
        taken.unwrap_or_else(|rejection| panic!("{:?}: {rejection:?}", row.action));
        let own: Vec<RoundTrip> = round_trips
            .into_iter()
            .filter(|call| call.function == "market")
            .collect();
        let said: BTreeSet<Write> = row.writes.iter().copied().collect();
        assert_eq!(written(&own, row), said, "{:?} from {:?}", row.action, row.from);
    }
    stage.strike().await;
}
