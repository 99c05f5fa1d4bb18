//! Reads what SES publishes about a message ("Contents of event data that Amazon SES publishes to Amazon SNS", SES
//! Developer Guide).

use countersign_domain::contact::EmailAddress;
use countersign_domain::id::{CompanyId, Digest, PersonId, RequestId};
use countersign_domain::mail::MailStatus;
use countersign_platform::store::mail::MailId;
use jiff::Timestamp;
use serde::Deserialize;

/// What became of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Feedback {
    /// Which message, by the tags that it was sent with.
    pub(crate) about: About,
    /// Its status in the ledger from now on.
    pub(crate) status: MailStatus,
    /// The recipients concerned.
    pub(crate) recipients: Vec<String>,
    /// When it bounced or was complained about, if the next message to these recipients would end the same way.
    pub(crate) lasting_since: Option<Timestamp>,
}

/// What a message is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// An e-mail of the ledger.
    Mail(MailId),
    /// A letter about somebody's account, which no ledger has.
    Account(CompanyId, PersonId),
}

impl Feedback {
    /// The recipients' addresses.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = EmailAddress> {
        let recipients = self.recipients.iter();
        recipients.filter_map(|address| EmailAddress::parse(address).ok())
    }
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "eventType")]
    kind: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Deserialize)]
struct Mail {
    tags: Tags,
}

/// Each tag comes as a list of its values.
#[derive(Deserialize)]
#[serde(untagged)]
enum Tags {
    Step {
        request: [String; 1],
        version: [String; 1],
        recipient: [String; 1],
    },
    Reminder {
        day: [String; 1],
        whose: [String; 1],
    },
    Daily {
        daily: [String; 1],
        whose: [String; 1],
    },
    Account {
        company: [String; 1],
        person: [String; 1],
    },
}

