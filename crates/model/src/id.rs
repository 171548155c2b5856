//! Identifiers as types, so that an application's id cannot be passed where an API's is meant.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text, as it appears in URLs, tokens and rows.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

id!(
    /// An organization (WSO2: tenant). Every row and every key belongs to one.
    OrganizationId
);
id!(
    /// A person in the user store.
    UserId
);
id!(
    /// One version of an API. A UUID.
    ApiId
);
id!(
    /// A consumer's project. A UUID.
    ApplicationId
);
id!(
    /// An application's right to call one API under one plan. A UUID.
    SubscriptionId
);
id!(
    /// An OAuth 2 client (WSO2: consumer key).
    ClientId
);
id!(
    /// An API key's public name; never the key itself.
    KeyId
);
id!(
    /// The name of an immutable value: the first 32 hexadecimal digits of the SHA-256 of its bytes.
    Hash
);

impl Hash {
    /// Names `bytes` by their content.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
        Self(
            digest
                .iter()
                .take(16)
                .fold(String::with_capacity(32), |mut text, byte| {
                    use fmt::Write as _;
                    let _ = write!(text, "{byte:02x}");
                    text
                }),
        )
    }
}
