//! Who is notified of a step by mail: the last column of the table.

/// Who is notified by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "camelCase")]
pub enum Audience {
    /// Everyone in the company who may check the request.
    Checkers,
    /// The maker.
    Maker,
    /// The checker who confirmed.
    Checker,
    /// The person who held the request until this step.
    LastHolder,
    /// The exchange's officers.
    ExchangeDesk,
    /// The contact persons named in the form.
    ContactPersons,
    /// Every address that the step registers.
    NewAddresses,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 7] = [
        Self::Checkers,
        Self::Maker,
        Self::Checker,
        Self::LastHolder,
        Self::ExchangeDesk,
        Self::ContactPersons,
        Self::NewAddresses,
    ];

    /// The name on the wire and in storage.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}
