//! The day's news as people read it.

use countersign_domain::daily::{DailyDigest, PieceOfNews};
use countersign_domain::id::{CompanyId, PersonId};
use countersign_domain::language::Language;
use countersign_domain::request::StateName;
use countersign_domain::workflow::{Action, Audience, Party};
use jiff::civil::date;

use super::{Daily, daily};
use crate::letter::tests::assert_kept;
use crate::letter::tests::fixture::{PORTAL, Scene, row};
use crate::letter::{Letter, Unwritten};

fn pieces() -> Vec<PieceOfNews> {
    [
        (
            StateName::Claimed,
            Action::Confirm,
            Party::Holder,
            Audience::Maker,
        ),
        (
            StateName::Claimed,
            Action::Return,
            Party::Holder,
            Audience::OtherCheckers,
        ),
        (
            StateName::Processing,
            Action::Complete,
            Party::HoldingOfficer,
            Audience::Checker,
        ),
    ]
    .map(|(from, action, who, audience)| PieceOfNews::of(&Scene::of(row(from, action, who)).step, audience))
    .into()
}

fn letter(news: Vec<PieceOfNews>, name: &str, language: Language) -> Result<Letter, Unwritten> {
    let digest = DailyDigest {
        day: date(2023, 2, 7),
        company: CompanyId::parse("abc").unwrap(),
        person: PersonId::parse("p").unwrap(),
        as_of: news
            .first()
            .map_or(jiff::Timestamp::UNIX_EPOCH, |piece| piece.step.at),
        news,
    };
    daily(&Daily {
        digest: &digest,
        name,
        language,
        portal_url: PORTAL,
    })
}

#[test]
fn the_days_news_is_as_it_is_kept() {
    for language in Language::ALL {
        let letter = letter(pieces(), "D Wong", language).unwrap();
        assert_kept("daily-digest", language, &letter);
    }
}

#[test]
fn every_piece_says_what_happened_who_did_it_and_when_and_nothing_that_they_wrote() {
    let letter = letter(pieces(), "D Wong", Language::English).unwrap();
    assert_eq!(letter.subject, "07-Feb-2023: 3 updates on your requests");
    let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "sent to HKEX. D Wong, 07-Feb-2023 10:45 HKT",
        "returned, nothing to check. D Wong",
        "completed. E Officer",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("helpdesk") && !letter.html.contains("helpdesk"));
}

#[test]
fn a_step_that_no_letter_announces_is_neither_listed_nor_counted() {
    let mut news = pieces();
    news[0].step.reference = None;
    let letter = letter(news, "D Wong", Language::English).unwrap();
    assert_eq!(letter.subject, "07-Feb-2023: 2 updates on your requests");
    assert!(!letter.text.contains("sent to HKEX"));
}

#[test]
fn a_hostile_name_stays_text_and_a_digest_without_news_is_no_letter() {
    let mut news = pieces();
    news[0].step.actor.name = "<b>Eve</b>\r\nBcc: thief@evil.example".to_owned();
    let letter = letter(news, "<i>D</i>", Language::English).unwrap();
    assert!(!letter.html.contains("<b>Eve") && !letter.html.contains("<i>D"));
    assert!(!letter.subject.contains("Eve") && !letter.text.contains("\nBcc:"));
    let none = super::tests::letter(Vec::new(), "D Wong", Language::English);
    assert!(matches!(none, Err(Unwritten::NothingToDo)));
}

#[test]
fn no_slot_is_left_open_in_either_language() {
    for language in Language::ALL {
        for count in 1..=2 {
            let letter = letter(pieces()[..count].to_vec(), "D Wong", language).unwrap();
            assert!(!letter.text.contains(['{', '}']) && !letter.subject.contains(['{', '}']));
        }
    }
}
