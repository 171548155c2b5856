//! Our own gateway as a candidate: a process of its own on stock workerd, before a platform in another that has the
//! counters, the configuration and the statistics; with a token and with an API key, under four limits that are never
//! reached.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr},
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::{
    candidate::{Candidate, await_listener, loopback, request},
    report::Figures,
};
use crate::{
    build::size,
    child::Group,
    house::House,
    platform::{Platform, Site, port, welcome, workerd},
    sample::Desk,
};

/// Starts the platform and makes what a call needs: an API under a policy of its operations, a plan with a burst limit,
/// an application with a policy, a subscription, a token and a key.
pub(crate) fn start(house: &House, upstream: &str) -> anyhow::Result<Vec<Candidate>> {
    let state = house.scratch().join("bench/state");
    if state.exists() {
        fs::remove_dir_all(&state)?;
    }
    let site = Site::local(port::free()?, state);
    let began = Instant::now();
    let platform = workerd::start_shared(house, site, IpAddr::V4(Ipv4Addr::LOCALHOST))?;
    let start_up_ms = began.elapsed().as_millis();
    let administrator = welcome(&platform)?.context("the bench needs a fresh platform")?;
    let desk = Desk::open(&platform.site, &administrator)?;
    let (api, keys) = furnish(&desk, upstream)?;
    let address = loopback()?;
    let gateway = workerd::start_gateway(house, &platform, address)?;
    await_listener("gateway", address)?;
    let ground = Rc::new(Ground {
        platform,
        gateway,
        desk,
        api,
    });
    let path = "/bench/1.0.0/pet/7";
    let with = |name, header: String| {
        let request = request(address, path, &header);
        Candidate::of_platform(name, &ground, address, request, start_up_ms)
    };
    Ok(vec![
        with(
            "gateway-jwt",
            format!("Authorization: Bearer {}\r\n", keys.token),
        ),
        with("gateway-api-key", format!("ApiKey: {}\r\n", keys.api_key)),
    ])
}

/// Our platform with what the bench put on it.
pub(crate) struct Ground {
    pub(crate) platform: Platform,
    pub(crate) gateway: Group,
    desk: Desk,
    api: String,
}

struct Keys {
    token: String,
    api_key: String,
}

fn furnish(desk: &Desk, upstream: &str) -> anyhow::Result<(String, Keys)> {
    desk.post(
        "admin/v4/throttling/policies/subscription",
        &json!({
            "policyName": "BenchPlan", "displayName": "BenchPlan", "description": "",
            "defaultLimit": many("min"), "rateLimitCount": 1_000_000, "rateLimitTimeUnit": "sec",
            "stopOnQuotaReach": true, "billingPlan": "FREE",
        }),
    )?;
    desk.post(
        "admin/v4/throttling/policies/application",
        &json!({
            "policyName": "BenchApplication", "displayName": "BenchApplication", "description": "",
            "defaultLimit": many("min"),
        }),
    )?;
    desk.post(
        "admin/v4/throttling/policies/advanced",
        &json!({
            "policyName": "BenchOperation", "displayName": "BenchOperation", "description": "",
            "defaultLimit": many("min"), "conditionalGroups": [],
        }),
    )?;
    let api = publish(desk, upstream)?;
    let application = desk.post(
        "devportal/v3/applications",
        &json!({
            "name": "Bench", "throttlingPolicy": "BenchApplication", "description": "",
        }),
    )?;
    let application = word(&application, "applicationId")?;
    let generated = desk.post(
        &format!("devportal/v3/applications/{application}/generate-keys"),
        &json!({ "keyType": "PRODUCTION", "grantTypesToBeSupported": ["client_credentials"], "validityTime": "7200" }),
    )?;
    desk.post(
        "devportal/v3/subscriptions",
        &json!({
            "applicationId": application, "apiId": api, "throttlingPolicy": "BenchPlan",
        }),
    )?;
    let key = desk.post(
        &format!("devportal/v3/applications/{application}/api-keys/PRODUCTION/generate"),
        &json!({ "keyName": "bench", "validityPeriod": -1, "additionalProperties": {} }),
    )?;
    let token = desk.post(
        &format!("devportal/v3/applications/{application}/keys/PRODUCTION/generate-token"),
        &json!({
            "consumerSecret": word(&generated, "consumerSecret")?,
            "validityPeriod": 7200, "scopes": [], "revokeToken": null,
        }),
    )?;
    let keys = Keys {
        token: word(&token, "accessToken")?,
        api_key: word(&key, "apikey")?,
    };
    Ok((api, keys))
}

