//! Files that were tampered with, each in its own way.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::*;
use crate::commitment::{Salt, Seal};
use crate::history::RowSalts;
use crate::request::Checks;
use crate::workflow::Action;

const SECRET: u128 = 99;

fn id(number: u8) -> RequestId {
    RequestId::from_bytes([number; 16])
}

fn person(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

/// Writes the trail of a request, step by step.
struct Trail {
    lines: Vec<Line>,
    last: Option<HistoryRow>,
    editors: BTreeSet<PersonId>,
    request: RequestId,
    checks: Checks,
}

fn form(remarks: &str) -> Json {
    json!({"eService": "DA3", "remarks": remarks, "contacts": [{"name": "D Wong", "email": "d@abc.example"}]})
}

fn whole() -> FormSeal {
    FormSeal::Whole {
        secret: Salt::from_bits(SECRET),
    }
}

impl Trail {
    fn of(request: RequestId) -> Self {
        Self {
            lines: Vec::new(),
            last: None,
            editors: BTreeSet::new(),
            request,
            checks: Checks::One,
        }
    }

    /// The checks that the request needs after the next steps.
    fn needs(mut self, checks: Checks) -> Self {
        self.checks = checks;
        self
    }

    fn step(self, who: &str, action: Action, to: StateName) -> Self {
        self.step_from(who, action, to, None)
    }

    fn step_from(mut self, who: &str, action: Action, to: StateName, cloned_from: Option<RequestId>) -> Self {
        let version = self.last.as_ref().map_or(1, |last| last.version + 1);
        let form = form(&format!("as of {version}"));
        let mut form_hash = self.last.as_ref().map_or(Digest::ZERO, |last| last.form_hash);
        if action.saves_form() {
            form_hash = whole().hash(&form).unwrap();
            self.editors.insert(person(who));
            self.lines.push(Line::Form(FormLine {
                request: self.request,
                version,
                form,
                seal: whole(),
            }));
        }
        let salts = RowSalts {
            name: Salt::from_bits(u128::from(version)),
            message: Salt::from_bits(u128::from(version) + 100),
        };
        let message = (action == Action::Submit).then(|| "Please, D Wong.".to_owned());
        let row = HistoryRow {
            request: self.request,
            eservice: EServiceId::Da3,
            version,
            action,
            actor: Person {
                id: person(who),
                name: format!("{who} Wong"),
            },
            at: Timestamp::from_second(1_675_737_780 + i64::from(version)).unwrap(),
            from: self.last.as_ref().map(|last| last.to),
            to,
            checks: self.checks,
            seals: salts.seals(message.as_ref()),
            message,
            reference: Reference::new(EServiceId::Da3, 7).filter(|_| version > 1),
            cloned_from,
            form_hash,
            previous: self.last.as_ref().map_or(Digest::ZERO, HistoryRow::digest),
            command: None,
        };
        self.lines.push(Line::Step(StepLine::of(&row)));
        self.last = Some(row);
        self
    }

    fn lines(self) -> Vec<Line> {
        let last = self.last.unwrap();
        let head = Line::Request(RequestLine {
            request: self.request,
            eservice: EServiceId::Da3,
            company: CompanyId::parse("abc").unwrap(),
            state: last.to,
            version: last.version,
            reference: last.reference.clone(),
            chain: last.digest(),
            form_hash: last.form_hash,
            editors: self.editors,
        });
        [vec![head], self.lines].concat()
    }
}

/// A request that was saved twice, returned once, and completed.
fn completed(number: u8) -> Trail {
    use Action as Do;
    use StateName as To;
    Trail::of(id(number))
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::Claim, To::Claimed)
        .step("checker", Do::Return, To::Draft)
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::Claim, To::Claimed)
        .step("checker", Do::Confirm, To::Sent)
        .step("officer", Do::Claim, To::Processing)
        .step("officer", Do::Complete, To::Completed)
}

