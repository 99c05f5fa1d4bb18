//! Brings accounts up to date: what the user pool has of a person becomes what the directory says.
//!
//! Every step can be taken twice, and the ledger is written last, so a call that is killed anywhere is made up for by the
//! next one. Only an invitation may go out twice; the later one has the password that works.

use countersign_domain::contact::EmailAddress;
use countersign_domain::id::{CompanyId, Digest, PersonId};
use countersign_platform::store::accounts::{AccountLease, AccountRecord};
use countersign_platform::store::directory::DirectoryPerson;
use jiff::SignedDuration;
use serde::Serialize;

use crate::error::AccountError;
use crate::letter::{Invitation, Moved};
use crate::pool::{Account, Attributes, Created};
use crate::{Tools, password};

/// How long nobody else works on an account. A call makes a handful of calls of seven seconds at most.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// How often a call goes on with an account that requests change meanwhile.
const MOST_ROUNDS: usize = 3;

/// What came of looking at companies.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// How many accounts were brought up to date.
    pub(crate) changed: usize,
    /// How many accounts wait until their company does something about it, which is on record.
    pub(crate) waiting: usize,
    /// How many accounts or companies could not be brought up to date for another reason.
    pub(crate) failed: usize,
    /// How many companies were left for the next round.
    pub(crate) left: usize,
}

impl Report {
    pub(crate) fn left() -> Self {
        Self {
            left: 1,
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.changed += other.changed;
        self.waiting += other.waiting;
        self.failed += other.failed;
        self.left += other.left;
    }
}

/// Brings the accounts of a company up to date. One that can't be does not block the rest.
pub(crate) async fn company(tools: &Tools<'_>, company: &CompanyId) -> Report {
    let mut report = Report::default();
    let roster = match tools.app.store().roster(company).await {
        Ok(Some(roster)) => roster,
        Ok(None) => {
            tracing::error!(error = %AccountError::NoCompany, %company, "accounts");
            report.failed += 1;
            return report;
        }
        Err(error) => {
            tracing::error!(%error, %company, "accounts");
            report.failed += 1;
            return report;
        }
    };
    for (person, record) in roster.people {
        if is_up_to_date(tools, &person, &record) {
            continue;
        }
        match Box::pin(followed(tools, company, &roster.company.name, &person.id)).await {
            Ok(()) => report.changed += 1,
            // Another try changes nothing, and a page at night even less: the company's page and the doctor say so.
            Err(error) if error.obstacle().is_some() => {
                tracing::warn!(%error, %company, person = %person.id, "an account is behind the directory");
                report.waiting += 1;
            }
            Err(error) => {
                // The directory's ID of a person names nobody.
                tracing::error!(%error, %company, person = %person.id, "an account is behind the directory");
                report.failed += 1;
            }
        }
    }
    report
}

fn is_up_to_date(tools: &Tools<'_>, person: &DirectoryPerson, record: &AccountRecord) -> bool {
    record.pool == tools.pool.id() && record.revision == person.revision
}

/// Brings one account up to date, and again as long as requests change the person meanwhile: the calls for those requests
/// find the account leased, and come back much later.
async fn followed(
    tools: &Tools<'_>,
    company: &CompanyId,
    company_name: &str,
    id: &PersonId,
) -> Result<(), AccountError> {
    for _ in 0..MOST_ROUNDS {
        let done = leased(tools, company, company_name, id).await?;
        let now = tools.app.store().person(company, id).await?;
        if done.is_none() || now.is_none_or(|now| Some(now.revision) == done) {
            break;
        }
    }
    Ok(())
}

/// Brings one account up to date, unless another call is at it. Returns the person's revision if there was something to do.
/// Reads the person and the record again under the lease: by
/// then, another call may have done the work, or a request may have changed the person once more.
async fn leased(
    tools: &Tools<'_>,
    company: &CompanyId,
    company_name: &str,
    id: &PersonId,
) -> Result<Option<u32>, AccountError> {
    let (store, now) = (tools.app.store(), tools.app.now());
    let until = now.checked_add(LEASE).unwrap_or(now);
    let leased = store.lease_account(company, id, now, until).await?;
    let (lease, record) = leased.ok_or(AccountError::Leased)?;
    let person = store.person(company, id).await?;
    let person = person.filter(|person| !is_up_to_date(tools, person, &record));
    let Some(person) = person else {
        store.give_up_account(company, id, None, lease).await?;
        return Ok(None);
    };
    let work = Work {
        tools,
        company,
        company_name,
        person: &person,
        record,
        lease: &lease,
    };
    match work.follow().await {
        Ok(Followed { user, invited }) => {
            let record = AccountRecord {
                pool: tools.pool.id().to_owned(),
                user,
                invited,
                made_for: None,
                obstacle: None,
                revision: person.revision,
                invitations: person.invitations,
                second_factor_resets: person.second_factor_resets,
            };
            let kept = store.keep_account(company, id, &record, lease).await?;
            kept.then_some(Some(person.revision))
                .ok_or(AccountError::LeaseEnded)
        }
        Err(error) => {
            store
                .give_up_account(company, id, error.obstacle(), lease)
                .await?;
            Err(error)
        }
    }
}

/// What an account has come to.
#[derive(Default)]
pub(crate) struct Followed {
    /// Its user name, if there is one; a system's client ID.
    pub(crate) user: Option<String>,
    /// The mark of the address that the last invitation went to.
    pub(crate) invited: Option<String>,
}

/// An address's mark in the ledger.
fn mark(email: &EmailAddress) -> String {
    Digest::of(email.folded().as_bytes()).to_string()
}

/// One account and what it has to follow.
pub(crate) struct Work<'a> {
    pub(crate) tools: &'a Tools<'a>,
    pub(crate) company: &'a CompanyId,
    company_name: &'a str,
    pub(crate) person: &'a DirectoryPerson,
    pub(crate) record: AccountRecord,
    lease: &'a AccountLease,
}

