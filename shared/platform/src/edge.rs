//! Whether an HTTP call came through CloudFront, whose firewall looks at calls before the API does (`infra/edge.yaml`).

use countersign_domain::id::Digest;
use lambda_http::Request;

/// The header in which CloudFront gives its secret. It replaces whatever a caller sends under this name.
const SECRET: &str = "x-countersign-edge";

/// Whether to answer a call: it has a secret with one of these digests, or there are no digests because there is no
/// CloudFront.
///
/// The environment holds digests only, so reading it does not help to go around CloudFront. Comparing digests leaks nothing
/// about the secret through timing.
pub(crate) fn lets_in(digests: &[Digest], request: &Request) -> bool {
    let given = request.headers().get(SECRET);
    digests.is_empty() || given.is_some_and(|given| digests.contains(&Digest::of(given.as_bytes())))
}
