//! The mark of the layout that the table's items are in: a new table gets it, and one without this version's is refused.

use aws_sdk_dynamodb::Client;
use countersign_platform::store::{key, layout};

use crate::client::failed;
use crate::error::StartError;

pub(crate) async fn ensure(client: &Client, table: &str) -> Result<(), StartError> {
    let any = client.scan().table_name(table).limit(1).send().await;
    if any.map_err(|error| failed(&error))?.count() == 0 {
        let put = client.put_item().table_name(table).set_item(Some(layout::mark()));
        return put.send().await.map(|_| ()).map_err(|error| failed(&error));
    }
    let mark = client
        .get_item()
        .table_name(table)
        .set_key(Some(key::layout().into_attributes()))
        .send()
        .await
        .map_err(|error| failed(&error))?;
    layout::verify(mark.item.as_ref()).map_err(|_| {
        let reason = "the data was made by another version of Countersign: name another folder with --data, or \
                      another stack with --stack, or delete this one";
        StartError::Engine(reason.to_owned())
    })
}
