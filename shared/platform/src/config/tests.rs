//! Which variables are read, and what is said of those that can't be.

use super::*;

pub(crate) fn vars(name: &str) -> Option<String> {
    let value = match name {
        CAMPAIGN_OPENS => "2023-03-20",
        CAMPAIGN_DEADLINE => "2023-04-28",
        CAMPAIGN_REMINDER_DAYS => "30,14,7,3,1,0",
        CAMPAIGN_REMINDER_TIME => "09:00",
        CAMPAIGN_TIME_ZONE => "Asia/Hong_Kong",
        WORKING_HOURS => "09:00-18:00",
        CLAIM_HOURS => "8",
        OFFICER_CLAIM_HOURS => "16",
        CLAIM_WARNING_HOURS => "1",
        REPLY_HOURS => "27",
        USER_ID_SUFFIX => "[A-Z0-9]{1,4}",
        LOG_LEVEL => "info",
        STACK_NAME | TABLE_NAME | REGION | ACCESS_KEY | SECRET_KEY => "x",
        _ => return None,
    };
    Some(value.to_owned())
}

#[test]
fn what_the_template_sets_is_enough() {
    assert!(Config::from_vars(vars).is_ok());
}

#[test]
fn a_function_that_people_sign_in_to_needs_all_of_it() {
    let with = |missing: &'static str| {
        Config::from_vars(move |name| match name {
            name if name == missing => None,
            PORTAL_URL | SIGN_IN_URL => Some("https://portal.example".to_owned()),
            TOKEN_ISSUER | CLIENT_ID => Some("x".to_owned()),
            SESSION_HOURS => Some("10".to_owned()),
            IDLE_MINUTES => Some("30".to_owned()),
            SECOND_FACTOR => Some("ON".to_owned()),
            name => vars(name),
        })
    };
    assert!(with("").unwrap().sign_in.is_some());
    assert!(with(CLIENT_ID).unwrap().sign_in.is_none());
    for missing in [
        PORTAL_URL,
        SIGN_IN_URL,
        TOKEN_ISSUER,
        SESSION_HOURS,
        IDLE_MINUTES,
        SECOND_FACTOR,
    ] {
        let error = with(missing).err().unwrap();
        assert_eq!(error.to_string(), format!("{missing} is not set"));
    }
}

#[test]
fn the_footer_has_a_link_only_if_the_operator_names_one() {
    let link = |value: &'static str| {
        let config = Config::from_vars(move |name| match name {
            PORTAL_URL | SIGN_IN_URL => Some("https://portal.example".to_owned()),
            TOKEN_ISSUER | CLIENT_ID => Some("x".to_owned()),
            SESSION_HOURS => Some("10".to_owned()),
            IDLE_MINUTES => Some("30".to_owned()),
            SECOND_FACTOR => Some("ON".to_owned()),
            FOOTER_LINK => Some(value.to_owned()),
            name => vars(name),
        });
        config.unwrap().sign_in.unwrap().footer_link
    };
    assert_eq!(link(""), None);
    let status = FooterLink {
        english: "Status".to_owned(),
        traditional_chinese: "狀態".to_owned(),
        address: "https://status.example/a?b=c".to_owned(),
    };
    assert_eq!(link("Status|狀態|https://status.example/a?b=c"), Some(status));
    assert_eq!(
        link("Mailbox|郵箱|/mailbox").map(|link| link.address),
        Some("/mailbox".to_owned())
    );
}

#[test]
fn a_function_that_sends_mail_needs_all_of_it() {
    let with = |changed: &'static str, value: Option<&'static str>| {
        Config::from_vars(move |name| match name {
            name if name == changed => value.map(str::to_owned),
            PORTAL_URL => Some("https://portal.example".to_owned()),
            MAIL_FROM => Some("no-reply@portal.example".to_owned()),
            MAIL_CONFIGURATION_SET => Some("x".to_owned()),
            name => vars(name),
        })
    };
    assert!(with("", None).unwrap().mail.is_some());
    assert!(with(MAIL_FROM, None).unwrap().mail.is_none());
    for (variable, value, problem) in [
        (PORTAL_URL, None, "is not set"),
        (MAIL_CONFIGURATION_SET, None, "is not set"),
        (MAIL_FROM, Some("no-reply"), "is not an e-mail address"),
    ] {
        let error = with(variable, value).err().unwrap();
        assert_eq!(error.to_string(), format!("{variable} {problem}"));
    }
}

