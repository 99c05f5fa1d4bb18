//! Letters on deciding by reply.

use std::collections::BTreeSet;

use countersign_domain::approval::Declined;
use countersign_domain::eservice::End;
use countersign_domain::language::Language;
use countersign_domain::request::StateName;
use countersign_domain::wording;
use countersign_domain::workflow::{Action, Audience, Party, Row};

use super::fixture::{
    self, ENDS_SOON, PORTAL, REPLY_ADDRESS, Scene, first_check, row, submitted, submitted_for_two, told,
};
use super::unwrapped;
use crate::letter::kind::Kind;
use crate::letter::{Letter, words, write};
use crate::news::What;

/// A submitted request that somebody has claimed since.
fn claimed() -> Scene {
    Scene::of_declined(Declined::NoLongerPossible)
}

/// A request that was confirmed by e-mail, with words under the confirmation.
fn confirmed_with_words() -> Scene {
    let mut scene = Scene::of(row(StateName::ReadyToSend, Action::ConfirmByMail, Party::Checker));
    scene.step.message = Some("Please do not send\nrow 2.".to_owned());
    scene
}

/// The letters that no row of the workflow tells by itself.
pub(super) fn letters(language: Language) -> Vec<(String, Letter)> {
    let mut letters = vec![
        (
            "submit-to-Checkers-who-may-reply".to_owned(),
            submitted().offer(language),
        ),
        (
            "submit-of-two-offered-to-Checkers".to_owned(),
            submitted_for_two().offer(language),
        ),
        (
            "confirm-first-offered-to-Checkers".to_owned(),
            Scene::of(first_check(Action::Confirm)).offer(language),
        ),
        (
            "declined-NotUnderstood-of-a-claimed-request".to_owned(),
            claimed().declined(Declined::NotUnderstood, language),
        ),
    ];
    letters.extend(
        [Audience::Checker, Audience::Maker, Audience::ExchangeDesk].map(|audience| {
            (
                format!("confirm-by-mail-with-words-to-{audience:?}"),
                confirmed_with_words().letter(audience, language),
            )
        }),
    );
    letters.extend(Declined::ALL.map(|why| {
        (
            format!("declined-{why:?}"),
            Scene::of_declined(why).declined(why, language),
        )
    }));
    letters
}

/// The links that open an e-mail, as the HTML has them.
fn links(html: &str) -> Vec<String> {
    let links = html.split("href=\"mailto:").skip(1);
    let ends = links.filter_map(|link| link.split_once('"'));
    ends.map(|(link, _)| format!("mailto:{}", link.replace("&#38;", "&")))
        .collect()
}

#[test]
fn a_checker_who_may_reply_reads_what_to_write_and_until_when_and_what_it_confirms() {
    let scene = submitted();
    let [english, chinese] = Language::ALL.map(|language| scene.offer(language));
    let sha256 = scene.step.form_hash.to_string();
    for letter in [&english, &chinese] {
        assert!(letter.html.contains(&format!(">{sha256}</code>")));
        for part in [&unwrapped(letter), &letter.html] {
            for told in [
                "10-Feb-2023 10:43 HKT",
                "checker@abc.example",
                "CONFIRM",
                "RETURN",
                &sha256,
            ] {
                assert!(part.contains(told), "{told}: {part}");
            }
        }
    }
    let text = unwrapped(&english);
    for told in [
        "Version: 4",
        "confirms version 4",
        "up to 2,000 characters",
        "write CONFIRM or RETURN, then a space and the reference number, DA3_00013361",
        "Do not forward this e-mail",
        "counts only as described above.",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("are not read") && !chinese.text.contains("請勿回覆"));
}

#[test]
fn the_request_stands_before_the_way_to_decide_on_it_by_mail() {
    for language in Language::ALL {
        let letter = submitted().offer(language);
        for part in [letter.text, letter.html] {
            let at = |text: &str| part.find(text).unwrap();
            assert!(at("ABC@bank.com.hk") < at("mailto:") && at("29797111") < at("CONFIRM"));
        }
    }
}

#[test]
fn each_link_opens_a_new_mail_whose_only_line_is_a_command() {
    for language in Language::ALL {
        let letter = submitted().offer(language);
        let confirm = "mailto:approve%2Babcdefghijklmnopqrstuvwxyz@mail.example\
                       ?subject=DA3_00013361&body=CONFIRM%20DA3_00013361%0D%0A";
        let links = links(&letter.html);
        assert_eq!(links, [confirm, &confirm.replace("CONFIRM", "RETURN")]);
        for link in &links {
            assert!(letter.text.lines().any(|line| line == link), "{}", letter.text);
        }
    }
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
            for word in ["CONFIRM", "RETURN", "mailto:", "approve", "by e-mail", "以電郵"] {
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
    let offers = |row: &Row, audience| row.to == StateName::ReadyToSend && audience == Audience::Checkers;
    let steps = told()
        .filter(|(row, audience)| !offers(row, *audience))
        .map(|(row, audience)| (Scene::of(row), audience, What::Step));
    let declined = Declined::ALL.map(|why| (Scene::of_declined(why), Audience::Checker, What::Declined(why)));
    let unreachable = (submitted(), Audience::Maker, What::CheckersUnreachable);
    let ends_soon = (fixture::claimed(), Audience::Holder, ENDS_SOON);
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
            assert_eq!(text.contains("CONFIRM"), mends, "{text}");
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
    assert!(english.contains(&wording::status(
        &claimed().head.state,
        End::AtTheExchange,
        Language::English
    )));
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
        "If you want to undo this: 1. Open the request and choose “Reclaim”",
        "https://portal.example/portal/requests/",
    ] {
        assert!(confirmed.contains(told), "{told}: {confirmed}");
    }
    assert!(!confirmed.contains("You also wrote"), "{confirmed}");
    for told in [
        "Your reason: > The address is the helpdesk's.",
        "If you want to undo this: 1. Ask A Maker to submit it again",
        "a draft again on 07-Feb-2023 10:45 HKT",
    ] {
        assert!(returned.contains(told), "{told}: {returned}");
    }
}

/// Whether it objects is not for a program to judge.
#[test]
fn what_somebody_wrote_under_the_confirmation_is_quoted_to_them_and_is_a_message_to_everyone_else() {
    let scene = confirmed_with_words();
    for (audience, title) in [
        (Audience::Checker, "You also wrote:\n"),
        (Audience::Maker, "Message from D Wong:\n"),
        (Audience::ExchangeDesk, "Message from D Wong:\n"),
    ] {
        let letter = scene.letter(audience, Language::English);
        let quoted = format!("{title}> Please do not send\n> row 2.\n");
        assert!(letter.text.contains(&quoted), "{audience:?}: {}", letter.text);
        assert!(letter.html.contains("Please do not send"));
    }
}