fn file(trails: Vec<Trail>) -> Vec<Line> {
    let scope = Line::File(Scope {
        format: FORMAT,
        company: CompanyId::parse("abc").unwrap(),
        request: None,
        exported_at: Timestamp::from_second(1_700_000_000).unwrap(),
    });
    let lines: Vec<Line> = trails.into_iter().flat_map(Trail::lines).collect();
    let mut totals = Totals::default();
    lines.iter().for_each(|line| totals.count(line));
    [vec![scope], lines, vec![Line::End(totals)]].concat()
}

fn one() -> Vec<Line> {
    file(vec![completed(1)])
}

fn verdict(lines: &[Line]) -> Verdict {
    let written: Vec<String> = lines.iter().map(Line::write).collect();
    verify(written.iter().map(String::as_str))
}

fn found(lines: &[Line]) -> Vec<Finding> {
    verdict(lines).findings
}

/// Whether a file shows exactly these findings.
#[track_caller]
fn shows(lines: &[Line], expected: &[(usize, What)]) {
    let found: Vec<_> = found(lines)
        .into_iter()
        .map(|finding| (finding.line, finding.what))
        .collect();
    assert_eq!(found, expected);
}

/// The index of the step that made a version of the only request. Its line is one more.
fn at(lines: &[Line], version: u32) -> usize {
    let is_it = |line: &Line| matches!(line, Line::Step(step) if step.version == version);
    lines.iter().position(is_it).unwrap()
}

/// Changes the record of a step, with a hash that fits.
fn change(lines: &mut [Line], version: u32, from: &str, to: &str) {
    let index = at(lines, version);
    let Line::Step(step) = &mut lines[index] else {
        unreachable!()
    };
    assert!(step.record.contains(from), "{}", step.record);
    step.record = step.record.replacen(from, to, 1);
    step.hash = Digest::of(step.record.as_bytes());
}

#[test]
fn a_file_that_nobody_touched_verifies() {
    let verdict = verdict(&file(vec![completed(1), completed(2)]));
    assert_eq!(verdict.findings, []);
    assert_eq!(
        (
            verdict.totals.requests,
            verdict.totals.forms,
            verdict.totals.steps
        ),
        (2, 4, 20)
    );
    assert_eq!(verdict.erased, 0);
}

#[test]
fn a_row_that_was_changed_is_found() {
    let mut lines = one();
    let index = at(&lines, 4);
    let Line::Step(step) = &mut lines[index] else {
        unreachable!()
    };
    step.record = step.record.replace("checker", "another");
    shows(&lines, &[(index + 1, What::Hash)]);
    // With a hash that fits, the next row no longer follows.
    change(&mut lines, 4, "another", "someone");
    let next = at(&lines, 5);
    shows(&lines, &[(next + 1, What::Chain)]);
}

#[test]
fn a_row_that_was_dropped_is_found_wherever_it_stood() {
    for version in 1..=10 {
        let mut lines = one();
        lines.remove(at(&lines, version));
        let found = found(&lines);
        let after = What::NotNext {
            expected: version,
            found: version + 1,
        };
        let is_last = version == 10;
        let expected = if is_last { What::Head } else { after };
        assert!(
            found.iter().any(|finding| finding.what == expected),
            "{version}: {found:?}"
        );
        assert!(
            found.iter().any(|finding| finding.what == What::Totals),
            "{version}"
        );
    }
}

#[test]
fn a_row_that_was_added_is_found() {
    let mut lines = one();
    let index = at(&lines, 3);
    let twin = lines[index].clone();
    lines.insert(index + 1, twin);
    let found = found(&lines);
    let twice = What::NotNext {
        expected: 4,
        found: 3,
    };
    assert!(found.contains(&Finding {
        line: index + 2,
        what: twice
    }));
    // With a version and a row before that fit, the row after it no longer follows.
    let mut lines = one();
    let Line::Step(mut step) = lines[index].clone() else {
        unreachable!()
    };
    step.record = step.record.replace("\"version\":3", "\"version\":4");
    step.version = 4;
    step.hash = Digest::of(step.record.as_bytes());
    lines.insert(index + 1, Line::Step(step));
    let found = self::found(&lines);
    assert!(found.iter().any(|finding| finding.what == What::Chain));
}

