//! Conditions: which parts of the template there are with the given parameters, and rules: whether these go together.

use std::collections::BTreeMap;

use serde_norway::{Mapping, Value};

use super::intrinsics::{Resolver, text_of};
use super::{TemplateError, content};

/// Evaluates every condition.
pub(super) fn evaluate(
    section: &Mapping,
    resolver: &Resolver<'_>,
) -> Result<BTreeMap<String, bool>, TemplateError> {
    let condition = |(name, value): (&Value, &Value)| {
        let name = name.as_str().unwrap_or_default().to_owned();
        let is_true =
            is_true(value, resolver).map_err(|reason| content(format!("Conditions.{name}"), reason))?;
        Ok((name, is_true))
    };
    section.iter().map(condition).collect()
}

fn is_true(value: &Value, resolver: &Resolver<'_>) -> Result<bool, String> {
    if let Value::Tagged(tagged) = value {
        let arguments = tagged.value.as_sequence().map_or(&[][..], Vec::as_slice);
        if tagged.tag == "Equals"
            && let [one, other] = arguments
        {
            // CloudFormation compares texts, whatever a parameter's type is.
            return Ok(text_of(&resolver.resolve(one)?)? == text_of(&resolver.resolve(other)?)?);
        }
        if tagged.tag == "Not"
            && let [other] = arguments
        {
            return Ok(!is_true(other, resolver)?);
        }
        if (tagged.tag == "And" || tagged.tag == "Or") && arguments.len() >= 2 {
            let truths = arguments.iter().map(|one| is_true(one, resolver));
            let truths = truths.collect::<Result<Vec<bool>, String>>()?;
            let all = tagged.tag == "And";
            return Ok(if all {
                !truths.contains(&false)
            } else {
                truths.contains(&true)
            });
        }
        if tagged.tag == "Contains"
            && let [Value::Sequence(all), one] = arguments
        {
            let one = text_of(&resolver.resolve(one)?)?;
            let all = all.iter().map(|other| text_of(&resolver.resolve(other)?));
            return Ok(all.collect::<Result<Vec<String>, String>>()?.contains(&one));
        }
    }
    Err(
        "a condition has to be !Equals of two values, Fn::Contains, or !Not, !And or !Or of conditions"
            .to_owned(),
    )
}

/// Fails at the first rule that these parameters break, with its own words.
pub(super) fn check_rules(section: &Mapping, resolver: &Resolver<'_>) -> Result<(), TemplateError> {
    for (name, rule) in section {
        let place = format!("Rules.{}", name.as_str().unwrap_or_default());
        let holds =
            |condition: &Value| is_true(condition, resolver).map_err(|reason| content(&place, reason));
        let applies = rule.get("RuleCondition").map_or(Ok(true), holds)?;
        let assertions = rule.get("Assertions").and_then(Value::as_sequence);
        for assertion in assertions.into_iter().flatten().filter(|_| applies) {
            if !holds(&assertion["Assert"])? {
                let told = assertion["AssertDescription"].as_str().unwrap_or(&place);
                return Err(TemplateError::Setting(told.to_owned()));
            }
        }
    }
    Ok(())
}

/// The resources whose condition is true, and those that have none.
pub(super) fn existing(
    resources: &Mapping,
    conditions: &BTreeMap<String, bool>,
) -> Result<Mapping, TemplateError> {
    let mut existing = Mapping::new();
    for (name, resource) in resources {
        let exists = match resource.get("Condition").and_then(Value::as_str) {
            None => true,
            Some(condition) => *conditions.get(condition).ok_or_else(|| {
                let place = format!("Resources.{}", name.as_str().unwrap_or_default());
                content(place, format!("there is no condition {condition}"))
            })?,
        };
        if exists {
            existing.insert(name.clone(), resource.clone());
        }
    }
    Ok(existing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_true_as_cloudformation_has_them() {
        let nothing = Mapping::new();
        let values = [("Zone".to_owned(), "Z1".to_owned())].into();
        let resolver = Resolver::new(&nothing, "stack", values, BTreeMap::new());
        for (condition, expected) in [
            ("!Equals [!Ref Zone, Z1]", Some(true)),
            ("!Not [!Equals [!Ref Zone, Z1]]", Some(false)),
            ("!Or [!Equals [a, b], !Equals [a, a]]", Some(true)),
            ("!Or [!Equals [a, b], !Equals [b, c]]", Some(false)),
            ("!And [!Equals [a, a], !Not [!Equals [a, b]]]", Some(true)),
            ("!And [!Equals [a, a], !Equals [a, b]]", Some(false)),
            ("!Contains [[Z0, !Ref Zone], Z1]", Some(true)),
            ("!Contains [[Z0, Z2], !Ref Zone]", Some(false)),
            ("!And [!Equals [a, a]]", None),
            ("!Or [yes, no]", None),
            ("!If [A, b, c]", None),
        ] {
            let section: Mapping = serde_norway::from_str(&format!("C: {condition}")).unwrap();
            let found = evaluate(&section, &resolver).map(|all| all["C"]);
            assert_eq!(found.ok(), expected, "{condition}");
        }
    }

    #[test]
    fn a_rule_that_applies_and_does_not_hold_is_told_in_its_own_words() {
        let nothing = Mapping::new();
        let check = |zone: &str, host: &str| {
            let values = [("Zone", zone), ("Host", host)];
            let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let resolver = Resolver::new(&nothing, "stack", values.into(), BTreeMap::new());
            let rules = "Named: { RuleCondition: !Not [!Equals [!Ref Zone, \"\"]], \
                         Assertions: [{ Assert: !Equals [!Ref Host, h], AssertDescription: Set Host. }] }";
            let section: Mapping = serde_norway::from_str(rules).unwrap();
            check_rules(&section, &resolver).map_err(|error| error.to_string())
        };
        assert_eq!(check("", ""), Ok(()));
        assert_eq!(check("Z1", "h"), Ok(()));
        assert_eq!(check("Z1", ""), Err("Set Host.".to_owned()));
    }
}
