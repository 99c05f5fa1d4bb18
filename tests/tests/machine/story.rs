//! What can happen in a story, and how random stories are generated.
//!
//! A step refers to people, requests and earlier steps by numbers, modulo how many there are. So a story still makes
//! sense when earlier steps are removed, which is how a failing story shrinks.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// The most steps that a story has.
const LONGEST: usize = 100;

/// When the story starts, and what happens in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Story {
    pub(crate) start: Start,
    pub(crate) steps: Vec<Step>,
}

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
    /// Somebody sends a command.
    Command(Command),
    /// Somebody sends an earlier command again, unchanged.
    Repeat { command: u8 },
    /// Two people send commands at the same time.
    AtOnce { first: Command, second: Command },
    /// Somebody replies to an e-mail.
    Reply(MailReply),
    /// Time passes.
    Jump(Jump),
    /// Time passes, and then the job that ends claims runs.
    EndClaims(Jump),
    /// The company asks for two checkers, or for one.
    AskForTwo(bool),
    /// Somebody goes away, or is back.
    Away { person: u8, is_away: bool },
}

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
    HandOver,
    TakeOver,
    Return,
    Confirm,
    Complete,
    Reject,
}

impl Verb {
    pub(crate) const ALL: [Self; 14] = [
        Self::Create,
        Self::Save,
        Self::Clone,
        Self::Discard,
        Self::Submit,
        Self::Reclaim,
        Self::Claim,
        Self::Release,
        Self::HandOver,
        Self::TakeOver,
        Self::Return,
        Self::Confirm,
        Self::Complete,
        Self::Reject,
    ];

    /// The name in routes and in the history.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create | Self::Save => "save",
            Self::Clone => "clone",
            Self::Discard => "discard",
            Self::Submit => "submit",
            Self::Reclaim => "reclaim",
            Self::Claim => "claim",
            Self::Release => "release",
            Self::HandOver => "hand-over",
            Self::TakeOver => "take-over",
            Self::Return => "return",
            Self::Confirm => "confirm",
            Self::Complete => "complete",
            Self::Reject => "reject",
        }
    }

    /// How often a possible verb is selected. The verbs that take a request further are rarely possible, so they are
    /// selected more often.
    pub(crate) fn weight(self) -> usize {
        match self {
            Self::Claim | Self::Confirm => 6,
            Self::Submit | Self::Complete | Self::Reject | Self::TakeOver => 4,
            Self::HandOver | Self::Create | Self::Return | Self::Release => 2,
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

    /// Whether it comes with a message to the next-step user, if the command has one.
    pub(crate) fn takes_message(self) -> bool {
        self.needs_message() || self == Self::TakeOver
    }

    /// Whether it always needs a message to the next-step user.
    pub(crate) fn needs_message(self) -> bool {
        matches!(self, Self::Return | Self::Reject)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Command {
    pub(crate) aim: Aim,
    /// Selects one of the possible commands.
    pub(crate) choice: u16,
    pub(crate) person: u8,
    pub(crate) verb: Verb,
    pub(crate) request: u8,
    pub(crate) door: Door,
    pub(crate) reading: Reading,
    pub(crate) key: Key,
    /// Whether it has a message, if the verb needs one.
    pub(crate) has_message: bool,
    /// Whether the answer gets lost, so that the command is sent again.
    pub(crate) is_answer_lost: bool,
    pub(crate) form: FormSeed,
}

/// Where a command's person, verb and request come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Aim {
    /// All three from what is possible in the model.
    Possible,
    /// Verb and request from what is possible, the person at random.
    ByAnother,
    /// All three at random.
    Anything,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Door {
    Api,
    Portal,
}

/// The tag that the person sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reading {
    Current,
    Earlier(u8),
    /// The tag of another request.
    Other(u8),
    Garbage,
    Nothing,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Key {
    None,
    Fresh,
    /// A key that the person has used before.
    Again(u8),
}

/// What the form contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FormSeed {
    /// The first User ID, from the few that the company has.
    pub(crate) first_user: u8,
    pub(crate) rows: u8,
    pub(crate) address: u8,
    pub(crate) flaw: Flaw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flaw {
    None,
    /// Without the declaration: the form can be saved but not submitted.
    Undeclared,
    /// For another company's participantship.
    NotOwn,
    /// With a User ID that is not the participant's.
    WrongUserId,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MailReply {
    /// The e-mail, counted from the newest.
    pub(crate) mail: u8,
    /// The sender, if it is not the e-mail's recipient.
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

/// Random stories.
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
        3 => prop::bool::weighted(0.6).prop_map(Step::AskForTwo),
        5 => (any::<u8>(), prop::bool::weighted(0.7)).prop_map(|(person, is_away)| Step::Away { person, is_away }),
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
