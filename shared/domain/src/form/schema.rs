//! The JSON Schemas of forms, generated from their definitions, for the API's description.

use serde_json::{Map, Value as Json, json};

use crate::eservice::{EService, EServiceId, Field};
use crate::field::{Column, Declaration, FieldKind, Rows, Stage};
use crate::id::ParticipantId;

/// Returns the schemas of drafts and of stored forms, with their names: `Draft`, `Da3Draft`, `Da3ChangesDraft`, `Form`,
/// `Da3Form`, ... `Draft` and `Form` are the schemas for any eService.
pub fn schemas(user_id_suffix: &str) -> Vec<(String, Json)> {
    let mut schemas = Vec::new();
    for stage in [Stage::Sent, Stage::Kept] {
        schemas.push((suffix(stage).to_owned(), any_form(stage)));
        for id in EServiceId::ALL {
            let writer = Writer {
                eservice: id.definition(),
                stage,
                user_id_suffix,
            };
            writer.form(&mut schemas);
        }
    }
    schemas
}

fn suffix(stage: Stage) -> &'static str {
    match stage {
        Stage::Sent => "Draft",
        Stage::Kept => "Form",
    }
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// Turns a name into part of a schema's name: `Da3` from `da3`, `Changes` from `changes`.
fn capitalised(name: &str) -> String {
    let (first, rest) = name.split_at(name.len().min(1));
    first.to_ascii_uppercase() + rest
}

fn name_of(eservice: &EService, stage: Stage) -> String {
    let code = capitalised(&eservice.code.to_ascii_lowercase());
    format!("{code}{}", suffix(stage))
}

fn any_form(stage: Stage) -> Json {
    let description = match stage {
        Stage::Sent => {
            "What a maker fills in, by eService. It may be incomplete; what stands in it has to be well-formed."
        }
        Stage::Kept => "What was filled in, by eService.",
    };
    let names = EServiceId::ALL.map(|id| (id.code(), reference(&name_of(id.definition(), stage))));
    let one_of: Vec<Json> = names.iter().map(|(_, name)| json!({"$ref": name})).collect();
    let mapping: Map<String, Json> = names
        .into_iter()
        .map(|(code, name)| (code.to_owned(), Json::from(name)))
        .collect();
    json!({
        "description": description,
        "oneOf": one_of,
        "discriminator": {"propertyName": "eService", "mapping": mapping},
    })
}

struct Writer<'a> {
    eservice: &'static EService,
    stage: Stage,
    user_id_suffix: &'a str,
}

impl Writer<'_> {
    fn form(&self, schemas: &mut Vec<(String, Json)>) {
        let mut properties = Map::new();
        properties.insert(
            "eService".to_owned(),
            json!({"type": "string", "const": self.eservice.code}),
        );
        let participantship = json!({
            "description": "One of the company's own.",
            "$ref": reference("Participantship"),
        });
        let is_for_a_participant = self.eservice.is_for_a_participant();
        if is_for_a_participant {
            properties.insert("participantship".to_owned(), participantship);
        }
        let mut rows_described = Vec::new();
        for field in self.eservice.fields() {
            properties.insert(field.name.to_owned(), self.field(field, &mut rows_described));
        }
        let mut required = vec!["eService"];
        required.extend(is_for_a_participant.then_some("participantship"));
        if self.stage == Stage::Kept {
            let always = self.eservice.fields().filter(|field| field.shown.is_none());
            required.extend(always.map(|field| field.name));
        }
        let schema = json!({
            "type": "object",
            "description": self.description(),
            "required": required,
            "properties": properties,
            "additionalProperties": false,
            "examples": self.examples(),
        });
        schemas.push((name_of(self.eservice, self.stage), schema));
        schemas.append(&mut rows_described);
    }

    fn description(&self) -> String {
        let (label, function) = (self.eservice.label, self.eservice.function.en);
        match self.stage {
            Stage::Sent => format!(
                "{label}, {function}, perhaps incomplete. A member that is left out, or null, is not filled in. White \
                    space around a value of one line is taken away."
            ),
            Stage::Kept => format!(
                "{label}, {function}, as it is kept. An empty text is a value that is not filled in yet."
            ),
        }
    }

    fn field(&self, field: &'static Field, rows_described: &mut Vec<(String, Json)>) -> Json {
        let (mut schema, what) = match &field.kind {
            FieldKind::Value { kind, .. } => (
                kind.kind().schema(self.stage, self.user_id_suffix),
                field.label.en,
            ),
            FieldKind::Declaration(declaration) => (Declaration::schema(self.stage), declaration.text.en),
            FieldKind::Rows(rows) => {
                let code = capitalised(&self.eservice.code.to_ascii_lowercase());
                let name = format!("{code}{}{}", capitalised(field.name), suffix(self.stage));
                let schema = self.rows(rows, &name);
                rows_described.push((name, self.row(rows)));
                (schema, field.label.en)
            }
        };
        let when = field.shown.map(|when| {
            format!(
                "Part of the form where {} is {}.",
                when.field,
                when.is.join(" or ")
            )
        });
        describe(&mut schema, what, when);
        schema
    }

    fn rows(&self, rows: &Rows, name: &str) -> Json {
        let kind = match self.stage {
            Stage::Sent => json!(["array", "null"]),
            Stage::Kept => json!("array"),
        };
        json!({
            "type": kind,
            "description": format!("Submitting needs {} at least.", rows.min),
            "maxItems": rows.max,
            "items": {"$ref": reference(name)},
        })
    }

    fn row(&self, rows: &Rows) -> Json {
        let property = |column: &Column| {
            let mut schema = column.kind.kind().schema(self.stage, self.user_id_suffix);
            describe(&mut schema, column.label.en, None);
            (column.name.to_owned(), schema)
        };
        let properties: Map<String, Json> = rows.columns.iter().map(property).collect();
        let mut schema = json!({
            "type": "object",
            "description": rows.row_label.en,
            "properties": properties,
            "additionalProperties": false,
        });
        if self.stage == Stage::Kept {
            schema["required"] = rows.columns.iter().map(|column| column.name).collect();
        }
        schema
    }

    /// A form with everything filled in and, for drafts, one with nothing filled in.
    fn examples(&self) -> Vec<Json> {
        let Some(participant) = ParticipantId::parse("B01234") else {
            return Vec::new();
        };
        let mut least = json!({"eService": self.eservice.code});
        if self.eservice.is_for_a_participant() {
            least["participantship"] = json!({"kind": "HKSCC Participant", "id": participant});
        }
        let mut all = least.clone();
        for field in self.eservice.fields() {
            if self.eservice.is_shown(field, &all, None) {
                all[field.name] = field.example(&participant);
            }
        }
        match self.stage {
            Stage::Sent => vec![all, least],
            Stage::Kept => vec![all],
        }
    }
}

/// Puts what a value means before what its kind says about it.
fn describe(schema: &mut Json, what: &str, when: Option<String>) {
    let said = schema
        .get("description")
        .and_then(Json::as_str)
        .map(str::to_owned);
    let what = format!("{}.", what.trim_end_matches('.'));
    let parts: Vec<String> = [Some(what), when, said].into_iter().flatten().collect();
    schema["description"] = json!(parts.join(" "));
}
