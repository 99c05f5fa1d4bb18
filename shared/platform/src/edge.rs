//! Whether an HTTP call came through CloudFront, whose firewall looks at calls before the API does (`infra/edge.yaml`).

use countersign_domain::id::Digest;
use lambda_http::Request;

/// The header in which CloudFront gives its secret. It replaces whatever a caller sends under this name.
const SECRET: &str = "x-countersign-edge";

/// Whether a call may be answered: it gives the secret of one of these digests, or there is no CloudFront that it could have
/// gone around.
///
/// A digest is no secret, so that nobody who reads a function's environment can go around CloudFront. Comparing digests takes a
/// time that tells nothing of the secret.
pub(crate) fn lets_in(digests: &[Digest], request: &Request) -> bool {
    let given = request.headers().get(SECRET);
    digests.is_empty() || given.is_some_and(|given| digests.contains(&Digest::of(given.as_bytes())))
}