#[test]
fn rows_that_were_reordered_are_found() {
    for version in 2..=9 {
        let mut lines = one();
        let (here, next) = (at(&lines, version), at(&lines, version + 1));
        lines.swap(here, next);
        let found = found(&lines);
        let early = What::NotNext {
            expected: version,
            found: version + 1,
        };
        let early = Finding {
            line: here + 1,
            what: early,
        };
        assert!(found.contains(&early), "{version}: {found:?}");
    }
}

#[test]
fn a_form_that_was_swapped_changed_dropped_or_resealed_is_found() {
    let lines = one();
    let forms: Vec<usize> = (0..lines.len())
        .filter(|index| matches!(lines[*index], Line::Form(_)))
        .collect();
    let saved = at(&lines, 1) + 1;
    // The other version's form, under this one's version.
    let mut swapped = lines.clone();
    let (Line::Form(first), Line::Form(second)) = (&lines[forms[0]], &lines[forms[1]]) else {
        unreachable!()
    };
    swapped[forms[0]] = Line::Form(FormLine {
        version: 1,
        ..second.clone()
    });
    shows(&swapped, &[(saved, What::FormHash)]);
    let mut changed = first.clone();
    changed.form["remarks"] = json!("Pay me.");
    swapped[forms[0]] = Line::Form(changed);
    shows(&swapped, &[(saved, What::FormHash)]);
    let secret = Salt::from_bits(SECRET + 1);
    swapped[forms[0]] = Line::Form(FormLine {
        seal: FormSeal::Whole { secret },
        ..first.clone()
    });
    shows(&swapped, &[(saved, What::FormHash)]);
    let mut dropped = lines.clone();
    dropped.remove(forms[0]);
    let end = dropped.len();
    shows(&dropped, &[(saved - 1, What::FormMissing), (end, What::Totals)]);
    // A step that saves nothing can't bring another form.
    let mut other = lines.clone();
    let hash = whole().hash(&form("Pay me.")).unwrap().to_string();
    change(&mut other, 2, &first_hash(&lines), &hash);
    assert!(
        found(&other)
            .iter()
            .any(|finding| finding.what == What::OtherForm)
    );
}

fn first_hash(lines: &[Line]) -> String {
    let Line::Form(form) = &lines[2] else {
        unreachable!()
    };
    form.seal.hash(&form.form).unwrap().to_string()
}

/// Erases D Wong's name and address in every form, and the checker's name and every message in the rows.
fn erase(lines: &mut [Line]) {
    for line in lines {
        match line {
            Line::Form(line) => {
                let pointers = Identity::of(["D Wong", "d@abc.example"], []).pointers(&line.form);
                line.seal = line.seal.erase(&mut line.form, &pointers).unwrap();
            }
            Line::Step(line) => {
                if let Some(name) = line.name.take_if(|name| name == "checker Wong") {
                    line.seals.name = line.seals.name.erased(&name);
                }
                if let Some(message) = line.message.take() {
                    line.seals.message = line.seals.message.map(|seal| seal.erased(&message));
                }
            }
            Line::File(_) | Line::Request(_) | Line::End(_) => {}
        }
    }
}

#[test]
fn a_file_in_which_a_person_was_erased_rightly_verifies() {
    let mut lines = one();
    erase(&mut lines);
    let verdict = verdict(&lines);
    assert_eq!(verdict.findings, []);
    // Two values of each of two forms, four steps of the checker, two messages.
    assert_eq!(verdict.erased, 4 + 4 + 2);
    let written: String = lines.iter().map(Line::write).collect();
    for gone in ["D Wong", "checker Wong", "d@abc.example"] {
        assert!(!written.contains(gone), "{gone}");
    }
}

