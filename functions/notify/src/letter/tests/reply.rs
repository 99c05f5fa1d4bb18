//! Letters on deciding by reply.

use std::collections::BTreeSet;

use countersign_domain::approval::Declined;
use countersign_domain::language::Language;
use countersign_domain::request::StateName;
use countersign_domain::wording;
use countersign_domain::workflow::{Action, Audience, Party, Row};

use super::fixture::{self, ENDS_SOON, PORTAL, REPLY_ADDRESS, Scene, row, submitted, told};
use super::unwrapped;
use crate::letter::kind::Kind;
use crate::letter::{Letter, words, write};
use crate::news::What;

/// A submitted request that somebody has claimed since.
fn claimed() -> Scene {
    Scene::of_declined(Declined::NoLongerPossible)
}

/// The letters that no row of the workflow tells by itself.
pub(super) fn letters(language: Language) -> Vec<(String, Letter)> {
    let mut letters = vec![
        (
            "submit-to-Checkers-who-may-reply".to_owned(),
            submitted().offer(language),
        ),
        (
            "declined-NotUnderstood-of-a-claimed-request".to_owned(),
            claimed().declined(Declined::NotUnderstood, language),
        ),
    ];
    letters.extend(Declined::ALL.map(|why| {
        (
            format!("declined-{why:?}"),
            Scene::of_declined(why).declined(why, language),
        )
    }));
    letters
}

#[test]
fn a_checker_who_may_reply_reads_what_to_reply_and_until_when_and_what_it_confirms() {
    let scene = submitted();
    let [english, chinese] = Language::ALL.map(|language| scene.offer(language));
    let sha256 = scene.step.form_hash.to_string();
    for (letter, returns) in [
        (&english, "RETURN DA3_00013361 <reason>"),
        (&chinese, "RETURN DA3_00013361 <原因>"),
    ] {
        let lines: Vec<&str> = letter.text.lines().map(str::trim).collect();
        for line in ["CONFIRM DA3_00013361", returns, sha256.as_str()] {
            assert!(lines.contains(&line), "{line}: {}", letter.text);
            let escaped = line.replace('<', "&#60;").replace('>', "&#62;");
            assert!(letter.html.contains(&format!(">{escaped}</code>")), "{line}");
        }
        for part in [&unwrapped(letter), &letter.html] {
            assert!(part.contains("10-Feb-2023 10:43 HKT") && part.contains("checker@abc.example"));
        }
    }
    let text = unwrapped(&english);
    for told in [
        "Version: 4",
        "confirms version 4",
        "up to 2,000 characters",
        "Do not forward this e-mail",
        "Only a reply as described above counts.",
    ] {
        assert!(text.contains(told), "{told}");
    }
    assert!(!text.contains("are not read") && !chinese.text.contains("請勿回覆"));
}

#[test]
fn the_request_stands_before_the_way_to_decide_on_it_by_reply() {
    for language in Language::ALL {
        let letter = submitted().offer(language);
        for part in [letter.text, letter.html] {
            let at = |text: &str| part.find(text).unwrap();
            assert!(at("ABC@bank.com.hk") < at("CONFIRM DA3_00013361") && at("29797111") < at("CONFIRM DA3"));
        }
    }
}

#[test]
fn the_link_that_begins_a_reply_is_a_whole_mail_that_confirms() {
    let letter = submitted().offer(Language::English);
    let links: Vec<&str> = letter.html.split("href=\"mailto:").skip(1).collect();
    let [link] = links[..] else { panic!("{links:?}") };
    let (link, _) = link.split_once('"').unwrap();
    assert_eq!(
        link,
        "approve%2Babcdefghijklmnopqrstuvwxyz@mail.example\
         ?subject=Re%3A%20DA3_00013361%3A%20ready%20for%20you%20to%20check\
         &#38;body=CONFIRM%20DA3_00013361%0D%0A"
    );
    let chinese = submitted().offer(Language::TraditionalChinese).html;
    assert!(chinese.contains("?subject=Re%3A%20DA3_00013361%EF%BC%9A%E5%BE%85"));
}

#[test]
fn a_checker_who_may_not_reply_reads_of_no_such_way() {
    let after_the_deadline = {
        let late = Scene::late(row(StateName::Draft, Action::Submit, Party::ItsMaker));
        Language::ALL.map(|language| late.offer(language))
    };
    let without_address = Language::ALL.map(|language| submitted().letter(Audience::Checkers, language));
    for letter in after_the_deadline.into_iter().chain(without_address) {
        for part in [unwrapped(&letter), letter.html] {
            for word in [
                "CONFIRM",
                "RETURN",
                "mailto:",
                "approve",
                "replying",
                "reply ",
                "回覆此電郵以",
            ] {
                assert!(!part.contains(word), "{word}: {part}");
            }
            assert!(
                part.contains("Replies to this address are not read.") || part.contains("請勿回覆此電郵")
            );
        }
    }
}

