//! Passwords that are tried, and users that outlive a restart.

use super::*;

fn users() -> Users {
    users_in(None)
}

fn users_in(file: Option<&PathBuf>) -> Users {
    let ann = User {
        sub: "1".to_owned(),
        email: "ann@abc.example".to_owned(),
        password: "right".to_owned(),
        groups: Vec::new(),
        attributes: BTreeMap::new(),
    };
    Users::open(vec![ann], file, Timestamp::UNIX_EPOCH).unwrap()
}

/// What trying a password at this millisecond comes to.
fn tried(users: &Users, email: &str, password: &str, at: i64) -> Result<(), PasswordError> {
    let now = Timestamp::from_millisecond(at).unwrap();
    users.check(email, password, now).map(|_| ())
}

#[test]
fn the_fifth_wrong_password_locks_a_user_out_for_a_second_and_each_further_one_for_twice_as_long() {
    let wrong = Err(PasswordError::Wrong);
    for email in ["ann@abc.example", "nobody@abc.example"] {
        let users = users();
        let mut at = 0;
        for _ in 0..5 {
            assert_eq!(tried(&users, email, "wrong", at), wrong, "{email}");
        }
        for lockout in [1_000, 2_000, 4_000, 8_000] {
            let locked = Err(PasswordError::AttemptsExceeded);
            assert_eq!(tried(&users, email, "right", at + lockout - 1), locked, "{email}");
            at += lockout;
            assert_eq!(tried(&users, email, "wrong", at), wrong, "{email}");
        }
    }
}

#[test]
fn a_lockout_ends_after_a_quarter_of_an_hour_at_the_latest() {
    let users = users();
    let mut at = 0;
    for _ in 0..20 {
        assert_eq!(
            tried(&users, "ann@abc.example", "wrong", at),
            Err(PasswordError::Wrong)
        );
        at += 15 * 60 * 1_000;
    }
    assert_eq!(tried(&users, "Ann@ABC.example ", "right", at), Ok(()));
}

#[test]
fn the_right_password_and_a_quarter_of_an_hour_without_a_try_begin_anew() {
    let users = users();
    let wrong = Err(PasswordError::Wrong);
    for at in [0, 16 * 60 * 1_000] {
        for _ in 0..4 {
            assert_eq!(tried(&users, "ann@abc.example", "wrong", at), wrong);
        }
    }
    assert_eq!(tried(&users, "ann@abc.example", "right", 16 * 60 * 1_000), Ok(()));
    for _ in 0..4 {
        assert_eq!(tried(&users, "ann@abc.example", "wrong", 0), wrong);
    }
}

#[test]
fn what_became_of_users_outlives_a_restart_and_half_a_line_does_not() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("users.jsonl");
    let now = Timestamp::UNIX_EPOCH;
    let users = users_in(Some(&file));
    let attributes = BTreeMap::from([(EMAIL.to_owned(), "ben@abc.example".to_owned())]);
    let ben = Account::new("2".to_owned(), attributes.clone(), Secret::new("secret"), now);
    users.add(ben.clone()).unwrap();
    let cut = Account::new("3".to_owned(), attributes, Secret::new("secret"), now);
    assert!(matches!(users.add(cut), Err(UserError::EmailTaken)));
    let renamed = |user: &mut Account| {
        user.attributes
            .insert(EMAIL.to_owned(), "anna@abc.example".to_owned());
    };
    users.change("ann@abc.example", now, renamed).unwrap();
    users.delete("2").unwrap();
    let mut journal = OpenOptions::new().append(true).open(&file).unwrap();
    journal.write_all(b"{\"deleted\":\"1").unwrap();

    let again = users_in(Some(&file));
    assert!(again.get("ben@abc.example").is_none() && again.get("ann@abc.example").is_none());
    assert_eq!(tried(&again, "anna@abc.example", "right", 0), Ok(()));
    assert_eq!(again.all().len(), 1);
    assert!(!std::fs::read_to_string(&file).unwrap().contains("right"));
}

#[test]
fn a_temporary_password_lets_nobody_in_after_its_time_nor_anyone_who_is_disabled() {
    let users = users();
    let now = Timestamp::UNIX_EPOCH;
    let until = Some(temporary_until(now, 1));
    users
        .change("1", now, |user| user.set_password("temporary", until))
        .unwrap();
    let day = 24 * 60 * 60 * 1_000;
    assert_eq!(tried(&users, "ann@abc.example", "temporary", day - 1), Ok(()));
    assert_eq!(
        tried(&users, "ann@abc.example", "temporary", day),
        Err(PasswordError::Expired)
    );
    users.change("1", now, |user| user.is_enabled = false).unwrap();
    assert_eq!(
        tried(&users, "ann@abc.example", "temporary", 0),
        Err(PasswordError::Wrong)
    );
}