#[test]
fn a_person_who_was_erased_wrongly_is_found() {
    let step = |wrong: fn(&mut StepLine)| {
        let mut lines = one();
        let index = at(&lines, 2);
        if let Line::Step(line) = &mut lines[index] {
            wrong(line);
        }
        (lines, index + 1)
    };
    let (lines, line) = step(|line| line.name = None);
    shows(&lines, &[(line, What::Name)]);
    let (lines, line) = step(|line| line.name = Some("Erased person".to_owned()));
    shows(&lines, &[(line, What::Name)]);
    let (lines, line) = step(|line| {
        line.name = None;
        line.seals.name = Seal::Commitment(Digest::of(b"made up"));
    });
    shows(&lines, &[(line, What::Name)]);
    // The value stays beside its commitment: nothing is erased.
    let (lines, line) = step(|line| line.seals.name = line.seals.name.erased("maker Wong"));
    shows(&lines, &[(line, What::Name)]);
    let (lines, line) = step(|line| line.message = None);
    shows(&lines, &[(line, What::Message)]);
    let (lines, line) = step(|line| line.seals.message = None);
    shows(&lines, &[(line, What::Message)]);
    let (lines, line) = step(|line| line.seals.name = Seal::Salt(Salt::from_bits(12)));
    shows(&lines, &[(line, What::Name)]);

    let blanked = |wrong: fn(&mut FormLine)| {
        let mut lines = one();
        erase(&mut lines);
        if let Line::Form(line) = &mut lines[2] {
            wrong(line);
        }
        lines
    };
    let resealed = blanked(|line| {
        if let FormSeal::Parts { seals } = &mut line.seal {
            seals.insert(
                "/contacts/0/name".to_owned(),
                Seal::Commitment(Digest::of(b"made up")),
            );
        }
    });
    shows(&resealed, &[(4, What::FormHash)]);
    let replaced = blanked(|line| line.form["contacts"][0]["name"] = json!("E Wong"));
    shows(&replaced, &[(3, What::FormSeal)]);
    let unsealed = blanked(|line| {
        if let FormSeal::Parts { seals } = &mut line.seal {
            seals.remove("/contacts/0/name");
        }
    });
    shows(&unsealed, &[(3, What::FormSeal)]);
    let mut lines = one();
    if let Line::Form(line) = &mut lines[2] {
        line.form["contacts"][0]["name"] = Json::Null;
    }
    shows(&lines, &[(4, What::FormHash)]);
}

#[test]
fn a_salt_that_was_tampered_with_is_found() {
    let mut lines = one();
    erase(&mut lines);
    if let Line::Form(line) = &mut lines[2]
        && let FormSeal::Parts { seals } = &mut line.seal
    {
        seals.insert("/remarks".to_owned(), Seal::Salt(Salt::from_bits(3)));
    }
    shows(&lines, &[(4, What::FormHash)]);
}

#[test]
fn one_who_checks_what_they_edited_is_found_and_what_it_was_cloned_from_too() {
    use Action as Do;
    use StateName as To;
    let own = Trail::of(id(1))
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("maker", Do::Claim, To::Claimed)
        .step("maker", Do::Confirm, To::Sent);
    shows(&file(vec![own]), &[(7, What::OwnWork(person("maker")))]);
    let clone = |editors: &[&str]| {
        let mut clone = Trail::of(id(2))
            .step_from("second", Do::Clone, To::Draft, Some(id(1)))
            .step("second", Do::Submit, To::ReadyToSend)
            .step("maker", Do::ConfirmByMail, To::Sent);
        clone.editors.extend(editors.iter().map(|editor| person(editor)));
        clone
    };
    let both = file(vec![completed(1), clone(&["maker"])]);
    let confirmed = both.len() - 1;
    shows(&both, &[(confirmed, What::OwnWork(person("maker")))]);
    // The head alone gives it away if the source is not in the file.
    shows(
        &file(vec![clone(&["maker"])]),
        &[(6, What::OwnWork(person("maker")))],
    );
    // And a head that leaves somebody out is found too.
    let hidden = file(vec![completed(1), clone(&[])]);
    let found = found(&hidden);
    assert!(
        found.iter().any(|finding| finding.what == What::Editors),
        "{found:?}"
    );
}

