//! What the authenticator says (WebAuthn section 6.1): for which site, who was there, its counter, a new credential.

use sha2::{Digest as _, Sha256};

use super::{PasskeyFault, PublicKey, cose};

pub(super) struct AuthenticatorData {
    rp_id_hash: Vec<u8>,
    user_present: bool,
    pub(super) user_verified: bool,
    backup_eligible: bool,
    backed_up: bool,
    pub(super) sign_count: i64,
    pub(super) credential: Option<NewCredential>,
}

pub(super) struct NewCredential {
    pub(super) id: Vec<u8>,
    pub(super) key: PublicKey,
}

impl AuthenticatorData {
    /// Reads all of it; what is left over is a fault.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PasskeyFault> {
        let (rp_id_hash, rest) = take(bytes, 32)?;
        let (flags, rest) = rest.split_first().ok_or(SHORT)?;
        let (counter, rest) = take(rest, 4)?;
        let is_set = |bit: u8| flags & (1 << bit) != 0;
        let (credential, rest) = if is_set(ATTESTED) {
            let (credential, rest) = NewCredential::read(rest)?;
            (Some(credential), rest)
        } else {
            (None, rest)
        };
        let rest = if is_set(EXTENSIONS) {
            let length = cose::map(rest)?.1;
            rest.split_at_checked(length).ok_or(SHORT)?.1
        } else {
            rest
        };
        if !rest.is_empty() {
            return Err("the authenticator data has something left over");
        }
        Ok(Self {
            rp_id_hash: rp_id_hash.to_vec(),
            user_present: is_set(PRESENT),
            user_verified: is_set(VERIFIED),
            backup_eligible: is_set(BACKUP_ELIGIBLE),
            backed_up: is_set(BACKED_UP),
            sign_count: i64::from(be_u32(counter)),
            credential,
        })
    }

    pub(super) fn check(&self, rp_id: &str, user_verification: bool) -> Result<(), PasskeyFault> {
        if self.rp_id_hash.as_slice() != Sha256::digest(rp_id).as_slice() {
            return Err("the passkey is for another site");
        }
        if !self.user_present {
            return Err("nobody touched the authenticator");
        }
        if user_verification && !self.user_verified {
            return Err("the authenticator has not asked for PIN, finger or face");
        }
        if self.backed_up && !self.backup_eligible {
            return Err("the authenticator data contradicts itself");
        }
        Ok(())
    }
}

impl NewCredential {
    fn read(bytes: &[u8]) -> Result<(Self, &[u8]), PasskeyFault> {
        let (_aaguid, rest) = take(bytes, 16)?;
        let (length, rest) = take(rest, 2)?;
        let length = be_u32(length) as usize;
        if length > MAX_ID_BYTES {
            return Err("the credential id is longer than 1023 bytes");
        }
        let (id, rest) = take(rest, length)?;
        let (members, read) = cose::map(rest)?;
        let key = PublicKey::read(&members)?;
        let rest = rest.split_at_checked(read).ok_or(SHORT)?.1;
        Ok((
            Self {
                id: id.to_vec(),
                key,
            },
            rest,
        ))
    }
}

fn take(bytes: &[u8], count: usize) -> Result<(&[u8], &[u8]), PasskeyFault> {
    bytes.split_at_checked(count).ok_or(SHORT)
}

fn be_u32(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

const SHORT: PasskeyFault = "the authenticator data is cut off";
const MAX_ID_BYTES: usize = 1023;
// Bits of the flags.
const PRESENT: u8 = 0;
const VERIFIED: u8 = 2;
const BACKUP_ELIGIBLE: u8 = 3;
const BACKED_UP: u8 = 4;
const ATTESTED: u8 = 6;
const EXTENSIONS: u8 = 7;
