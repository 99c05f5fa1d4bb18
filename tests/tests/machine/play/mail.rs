//! Replies to e-mails.

use countersign_domain::request::StateName;
use countersign_local::Mail;
use countersign_local::demonstration::PEOPLE;
use countersign_tests::cast::MESSAGE;
use countersign_tests::reply::Letter;

use super::event::hold_own;
use super::{Play, pick};
use crate::machine::checks::id_of;
use crate::machine::model::{Which, Who, person};
use crate::machine::story::{MailReply, Says, Verb};

impl Play {
    pub(super) async fn reply(&mut self, reply: &MailReply) {
        self.world.local.settle().await;
        let mails = self.world.local.mailbox();
        let mails: Vec<_> = mails
            .into_iter()
            .filter(|mail| !mail.message.reply_to.is_empty())
            .collect();
        let Some(mail) = pick(&mails, usize::from(reply.mail)) else {
            return;
        };
        let asked = PEOPLE.iter().position(|person| mail.message.to == [person.user]);
        let asked = asked.unwrap_or_else(|| panic!("{:?} is nobody's", mail.message.to));
        let sender = reply
            .impostor
            .map_or(asked, |number| usize::from(number) % PEOPLE.len());
        let subject = &mail.message.subject;
        let id = mail.message.tags["request"].clone();
        let which = self.which(&id).unwrap_or_else(|| panic!("a mail about {id}"));
        let letter = self.letter(mail, (reply, sender), which);
        self.commands += 1;
        self.world.arrives(&letter).await;
        let replies = self.replies.entry(mail.id.clone()).or_default();
        *replies += 1;
        let is_heard = *replies <= 10;
        let (events, differences) = self.look().await;
        let request = &self.model.requests[which];
        let version: usize = mail.message.tags["version"].parse().unwrap_or_default();
        let is_possible = reply.is_vouched_for
            && sender == asked
            && reply.says != Says::Nonsense
            && request.version() == version
            && request.state == StateName::ReadyToSend
            && self.model.may_check(asked, request);
        // The model does not know when a token expires.
        let is_sure = is_heard && request.jumps == self.model.jumps;
        match events.as_slice() {
            [] => {
                assert!(!(is_possible && is_sure), "{reply:?} to {subject} did nothing");
                assert_eq!(differences, [], "{reply:?} did nothing and changed something");
            }
            [event] => {
                assert!(is_possible, "{reply:?} to {subject} took a step: {:?}", event.row);
                let verb = if reply.says == Says::Confirm {
                    Verb::Confirm
                } else {
                    Verb::Return
                };
                assert_eq!((event.who, event.verb), (Some(asked), verb));
                hold_own(&differences, &event.row);
                self.record(event, &[]);
                *self.taken.entry(format!("{} by mail", verb.name())).or_default() += 1;
            }
            _ => panic!("a mail took {} steps", events.len()),
        }
        self.hold(Some(&id)).await;
    }

    fn letter(&self, mail: &Mail, (reply, sender): (&MailReply, Who), which: Which) -> Letter {
        let reference = self.snapshot.head(id_of(&self.model.requests[which])).reference;
        let reference = reference
            .map(|reference| reference.to_string())
            .unwrap_or_default();
        let says = match reply.says {
            Says::Confirm => format!("CONFIRM {reference}"),
            Says::Return => format!("RETURN {reference} {MESSAGE}"),
            Says::Nonsense => "Thank you for letting me know.".to_owned(),
        };
        let letter = Letter::of(person(sender).user, mail, &says);
        if reply.is_vouched_for {
            letter
        } else {
            letter.found("dmarc=FAIL")
        }
    }
}
