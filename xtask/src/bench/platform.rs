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
    between::Between,
    candidate::{Candidate, await_listener, loopback, request},
    report::{Figures, median},
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
    let between = workerd::SHARED.map(|name| Between::start(name, workerd::lent(&platform, name)));
    let between: Vec<Between> = between.into_iter().collect::<Result<_, _>>()?;
    let lent = between.iter().map(|it| (it.name, it.address));
    let gateway = workerd::start_gateway(house, &platform, address, lent)?;
    await_listener("gateway", address)?;
    let ground = Rc::new(Ground {
        platform,
        gateway,
        between,
        desk,
        api,
    });
    let with = |name, context, header: String| {
        let request = request(address, &format!("{context}/1.0.0/pet/7"), &header);
        Candidate::of_platform(name, &ground, address, request, start_up_ms)
    };
    let bearer = format!("Authorization: Bearer {}\r\n", keys.token);
    let api_key = format!("ApiKey: {}\r\n", keys.api_key);
    Ok(vec![
        with(JWT, PLAIN, bearer.clone()),
        with("gateway-api-key", PLAIN, api_key),
        with(HEADERS, WITH_HEADERS, bearer),
    ])
}

/// Our platform with what the bench put on it.
pub(crate) struct Ground {
    pub(crate) platform: Platform,
    pub(crate) gateway: Group,
    between: Vec<Between>,
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
    let api = publish(desk, upstream, PLAIN, &[])?;
    let policies: Vec<Value> = (0..POLICIES).map(header_policy).collect();
    let with_headers = publish(desk, upstream, WITH_HEADERS, &policies)?;
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
    for api in [&api, &with_headers] {
        desk.post(
            "devportal/v3/subscriptions",
            &json!({
                "applicationId": application, "apiId": api, "throttlingPolicy": "BenchPlan",
            }),
        )?;
    }
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

/// A policy that does nothing but set a header.
fn header_policy(number: u32) -> Value {
    json!({
        "policyName": "setHeader", "policyVersion": "v1",
        "parameters": { "headerName": format!("x-bench-{number}"), "headerValue": "on the way" },
    })
}

fn publish(
    desk: &Desk,
    upstream: &str,
    context: &str,
    policies: &[Value],
) -> anyhow::Result<String> {
    let operation = json!({
        "target": "/pet/{petId}", "verb": "GET", "authType": "Application & Application User",
        "throttlingPolicy": "BenchOperation", "scopes": [],
        "operationPolicies": { "request": policies },
    });
    let name = context.trim_start_matches('/');
    let api = desk.post("publisher/v4/apis", &json!({
        "name": name, "version": "1.0.0", "context": context, "policies": ["BenchPlan"],
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

/// What only our own gateway can tell: size, start-up, memory after 100,000 requests, what it asks for beside the upstream,
/// and what one more policy costs.
pub(crate) fn remark(
    house: &House,
    candidates: &[Candidate],
    all: &mut [Figures],
) -> anyhow::Result<()> {
    let policy_us = policy_us(all);
    let Some(figures) = all.iter_mut().find(|figures| figures.name == JWT) else {
        return Ok(());
    };
    let Some(candidate) = candidates.iter().find(|it| it.name == JWT) else {
        return Ok(());
    };
    figures
        .remarks
        .push(("wasmGzipKiB", json!(size::gzip_kib(house, "gateway")?)));
    figures
        .remarks
        .push(("platformStartUpMs", json!(candidate.start_up_ms)));
    if let Some(policy_us) = policy_us {
        figures
            .remarks
            .push(("cpuMicrosPerHeaderPolicy", json!(policy_us)));
    }
    let before = counted(candidate)?;
    let asked = asked(candidate);
    let platform = candidate.ground().map_or(0, |ground| ground.platform.id());
    let platform_us = super::account::cpu_us(platform);
    let outcome = super::load_of(candidate, MANY).run()?;
    let asked_after = self::asked(candidate);
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
        json!(platform_us as f64 / MANY as f64),
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
    let asked: Vec<(&str, u64)> = asked_after
        .iter()
        .zip(&asked)
        .map(|((name, after), (_, before))| (*name, after - before))
        .collect();
    figures.remarks.extend(subrequests(&asked));
    Ok(())
}

/// Median over the rounds of what one policy that sets a header adds to a call, in microseconds.
fn policy_us(all: &[Figures]) -> Option<f64> {
    let of = |name: &str| all.iter().find(|figures| figures.name == name);
    let (plain, with) = (of(JWT)?, of(HEADERS)?);
    let more = with.cpu_us.iter().zip(&plain.cpu_us);
    let more: Vec<f64> = more.map(|(with, plain)| with - plain).collect();
    Some(median(&more) / f64::from(POLICIES))
}

/// Requests to each thing that is lent, so far.
fn asked(candidate: &Candidate) -> Vec<(&'static str, u64)> {
    let between = candidate.ground().map_or(&[][..], |it| &it.between);
    between.iter().map(|it| (it.name, it.requests())).collect()
}

/// What [`MANY`] warm calls asked for beside the upstream. No call makes more than one such request at a time, so at least
/// so many made none.
fn subrequests(asked: &[(&str, u64)]) -> [(&'static str, Value); 2] {
    let all: u64 = asked.iter().map(|(_, count)| count).sum();
    let per_1000 = |count: u64| count as f64 * 1_000.0 / MANY as f64;
    let each: serde_json::Map<String, Value> = asked
        .iter()
        .map(|(name, count)| ((*name).to_owned(), json!(per_1000(*count))))
        .collect();
    [
        ("subrequestsPer1000", Value::Object(each)),
        (
            "percentWithoutSubrequest",
            json!(100.0 - per_1000(all) / 10.0),
        ),
    ]
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
const JWT: &str = "gateway-jwt";
/// As [`JWT`], with [`POLICIES`] policies: enough to see what one costs.
const HEADERS: &str = "gateway-headers";
const PLAIN: &str = "/bench";
const WITH_HEADERS: &str = "/benchheaders";
const POLICIES: u32 = 10;
/// Warm calls, after the rounds.
const MANY: usize = 100_000;
