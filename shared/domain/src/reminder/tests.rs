use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{date, time as time_of_day};

use super::*;
use crate::campaign::{Campaign, Dates};
use crate::eservice::EServiceId;
use crate::fact::{Attribute, Fact, Facts};
use crate::id::{Digest as Hash, RequestId};
use crate::register::{Pending, Registered};
use crate::time;

const NOW: &str = "2023-04-14T01:00:00.000Z";

fn head(state: StateName, maker: &str, holder: &str) -> Head {
    head_of(EServiceId::Da3, state, maker, holder)
}

fn head_of(eservice: EServiceId, state: StateName, maker: &str, holder: &str) -> Head {
    let mut facts: Facts = BTreeMap::from([
        (Attribute::Id, RequestId::from_bytes([7; 16]).to_string().into()),
        (Attribute::EService, eservice.code().into()),
        (Attribute::State, state.as_str().into()),
        (Attribute::Version, Fact::Number(3)),
        (Attribute::Chain, Hash::ZERO.to_string().into()),
        (Attribute::FormHash, Hash::ZERO.to_string().into()),
        (Attribute::Company, "abc".into()),
        (Attribute::CompanyName, "ABC Company".into()),
        (Attribute::ParticipantKind, "HKSCC Participant".into()),
        (Attribute::ParticipantId, "B01234".into()),
        (Attribute::Maker, maker.into()),
        (Attribute::MakerName, maker.into()),
        (Attribute::Editors, Fact::Set(BTreeSet::from([maker.to_owned()]))),
        (
            Attribute::Reference,
            format!("{}_00013361", eservice.code()).into(),
        ),
        (Attribute::SubmittedAt, NOW.into()),
        (Attribute::CreatedAt, NOW.into()),
        (Attribute::UpdatedAt, NOW.into()),
    ]);
    if !eservice.definition().is_for_a_participant() {
        facts.remove(&Attribute::ParticipantKind);
        facts.remove(&Attribute::ParticipantId);
    }
    if state.desk().is_some() {
        facts.insert(Attribute::Desk, "COMPANY#abc".into());
        facts.insert(Attribute::DeskSince, NOW.into());
    }
    if state.is_held() {
        facts.insert(Attribute::Holder, holder.into());
        facts.insert(Attribute::HolderName, holder.into());
        facts.insert(Attribute::HolderSince, NOW.into());
    }
    if state.is_before_the_exchange() {
        facts.insert(Attribute::ConfirmedBy, "checker".into());
        facts.insert(Attribute::ConfirmedByName, "checker".into());
        facts.insert(Attribute::ConfirmedAt, NOW.into());
    }
    Head::from_facts(&facts).unwrap()
}

fn person(id: &str, rights: &[Right]) -> Colleague {
    Colleague {
        id: PersonId::parse(id).unwrap(),
        rights: rights.iter().copied().collect(),
        is_away: false,
    }
}

fn administrator(user_id: &str, pending: Option<Pending>) -> DelegatedAdministrator {
    DelegatedAdministrator {
        user_id: user_id.to_owned(),
        registration: None,
        pending,
    }
}

/// Who is reminded, and of how many administrators, drafts, waiting requests and claimed requests.
fn reminded(
    company: &str,
    requests: &[Head],
    administrators: &[DelegatedAdministrator],
    is_for_everyone: bool,
) -> Vec<(String, [usize; 4])> {
    let company = CompanyId::parse(company).unwrap();
    let people = if company.is_exchange() {
        vec![
            person("officer", &[Right::Operations]),
            person("officer2", &[Right::Operations]),
        ]
    } else {
        vec![
            person("maker", &[Right::UserMaintenance]),
            person("checker", &[Right::UserMaintenance]),
            person("checker2", &[Right::UserMaintenance]),
            person("norights", &[]),
        ]
    };
    let outstanding = Outstanding {
        company: &company,
        people: &people,
        checkers: 1,
        participants: &[(ParticipantId::parse("B01234").unwrap(), administrators.to_vec())],
        requests,
    };
    let digests = due(&outstanding, &day(is_for_everyone), time::parse(NOW).unwrap());
    let told = digests.into_iter().map(|digest| {
        let lists = [
            digest.not_registered.total,
            digest.drafts.total,
            digest.waiting.total,
            digest.claimed.total,
        ];
        (digest.person.to_string(), lists)
    });
    told.collect()
}

