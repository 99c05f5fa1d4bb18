//! What runs by itself and what tells when it does not: alarms, schedules, rules of the event bus, failure queues.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::StateValue;
use aws_sdk_scheduler::operation::list_schedules::ListSchedulesError;
use aws_sdk_scheduler::types::ScheduleState;
use aws_sdk_sqs::types::QueueAttributeName;
use countersign_platform::aws_json::{Client, EVENTBRIDGE};
use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::json;

use super::NO_STAND_IN;
use super::finding::Finding;
use crate::{AdminError, Deployment};

const DEPLOY_AGAIN: &str = "Deploy the stack again (docs/DEPLOY.md, Build and deploy)";

pub(super) async fn check(deployment: &Deployment) -> Vec<Finding> {
    let (alarms, schedules, rules, queues) = tokio::join!(
        alarms(deployment),
        schedules(deployment),
        rules(deployment),
        queues(deployment)
    );
    vec![alarms, schedules, rules, queues]
}

async fn alarms(deployment: &Deployment) -> Finding {
    const CHECK: &str = "alarms";
    let Some(config) = deployment.service("cloudwatch") else {
        return Finding::not_answered(CHECK, NO_STAND_IN);
    };
    let client = aws_sdk_cloudwatch::Client::new(&config);
    let expected: BTreeMap<&str, &str> = deployment
        .of_kind("AWS::CloudWatch::Alarm")
        .map(|alarm| (alarm.physical_id.as_str(), alarm.logical_id.as_str()))
        .collect();
    if expected.is_empty() {
        return Finding::not_answered(CHECK, "the stack's alarms are not known");
    }
    let names = expected.keys().map(|name| (*name).to_owned()).collect();
    let answer = match client
        .describe_alarms()
        .set_alarm_names(Some(names))
        .max_records(100)
        .send()
        .await
    {
        Ok(answer) => answer,
        Err(error) => return Finding::not_answered(CHECK, AdminError::aws("CloudWatch", &error).to_string()),
    };
    let mut wrong = Vec::new();
    for (name, logical_id) in &expected {
        let found = answer
            .metric_alarms()
            .iter()
            .find(|alarm| alarm.alarm_name() == Some(name));
        match found.map(|alarm| (alarm.state_value(), alarm.actions_enabled())) {
            None => wrong.push(format!("{logical_id} is missing")),
            Some((_, Some(false))) => wrong.push(format!("{logical_id} tells nobody")),
            Some((Some(StateValue::Ok), _)) => {}
            Some((state, _)) => {
                let state = state.map_or("unknown", StateValue::as_str);
                wrong.push(format!("{logical_id} is in {state}"));
            }
        }
    }
    let remedy = "See the alarm's entry in docs/RUNBOOK.md; if one is missing, deploy the stack again";
    Finding::of(CHECK, &wrong, format!("{} in OK", expected.len()), remedy)
}

async fn schedules(deployment: &Deployment) -> Finding {
    const CHECK: &str = "schedules";
    let Some(config) = deployment.service("scheduler") else {
        return Finding::not_answered(CHECK, NO_STAND_IN);
    };
    let client = aws_sdk_scheduler::Client::new(&config);
    let all: Vec<_> = deployment.of_kind("AWS::Scheduler::Schedule").collect();
    if all.is_empty() {
        return Finding::not_answered(CHECK, "the stack's schedules are not known");
    }
    // A name alone would be looked for in the account's own group; each schedule has one of the stack's.
    let groups = deployment.of_kind("AWS::Scheduler::ScheduleGroup");
    let answers = groups.map(|group| client.list_schedules().group_name(&group.physical_id).send());
    let mut states = BTreeMap::new();
    for answer in join_all(answers).await {
        match answer {
            Ok(answer) => states.extend(
                answer
                    .schedules
                    .into_iter()
                    .map(|schedule| (schedule.name, schedule.state)),
            ),
            // Its schedule is missing with it.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(ListSchedulesError::is_resource_not_found_exception) => {}
            Err(error) => {
                return Finding::not_answered(CHECK, AdminError::aws("Scheduler", &error).to_string());
            }
        }
    }
    let wrong = all.iter().filter_map(|schedule| {
        let name = &schedule.logical_id;
        match states.get(&Some(schedule.physical_id.clone())) {
            Some(Some(ScheduleState::Enabled)) => None,
            Some(_) => Some(format!("{name} is off")),
            None => Some(format!("{name} is missing")),
        }
    });
    let wrong: Vec<String> = wrong.collect();
    Finding::of(CHECK, &wrong, format!("{} on", all.len()), DEPLOY_AGAIN)
}

/// The rules of a bus.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rule {
    name: String,
    state: String,
}

async fn rules(deployment: &Deployment) -> Finding {
    const CHECK: &str = "event-rules";
    let (Some(config), Some(bus)) = (deployment.service("eventbridge"), deployment.physical("EventBus"))
    else {
        return Finding::not_answered(CHECK, NO_STAND_IN);
    };
    let client = Client::new(&config, EVENTBRIDGE);
    let answer: Listed = match client.call("ListRules", &json!({ "EventBusName": bus })).await {
        Ok(answer) => answer,
        Err(error) => {
            let why = match error.code() {
                Some("UnknownOperationException") => NO_STAND_IN.to_owned(),
                _ => AdminError::call(EVENTBRIDGE, &error).to_string(),
            };
            return Finding::not_answered(CHECK, why);
        }
    };
    let rules: Vec<_> = deployment.of_kind("AWS::Events::Rule").collect();
    let wrong: Vec<String> = rules
        .iter()
        .filter_map(|rule| {
            // A rule of another bus than the default one goes by `bus|rule`.
            let name = rule.physical_id.rsplit('|').next()?;
            let found = answer.rules.iter().find(|one| one.name == name);
            match found.map(|one| one.state.as_str()) {
                Some("ENABLED") => None,
                Some(_) => Some(format!("{} is off", rule.logical_id)),
                None => Some(format!("{} is missing", rule.logical_id)),
            }
        })
        .collect();
    Finding::of(CHECK, &wrong, format!("{} on", rules.len()), DEPLOY_AGAIN)
}

async fn queues(deployment: &Deployment) -> Finding {
    const CHECK: &str = "failure-queues";
    let Some(config) = deployment.service("sqs") else {
        return Finding::not_answered(CHECK, NO_STAND_IN);
    };
    let client = aws_sdk_sqs::Client::new(&config);
    let all: Vec<_> = deployment.of_kind("AWS::SQS::Queue").collect();
    let answers = all.iter().map(|queue| {
        let asked = client.get_queue_attributes().queue_url(&queue.physical_id);
        asked.attribute_names(QueueAttributeName::All).send()
    });
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (queue, answer) in all.iter().zip(join_all(answers).await) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Finding::not_answered(CHECK, AdminError::aws("SQS", &error).to_string()),
        };
        let attribute = |name| answer.attributes().and_then(|all| all.get(&name));
        // What a queue with a redrive policy holds is on its way.
        if attribute(QueueAttributeName::RedrivePolicy).is_some() {
            continue;
        }
        count += 1;
        let messages = attribute(QueueAttributeName::ApproximateNumberOfMessages);
        match messages.map(String::as_str) {
            Some("0") => {}
            Some(messages) => wrong.push(format!("{} has {messages}", queue.logical_id)),
            None => wrong.push(format!("{} does not say what it holds", queue.logical_id)),
        }
    }
    let remedy = "See the entry of the queue's alarm in docs/RUNBOOK.md; then `countersign-admin resend`";
    Finding::of(CHECK, &wrong, format!("{count} empty"), remedy)
}
