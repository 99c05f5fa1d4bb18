//! What the address of a list asks for.

use countersign_application::lists::{ByParticipant, Column, Filter, Query, Sort, With};
use countersign_application::requests::List;
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::PersonId;
use countersign_domain::request::{DeskKind, StateName};
use countersign_platform::http::percent_encoded;
use jiff::civil::Date;

use crate::visit::Visit;
use crate::wording::Words;

/// The parameters of a list, in the order in which an address has them.
const PARAMETERS: [&str; 9] = [
    "q",
    "eservice",
    "state",
    "participant",
    "maker",
    "with",
    "from",
    "to",
    "sort",
];
/// The most characters that are searched for.
const MOST_CHARS: usize = 200;

/// The columns, each with its name in an address.
pub(crate) const COLUMNS: [(Column, &str); 6] = [
    (Column::Classification, "classification"),
    (Column::Company, "company"),
    (Column::Details, "details"),
    (Column::With, "with"),
    (Column::Updated, "updated"),
    (Column::Status, "status"),
];

/// Whose requests a list of them shows if its address names no maker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Makers {
    /// Anyone's.
    All,
    /// The reader's.
    Reader,
}

/// A value of `maker`: all people of the company.
pub(crate) const ALL_MAKERS: &str = "all";
/// The values of `with` that name a desk.
pub(crate) const DESKS: [(DeskKind, &str); 2] =
    [(DeskKind::Checkers, "checkers"), (DeskKind::Exchange, "exchange")];

/// What a list is asked for, as it was typed and as it was read.
pub(crate) struct Asked {
    pub(crate) query: Query,
    /// Faults in parameters, each with the parameter's name.
    pub(crate) faults: Vec<(&'static str, &'static str)>,
    typed: Vec<(&'static str, String)>,
}

impl Asked {
    /// Reads the address of a call.
    pub(crate) fn read(visit: &Visit, list: &List, makers: Makers) -> Self {
        let typed: Vec<_> = PARAMETERS
            .iter()
            .filter_map(|name| Some((*name, visit.query(name)?)))
            .collect();
        let mut asked = Self {
            query: Query::default(),
            faults: Vec::new(),
            typed,
        };
        let w = visit.words();
        let filter = asked.filter(w);
        asked.query = Query {
            text: asked.text("q").to_owned(),
            filter: Filter {
                maker: asked.maker(visit, makers, w),
                ..filter
            },
            sort: sort(asked.text("sort")),
            cursor: visit.query("cursor").and_then(|cursor| list.cursor(&cursor)),
            page: visit
                .query("page")
                .and_then(|page| page.parse().ok())
                .unwrap_or(0),
        };
        if asked.query.text.chars().count() > MOST_CHARS {
            asked.faults.push(("q", w.on_lists.fault_long));
        }
        asked
    }

    /// What was typed for a parameter.
    pub(crate) fn text(&self, name: &str) -> &str {
        let found = self.typed.iter().find(|(typed, _)| *typed == name);
        found.map_or("", |(_, text)| text)
    }

    /// The fault in a parameter.
    pub(crate) fn fault(&self, name: &str) -> Option<&'static str> {
        let found = self.faults.iter().find(|(parameter, _)| *parameter == name);
        found.map(|(_, fault)| *fault)
    }

    /// Notes a fault unless what was typed for a parameter is one of these values, or nothing.
    pub(crate) fn expect(&mut self, name: &'static str, fault: &'static str, values: &[(String, String)]) {
        let text = self.text(name);
        let is_known = text.is_empty() || values.iter().any(|(value, _)| value == text);
        if !is_known && self.fault(name).is_none() {
            self.faults.push((name, fault));
        }
    }

    /// Whether anything but the text and the order is asked for.
    pub(crate) fn has_filters(&self) -> bool {
        self.typed.iter().any(|(name, _)| !matches!(*name, "q" | "sort"))
    }

    /// Whether anything but the order is asked for.
    pub(crate) fn narrows(&self) -> bool {
        self.has_filters() || !self.query.text.is_empty()
    }

    /// The address of the same question, in another order and with more parameters.
    pub(crate) fn address(&self, path: &str, sort: &str, more: Option<String>) -> String {
        let others = self.typed.iter().filter(|(name, _)| *name != "sort");
        let sort = (!sort.is_empty()).then(|| format!("sort={}", percent_encoded(sort)));
        let pairs: Vec<String> = others
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .chain(sort)
            .chain(more)
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }

    fn filter(&mut self, w: &Words) -> Filter {
        let fault = w.on_lists;
        let (from, to) = (self.date("from", w), self.date("to", w));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            self.faults.push(("to", fault.fault_order));
        }
        Filter {
            eservice: self.value("eservice", fault.fault_choice, EServiceId::parse),
            state: self.value("state", fault.fault_choice, StateName::parse),
            participant: self.value("participant", fault.fault_participant, ByParticipant::parse),
            maker: None,
            with: self.value("with", fault.fault_choice, with),
            from,
            to,
        }
    }

    fn maker(&mut self, visit: &Visit, makers: Makers, w: &Words) -> Option<PersonId> {
        let own = || visit.caller().ok().map(|caller| caller.member.person.id.clone());
        match (self.text("maker"), makers) {
            ("", Makers::All) | (ALL_MAKERS, _) => None,
            ("", Makers::Reader) => own(),
            _ => self.value("maker", w.on_lists.fault_choice, PersonId::parse),
        }
    }

    fn date(&mut self, name: &'static str, w: &Words) -> Option<Date> {
        self.value(name, w.on_lists.fault_date, |text| text.parse().ok())
    }

    /// Reads a parameter; notes the fault if that is not possible.
    fn value<T>(
        &mut self,
        name: &'static str,
        fault: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name);
        let value = parse(text);
        if value.is_none() && !text.is_empty() {
            self.faults.push((name, fault));
        }
        value
    }
}

fn with(text: &str) -> Option<With> {
    let desk = DESKS.into_iter().find(|(_, name)| *name == text);
    desk.map(|(desk, _)| With::Desk(desk))
        .or_else(|| PersonId::parse(text).map(With::Person))
}

/// Reads an order: a column, behind a minus sign if the last comes first. An address names no other one.
fn sort(text: &str) -> Option<Sort> {
    let (name, is_descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let (column, _) = COLUMNS.into_iter().find(|(_, column)| *column == name)?;
    Some(Sort {
        column,
        is_descending,
    })
}
