//! The register: the User Profile Listing of a participant's Delegated Administrators.

use jiff::Timestamp;

use crate::id::RequestId;

/// A Delegated Administrator in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegatedAdministrator {
    /// The User ID.
    pub user_id: String,
    /// The registered e-mail address, if any.
    pub registration: Option<Registered>,
}

/// A registered address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The address.
    pub email: String,
    /// Since when.
    pub since: Timestamp,
    /// By which request.
    pub request: RequestId,
    /// Whether that request reached the exchange in time for the parallel run.
    pub guaranteed: bool,
}

/// Whether an administrator can initiate two-factor authentication when the parallel run starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// The request that registered the address came in time.
    Ready,
    /// It came after the deadline.
    NotGuaranteed,
    /// There is no address.
    NotRegistered,
}

impl Readiness {
    /// As the wire names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NotGuaranteed => "notGuaranteed",
            Self::NotRegistered => "notRegistered",
        }
    }
}

impl DelegatedAdministrator {
    /// Whether two-factor authentication will work for them.
    pub fn readiness(&self) -> Readiness {
        match &self.registration {
            None => Readiness::NotRegistered,
            Some(registered) if registered.guaranteed => Readiness::Ready,
            Some(_) => Readiness::NotGuaranteed,
        }
    }
}
