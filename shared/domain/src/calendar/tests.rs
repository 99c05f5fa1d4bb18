use jiff::civil::date;

use super::*;

fn hours() -> WorkingHours {
    WorkingHours::parse("09:00-18:00").unwrap()
}

fn at(text: &str) -> Timestamp {
    time::parse(&format!("{text}:00+08:00")).unwrap()
}

#[test]
fn weekends_and_general_holidays_are_no_working_days() {
    // Good Friday, Easter Saturday, Sunday and Easter Monday 2023, with the days around them.
    let works: Vec<bool> = (6..=11)
        .map(|day| is_working_day(date(2023, 4, day)).unwrap())
        .collect();
    assert_eq!(works, [true, false, false, false, false, true]);
    assert_eq!(working_day_up_to(date(2023, 4, 10)).unwrap(), date(2023, 4, 6));
    assert_eq!(
        working_days_between(date(2023, 4, 4), date(2023, 4, 12)).unwrap(),
        3
    );
}

#[test]
fn years_follow_each_other_and_hold_only_their_own_days_in_order() {
    for (at, (year, days)) in holidays::YEARS.iter().enumerate() {
        assert_eq!(*year, holidays::YEARS[0].0 + i16::try_from(at).unwrap());
        assert!(days.iter().all(|day| day.year() == *year));
        assert!(days.is_sorted_by(|a, b| a < b));
        // The ordinance gives seventeen a year; one that falls on a Sunday moves to another day.
        assert_eq!(days.len(), 17);
        assert!(days.iter().all(|day| day.weekday() != Weekday::Sunday));
    }
}

#[test]
fn a_day_that_the_list_does_not_reach_is_an_error_that_says_what_to_add() {
    let (first, last) = years();
    for day in [date(first - 1, 12, 31), date(last + 1, 1, 3)] {
        let error = is_working_day(day).unwrap_err().to_string();
        assert!(error.contains(&day.to_string()), "{error}");
        assert!(error.contains(&format!("{first} to {last}")), "{error}");
        assert!(error.contains("holidays.rs"), "{error}");
    }
    assert!(hours().after(at(&format!("{last}-12-31T17:00")), 8).is_err());
}

#[test]
fn working_hours_pass_over_nights_weekends_and_holidays() {
    for (start, number, end) in [
        ("2023-02-07T10:45", 4, "2023-02-07T14:45"),
        ("2023-02-07T10:45", 8, "2023-02-08T09:45"),
        ("2023-02-07T07:00", 9, "2023-02-07T18:00"),
        ("2023-02-07T20:00", 1, "2023-02-08T10:00"),
        // Friday afternoon to Monday.
        ("2023-02-10T17:00", 2, "2023-02-13T10:00"),
        // Thursday before Easter to the Tuesday after it.
        ("2023-04-06T17:00", 2, "2023-04-11T10:00"),
    ] {
        let found = hours().after(at(start), number).unwrap();
        assert_eq!(time::shown(found), time::shown(at(end)), "{start} + {number}");
    }
}

#[test]
fn the_instant_before_an_end_leaves_that_many_working_hours() {
    for (end, number, start) in [
        ("2023-02-07T14:45", 1, "2023-02-07T13:45"),
        ("2023-02-08T09:30", 1, "2023-02-07T17:30"),
        ("2023-04-11T10:00", 2, "2023-04-06T17:00"),
    ] {
        let found = hours().before(at(end), number).unwrap();
        assert_eq!(time::shown(found), time::shown(at(start)), "{end} - {number}");
    }
}

#[test]
fn hours_that_end_before_they_begin_are_none() {
    for text in ["", "09:00", "18:00-09:00", "09:00-09:00", "9-18", "09:00-25:00"] {
        assert!(WorkingHours::parse(text).is_none(), "{text}");
    }
}
