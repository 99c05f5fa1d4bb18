//! The catalogue of eServices, and their forms as data: a further eService with a form is a further definition here.

use serde::{Deserialize, Serialize};

/// An eService of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EServiceId {
    /// Smartcard Maintenance for User (PG or Special Request).
    SCard2,
    /// Smartcard Maintenance for User and DA.
    SCard1,
    /// Order Smartcard Reader(s).
    SCard3,
    /// CCASS/ CCMS Delegated Administrator Application/ Maintenance Form.
    #[serde(rename = "DA3")]
    Da3,
}

impl EServiceId {
    /// In the order of the guideline's table (step b).
    pub const ALL: [Self; 4] = [Self::SCard2, Self::SCard1, Self::SCard3, Self::Da3];

    /// How the wire and the reference numbers name it: `DA3`.
    pub fn code(self) -> &'static str {
        match self {
            Self::SCard2 => "SCard2",
            Self::SCard1 => "SCard1",
            Self::SCard3 => "SCard3",
            Self::Da3 => "DA3",
        }
    }

    /// Reads what [`Self::code`] gives.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.code() == code)
    }

    /// What the catalogue says of it.
    pub fn definition(self) -> &'static EService {
        match self {
            Self::SCard2 => &SCARD2,
            Self::SCard1 => &SCARD1,
            Self::SCard3 => &SCARD3,
            Self::Da3 => &DA3,
        }
    }
}

/// A row of the catalogue (guideline, step b).
#[derive(Debug)]
pub struct EService {
    /// Which one.
    pub id: EServiceId,
    /// The column Classification.
    pub classification: &'static str,
    /// The column Id.
    pub label: &'static str,
    /// The column Function.
    pub function: &'static str,
    /// Its form; `None` while it is not served here.
    pub form: Option<&'static FormDefinition>,
}

static SCARD2: EService = EService {
    id: EServiceId::SCard2,
    classification: "User Maintenance CC",
    label: "SCard2",
    function: "Smartcard Maintenance for User (PG or Special Request)",
    form: None,
};

static SCARD1: EService = EService {
    id: EServiceId::SCard1,
    classification: "User Maintenance CH",
    label: "SCard1",
    function: "Smartcard Maintenance for User and DA",
    form: None,
};

static SCARD3: EService = EService {
    id: EServiceId::SCard3,
    classification: "User Maintenance CH",
    label: "SCard3",
    function: "Order Smartcard Reader(s)",
    form: None,
};

static DA3: EService = EService {
    id: EServiceId::Da3,
    classification: "User Maintenance CC",
    label: "DA 3",
    function: "CCASS/ CCMS Delegated Administrator Application/ Maintenance Form",
    form: Some(&DA3_FORM),
};

/// What a form asks for. The interpreter is [`crate::form::Form`].
#[derive(Debug)]
pub struct FormDefinition {
    /// Its members in the order of the form, after the participantship that every form has.
    pub fields: &'static [Field],
    /// What completing a request of it changes in the register.
    pub effect: Effect,
}

/// One member of a form.
#[derive(Debug)]
pub struct Field {
    /// The member's name on the wire.
    pub name: &'static str,
    /// What it takes.
    pub kind: FieldKind,
}

/// What a member takes.
#[derive(Debug)]
pub enum FieldKind {
    /// One of the options; the first one when nothing is given.
    Choice(&'static [&'static str]),
    /// Text of several lines, which may be empty; holds the most characters.
    Text(usize),
    /// A box that has to be ticked before submitting. A clone starts with it clear.
    Declaration,
    /// Rows of cells.
    Rows(RowsDefinition),
}

/// Rows of cells, each of which has to be filled in before submitting.
#[derive(Debug)]
pub struct RowsDefinition {
    /// The cells of a row.
    pub columns: &'static [Column],
    /// Rows at least, when submitting.
    pub min: usize,
    /// Rows at most, ever.
    pub max: usize,
    /// The column whose values differ from row to row.
    pub unique: Option<&'static str>,
    /// Whether a new draft comes with the maker's own contact as its first row (guideline, step f).
    pub prefilled_contact: bool,
}

/// One cell of a row.
#[derive(Debug)]
pub struct Column {
    /// The member's name on the wire.
    pub name: &'static str,
    /// What it takes.
    pub kind: CellKind,
}

/// What a cell takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// A User ID of the form's participant.
    UserId,
    /// One e-mail address.
    Email,
    /// A person's name; holds the most characters.
    Name(usize),
    /// A telephone number.
    Telephone,
}

/// What completing a request changes in the register.
#[derive(Debug)]
pub enum Effect {
    /// Nothing.
    None,
    /// Each row of `rows` registers an e-mail address for a User ID. While the request is open, no other open request
    /// may name the same User ID.
    RegisterEmails {
        /// The member that holds the rows.
        rows: &'static str,
        /// The column with the User ID.
        user_id: &'static str,
        /// The column with the address.
        email: &'static str,
    },
}

/// Characters of remarks, and of a message to the next-step user, at most.
pub const MAX_TEXT_CHARS: usize = 2_000;
/// Characters of a person's name at most.
const MAX_NAME_CHARS: usize = 100;

/// DA 3, guideline steps c to f.
static DA3_FORM: FormDefinition = FormDefinition {
    fields: &[
        Field {
            name: "maintenanceRequest",
            kind: FieldKind::Choice(&["Change"]),
        },
        Field {
            name: "changes",
            kind: FieldKind::Rows(RowsDefinition {
                columns: &[
                    Column {
                        name: "userId",
                        kind: CellKind::UserId,
                    },
                    Column {
                        name: "email",
                        kind: CellKind::Email,
                    },
                ],
                min: 1,
                max: 50,
                unique: Some("userId"),
                prefilled_contact: false,
            }),
        },
        Field {
            name: "remarks",
            kind: FieldKind::Text(MAX_TEXT_CHARS),
        },
        Field {
            name: "declaration",
            kind: FieldKind::Declaration,
        },
        Field {
            name: "contacts",
            kind: FieldKind::Rows(RowsDefinition {
                columns: &[
                    Column {
                        name: "name",
                        kind: CellKind::Name(MAX_NAME_CHARS),
                    },
                    Column {
                        name: "email",
                        kind: CellKind::Email,
                    },
                    Column {
                        name: "telephone",
                        kind: CellKind::Telephone,
                    },
                ],
                min: 1,
                max: 10,
                unique: None,
                prefilled_contact: true,
            }),
        },
    ],
    effect: Effect::RegisterEmails {
        rows: "changes",
        user_id: "userId",
        email: "email",
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_holds_the_four_rows_of_the_guideline() {
        let rows: Vec<_> = EServiceId::ALL
            .iter()
            .map(|id| id.definition())
            .map(|row| (row.classification, row.label, row.function, row.form.is_some()))
            .collect();
        assert_eq!(
            rows,
            [
                (
                    "User Maintenance CC",
                    "SCard2",
                    "Smartcard Maintenance for User (PG or Special Request)",
                    false
                ),
                (
                    "User Maintenance CH",
                    "SCard1",
                    "Smartcard Maintenance for User and DA",
                    false
                ),
                (
                    "User Maintenance CH",
                    "SCard3",
                    "Order Smartcard Reader(s)",
                    false
                ),
                (
                    "User Maintenance CC",
                    "DA 3",
                    "CCASS/ CCMS Delegated Administrator Application/ Maintenance Form",
                    true
                ),
            ]
        );
        for id in EServiceId::ALL {
            assert_eq!((id.definition().id, EServiceId::parse(id.code())), (id, Some(id)));
        }
    }
}