impl Tags {
    fn about(&self) -> Option<About> {
        let mail = match self {
            Self::Step {
                request: [request],
                version: [version],
                recipient: [recipient],
            } => MailId::Step {
                request: RequestId::parse(request)?,
                version: version.parse().ok()?,
                recipient: Digest::parse(recipient)?,
            },
            Self::Reminder {
                day: [day],
                whose: [whose],
            } => MailId::Reminder {
                day: day.parse().ok()?,
                whose: Digest::parse(whose)?,
            },
            Self::Daily {
                daily: [day],
                whose: [whose],
            } => MailId::Daily {
                day: day.parse().ok()?,
                whose: Digest::parse(whose)?,
            },
            Self::Account {
                company: [company],
                person: [person],
            } => {
                return Some(About::Account(
                    CompanyId::parse(company)?,
                    PersonId::parse(person)?,
                ));
            }
        };
        Some(About::Mail(mail))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    #[serde(rename = "bounceType")]
    kind: String,
    timestamp: Timestamp,
    bounced_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    timestamp: Timestamp,
    complained_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

/// Reads an event. `None` if it is about no message of the ledger, or of a kind that the ledger has no status for.
pub(crate) fn read(message: &str) -> Option<Feedback> {
    let event: Event = serde_json::from_str(message).ok()?;
    let about = event.mail.tags.about()?;
    let (status, recipients, lasting_since) = match event.kind.as_str() {
        "Bounce" => {
            let bounce = event.bounce?;
            // A transient bounce, such as a full mailbox, ends only this message.
            let lasting_since = (bounce.kind == "Permanent").then_some(bounce.timestamp);
            (MailStatus::Bounced, bounce.bounced_recipients, lasting_since)
        }
        "Complaint" => {
            let complaint = event.complaint?;
            let since = Some(complaint.timestamp);
            (MailStatus::Complained, complaint.complained_recipients, since)
        }
        "Delivery" => (MailStatus::Delivered, Vec::new(), None),
        "DeliveryDelay" => (MailStatus::Delayed, Vec::new(), None),
        "Reject" => (MailStatus::Rejected, Vec::new(), None),
        _ => return None,
    };
    Some(Feedback {
        about,
        status,
        recipients: recipients.into_iter().map(|to| to.email_address).collect(),
        lasting_since,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const SINCE: &str = "2023-02-07T02:43:06Z";

    fn event(kind: &str, more: &Value) -> String {
        let mut event = json!({
            "eventType": kind,
            "mail": {"messageId": "m", "tags": {
                "ses:configuration-set": ["countersign"],
                "request": ["01GRMVYYK0NWNXQRDAKDQC3RND"],
                "version": ["2"],
                "recipient": [Digest::ZERO.to_string()],
            }},
        });
        if let (Value::Object(event), Value::Object(more)) = (&mut event, more) {
            event.extend(more.clone());
        }
        event.to_string()
    }

    fn bounce(kind: &str) -> Value {
        json!({"bounce": {"bounceType": kind, "timestamp": SINCE, "bouncedRecipients": [{"emailAddress": "a@b.example"}]}})
    }

    #[test]
    fn each_kind_of_event_is_a_status() {
        let complaint = json!({"complaint": {"timestamp": SINCE,
            "complainedRecipients": [{"emailAddress": "a@b.example"}]}});
        for (kind, more, status, lasting) in [
            ("Bounce", bounce("Permanent"), MailStatus::Bounced, true),
            ("Bounce", bounce("Transient"), MailStatus::Bounced, false),
            ("Complaint", complaint, MailStatus::Complained, true),
            ("Delivery", json!({}), MailStatus::Delivered, false),
            ("DeliveryDelay", json!({}), MailStatus::Delayed, false),
            ("Reject", json!({}), MailStatus::Rejected, false),
        ] {
            let read = read(&event(kind, &more)).unwrap();
            let since = lasting.then(|| SINCE.parse().unwrap());
            assert_eq!((read.status, read.lasting_since), (status, since), "{kind}");
            assert!(matches!(read.about, About::Mail(MailId::Step { version: 2, .. })));
        }
    }

    #[test]
    fn a_reminder_is_found_by_its_day_and_whose_it_is() {
        let bounced = |day: &str| {
            let event = json!({
                "eventType": "Bounce",
                "mail": {"tags": {"day": [day], "whose": [Digest::ZERO.to_string()]}},
                "bounce": bounce("Permanent")["bounce"],
            });
            read(&event.to_string()).map(|feedback| feedback.about)
        };
        let reminder = MailId::Reminder {
            day: "2023-04-25".parse().unwrap(),
            whose: Digest::ZERO,
        };
        assert_eq!(bounced("2023-04-25"), Some(About::Mail(reminder)));
        let daily = json!({
            "eventType": "Delivery",
            "mail": {"tags": {"daily": ["2023-04-25"], "whose": [Digest::ZERO.to_string()]}},
        });
        assert!(matches!(
            read(&daily.to_string()).map(|feedback| feedback.about),
            Some(About::Mail(MailId::Daily { .. }))
        ));
        assert_eq!(bounced("tomorrow"), None);
    }

    #[test]
    fn an_invitation_is_known_by_whose_account_it_is_for() {
        let event = json!({
            "eventType": "Bounce",
            "mail": {"tags": {"company": ["abc"], "person": ["ann"]}},
            "bounce": bounce("Permanent")["bounce"],
        });
        let feedback = read(&event.to_string()).unwrap();
        let (company, person) = (CompanyId::parse("abc"), PersonId::parse("ann"));
        assert_eq!(feedback.about, About::Account(company.unwrap(), person.unwrap()));
        assert!(feedback.lasting_since.is_some());
    }

    #[test]
    fn what_is_no_feedback_on_a_mail_of_the_ledger_is_left_alone() {
        for message in ["", "{}", "[]", r#"{"eventType":"Bounce","mail":{"tags":{}}}"#] {
            assert!(read(message).is_none(), "{message}");
        }
        assert!(read(&event("Send", &json!({}))).is_none());
        assert!(read(&event("Bounce", &json!({}))).is_none());
        assert!(read(&event("Bounce", &bounce("Permanent")).replace("01GRMVYYK0", "")).is_none());
    }
}
