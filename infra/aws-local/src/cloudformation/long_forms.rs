//! Intrinsic functions in their long form, which is how `sam build` writes the template that it leaves.

use serde_norway::value::{Tag, TaggedValue};
use serde_norway::{Mapping, Value};

/// The same value with each intrinsic function in its short form: `!GetAtt Table.Arn` for `Fn::GetAtt: [Table, Arn]`.
pub(super) fn shortened(value: Value) -> Value {
    match value {
        Value::Sequence(members) => members.into_iter().map(shortened).collect::<Vec<_>>().into(),
        Value::Mapping(mapping) => match function(&mapping) {
            Some(name) => {
                let argument = mapping
                    .into_iter()
                    .next()
                    .map_or(Value::Null, |(_, argument)| argument);
                tagged(&name, shortened(argument))
            }
            None => Value::Mapping(
                mapping
                    .into_iter()
                    .map(|(key, value)| (key, shortened(value)))
                    .collect(),
            ),
        },
        Value::Tagged(inner) => {
            let TaggedValue { tag, value } = *inner;
            Value::Tagged(Box::new(TaggedValue {
                tag,
                value: shortened(value),
            }))
        }
        scalar => scalar,
    }
}

/// The intrinsic function that a mapping calls, if it has that one member.
fn function(mapping: &Mapping) -> Option<String> {
    let name = mapping.keys().next()?.as_str()?;
    let is_call = mapping.len() == 1 && (name == "Ref" || name.starts_with("Fn::"));
    is_call.then(|| name.trim_start_matches("Fn::").to_owned())
}

fn tagged(name: &str, argument: Value) -> Value {
    let value = match argument {
        // A resource and its attribute.
        Value::Sequence(path) if name == "GetAtt" => {
            let path: Vec<_> = path.iter().filter_map(Value::as_str).collect();
            Value::String(path.join("."))
        }
        other => other,
    };
    Value::Tagged(Box::new(TaggedValue {
        tag: Tag::new(name),
        value,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_means_the_same_in_long_forms_and_in_short_ones() {
        let short = "A: [!Ref X, !GetAtt T.Arn, !If [C, !Sub 'a${X}', !Ref AWS::NoValue]]\nB: { C: !Equals [!Ref X, y] }";
        let long = "A: [{ Ref: X }, { 'Fn::GetAtt': [T, Arn] }, \
                    { 'Fn::If': [C, { 'Fn::Sub': 'a${X}' }, { Ref: AWS::NoValue }] }]\n\
                    B: { C: { 'Fn::Equals': [{ Ref: X }, y] } }";
        let [short, long]: [Value; 2] = [short, long].map(|text| serde_norway::from_str(text).unwrap());
        assert_eq!(shortened(long), short);
        assert_eq!(shortened(short.clone()), short);
    }
}
