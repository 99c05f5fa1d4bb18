//! Turns a row into e-mails: what happened, whom it concerns, and one e-mail to each.

use countersign_domain::approval::InboundResult;
use countersign_domain::form::{CompleteForm, Form};
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{CompanyId, RequestId};
use countersign_domain::lease;
use countersign_domain::mail::{self, Mail};
use countersign_domain::request::{DeskKind, Head, StateName};
use countersign_domain::workflow::{Action, Audience, Row};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::approval::Inbound;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::requests::{StoredForm, StoredRequest};

use crate::delivery::{self, Delivery};
use crate::error::NotifyError;
use crate::news::{News, What};
use crate::recipients::{self, Search};
use crate::ses::Ses;

/// Announces a step to the audiences in the workflow's table.
pub(crate) async fn step(app: &App, ses: &Ses<'_>, step: &HistoryRow) -> Result<(), NotifyError> {
    let row = Row::taken(step).ok_or(NotifyError::Impossible("a step that no row of the workflow is"))?;
    if row.tell.is_empty() {
        return Ok(());
    }
    let request = request(app, step.request).await?;
    let checker_told = Box::pin(tell(app, ses, (&request, step), (What::Step, None), row.tell)).await?;
    if row.tell.contains(&Audience::Checkers) && !checker_told {
        notice_if_unreached(app, step).await?;
    }
    Ok(())
}

/// Tells the maker that no checker could be reached, if the request is still waiting for one.
pub(crate) async fn unreachable(
    app: &App,
    ses: &Ses<'_>,
    id: RequestId,
    version: u32,
) -> Result<(), NotifyError> {
    let request = request(app, id).await?;
    let step = step_of(&request, version)?;
    if !mail::still_waits_for_a_checker(&request.stored.head, version) {
        return Ok(());
    }
    let what = (What::CheckersUnreachable, None);
    Box::pin(tell(app, ses, (&request, step), what, &[Audience::Maker]))
        .await
        .map(|_| ())
}

/// Warns the holder of a request that their claim ends soon, if they still hold it and it has not ended.
pub(crate) async fn claim_ends_soon(
    app: &App,
    ses: &Ses<'_>,
    id: RequestId,
    version: u32,
) -> Result<(), NotifyError> {
    let request = request(app, id).await?;
    let step = step_of(&request, version)?;
    let Some(ends) = lease::runs_until(&request.stored.head, version, app.now()) else {
        return Ok(());
    };
    let what = (What::ClaimEndsSoon(ends), None);
    let holder = match step.to.desk() {
        Some(DeskKind::Exchange) => Audience::Officer,
        Some(DeskKind::Checkers) | None => Audience::Holder,
    };
    Box::pin(tell(app, ses, (&request, step), what, &[holder]))
        .await
        .map(|_| ())
}

/// Tells a request's company that mail to an address which it registered comes back: its maker, or the colleagues who
/// can act in the maker's place, and the checker.
pub(crate) async fn address_bounced(
    app: &App,
    ses: &Ses<'_>,
    id: RequestId,
    version: u32,
    address: &str,
) -> Result<(), NotifyError> {
    let request = request(app, id).await?;
    let step = step_of(&request, version)?;
    let what = (What::AddressBounced, Some(address));
    let audiences = [Audience::Maker, Audience::Colleagues, Audience::Checker];
    Box::pin(tell(app, ses, (&request, step), what, &audiences))
        .await
        .map(|_| ())
}

/// Tells the checker why their reply did nothing.
pub(crate) async fn declined(app: &App, ses: &Ses<'_>, inbound: &Inbound) -> Result<(), NotifyError> {
    let Some(why) = InboundResult::declined(&inbound.result) else {
        return Ok(());
    };
    let id = RequestId::parse(&inbound.request);
    let id = id.ok_or(NotifyError::Impossible("a mail that came in for no request"))?;
    let request = request(app, id).await?;
    let head = &request.stored.head;
    let step = step_of(&request, inbound.version)?;
    let (person, form) = tokio::join!(
        app.store().person(&head.company, &inbound.checker),
        form_at(app, &request, step)
    );
    // Someone who has left since gets no answer. Someone who is away does: they have just written.
    let Some(person) = person?.filter(|person| !person.is_removed()) else {
        return Ok(());
    };
    let news = News {
        what: What::Declined(why),
        step,
        head,
        form: &form?,
        standings: None,
        last_holder: None,
        bounced: None,
        campaign: &app.config().campaign,
        reply_time: app.config().reply_time,
        portal_url: ses.portal_url(),
        is_last_answer: inbound.is_last_answer,
    };
    let delivery = Delivery {
        app,
        ses,
        news,
        in_answer_to: Some(inbound),
        may_approve_by_mail: false,
    };
    Box::pin(delivery::deliver(
        &delivery,
        &recipients::only(&person, Audience::Checker, app.now()),
    ))
    .await
    .map(|_| ())
}

async fn request(app: &App, id: RequestId) -> Result<StoredRequest, NotifyError> {
    let found = app.store().request(id).await?;
    found.ok_or(NotifyError::Impossible("a step without its request"))
}

