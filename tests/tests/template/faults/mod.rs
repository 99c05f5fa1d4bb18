//! Faults that a deployment can have, planted into copies of the files one at a time: a named check finds each.

mod edge;
mod metrics;
mod rollout;
mod sign_in;
mod stacks;
mod watch;

use std::collections::BTreeSet;

use super::checks::CHECKS;
use super::document::{Document, File};

/// A fault, and the check that finds it.
struct Fault {
    file: File,
    said: &'static str,
    instead: &'static str,
    check: &'static str,
    /// What the check says of it.
    found: &'static str,
}

const fn fault(
    file: File,
    (said, instead): (&'static str, &'static str),
    check: &'static str,
    found: &'static str,
) -> Fault {
    Fault {
        file,
        said,
        instead,
        check,
        found,
    }
}

fn faults() -> impl Iterator<Item = &'static Fault> {
    let all = [
        stacks::FAULTS,
        watch::FAULTS,
        sign_in::FAULTS,
        metrics::FAULTS,
        edge::FAULTS,
        rollout::FAULTS,
    ];
    all.into_iter().flatten()
}

#[test]
fn every_planted_fault_is_found_by_the_check_that_is_for_it() {
    let real = Document::real();
    let mut unnoticed = Vec::new();
    for planted in faults() {
        let copy = real.with(planted.file, planted.said, planted.instead);
        let check = CHECKS.iter().find(|check| check.name == planted.check);
        let check = check.unwrap_or_else(|| panic!("there is no check {}", planted.check));
        match (check.run)(&copy) {
            Err(reason) if reason.contains(planted.found) => {}
            other => unnoticed.push((planted.check, planted.instead, other)),
        }
    }
    assert_eq!(unnoticed, []);
}

#[test]
fn every_check_finds_some_planted_fault() {
    let checks: BTreeSet<&str> = CHECKS.iter().map(|check| check.name).collect();
    let used: BTreeSet<&str> = faults().map(|planted| planted.check).collect();
    assert_eq!(used, checks);
    assert!(faults().count() >= 20);
}
