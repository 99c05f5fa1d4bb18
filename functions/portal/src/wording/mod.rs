//! The wording of the portal: one file per language, one type for both, so that nothing can be missing in either.

use countersign_domain::actor::Right;
use countersign_domain::campaign::Campaign;
use countersign_domain::eservice::{EService, End};
use countersign_domain::fault::FaultKind;
pub(crate) use countersign_domain::language::Language;
use countersign_domain::mail::MailStatus;
use countersign_domain::names::Names;
use countersign_domain::request::{Checks, Head, State, StateName};
use countersign_domain::wording::{self, ERASED_NAME};
use countersign_domain::workflow::{Action, Refusal};
use jiff::Timestamp;

mod audit;
mod company;
mod desk;
mod en;
mod form;
mod list;
mod own;
mod readiness;
mod tag;
mod zh;

use audit::AuditWords;
use company::CompanyWords;
use desk::DeskWords;
use form::FormWords;
pub(crate) use list::ListWords;
use own::OwnWords;
pub(crate) use readiness::ReadinessWords;
pub(crate) use tag::tag_of;

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &en::WORDS,
        Language::TraditionalChinese => &zh::WORDS,
    }
}

macro_rules! words {
    ($($name:ident,)+) => {
        /// The wording of all pages.
        pub(crate) struct Words {
            $(pub(crate) $name: &'static str,)+
            /// The language.
            pub(crate) language: Language,
            /// The terms and conditions: headings and paragraphs.
            pub(crate) terms_text: &'static [(&'static str, &'static str)],
            /// An eService's name.
            pub(crate) function_name: fn(&EService) -> &'static str,
            /// A state's status text, for requests of every eService.
            pub(crate) state: fn(StateName) -> &'static str,
            /// The status text of a request that ends there, without the holder.
            pub(crate) brief_status: fn(&State, End) -> &'static str,
            /// The status text of a request that ends there.
            pub(crate) status: fn(&State, End) -> String,
            /// An action's button.
            pub(crate) action: fn(Action) -> &'static str,
            /// The question before an action on a request in a state: what it will do.
            pub(crate) asks: fn(Action, StateName) -> &'static str,
            /// That an action was taken.
            pub(crate) acted: fn(Action) -> &'static str,
            /// The history's entry for an action that led to a state of a request that ends there.
            pub(crate) did: fn(Action, StateName, End) -> String,
            /// A fault in something that was typed.
            pub(crate) fault: fn(&FaultKind) -> String,
            /// Why a step was refused.
            pub(crate) refusal: fn(&Refusal, Action, Option<&str>, &Campaign) -> String,
            /// That a right is missing.
            pub(crate) right_missing: fn(Right) -> String,
            /// That too few others could check a request that needs these checks.
            pub(crate) no_other_checker: fn(Checks) -> &'static str,
            /// The wording of forms.
            pub(crate) on_forms: &'static FormWords,
            /// The wording of the record, the profile, help and warnings.
            pub(crate) on_own: &'static OwnWords,
            /// The wording of lists.
            pub(crate) on_lists: &'static ListWords,
            /// The wording of the desk.
            pub(crate) on_desk: &'static DeskWords,
            /// The wording of the audit.
            pub(crate) on_audit: &'static AuditWords,
            /// The wording of the company's page.
            pub(crate) on_company: &'static CompanyWords,
            /// The wording of 2FA readiness.
            pub(crate) on_readiness: &'static ReadinessWords,
            /// What the campaign's dates mean now.
            pub(crate) campaign: fn(&Campaign, Timestamp) -> String,
            /// That a request came too late to be guaranteed.
            pub(crate) late: fn(&Campaign) -> String,
            /// Why an e-mail has not arrived.
            pub(crate) undelivered: fn(MailStatus) -> &'static str,
        }

        #[cfg(test)]
        impl Words {
            fn plain(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

words! {
    product, error_prefix, colon, other_language, skip, navigation, count_lead, sign_out, terms, all_times, breadcrumbs,
    unsent,
    sign_in, welcome_title, welcome_text, user_login, login_hint, log_in, forgotten, accept_lead, accept_tail, prohibited,
    session_over_title, session_over_text, attempt_over_title, attempt_over_text,
    home, hello,
    participant_management, user_maintenance, catalogue_caption, classification, id, function,
    tasks, tasks_lead, tasks_lead_officer, tasks_lead_manager, tasks_empty, requests, requests_lead, requests_empty, search, job_status,
    show, company_participant_id, details, last_update_date,
    not_guaranteed_tag, pages, first_page, next_page,
    listing, listing_lead, listing_empty, participant, user_id, email_address, since, two_factor,
    look_up, look_up_lead, look_up_none, look_up_malformed, reference, no_reference, status_label,

    declared, undeclared, nothing_yet,
    save, preview, top, saved, remove,
    error_title, nothing_lost, same_as_kept, kept_now, you_have, changed_title_typed, key_used_title, key_used_text,
    please_confirm, message_optional, message_needed, cancel, confirm, expand, history,
    held_by, since_lead, claim_ends, claim_ended,
    waiting_since, status_now, you_typed, changed_title, changed_before, changed_after, nothing_changed, field,
    undelivered_title, undelivered_hint,
    refused_title, stale_title, draft, clock, erased,
    not_found_title, not_found_text, right_missing_title, right_missing_ask, not_in_directory_title, not_in_directory_text,
    other_origin_title, other_origin_text, no_session_title, no_session_text, malformed_title, malformed_text,
    too_large_title, too_large_text, busy_title, busy_text, failed_title, failed_text, back_home, to_sign_in,
}

impl Words {
    /// The status of a request.
    pub(crate) fn status_of(&self, head: &Head) -> String {
        wording::status_of(head, self.language)
    }

    /// The status of a request, whose holder's name is told from others that the page has.
    pub(crate) fn status_among(&self, head: &Head, names: &Names) -> String {
        let mut state = head.state.clone();
        if let State::Claimed { holder, .. } = &mut state {
            holder.by.name = self.named(&names.of(&holder.by));
        }
        (self.status)(&state, head.eservice.definition().end)
    }

    /// A person's name as the page shows it: of one who is erased, that they are. Several of these have a mark behind it.
    pub(crate) fn named(&self, name: &str) -> String {
        match name.strip_prefix(ERASED_NAME) {
            Some(mark) if mark.is_empty() || mark.starts_with(" (") => format!("{}{mark}", self.erased),
            Some(_) | None => name.to_owned(),
        }
    }
}

/// Whether an action's name already says the state it led to, to avoid "Claimed: Claimed".
fn names_its_end(action: Action, to: StateName) -> bool {
    matches!(
        (action, to),
        (Action::Discard, StateName::Discarded)
            | (Action::Claim, StateName::Claimed)
            | (Action::Complete, StateName::Completed)
            | (Action::Reject, StateName::Rejected)
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use countersign_domain::audit::{Kind, Reason};
    use countersign_domain::campaign::Dates;
    use countersign_domain::character::CharacterAt;
    use countersign_domain::eservice::EServiceId;
    use countersign_domain::fault::{JsonType, NamedOption};
    use countersign_domain::id::Reference;
    use countersign_domain::language::Bilingual;
    use countersign_domain::register::Readiness;
    use countersign_domain::workflow::TABLE;
    use jiff::civil::date;

    use super::*;

    fn faults() -> Vec<FaultKind> {
        vec![
            FaultKind::Missing,
            FaultKind::Unknown,
            FaultKind::NotA(JsonType::Text),
            FaultKind::NotA(JsonType::Flag),
            FaultKind::NotA(JsonType::List),
            FaultKind::NotA(JsonType::Object),
            FaultKind::TooLong(7),
            FaultKind::Character(CharacterAt {
                character: '\0',
                position: 3,
            }),
            FaultKind::Number { min: 1, max: 9 },
            FaultKind::Date,
            FaultKind::Address,
            FaultKind::NotForChoice,
            FaultKind::NotAnOption(vec![NamedOption {
                value: "Change",
                label: Bilingual {
                    en: "Change",
                    zh: "更改",
                },
            }]),
            FaultKind::TooFewRows(1),
            FaultKind::TooFewRows(2),
            FaultKind::TooManyRows(50),
            FaultKind::Duplicate(3),
            FaultKind::UserId {
                participant: "B01234".into(),
                suffix: "X".into(),
            },
            FaultKind::Email,
            FaultKind::Telephone,
            FaultKind::Undeclared,
            FaultKind::NotOwnParticipantship,
            FaultKind::UnknownEService,
            FaultKind::InRegister,
            FaultKind::SubjectInOpenRequest(None),
            FaultKind::NotInDirectory,
            FaultKind::NotForSystem,
            FaultKind::NameTaken,
            FaultKind::AddressTaken,
            FaultKind::RightNotForCompany(Right::Operations),
            FaultKind::AbsenceEndsFirst,
            FaultKind::NotInRegister,
            FaultKind::InOpenRequest(None),
            FaultKind::InOpenRequest(Reference::new(EServiceId::Da3, 13361)),
        ]
    }

    /// The compiler ensures that no wording is missing; this ensures that none was left in the other language.
    #[test]
    fn nothing_is_empty_and_nothing_was_left_in_english() {
        let (en, zh) = (&en::WORDS, &zh::WORDS);
        let same_on_purpose = ["product", "with_exchange"];
        let of_readiness = en.on_readiness.plain().into_iter().zip(zh.on_readiness.plain());
        let of_forms = en.on_forms.plain().into_iter().zip(zh.on_forms.plain());
        let of_own = en.on_own.plain().into_iter().zip(zh.on_own.plain());
        let (english, chinese) = (en.on_own, zh.on_own);
        assert_eq!(english.maker_steps.len(), chinese.maker_steps.len());
        assert_eq!(english.checker_steps.len(), chinese.checker_steps.len());
        assert_eq!(english.officer_steps.len(), chinese.officer_steps.len());
        let keys = |own: &OwnWords| own.keys.iter().map(|(keys, _)| *keys).collect::<Vec<_>>();
        assert_eq!(keys(english), keys(chinese));
        let of_lists = en.on_lists.plain().into_iter().zip(zh.on_lists.plain());
        let of_audit = en.on_audit.plain().into_iter().zip(zh.on_audit.plain());
        let of_company = en.on_company.plain().into_iter().zip(zh.on_company.plain());
        let of_desk = en.on_desk.plain().into_iter().zip(zh.on_desk.plain());
        let plain = en
            .plain()
            .into_iter()
            .zip(zh.plain())
            .chain(of_readiness)
            .chain(of_forms)
            .chain(of_own)
            .chain(of_lists)
            .chain(of_audit)
            .chain(of_company)
            .chain(of_desk);
        for ((name, english), (_, chinese)) in plain {
            assert!(!english.is_empty() && !chinese.is_empty(), "{name}");
            assert!(same_on_purpose.contains(&name) || english != chinese, "{name}");
            assert!(!english.contains("  "), "{name}");
        }
        assert_eq!(en.terms_text.len(), zh.terms_text.len());
        for fault in faults() {
            assert_ne!((en.fault)(&fault), (zh.fault)(&fault));
        }
        for action in Action::ALL {
            assert_ne!((en.action)(action), (zh.action)(action));
            for state in StateName::ALL {
                assert_ne!((en.asks)(action, state), (zh.asks)(action, state));
                for end in [End::AtTheExchange, End::AtTheCompany] {
                    assert_ne!((en.did)(action, state, end), (zh.did)(action, state, end));
                }
            }
        }
        for state in StateName::ALL {
            assert_ne!((en.state)(state), (zh.state)(state));
        }
        for checks in Checks::ALL {
            assert_ne!((en.no_other_checker)(checks), (zh.no_other_checker)(checks));
        }
        for readiness in Readiness::ALL {
            let said = |w: &Words| {
                let w = w.on_readiness;
                [w.name_of, w.means, w.means_to_officers].map(|say| say(readiness))
            };
            assert!(
                said(en)
                    .iter()
                    .zip(said(zh))
                    .all(|(english, chinese)| *english != chinese)
            );
        }
    }

    #[test]
    fn no_name_of_a_right_or_of_what_the_audit_says_was_left_in_english() {
        let (en, zh) = (&en::WORDS, &zh::WORDS);
        for right in Right::ALL {
            assert_ne!((en.on_company.right)(right), (zh.on_company.right)(right));
        }
        for kind in Kind::ALL {
            assert_ne!((en.on_audit.kind)(kind), (zh.on_audit.kind)(kind));
        }
        for reason in Reason::ALL {
            assert_ne!((en.on_audit.reason)(reason), (zh.on_audit.reason)(reason));
        }
        for status in MailStatus::ALL {
            assert_ne!((en.undelivered)(status), (zh.undelivered)(status));
        }
    }

    /// English repeats a word that means something, Chinese two characters next to each other, where a step says twice what it did.
    #[test]
    fn the_history_says_nothing_twice() {
        let ends = [End::AtTheExchange, End::AtTheCompany].into_iter();
        for (row, end) in ends.flat_map(|end| TABLE.iter().map(move |row| (row, end))) {
            let english = (en::WORDS.did)(row.action, row.to, end);
            let mut words = BTreeSet::new();
            let parts = english.split([' ', ':']).filter(|part| part.len() > 3);
            assert!(
                parts.map(str::to_lowercase).all(|part| words.insert(part)),
                "{english}"
            );

            let chinese = (zh::WORDS.did)(row.action, row.to, end);
            let characters: Vec<char> = chinese.chars().filter(|c| !c.is_ascii()).collect();
            let mut pairs = BTreeSet::new();
            assert!(characters.windows(2).all(|pair| pairs.insert(pair)), "{chinese}");
        }
    }

    #[test]
    fn every_refusal_is_said_in_both_languages() {
        let campaign = Campaign::new(Dates {
            opens: date(2023, 3, 20),
            deadline: date(2023, 4, 28),
            parallel_run: None,
            reminder_days: [].into(),
            reminder_time: jiff::civil::Time::midnight(),
        })
        .unwrap();
        let refusals = [
            Refusal::NotFound,
            Refusal::RightMissing(Right::UserMaintenance),
            Refusal::RightWithdrawn(Right::UserMaintenance),
            Refusal::OwnRequest,
            Refusal::CheckedFirst,
            Refusal::AboutActor,
            Refusal::TooFewManagers,
            Refusal::NotItsMaker,
            Refusal::NotItsConfirmer,
            Refusal::NoLongerPossible,
            Refusal::Stale,
            Refusal::NotOpenYet,
            Refusal::MessageMissing,
        ];
        for refusal in refusals {
            let said = Language::ALL
                .map(|language| (words(language).refusal)(&refusal, Action::Claim, Some("Draft"), &campaign));
            assert_ne!(said[0], said[1], "{refusal:?}");
        }
    }
}
