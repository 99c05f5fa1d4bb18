//! A system's account: a client of the user pool, with which the company's own program gets tokens for itself.

use crate::error::AccountError;
use crate::reconcile::{Followed, Work};

impl Work<'_> {
    /// Has the client follow the directory. Only its removal ever changes a system.
    ///
    /// The pool draws the client's ID, so a call that is killed before the ledger has it leaves a client behind. Nobody has
    /// read that one's secret, and the next call makes another.
    pub(crate) async fn follow_system(&self) -> Result<Followed, AccountError> {
        let pool = &self.tools.pool;
        let known = self.recorded().and_then(|record| record.user.clone());
        if self.person.is_removed() {
            if let Some(client) = known {
                pool.delete_client(&client).await?;
            }
            return Ok(Followed::default());
        }
        let client = match known {
            Some(client) => client,
            None => self.make_client().await?,
        };
        Ok(Followed {
            user: Some(client),
            invited: None,
        })
    }

    async fn make_client(&self) -> Result<String, AccountError> {
        let (store, person) = (self.tools.app.store(), &self.person.id);
        let client = self.tools.pool.create_client(&format!("system {person}")).await?;
        store.enter_client(&client, self.company, person).await?;
        Ok(client)
    }
}