fn day(is_for_everyone: bool) -> ReminderDay {
    ReminderDay {
        day: date(2023, 4, 14),
        sent_on: date(2023, 4, 14),
        days_left: 14,
        working_days_left: 10,
        is_for_everyone,
    }
}

fn each(people: &[&str], lists: [usize; 4]) -> Vec<(String, [usize; 4])> {
    people
        .iter()
        .map(|person| ((*person).to_owned(), lists))
        .collect()
}

const EVERYONE: [&str; 4] = ["maker", "checker", "checker2", "norights"];

#[test]
fn an_administrator_without_an_address_concerns_everyone_who_may_make_a_request() {
    let administrators = [administrator("B01234X1", None), administrator("B01234X2", None)];
    let found = reminded("abc", &[], &administrators, false);
    assert_eq!(found, each(&["maker", "checker", "checker2"], [2, 0, 0, 0]));
}

#[test]
fn an_administrator_whose_request_is_under_way_is_nobodys_worry() {
    let campaign = Campaign::new(Dates {
        opens: date(2023, 3, 20),
        deadline: date(2023, 4, 28),
        parallel_run: None,
        reminder_days: [14].into(),
        reminder_time: time_of_day(9, 0, 0, 0),
    });
    let now = time::parse(NOW).unwrap();
    let pending = Pending::of(&head(StateName::Sent, "maker", ""), &campaign.unwrap(), now);
    assert!(pending.is_some());
    assert_eq!(
        reminded("abc", &[], &[administrator("B01234X1", pending)], false),
        []
    );
}

#[test]
fn an_administrator_whose_mail_comes_back_is_left_to_do() {
    let mut administrator = administrator("B01234X1", None);
    for (bounced, left) in [(None, 0), (Some(NOW), 3)] {
        administrator.registration = Some(Registered {
            email: "a@bank.example".to_owned(),
            since: time::parse(NOW).unwrap(),
            first: time::parse(NOW).unwrap(),
            request: RequestId::from_bytes([7; 16]),
            guaranteed: true,
            bounced: bounced.and_then(time::parse),
        });
        assert_eq!(reminded("abc", &[], &[administrator.clone()], false).len(), left);
    }
}

#[test]
fn a_draft_concerns_its_maker() {
    let found = reminded("abc", &[head(StateName::Draft, "maker", "")], &[], false);
    assert_eq!(found, each(&["maker"], [0, 1, 0, 0]));
}

#[test]
fn a_request_on_the_desk_concerns_everyone_who_may_claim_it_and_not_its_maker() {
    let found = reminded("abc", &[head(StateName::ReadyToSend, "maker", "")], &[], false);
    assert_eq!(found, each(&["checker", "checker2"], [0, 0, 1, 0]));
}

#[test]
fn a_claim_concerns_its_holder() {
    let found = reminded(
        "abc",
        &[head(StateName::Claimed, "maker", "checker2")],
        &[],
        false,
    );
    assert_eq!(found, each(&["checker2"], [0, 0, 0, 1]));
}

#[test]
fn in_the_last_days_all_of_it_concerns_everyone_of_the_company() {
    let requests = [
        head(StateName::Draft, "maker", ""),
        head(StateName::ReadyToSend, "maker", ""),
        head(StateName::Claimed, "maker", "checker"),
    ];
    let found = reminded("abc", &requests, &[administrator("B01234X1", None)], true);
    assert_eq!(found, each(&EVERYONE, [1, 1, 1, 1]));
}

