//! Rows of cells as the form shows them, each fault at its cell.

use countersign_domain::eservice::EServiceId;
use countersign_domain::fault::Fault;
use countersign_domain::field::{Column, Rows as RowsDefinition, ValueKind};

use crate::typed::{Change, ContactRow, Typed};
use crate::wording::Words;

/// Rows that can be added to.
pub(crate) struct Rows {
    pub(crate) member: &'static str,
    pub(crate) legend: &'static str,
    pub(crate) add: &'static str,
    pub(crate) most: usize,
    pub(crate) entries: Vec<Row>,
    /// What a script copies for a new row.
    pub(crate) blank: Row,
}

pub(crate) struct Row {
    pub(crate) index: usize,
    pub(crate) number: usize,
    pub(crate) cells: Vec<Cell>,
}

pub(crate) struct Cell {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) error: Option<String>,
    /// Which keyboard a touch screen shows.
    pub(crate) mode: &'static str,
}

impl Row {
    pub(crate) fn has_error(&self) -> bool {
        self.cells.iter().any(|cell| cell.error.is_some())
    }
}

/// The definition of rows in DA 3.
pub(crate) fn definition(member: &str) -> Option<&'static RowsDefinition> {
    EServiceId::Da3.definition().rows(member)
}

pub(crate) fn changes(typed: &Typed, faults: &[Fault], w: &Words) -> Rows {
    let cell = |row: &Change, column: &str| {
        if column == "userId" {
            row.user_id.clone()
        } else {
            row.email.clone()
        }
    };
    let maker = Maker {
        member: "changes",
        faults,
        w,
    };
    maker.rows(w.request_row, w.add_request, &typed.changes, cell)
}

pub(crate) fn contacts(typed: &Typed, faults: &[Fault], w: &Words) -> Rows {
    let cell = |row: &ContactRow, column: &str| match column {
        "name" => row.name.clone(),
        "telephone" => row.telephone.clone(),
        _ => row.email.clone(),
    };
    let maker = Maker {
        member: "contacts",
        faults,
        w,
    };
    maker.rows(w.contact_row, w.add_contact, &typed.contacts, cell)
}

struct Maker<'a> {
    member: &'static str,
    faults: &'a [Fault],
    w: &'a Words,
}

impl Maker<'_> {
    /// The rows, at least one to type into.
    fn rows<T: Default>(
        &self,
        legend: &'static str,
        add: &'static str,
        typed: &[T],
        cell: impl Fn(&T, &str) -> String,
    ) -> Rows {
        let definition = definition(self.member);
        let columns = definition.map_or(&[][..], |rows| rows.columns);
        let blank = T::default();
        let row = |index: usize, name: &str, row: &T| Row {
            index,
            number: index + 1,
            cells: columns
                .iter()
                .map(|column| self.cell(name, column, cell(row, column.name)))
                .collect(),
        };
        let mut entries: Vec<Row> = typed
            .iter()
            .enumerate()
            .map(|(index, typed)| row(index, &index.to_string(), typed))
            .collect();
        if entries.is_empty() {
            entries.push(row(0, "0", &blank));
        }
        Rows {
            member: self.member,
            legend,
            add,
            most: definition.map_or(0, |rows| rows.max),
            entries,
            blank: row(0, "__", &blank),
        }
    }

    fn cell(&self, row: &str, column: &Column, value: String) -> Cell {
        let pointer = format!("/{}/{row}/{}", self.member, column.name);
        let fault = self.faults.iter().find(|fault| fault.pointer == pointer);
        Cell {
            id: format!("{}-{row}-{}", self.member, column.name),
            name: format!("{}.{row}.{}", self.member, column.name),
            label: column.label.text(self.w.language),
            value,
            error: fault.map(|fault| (self.w.fault)(&fault.kind)),
            mode: match &column.kind {
                ValueKind::Email(_) => "email",
                ValueKind::Telephone(_) => "tel",
                ValueKind::Number(_) => "numeric",
                ValueKind::UserId(_)
                | ValueKind::Name(_)
                | ValueKind::Choice(_)
                | ValueKind::Text(_)
                | ValueKind::Date(_)
                | ValueKind::Address(_) => "",
            },
        }
    }
}

/// Where a fault is, in words and as the address of its field on the page.
pub(crate) fn place(fault: &Fault, w: &Words) -> (String, String) {
    let parts: Vec<&str> = fault.pointer.trim_start_matches('/').split('/').collect();
    let column = |member: &str, name: &str| {
        let columns = definition(member).map_or(&[][..], |rows| rows.columns);
        columns
            .iter()
            .find(|column| column.name == name)
            .map_or("", |column| column.label.text(w.language))
    };
    let legend = |member: &str| {
        if member == "contacts" {
            w.contact_row
        } else {
            w.request_row
        }
    };
    match parts.as_slice() {
        ["participantship", ..] => (w.company_information.to_owned(), "participantship-0".to_owned()),
        [member @ ("changes" | "contacts"), index, name] => {
            let number = index.parse::<usize>().map_or(0, |index| index + 1);
            let place = format!("{} {number}, {}", legend(member), column(member, name));
            (place, format!("{member}-{index}-{name}"))
        }
        ["changes", ..] => (w.details_of_requests.to_owned(), "changes-0-userId".to_owned()),
        ["contacts", ..] => (w.contact_information.to_owned(), "contacts-0-name".to_owned()),
        ["remarks"] => (w.remarks.to_owned(), "remarks".to_owned()),
        ["declaration"] => (String::new(), "declaration".to_owned()),
        ["maintenanceRequest"] => (w.maintenance_request.to_owned(), "maintenanceRequest".to_owned()),
        _ => (String::new(), "main".to_owned()),
    }
}
