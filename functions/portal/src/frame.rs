//! The frame of every page: header, navigation, footer.

use countersign_application::requests::{List, ToDo, count_to_do};
use countersign_domain::id::Digest;
use countersign_platform::config::FooterLink;
use countersign_platform::store::StoreError;

use crate::asset::Asset;
use crate::visit::Visit;
use crate::wording::Language;

/// Places of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Home,
    Tasks,
    Requests,
    UserMaintenance,
    Register,
    Readiness,
    LookUp,
    Company,
    Audit,
    /// A page that the navigation does not lead to.
    Elsewhere,
}

/// The frame of a page.
pub(crate) struct Frame {
    pub(crate) language: Language,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
    pub(crate) font: &'static str,
    pub(crate) icon: &'static str,
    /// The address to come back to after the language has been changed.
    pub(crate) back: String,
    /// Tells what one person typed in this browser from what another did.
    pub(crate) person_mark: String,
    /// Which form's kept input is saved now, and needs to be kept no longer.
    pub(crate) clear: String,
    /// The server's time, in seconds since 1970.
    pub(crate) now: i64,
    /// Whether keyboard shortcuts work.
    pub(crate) has_shortcuts: bool,
    /// Whether the page tells of a problem; its title says so then.
    pub(crate) is_problem: bool,
    /// Whether the page is a form whose input comes along when the language is changed.
    pub(crate) is_form: bool,
    pub(crate) person: Option<Person>,
    /// The operator's own link in the footer.
    pub(crate) footer_link: Option<FooterLink>,
}

pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) company: String,
    pub(crate) places: Vec<Way>,
}

/// A way of the navigation.
pub(crate) struct Way {
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) is_current: bool,
    pub(crate) count: Option<String>,
}

impl Frame {
    /// The name of a link of the operator's in the page's language.
    pub(crate) fn name_of<'a>(&self, link: &'a FooterLink) -> &'a str {
        match self.language {
            Language::English => &link.english,
            Language::TraditionalChinese => &link.traditional_chinese,
        }
    }

    /// The frame of a page at a place. The page is shown even if the tasks can't be counted.
    pub(crate) async fn of(visit: &Visit, place: Place) -> Self {
        let count = match visit.caller_with_a_right() {
            Ok(caller) => count_to_do(&visit.app, caller).await.map(Some),
            Err(_) => Ok(None),
        };
        let count = count.unwrap_or_else(|error: StoreError| {
            tracing::warn!(%error, "counting tasks");
            None
        });
        Self::with(visit, place, count)
    }

    fn with(visit: &Visit, place: Place, count: Option<ToDo>) -> Self {
        let caller = visit.caller().ok();
        let mark = caller.map(|caller| Digest::of(caller.member.person.id.as_str().as_bytes()).to_string());
        Self {
            language: visit.language,
            style: Asset::Style.path(),
            script: Asset::Script.path(),
            font: Asset::Font.path(),
            icon: Asset::Icon.path(),
            back: visit.address(),
            person_mark: mark.map(|mark| mark[..16].to_owned()).unwrap_or_default(),
            clear: visit
                .just_done()
                .and_then(|done| done.kept().map(str::to_owned))
                .unwrap_or_default(),
            now: visit.now.as_second(),
            has_shortcuts: visit.has_shortcuts(),
            is_problem: false,
            is_form: false,
            footer_link: visit.footer_link(),
            person: caller.map(|caller| Person {
                name: caller.member.person.name.clone(),
                company: caller.member.company_name.clone(),
                places: places(visit, place, count),
            }),
        }
    }

    /// The frame of a page that tells of a problem.
    pub(crate) fn of_problem(mut self) -> Self {
        self.is_problem = true;
        self
    }

    /// The frame of a form that is filled in.
    pub(crate) fn of_form(mut self) -> Self {
        self.is_form = true;
        self
    }
}

fn places(visit: &Visit, current: Place, count: Option<ToDo>) -> Vec<Way> {
    let w = visit.words();
    let way = |place: Place, path, name, count| Way {
        path,
        name,
        is_current: place == current,
        count,
    };
    let shown = |to_do: ToDo| {
        let more = if to_do.may_be_more { "+" } else { "" };
        format!("{}{more}", to_do.count)
    };
    let mut places = vec![way(Place::Home, "/", w.home, None)];
    let Ok(caller) = visit.caller_with_a_right() else {
        return places;
    };
    let is_officer = caller.member.is_officer();
    let has_requests = List::of_own_company(caller).is_some();
    // Nothing to do has no number.
    let count = count.filter(|to_do| to_do.count > 0).map(shown);
    places.push(way(Place::Tasks, "/portal/tasks", w.tasks, count));
    if has_requests {
        places.push(way(Place::Requests, "/portal/requests", w.requests, None));
    }
    if is_officer {
        places.push(way(Place::LookUp, "/portal/look-up", w.look_up, None));
    } else {
        let maintenance = "/portal/user-maintenance";
        places.push(way(
            Place::UserMaintenance,
            maintenance,
            w.participant_management,
            None,
        ));
    }
    places.push(way(
        Place::Register,
        "/portal/delegated-administrators",
        w.listing,
        None,
    ));
    places.push(way(
        Place::Readiness,
        "/portal/readiness",
        w.on_readiness.title,
        None,
    ));
    places.push(way(Place::Company, "/portal/company", w.on_company.title, None));
    places.push(way(Place::Audit, "/portal/audit", w.on_audit.title, None));
    places
}
