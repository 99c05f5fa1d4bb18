//! What can happen in a story, and how chance makes one up.
//!
//! A step names people, requests and earlier steps by numbers that are taken modulo what there is, so a story stays
//! meaningful when steps before it are left out: that is what lets a failing story shrink.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// Steps of a story at most.
const LONGEST: usize = 100;

/// Some people, one table, and what happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Story {
    pub(crate) start: Start,
    pub(crate) steps: Vec<Step>,
}

/// When a story starts.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Start {
    BeforeOpening,
    MidCampaign,
    OnTheDeadline,
}

impl Start {
    pub(crate) fn clock(self) -> &'static str {
        match self {
            Self::BeforeOpening => "2023-03-19T23:50:00+08:00",
            Self::MidCampaign => "2023-04-03T10:43:00+08:00",
            Self::OnTheDeadline => "2023-04-28T23:30:00+08:00",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Somebody asks for something.
    Command(Command),
    /// Somebody sends an earlier command again, to the letter.
    Repeat { command: u8 },
    /// Two people ask for something at the same time.
    AtOnce { first: Command, second: Command },
    /// Somebody replies to a mail.
    Reply(MailReply),
    /// Time passes.
    Jump(Jump),
    /// The job that ends claims runs, some time later.
    EndClaims(Jump),
}

/// What a person does to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Verb {
    Create,
    Save,
    Clone,
    Discard,
    Submit,
    Reclaim,
    Claim,
    Release,
    Return,
    Confirm,
    Complete,
    Reject,
}

impl Verb {
    pub(crate) const ALL: [Self; 12] = [
        Self::Create,
        Self::Save,
        Self::Clone,
        Self::Discard,
        Self::Submit,
        Self::Reclaim,
        Self::Claim,
        Self::Release,
        Self::Return,
        Self::Confirm,
        Self::Complete,
        Self::Reject,
    ];

