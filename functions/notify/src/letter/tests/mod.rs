//! Letters as people read them. `INSTA_UPDATE=always cargo test -p notify` keeps them as they are written now.

use countersign_domain::eservice::EServiceId;
use countersign_domain::language::Language;
use countersign_domain::request::StateName;
use countersign_domain::workflow::{Action, Audience, From, Party, Row, TABLE, Write};

use self::fixture::{PORTAL, Scene, claimed, form_of, guideline_form, processed, row, submitted, told};
use super::{Letter, Unwritten, write};
use crate::news::What;

pub(super) mod commands;
pub(super) mod fixture;
mod hostile;
mod quoted;
mod reply;
mod wording;

/// Holds a letter against the one that is kept.
pub(super) fn assert_kept(name: &str, language: Language, letter: &Letter) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let name = format!("{name}.{}", language.tag());
        let text = format!("Subject: {}\n\n{}", letter.subject, letter.text);
        insta::assert_snapshot!(format!("{name}.text"), text);
        insta::assert_snapshot!(format!("{name}.html"), letter.html);
    });
}

fn name_of(row: &Row, audience: Audience) -> String {
    let action = row.action.as_str();
    let From::State(from) = row.from else {
        panic!("{action} tells somebody, and starts from no state")
    };
    let first = if row.has(Write::FirstCheck) { "-first" } else { "" };
    if row.is_for(EServiceId::Da3) {
        format!("{action}{first}-from-{from:?}-to-{audience:?}")
    } else {
        format!("{}-{action}-to-{audience:?}", EServiceId::Am1)
    }
}

/// The letters after the deadline that say that nothing is guaranteed.
fn late(language: Language) -> Vec<(String, Letter)> {
    let rows = [
        row(StateName::Draft, Action::Submit, Party::ItsMaker),
        row(StateName::Claimed, Action::Confirm, Party::Holder),
        row(StateName::ReadyToSend, Action::ConfirmByMail, Party::Checker),
        row(StateName::Processing, Action::Complete, Party::HoldingOfficer),
    ];
    let told = rows
        .into_iter()
        .flat_map(|row| row.tell.iter().map(move |&to| (row, to)));
    told.map(|(row, audience)| {
        let name = format!("late-{}-to-{audience:?}", row.action.as_str());
        (name, Scene::late(row).letter(audience, language))
    })
    .collect()
}

