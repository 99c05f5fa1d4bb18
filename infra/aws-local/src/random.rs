//! Random names in the forms that AWS gives them.

use std::fmt::Write;

/// Random bytes in hexadecimal digits.
pub(crate) fn hex<const N: usize>() -> String {
    let mut bytes = [0_u8; N];
    // A system without randomness has failed before: the key that signs tokens needs it too.
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "the system has no randomness");
    }
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A random UUID.
pub(crate) fn uuid() -> String {
    let hex = hex::<16>();
    format!(
        "{}-{}-4{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_the_form_of_one_and_is_new_each_time() {
        let form = regex_lite::Regex::new("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$").unwrap();
        let (one, two) = (uuid(), uuid());
        assert!(form.is_match(&one), "{one}");
        assert_ne!(one, two);
    }
}
