//! `GET /deployment`: what the runner is made of and where its stand-ins are, for the operator's tool. On AWS,
//! CloudFormation says so.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use countersign_platform::Clock;
use serde_json::{Value as Json, json};

use super::{LAMBDA_PATH, Pages, SQS_PATH, json};
use crate::functions::Endpoints;
use crate::template::Template;

/// What the answer is made from.
pub(crate) struct Deployment {
    described: Json,
    clock: Clock,
}

impl Deployment {
    pub(crate) fn of(template: &Template, endpoints: &Endpoints, url: &str, clock: &Clock) -> Self {
        let resource = |logical_id: &str, kind: &str, physical_id: &str| json!({ "logicalId": logical_id, "type": kind, "physicalId": physical_id });
        let mut resources = vec![
            resource("Table", "AWS::DynamoDB::Table", &template.table.name),
            resource("EventBus", "AWS::Events::EventBus", &template.event_bus.name),
            resource("UserPool", "AWS::Cognito::UserPool", &template.user_pool.id),
            resource(
                "MailConfiguration",
                "AWS::SES::ConfigurationSet",
                &template.mail.configuration_set,
            ),
        ];
        for function in &template.functions {
            resources.push(resource(
                &function.logical_id,
                "AWS::Lambda::Function",
                &function.binary,
            ));
            // SAM's name for the alias. Here a function has one version.
            let alias = format!("{}Aliaslive", function.logical_id);
            resources.push(resource(&alias, "AWS::Lambda::Alias", &function.binary));
            for schedule in &function.schedules {
                resources.push(resource(
                    &schedule.logical_id,
                    "AWS::Scheduler::Schedule",
                    &schedule.name,
                ));
            }
        }
        for queue in &template.queues {
            resources.push(resource(&queue.logical_id, "AWS::SQS::Queue", &queue.logical_id));
        }
        for rule in &template.event_bus.rules {
            resources.push(resource(&rule.logical_id, "AWS::Events::Rule", &rule.logical_id));
        }
        let described = json!({
            "resources": resources,
            "parameters": template.values,
            "endpoints": {
                "dynamodb": endpoints.table,
                "sesv2": endpoints.mail,
                "s3": endpoints.storage,
                "eventbridge": endpoints.events,
                "cognito-idp": endpoints.users,
                "lambda": format!("{url}{LAMBDA_PATH}"),
                "sqs": format!("{url}{SQS_PATH}"),
            },
        });
        Self {
            described,
            clock: clock.clone(),
        }
    }
}

pub(super) async fn describe(State(pages): State<Pages>) -> Response {
    let mut described = pages.deployment.described.clone();
    described["now"] = json!(countersign_domain::time::stored(pages.deployment.clock.now()));
    json(StatusCode::OK, &described)
}
