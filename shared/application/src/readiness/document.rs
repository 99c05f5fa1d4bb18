//! The CSV documents of readiness: a company's administrators, or all companies for the exchange.

use countersign_domain::actor::Actor;
use countersign_domain::id::{CompanyId, ParticipantId};
use countersign_domain::language::Language;
use countersign_domain::register::{DelegatedAdministrator, Registered};
use countersign_domain::request::DeskKind;
use countersign_domain::shortage::Shortage;
use countersign_domain::time;
use jiff::Timestamp;

use super::{CompanyNow, companies};
use crate::register::UnderWay;
use countersign_platform::App;
use countersign_platform::csv::{self, Table};
use countersign_platform::store::StoreError;
use countersign_platform::store::companies::ListedCompany;

const OF_ADMINISTRATORS: [&str; 12] = [
    "Participant",
    "User ID",
    "Email Address",
    "Registered",
    "2FA",
    "Guaranteed",
    "Request",
    "Reference Number",
    "Status",
    "Desk",
    "Since",
    "Email Address in ASCII",
];

const OF_COMPANIES: [&str; 10] = [
    "Company",
    "Name",
    "Administrators",
    "Ready",
    "Pending",
    "Not guaranteed",
    "Address bounced",
    "Not registered",
    "Counted",
    "Too few people",
];

/// A document for the caller to save.
#[derive(Debug)]
pub struct Document {
    /// The file's name.
    pub name: String,
    /// The file's media type.
    pub media: &'static str,
    /// The file's content.
    pub text: String,
}

impl Document {
    /// Writes a row for each administrator of a company, with what the actor may know.
    pub fn of_administrators(company: &CompanyNow, actor: &Actor) -> Self {
        let mut table = Table::with(&OF_ADMINISTRATORS);
        for (participant, administrator) in company.administrators() {
            let cells = cells_of(participant, administrator, actor);
            table.line(&cells.each_ref().map(String::as_str));
        }
        Self {
            name: file_name(Some(&company.id), company.at),
            media: csv::MEDIA_TYPE,
            text: table.into_text(),
        }
    }

    /// Writes a row for each listed company with its counts. A company that was never counted has none.
    pub async fn of_companies(app: &App) -> Result<Self, StoreError> {
        let mut table = Table::with(&OF_COMPANIES);
        for company in companies(app).await? {
            let cells = cells_of_company(&company);
            table.line(&cells.each_ref().map(String::as_str));
        }
        Ok(Self {
            name: file_name(None, app.now()),
            media: csv::MEDIA_TYPE,
            text: table.into_text(),
        })
    }
}

fn cells_of(
    participant: &ParticipantId,
    administrator: &DelegatedAdministrator,
    actor: &Actor,
) -> [String; OF_ADMINISTRATORS.len()] {
    let registered = administrator.registration.as_ref();
    let pending = administrator.pending.as_ref();
    let pending = pending.map(|pending| UnderWay::of(pending, actor));
    let known = pending.as_ref().and_then(|pending| pending.request.as_ref());
    let request = registered.map(|registered| registered.request);
    let request = request.or(known.map(|request| request.id));
    let guaranteed = administrator.is_guaranteed();
    let or_nothing = Option::unwrap_or_default;
    [
        participant.to_string(),
        administrator.user_id.clone(),
        or_nothing(registered.map(|registered| registered.email.clone())),
        or_nothing(registered.map(|registered| time::shown(registered.since))),
        administrator.readiness().as_str().to_owned(),
        or_nothing(guaranteed.map(|guaranteed| if guaranteed { "yes" } else { "no" }.to_owned())),
        or_nothing(request.map(|request| request.to_string())),
        or_nothing(known.map(|request| request.reference.to_string())),
        or_nothing(known.map(|request| request.status(Language::English))),
        or_nothing(pending.as_ref().map(|pending| desk(pending.desk).to_owned())),
        or_nothing(pending.as_ref().map(|pending| time::shown(pending.since))),
        or_nothing(registered.and_then(Registered::ascii_form)),
    ]
}

fn desk(desk: DeskKind) -> &'static str {
    match desk {
        DeskKind::Checkers => "checkers",
        DeskKind::Exchange => "exchange",
    }
}

fn cells_of_company(company: &ListedCompany) -> [String; OF_COMPANIES.len()] {
    let counts = company.progress.as_ref().map(|(progress, at)| {
        let counts = progress.counts;
        let numbers = [
            counts.total(),
            counts.ready,
            counts.pending,
            counts.not_guaranteed,
            counts.address_bounced,
            counts.not_registered,
        ];
        (numbers.map(|number| number.to_string()), time::shown(*at))
    });
    let ([total, ready, pending, not_guaranteed, bounced, not_registered], counted) =
        counts.unwrap_or_default();
    [
        company.id.to_string(),
        company.name.clone(),
        total,
        ready,
        pending,
        not_guaranteed,
        bounced,
        not_registered,
        counted,
        company.shortage.as_ref().map(short).unwrap_or_default(),
    ]
}

/// How many people are there of those that a request takes, and how many are away.
fn short(shortage: &Shortage) -> String {
    let Shortage { needed, there, away } = shortage;
    format!("{there} of {needed} ({away} away)")
}

/// Builds the file's name from the company and the day. Leaves out characters that some systems don't allow in file
/// names.
fn file_name(company: Option<&CompanyId>, at: Timestamp) -> String {
    let day = time::day_of(at);
    let company: String = company
        .map(|company| {
            let kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            company.as_str().chars().filter(kept).chain(['-']).collect()
        })
        .unwrap_or_default();
    format!("2fa-readiness-{company}{day}.csv")
}
