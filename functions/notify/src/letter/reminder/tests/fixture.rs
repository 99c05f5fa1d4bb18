//! What people of ABC Company and of the exchange have left to do.

use countersign_domain::campaign::{Campaign, Dates};
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::{CompanyId, ParticipantId, PersonId, Reference, RequestId};
use countersign_domain::language::Language;
use countersign_domain::reminder::{Administrator, Digest, Listed, MOST_ROWS, Task};
use countersign_domain::shortage::Shortage;
use countersign_domain::time;
use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::letter::reminder::{Reminder, remind};
use crate::letter::{Letter, Unwritten};

pub(super) const PORTAL: &str = "https://portal.example";

/// What somebody types to make a letter say something that we don't.
const HOSTILE: &str =
    "A\r\nBcc: thief@evil.example\r\n\r\n<script>alert(1)</script> {deadline} \u{202e}x\u{2028}y ש";

/// A reminder before it is written.
pub(super) struct Scene {
    pub(super) digest: Digest,
    pub(super) name: String,
    company: String,
    parallel_run: Option<Date>,
}

fn at(text: &str) -> Timestamp {
    time::parse(&format!("{text}:00+08:00")).unwrap()
}

pub(super) fn none<T>() -> Listed<T> {
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
        reference: Reference::new(EServiceId::Da3, number),
        eservice: EServiceId::Da3,
        with: with.map(str::to_owned),
        since: at(since),
        claim_ends: None,
    }
}

impl Scene {
    /// Of ABC Company, on the day so many days before the deadline.
    pub(super) fn of_company(days_left: u32) -> Self {
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
                shortage: None,
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
    pub(super) fn early() -> Self {
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

    /// A maker for whom nothing is left, but whose only checker is away.
    pub(super) fn without_a_checker() -> Self {
        let mut scene = Self::of_company(14);
        scene.digest.shortage = Shortage::of([false, true], 1);
        scene
    }

    /// The same, with a draft left and a second check to get.
    pub(super) fn short_of_a_second_checker() -> Self {
        let mut scene = Self::early();
        scene.digest.shortage = Shortage::of([false, false], 2);
        scene
    }

    /// Everything that there can be at a company in the last days, for everyone of it.
    pub(super) fn everyone(days_left: u32, may_act: bool) -> Self {
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
    pub(super) fn officer() -> Self {
        let mut scene = Self::of_company(7);
        scene.digest.company = CompanyId::parse(CompanyId::EXCHANGE).unwrap();
        scene.digest.waiting = listed(vec![task(13361, None, "2023-04-20T10:43")]);
        scene.digest.claimed = listed(vec![task(13362, Some("E Officer"), "2023-04-20T15:20")]);
        scene.name = "E Officer".to_owned();
        scene.company = "HKEX".to_owned();
        scene
    }

    /// More of everything than a letter lists.
    pub(super) fn cut_off() -> Self {
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
    pub(super) fn hostile() -> Self {
        let mut scene = Self::everyone(1, true);
        scene.name = HOSTILE.to_owned();
        scene.company = HOSTILE.to_owned();
        scene.digest.drafts.rows[0].with = Some(HOSTILE.to_owned());
        scene.digest.claimed.rows[0].with = Some("W".repeat(2_000));
        scene.digest.not_registered.rows[0].user_id = HOSTILE.to_owned();
        scene
    }

    pub(super) fn letter(&self, language: Language) -> Letter {
        self.write(language).unwrap()
    }

    pub(super) fn write(&self, language: Language) -> Result<Letter, Unwritten> {
        let campaign = self.campaign();
        remind(&self.reminder(&campaign, language))
    }

    pub(super) fn reminder<'a>(&'a self, campaign: &'a Campaign, language: Language) -> Reminder<'a> {
        Reminder {
            digest: &self.digest,
            name: &self.name,
            company: &self.company,
            language,
            campaign,
            portal_url: PORTAL,
            mail_domain: "countersign.example",
        }
    }

    pub(super) fn campaign(&self) -> Campaign {
        let dates = Dates {
            opens: date(2023, 3, 20),
            deadline: date(2023, 4, 28),
            parallel_run: self.parallel_run,
            reminder_days: [30, 14, 7, 3, 1, 0].into(),
            reminder_time: jiff::civil::time(9, 0, 0, 0),
        };
        Campaign::new(dates).unwrap()
    }
}
