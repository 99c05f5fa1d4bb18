//! Sends one e-mail to each recipient, once, by the ledger.

use countersign_domain::approval::MailToken;
use countersign_domain::contact::{EmailAddress, folded};
use countersign_domain::daily::PieceOfNews;
use countersign_domain::id::{CompanyId, Digest};
use countersign_domain::mail::{Mail, MailStatus};
use countersign_domain::receipt::Receipt;
use countersign_domain::request::StateName;
use countersign_domain::workflow::Audience;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::approval::{Inbound, Offer};
use countersign_platform::store::mail::{Entry, MailId};
use countersign_platform::store::suppression::Suppressions;
use futures_util::StreamExt as _;
use jiff::Timestamp;

use crate::error::NotifyError;
use crate::ledger;
use crate::letter;
use crate::news::{News, Recipient, What};
use crate::recipients::{Found, Unaddressable};
use crate::ses::{Envelope, Ses};

/// How many e-mails are sent at the same time. SES allows a new account 14 a second.
const LANES: usize = 4;

/// News to be delivered.
pub(crate) struct Delivery<'a> {
    pub(crate) app: &'a App,
    pub(crate) ses: &'a Ses<'a>,
    pub(crate) news: News<'a>,
    /// The reply that this answers, if any.
    pub(crate) in_answer_to: Option<&'a Inbound>,
    /// Whether the company's checkers may approve by replying.
    pub(crate) may_approve_by_mail: bool,
}

/// Sends the news to everyone found, and returns whether a checker was sent any. A failure for one recipient does not block
/// the others; the row then fails with the first failure.
pub(crate) async fn deliver(delivery: &Delivery<'_>, found: &Found) -> Result<bool, NotifyError> {
    for unaddressable in &found.unaddressable {
        delivery.enter(unaddressable, found).await?;
    }
    let mut collected = Ok(());
    for reader in &found.readers {
        collected = delivery.collect(reader, found).await.and(collected);
    }
    let addresses: Vec<EmailAddress> = found.recipients.iter().map(|to| to.address.clone()).collect();
    let suppressions = &delivery.app.store().suppressions(&addresses).await?;
    let recipients = found.recipients.iter();
    let mails: Vec<_> = recipients
        .map(|to| delivery.to(to, found, suppressions))
        .collect();
    let lanes = futures_util::stream::iter(mails).buffer_unordered(LANES);
    let outcomes: Vec<Result<bool, NotifyError>> = lanes.collect().await;
    collected?;
    let sent: Vec<bool> = outcomes.into_iter().collect::<Result<_, _>>()?;
    Ok(sent.contains(&true))
}

impl Found {
    /// How many recipients an audience has, including those without a usable address.
    fn among(&self, audience: Audience) -> u32 {
        let told = self.recipients.iter().filter(|to| to.audience == audience);
        let read = self.readers.iter().filter(|to| to.audience == audience);
        let untold = self.unaddressable.iter().filter(|to| to.audience == audience);
        u32::try_from(told.count() + read.count() + untold.count()).unwrap_or(u32::MAX)
    }
}

