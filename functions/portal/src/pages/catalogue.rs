//! The catalogue of eServices (guideline, step b).

use askama::Template;
use countersign_domain::eservice::{EService, EServiceId, Period};
use countersign_domain::language::Bilingual;

use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "catalogue.html")]
struct Catalogue {
    frame: Frame,
    w: &'static Words,
    /// Each eService, and whether the reader may make requests of it.
    rows: Vec<(&'static EService, bool)>,
}

impl Catalogue {
    fn text(&self, words: &Bilingual) -> &'static str {
        words.text(self.w.language)
    }
}

/// `GET /portal/user-maintenance`: someone with a right.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let row = |id: EServiceId| (id.definition(), caller.member.may_make(id));
    Reply::page(&Catalogue {
        frame: Frame::of(visit, Place::UserMaintenance).await,
        w: visit.words(),
        rows: EServiceId::ALL.map(row).into(),
    })
}
