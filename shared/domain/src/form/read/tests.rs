//! A form is whatever its definition says.

use serde_json::json;

use super::*;
use crate::eservice::Effect;

/// An order of smart-card readers, as a further eService could ask for it.
static READERS: FormDefinition = FormDefinition {
    fields: &[
        Field {
            name: "model",
            kind: FieldKind::Choice(&["USB-A", "USB-C"]),
        },
        Field {
            name: "deliveries",
            kind: FieldKind::Rows(RowsDefinition {
                columns: &[
                    Column {
                        name: "recipient",
                        kind: CellKind::Name(20),
                    },
                    Column {
                        name: "phone",
                        kind: CellKind::Telephone,
                    },
                ],
                min: 1,
                max: 2,
                unique: Some("phone"),
                prefilled_contact: false,
            }),
        },
    ],
    effect: Effect::None,
};

#[test]
fn another_eservices_form_is_another_definition_and_no_other_code() {
    let rule = UserIdRule::new("X[0-9]").unwrap();
    let reader = Reader {
        rule: &rule,
        participant: None,
        contact: None,
    };
    let draft = json!({
        "model": "USB-B",
        "deliveries": [{"recipient": "A", "phone": "29797111"}, {"recipient": "B", "phone": "2979 7111"}],
        "changes": [],
    });
    let mut faults = Vec::new();
    reader.members(&READERS, draft.as_object().unwrap(), &mut faults);
    let found: Vec<_> = faults
        .into_iter()
        .map(|fault| (fault.pointer, fault.kind))
        .collect();
    assert_eq!(
        found,
        [
            (
                "/model".into(),
                FaultKind::NotAnOption(vec!["USB-A".into(), "USB-C".into()])
            ),
            ("/deliveries/1/phone".into(), FaultKind::Duplicate(1)),
            ("/changes".into(), FaultKind::Unknown),
        ]
    );
}
