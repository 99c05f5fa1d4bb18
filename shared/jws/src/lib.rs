//! The signatures of JSON Web Tokens (RFC 7518, section 3) for `jsonwebtoken`: RS256, which Cognito signs with, and ES256,
//! which the local stand-in signs with. The arithmetic is ring's, which TLS brings along. The backends that `jsonwebtoken`
//! comes with would add another library for it.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use signature::{Error, Signer, Verifier};

static RING: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| signer(*algorithm, key),
    verifier_factory: |algorithm, key| verifier(*algorithm, key),
    key_utils: KeyUtils {
        ec_pub_components_from_private_key: public_point,
        compute_digest: |data, hash| digest_of(data, &hash),
        ..KeyUtils::new_unimplemented()
    },
};

/// Makes `jsonwebtoken` sign and verify with ring in this process. Must precede the first signature; a second call changes
/// nothing.
pub fn install() {
    let _ = RING.install_default();
}

/// Returns the PKCS #8 document of a new P-256 key; `None` if the system has no randomness.
pub fn generate_es256() -> Option<Vec<u8>> {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    Some(document.ok()?.as_ref().to_vec())
}

fn signer(algorithm: Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    match (algorithm, key.family()) {
        (Algorithm::ES256, AlgorithmFamily::Ec) => Ok(Box::new(Es256Signer(key_pair(key.as_bytes())?))),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

fn verifier(algorithm: Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match (algorithm, key.family()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa) | (Algorithm::ES256, AlgorithmFamily::Ec) => {
            Ok(Box::new(PublicKey(algorithm, key.clone())))
        }
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

fn key_pair(pkcs8: &[u8]) -> Result<EcdsaKeyPair> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new())
        .map_err(|_| ErrorKind::InvalidEcdsaKey.into())
}

/// The coordinates of a P-256 key's public point. ring gives it uncompressed: an octet 4, then 32 octets each.
fn public_point(pkcs8: &[u8], _algorithm: Algorithm) -> Result<(EllipticCurve, Vec<u8>, Vec<u8>)> {
    let pair = key_pair(pkcs8)?;
    match pair.public_key().as_ref() {
        [4, point @ ..] => {
            let (x, y) = point.split_at(point.len() / 2);
            Ok((EllipticCurve::P256, x.to_vec(), y.to_vec()))
        }
        _ => Err(ErrorKind::InvalidEcdsaKey.into()),
    }
}

fn digest_of(data: &[u8], hash: &ThumbprintHash) -> Result<Vec<u8>> {
    match hash {
        ThumbprintHash::SHA256 => Ok(digest::digest(&digest::SHA256, data).as_ref().to_vec()),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

struct Es256Signer(EcdsaKeyPair);

impl Signer<Vec<u8>> for Es256Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let signature = self.0.sign(&SystemRandom::new(), message);
        Ok(signature.map_err(|_| Error::new())?.as_ref().to_vec())
    }
}

impl JwtSigner for Es256Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

/// A key, and the algorithm that its owner signs with.
struct PublicKey(Algorithm, DecodingKey);

impl Verifier<Vec<u8>> for PublicKey {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let verified = match (self.0, self.1.kind()) {
            (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            (Algorithm::RS256, DecodingKeyKind::SecretOrDer(der)) => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).verify(message, signature)
            }
            (_, DecodingKeyKind::SecretOrDer(point)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (_, DecodingKeyKind::RsaModulusExponent { .. }) => return Err(Error::new()),
        };
        verified.map_err(|_| Error::new())
    }
}

impl JwtVerifier for PublicKey {
    fn algorithm(&self) -> Algorithm {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::jwk::Jwk;
    use jsonwebtoken::{Header, Validation, decode, encode};
    use serde_json::{Value, json};

    use super::*;

    /// The claims of the samples of RFC 7515, appendix A.
    const CLAIMS: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    fn jwk(value: Value) -> DecodingKey {
        let jwk: Jwk = serde_json::from_value(value).unwrap();
        DecodingKey::from_jwk(&jwk).unwrap()
    }

    /// RFC 7515, appendix A.2.
    fn rsa() -> (DecodingKey, String) {
        let key = jwk(json!({"kty": "RSA", "e": "AQAB",
            "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}));
        let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        (key, format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}.{signature}"))
    }

    /// RFC 7515, appendix A.3.
    fn ec() -> (DecodingKey, String) {
        let key = jwk(json!({"kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}));
        let signature =
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        (key, format!("eyJhbGciOiJFUzI1NiJ9.{CLAIMS}.{signature}"))
    }

    fn holds(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
        install();
        let mut validation = Validation::new(algorithm);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        decode::<Value>(token, key, &validation).is_ok()
    }

    #[test]
    fn the_samples_of_the_standard_hold_by_their_own_key_and_algorithm_alone() {
        let ((rsa, by_rsa), (ec, by_ec)) = (rsa(), ec());
        assert!(holds(&by_rsa, &rsa, Algorithm::RS256));
        assert!(holds(&by_ec, &ec, Algorithm::ES256));
        for (token, key, algorithm) in [
            (&by_rsa, &ec, Algorithm::RS256),
            (&by_ec, &rsa, Algorithm::ES256),
            (&by_rsa, &rsa, Algorithm::RS384),
            (&by_ec, &ec, Algorithm::ES384),
        ] {
            assert!(!holds(token, key, algorithm), "{algorithm:?}");
        }
    }

    #[test]
    fn a_changed_token_does_not_hold() {
        for ((key, token), algorithm) in [(rsa(), Algorithm::RS256), (ec(), Algorithm::ES256)] {
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let other_claims = format!(
                "{}.{signature}",
                signed.replace("eyJpc3MiOiJqb2UiL", "eyJpc3MiOiJqb2VhL")
            );
            let other_signature = format!("{signed}.A{}", &signature[1..]);
            for changed in [other_claims, other_signature, format!("{signed}.")] {
                assert!(changed != token && !holds(&changed, &key, algorithm));
            }
        }
    }

    #[test]
    fn what_a_new_key_signs_holds_by_its_published_half() {
        install();
        let secret = EncodingKey::from_ec_der(&generate_es256().unwrap());
        let published = Jwk::from_encoding_key(&secret, Algorithm::ES256).unwrap();
        let token = encode(&Header::new(Algorithm::ES256), &json!({}), &secret).unwrap();
        assert!(holds(
            &token,
            &DecodingKey::from_jwk(&published).unwrap(),
            Algorithm::ES256
        ));
        assert!(
            encode(
                &Header::new(Algorithm::HS256),
                &json!({}),
                &EncodingKey::from_secret(b"x")
            )
            .is_err()
        );
    }
}
