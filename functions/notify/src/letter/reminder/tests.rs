//! Reminders as people read them. `INSTA_UPDATE=always cargo test -p notify` keeps them as they are written now.

use countersign_domain::campaign::{Campaign, Dates};
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::{CompanyId, ParticipantId, PersonId, Reference, RequestId};
use countersign_domain::language::Language;
use countersign_domain::reminder::{Administrator, Digest, Listed, MOST_ROWS, Task};
use countersign_domain::time;
use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{FILE_NAME, Reminder, remind};
use crate::letter::tests::assert_kept;
use crate::letter::text::MAX_OCTETS;
use crate::letter::{Letter, Unwritten};

const PORTAL: &str = "https://portal.example";

/// What somebody types to make a letter say something that we don't.
const HOSTILE: &str =
    "A\r\nBcc: thief@evil.example\r\n\r\n<script>alert(1)</script> {deadline} \u{202e}x\u{2028}y ש";

/// A reminder before it is written.
struct Scene {
    digest: Digest,
    name: String,
    company: String,
    parallel_run: Option<Date>,
}

fn at(text: &str) -> Timestamp {
    time::parse(&format!("{text}:00+08:00")).unwrap()
}

fn none<T>() -> Listed<T> {
    Listed {
        total: 0,
        rows: Vec::new(),
    }
}

fn listed<T>(rows: Vec<T>) -> Listed<T> {
    Listed {
        total: rows.len(),
        rows,
    }
}

fn administrators(participant: &str, count: usize) -> Vec<Administrator> {
    let administrator = |number| Administrator {
        participant: ParticipantId::parse(participant).unwrap(),
        user_id: format!("{participant}X{number}"),
    };
    (1..=count).map(administrator).collect()
}

fn task(number: u32, with: Option<&str>, since: &str) -> Task {
    Task {
        request: RequestId::from_parts(1_675_737_780_000, number.into()),
        reference: Reference::new("DA3", number),
        eservice: EServiceId::Da3,
        with: with.map(str::to_owned),
        since: at(since),
        claim_ends: None,
    }
}

impl Scene {
    /// Of ABC Company, on the day so many days before the deadline.
    fn of_company(days_left: u32) -> Self {
        let day = date(2023, 4, 28)
            .checked_sub(jiff::Span::new().days(days_left))
            .unwrap();
        Self {
            digest: Digest {
                day,
                days_left,
                working_days_left: days_left.min(3),
                company: CompanyId::parse("abc").unwrap(),
                person: PersonId::parse("maker").unwrap(),
                is_for_everyone: false,
                may_act: true,
                not_registered: none(),
                drafts: none(),
                waiting: none(),
                claimed: none(),
                as_of: at(&format!("{day}T09:00")),
            },
            name: "A Maker".to_owned(),
            company: "ABC Company".to_owned(),
            parallel_run: None,
        }
    }

    /// A maker with two administrators and a draft to see to, two weeks ahead.
    fn early() -> Self {
        let mut scene = Self::of_company(14);
        scene.digest.working_days_left = 10;
        scene.digest.not_registered = listed(administrators("B01234", 2));
        let draft = Task {
            reference: None,
            ..task(7, Some("A Maker"), "2023-04-12T16:05")
        };
        scene.digest.drafts = listed(vec![draft]);
        scene
    }

    /// Everything that there can be at a company in the last days, for everyone of it.
    fn everyone(days_left: u32, may_act: bool) -> Self {
        let mut scene = Self::of_company(days_left);
        let mut left = administrators("B01234", 3);
        left.extend(administrators("CXYZ", 1));
        let claimed = Task {
            claim_ends: Some(at("2023-04-26T13:30")),
            ..task(13363, Some("D Wong"), "2023-04-24T17:30")
        };
        scene.digest = Digest {
            is_for_everyone: true,
            may_act,
            not_registered: listed(left),
            drafts: listed(vec![task(13361, Some("A Maker"), "2023-04-20T10:43")]),
            waiting: listed(vec![task(13362, None, "2023-04-21T11:00")]),
            claimed: listed(vec![claimed]),
            ..scene.digest
        };
        scene.parallel_run = Some(date(2023, 6, 5));
        scene
    }

    /// An officer of the exchange, with a request that waits and one of their own.
    fn officer() -> Self {
        let mut scene = Self::of_company(7);
        scene.digest.company = CompanyId::parse(CompanyId::EXCHANGE).unwrap();
        scene.digest.waiting = listed(vec![task(13361, None, "2023-04-20T10:43")]);
        scene.digest.claimed = listed(vec![task(13362, Some("E Officer"), "2023-04-20T15:20")]);
        scene.name = "E Officer".to_owned();
        scene.company = "HKEX".to_owned();
        scene
    }

    /// More of everything than a letter lists.
    fn cut_off() -> Self {
        let mut scene = Self::everyone(3, true);
        scene.digest.not_registered = Listed {
            total: 52,
            rows: administrators("B01234", MOST_ROWS),
        };
        let drafts = (1..)
            .take(MOST_ROWS)
            .map(|number| task(number, Some("A Maker"), "2023-04-20T10:43"));
        scene.digest.drafts = Listed {
            total: MOST_ROWS + 1,
            rows: drafts.collect(),
        };
        scene
    }

    /// Hostile words wherever somebody can type some.
    fn hostile() -> Self {
        let mut scene = Self::everyone(1, true);
        scene.name = HOSTILE.to_owned();
        scene.company = HOSTILE.to_owned();
        scene.digest.drafts.rows[0].with = Some(HOSTILE.to_owned());
        scene.digest.claimed.rows[0].with = Some("W".repeat(2_000));
        scene.digest.not_registered.rows[0].user_id = HOSTILE.to_owned();
        scene
    }

