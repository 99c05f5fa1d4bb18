//! Stands in for SNS: hands what is published to a topic to the functions that subscribe to it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::lambda::AsyncTarget;
use crate::{ACCOUNT, Clock, REGION};

/// The topics by their logical IDs with the functions that subscribe to them.
pub struct Topics {
    subscribers: BTreeMap<String, Vec<AsyncTarget>>,
    clock: Clock,
}

impl Topics {
    pub fn new(subscribers: BTreeMap<String, Vec<AsyncTarget>>, clock: Clock) -> Self {
        Self { subscribers, clock }
    }

    /// Hands a message to each function that subscribes, and returns when each has taken it or was given up.
    pub(crate) async fn publish(&self, topic: &str, subject: &str, message: &Json) {
        for subscriber in self.subscribers.get(topic).into_iter().flatten() {
            subscriber.call(self.notification(topic, subject, message)).await;
        }
    }

    /// The event that Lambda gets from SNS.
    fn notification(&self, topic: &str, subject: &str, message: &Json) -> Json {
        let topic_arn = format!("arn:aws:sns:{REGION}:{ACCOUNT}:{topic}");
        let subscription = format!("{topic_arn}:{}", crate::random::uuid());
        let host = format!("https://sns.{REGION}.amazonaws.com");
        json!({
            "Records": [{
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription,
                "Sns": {
                    "Type": "Notification",
                    "MessageId": crate::random::uuid(),
                    "TopicArn": topic_arn,
                    "Subject": subject,
                    "Message": message.to_string(),
                    "Timestamp": format!("{:.3}", self.clock.now()),
                    "SignatureVersion": "1",
                    "Signature": "bG9jYWw=",
                    "SigningCertUrl": format!("{host}/SimpleNotificationService-local.pem"),
                    "UnsubscribeUrl": format!("{host}/?Action=Unsubscribe&SubscriptionArn={subscription}"),
                    "MessageAttributes": {},
                },
            }],
        })
    }
}
