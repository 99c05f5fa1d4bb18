use super::*;

#[test]
fn what_the_products_template_says_of_events_is_understood() {
    let template = load(&none()).unwrap();
    let relay = template.function("relay").unwrap();
    assert_eq!(relay.environment["EVENT_BUS"], template.event_bus.name);
    assert_eq!(relay.streams[0].batching_window, Duration::from_secs(1));
    let queue = &template.function("readiness").unwrap().queues[0];
    assert_eq!(
        (queue.queue.as_str(), queue.batch_size),
        ("ReadinessChanges", 100)
    );
    assert_eq!(queue.batching_window, Duration::from_secs(1));
    assert_eq!(template.event_bus.rules[0].queues, ["ReadinessChanges"]);
    let mut queues = template.queues.iter();
    let queue = queues
        .find(|queue| queue.logical_id == "ReadinessChanges")
        .unwrap();
    assert_eq!(queue.visibility_timeout, Duration::from_mins(30));
    let redrive = queue.redrive.as_ref().unwrap();
    assert_eq!(
        (redrive.queue.as_str(), redrive.max_receive_count),
        ("UncountedCompanies", 6)
    );
}

#[test]
fn what_events_need_and_is_not_understood_is_named() {
    for (said, instead, named) in [
        ("${AWS::StackName}-EventBus", "events", "Name has to be"),
        (
            "EventBusName: !Ref EventBus",
            "EventBusName: default",
            "none of the template's AWS::Events::EventBus",
        ),
        (
            "EventBusName: !Ref EventBus",
            "ScheduleExpression: rate(1 hour)",
            "ScheduleExpression",
        ),
        (
            "- detail-type: [Company Entered]",
            "- detail-type: [{ suffix: x }]",
            "suffix",
        ),
        (
            "Arn: !GetAtt ReadinessChanges.Arn",
            "Arn: !GetAtt ReadinessFunction.Arn",
            "none of the template's AWS::SQS::Queue",
        ),
        (
            "Queue: !GetAtt ReadinessChanges.Arn",
            "Queue: !GetAtt Table.Arn",
            "none of the template's AWS::SQS::Queue",
        ),
        (
            "VisibilityTimeout: 1800",
            "VisibilityTimeout: 299",
            "less than the function's Timeout",
        ),
        ("VisibilityTimeout: 1800", "DelaySeconds: 10", "DelaySeconds"),
        (
            "maxReceiveCount: 6",
            "maxReceiveCount: often",
            "Resources.ReadinessChanges",
        ),
        (
            "            MaximumBatchingWindowInSeconds: 1\n            FunctionResponseTypes",
            "            FunctionResponseTypes",
            "needs MaximumBatchingWindowInSeconds",
        ),
        (
            "MaximumConcurrency: 2",
            "MaximumConcurrency: 1",
            "MaximumConcurrency has to be from 2",
        ),
    ] {
        assert!(SOURCE.contains(said), "{said}");
        let changed = SOURCE.replacen(said, instead, 1);
        let refusal = parse(&changed, &none()).unwrap_err().to_string();
        assert!(refusal.contains(named), "{instead}: {refusal}");
    }
}
