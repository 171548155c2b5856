//! What holds for every path through the lifecycle, every name and every draft.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what must hold by panicking; its parts are not under `cfg(test)`"
)]

use lifecycle::{
    Draft, PolicyKind, Target, address, compile,
    draft::{Address, Addresses, EndpointConfig, Operation},
    naming::Context,
    plan::PolicyBody,
    transition::{self, TRANSITIONS},
};
use model::{ApiState, PolicySet};
use proptest::prelude::*;

fn event() -> impl Strategy<Value = &'static str> {
    prop::sample::select(TRANSITIONS).prop_map(|transition| transition.event)
}

/// Words of which Siddhi queries are made, in an order that seldom is one.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "(",
        ")",
        "and",
        "or",
        "not",
        "==",
        "!=",
        ">",
        "userId",
        "apiKey",
        "'a'",
        "'it\\'",
        "\"b'\"",
        "5",
        "true",
        ",",
        "str:concat",
        "regex:find",
        "cast",
        "map:get",
        "propertiesMap",
        "'ip'",
        "'Long'",
        "é",
        "AS",
        "isEligible",
    ]);
    prop::collection::vec(word, 1..12).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn a_query_is_read_whole_or_not_at_all(eligible in words()) {
        let query = format!(
            "FROM RequestStream SELECT userId, ({eligible}) AS isEligible, userId AS throttleKey INSERT INTO E; \
             FROM E[isEligible==true]#throttler:timeBatch(1 min) SELECT throttleKey, (count(userId) >= 5) as \
             isThrottled, expiryTimeStamp group by throttleKey INSERT ALL EVENTS into ResultStream;"
        );
        let body = PolicyBody {
            policy_name: Some("Rule".to_owned()),
            key_template: Some("$userId".to_owned()),
            siddhi_query: Some(query),
            ..PolicyBody::default()
        };
        match body.without_siddhi() {
            Err(fault) => prop_assert_eq!(fault.place, "siddhiQuery"),
            // What was read is good, or its condition is named: no other fault is left.
            Ok(read) => {
                for fault in read.faults(PolicyKind::Custom) {
                    prop_assert_eq!(fault.place, "condition");
                }
            }
        }
    }

    #[test]
    fn every_walk_keeps_to_the_table(events in prop::collection::vec(event(), 0..40)) {
        let mut state = ApiState::Created;
        for event in events {
            let offered = transition::available(state).find(|arrow| arrow.event == event);
            let next = transition::next(state, event);
            prop_assert_eq!(next, offered.map(|arrow| arrow.to));
            if next == Some(ApiState::Retired) {
                prop_assert_eq!(state, ApiState::Deprecated, "only what was deprecated retires");
            }
            prop_assert!(state != ApiState::Retired || next.is_none(), "nothing follows retirement");
            state = next.unwrap_or(state);
        }
    }

    #[test]
    fn checklists_never_surprise(text in ".{0,80}") {
        if let Ok(items) = transition::checklist(&text) {
            prop_assert!(items.iter().all(|item| transition::CHECK_ITEMS.contains(item)));
        }
    }

    #[test]
    fn good_contexts_make_canonical_paths(text in "[/a-zA-Z0-9._~{}-]{0,20}|.{0,20}", version in "[0-9a-z.]{1,8}") {
        if let Ok(context) = Context::parse(&text) {
            let paths = [Some(context.base_path(&version)), context.alias()];
            for path in paths.into_iter().flatten() {
                prop_assert!(path.starts_with('/') && !path.ends_with('/') && !path.contains("//"), "{}", path);
                prop_assert!(path.split('/').all(|segment| segment != "." || version == "."), "{}", path);
                prop_assert!(path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#%\\".contains(&byte)), "{}", path);
            }
        }
    }

    #[test]
    fn private_v4_addresses_are_private_in_every_spelling(last in any::<u16>(), first in prop::sample::select(vec![10_u32, 127, 0])) {
        let value = (first << 24) | u32::from(last);
        let dotted = std::net::Ipv4Addr::from(value);
        for host in [format!("{dotted}"), format!("{value}"), format!("0x{value:x}"), format!("[::ffff:{dotted}]")] {
            let allowed = address::parse(&format!("http://{host}/"), false).is_ok();
            prop_assert!(!allowed, "{}", host);
        }
    }

    #[test]
    fn what_compiles_needs_no_second_look(
        name in ".{0,20}", context in "/[a-z{}]{0,12}", version in "[0-9. ]{0,6}",
        verb in "GET|get|PUT|FETCH|", target in "/[a-z{}?#/]{0,12}", url in "https?://[a-z.]{0,10}|.{0,12}",
    ) {
        let operation = Operation { verb: Some(verb), target: Some(target), ..Operation::default() };
        let endpoint = Addresses::One(Address { url: Some(url), ..Address::default() });
        let draft = Draft {
            name: Some(name),
            context: Some(context),
            version: Some(version),
            operations: Some(vec![operation]),
            endpoint_config: Some(EndpointConfig { production_endpoints: Some(endpoint), ..EndpointConfig::default() }),
            ..Draft::default()
        };
        match compile(&draft, &target_of_test(), &PolicySet::default()) {
            Ok(deployment) => {
                prop_assert!(deployment.base_path.starts_with('/'));
                prop_assert_eq!(&deployment.base_path, &deployment.api.context);
                let operation = deployment.operations.first().unwrap();
                prop_assert!(operation.template.starts_with('/') && !operation.template.contains(['?', '#']));
                prop_assert_eq!(operation.method.to_ascii_uppercase(), operation.method.clone());
                prop_assert!(!deployment.endpoints.production.unwrap().url.ends_with('/'));
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                prop_assert!(faults.iter().all(|fault| !fault.place.is_empty() && !fault.message.is_empty()));
            }
        }
    }
}

fn target_of_test() -> Target {
    Target {
        organization: "default".into(),
        api: "api".into(),
        provider: "admin".to_owned(),
        state: ApiState::Created,
        revision: "revision".to_owned(),
        environment: "Default".to_owned(),
        certificates: Vec::new(),
        deprecated_at: None,
        own_policies: Vec::new(),
        allow_private: false,
    }
}