#[test]
fn a_function_that_keeps_the_user_pool_knows_how_long_an_invitation_is_good_for() {
    let with = |days: Option<&'static str>| {
        Config::from_vars(move |name| match name {
            USER_POOL => Some("pool".to_owned()),
            INVITATION_DAYS => days.map(str::to_owned),
            TOKEN_MINUTES => Some("15".to_owned()),
            name => vars(name),
        })
    };
    assert_eq!(with(Some("3")).unwrap().user_pool.unwrap().invitation_days, 3);
    let problem = |days| with(days).err().unwrap().to_string();
    assert_eq!(problem(None), "INVITATION_DAYS is not set");
    assert_eq!(problem(Some("soon")), "INVITATION_DAYS is not a number of days");
}

#[test]
fn a_bad_variable_is_named() {
    for (variable, value) in [
        (TABLE_NAME, ""),
        (CAMPAIGN_OPENS, "20 March"),
        (CAMPAIGN_DEADLINE, "2023-03-19"),
        (CAMPAIGN_DEADLINE, "2093-04-28"),
        (CAMPAIGN_PARALLEL_RUN, "soon"),
        (CAMPAIGN_PARALLEL_RUN, "2023-04-28"),
        (CAMPAIGN_REMINDER_DAYS, "30,,7"),
        (CAMPAIGN_REMINDER_DAYS, "366"),
        (CAMPAIGN_REMINDER_DAYS, "-1"),
        (CAMPAIGN_REMINDER_TIME, "9"),
        (CAMPAIGN_TIME_ZONE, "Europe/London"),
        (WORKING_HOURS, "18:00-09:00"),
        (CLAIM_HOURS, "a day"),
        (OFFICER_CLAIM_HOURS, "two days"),
        (CLAIM_WARNING_HOURS, "8"),
        (REPLY_HOURS, "three days"),
        (USER_ID_SUFFIX, "["),
        (LOG_LEVEL, "loud"),
        (EDGE_DIGESTS, "secret"),
        (PORTAL_URL, "https://portal.example/"),
        (PORTAL_URL, "portal.example"),
        (SYSTEM_CALLS_PER_MINUTE, "many"),
        (FOOTER_LINK, "/status"),
        (FOOTER_LINK, "Status||/status"),
        (FOOTER_LINK, "Status|狀態|javascript:alert(1)"),
    ] {
        let read = |name: &str| match name {
            name if name == variable => Some(value.to_owned()),
            PORTAL_URL | SIGN_IN_URL if variable != PORTAL_URL => Some("https://portal.example".to_owned()),
            CLIENT_ID | TOKEN_ISSUER => Some("x".to_owned()),
            SESSION_HOURS => Some("10".to_owned()),
            IDLE_MINUTES => Some("30".to_owned()),
            SECOND_FACTOR => Some("ON".to_owned()),
            name => vars(name),
        };
        let error = Config::from_vars(read).err().unwrap();
        assert!(error.to_string().starts_with(variable), "{error}");
    }
}

#[test]
fn the_edge_has_no_secret_one_or_two() {
    let one = Digest::of(b"one");
    let two = Digest::of(b"two");
    for (value, expected) in [
        (String::new(), vec![]),
        (one.to_string(), vec![one]),
        (format!("{one},{two}"), vec![one, two]),
    ] {
        let config = Config::from_vars(|name| match name {
            EDGE_DIGESTS => Some(value.clone()),
            name => vars(name),
        });
        assert_eq!(config.unwrap().edge, expected);
    }
}

#[test]
fn checkers_decide_by_replying_only_where_the_template_says_yes() {
    let with = |value: &'static str| {
        let config = Config::from_vars(move |name| match name {
            APPROVAL_BY_REPLY => Some(value.to_owned()),
            name => vars(name),
        });
        config.map(|config| config.approval_by_reply)
    };
    assert_eq!(with("yes").ok(), Some(true));
    assert_eq!(with("no").ok(), Some(false));
    assert!(!Config::from_vars(vars).unwrap().approval_by_reply);
    let error = with("maybe").err().unwrap();
    assert_eq!(error.to_string(), "APPROVAL_BY_REPLY is not yes or no");
}
