//! The demonstration's people are valid, and the sign-in page offers each of them.

use countersign_domain::actor::Right;
use countersign_domain::participantship::Participantship;

use super::*;

#[test]
fn everything_in_the_demonstration_is_valid() {
    for company in &COMPANIES {
        for own in company.participantships {
            assert!(Participantship::parse(own).is_some(), "{own}");
        }
    }
    for person in &PEOPLE {
        assert!(directory_entry(person).is_some(), "{}", person.user);
        let mut rights = person.rights.iter();
        assert!(
            rights.all(|right| Right::parse(right).is_some()),
            "{}",
            person.user
        );
        assert_ne!(account(person), person.id);
    }
}

#[test]
fn the_sign_in_page_offers_everybody_once_and_a_company_at_a_time() {
    let known = known_users();
    let companies = known.chunk_by(|one, next| one.company == next.company);
    assert_eq!((known.len(), companies.count()), (PEOPLE.len(), COMPANIES.len()));
    let alone = known.iter().find(|one| one.email == "only@solo.example");
    assert!(alone.is_some_and(|one| one.note.english.contains("nobody else")));
}

#[test]
fn no_two_people_share_a_user_name_or_an_id() {
    let users: std::collections::BTreeSet<_> = PEOPLE.iter().map(|person| person.user).collect();
    let ids: std::collections::BTreeSet<_> = PEOPLE.iter().map(|person| person.id).collect();
    assert_eq!((users.len(), ids.len()), (PEOPLE.len(), PEOPLE.len()));
}