#[test]
fn the_address_to_reply_to_stands_in_no_other_letter() {
    let offers = |row: &Row, audience| row.action == Action::Submit && audience == Audience::Checkers;
    let steps = told()
        .filter(|(row, audience)| !offers(row, *audience))
        .map(|(row, audience)| (Scene::of(row), audience, What::Step));
    let declined = Declined::ALL.map(|why| (Scene::of_declined(why), Audience::Checker, What::Declined(why)));
    let unreachable = (submitted(), Audience::Maker, What::CheckersUnreachable);
    let ends_soon = (fixture::claimed(), Audience::LastHolder, ENDS_SOON);
    for (scene, audience, what) in steps.chain(declined).chain([unreachable, ends_soon]) {
        for language in Language::ALL {
            let mut to = scene.recipient(audience, language);
            to.reply_address = Some(REPLY_ADDRESS.to_owned());
            let letter = write(&scene.news(what), &to).unwrap();
            for part in [letter.subject, letter.text, letter.html] {
                assert!(!part.contains("approve") && !part.contains("mailto:"), "{part}");
            }
        }
    }
}

#[test]
fn every_reason_why_a_reply_did_nothing_has_words_of_its_own_in_both_languages() {
    let mut openings = BTreeSet::new();
    for language in Language::ALL {
        for why in Declined::ALL {
            let wording = (words::of(language).wording)(Kind::Declined(why));
            let [nothing, because] = wording.opening else {
                panic!("{why:?} has no reason")
            };
            assert!(nothing.contains("did nothing") || nothing.contains("未有生效"));
            assert!(openings.insert(*because), "{because}");
        }
    }
}

#[test]
fn a_reply_that_can_be_mended_is_answered_with_how_and_one_that_cannot_with_the_portal() {
    for (scene, why, mends) in [
        (submitted(), Declined::NotUnderstood, true),
        (submitted(), Declined::OtherRequest, true),
        (claimed(), Declined::NotUnderstood, false),
        (submitted(), Declined::Expired, false),
        (submitted(), Declined::SwitchedOff, false),
        (claimed(), Declined::NoLongerPossible, false),
    ] {
        for language in Language::ALL {
            let text = scene.declined(why, language).text;
            assert_eq!(text.contains("    CONFIRM DA3_00013361\n"), mends, "{text}");
            assert_eq!(text.contains("10-Feb-2023 10:43 HKT"), mends, "{text}");
            assert!(text.contains(PORTAL), "{text}");
        }
    }
}

#[test]
fn whose_reply_did_nothing_reads_the_status_once_the_request_has_moved_on() {
    let [english, chinese] =
        Language::ALL.map(|language| unwrapped(&claimed().declined(Declined::NoLongerPossible, language)));
    assert!(english.contains("The request’s status is now: Claimed By D Wong on 07-Feb-2023 10:45 HKT."));
    assert!(english.contains(&wording::status(&claimed().head.state, Language::English)));
    assert!(chinese.contains("已由 D Wong 於 07-Feb-2023 10:45 HKT 認領"));
    let unmoved = unwrapped(&submitted().declined(Declined::NotUnderstood, Language::English));
    assert!(!unmoved.contains("status"));
}

/// To them the request does not exist any more.
#[test]
fn whoever_lost_the_right_to_check_reads_nothing_of_where_the_request_stands() {
    for language in Language::ALL {
        let letter = claimed().declined(Declined::RightMissing, language);
        for part in [letter.text, letter.html] {
            for hidden in ["10:45", "Claimed", "認領", PORTAL, "CONFIRM", "B01234X1"] {
                assert!(!part.contains(hidden), "{hidden}: {part}");
            }
        }
    }
}

#[test]
fn the_receipts_say_what_was_done_and_what_to_do_if_it_was_somebody_else() {
    let confirmed = row(StateName::ReadyToSend, Action::ConfirmByMail, Party::Checker);
    let returned = row(StateName::ReadyToSend, Action::ReturnByMail, Party::Checker);
    let receipt = |row| unwrapped(&Scene::of(row).letter(Audience::Checker, Language::English));
    let (confirmed, returned) = (receipt(confirmed), receipt(returned));
    for told in [
        "sent to HKEX on 07-Feb-2023 10:45 HKT",
        "choose “Reclaim”",
        "https://portal.example/portal/requests/",
    ] {
        assert!(confirmed.contains(told), "{told}: {confirmed}");
    }
    for told in [
        "If this was not you, tell A Maker",
        "> The address is the helpdesk's.",
        "a draft again on 07-Feb-2023 10:45 HKT",
    ] {
        assert!(returned.contains(told), "{told}: {returned}");
    }
}