impl Delivery<'_> {
    fn id(&self, audience: Audience, address: &str) -> MailId {
        let kind = match (self.news.what, audience == Audience::NewAddresses) {
            (What::Step, false) => "step".to_owned(),
            (What::Step, true) => "registered".to_owned(),
            (What::CheckersUnreachable, _) => "unreachable".to_owned(),
            (What::ClaimEndsSoon(_), _) => "claim-ends-soon".to_owned(),
            // Each address is told of once.
            (What::AddressBounced, _) => {
                format!("address-bounced {}", self.news.bounced.unwrap_or_default())
            }
            // Each reply is answered once.
            (What::Declined(_), _) => {
                let answered = self.in_answer_to.map(|inbound| inbound.message.clone());
                answered.unwrap_or_default()
            }
        };
        MailId::Step {
            request: self.news.step.request,
            version: self.news.step.version,
            recipient: Digest::of(format!("{kind} {}", folded(address)).as_bytes()),
        }
    }

    fn mail(&self, to: &Recipient, found: &Found, status: MailStatus) -> Mail {
        Mail {
            version: self.news.step.version,
            audience: to.audience,
            name: to.name.clone(),
            address: to.address.as_str().to_owned(),
            among: found.among(to.audience),
            status,
            at: self.now(),
        }
    }

    fn now(&self) -> Timestamp {
        self.app.now()
    }

    async fn enter(&self, to: &Unaddressable, found: &Found) -> Result<(), StoreError> {
        let mail = Mail {
            version: self.news.step.version,
            audience: to.audience,
            name: to.name.clone(),
            address: to.address.clone(),
            among: found.among(to.audience),
            status: MailStatus::Suppressed,
            at: self.now(),
        };
        let id = self.id(to.audience, &to.address);
        ledger::hold(self.app, &id, &Entry::Step(mail)).await
    }

    /// Keeps the news for the day's digest of someone in the directory.
    async fn collect(&self, reader: &Recipient, found: &Found) -> Result<(), NotifyError> {
        let Some(person) = &reader.person else {
            return Ok(());
        };
        let exchange = CompanyId::parse(CompanyId::EXCHANGE);
        let exchange = exchange.filter(|_| reader.audience == Audience::ExchangeDesk);
        let company = exchange.as_ref().unwrap_or(&self.news.head.company);
        let id = self.id(reader.audience, reader.address.ascii());
        let entry = Entry::Step(self.mail(reader, found, MailStatus::Collected));
        let piece = PieceOfNews::of(self.news.step, reader.audience);
        self.app
            .store()
            .collect_news(&id, &entry, (company, person), piece, self.now())
            .await?;
        Ok(())
    }

    /// Sends the news to one recipient, and returns whether that was a checker who had not been sent it before.
    async fn to(
        &self,
        to: &Recipient,
        found: &Found,
        suppressions: &Suppressions,
    ) -> Result<bool, NotifyError> {
        if !self.ses.has_time() {
            return Err(NotifyError::OutOfTime);
        }
        let id = self.id(to.audience, to.address.ascii());
        let entry = |status| Entry::Step(self.mail(to, found, status));
        let sending = Box::pin(self.send(&id, to));
        let is_registered = self.news.what == What::Step && to.audience == Audience::NewAddresses;
        let address = ledger::To {
            address: &to.address,
            registered: is_registered.then_some(self.news.step.at),
            suppression: suppressions.of(&to.address)?,
        };
        let sent = ledger::send_once(self.app, &id, &address, entry, sending).await?;
        Ok(sent && to.audience == Audience::Checkers)
    }

    async fn send(&self, id: &MailId, to: &Recipient) -> Result<String, NotifyError> {
        let to = &Recipient {
            reply_address: self.reply_address(to).await?,
            ..to.clone()
        };
        let letter = letter::write(&self.news, to).map_err(NotifyError::Letter)?;
        let envelope = Envelope {
            id,
            conversation: self.news.step.request.to_string(),
            to: &to.address,
            reply_to: to.reply_address.as_deref(),
            in_reply_to: self
                .in_answer_to
                .and_then(|inbound| inbound.message_id.as_deref()),
        };
        self.ses.send(&envelope, &letter).await.map_err(NotifyError::Ses)
    }

    /// The address for approving by reply, with a token generated for this e-mail alone.
    async fn reply_address(&self, to: &Recipient) -> Result<Option<String>, NotifyError> {
        let step = self.news.step;
        let ends = self.news.reply_time.ends(step.at, self.news.campaign);
        let until = ends.filter(|until| *until > self.now());
        let is_asked = to.audience == Audience::Checkers && step.to == StateName::ReadyToSend;
        let may = self.may_approve_by_mail && to.approves_by_mail && is_asked;
        let (true, Some(until), Some(checker)) = (may, until, &to.person) else {
            return Ok(None);
        };
        // Without the system's random source, a token could be guessed.
        let (Ok(high), Ok(low)) = (getrandom::u64(), getrandom::u64()) else {
            return Ok(None);
        };
        let token = MailToken::of_random(u128::from(high) << 64 | u128::from(low));
        let offer = Offer {
            request: step.request,
            tag: Receipt::after(step).tag(),
            company: self.news.head.company.clone(),
            checker: checker.clone(),
            until,
        };
        self.app.store().keep_token(&token, &offer).await?;
        Ok(Some(token.address(self.ses.domain())))
    }
}
