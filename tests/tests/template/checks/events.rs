//! The table's stream and the event bus: who reads them, and where what fails goes.

use std::collections::BTreeMap;

use countersign_local::template::{Queue, Rule, Template};
use serde_norway::Value;

use super::super::document::{Document, items, named, none};

/// A stream has room for two readers.
pub(super) fn notify_and_relay_read_the_stream_and_lose_nothing(document: &Document) -> Result<(), String> {
    let functions = document.template(&BTreeMap::new())?.functions;
    let readers = functions.iter().filter(|function| !function.streams.is_empty());
    let readers: Vec<&str> = readers.map(|function| function.binary.as_str()).collect();
    let mut faults = Vec::new();
    if readers != ["notify", "relay"] {
        faults.push(format!("the stream is read by {readers:?}"));
    }
    for function in &functions {
        for stream in &function.streams {
            if !stream.reports_batch_item_failures || !stream.bisects_batch_on_function_error {
                faults.push(format!(
                    "{} repeats what is done with what failed",
                    function.binary
                ));
            }
            if stream.maximum_retry_attempts.is_none() || stream.on_failure.is_none() {
                faults.push(format!(
                    "a record that {} can't handle stops the stream",
                    function.binary
                ));
            }
        }
    }
    none(faults)
}

pub(super) fn a_subscriber_has_a_queue_of_its_own_that_its_rule_alone_may_send_to(
    document: &Document,
) -> Result<(), String> {
    let template = document.template(&BTreeMap::new())?;
    if template.event_bus.rules.is_empty() {
        return Err("nobody subscribes to the bus".to_owned());
    }
    let rules = template.event_bus.rules.iter();
    none(rules.filter_map(|rule| subscriber(document, &template, rule).err()))
}

fn subscriber(document: &Document, template: &Template, rule: &Rule) -> Result<(), String> {
    let [id] = rule.queues.as_slice() else {
        return Err(format!("{} sends to {:?}", rule.logical_id, rule.queues));
    };
    let readers = template.functions.iter().flat_map(|function| &function.queues);
    let readers: Vec<_> = readers.filter(|mapping| mapping.queue == *id).collect();
    if readers.len() != 1 || !readers.iter().all(|mapping| mapping.reports_batch_item_failures) {
        return Err(format!("{id} has not one reader that says which messages failed"));
    }
    let is_it = |queue: &&Queue| queue.logical_id == *id;
    let redrive = template
        .queues
        .iter()
        .find(is_it)
        .and_then(|queue| queue.redrive.as_ref());
    let redrive = redrive.ok_or_else(|| format!("{id} has no queue for what fails"))?;
    // What the rule could not deliver goes to the same place as what the function could not handle.
    let undelivered = &resource(document, &rule.logical_id)["Targets"][0]["DeadLetterConfig"]["Arn"];
    if named(undelivered) != redrive.queue {
        return Err(format!(
            "what {} can't deliver goes to {}",
            rule.logical_id,
            named(undelivered)
        ));
    }
    for queue in [id, &redrive.queue] {
        let policy = resource(document, &format!("{queue}Policy"));
        let statements: Vec<&Value> = items(&policy["PolicyDocument"]["Statement"]).collect();
        let [statement] = statements.as_slice() else {
            return Err(format!("{queue} has not one statement of who may send"));
        };
        let is_open = statement["Effect"] != "Allow"
            || statement["Action"] != "sqs:SendMessage"
            || statement["Principal"]["Service"] != "events.amazonaws.com"
            || named(&statement["Resource"]) != *queue
            || named(&policy["Queues"][0]) != *queue
            || named(&statement["Condition"]["ArnEquals"]["aws:SourceArn"]) != rule.logical_id;
        if is_open {
            return Err(format!("others than {} may send to {queue}", rule.logical_id));
        }
    }
    Ok(())
}

fn resource<'a>(document: &'a Document, id: &str) -> &'a Value {
    static NOTHING: Value = Value::Null;
    let all = document.section("Resources");
    let found = all.into_iter().find(|(name, _)| *name == id);
    found.map_or(&NOTHING, |(_, resource)| &resource["Properties"])
}
