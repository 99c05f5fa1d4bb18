//! Every form of the catalogue in the portal, without script: filled in from its definition, previewed, submitted,
//! checked, returned, compared and completed, with pasted and uploaded rows, and with hostile text in every field.

mod compared;
mod filling;
mod imported;
mod language;

use countersign_domain::eservice::{EService, EServiceId, End, Field};
use countersign_domain::field::{FieldKind, UserIdValue, ValueKind, Whose, text_of};
use countersign_domain::id::ParticipantId;
use countersign_tests::portal::{Browser, NEW_FORM, Page};
use countersign_tests::{World, guideline_day};
use serde_json::{Value, json};

type Fields = Vec<(String, String)>;

/// A world whose parallel run starts on 1 June 2023.
async fn world() -> World {
    World::with(guideline_day().set("CampaignParallelRun", "2023-06-01")).await
}

/// The address of a new form of an eService.
fn address(eservice: &EService) -> String {
    format!("{NEW_FORM}?form={}", eservice.code)
}

/// A valid value, as somebody types it.
fn typed(kind: &ValueKind) -> String {
    nth_typed(kind, 1)
}

/// The n-th of several valid values.
fn nth_typed(kind: &ValueKind, n: usize) -> String {
    let participant = ParticipantId::parse("B01234").unwrap();
    match kind {
        ValueKind::UserId(UserIdValue { whose: Whose::New }) => format!("B01234N{n}"),
        _ => text_of(&kind.kind().example(&participant, n)),
    }
}

/// The fields of a form as a browser sends them, with these choices made and each value from `value`.
fn filled_in(eservice: &EService, choices: &Value, value: impl Fn(&ValueKind) -> String) -> Fields {
    let mut fields: Fields = vec![
        ("eService".into(), eservice.code.into()),
        ("participantship".into(), "HKSCC Participant (B01234)".into()),
    ];
    for field in eservice.fields() {
        if !eservice.is_shown(field, choices, None) {
            continue;
        }
        match &field.kind {
            FieldKind::Value { kind, .. } => {
                let chosen = choices.get(field.name).map(text_of);
                fields.push((field.name.into(), chosen.unwrap_or_else(|| value(kind))));
            }
            FieldKind::Declaration(_) => fields.push((field.name.into(), "yes".into())),
            FieldKind::Rows(rows) => {
                for column in rows.columns {
                    fields.push((format!("{}.0.{}", field.name, column.name), value(&column.kind)));
                }
            }
        }
    }
    fields
}

/// The choices to test a form with: each option of the choice that decides which fields are shown, or none if there is
/// no such choice.
fn choices(eservice: &EService) -> Vec<Value> {
    let deciding = eservice.fields().find(|field| {
        let depends = |other: &countersign_domain::eservice::Field| {
            other.shown.is_some_and(|when| when.field == field.name)
        };
        field.choice().is_some() && eservice.fields().any(depends)
    });
    match deciding.and_then(|field| Some((field.name, field.choice()?))) {
        None => vec![json!({})],
        Some((name, choice)) => choice
            .options
            .iter()
            .map(|option| json!({name: option.value}))
            .collect(),
    }
}

async fn send(maker: &Browser, eservice: &EService, fields: &Fields, button: &str) -> Page {
    let (tag, key) = maker.get(&address(eservice)).await.expect(200).form(NEW_FORM);
    maker
        .post(NEW_FORM, &with_button(fields, (&tag, &key), button))
        .await
}

/// The fields as a browser sends them with one of the form's buttons.
fn with_button<'a>(
    fields: &'a Fields,
    (tag, key): (&'a str, &'a str),
    button: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let filled_in = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    [("tag", tag), ("key", key), ("do", button)]
        .into_iter()
        .chain(filled_in)
        .collect()
}