/// The steps that settle a request which registers no address, and whom they tell.
fn settled() -> [(&'static Row, Audience); 5] {
    let complete = row(StateName::Processing, Action::Complete, Party::HoldingOfficer);
    let reject = row(StateName::Processing, Action::Reject, Party::HoldingOfficer);
    [
        (complete, Audience::Maker),
        (complete, Audience::Checker),
        (complete, Audience::ContactPersons),
        (reject, Audience::Maker),
        (reject, Audience::Checker),
    ]
}

/// The letters about requests of the other eServices that show or say something else.
fn of_other_eservices(language: Language) -> Vec<(String, Letter)> {
    let submit = row(StateName::Draft, Action::Submit, Party::ItsMaker);
    let letter = |id: EServiceId, row: &Row, audience| {
        let mut scene = Scene::of(row);
        scene.fill_in(id);
        let name = format!("{}-{}-to-{audience:?}", id.code(), row.action.as_str());
        (name, scene.letter(audience, language))
    };
    // By name, so that an eService can be added without a letter of its own to keep.
    let others = [
        EServiceId::SCard1,
        EServiceId::SCard2,
        EServiceId::SCard3,
        EServiceId::Am1,
    ];
    let to_check = others
        .into_iter()
        .map(|id| letter(id, submit, Audience::Checkers));
    let settled = settled().map(|(row, audience)| letter(EServiceId::SCard1, row, audience));
    to_check.chain(settled).collect()
}

/// Every letter in a language: of the guideline's walk, late, and of the other eServices.
fn letters(language: Language) -> Vec<(String, Letter)> {
    let walk =
        told().map(|(row, audience)| (name_of(row, audience), Scene::of(row).letter(audience, language)));
    let submit = submitted();
    let unreachable = (
        "checkers-unreachable-to-Maker".to_owned(),
        submit.unreachable(language),
    );
    let ends_soon = [(claimed(), Audience::Holder), (processed(), Audience::Officer)];
    let ends_soon = ends_soon.map(|(scene, to)| {
        let name = format!("claim-ends-soon-to-{to:?}");
        (name, scene.ends_soon(to, language))
    });
    let complete = row(StateName::Processing, Action::Complete, Party::HoldingOfficer);
    let bounced = Scene::of(complete).address_bounced(language);
    let bounced = ("address-bounced-to-Maker".to_owned(), bounced);
    walk.chain(late(language))
        .chain(of_other_eservices(language))
        .chain([unreachable, bounced])
        .chain(ends_soon)
        .chain(reply::letters(language))
        .collect()
}

#[test]
fn every_letter_is_as_it_is_kept() {
    for language in Language::ALL {
        for (name, letter) in letters(language) {
            assert_kept(&name, language, &letter);
        }
    }
}

#[test]
fn a_checker_reads_the_whole_request_with_every_row_remark_and_contact() {
    let mut scene = submitted();
    let mut draft = guideline_form();
    draft["changes"] = serde_json::json!([
        {"userId": "B01234X1", "email": "ABC@bank.com.hk"},
        {"userId": "B01234X2", "email": "da2@例子.example"},
        {"userId": "B01234X3", "email": "a.rather.long.mailbox.name@treasury-operations.bank.com.hk"},
    ]);
    draft["remarks"] = "X2 replaces Mr Chan.\n\nX3 is new.".into();
    draft["contacts"] = serde_json::json!([
        {"name": "AAA", "email": "AAA@bank.com.hk", "telephone": "29797111"},
        {"name": "陳大文", "email": "BBB@bank.com.hk", "telephone": "+85229797112"},
    ]);
    scene.form = form_of(&draft);
    for language in Language::ALL {
        assert_kept(
            "submit-with-everything",
            language,
            &scene.letter(Audience::Checkers, language),
        );
    }
}

#[test]
fn whoever_decides_is_told_what_to_look_at_twice_and_where_it_stands() {
    let rows = [
        (
            StateName::Draft,
            Action::Submit,
            Party::ItsMaker,
            Audience::Checkers,
        ),
        (
            StateName::Claimed,
            Action::Confirm,
            Party::Holder,
            Audience::ExchangeDesk,
        ),
        (
            StateName::ReadyToSend,
            Action::ConfirmByMail,
            Party::Checker,
            Audience::ExchangeDesk,
        ),
    ];
    for (from, action, who, audience) in rows {
        let mut scene = Scene::of(row(from, action, who));
        let mut draft = guideline_form();
        draft["changes"] = serde_json::json!([
            {"userId": "B01234X1", "email": "da@b\u{430}nk.example"},
            {"userId": "B01234ZZ", "email": "da2@bank.example"},
        ]);
        scene.form = form_of(&draft);
        for (language, notices) in [
            (
                Language::English,
                [
                    "! Request 1, Email Address, da@b\u{430}nk.example (da@xn--bnk-6cd.example):",
                    "! Request 2, User ID, B01234ZZ: Not in the register: check this User ID",
                ],
            ),
            (
                Language::TraditionalChinese,
                [
                    "! 申請 1，電郵地址，da@b\u{430}nk.example",
                    "! 申請 2，用戶識別碼，B01234ZZ：登記冊並無此用戶識別碼，請核對",
                ],
            ),
        ] {
            let letter = scene.letter(audience, language);
            for notice in notices {
                assert!(letter.text.contains(notice), "{notice}: {}", letter.text);
            }
            assert_eq!(letter.text.matches("\n! ").count(), 2, "{}", letter.text);
            assert!(letter.html.contains("B01234ZZ"));
        }
    }
}

/// That nothing is missing in a language the compiler sees to; this sees that every pair of the table has its letter.
#[test]
fn whomever_the_workflow_tells_gets_a_letter_of_their_own_in_their_language() {
    for (row, audience) in told() {
        let scene = Scene::of(row);
        let [english, chinese] = Language::ALL.map(|language| scene.letter(audience, language));
        assert_ne!(english.text, chinese.text, "{}", name_of(row, audience));
        assert!(english.text.is_ascii() || english.text.contains(['“', '”', '’']));
        for letter in [english, chinese] {
            let reference = scene.step.reference.as_ref().unwrap().to_string();
            assert!(letter.subject.starts_with(&reference), "{}", letter.subject);
            assert!(letter.text.contains(&reference) && letter.html.contains(&reference));
        }
    }
}

#[test]
fn whom_the_workflow_does_not_tell_gets_no_letter() {
    let silent = TABLE.iter().filter(|row| row.tell.is_empty());
    for row in silent {
        let scene = Scene::of(row);
        for audience in Audience::ALL {
            let to = scene.recipient(audience, Language::English);
            let none = write(&scene.news(What::Step), &to);
            assert!(
                matches!(none, Err(Unwritten::NotToBeTold)),
                "{row:?} {audience:?}"
            );
        }
    }
}

#[test]
fn who_holds_a_request_reads_when_their_claim_ends_and_nothing_that_they_wrote_themselves() {
    let mut scene = claimed();
    scene.step.message = Some("Mine.".to_owned());
    let letter = scene.ends_soon(Audience::Holder, Language::English);
    for told in [
        "07-Feb-2023 10:45 HKT",
        "08-Feb-2023 09:45 HKT",
        "A Maker",
        "D Wong",
    ] {
        assert!(
            unwrapped(&letter).contains(told) && letter.html.contains(told),
            "{told}"
        );
    }
    assert!(!letter.text.contains("Mine."));
}

#[test]
fn a_request_that_was_never_submitted_has_no_letter() {
    let mut scene = Scene::of(row(StateName::ReadyToSend, Action::Reclaim, Party::ItsMaker));
    scene.step.reference = None;
    scene.head.reference = None;
    let to = scene.recipient(Audience::Checkers, Language::English);
    let none = write(&scene.news(What::Step), &to);
    assert!(matches!(none, Err(Unwritten::NoReference)));
}

#[test]
fn whoever_has_no_access_to_the_portal_gets_no_link_into_it() {
    let complete = row(StateName::Processing, Action::Complete, Party::HoldingOfficer);
    for scene in [Scene::of(complete), Scene::late(complete)] {
        for language in Language::ALL {
            for audience in [Audience::ContactPersons, Audience::NewAddresses] {
                let letter = scene.letter(audience, language);
                for part in [&letter.text, &letter.html] {
                    assert!(
                        !part.contains("portal.example") && !part.contains("href"),
                        "{part}"
                    );
                    assert!(!part.contains("http"), "{part}");
                }
            }
        }
    }
}

#[test]
fn a_checker_gets_one_link_and_it_leads_to_the_request() {
    let scene = submitted();
    let url = format!("{PORTAL}/portal/requests/{}", scene.head.id);
    let letter = scene.letter(Audience::Checkers, Language::English);
    assert!(letter.text.lines().any(|line| line == url));
    let links: Vec<&str> = letter.html.split("href=\"").skip(1).collect();
    assert!(!links.is_empty() && links.iter().all(|link| link.starts_with(&format!("{url}\""))));
}

/// A letter's text without our line ends and indents.
fn unwrapped(letter: &Letter) -> String {
    letter.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_administrator_learns_who_did_it_and_whom_to_call() {
    let scene = Scene::of(row(
        StateName::Processing,
        Action::Complete,
        Party::HoldingOfficer,
    ));
    let letter = scene.letter(Audience::NewAddresses, Language::English);
    for told in [
        "ABC@bank.com.hk",
        "B01234X1",
        "ABC Company",
        "HKSCC Participant (B01234)",
        "A Maker",
        "D Wong",
        "07-Feb-2023 15:20 HKT",
        "29797111",
        "AAA@bank.com.hk",
        "User Profile Listing",
        "parallel run",
    ] {
        assert!(
            unwrapped(&letter).contains(told) && letter.html.contains(told),
            "{told}"
        );
    }
}

#[test]
fn a_late_request_is_promised_nothing_and_one_in_time_is() {
    let complete = row(StateName::Processing, Action::Complete, Party::HoldingOfficer);
    for (scene, says) in [(Scene::of(complete), false), (Scene::late(complete), true)] {
        for audience in complete.tell {
            let text = unwrapped(&scene.letter(*audience, Language::English));
            assert_eq!(
                text.contains("not guaranteed") && text.contains("28-Apr-2023"),
                says,
                "{text}"
            );
        }
    }
    let mut unknown = Scene::of(complete);
    unknown.head.guaranteed = None;
    assert!(
        !unknown
            .letter(Audience::NewAddresses, Language::English)
            .text
            .contains("parallel run")
    );
}

#[test]
fn the_letter_to_check_lists_every_value_of_every_eservice() {
    let submit = row(StateName::Draft, Action::Submit, Party::ItsMaker);
    for id in EServiceId::ALL {
        for language in Language::ALL {
            let mut scene = Scene::of(submit);
            scene.fill_in(id);
            let text = unwrapped(&scene.letter(Audience::Checkers, language));
            for value in scene.form.form().values() {
                for line in value.shown(language).lines() {
                    assert!(text.contains(line), "{id} {}: {text}", value.pointer);
                }
            }
        }
    }
}

#[test]
fn no_letter_of_an_eservice_without_addresses_speaks_of_them() {
    for id in [EServiceId::SCard1, EServiceId::SCard2, EServiceId::SCard3] {
        for (row, audience) in settled() {
            let mut scene = Scene::of(row);
            scene.fill_in(id);
            let text = unwrapped(&scene.letter(audience, Language::English));
            for word in ["addresses", "2FA", "parallel run"] {
                assert!(!text.contains(word), "{id}: {text}");
            }
        }
    }
}

#[test]
fn no_line_of_ours_is_wider_than_a_screen_of_text() {
    for language in Language::ALL {
        for (name, letter) in letters(language) {
            let mut ours = letter.text.lines().filter(|line| !line.starts_with("mailto:"));
            let wide = ours.find(|line| line.chars().count() > 90);
            assert_eq!(wide, None, "{name}");
        }
    }
}
