//! What a row of the table has to have read: decided by its guards and its writes.

use countersign_domain::workflow::{Guard, Row, Write};

/// What has to be read before a row can be applied.
#[derive(Debug, Default, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "any of them can be needed with any other"
)]
pub(super) struct Reads {
    /// The request's head.
    pub(super) head: bool,
    /// The request's head and form.
    pub(super) request: bool,
    /// The company and its people, from the directory.
    pub(super) directory: bool,
    /// The registered addresses of the company's administrators.
    pub(super) register: bool,
    /// The colleague whom the command names.
    pub(super) colleague: bool,
}

impl Reads {
    const NONE: Self = Self {
        head: false,
        request: false,
        directory: false,
        register: false,
        colleague: false,
    };
    const HEAD: Self = Self {
        head: true,
        ..Self::NONE
    };
    const REQUEST: Self = Self {
        request: true,
        ..Self::NONE
    };
    const DIRECTORY: Self = Self {
        directory: true,
        ..Self::REQUEST
    };
    const REGISTER: Self = Self {
        register: true,
        ..Self::REQUEST
    };
    const COLLEAGUE: Self = Self {
        colleague: true,
        ..Self::HEAD
    };

    fn and(self, other: Self) -> Self {
        Self {
            head: self.head || other.head,
            request: self.request || other.request,
            directory: self.directory || other.directory,
            register: self.register || other.register,
            colleague: self.colleague || other.colleague,
        }
    }

    /// Returns what a guard reads besides the command, where the transaction does not check it.
    fn for_guard(row: &Row, guard: Guard) -> Self {
        match guard {
            Guard::OwnParticipantship
            | Guard::AnotherChecker
            | Guard::DirectoryAgrees
            | Guard::TwoManagersStay => Self::DIRECTORY,
            // Each write to the register has its own condition.
            Guard::RegisterAgrees if !row.has(Write::Register) => Self::REGISTER,
            Guard::ColleagueCanCheck => Self::COLLEAGUE,
            // The head says who that is, and the transaction tests their entry in the directory.
            Guard::MakerGone | Guard::HolderGone => Self::HEAD,
            Guard::FormComplete | Guard::UserIdsFree | Guard::RegisterAgrees => Self::REQUEST,
            Guard::CampaignOpen
            | Guard::ClaimedParticipantship
            | Guard::FirstOfTwoChecks
            | Guard::LastCheck
            | Guard::Unclaimed
            | Guard::MessageGiven
            | Guard::LeaseEnded
            | Guard::MailToken
            | Guard::Entitled
            | Guard::EntitledToManage
            | Guard::GoesToTheExchange
            | Guard::EndsAtTheCompany
            | Guard::NotAboutSelf => Self::NONE,
        }
    }

    /// Returns what a write takes from the request.
    fn for_write(write: Write) -> Self {
        match write {
            Write::InheritEditors | Write::TakeLocks | Write::Register => Self::REQUEST,
            Write::SettleChecks | Write::ChangeDirectory => Self::DIRECTORY,
            Write::KeepForm
            | Write::GiveReference
            | Write::MarkSubmitted
            | Write::SettleGuarantee
            | Write::FirstCheck
            | Write::VoidChecks
            | Write::EnterDesk(_)
            | Write::LeaveDesk
            | Write::Hold
            | Write::HoldForColleague
            | Write::BecomeMaker
            | Write::Unhold
            | Write::StartLease
            | Write::Confirm
            | Write::Unconfirm
            | Write::SpendToken
            | Write::RecordMail => Self::NONE,
        }
    }

    /// Returns what a row reads: all that its guards and writes do.
    pub(super) fn for_row(row: &Row) -> Self {
        let guards = row.guards.iter().map(|guard| Self::for_guard(row, *guard));
        let writes = row.writes.iter().map(|write| Self::for_write(*write));
        guards.chain(writes).fold(Self::NONE, Self::and)
    }
}
