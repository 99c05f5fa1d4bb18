//! The file beside a reminder.

use countersign_domain::language::Language;

use super::fixture::Scene;
use crate::letter::reminder::FILE_NAME;

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
