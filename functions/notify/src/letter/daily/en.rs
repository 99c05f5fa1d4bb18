//! The English letter with a day's news.

use super::Words;

pub(super) static WORDS: Words = Words {
    subject_one: "{day}: 1 update on your requests",
    subject: "{day}: {n} updates on your requests",
    preheader: "What happened to requests. You don’t need to do anything.",
    heading: "Updates of {day}",
    details: "What happened, and asks for nothing",
    opening: "This is what happened since the last such e-mail. You don’t need to do anything.",
    list: "Updates",
    by: "{what}. {actor}, {at}",
    why: "You are receiving this e-mail because you chose to get such updates once a day. You can change this in your profile.",
};
