//! A thousand submits and as many reminders, while everything fails that can fail between a step and its e-mails. Every
//! e-mail is sent. One is sent twice only if its sender crashed or lost its connection between handing it over and
//! marking it as sent.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use countersign_domain::id::Digest;
use countersign_local::{Fault, Options, Outgoing};
use countersign_tests::market::{Firm, Market};
use countersign_tests::measure::Answer;
use countersign_tests::wire::Wire;
use countersign_tests::{User, World, guideline_day, guideline_form};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

const SUBMITS: usize = 1_000;
/// Companies whose people are reminded: three people of each on one day, all four on the other two.
const FIRMS: usize = 90;
/// Makers who work in parallel.
const LANES: usize = 4;
/// How often the mark after an e-mail is tried. The e-mail is sent again only if all of these tries fail.
const MARK_TRIES: usize = 4;

/// An e-mail's key in the ledger: the request's ID or the reminder's day, and the digest of the recipient.
type MailKey = (String, String);

/// The faults that were caused.
#[derive(Default)]
struct Harm {
    random: AtomicU64,
    is_over: AtomicBool,
    calls: AtomicUsize,
    throttled: AtomicUsize,
    failed_before: AtomicUsize,
    failed_after: AtomicUsize,
    marks_before: AtomicUsize,
    marks_after: AtomicUsize,
    repeated: AtomicUsize,
    killed: AtomicUsize,
    /// How often an e-mail may have been accepted without its sender learning of it.
    doubts: Mutex<BTreeMap<MailKey, usize>>,
    /// How often the mark after an e-mail was refused.
    refusals: Mutex<BTreeMap<MailKey, usize>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Harm {
    /// A number below a bound, from a sequence that is the same in every run (Knuth's MMIX constants).
    fn below(&self, bound: u64) -> u64 {
        let step = |seed: u64| {
            seed.wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407)
        };
        let last = self
            .random
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |seed| Some(step(seed)));
        (step(last.unwrap_or_default()) >> 33) % bound
    }

    fn doubt(&self, mail: MailKey) {
        *lock(&self.doubts).entry(mail).or_default() += 1;
    }

    fn at_ses(&self, mail: &Outgoing) -> Fault {
        count(&self.calls);
        if self.is_over.load(Ordering::Relaxed) {
            return Fault::Deliver;
        }
        match self.below(80) {
            0..=3 => {
                count(&self.throttled);
                Fault::Throttle
            }
            4 => {
                count(&self.failed_before);
                Fault::FailBefore
            }
            5 => {
                count(&self.failed_after);
                self.doubt(key_of(mail));
                Fault::TakeThenDrop
            }
            _ => Fault::Deliver,
        }
    }

    /// Whether the ledger refuses a write. If a mark is refused less than [`MARK_TRIES`] times, nobody notices.
    fn at_the_ledger(&self, function: &str, operation: &str, request: &Value) -> bool {
        if function != "notify" || self.is_over.load(Ordering::Relaxed) {
            return false;
        }
        match operation {
            "PutItem" if ledger_key(&request["Item"]).is_some() => {
                let refused = self.below(30) == 0;
                self.marks_before
                    .fetch_add(usize::from(refused), Ordering::Relaxed);
                refused
            }
            "UpdateItem" => match ledger_key(&request["Key"]) {
                Some(mail) => self.refuses_mark(mail),
                None => false,
            },
            _ => false,
        }
    }

    fn refuses_mark(&self, mail: MailKey) -> bool {
        let mut refusals = lock(&self.refusals);
        let so_far = refusals.get(&mail).copied().unwrap_or_default();
        let begins = so_far == 0 && self.below(15) == 0;
        // One in four of these is refused until its sender gives up.
        let goes_on = so_far > 0 && so_far < MARK_TRIES && (so_far > 1 || self.below(4) == 0);
        if begins || goes_on {
            count(&self.marks_after);
            *refusals.entry(mail.clone()).or_default() += 1;
            if so_far + 1 == MARK_TRIES {
                self.doubt(mail);
            }
        }
        begins || goes_on
    }
}

fn key_of(mail: &Outgoing) -> MailKey {
    let tag = |step: &str, reminder: &str| mail.tags.get(step).or(mail.tags.get(reminder)).cloned();
    let (about, recipient) = (tag("request", "day"), tag("recipient", "whose"));
    (about.unwrap_or_default(), recipient.unwrap_or_default())
}

