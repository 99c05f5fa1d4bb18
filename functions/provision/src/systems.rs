//! A system's account: a client of the user pool, with which the company's own program gets tokens for itself.

use crate::error::AccountError;
use crate::reconcile::{Followed, Work};

impl Work<'_> {
    /// Has the client follow the directory. Only its removal ever changes a system.
    ///
    /// The pool draws the client's ID, so the client's name says which system it is for, and the ledger says before that one
    /// is about to be made. A call that is killed before the ledger has the ID leaves a client that the next call finds.
    pub(crate) async fn follow_system(&self) -> Result<Followed, AccountError> {
        let clients = self.clients().await?;
        if self.person.is_removed() {
            self.delete_clients(&clients).await?;
            return Ok(Followed::default());
        }
        let client = match clients.split_first() {
            Some((client, others)) => {
                self.delete_clients(others).await?;
                client.clone()
            }
            None => self.make_client().await?,
        };
        let store = self.tools.app.store();
        store.enter_client(&client, self.company, &self.person.id).await?;
        Ok(Followed {
            user: Some(client),
            invited: None,
        })
    }

    /// The system's clients: the one that the ledger has, or those that calls made which were cut off.
    async fn clients(&self) -> Result<Vec<String>, AccountError> {
        if let Some(client) = self.recorded().and_then(|record| record.user.clone()) {
            return Ok(vec![client]);
        }
        match &self.record.made_for {
            Some(name) => self.tools.pool.clients_named(name).await,
            None => Ok(Vec::new()),
        }
    }

    async fn make_client(&self) -> Result<String, AccountError> {
        let name = format!("system {} {}", self.company, self.person.id);
        self.announce(&name).await?;
        self.tools.pool.create_client(&name).await
    }

    /// Deletes clients, and what says which system they are for.
    async fn delete_clients(&self, clients: &[String]) -> Result<(), AccountError> {
        for client in clients {
            self.tools.pool.delete_client(client).await?;
            self.tools.app.store().forget_client(client).await?;
        }
        Ok(())
    }
}
