//! Writes events as gateways do when a batch goes out, many times over: `node tests/bench/event-cost.mjs` times it in V8.

#![expect(clippy::expect_used, reason = "a measurement")]

use std::hint::black_box;

use model::{ApiIdentity, ApplicationRecord, KeyType, OrganizationId, Timestamp};
use usage::{CacheState, Details, WrittenEvent};

fn main() {
    let organization = OrganizationId::from("default");
    let api: ApiIdentity = serde_json::from_str(API).expect("an API");
    let application: ApplicationRecord = serde_json::from_str(APPLICATION).expect("an application");
    let mut batch: Vec<u8> = Vec::new();
    for number in 0..EVENTS {
        if number % BATCH == 0 {
            black_box(&batch);
            batch.clear();
        }
        let event = WrittenEvent {
            at: Timestamp(1_795_000_000_000 + i64::from(number)),
            correlation_id: "6f1c2d3e-4b5a-4978-8c9d-0e1f2a3b4c5d",
            organization: &organization,
            environment: "Default",
            api: Some(&api),
            method: "GET",
            template: Some("/pets/{petId}"),
            application: Some(&application),
            subscription: application.subscriptions.first(),
            key_type: Some(KeyType::Production),
            user: Some("ann@example.org"),
            user_ip: Some("203.0.113.7"),
            user_agent: Some(
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            ),
            country: Some("CH"),
            destination: Some("https://upstream.example.org/v1/pets"),
            status: 200,
            upstream_status: Some(200),
            fault: None,
            total_ms: number % 977,
            upstream_ms: Some(number % 911),
            request_bytes: Some(512),
            response_bytes: Some(u64::from(number)),
            counter_calls: number % 2,
            config_version: 42,
            details: Details {
                cache: Some(CacheState::Miss),
                colo: Some("ZRH".into()),
                tls: Some("TLSv1.3".into()),
                http: Some("HTTP/2".into()),
                trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".into()),
                ..Details::default()
            },
        };
        serde_json::to_writer(&mut batch, black_box(&event)).expect("an event is JSON");
    }
    black_box(&batch);
}

const EVENTS: u32 = 200_000;
const BATCH: u32 = 250;
const API: &str = r#"{"id":"9a1b2c3d-0000-4000-8000-000000000001","name":"PetStore","version":"1.0.0",
    "context":"/petstore/1.0.0","provider":"admin","kind":"HTTP"}"#;
const APPLICATION: &str = r#"{"schema":1,"organization":"default","id":"9a1b2c3d-0000-4000-8000-000000000002","name":"Kennel",
    "owner":"ann","policy":"Unlimited","status":"APPROVED","subscriptions":[{"id":"9a1b2c3d-0000-4000-8000-000000000003",
    "api":"9a1b2c3d-0000-4000-8000-000000000001","plan":"Gold","status":"UNBLOCKED"}]}"#;