/// The e-mail that an item's key in the ledger stands for.
fn ledger_key(key: &Value) -> Option<MailKey> {
    let (partition, row) = (key["pk"]["S"].as_str()?, key["sk"]["S"].as_str()?);
    let (about, recipient) = match partition.strip_prefix("REMIND#") {
        Some(reminder) if row == "MAIL" => reminder.split_once('#')?,
        Some(_) => return None,
        None => {
            let (_, recipient) = row.strip_prefix("MAIL#")?.split_once('#')?;
            (partition.strip_prefix("REQ#")?, recipient)
        }
    };
    Some((about.to_owned(), recipient.to_owned()))
}

/// The e-mails that ask a request's checkers to check it.
fn to_checkers(request: &Answer) -> [MailKey; 2] {
    ["checker@abc.example", "checker2@abc.example"].map(|address| {
        let recipient = Digest::of(format!("step {address}").as_bytes());
        (request.id.clone(), recipient.to_string())
    })
}

/// A form that does not use the register. Otherwise a thousand forms would need as many administrators.
fn form_of(number: usize) -> Value {
    let mut form = guideline_form();
    form.as_object_mut().unwrap().remove("changes");
    form["eService"] = json!("SCard1");
    form["maintenanceRequest"] = json!("Issue");
    form["cards"] = json!([{"userId": format!("B01234{number:04}"), "holder": "Chan Tai Man"}]);
    form
}

async fn submitted_by(maker: &User, number: usize) -> Answer {
    let form = form_of(number);
    let draft = maker.swiftly(Method::POST, "/requests", None, Some(&form)).await;
    let submit = format!("/requests/{}/submit", draft.id);
    maker
        .swiftly(Method::POST, &submit, Some(&draft.etag), None)
        .await
}

/// Submits requests one after another. While the stream delivers their rows, some rows arrive a second time, before or
/// after others, and some go to a sender that crashes at a random point.
async fn submits(world: Arc<World>, harm: Arc<Harm>, numbers: std::ops::Range<usize>) -> Vec<Answer> {
    let mut maker = world.sign_in("maker@abc.example").await;
    let mut signed_in = Instant::now();
    let mut submitted: Vec<Answer> = Vec::new();
    let mut rows: Vec<Value> = Vec::new();
    for number in numbers {
        // The fast clock makes access tokens expire during the test.
        if signed_in.elapsed() > Duration::from_secs(10) {
            maker = world.sign_in("maker@abc.example").await;
            signed_in = Instant::now();
        }
        let request = submitted_by(&maker, number).await;
        rows.push(world.row(&request.id, 2).await);
        submitted.push(request);
        let last = rows.len() - 1;
        match harm.below(16) {
            0 | 1 => {
                let earlier = usize::try_from(harm.below(rows.len() as u64)).unwrap();
                let batch = json!({"Records": [rows[last], rows[earlier], rows[last]]});
                world.local.invoke("notify", batch).await.unwrap();
                count(&harm.repeated);
            }
            2 => {
                let batch = json!({"Records": [rows[last]]});
                let within = Duration::from_micros(harm.below(20_000));
                let ended = tokio::time::timeout(within, world.local.invoke("notify", batch)).await;
                if ended.is_err() {
                    count(&harm.killed);
                    for mail in to_checkers(&submitted[last]) {
                        harm.doubt(mail);
                    }
                }
            }
            _ => {}
        }
    }
    submitted
}

/// Makes the clock run twenty times as fast until the test ends, so that waiting for the end of a claim is short.
fn hurry(world: &Arc<World>) -> tokio::task::JoinHandle<()> {
    let world = world.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let clock = world.local.clock();
            clock.set(clock.now() + SignedDuration::from_secs(2));
        }
    })
}

/// How often each e-mail arrived.
fn arrived(world: &World) -> BTreeMap<MailKey, usize> {
    let mut counts = BTreeMap::new();
    for mail in world.local.mailbox() {
        // The invitations of the market's people are in no ledger.
        if !mail.message.tags.contains_key("company") {
            *counts.entry(key_of(&mail.message)).or_default() += 1;
        }
    }
    counts
}

