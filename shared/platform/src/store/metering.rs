//! Asks with every call of the table what it consumes, and counts it.

use aws_sdk_dynamodb::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
    BeforeTransmitInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItemInput, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemInput, DeleteItemOutput};
use aws_sdk_dynamodb::operation::get_item::{GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::{PutItemInput, PutItemOutput};
use aws_sdk_dynamodb::operation::query::{QueryInput, QueryOutput};
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsInput, TransactWriteItemsOutput};
use aws_sdk_dynamodb::operation::update_item::{UpdateItemInput, UpdateItemOutput};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use aws_smithy_runtime_api::client::interceptors::context::{Input, Output};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;

use crate::telemetry::{self, Usage};

/// Counts the calls of a client, and the units that DynamoDB says they consumed.
#[derive(Debug)]
pub(super) struct Metering;

#[dyn_dispatch_hint]
impl Intercept for Metering {
    fn name(&self) -> &'static str {
        "Metering"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        ask(context.input_mut());
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        telemetry::add(Usage {
            calls: 1,
            ..Usage::default()
        });
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Ok(output) = context.output_or_error() {
            telemetry::add(consumed(output));
        }
        Ok(())
    }
}

/// Has the answer say what the call consumed.
fn ask(input: &mut Input) {
    macro_rules! ask_of {
        ($($kind:ty),+) => {
            $(if let Some(input) = input.downcast_mut::<$kind>() {
                input.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
                return;
            })+
        };
    }
    ask_of!(
        GetItemInput,
        QueryInput,
        BatchGetItemInput,
        TransactWriteItemsInput,
        UpdateItemInput,
        PutItemInput,
        DeleteItemInput
    );
}

/// What an answer says that its call consumed.
fn consumed(output: &Output) -> Usage {
    macro_rules! of_one {
        ($usage:ident: $($kind:ty),+) => {
            $(if let Some(output) = output.downcast_ref::<$kind>() {
                return output.consumed_capacity.as_ref().map($usage).unwrap_or_default();
            })+
        };
    }
    macro_rules! of_several {
        ($usage:ident: $kind:ty) => {
            if let Some(output) = output.downcast_ref::<$kind>() {
                let all = output.consumed_capacity.iter().flatten();
                return all.map($usage).fold(Usage::default(), |all, one| all + one);
            }
        };
    }
    of_one!(read: GetItemOutput, QueryOutput);
    of_several!(read: BatchGetItemOutput);
    of_several!(written: TransactWriteItemsOutput);
    of_one!(written: UpdateItemOutput, PutItemOutput, DeleteItemOutput);
    Usage::default()
}

fn read(consumed: &ConsumedCapacity) -> Usage {
    Usage {
        read_units: consumed.capacity_units.unwrap_or_default(),
        ..Usage::default()
    }
}

fn written(consumed: &ConsumedCapacity) -> Usage {
    Usage {
        write_units: consumed.capacity_units.unwrap_or_default(),
        ..Usage::default()
    }
}
