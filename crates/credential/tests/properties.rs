//! What holds for every key and every restriction.

use credential::{ApiKey, ApiKeyFault, Jwt, Secret, permits_referrer};
use model::KeyType;
use proptest::prelude::*;

fn kind() -> impl Strategy<Value = KeyType> {
    prop_oneof![Just(KeyType::Production), Just(KeyType::Sandbox)]
}

proptest! {
    #[test]
    fn generated_keys_read_back(random in any::<[u8; 32]>(), kind in kind()) {
        let key = ApiKey::generate(kind, &random);
        prop_assert_eq!(key.reveal().len(), 58);
        let parsed = ApiKey::parse(key.reveal());
        prop_assert_eq!(parsed.as_ref(), Ok(&key));
        prop_assert_eq!(key.kind(), kind);
        prop_assert_eq!(key.digest().len(), 64);
        prop_assert!(key.reveal().ends_with(key.last_four()));
    }

    #[test]
    fn one_wrong_character_is_refused(random in any::<[u8; 32]>(), place in 9_usize..58, digit in "[0-9A-Za-z]") {
        let key = ApiKey::generate(KeyType::Production, &random);
        let mut wrong = key.reveal().to_owned();
        wrong.replace_range(place..=place, &digit);
        prop_assume!(wrong != key.reveal());
        prop_assert_eq!(ApiKey::parse(&wrong), Err(ApiKeyFault::Checksum));
    }

    #[test]
    fn different_randomness_makes_different_keys(one in any::<[u8; 32]>(), other in any::<[u8; 32]>()) {
        prop_assume!(one != other);
        prop_assert_ne!(Secret::generate(&one), Secret::generate(&other));
    }

    #[test]
    fn no_text_panics_the_readers(text in "\\PC{0,200}") {
        let _ = ApiKey::parse(&text);
        let _ = Jwt::parse(&text);
        let _ = permits_referrer(std::slice::from_ref(&text), Some(&text));
    }
}