impl Work<'_> {
    /// Has the account follow the directory.
    async fn follow(&self) -> Result<Followed, AccountError> {
        if self.person.is_system {
            return self.follow_system().await;
        }
        let email = EmailAddress::parse(&self.person.email).map_err(|_| AccountError::Address);
        if self.person.is_removed() {
            // Whoever is erased, too, has no address. The ledger still knows their account.
            let account = match &email {
                Ok(email) => self.find(email).await?,
                Err(_) => self.find_recorded().await?,
            };
            return self.lock_out(account).await;
        }
        let email = email?;
        let account = self.find(&email).await?;
        let language = self.person.mail_language();
        let attributes = Attributes::new(self.company, &self.person.id, email.ascii(), language);
        match account {
            // Who was removed and comes back starts anew, with a second factor of their own again.
            Some(account) if !account.is_enabled && self.is_invited_again() => {
                self.tools.pool.delete(&account.user).await?;
                self.create(&attributes, &email).await
            }
            Some(account) => self.change(account, &attributes, &email).await,
            None => self.create(&attributes, &email).await,
        }
    }

    /// What the ledger has of the person in this pool. An earlier pool's record says nothing about this one.
    pub(crate) fn recorded(&self) -> Option<&AccountRecord> {
        Some(&self.record).filter(|record| record.pool == self.tools.pool.id())
    }

    /// The account that the ledger has of the person, or one that a call was about to make when it was cut off.
    async fn find_recorded(&self) -> Result<Option<Account>, AccountError> {
        if let Some(user) = self.recorded().and_then(|record| record.user.as_deref())
            && let Some(account) = self.tools.pool.get(user).await?
        {
            return Ok(Some(account));
        }
        match &self.record.made_for {
            Some(address) => {
                let account = self.tools.pool.get(address).await?;
                Ok(account.filter(|account| self.is_theirs(account)))
            }
            None => Ok(None),
        }
    }

    fn is_theirs(&self, account: &Account) -> bool {
        account
            .holder()
            .is_some_and(|(company, person)| company == *self.company && person == self.person.id)
    }

    /// The person's account. One that is somebody else's with the same address is deleted, if they have been removed.
    async fn find(&self, email: &EmailAddress) -> Result<Option<Account>, AccountError> {
        let pool = &self.tools.pool;
        if let Some(account) = self.find_recorded().await? {
            return Ok(Some(account));
        }
        let Some(account) = pool.get(email.ascii()).await? else {
            return Ok(None);
        };
        if self.is_theirs(&account) {
            return Ok(Some(account));
        }
        if self.person.is_removed() {
            return Ok(None);
        }
        match account.holder() {
            Some((company, person)) if self.was_removed(&company, &person).await? => {
                pool.delete(&account.user).await?;
                Ok(None)
            }
            _ => Err(AccountError::AddressTaken),
        }
    }

    async fn was_removed(&self, company: &CompanyId, person: &PersonId) -> Result<bool, AccountError> {
        let holder = self.tools.app.store().person(company, person).await?;
        Ok(holder.is_some_and(|holder| holder.is_removed()))
    }

    async fn lock_out(&self, account: Option<Account>) -> Result<Followed, AccountError> {
        let Some(account) = account else {
            return Ok(Followed::default());
        };
        if account.is_enabled {
            self.tools.pool.disable(&account.user).await?;
        }
        self.tools.pool.sign_out(&account.user).await?;
        Ok(Followed {
            user: Some(account.user),
            invited: None,
        })
    }

    /// Has the ledger say what an account is about to be made under.
    pub(crate) async fn announce(&self, made_for: &str) -> Result<(), AccountError> {
        let store = self.tools.app.store();
        let announced = store
            .announce_account(self.company, &self.person.id, made_for, self.lease)
            .await?;
        announced.then_some(()).ok_or(AccountError::LeaseEnded)
    }

    async fn create(&self, attributes: &Attributes, email: &EmailAddress) -> Result<Followed, AccountError> {
        let password = password::temporary()?;
        self.announce(email.ascii()).await?;
        let created = self.tools.pool.create(email.ascii(), attributes, &password);
        let user = match created.await? {
            Created::Yes(user) => {
                self.send(email, &password).await?;
                user
            }
            Created::Exists => {
                let account = self.find(email).await?.ok_or(AccountError::AddressTaken)?;
                self.invite(&account, email).await?;
                account.user
            }
        };
        Ok(Followed {
            user: Some(user),
            invited: Some(mark(email)),
        })
    }

    async fn change(
        &self,
        account: Account,
        attributes: &Attributes,
        email: &EmailAddress,
    ) -> Result<Followed, AccountError> {
        let (pool, record) = (&self.tools.pool, self.recorded());
        if !account.says(attributes) {
            self.tell_earlier_address(&account, email).await?;
            pool.update(&account.user, attributes).await?;
        }
        if self.person.second_factor_resets > record.map_or(0, |record| record.second_factor_resets) {
            pool.reset_second_factor(&account.user).await?;
            pool.sign_out(&account.user).await?;
        }
        let mut invited = record.and_then(|record| record.invited.clone());
        // An invitation that nobody has used yet follows the address. Without a record, nobody knows whether one went out.
        let has_moved = account.is_invited && invited.as_ref() != Some(&mark(email));
        if has_moved || self.is_invited_again() {
            self.invite(&account, email).await?;
            invited = Some(mark(email));
        }
        Ok(Followed {
            user: Some(account.user),
            invited,
        })
    }

    /// Tells whoever has signed in with the account's address so far that another one signs in from now on. They learn it
    /// before it is so, and twice rather than never.
    async fn tell_earlier_address(
        &self,
        account: &Account,
        email: &EmailAddress,
    ) -> Result<(), AccountError> {
        let earlier = account
            .email()
            .and_then(|earlier| EmailAddress::parse(earlier).ok());
        let earlier = earlier.filter(|earlier| earlier.folded() != email.folded());
        // Whoever was invited again is told, too, if they have ever signed in.
        let is_known = !account.is_invited || !self.person.sign_ins.is_empty();
        let Some(earlier) = earlier.filter(|_| is_known) else {
            return Ok(());
        };
        let holder = self.tools.pool.get(email.ascii()).await?;
        if holder.is_some_and(|holder| holder.user != account.user) {
            return Err(AccountError::AddressTaken);
        }
        let moved = Moved {
            company: self.company_name,
        };
        self.tools.ses.send(&earlier, self.whose(), moved.letter()).await
    }

    /// Whether they have been invited since the account was last looked after.
    fn is_invited_again(&self) -> bool {
        self.recorded()
            .is_some_and(|record| self.person.invitations > record.invitations)
    }

    async fn invite(&self, account: &Account, email: &EmailAddress) -> Result<(), AccountError> {
        let password = password::temporary()?;
        self.tools.pool.invite(&account.user, &password).await?;
        self.send(email, &password).await
    }

    async fn send(&self, email: &EmailAddress, password: &str) -> Result<(), AccountError> {
        let invitation = Invitation {
            company: self.company_name,
            portal: self.tools.ses.portal_url(),
            password,
            days: self.tools.invitation_days,
        };
        self.tools
            .ses
            .send(email, self.whose(), invitation.letter())
            .await
    }

    fn whose(&self) -> (&CompanyId, &PersonId) {
        (self.company, &self.person.id)
    }
}
