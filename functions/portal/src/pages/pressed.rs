//! The buttons of a form.

use countersign_domain::eservice::{EService, Field};
use countersign_domain::language::Language;

/// The button that was pressed.
#[derive(Clone, Copy)]
pub(super) enum Pressed {
    Save,
    Preview,
    /// Shows the fields of what is chosen, where no script does.
    Choose,
    /// Fills in what the directory has of the person who is chosen.
    FillIn,
    Add(&'static Field),
    Remove(&'static Field, usize),
    Import(&'static Field),
    /// Shows the form in another language.
    Language(Language),
}

impl Pressed {
    pub(super) fn parse(button: &str, eservice: &EService) -> Option<Self> {
        let rows = |name: &str| eservice.field(name).filter(|field| field.rows().is_some());
        match button.split_once('-') {
            None => match button {
                "save" | "" => Some(Self::Save),
                "preview" => Some(Self::Preview),
                "choose" => Some(Self::Choose),
                "fill" => Some(Self::FillIn),
                _ => None,
            },
            Some(("add", name)) => rows(name).map(Self::Add),
            Some(("import", name)) => rows(name).map(Self::Import),
            Some(("language", tag)) => Language::parse(tag).map(Self::Language),
            Some(("remove", rest)) => {
                let (name, index) = rest.split_once('-')?;
                Some(Self::Remove(rows(name)?, index.parse().ok()?))
            }
            Some(_) => None,
        }
    }
}
