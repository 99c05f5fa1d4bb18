//! Files of which lines were changed, dropped, added or moved.

use super::*;

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
    assert_eq!(verdict.erased, []);
}

#[test]
fn a_row_that_was_changed_is_found() {
    let mut lines = one();
    let index = at(&lines, 4);
    let Line::Step(step) = &mut lines[index] else {
        unreachable!()
    };
    step.record = step.record.replace("checker", "another");
    let not_theirs = |who| What::NotTheirs(person(who), Action::Return);
    shows(
        &lines,
        &[(index + 1, What::Hash), (index + 1, not_theirs("another"))],
    );
    // With a hash that fits, the next row no longer follows.
    change(&mut lines, 4, "another", "someone");
    let next = at(&lines, 5);
    let expected = [(index + 1, not_theirs("someone")), (next + 1, What::Chain)];
    shows(&lines, &expected);
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
