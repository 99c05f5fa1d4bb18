//! Reminders as people read them. `INSTA_UPDATE=always cargo test -p notify` keeps them as they are written now.

use countersign_domain::language::Language;

use self::fixture::{PORTAL, Scene, none};
use crate::letter::Unwritten;
use crate::letter::tests::{assert_kept, commands};
use crate::letter::text::MAX_OCTETS;

mod files;
mod fixture;

fn scenes() -> [(&'static str, Scene); 10] {
    [
        ("reminder-early-to-a-maker", Scene::early()),
        ("reminder-without-a-checker", Scene::without_a_checker()),
        (
            "reminder-short-of-a-second-checker",
            Scene::short_of_a_second_checker(),
        ),
        ("reminder-for-everyone", Scene::everyone(3, true)),
        ("reminder-without-the-right", Scene::everyone(3, false)),
        ("reminder-to-an-officer", Scene::officer()),
        ("reminder-one-day-left", Scene::everyone(1, true)),
        ("reminder-last-day", Scene::everyone(0, true)),
        ("reminder-cut-off", Scene::cut_off()),
        ("reminder-with-hostile-words", Scene::hostile()),
    ]
}

#[test]
fn every_reminder_is_as_it_is_kept() {
    for language in Language::ALL {
        for (name, scene) in scenes() {
            assert_kept(name, language, &scene.letter(language));
        }
    }
}

#[test]
fn no_reminder_contains_a_command() {
    let letters = Language::ALL
        .into_iter()
        .flat_map(|language| scenes().map(|(_, scene)| scene.letter(language)));
    commands::assert_none_in(letters);
}

#[test]
fn the_subject_says_how_many_days_are_left_and_how_many_there_are_of_what_is_farthest_from_done() {
    let subject = |scene: &Scene| scene.letter(Language::English).subject;
    assert_eq!(
        subject(&Scene::early()),
        "14 days left: 2 administrators have no e-mail address that works"
    );
    let mut scene = Scene::everyone(1, true);
    scene.digest.not_registered = none();
    assert_eq!(subject(&scene), "1 day left: 1 draft has not been submitted");
    scene.digest.days_left = 0;
    scene.digest.drafts = none();
    assert_eq!(
        subject(&scene),
        "Today is the last day: 1 request is waiting for a checker"
    );
    assert_eq!(
        subject(&Scene::officer()),
        "7 days left: 1 request is waiting on the exchange desk"
    );
    let chinese = Scene::cut_off().letter(Language::TraditionalChinese).subject;
    assert_eq!(chinese, "尚餘 3 天：52 名授權管理員沒有可用的電郵地址");
}

#[test]
fn a_list_that_is_cut_off_says_how_many_more_there_are() {
    let text = Scene::cut_off().letter(Language::English).text;
    assert!(
        text.contains("  - and 2 more\n") && text.contains("  - and 1 more\n"),
        "{text}"
    );
    assert!(text.contains("B01234X50") && !text.contains("B01234X51"));
}

#[test]
fn whoever_lacks_the_right_gets_no_link_that_would_be_refused_and_is_told_whom_to_ask() {
    for language in Language::ALL {
        let letter = Scene::everyone(3, false).letter(language);
        for part in [&letter.text, &letter.html] {
            assert!(
                !part.contains("portal.example") && !part.contains("href"),
                "{part}"
            );
            assert!(part.contains("EU_UserMaintenance"));
        }
        let file = letter.file.unwrap().content;
        assert!(file.contains("\r\nURL:https://portal.example/\r\n"), "{file}");
    }
    let mut officer = Scene::officer();
    (officer.digest.is_for_everyone, officer.digest.may_act) = (true, false);
    assert!(officer.letter(Language::English).text.contains("HKEX_Operations"));
}

#[test]
fn whoever_may_act_gets_a_link_to_each_request_and_to_the_form() {
    let scene = Scene::everyone(3, true);
    let letter = scene.letter(Language::English);
    let requests = [&scene.digest.drafts, &scene.digest.waiting, &scene.digest.claimed];
    let paths = requests.map(|listed| format!("/portal/requests/{}", listed.rows[0].request));
    for path in paths.iter().map(String::as_str).chain(["/portal/requests/new"]) {
        let url = format!("{PORTAL}{path}");
        assert!(letter.text.lines().any(|line| line.trim() == url), "{url}");
        assert!(letter.html.contains(&format!("href=\"{url}\"")), "{url}");
    }
}

#[test]
fn no_reminder_mixes_languages_or_leaves_a_slot_open() {
    let is_chinese = |c: char| ('\u{3000}'..'\u{a000}').contains(&c) || ('\u{ff00}'..'\u{ff61}').contains(&c);
    for (name, scene) in scenes().into_iter().take(7) {
        let [english, chinese] = Language::ALL.map(|language| scene.letter(language));
        assert!(
            !english.text.contains(is_chinese) && !english.subject.contains(is_chinese),
            "{name}"
        );
        let file = english.file.unwrap().content;
        assert!(!file.contains(is_chinese), "{file}");
        for words in ["You ", "deadline is", "left", "request", "since", "more"] {
            assert!(
                !chinese.text.replace("/portal/requests", "").contains(words),
                "{name}: {words}"
            );
        }
        for part in [&english.text, &chinese.text, &english.subject, &chinese.subject] {
            assert!(
                !part.contains(['{', '}']) && !part.contains("  b"),
                "{name}: {part}"
            );
        }
    }
}

#[test]
fn hostile_words_stay_words() {
    for language in Language::ALL {
        let letter = Scene::hostile().letter(language);
        assert_eq!(letter.subject, Scene::everyone(1, true).letter(language).subject);
        assert!(!letter.html.contains("<script") && letter.html.contains("&#60;script&#62;"));
        for part in [&letter.text, &letter.html] {
            assert!(!part.contains(['\u{202e}', '\u{2028}', '\r']));
            assert!(part.contains("{deadline}"), "what somebody typed is no slot");
        }
        assert!(
            letter
                .text
                .lines()
                .all(|line| !line.starts_with("Bcc:") && line.len() <= MAX_OCTETS)
        );
        let file = letter.file.unwrap().content;
        assert!(!file.contains("Bcc") && !file.contains("script"), "{file}");
    }
}

#[test]
fn nothing_left_to_do_is_no_reminder() {
    let written = Scene::of_company(3).write(Language::English);
    assert!(matches!(written, Err(Unwritten::NothingToDo)));
}

#[test]
fn a_companys_reminders_of_a_campaign_are_one_conversation_and_another_companys_are_not() {
    let of = |scene: &Scene| {
        let campaign = scene.campaign();
        scene.reminder(&campaign, Language::English).conversation()
    };
    assert_eq!(of(&Scene::early()), of(&Scene::everyone(0, true)));
    assert_ne!(of(&Scene::early()), of(&Scene::officer()));
    assert!(
        of(&Scene::early())
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    );
}