fn many(unit: &str) -> Value {
    json!({
        "type": "REQUESTCOUNTLIMIT",
        "requestCount": { "timeUnit": unit, "unitTime": 1, "requestCount": 100_000_000 },
    })
}

fn publish(desk: &Desk, upstream: &str) -> anyhow::Result<String> {
    let operation = json!({
        "target": "/pet/{petId}", "verb": "GET", "authType": "Application & Application User",
        "throttlingPolicy": "BenchOperation", "scopes": [],
    });
    let api = desk.post("publisher/v4/apis", &json!({
        "name": "Bench", "version": "1.0.0", "context": "/bench", "policies": ["BenchPlan"],
        "securityScheme": ["oauth2", "api_key"], "operations": [operation],
        "endpointConfig": { "endpoint_type": "http", "production_endpoints": { "url": upstream } },
    }))?;
    let api = word(&api, "id")?;
    desk.deploy_and_publish(&api)?;
    Ok(api)
}

fn word(value: &Value, name: &str) -> anyhow::Result<String> {
    match value.get(name).and_then(Value::as_str) {
        Some(text) => Ok(text.to_owned()),
        None => bail!("`{name}` is missing in {value}"),
    }
}

/// What only our own gateway can tell: size, start-up, memory after 100,000 requests, counter calls.
pub(crate) fn remark(
    house: &House,
    candidates: &[Candidate],
    all: &mut [Figures],
) -> anyhow::Result<()> {
    let Some(figures) = all.iter_mut().find(|figures| figures.name == "gateway-jwt") else {
        return Ok(());
    };
    let Some(candidate) = candidates.iter().find(|it| it.name == "gateway-jwt") else {
        return Ok(());
    };
    figures
        .remarks
        .push(("wasmGzipKiB", json!(size::gzip_kib(house, "gateway")?)));
    figures
        .remarks
        .push(("platformStartUpMs", json!(candidate.start_up_ms)));
    let before = counted(candidate)?;
    let platform = candidate.ground().map_or(0, |ground| ground.platform.id());
    let platform_us = super::account::cpu_us(platform);
    let outcome = super::load_of(candidate, 100_000).run()?;
    figures
        .remarks
        .push(("refusedOf100000", json!(outcome.refused)));
    let resident = super::account::resident_kib(candidate.pid);
    figures
        .remarks
        .push(("residentKiBAfter100000", json!(resident)));
    thread::sleep(FLUSHED);
    let platform_us = super::account::cpu_us(platform) - platform_us;
    figures.remarks.push((
        "platformCpuMicrosPerRequest",
        json!(platform_us as f64 / 100_000.0),
    ));
    let after = counted(candidate)?;
    let (requests, calls) = (after.0 - before.0, after.1 - before.1);
    figures
        .remarks
        .push(("requestsInStatistics", json!(requests)));
    figures.remarks.push((
        "counterCallsPer1000",
        json!(calls as f64 * 1_000.0 / requests.max(1) as f64),
    ));
    Ok(())
}

/// Requests of the bench's API and what their limits cost in calls to counters, as the statistics have them.
fn counted(candidate: &Candidate) -> anyhow::Result<(u64, u64)> {
    let ground = candidate
        .ground()
        .context("only the platform has statistics")?;
    let path = format!(
        "analytics/v1/usage?granularity=total&groupBy=api&apiId={}",
        ground.api
    );
    let answer = ground.desk.get(&path)?;
    let row = answer
        .pointer("/list/0")
        .context("the statistics are empty")?;
    let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or(0);
    Ok((number("requests"), number("counterCalls")))
}

/// By then a gateway's events have reached the statistics.
const FLUSHED: Duration = Duration::from_secs(3);