/// The step that made a version.
fn step_of(request: &StoredRequest, version: u32) -> Result<&HistoryRow, NotifyError> {
    let step = request.history.iter().find(|row| row.version == version);
    step.ok_or(NotifyError::Impossible("word of a step that was not taken"))
}

/// Sends the news of a step to the audiences, and returns whether a checker was sent any.
async fn tell(
    app: &App,
    ses: &Ses<'_>,
    (request, step): (&StoredRequest, &HistoryRow),
    (what, bounced): (What, Option<&str>),
    audiences: &[Audience],
) -> Result<bool, NotifyError> {
    let head = &request.stored.head;
    let company = async {
        let asks = step.to == StateName::ReadyToSend && audiences.contains(&Audience::Checkers);
        if asks && what == What::Step {
            app.store().company(&head.company).await
        } else {
            Ok(None)
        }
    };
    let standings = async {
        let is_to_be_decided = matches!(
            step.action,
            Action::Submit | Action::Confirm | Action::ConfirmByMail
        );
        let relies = head.eservice.definition().relies_on_the_register();
        match &head.participantship {
            Some(own) if is_to_be_decided && what == What::Step && relies => {
                app.store().standings(&own.id).await.map(Some)
            }
            Some(_) | None => Ok(None),
        }
    };
    let officers = officers(app, audiences);
    let mails = mails(app, head.id, audiences);
    let form = form_at(app, request, step);
    let people = app.store().everybody(&head.company);
    let (people, officers, company, form, standings, mails) =
        tokio::join!(people, officers, company, form, standings, mails);
    let (everybody, officers, company, form) = (people?, officers?, company?, form?);
    let form = naming(form, head, &everybody);
    let (removed, people): (Vec<_>, Vec<_>) = everybody.into_iter().partition(DirectoryPerson::is_removed);
    let (standings, mails) = (standings?, mails?);
    let search = Search {
        step,
        head,
        history: &request.history,
        form: &form,
        people: &people,
        removed: &removed,
        officers: &officers,
        now: app.now(),
        mails: &mails,
    };
    let found = recipients::find(&search, what, audiences);
    let news = News {
        what,
        step,
        head,
        form: &form,
        standings: standings.as_ref(),
        last_holder: recipients::last_holder(&request.history, step),
        bounced,
        campaign: &app.config().campaign,
        reply_time: app.config().reply_time,
        portal_url: ses.portal_url(),
        is_last_answer: false,
    };
    let delivery = Delivery {
        app,
        ses,
        news,
        in_answer_to: None,
        may_approve_by_mail: company.is_some_and(|company| company.approves_by_mail)
            && head.eservice.definition().is_approved_by_mail(),
    };
    delivery::deliver(&delivery, &found).await
}

/// The officers, if an audience is of the exchange.
async fn officers(app: &App, audiences: &[Audience]) -> Result<Vec<DirectoryPerson>, StoreError> {
    if audiences.iter().any(|audience| audience.is_of_the_exchange()) {
        app.store().people(&CompanyId::exchange()).await
    } else {
        Ok(Vec::new())
    }
}

/// The form with the names of the people whom it names.
fn naming(form: CompleteForm, head: &Head, everybody: &[DirectoryPerson]) -> CompleteForm {
    if !head.eservice.definition().names_people() {
        return form;
    }
    let names = everybody
        .iter()
        .map(|person| (person.id.to_string(), person.name.clone()));
    form.naming(names.collect())
}

/// The e-mails about a request so far, if they decide who is told.
async fn mails(app: &App, id: RequestId, audiences: &[Audience]) -> Result<Vec<Mail>, StoreError> {
    if audiences.contains(&Audience::OtherCheckers) {
        app.store().mails(id).await
    } else {
        Ok(Vec::new())
    }
}

/// The form at a step: the current one, or, if it has changed since, the one kept for its version.
async fn form_at(app: &App, request: &StoredRequest, step: &HistoryRow) -> Result<CompleteForm, NotifyError> {
    if request.form.has(&step.form_hash) {
        return complete(app, &request.form);
    }
    let saved = request
        .history
        .iter()
        .rfind(|row| row.version <= step.version && row.saves_form());
    let saved = saved.ok_or(NotifyError::Impossible("a request that was never saved"))?;
    let kept = app.store().form_of_version(step.request, saved.version).await?;
    let kept = kept.filter(|kept| kept.has(&step.form_hash));
    complete(
        app,
        &kept.ok_or(NotifyError::Impossible("a step without its form"))?,
    )
}

fn complete(app: &App, stored: &StoredForm) -> Result<CompleteForm, NotifyError> {
    let form = Form::parse(&stored.json()?, &app.kept_terms());
    form.and_then(|form| form.sealed_by(stored.seal()).complete())
        .map_err(|_| NotifyError::Impossible("a submitted form that is not complete"))
}

/// Asks the ledger whether any checker was reached, now or before. With no checker left to try, no bounce will reveal it,
/// so the maker is told here.
async fn notice_if_unreached(app: &App, step: &HistoryRow) -> Result<(), NotifyError> {
    let mails = app.store().mails(step.request).await?;
    if mail::nobody_reached(&mails, step.version, Audience::Checkers) {
        app.store()
            .leave_notice(step.request, step.version, app.now())
            .await?;
    }
    Ok(())
}
