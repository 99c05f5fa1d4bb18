//! What SES says about a message that it received ("Contents of notifications for Amazon SES email receiving", SES Developer
//! Guide). Only SES's own findings count: a message can claim anything about itself.
//!
//! These are not the types of `aws_lambda_events`, which fail to parse if From or a verdict is missing. Anyone can send a
//! message, so everything that arrives is read or refused here, and nothing makes the function fail.

use countersign_domain::approval::MailToken;
use serde::Deserialize;
use serde_json::Value;

/// How many of a message's tokens are looked at. A reply has one.
const MAX_TOKENS: usize = 5;

/// A message that SES received.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Arrival {
    mail: Mail,
    receipt: Receipt,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    /// The envelope's sender; empty if nobody may answer (RFC 5321, section 4.5.5).
    #[serde(default)]
    source: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    /// The envelope's recipients.
    recipients: Vec<String>,
    spam_verdict: Option<Verdict>,
    virus_verdict: Option<Verdict>,
    dmarc_verdict: Option<Verdict>,
}

/// `PASS`, `FAIL`, `GRAY` or `PROCESSING_FAILED`; for DMARC also `DISABLED` where no policy is published.
#[derive(Deserialize)]
struct Verdict {
    status: String,
}

impl Arrival {
    /// Reads a record of SES's event.
    pub(crate) fn read(record: &Value) -> Option<Self> {
        Self::deserialize(&record["ses"]).ok()
    }

    /// The ID that SES gave the message, which is also its key in the bucket.
    pub(crate) fn message(&self) -> &str {
        &self.mail.message_id
    }

    /// The tokens that it was sent to, each once. More than [`MAX_TOKENS`] are not looked at.
    pub(crate) fn tokens(&self, domain: &str) -> Vec<MailToken> {
        let mut tokens = Vec::new();
        for recipient in &self.receipt.recipients {
            let token = MailToken::of_recipient(recipient, domain);
            tokens.extend(token.filter(|token| tokens.len() < MAX_TOKENS && !tokens.contains(token)));
        }
        tokens
    }

    /// Whether SES found that it comes from the domain in its From, and found neither spam nor a virus. Anything but a
    /// clear yes to each is a no. Whether the event has all headers doesn't matter: the stored message is read.
    pub(crate) fn is_authenticated(&self) -> bool {
        let receipt = &self.receipt;
        let verdicts = [
            &receipt.spam_verdict,
            &receipt.virus_verdict,
            &receipt.dmarc_verdict,
        ];
        verdicts
            .into_iter()
            .all(|verdict| verdict.as_ref().is_some_and(|verdict| verdict.status == "PASS"))
    }

    /// Whether nobody may answer it.
    pub(crate) fn has_no_sender(&self) -> bool {
        matches!(self.mail.source.trim(), "" | "<>")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record() -> Value {
        let pass = json!({"status": "PASS"});
        json!({"ses": {
            "mail": {"messageId": "m1", "source": "checker@abc.example", "headersTruncated": true},
            "receipt": {
                "recipients": ["approve+abcdefghijklmnopqrstuvwxyz@countersign.example"],
                "spamVerdict": pass, "virusVerdict": pass, "spfVerdict": pass, "dkimVerdict": pass, "dmarcVerdict": pass,
            },
        }})
    }

    #[test]
    fn a_mail_that_passes_every_test_is_authenticated() {
        let arrival = Arrival::read(&record()).unwrap();
        assert!(arrival.is_authenticated() && !arrival.has_no_sender());
        assert_eq!(arrival.tokens("countersign.example").len(), 1);
    }

    #[test]
    fn anything_but_a_clear_yes_is_a_no() {
        for verdict in ["spamVerdict", "virusVerdict", "dmarcVerdict"] {
            for status in ["FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED", "pass", ""] {
                let mut record = record();
                record["ses"]["receipt"][verdict]["status"] = json!(status);
                assert!(
                    !Arrival::read(&record).unwrap().is_authenticated(),
                    "{verdict} {status}"
                );
            }
            let mut record = record();
            record["ses"]["receipt"].as_object_mut().unwrap().remove(verdict);
            assert!(
                !Arrival::read(&record).unwrap().is_authenticated(),
                "no {verdict}"
            );
        }
    }

    #[test]
    fn a_mail_has_the_tokens_of_its_envelope_each_once_and_not_without_end() {
        let tokens = |recipients: Value| {
            let mut record = record();
            record["ses"]["receipt"]["recipients"] = recipients;
            Arrival::read(&record)
                .unwrap()
                .tokens("countersign.example")
                .len()
        };
        let to = |letter: char| format!("approve+{letter}bcdefghijklmnopqrstuvwxyz@countersign.example");
        assert_eq!(
            tokens(json!([to('a'), to('b'), to('A'), "x@countersign.example"])),
            2
        );
        assert_eq!(tokens(json!(["x@countersign.example"])), 0);
        assert_eq!(tokens(('a'..='z').map(to).collect()), MAX_TOKENS);
    }
}
