//! What SES tells, and to whom.

use super::*;

#[tokio::test]
async fn a_bounce_is_told_to_the_function_in_the_shape_that_lambda_has_it() {
    let stage = stage(Setting::default()).await;
    let tag = MessageTag::builder()
        .name("request")
        .value("01ABC")
        .build()
        .unwrap();
    let sent = stage
        .mail(&["bounce+1@abc.example"])
        .email_tags(tag)
        .send()
        .await
        .unwrap();
    let told = stage.told().await;
    assert_eq!(told.len(), 1);
    let event = &told[0];
    assert_eq!(event["eventType"], "Bounce");
    assert_eq!(event["bounce"]["bounceType"], "Permanent");
    assert_eq!(event["bounce"]["bounceSubType"], "General");
    let recipient = &event["bounce"]["bouncedRecipients"][0];
    assert_eq!(recipient["emailAddress"], "bounce+1@abc.example");
    assert_eq!(
        (&recipient["action"], &recipient["status"]),
        (&json!("failed"), &json!("5.1.1"))
    );
    let mail = &event["mail"];
    assert_eq!(mail["messageId"], sent.message_id().unwrap());
    assert_eq!(mail["destination"], json!(["bounce+1@abc.example"]));
    assert_eq!(mail["tags"]["ses:configuration-set"], json!([SET]));
    assert_eq!(mail["tags"]["request"], json!(["01ABC"]));
    assert_eq!(mail["commonHeaders"]["subject"], "Claimed – 已認領");
    assert_eq!(mail["headersTruncated"], false);
    let timestamp = mail["timestamp"].as_str().unwrap();
    assert!(
        timestamp.starts_with("2023-02-07T02:43:") && timestamp.len() == "2023-02-07T02:43:00.000Z".len()
    );

    let record = stage.told.lock().unwrap()[0]["Records"][0].clone();
    assert_eq!(record["EventSource"], "aws:sns");
    assert_eq!(record["Sns"]["Type"], "Notification");
    assert_eq!(
        record["Sns"]["TopicArn"],
        "arn:aws:sns:ap-southeast-1:000000000000:Topic"
    );
    assert_eq!(record["Sns"]["Subject"], "Amazon SES Email Event Notification");
}

#[tokio::test]
async fn every_simulated_recipient_gets_its_event_and_only_those_that_the_configuration_asks_for() {
    let stage = stage(Setting::default()).await;
    let complaint = ["complaint@abc.example", "ann@abc.example"];
    for to in [
        &complaint[..],
        &["delay@abc.example"],
        &["suppressed@abc.example"],
    ] {
        stage.send(to).await;
        stage.told().await;
    }
    let told = stage.told().await;
    let kinds: Vec<_> = told
        .iter()
        .map(|event| event["eventType"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Complaint", "DeliveryDelay", "Bounce"]);
    let complained = &told[0]["complaint"]["complainedRecipients"];
    assert_eq!(*complained, json!([{ "emailAddress": "complaint@abc.example" }]));
    assert_eq!(
        told[1]["deliveryDelay"]["delayedRecipients"][0]["emailAddress"],
        "delay@abc.example"
    );
    assert_eq!(told[2]["bounce"]["bounceSubType"], "OnAccountSuppressionList");

    // REJECT is none of this configuration's event types.
    stage.send(&["reject@abc.example"]).await;
    assert_eq!(stage.told().await.len(), 3);
    assert_eq!(
        stage.ses.mails().len(),
        2,
        "neither the suppressed nor the rejected one was sent"
    );
}

#[tokio::test]
async fn an_address_that_bounced_is_sent_nothing_more_and_each_try_bounces() {
    let stage = stage(Setting::default()).await;
    stage.send(&["bounce@abc.example"]).await;
    stage.send(&["Bounce@ABC.example", "ann@abc.example"]).await;
    let told = stage.told().await;
    let kinds: Vec<_> = told
        .iter()
        .map(|event| event["bounce"]["bounceSubType"].clone())
        .collect();
    assert_eq!(kinds, ["General", "OnAccountSuppressionList"]);
    let mails = stage.ses.mails();
    assert_eq!(
        mails[0].outcomes,
        [DeliveryOutcome::Suppressed, DeliveryOutcome::Delivered]
    );
    assert!(!mails[0].was_sent_to("bounce@abc.example") && mails[0].was_sent_to("ann@abc.example"));
}

#[tokio::test]
async fn a_function_that_fails_is_called_twice_more_and_then_the_queue_is_told() {
    let twice = stage(Setting {
        failing_calls: 2,
        ..Setting::default()
    })
    .await;
    twice.send(&["bounce@abc.example"]).await;
    assert_eq!(twice.told().await.len(), 1);
    assert!(twice.queues.messages(QUEUE).is_empty());

    let thrice = stage(Setting {
        failing_calls: 3,
        ..Setting::default()
    })
    .await;
    thrice.send(&["bounce@abc.example"]).await;
    assert!(thrice.told().await.is_empty());
    let messages = thrice.queues.messages(QUEUE);
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(messages[0]["requestContext"]["approximateInvokeCount"], 3);
    let payload = &messages[0]["requestPayload"]["Records"][0]["Sns"];
    assert!(
        payload["Message"]
            .as_str()
            .unwrap()
            .contains("bounce@abc.example")
    );
}