    /// As routes and the history name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create | Self::Save => "save",
            Self::Clone => "clone",
            Self::Discard => "discard",
            Self::Submit => "submit",
            Self::Reclaim => "reclaim",
            Self::Claim => "claim",
            Self::Release => "release",
            Self::Return => "return",
            Self::Confirm => "confirm",
            Self::Complete => "complete",
            Self::Reject => "reject",
        }
    }

    /// How often it is aimed at where it is possible. Whatever brings a request on is rarely so, and happens more often.
    pub(crate) fn weight(self) -> usize {
        match self {
            Self::Claim | Self::Confirm => 6,
            Self::Submit | Self::Complete | Self::Reject => 4,
            Self::Create | Self::Return | Self::Release => 2,
            Self::Save | Self::Clone | Self::Discard | Self::Reclaim => 1,
        }
    }

    /// Whether it makes a request.
    pub(crate) fn makes_one(self) -> bool {
        matches!(self, Self::Create | Self::Clone)
    }

    /// Whether it brings a form.
    pub(crate) fn has_form(self) -> bool {
        matches!(self, Self::Create | Self::Save)
    }

    /// Whether it needs a message to the next-step user.
    pub(crate) fn needs_message(self) -> bool {
        matches!(self, Self::Return | Self::Reject)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Command {
    pub(crate) aim: Aim,
    /// What of all that is possible it aims at.
    pub(crate) choice: u16,
    pub(crate) person: u8,
    pub(crate) verb: Verb,
    pub(crate) request: u8,
    pub(crate) door: Door,
    pub(crate) reading: Reading,
    pub(crate) key: Key,
    /// Whether a message comes along where one is needed.
    pub(crate) has_message: bool,
    /// Whether the answer gets lost, so that the command is sent twice.
    pub(crate) is_answer_lost: bool,
    pub(crate) form: FormSeed,
}

/// Where a command takes its person, verb and request from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Aim {
    /// From what the model takes for possible.
    Possible,
    /// From there as well, but for the person.
    ByAnother,
    /// From its own numbers.
    Anything,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Door {
    Api,
    Portal,
}

/// What the person has read of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reading {
    Current,
    Earlier(u8),
    /// Another request.
    Other(u8),
    Garbage,
    Nothing,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Key {
    None,
    Fresh,
    /// One that the person has used before.
    Again(u8),
}

/// What a form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FormSeed {
    /// The first User ID, among the few that a company has.
    pub(crate) first_user: u8,
    pub(crate) rows: u8,
    pub(crate) address: u8,
    pub(crate) flaw: Flaw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flaw {
    None,
    /// Nobody has declared anything: it can be kept, and not submitted.
    Undeclared,
    /// Another company's participantship.
    NotOwn,
    /// A User ID that is none of the participant's.
    WrongUserId,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MailReply {
    /// The mail, newest first.
    pub(crate) mail: u8,
    /// Who sends it, if not who got the mail.
    pub(crate) impostor: Option<u8>,
    pub(crate) says: Says,
    /// Whether SES vouches for the sender.
    pub(crate) is_vouched_for: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Says {
    Confirm,
    Return,
    Nonsense,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Jump {
    Minutes20,
    Hours9,
    Day,
    Days5,
}

impl Jump {
    pub(crate) fn minutes(self) -> i64 {
        match self {
            Self::Minutes20 => 20,
            Self::Hours9 => 9 * 60,
            Self::Day => 24 * 60,
            Self::Days5 => 5 * 24 * 60,
        }
    }
}

/// Stories that chance makes up.
pub(crate) fn stories() -> impl Strategy<Value = Story> {
    let start = prop_oneof![
        6 => Just(Start::MidCampaign),
        1 => Just(Start::BeforeOpening),
        1 => Just(Start::OnTheDeadline),
    ];
    let steps = prop::collection::vec(step(), 20..=LONGEST);
    (start, steps).prop_map(|(start, steps)| Story { start, steps })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        70 => command().prop_map(Step::Command),
        6 => any::<u8>().prop_map(|command| Step::Repeat { command }),
        6 => (command(), command()).prop_map(|(first, second)| Step::AtOnce { first, second }),
        14 => mail_reply().prop_map(Step::Reply),
        4 => jump().prop_map(Step::Jump),
        4 => jump().prop_map(Step::EndClaims),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let aim = (aim(), any::<u16>(), any::<u8>());
    let verb = prop::sample::select(Verb::ALL.to_vec());
    let door = prop_oneof![2 => Just(Door::Api), 1 => Just(Door::Portal)];
    let how = (
        door,
        reading(),
        key(),
        prop::bool::weighted(0.95),
        prop::bool::weighted(0.1),
    );
    (aim, verb, any::<u8>(), how, form()).prop_map(
        |((aim, choice, person), verb, request, (door, reading, key, has_message, is_answer_lost), form)| {
            Command {
                aim,
                choice,
                person,
                verb,
                request,
                door,
                reading,
                key,
                has_message,
                is_answer_lost,
                form,
            }
        },
    )
}

fn aim() -> impl Strategy<Value = Aim> {
    prop_oneof![
        13 => Just(Aim::Possible),
        4 => Just(Aim::ByAnother),
        3 => Just(Aim::Anything),
    ]
}

fn reading() -> impl Strategy<Value = Reading> {
    prop_oneof![
        84 => Just(Reading::Current),
        9 => any::<u8>().prop_map(Reading::Earlier),
        3 => any::<u8>().prop_map(Reading::Other),
        2 => Just(Reading::Garbage),
        2 => Just(Reading::Nothing),
    ]
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        5 => Just(Key::None),
        4 => Just(Key::Fresh),
        1 => any::<u8>().prop_map(Key::Again),
    ]
}

fn form() -> impl Strategy<Value = FormSeed> {
    let flaw = prop_oneof![
        20 => Just(Flaw::None),
        2 => Just(Flaw::Undeclared),
        1 => Just(Flaw::NotOwn),
        1 => Just(Flaw::WrongUserId),
    ];
    (any::<u8>(), 1..=2_u8, 0..4_u8, flaw).prop_map(|(first_user, rows, address, flaw)| FormSeed {
        first_user,
        rows,
        address,
        flaw,
    })
}

fn mail_reply() -> impl Strategy<Value = MailReply> {
    let says = prop_oneof![3 => Just(Says::Confirm), 3 => Just(Says::Return), 1 => Just(Says::Nonsense)];
    let mail = prop_oneof![4 => 0..2_u8, 1 => any::<u8>()];
    (
        mail,
        prop::option::weighted(0.15, any::<u8>()),
        says,
        prop::bool::weighted(0.9),
    )
        .prop_map(|(mail, impostor, says, is_vouched_for)| MailReply {
            mail,
            impostor,
            says,
            is_vouched_for,
        })
}

fn jump() -> impl Strategy<Value = Jump> {
    prop_oneof![
        3 => Just(Jump::Minutes20),
        2 => Just(Jump::Hours9),
        2 => Just(Jump::Day),
        1 => Just(Jump::Days5),
    ]
}
