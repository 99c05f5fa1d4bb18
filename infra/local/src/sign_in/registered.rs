//! The addresses that people may be sent back to.

/// Hosts that are this machine whatever the port (RFC 8252, section 7.3).
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Whether an address is one of those that the pool's client registered, or one of their paths on this machine: the
/// runner listens on the port that it is told, and the template names one.
pub(super) fn is_registered(address: &str, registered: &[String]) -> bool {
    registered
        .iter()
        .any(|own| own == address || loopback_path(address).is_some_and(|path| Some(path) == path_of(own)))
}

/// The scheme and the authority of an address, e.g. `http://localhost:9000`.
pub(super) fn origin(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    address.get(..scheme.len() + "://".len() + end)
}

fn path_of(address: &str) -> Option<&str> {
    address.get(origin(address)?.len()..)
}

/// The path of an address on this machine.
fn loopback_path(address: &str) -> Option<&str> {
    let authority = origin(address)?.strip_prefix("http://")?;
    let is_loopback = LOOPBACK.iter().any(|host| {
        authority.strip_prefix(host).is_some_and(|port| {
            port.is_empty()
                || port
                    .strip_prefix(':')
                    .is_some_and(|port| port.parse::<u16>().is_ok())
        })
    });
    is_loopback.then(|| path_of(address))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_registered_addresses_and_their_paths_on_this_machine_are_taken() {
        let registered = ["https://portal.example/signed-in".to_owned()];
        for taken in [
            "https://portal.example/signed-in",
            "http://localhost/signed-in",
            "http://localhost:9123/signed-in",
            "http://127.0.0.1:1/signed-in",
            "http://[::1]:9000/signed-in",
        ] {
            assert!(is_registered(taken, &registered), "{taken}");
        }
        for foreign in [
            "",
            "/signed-in",
            "https://portal.example",
            "https://portal.example/signed-in/",
            "https://portal.example/signed-in?a=b",
            "https://portal.example.evil.example/signed-in",
            "http://portal.example/signed-in",
            "http://evil.example/signed-in",
            "http://localhost.evil.example/signed-in",
            "http://localhost:9000@evil.example/signed-in",
            "http://localhost:x/signed-in",
            "http://localhost:9000/signed-in/../elsewhere",
            "http://localhost:9000/signed-in#there",
            "http://localhost:9000",
            "https://localhost:9000/signed-in",
            "javascript://localhost/signed-in",
        ] {
            assert!(!is_registered(foreign, &registered), "{foreign}");
        }
    }
}