#[test]
fn what_the_exchange_has_concerns_its_officers_alone() {
    let requests = [
        head(StateName::Sent, "maker", ""),
        head(StateName::Processing, "maker", "officer2"),
    ];
    assert_eq!(reminded("abc", &requests, &[], true), []);
    let mut expected = each(&["officer"], [0, 0, 1, 0]);
    expected.extend(each(&["officer2"], [0, 0, 1, 1]));
    assert_eq!(reminded("EXCHANGE", &requests, &[], false), expected);
}

#[test]
fn a_long_list_is_cut_off_and_counted() {
    let administrators: Vec<_> = (1..=120)
        .map(|number| administrator(&format!("B01234X{number}"), None))
        .collect();
    let listed = Listed::of(administrators.iter());
    assert_eq!((listed.total, listed.rows.len()), (120, MOST_ROWS));
}

/// Who is warned that too few people are there, with how many of whom are there, if the checker is away.
fn warned(requests: &[Head], checkers: u8) -> Vec<(String, Option<[usize; 2]>)> {
    let mut people = vec![
        person("maker", &[Right::UserMaintenance]),
        person("checker", &[Right::UserMaintenance]),
        person("norights", &[]),
    ];
    people[1].is_away = true;
    let outstanding = Outstanding {
        company: &CompanyId::parse("abc").unwrap(),
        people: &people,
        checkers,
        participants: &[],
        requests,
    };
    let digests = due(&outstanding, &day(true), time::parse(NOW).unwrap());
    let told = digests.into_iter().map(|digest| {
        let shortage = digest.shortage;
        let shortage = shortage.map(|shortage| [shortage.there, shortage.needed]);
        (digest.person.to_string(), shortage)
    });
    told.collect()
}

#[test]
fn a_company_whose_only_checker_is_away_is_warned_while_something_is_left_and_who_is_away_is_not_reminded() {
    let waiting = [head(StateName::ReadyToSend, "maker", "")];
    let short = Some([1, 2]);
    let told = vec![("maker".to_owned(), short), ("norights".to_owned(), None)];
    assert_eq!(warned(&waiting, 1), told);
    assert_eq!(warned(&[], 1), []);
    assert_eq!(warned(&waiting, 2)[0].1, Some([1, 3]));
}

#[test]
fn who_has_nothing_left_is_warned_too_if_a_colleagues_request_cannot_get_through() {
    let people = [
        person("maker", &[Right::UserMaintenance]),
        Colleague {
            is_away: true,
            ..person("checker", &[Right::UserMaintenance])
        },
    ];
    let waiting = [head(StateName::ReadyToSend, "maker", "")];
    let outstanding = Outstanding {
        company: &CompanyId::parse("abc").unwrap(),
        people: &people,
        checkers: 1,
        participants: &[],
        requests: &waiting,
    };
    let digests = due(&outstanding, &day(false), time::parse(NOW).unwrap());
    let [digest] = digests.as_slice() else {
        panic!("{digests:?}");
    };
    assert!(digest.lists_nothing() && digest.shortage.is_some() && digest.person.as_str() == "maker");
}

#[test]
fn a_request_without_a_deadline_is_no_reason_to_remind_anybody_of_one() {
    let draft = |eservice| head_of(eservice, StateName::Draft, "maker", "");
    let of = |company, eservice| reminded(company, &[draft(eservice)], &[], true);
    assert_eq!(of("abc", EServiceId::Da3), each(&EVERYONE, [0, 1, 0, 0]));
    for eservice in EServiceId::ALL {
        if eservice.definition().period == Period::Always {
            assert_eq!(of("abc", eservice), [], "{eservice}");
        }
    }
    let sent = |eservice| head_of(eservice, StateName::Sent, "maker", "");
    assert_eq!(reminded("exchange", &[sent(EServiceId::SCard3)], &[], false), []);
}