/// From a filled-in form to its completion; returns the page that everybody read on the way.
async fn walk(world: &World, eservice: &EService, fields: &Fields) -> Page {
    let maker = world.browser("maker@abc.example").await;
    let sent = send(&maker, eservice, fields, "preview").await.expect(303);
    let preview = maker.get(sent.location()).await.expect(200);
    let address = preview.request();
    let _ = maker.take(&preview, "submit", "").await;
    let checker = world.browser("checker@abc.example").await;
    let open = checker.get(&address).await.expect(200);
    let claimed = checker.take(&open, "claim", "").await;
    let confirmed = checker.take(&claimed, "confirm", "").await;
    if eservice.end == End::AtTheCompany {
        return confirmed;
    }
    let officer = world.browser("officer@exchange.example").await;
    let desk = officer.get(&address).await.expect(200);
    let processing = officer.take(&desk, "claim", "").await;
    officer.take(&processing, "complete", "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_is_filled_in_previewed_submitted_checked_and_completed_without_script() {
    let world = world().await;
    // From the parallel run on, the whole catalogue is open.
    world.at("2023-06-01T10:00:00+08:00");
    for id in EServiceId::ALL {
        let eservice = id.definition();
        for (number, choices) in choices(eservice).into_iter().enumerate() {
            // No two entries of a company's directory have one name or one address.
            let fields = filled_in(eservice, &choices, |kind| match kind {
                ValueKind::Name(_) => format!("{} {choices}", typed(kind)),
                ValueKind::Email(_) => nth_typed(kind, 1 + number),
                kind => typed(kind),
            });
            let completed = walk(&world, eservice, &fields).await;
            assert!(completed.shows("Completed"), "{id} {choices}");
            assert!(completed.shows(&format!("{}_", eservice.code)), "{id} {choices}");
            for field in eservice
                .fields()
                .filter(|field| eservice.is_shown(field, &choices, None))
            {
                let rows = field.rows().map_or(&[][..], |rows| rows.columns);
                for column in rows {
                    assert!(
                        completed.shows(column.label.en),
                        "{id} {choices}: {}",
                        column.name
                    );
                }
            }
        }
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn options_appear_on_their_day_and_show_their_fields() {
    let world = world().await;
    let da3 = EServiceId::Da3.definition();
    let add = "<option value=\"Add\"";
    let before = world
        .browser("maker@abc.example")
        .await
        .get(NEW_FORM)
        .await
        .expect(200);
    assert!(!before.shows(add) && !before.shows("additions") && !before.shows("value=\"choose\""));
    world.at("2023-06-01T10:00:00+08:00");
    let maker = world.browser("maker@abc.example").await;
    let blank = maker.get(NEW_FORM).await.expect(200);
    assert!(blank.shows(add) && blank.shows("value=\"choose\""));
    let hidden = |page: &Page, field: &str| {
        let start = page.body.find(&format!("data-field=\"{field}\"")).unwrap();
        page.body[start..].split('>').next().unwrap().contains(" hidden")
    };
    assert!(!hidden(&blank, "changes") && hidden(&blank, "additions"));
    // What was typed before another option was chosen is still there when the first one is chosen again.
    let change = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
    let mut fields = change.clone();
    fields.retain(|(name, _)| name != "maintenanceRequest");
    fields.push(("maintenanceRequest".into(), "Add".into()));
    let chosen = send(&maker, da3, &fields, "choose").await.expect(200);
    assert!(hidden(&chosen, "changes") && !hidden(&chosen, "additions"));
    assert!(chosen.shows("value=\"B01234X1\""));
    let refused = send(&maker, da3, &fields, "preview").await.expect(422);
    assert!(refused.shows("href=\"#additions-0-userId\""));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_means_harm_stays_text_in_a_field_of_every_kind() {
    let hostile = "\"'></textarea><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}";
    let escaped = "&#34;&#39;&#62;&#60;/textarea&#62;&#60;script&#62;alert(1)";
    let world = world().await;
    world.at("2023-06-01T10:00:00+08:00");
    let maker = world.browser("maker@abc.example").await;
    for id in EServiceId::ALL {
        let eservice = id.definition();
        for choices in choices(eservice) {
            let fields = filled_in(eservice, &choices, |_| hostile.to_owned());
            let lines = eservice
                .fields()
                .filter(|field| field.rows().is_some_and(|rows| rows.import));
            let lines = lines.map(|field| (format!("lines.{}", field.name), hostile.to_owned()));
            let fields: Fields = fields.into_iter().chain(lines).collect();
            let mut page = send(&maker, eservice, &fields, "preview").await;
            // Where every field takes any text, the page to preview shows it.
            if page.status == 303 {
                page = maker.get(page.location()).await.expect(200);
            } else {
                page = page.expect(422);
            }
            assert!(
                !page.shows("<script>") && !page.shows("<img src=x"),
                "{id} {choices}"
            );
            // A choice can only have one of its options; everything else comes back as it was typed.
            let is_kept = |(name, value): &&(String, String)| value == hostile && !is_choice(eservice, name);
            let kept = fields.iter().filter(is_kept).count();
            assert!(
                page.body.matches(escaped).count() >= kept,
                "{id} {choices}: {kept}"
            );
        }
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_a_request_reads_what_the_register_has_of_its_user_ids() {
    let world = world().await;
    let da3 = EServiceId::Da3.definition();
    let maker = world.browser("maker@abc.example").await;
    let of = |user_id: &str| {
        let mut fields = filled_in(da3, &json!({"maintenanceRequest": "Change"}), typed);
        for (name, value) in &mut fields {
            if name == "changes.0.userId" {
                user_id.clone_into(value);
            }
        }
        fields
    };
    let unknown = "<div class=\"note caution\"><bdi>Not in the register: check this User ID</bdi>";
    let known = "<div class=\"note\"><bdi>In the register without an e-mail address</bdi>";
    let sent = send(&maker, da3, &of("B01234ZZ"), "preview").await.expect(303);
    let preview = maker.get(sent.location()).await.expect(200);
    // The preview says it in its columns, and only there.
    let (is_unknown, is_known) = (">Unknown User ID<", ">No address yet<");
    assert!(preview.shows(is_unknown) && !preview.shows(is_known) && !preview.shows(unknown));
    let edit = format!("{}/edit", preview.request());
    let form = maker.get(&edit).await.expect(200);
    assert!(form.shows(unknown));
    // Submitting it is refused at the field, in the reader's language, and all input is kept.
    let submit = format!("{}/submit", preview.request());
    let (tag, key) = maker.get(&submit).await.expect(200).form(&submit);
    for (accept_language, fault, place) in [
        (
            "en",
            "The register does not have this User ID.",
            "Request 1, User ID",
        ),
        ("zh-HK", "登記冊並無此用戶識別碼。", "申請 1，用戶識別碼"),
    ] {
        let headers = [
            ("origin", world.local.url()),
            ("sec-fetch-site", "same-origin"),
            ("accept-language", accept_language),
        ];
        let fields = [("tag", &*tag), ("key", &*key), ("message", "See row 1 <please>.")];
        let refused = maker.post_with(&submit, &fields, &headers).await.expect(422);
        let at_field = format!("<p id=\"changes-0-userId-error\" class=\"error\">{fault}</p>");
        assert!(
            refused.shows(&at_field) && refused.shows(place),
            "{}",
            refused.body
        );
        for typed in ["value=\"B01234ZZ\"", "See row 1 &#60;please&#62;."] {
            assert!(refused.shows(typed), "{typed}: {}", refused.body);
        }
    }

    let sent = send(&maker, da3, &of("B01234X1"), "preview").await.expect(303);
    let preview = maker.get(sent.location()).await.expect(200);
    let address = preview.request();
    assert!(maker.get(&format!("{address}/edit")).await.shows(known));
    assert!(preview.shows(is_known) && !preview.shows(is_unknown) && !preview.shows(known));
    let _ = maker.take(&preview, "submit", "").await;
    let checker = world.browser("checker@abc.example").await;
    let open = checker.get(&address).await.expect(200);
    assert!(open.shows(is_known));
    let claimed = checker.take(&open, "claim", "").await;
    let _ = checker.take(&claimed, "confirm", "").await;
    let officer = world.browser("officer@exchange.example").await;
    let desk = officer.get(&address).await.expect(200);
    assert!(desk.shows(is_known));
    // Changes that the request itself made to the register are not reported as conflicts.
    let processing = officer.take(&desk, "claim", "").await;
    let completed = officer.take(&processing, "complete", "").await;
    assert!(!completed.shows("Registered today"));
    world.local.stop().await;
}

/// Whether the field with this name is a choice.
fn is_choice(eservice: &EService, name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    let column = || eservice.rows(parts.first()?)?.column(parts.get(2)?);
    let in_row = column().is_some_and(|column| matches!(column.kind, ValueKind::Choice(_)));
    let is_person = |field: &Field| {
        matches!(
            &field.kind,
            FieldKind::Value {
                kind: ValueKind::Person(_),
                ..
            }
        )
    };
    let is_chosen = |field: &Field| field.choice().is_some() || is_person(field);
    in_row || eservice.field(name).is_some_and(is_chosen)
}
