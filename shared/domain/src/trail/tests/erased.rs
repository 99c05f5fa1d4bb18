//! Files in which a person was erased, rightly and wrongly.

use super::*;

fn wong() -> Identity {
    Identity::of(["D Wong", "d@abc.example"], [])
}

/// Erases D Wong's name and address in every form, and the checker's name and every message in the rows.
fn erase(lines: &mut [Line]) {
    for line in lines {
        match line {
            Line::Form(line) => {
                let pointers = wong().pointers(EServiceId::Da3, &line.form);
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
            Line::File(_) | Line::Request(_) | Line::Refused(_) | Line::Viewed(_) | Line::End(_) => {}
        }
    }
}

#[test]
fn a_file_in_which_a_person_was_erased_rightly_verifies() {
    let mut lines = one();
    erase(&mut lines);
    let verdict = verdict(&lines);
    assert_eq!(verdict.findings, []);
    // Two values of each of two forms, four steps of the checker, three messages: each with its line and its place.
    let erased: Vec<String> = verdict.erased.iter().map(ToString::to_string).collect();
    let expected = [
        "line 3: /contacts/0/email is erased",
        "line 3: /contacts/0/name is erased",
        "line 5: the message is erased",
        "line 6: the name of checker is erased",
        "line 7: the name of checker is erased",
        "line 7: the message is erased",
        "line 8: /contacts/0/email is erased",
        "line 8: /contacts/0/name is erased",
        "line 10: the message is erased",
        "line 11: the name of checker is erased",
        "line 12: the name of checker is erased",
    ];
    assert_eq!(erased, expected);
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
        line.form["contacts"][0]["name"] = json!("");
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
fn what_identifies_nobody_is_not_erased_and_is_found_if_somebody_blanked_it() {
    for pointer in ["/eService", "/maintenanceRequest", "/changes/0/userId"] {
        let mut lines = one();
        if let Line::Form(line) = &mut lines[2] {
            line.seal = line
                .seal
                .erase(&mut line.form, &[pointer.to_owned()].into())
                .unwrap();
        }
        shows(&lines, &[(3, What::Blanked(pointer.to_owned()))]);
    }
}

#[test]
fn a_person_who_is_erased_in_one_line_and_named_in_another_is_found() {
    let mut lines = one();
    erase(&mut lines);
    // The checker's name stands again where they claimed it the second time.
    let named = at(&lines, 7);
    lines[named] = one()[named].clone();
    let first = at(&lines, 3) + 1;
    let half = What::ErasedInPart {
        person: person("checker"),
        kept: named + 1,
    };
    shows(&lines, &[(first, half)]);
}
