use model::SubscriptionId;

use super::*;

fn deployment(state: ApiState) -> Deployment {
    Deployment {
        state,
        ..model::fixture::deployment()
    }
}

fn operation(security: OperationSecurity, scopes: &[&str]) -> Operation {
    Operation {
        method: "GET".into(),
        template: "/pet".into(),
        security,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        limit: None,
        weight: 1,
    }
}

fn application(status: SubscriptionStatus) -> ApplicationRecord {
    ApplicationRecord {
        throttle_resets: 0,
        schema: model::SCHEMA_VERSION,
        organization: "default".into(),
        id: "app".into(),
        name: "App".into(),
        owner: "ann".into(),
        policy: "Unlimited".into(),
        status: ApplicationStatus::Approved,
        subscriptions: vec![SubscriptionRecord {
            id: SubscriptionId::from("s"),
            api: "pets".into(),
            plan: "Gold".into(),
            status,
        }],
    }
}

const TOKEN: Caller<'_> = Caller::Application {
    key_type: KeyType::Production,
    scopes: Some(&[]),
    for_user: Some(false),
};

fn outcome(caller: Caller<'_>, state: ApiState, status: SubscriptionStatus) -> Result<(), Refusal> {
    let record = application(status);
    let any = operation(OperationSecurity::Any, &[]);
    authorize(caller, Some(&record), &deployment(state), &any).map(drop)
}

#[test]
fn state_of_the_api_comes_first() {
    let api = ApiId::from("pets");
    let other = ApiId::from("other");
    let good = SubscriptionStatus::Unblocked;
    for (caller, state, expected) in [
        (TOKEN, ApiState::Published, Ok(())),
        (TOKEN, ApiState::Deprecated, Ok(())),
        (TOKEN, ApiState::Created, Err(Refusal::NotPublished)),
        (TOKEN, ApiState::Blocked, Err(Refusal::ApiBlocked)),
        (TOKEN, ApiState::Retired, Err(Refusal::ApiRetired)),
        (Caller::Trial(&api), ApiState::Created, Ok(())),
        (
            Caller::Trial(&api),
            ApiState::Blocked,
            Err(Refusal::ApiBlocked),
        ),
        (
            Caller::Trial(&other),
            ApiState::Published,
            Err(Refusal::OtherApi),
        ),
    ] {
        assert_eq!(
            outcome(caller, state, good),
            expected,
            "{caller:?} {state:?}"
        );
    }
}

#[test]
fn subscription_states_keep_the_peers_meaning() {
    let sandbox = Caller::Application {
        key_type: KeyType::Sandbox,
        scopes: None,
        for_user: None,
    };
    for (caller, status, expected) in [
        (
            TOKEN,
            SubscriptionStatus::Blocked,
            Err(Refusal::SubscriptionBlocked),
        ),
        (
            TOKEN,
            SubscriptionStatus::ProdOnlyBlocked,
            Err(Refusal::SubscriptionBlocked),
        ),
        (sandbox, SubscriptionStatus::ProdOnlyBlocked, Ok(())),
        (
            TOKEN,
            SubscriptionStatus::OnHold,
            Err(Refusal::SubscriptionInactive),
        ),
        (
            TOKEN,
            SubscriptionStatus::Rejected,
            Err(Refusal::SubscriptionInactive),
        ),
        (TOKEN, SubscriptionStatus::TierUpdatePending, Ok(())),
    ] {
        assert_eq!(
            outcome(caller, ApiState::Published, status),
            expected,
            "{status:?}"
        );
    }
}

#[test]
fn without_subscription_only_prototypes_serve() {
    let mut record = application(SubscriptionStatus::Unblocked);
    record.subscriptions.clear();
    let any = operation(OperationSecurity::Any, &[]);
    let with = |state| authorize(TOKEN, Some(&record), &deployment(state), &any);
    assert_eq!(with(ApiState::Published), Err(Refusal::NotSubscribed));
    assert_eq!(with(ApiState::Prototyped), Ok(Grant::Subscriptionless));
    record.status = ApplicationStatus::Created;
    let waiting = authorize(TOKEN, Some(&record), &deployment(ApiState::Published), &any);
    assert_eq!(waiting, Err(Refusal::ApplicationInactive));
}

#[test]
fn any_one_scope_is_enough() {
    let record = application(SubscriptionStatus::Unblocked);
    let wanted = operation(OperationSecurity::Any, &["read", "write"]);
    let held = |scopes: Option<&[String]>| {
        let caller = Caller::Application {
            key_type: KeyType::Production,
            scopes,
            for_user: None,
        };
        authorize(
            caller,
            Some(&record),
            &deployment(ApiState::Published),
            &wanted,
        )
        .map(drop)
    };
    assert_eq!(held(Some(&["write".to_owned()])), Ok(()));
    assert_eq!(
        held(Some(&["other".to_owned()])),
        Err(Refusal::ScopeMissing)
    );
    assert_eq!(held(None), Ok(()), "an API key has no scopes");
}

#[test]
fn kinds_of_token_are_kept_apart() {
    let record = application(SubscriptionStatus::Unblocked);
    let with = |security, for_user| {
        let caller = Caller::Application {
            key_type: KeyType::Production,
            scopes: Some(&[]),
            for_user: Some(for_user),
        };
        let wanted = operation(security, &[]);
        authorize(
            caller,
            Some(&record),
            &deployment(ApiState::Published),
            &wanted,
        )
        .map(drop)
    };
    assert_eq!(
        with(OperationSecurity::Application, true),
        Err(Refusal::WrongTokenUse)
    );
    assert_eq!(
        with(OperationSecurity::ApplicationUser, false),
        Err(Refusal::WrongTokenUse)
    );
    assert_eq!(with(OperationSecurity::ApplicationUser, true), Ok(()));
}

#[test]
fn people_have_scopes_and_certificates_need_none() {
    let api = deployment(ApiState::Published);
    let guarded = operation(OperationSecurity::ApplicationUser, &["read", "write"]);
    let read = ["read".to_owned()];
    let ask = |caller| authorize(caller, None, &api, &guarded);
    assert_eq!(ask(Caller::Person { scopes: &read }), Ok(Grant::Open));
    assert_eq!(
        ask(Caller::Person { scopes: &[] }),
        Err(Refusal::ScopeMissing)
    );
    assert_eq!(ask(Caller::Certified), Ok(Grant::Certified));
    let hidden = deployment(ApiState::Created);
    let ask = |caller| authorize(caller, None, &hidden, &guarded);
    assert_eq!(
        ask(Caller::Person { scopes: &read }),
        Err(Refusal::NotPublished)
    );
    assert_eq!(ask(Caller::Certified), Err(Refusal::NotPublished));
}