#[test]
fn a_second_check_that_is_missing_or_the_firsts_own_is_found() {
    use Action as Do;
    use StateName as To;
    let twice = |last: &str| {
        Trail::of(id(1))
            .step("maker", Do::Save, To::Draft)
            .needs(Checks::FirstOfTwo)
            .step("maker", Do::Submit, To::ReadyToSend)
            .needs(Checks::LastOfTwo)
            .step("checker", Do::ConfirmByMail, To::ReadyToSend)
            .step(last, Do::ConfirmByMail, To::Sent)
    };
    shows(&file(vec![twice("second")]), &[]);
    shows(&file(vec![twice("checker")]), &[(7, What::SameChecker(person("checker")))]);
    let once = Trail::of(id(1))
        .step("maker", Do::Save, To::Draft)
        .needs(Checks::FirstOfTwo)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::ConfirmByMail, To::Sent);
    shows(&file(vec![once]), &[(6, What::TooFewCheckers)]);
    // Who takes the last check back may give it again.
    let again = twice("second")
        .step("second", Do::Reclaim, To::Claimed)
        .step("second", Do::Confirm, To::Sent);
    shows(&file(vec![again]), &[]);
}

#[test]
fn an_officer_who_decides_what_they_checked_is_found() {
    use Action as Do;
    use StateName as To;
    let trail = Trail::of(id(1))
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::ConfirmByMail, To::Sent)
        .step("checker", Do::Claim, To::Processing)
        .step("checker", Do::Complete, To::Completed);
    shows(&file(vec![trail]), &[(8, What::SameOfficer(person("checker")))]);
}

#[test]
fn a_step_that_no_rule_allows_is_found() {
    let trail = Trail::of(id(1))
        .step("maker", Action::Save, StateName::Draft)
        .step("officer", Action::Complete, StateName::Completed);
    let what = What::NoSuchStep(Action::Complete, Some(StateName::Draft), StateName::Completed);
    shows(&file(vec![trail]), &[(5, what)]);
}

#[test]
fn a_file_that_is_cut_off_or_in_disorder_is_found() {
    let lines = one();
    let most = &lines[..lines.len() - 1];
    shows(most, &[(most.len(), What::CutOff)]);
    assert_eq!(found(&[])[0].what, What::CutOff);
    let mut later = lines.clone();
    later.push(lines[1].clone());
    shows(&later, &[(later.len(), What::Misplaced)]);
    let headless = &lines[1..];
    assert_eq!(found(headless)[0].what, What::NoStart);
    let twice = file(vec![completed(1), completed(1)]);
    assert!(
        found(&twice)
            .iter()
            .any(|finding| finding.what == What::Twice(id(1)))
    );
    let mut other = lines.clone();
    if let Line::Request(line) = &mut other[1] {
        line.company = CompanyId::parse("xyz").unwrap();
    }
    shows(&other, &[(2, What::OtherCompany)]);
    let written = [lines[0].write(), "{}".to_owned()];
    let verdict = verify(written.iter().map(String::as_str));
    assert!(matches!(verdict.findings[0].what, What::Unreadable(_)));
}

#[test]
fn a_head_that_is_not_as_the_last_step_left_it_is_found() {
    let changes: [fn(&mut RequestLine); 5] = [
        |head| head.version = 9,
        |head| head.chain = Digest::ZERO,
        |head| head.form_hash = Digest::ZERO,
        |head| head.state = StateName::Rejected,
        |head| head.reference = None,
    ];
    for change in changes {
        let mut lines = one();
        if let Line::Request(head) = &mut lines[1] {
            change(head);
        }
        shows(&lines, &[(2, What::Head)]);
    }
}

#[test]
fn time_that_runs_backwards_and_a_reference_that_changes_are_found() {
    let mut lines = one();
    change(&mut lines, 10, "2023-02-07", "2023-02-06");
    assert!(found(&lines).iter().any(|finding| finding.what == What::Time));
    change(&mut lines, 10, "DA3_00000007", "DA3_00000008");
    assert!(
        found(&lines)
            .iter()
            .any(|finding| finding.what == What::Reference)
    );
    change(&mut lines, 9, "\"from\":\"Sent\"", "\"from\":\"Processing\"");
    assert!(found(&lines).iter().any(|finding| finding.what == What::State));
    change(&mut lines, 9, "\"version\":9", "\"version\":8");
    assert!(
        found(&lines)
            .iter()
            .any(|finding| finding.what == What::OtherStep)
    );
}