    fn letter(&self, language: Language) -> Letter {
        self.write(language).unwrap()
    }

    fn write(&self, language: Language) -> Result<Letter, Unwritten> {
        let campaign = Campaign::new(Dates {
            opens: date(2023, 3, 20),
            deadline: date(2023, 4, 28),
            parallel_run: self.parallel_run,
            reminder_days: [30, 14, 7, 3, 1, 0].into(),
            reminder_time: jiff::civil::time(9, 0, 0, 0),
        });
        remind(&Reminder {
            digest: &self.digest,
            name: &self.name,
            company: &self.company,
            language,
            campaign: &campaign.unwrap(),
            portal_url: PORTAL,
            mail_domain: "countersign.example",
        })
    }
}

fn scenes() -> [(&'static str, Scene); 8] {
    [
        ("reminder-early-to-a-maker", Scene::early()),
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
fn the_subject_says_how_many_days_are_left_and_how_many_there_are_of_what_is_farthest_from_done() {
    let subject = |scene: &Scene| scene.letter(Language::English).subject;
    assert_eq!(
        subject(&Scene::early()),
        "14 days left: 2 administrators have no e-mail address registered"
    );
    let mut scene = Scene::everyone(1, true);
    scene.digest.not_registered = none();
    assert_eq!(subject(&scene), "1 day left: 1 draft is not submitted");
    scene.digest.days_left = 0;
    scene.digest.drafts = none();
    assert_eq!(
        subject(&scene),
        "Today is the last day: 1 request waits for a checker"
    );
    assert_eq!(
        subject(&Scene::officer()),
        "7 days left: 1 request waits on the exchange desk"
    );
    let chinese = Scene::cut_off().letter(Language::TraditionalChinese).subject;
    assert_eq!(chinese, "尚餘 3 天：52 名授權管理員尚未登記電郵地址");
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

/// The properties of a file, each unfolded, in their order.
fn properties(file: &str) -> Vec<(String, String)> {
    assert!(file.ends_with("END:VCALENDAR\r\n"));
    assert!(
        file.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains(['\n', '\r']))
    );
    let unfolded = file.replace("\r\n ", "");
    let lines = unfolded.split_terminator("\r\n");
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), value.to_owned())
    };
    lines.map(pair).collect()
}

#[test]
fn the_file_is_one_entry_on_the_deadlines_day_with_an_alarm_on_the_working_day_before() {
    for language in Language::ALL {
        let file = Scene::everyone(3, true).letter(language).file.unwrap();
        assert_eq!(
            (file.name, file.content_type),
            (FILE_NAME, "text/calendar; charset=utf-8")
        );
        let all = properties(&file.content);
        let of = |name: &str| -> Vec<&str> {
            let named = all.iter().filter(|(own, _)| own == name);
            named.map(|(_, value)| value.as_str()).collect()
        };
        assert_eq!(of("BEGIN"), ["VCALENDAR", "VEVENT", "VALARM"]);
        assert_eq!(of("END"), ["VALARM", "VEVENT", "VCALENDAR"]);
        assert_eq!(of("VERSION"), ["2.0"]);
        assert_eq!(of("UID"), ["deadline-2023-03-20@countersign.example"]);
        assert_eq!(of("DTSTAMP"), ["20230425T010000Z"]);
        assert_eq!(of("DTSTART;VALUE=DATE"), ["20230428"]);
        assert_eq!(of("DTEND;VALUE=DATE"), ["20230429"]);
        assert_eq!(of("TRIGGER"), ["-PT900M"], "09:00 of the day before");
        assert_eq!(of("SEQUENCE"), ["36"]);
        assert!(of("SUMMARY")[0].contains("23:59:59"));
        assert!(of("DESCRIPTION")[0].contains("28-Apr-2023 23:59:59 HKT"));
        for invitation in ["METHOD", "ATTENDEE", "ORGANIZER"] {
            assert!(!file.content.contains(invitation), "{invitation}");
        }
    }
}

#[test]
fn a_later_file_takes_the_place_of_an_earlier_one() {
    let of = |scene: &Scene, name: &str| {
        let file = scene.letter(Language::English).file.unwrap();
        let all = properties(&file.content);
        all.into_iter().find(|(own, _)| own == name).unwrap().1
    };
    let (earlier, later) = (Scene::early(), Scene::everyone(0, false));
    assert_eq!(of(&earlier, "UID"), of(&later, "UID"));
    let number = |scene: &Scene| of(scene, "SEQUENCE").parse::<u32>().unwrap();
    assert!(number(&earlier) < number(&later));
}

#[test]
fn a_companys_reminders_of_a_campaign_are_one_conversation_and_another_companys_are_not() {
    let of = |scene: &Scene| {
        let campaign = Campaign::new(Dates {
            opens: date(2023, 3, 20),
            deadline: date(2023, 4, 28),
            parallel_run: None,
            reminder_days: [0].into(),
            reminder_time: jiff::civil::time(9, 0, 0, 0),
        });
        let reminder = Reminder {
            digest: &scene.digest,
            name: "",
            company: "",
            language: Language::English,
            campaign: &campaign.unwrap(),
            portal_url: PORTAL,
            mail_domain: "countersign.example",
        };
        reminder.conversation()
    };
    assert_eq!(of(&Scene::early()), of(&Scene::everyone(0, true)));
    assert_ne!(of(&Scene::early()), of(&Scene::officer()));
    assert!(
        of(&Scene::early())
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    );
}
