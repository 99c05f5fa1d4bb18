//! Who is told of a step by mail: the last column of the table.

/// Who is told by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "camelCase")]
pub enum Audience {
    /// Everyone of the company who may check it.
    Checkers,
    /// The maker.
    Maker,
    /// The checker who confirmed.
    Checker,
    /// Who held it until now.
    LastHolder,
    /// The exchange's officers.
    ExchangeDesk,
    /// The contact persons in the form.
    ContactPersons,
    /// Each address that was registered.
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

    /// As the wire and storage name it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Reads what [`Self::as_str`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}
