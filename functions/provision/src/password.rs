//! Temporary passwords.

use crate::error::AccountError;

/// What a temporary password is made of: letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 56] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/// How many characters are drawn, about 93 bits, in groups that can be read out.
const DRAWN: usize = 16;
const GROUP: usize = 4;

/// A new temporary password, of a small letter, a capital letter, a digit and a hyphen at least, as the pool demands.
pub(crate) fn temporary() -> Result<String, AccountError> {
    loop {
        let drawn = draw()?;
        let has = |kind: fn(&u8) -> bool| drawn.iter().any(kind);
        if has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit) {
            let groups: Vec<String> = drawn
                .chunks(GROUP)
                .map(|group| group.iter().map(|octet| char::from(*octet)).collect())
                .collect();
            return Ok(groups.join("-"));
        }
    }
}

/// Characters of the alphabet, each as likely as any other.
fn draw() -> Result<Vec<u8>, AccountError> {
    // The largest multiple of the alphabet's size that an octet can hold: those beyond it would favour some characters.
    let limit = 256 / ALPHABET.len() * ALPHABET.len();
    let mut drawn = Vec::with_capacity(DRAWN);
    while drawn.len() < DRAWN {
        let mut octets = [0_u8; DRAWN];
        getrandom::fill(&mut octets).map_err(|_| AccountError::Random)?;
        let fair = octets.into_iter().map(usize::from).filter(|octet| *octet < limit);
        drawn.extend(fair.map(|octet| ALPHABET[octet % ALPHABET.len()]));
    }
    drawn.truncate(DRAWN);
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_temporary_password_has_every_kind_of_character_and_is_new_each_time() {
        let all: BTreeSet<String> = (0..200).map(|_| temporary().unwrap()).collect();
        assert_eq!(all.len(), 200);
        for password in all {
            assert_eq!(password.len(), 19);
            for kind in [
                char::is_ascii_lowercase,
                char::is_ascii_uppercase,
                char::is_ascii_digit,
            ] {
                assert!(password.chars().any(|character| kind(&character)), "{password}");
            }
            assert!(!password.contains(['0', 'O', '1', 'l', 'I', 'o']), "{password}");
        }
    }
}
