//! What comes before a new form: that it is not open yet, or a draft that was begun before.

use askama::Template;
use countersign_application::access::Caller;
use countersign_application::filling;
use countersign_domain::eservice::EService;
use countersign_domain::time;

use crate::frame::{Frame, Place};
use crate::reply::{Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "begin.html")]
struct Begin {
    frame: Frame,
    w: &'static Words,
    heading: String,
    /// When it opens, if it has not yet.
    opens: Option<String>,
    /// The address of each draft, and when it was last saved.
    drafts: Vec<(String, String)>,
    anew: String,
}

/// The page that comes before a form: when its requests are not accepted yet, or when named User IDs would start it and
/// the person has drafts, so that nothing is mixed up with those.
pub(super) async fn before(
    visit: &Visit,
    caller: &Caller,
    eservice: &'static EService,
    named: &[String],
) -> Result<Option<Reply>, Stop> {
    let campaign = &visit.app.config().campaign;
    let w = visit.words();
    let is_open = eservice.is_open(campaign, visit.now);
    let drafts = if is_open && !named.is_empty() && visit.query("anew").is_none() {
        filling::own_drafts(&visit.app, caller, eservice.id).await?
    } else {
        Vec::new()
    };
    if is_open && drafts.is_empty() {
        return Ok(None);
    }
    let draft = |stored: &countersign_platform::store::item::StoredHead| {
        let head = &stored.head;
        (
            format!("/portal/requests/{}/edit", head.id),
            time::shown(head.updated_at),
        )
    };
    let page = Begin {
        frame: Frame::of(visit, Place::UserMaintenance).await,
        w,
        heading: format!("{} {}", eservice.label, (w.function_name)(eservice)),
        opens: (!is_open).then(|| (w.campaign)(campaign, visit.now)),
        drafts: drafts.iter().map(draft).collect(),
        anew: format!("{}&anew=yes", visit.address()),
    };
    Reply::page(&page).map(Some)
}
