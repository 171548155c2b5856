//! Passwords as argon2id hashes: 19 MiB, 2 passes, 1 lane (OWASP's first recommendation).

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use runtime::{Failure, Outcome, id};

/// The PHC string of a password under a fresh salt.
pub(crate) fn hash(password: &str) -> Outcome<String> {
    let salt: [u8; 16] = id::random()?;
    argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| broken(&error))
}

/// Is this the password of the hash? Without a hash, because there is no such user, it takes as long to say no.
pub(crate) fn matches(password: &str, hash: Option<&str>) -> Outcome<bool> {
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY)).map_err(|error| broken(&error))?;
    let verdict = argon2()?.verify_password(password.as_bytes(), &parsed);
    Ok(verdict.is_ok() && hash.is_some())
}

fn argon2() -> Outcome<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| broken(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn broken(error: &impl std::fmt::Display) -> Failure {
    Failure::Internal(format!("argon2: {error}"))
}

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// The hash of nobody's password, made with the same cost as everybody's.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