async fn harmed(harm: &Arc<Harm>) -> World {
    let (at_ses, at_ledger) = (harm.clone(), harm.clone());
    let wire = Box::leak(Box::new(Wire::lay().await));
    wire.refuse(Box::new(move |function, operation, request| {
        at_ledger.at_the_ledger(function, operation, request)
    }));
    let options = Options {
        ses_faults: Some(Arc::new(move |mail: &Outgoing| at_ses.at_ses(mail))),
        ..wire.between(guideline_day())
    };
    World::with(options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_submits_every_checker_gets_every_mail_and_none_twice_without_a_crash() {
    let harm = Arc::new(Harm::default());
    let world = Arc::new(harmed(&harm).await);
    let clock = hurry(&world);
    let lanes = (0..LANES).map(|lane| {
        let each = SUBMITS / LANES;
        let numbers = lane * each..(lane + 1) * each;
        tokio::spawn(submits(world.clone(), harm.clone(), numbers))
    });
    let mut submitted = Vec::new();
    for lane in lanes.collect::<Vec<_>>() {
        submitted.extend(lane.await.unwrap());
    }
    world.local.settle().await;
    harm.is_over.store(true, Ordering::Relaxed);
    clock.abort();

    let arrived = arrived(&world);
    let said = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    println!(
        "{SUBMITS} submits, {} mails to 2 checkers each, {} calls of SES: {} throttled, {} failed before and {} after it \
         took the mail; {} marks before a mail and {} after one refused; {} batches repeated and {} senders killed; \
         {} mails came twice, {} more often, {} were in doubt",
        arrived.len(),
        said(&harm.calls),
        said(&harm.throttled),
        said(&harm.failed_before),
        said(&harm.failed_after),
        said(&harm.marks_before),
        said(&harm.marks_after),
        said(&harm.repeated),
        said(&harm.killed),
        arrived.values().filter(|count| **count == 2).count(),
        arrived.values().filter(|count| **count > 2).count(),
        lock(&harm.doubts).len(),
    );
    let kinds = [
        &harm.throttled,
        &harm.failed_before,
        &harm.failed_after,
        &harm.marks_before,
        &harm.marks_after,
        &harm.repeated,
        &harm.killed,
    ];
    assert!(
        kinds.iter().all(|kind| said(kind) > 0),
        "a kind of harm was never done"
    );
    for mail in submitted.iter().flat_map(to_checkers) {
        let times = arrived.get(&mail).copied().unwrap_or_default();
        let doubts = lock(&harm.doubts).get(&mail).copied().unwrap_or_default();
        assert!(times >= 1, "{mail:?} never came");
        assert!(
            times <= 1 + doubts,
            "{mail:?} came {times} times, with {doubts} doubts"
        );
    }
    assert_eq!(arrived.len(), 2 * SUBMITS, "somebody else was told");
    assert!(world.local.queue("UnsentMail").is_empty(), "a row was given up");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_reminders_everyone_gets_theirs_and_none_twice_without_a_crash() {
    let harm = Arc::new(Harm::default());
    let world = Arc::new(harmed(&harm).await);
    let firm = |number| Firm {
        number,
        administrators: 2,
        registered: 0,
        has_checkers: true,
    };
    let firms: Vec<Firm> = (1..=FIRMS).map(firm).collect();
    Market::open(&world, &firms).await;
    let clock = hurry(&world);
    let mut digests = 0;
    for day in ["2023-04-14", "2023-04-25", "2023-04-27"] {
        for _ in 0..3 {
            let event = json!({"job": "reminders", "scheduled": format!("{day}T01:00:00Z")});
            let report = world.local.invoke("remind", event).await.unwrap();
            digests += report["digests"].as_u64().unwrap();
        }
    }
    world.local.settle().await;
    harm.is_over.store(true, Ordering::Relaxed);
    clock.abort();

    let arrived = arrived(&world);
    assert!(digests > 11 * FIRMS as u64, "{digests}");
    assert_eq!(arrived.len() as u64, digests, "somebody was not reminded");
    for (mail, times) in &arrived {
        let doubts = lock(&harm.doubts).get(mail).copied().unwrap_or_default();
        assert!(
            *times <= 1 + doubts,
            "{mail:?} came {times} times, with {doubts} doubts"
        );
    }
    let kinds = [
        &harm.throttled,
        &harm.failed_before,
        &harm.failed_after,
        &harm.marks_before,
        &harm.marks_after,
    ];
    let done = kinds.map(|kind| kind.load(Ordering::Relaxed));
    assert!(done.iter().all(|done| *done > 0), "{done:?}");
    assert!(
        world.local.queue("UnsentMail").is_empty(),
        "a digest was given up"
    );
}
