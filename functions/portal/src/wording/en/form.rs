//! The form in English.

use countersign_domain::wording;

use crate::import::{ImportFault, Source};
use crate::wording::form::FormWords;

pub(crate) static FORM: FormWords = FormWords {
    kept: "You left this page before without saving your changes.",
    kept_there: "You filled in this form before and did not save it. Continue with that, or start a new form with what you chose?",
    continue_kept: "Continue with what I typed",
    put_back: "Put it back",
    throw_away: "Discard it",
    characters_left_one: "1 character left",
    characters_left: "{} characters left",
    characters_over_one: "1 character too many",
    characters_over: "{} characters too many",
    date_hint: "For example 2023-05-02",
    choose: "Show its fields",
    fill_in: "Fill in their present access",
    filled_in: "The access that this person has now is filled in. What you typed stays. Leave empty what is to stay as it is.",
    import: "Paste or upload several at once",
    import_file: "Or a CSV file",
    import_filed: "Lines of the chosen file",
    import_filed_hint: "If you choose another file, its lines take the place of these.",
    import_button: "Add these rows",
    import_nothing: "No lines were added:",
    left_out: "The rows were added. Columns that are not in this form were left out: ",
    list_separator: ", ",
    drafts_there: "You have drafts of this form. Continue one, or start a new form with the User IDs that you chose.",
    continue_draft: "Continue the draft of",
    start_anew: "Start a new form",
    glossary: "Glossary",
    format: "Format",
    reference_column: "Reference",
    no_history: "Not saved yet, so there is no history.",
    whose_register: "The portal shows them too, in the",
    pasted: "Pasted lines: {lines}. Cells whose content was replaced: {replaced}. Left out: {out}.",
    paste_too_many: "Nothing was pasted: there can be {most} rows at most, and these lines need {lines}.",
    undo: "Undo",
    no_source: "None",
    campaign_source: "Guideline and circular of 28 February 2023",
    between: |min, max| format!("{min} to {max}"),
    address_hint: |least, most| format!("{least} to {most} lines, as on an envelope"),
    import_paste: |labels| format!("Lines of {}", labels.join(",")),
    import_hint: |example, most| {
        let example = example.map(|line| format!(", like {line}")).unwrap_or_default();
        format!("One row per line{example}. Up to {most} rows. They are added to the rows above.")
    },
    at_most: |most| format!("{most} characters at most"),
    import_fault: |told| {
        let source = match told.source {
            Some(Source::Pasted) => "Pasted lines: ",
            Some(Source::File) => "File: ",
            None => "",
        };
        [source, &import_fault(&told.fault)].concat()
    },
};

fn import_fault(fault: &ImportFault) -> String {
    match fault {
        ImportFault::NotText => {
            "The file can't be read as text. Save it in Excel as \"CSV UTF-8 (Comma delimited)\" \
            and choose it again."
                .to_owned()
        }
        ImportFault::Nothing => "There is nothing to add. Paste lines or choose a file.".to_owned(),
        ImportFault::NoColumn(label) => format!("The heading has no column {label}."),
        ImportFault::ColumnTwice(label) => format!("The heading has more than one column {label}."),
        ImportFault::Columns { line, labels } => {
            format!(
                "Line {line}: fill in these columns and no others: {}.",
                labels.join(", ")
            )
        }
        ImportFault::Quotes { line } => format!("Line {line}: a quotation mark is not closed."),
        ImportFault::Cell { line, kind } => format!("Line {line}: {}", wording::fault_to_people(kind)),
        ImportFault::Repeated { line, earlier } => format!("Line {line}: This is in line {earlier} already."),
        ImportFault::RepeatsPasted { line, earlier } => {
            format!("Line {line}: This is in line {earlier} of the pasted lines already.")
        }
        ImportFault::TooMany { most, found } => {
            format!(
                "This would make {found} rows. There can be {most} at most. Put the others into another request."
            )
        }
    }
}
